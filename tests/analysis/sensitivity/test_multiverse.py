"""multiverse: R's pools of every specification, R's decomposition of their spread, and what there is to choose from."""

import re

import numpy as np
import pandas as pd
import pytest
from reference.pinned import load

import metaonc as mo
from metaonc.analysis.methods.tau2 import TAU2_METHODS
from metaonc.analysis.numeric import wls
from metaonc.analysis.sensitivity.choices import defensible
from metaonc.analysis.sensitivity.choices.shares import shares
from metaonc.errors import ColumnError, DataError, OptionError

R = load("multiverse")
TRIALS = pd.DataFrame(R["trials"])
RTOL, ATOL = 1e-8, 1e-10  # metafor climbs in steps of 1e-13
TESTS = {"knha": "HKSJ", "t": "t", "adhoc": "HKSJ-adhoc"}
EXCLUDE = {"bias": {"bias": "high"}, "early": ["Alder", "Elm", "Larch"]}
COUNTS = {"trial": list("PQRST"), "a": [8, 12, 9, 4, 15], "n": [60, 80, 70, 44, 91], "b": [16, 22, 17, 9, 21],
          "m": [60, 80, 70, 45, 88]}  # fmt: skip
ARMS = {"events_t": "a", "n_t": "n", "events_c": "b", "n_c": "m", "study": "trial"}
CUTS = {
    "trial": ["Iris", "Iris", "Iris", "Lily", "Lily", "Rose", "Rose"],
    "cut": ["2021", "2023-05", "2023-05", "2020-02", "2022", "2019", "2019"],
    "who": ["BICR", "BICR", "local", "local", "local", "local", "BICR"],
    "yi": [-0.6, -0.5, -0.7, -0.2, -0.1, 0.3, 0.1], "vi": [0.05, 0.04, 0.04, 0.07, 0.06, 0.08, 0.09],
}  # fmt: skip


def pool(**options):
    return mo.pool(TRIALS, study="trial", measure="HR", **options)


def multiverse(result=None, **options):
    return mo.sensitivity.multiverse(pool() if result is None else result, **options)


def test_r_pools_every_specification():
    found = multiverse(intervals=list(TESTS.values()), exclude=EXCLUDE)
    table = found.table.set_index(["method", "ci", "bias", "early"])
    want = pd.DataFrame(R["grid"])
    assert len(found) == len(want) == 48
    for row in want.itertuples():
        bias = "all kept" if row.bias == "kept" else "without bias high"
        early = "all kept" if row.early == "kept" else "without early"
        got = table.loc[(row.method, TESTS[row.test], bias, early)]
        for name in ("k", "estimate", "se", "ci_low", "ci_high", "p_value", "tau2", "i2"):
            np.testing.assert_allclose(got[name], getattr(row, name), rtol=RTOL, atol=ATOL, err_msg=name)
        side = "below" if row.ci_high < 0 else "above" if row.ci_low > 0 else "includes"
        assert got["conclusion"] == side


def test_shares_of_a_balanced_grid_are_those_of_anova():
    found = multiverse(intervals=list(TESTS.values()), exclude=EXCLUDE).shares.set_index("choice")
    total = sum(R["anova"]["ss"])
    main = dict(zip(R["anova"]["term"], R["anova"]["ss"], strict=True))
    for choice in ("method", "bias", "early"):
        assert found["alone"][choice] == pytest.approx(main[choice] / total, rel=1e-7)
        assert found["share"][choice] == pytest.approx(R["shapley_ss"][choice], rel=1e-7)
    assert (found.loc["ci", ["alone", "share"]] == 0).all()  # an interval moves no estimate
    assert found["share_limit"]["ci"] > 0.05
    assert found["share_limit"].sum() == pytest.approx(1, rel=1e-12)


def test_shares_of_a_grid_with_gaps_are_those_of_linear_models():
    found = multiverse(
        estimators=["REML", "DL"], intervals=["HKSJ"], exclude={"one": 1, "bias": {"bias": "high"}}
    )  # fmt: skip
    assert len(found) == len(R["loo"]["estimate"]) == 30
    np.testing.assert_allclose(np.sort(found["estimate"]), np.sort(R["loo"]["estimate"]), rtol=RTOL)
    got = found.shares.set_index("choice")
    for choice in ("one", "bias", "method"):
        assert got["alone"][choice] == pytest.approx(R["alone"][choice], rel=1e-7)
        assert got["share"][choice] == pytest.approx(R["shapley"][choice], rel=1e-7)


def test_shares_of_what_is_alike_are_none():
    codes = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    for values in (np.full(4, 0.3), np.full(4, 1e9) + np.array([0, 1e-7, 0, 0])):
        assert not np.any(shares(values, codes))
    alone, share = shares(np.array([1.0, 2.0, 2.0, 1.0]), codes)  # an interaction alone
    np.testing.assert_allclose(alone, 0, atol=1e-15)
    np.testing.assert_allclose(share, 0.5)


def test_the_first_specification_is_the_pool():
    for result in (pool(), pool(method="ML", ci="wald", level=0.9)):
        found = multiverse(result, exclude={"one": 2})
        first = found.table.iloc[0]
        assert (first["method"], first["ci"]) == (result.method, result.ci)
        for name in ("k", "estimate", "se", "ci_low", "ci_high", "p_value", "tau2", "i2"):
            assert first[name] == pytest.approx(getattr(result, name), rel=1e-12)
        assert found.glance()["agreement"][0] == (found["conclusion"] == first["conclusion"]).mean()


def test_defensible_estimators_solve_an_equation_that_is_right_on_average():
    """y'Ay has the expectation tr(A (V + tau²)): what each equates is 0 there, at any tau²."""
    v, tau2 = np.array([0.02, 0.1, 0.05, 0.3, 0.07]), 0.13
    sigma = np.diag(v + tau2)
    for code, w in {"DL": 1 / v, "HE": np.ones(5), "PM": 1 / (v + tau2), "REML": 1 / (v + tau2)}.items():
        f = wls.fit(w, np.zeros(5))
        p = np.diag(w) - np.outer(w, w) * f.cov
        if code == "PM":
            assert np.trace(p @ sigma) == pytest.approx(4)
        elif code == "REML":  # y'PPy against tr(P)
            assert np.trace(p @ p @ sigma) == pytest.approx(np.trace(p))
        else:
            assert (np.trace(p @ sigma) - np.trace(p @ np.diag(v))) / np.trace(p) == pytest.approx(tau2)
        assert TAU2_METHODS[code].unbiased
    assert defensible.estimators() == ["DL", "HE", "REML", "PM"]
    assert defensible.intervals() == ["t", "HKSJ", "HKSJ-adhoc", "KR"]


def test_intervals_go_only_with_the_estimators_they_are_made_for():
    found = multiverse()
    assert set(found.table.loc[found["ci"] == "KR", "method"]) == {"REML"}
    assert len(found) == 13
    with pytest.raises(OptionError, match="Kenward-Roger is made for method='REML'"):
        multiverse(pool(method="DL"), estimators=["DL"], intervals=["KR"])
    assert len(multiverse(estimators="all", intervals="all")) == 11 * 4 + 1


def test_measures_of_one_scale_stand_on_one_axis():
    es = mo.effect_sizes(COUNTS, measure="OR", **ARMS)
    found = multiverse(mo.pool(es, study="trial"), measures=["RR"], intervals=["wald"])
    want = mo.pool(mo.effect_sizes(COUNTS, measure="RR", **ARMS), study="trial", method="DL", ci="wald")
    got = found.table.query("measure == 'RR' and method == 'DL' and ci == 'wald'").iloc[0]
    assert got["estimate"] == pytest.approx(want.estimate, rel=1e-12)
    assert got["p_value"] == pytest.approx(want.p_value, rel=1e-12)
    assert not found.natural_scale
    with pytest.raises(OptionError, match=r"'RD' is not on the scale of 'OR'.*\['RR', 'OR', 'PETO'\]"):
        multiverse(mo.pool(es, study="trial"), measures=["RD"])
    with pytest.raises(ColumnError, match="'RR' needs events_t"):
        multiverse(measures=["RR"])


def test_proportions_stand_on_their_own_scale_against_a_benchmark():
    es = mo.effect_sizes(COUNTS, measure="PLO", events="a", n="n", study="trial")
    r = mo.pool(es, study="trial")
    plain = multiverse(r)
    assert plain.benchmark is None
    assert np.isnan(plain.glance()["share_below"][0])
    assert "share_limit" not in plain.shares
    found = multiverse(r, measures=["PAS"], benchmark=0.2, intervals=["wald"])
    assert found.natural_scale
    assert found["estimate"].between(0, 1).all()
    want = mo.pool(mo.effect_sizes(COUNTS, measure="PAS", events="a", n="n"), method="PM", ci="wald")
    got = found.table.query("measure == 'PAS' and method == 'PM' and ci == 'wald'").iloc[0]
    for name in ("estimate", "ci_low", "ci_high"):
        assert got[name] == pytest.approx(float(want.natural(getattr(want, name))), rel=1e-12)
    np.testing.assert_array_equal(found["conclusion"] == "below", found["ci_high"] < 0.2)
    with pytest.raises(OptionError, match="benchmark=nan must be a number on the natural scale"):
        multiverse(r, benchmark=np.nan)


def test_cuts_and_assessors_choose_one_row_a_trial():
    found = mo.sensitivity.multiverse(
        CUTS, study="trial", cuts="cut", assessors="who", estimators=["DL"], intervals=["HKSJ"]
    )
    rows = {name: {tuple(found.sets[i]) for i in part["set"]} for name, part in found.table.groupby(["cut", "who"])}
    assert rows == {
        ("newest cut", "BICR first"): {(False, True, False, False, True, False, True)},
        ("newest cut", "local first"): {(False, False, True, False, True, True, False)},
        ("oldest cut", "BICR first"): {(True, False, False, True, False, False, True)},
        ("oldest cut", "local first"): {(False, False, True, True, False, True, False)},
    }
    want = mo.pool(pd.DataFrame(CUTS).iloc[[1, 4, 6]], study="trial")
    assert found.whole.estimate == pytest.approx(want.estimate, rel=1e-12)
    assert found["estimate"][0] == pytest.approx(want.estimate, rel=1e-12)
    with pytest.raises(DataError, match=r"'Iris' has 2 rows that nothing tells apart; name .* by assessors="):
        mo.sensitivity.multiverse(CUTS, study="trial", cuts="cut")
    with pytest.raises(DataError, match="begin with the year, such as 2024-06-30, not 'May 2021'"):
        mo.sensitivity.multiverse(CUTS | {"cut": ["May 2021"] * 7}, study="trial", cuts="cut", assessors="who")


def test_combinations_of_the_same_rows_count_once():
    found = multiverse(estimators=["REML"], intervals=["HKSJ"], exclude={"one": 1, "bias": ["Birch"]})
    assert len(found) == 9 + 7  # without Birch and one more; without Birch twice is without Birch
    assert found.table[["set", "method", "ci"]].duplicated().sum() == 0


def test_fewer_than_two_trials_are_left_out():
    few = mo.pool(TRIALS.head(3), study="trial", measure="HR")
    found = mo.sensitivity.multiverse(few, exclude={"two": 2}, estimators=["DL"], intervals=["t"])
    assert found["k"].min() == 2


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"estimators": "DL"}, r"estimators='DL' must be a list of codes, such as estimators=\['DL'\]"),
        ({"estimators": ["GENQ"]}, "estimators='GENQ' is not an option"),
        ({"intervals": ["HC"]}, "intervals='HC' is not an option"),
        ({"measures": "RR"}, r"measures='RR' must be a list"),
        ({"exclude": ["Alder"]}, r"must name each choice"),
        ({"exclude": {"x": ["Oak"]}}, "'Oak' is no trial; there are"),
        ({"exclude": {"x": "Alder"}}, "'x' must be a list of trials"),
        ({"exclude": {"x": {"bias": "unclear"}}}, r"column 'bias' has no 'unclear'; it has \['high', 'low'\]"),
        ({"exclude": {"x": 8}}, "must be from 1 to 7"),
        ({"exclude": {"tau2": 1}}, "'tau2' is a column of the table that is returned"),
        ({"study": "trial"}, "this pool knows its trials"),
    ],
)
def test_options_that_are_none(options, match):
    with pytest.raises(OptionError, match=match):
        multiverse(**options)


def test_other_errors():
    with pytest.raises(DataError, match="'x' leaves out every trial"):
        multiverse(exclude={"x": {"bias": ["low", "high"]}})
    with pytest.raises(ColumnError, match="exclude 'x'='rob' is not a column"):
        multiverse(exclude={"x": {"rob": "high"}})
    with pytest.raises(OptionError, match="has a tau² that was given"):
        multiverse(pool(tau2=0.1), estimators=["DL"])
    with pytest.raises(OptionError, match="cannot be fitted with it"):
        multiverse(pool(method="DL", ci="HC"))
    assert set(multiverse(pool(tau2=0.1))["tau2"]) == {0.1}
    wide = mo.pool({"yi": np.linspace(0, 1, 60), "vi": [0.1] * 60})
    with pytest.raises(OptionError, match="make 36051 sets; 20000 are the most"):
        mo.sensitivity.multiverse(wide, exclude={"three": 3})


def test_the_script_has_the_specifications_that_metafor_has(tmp_path):
    found = multiverse(exclude=EXCLUDE)
    script = str(found.r_code())
    assert "# not in metafor by this name: KR" in script
    assert len(re.findall(r"^  c\(\d.*\)", script, re.MULTILINE)) >= 4
    assert 'methods <- c("REML", "REML", "REML", "DL"' in script


def test_thousands_of_specifications_are_pooled_in_batches(monkeypatch):
    calls = []
    from metaonc.analysis.sensitivity.choices import specifications

    real = specifications.pooled_rows
    monkeypatch.setattr(specifications, "pooled_rows", lambda *a: calls.append(1) or real(*a))
    found = multiverse(estimators="all", intervals=["wald", "HKSJ"], exclude={"up to four": 4})
    assert len(found) == 22 * sum(map(int, (1, 8, 28, 56, 70)))
    assert len(calls) == 22


def test_an_option_says_what_leaves_and_not_the_name_of_the_choice():
    """Without risk of bias would be the opposite of trials that are left out for theirs."""
    found = multiverse(exclude={"risk of bias": {"bias": "high"}})
    assert list(found.choices["risk of bias"]) == ["all kept", "without bias high"]


def test_grey_marks_are_explained_where_several_specifications_share_a_place():
    few, many = (
        multiverse(exclude=EXCLUDE),
        multiverse(estimators="all", intervals=["wald", "HKSJ"], exclude={"two": 2}),
    )
    assert len(few) <= 240 < len(many)
    for found, said in ((few, False), (many, True)):
        ax = mo.plot.specification(found)
        drawn = " ".join(t.get_text() for t in ax.figure.findobj(lambda a: hasattr(a, "get_text")))
        assert ("Grey marks" in drawn) is said
