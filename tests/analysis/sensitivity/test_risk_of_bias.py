"""Pools by risk of bias: metafor's pools of the same trials, its F test between levels, and identities."""

import numpy as np
import pandas as pd
import pytest
from reference.pinned import load

import metaonc as mo
from metaonc.errors import DataError, OptionError

R = load("certainty")
TRIALS = pd.DataFrame(R["trials"])
EQUAL = {"rtol": 1e-7, "atol": 1e-10}  # REML stops at steps of 1e-13 in R


def judged(words=None):
    words = TRIALS["risk"].tolist() if words is None else words
    columns = {"D1": words, **{f"D{i}": ["Low"] * len(words) for i in range(2, 6)}, "Overall": words}
    return mo.read_risk_of_bias({"Study": TRIALS["trial"].tolist()[: len(words)], **columns}, tool="RoB 2")


@pytest.fixture(scope="module")
def result():
    return mo.pool(TRIALS, study="trial", measure="HR")


@pytest.fixture(scope="module")
def found(result):
    return mo.sensitivity.risk_of_bias(result, judged())


def test_r_has_the_same_pools(found):
    assert found["step"].tolist() == ["Low only", "Low, some concerns", "all trials"]
    for row, want in zip(found.table.to_dict("records"), R["steps"], strict=True):
        np.testing.assert_allclose([row[name] for name in want], list(want.values()), **EQUAL)


def test_r_has_the_same_tests_between_levels(found):
    levels, f, q = found.by_level, R["f"], R["q"]
    np.testing.assert_allclose(
        [levels.f_between, levels.q_between_df, levels.f_between_df], [f["f"], *f["df"]], **EQUAL
    )
    np.testing.assert_allclose(levels.f_between_p, f["p"], **EQUAL)
    np.testing.assert_allclose([levels.q_between, levels.q_between_p], [q["q"], q["p"]], **EQUAL)


def test_shares_are_those_of_the_weights_of_all(found):
    np.testing.assert_allclose(found["share"], np.cumsum(R["share"]), **EQUAL)
    data = mo.plot.risk_of_bias_summary_data(judged(), found.whole)
    np.testing.assert_allclose(data["share"][data["domain"] == "overall"], R["share"], **EQUAL)


def test_levels_are_the_subgroups_of_a_table_with_the_column(found):
    same = mo.pool_subgroups(TRIALS, by="risk", study="trial", measure="HR")
    assert (found.by_level.f_between, found.by_level.q_between) == pytest.approx(
        (same.f_between, same.q_between), rel=1e-12
    )
    assert [part.k for part in found.by_level.groups.values()] == [3, 3, 2]


def test_trials_without_a_judgement_are_in_the_pool_of_all_alone(result):
    found = mo.sensitivity.risk_of_bias(result, judged(TRIALS["risk"].tolist()[:6]), domain="d1")
    assert found["step"].tolist() == ["Low only", "Low, some concerns", "Low, some concerns, high", "all trials"]
    assert found["k"].tolist() == [3, 5, 6, 8]
    assert found.unjudged == ["Gorse", "Hazel"]
    assert found["estimate"].iloc[-1] == result.estimate
    assert "Gorse, Hazel" in str(found)


def test_one_level_alone_has_no_test(result):
    found = mo.sensitivity.risk_of_bias(result, judged(), domain="D2")
    assert found["step"].tolist() == ["all trials"]
    assert found.by_level is None
    assert "none, since all trials judged are at one level" in str(found)


def test_a_pool_of_counts_is_made_anew_by_its_model():
    counts = {"trial": list("ABCD"), "x": [5, 9, 3, 12], "n": [20, 30, 15, 40]}
    r = mo.pool_glmm(counts, events="x", n="n", study="trial")
    words = ["Low", "High", "Low", "High"]
    rob = mo.read_risk_of_bias({"Study": list("ABCD"), **{f"D{i}": words for i in range(1, 5)}, "Overall": words},
                               tool="QUADAS-2")  # fmt: skip
    found = mo.sensitivity.risk_of_bias(r, rob)
    part = {name: [values[0], values[2]] for name, values in counts.items()}
    assert found["estimate"].iloc[0] == mo.pool_glmm(part, events="x", n="n", study="trial").estimate


def test_what_is_refused(result):
    with pytest.raises(DataError, match="a result of a pooling function is wanted, not RiskOfBias"):
        mo.sensitivity.risk_of_bias(judged(), result)
    with pytest.raises(DataError, match="what read_risk_of_bias returned is wanted, not DataFrame"):
        mo.sensitivity.risk_of_bias(result, TRIALS)
    with pytest.raises(OptionError, match="'D9' is no domain of RoB 2; choose from 'D1'"):
        mo.sensitivity.risk_of_bias(result, judged(), domain="D9")
