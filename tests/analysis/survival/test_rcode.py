"""The R scripts of survival results: to the letter those that R ran, and R's numbers are metaonc's."""

import json
from importlib.metadata import version

import numpy as np
import pytest
from reference import pinned, survival_scripts

import metaonc as mo
from metaonc.analysis.results.rtext import comment
from metaonc.errors import DataError

RAN = json.loads((survival_scripts.HERE / "survival_scripts.json").read_text(encoding="utf-8"))
PINNED_LIFELINES = "lifelines 0.30.3"  # a comment of the script says which one fitted
SAID = pinned.load("survival_scripts")
RESULTS = pinned.Results(RAN, survival_scripts.results)
RTOL = 1e-10  # both sides are double precision, R's file has 15 digits; the log of R's limits loses some
CASES = {f"curves {name}": end for name, _, _, end in survival_scripts.KAPLAN_MEIER}


def ran(name):
    return RAN[name]["script"].replace(PINNED_LIFELINES, f"lifelines {version('lifelines')}")


def test_every_script_was_run():
    assert set(RAN) == set(RESULTS.all)


@pytest.mark.parametrize("name", RAN)
def test_the_script_is_the_one_that_r_ran(name):
    assert survival_scripts.script(name, RESULTS[name]) == ran(name)


def numbers(result, until):
    """Return what R was asked of curves: all steps one after the other, medians and restricted means."""
    curves = result.curves.values()
    names = {"time": "time", "n_risk": "n_risk", "survival": "survival", "ci_low": "ci_low", "ci_high": "ci_high"}
    out = {ours: np.concatenate([getattr(c, theirs)[1:] for c in curves]) for ours, theirs in names.items()}
    out["medians"] = result.medians[["median", "ci_low", "ci_high"]].to_numpy()
    if result.is_compared:
        test = mo.survival.log_rank(result)
        out |= {"logrank_chi2": test.chi2, "logrank_p": test.p_value}
    if until is not None:
        means = result.rmst(until)
        fields = {"rmst": "rmst", "rmst_se": "se", "rmst_low": "ci_low", "rmst_high": "ci_high"}
        out |= {ours: means[theirs].to_numpy() for ours, theirs in fields.items()}
    return out


@pytest.mark.parametrize("name", RAN)
def test_the_numbers_of_r_are_those_of_the_result(name):
    result, said = RESULTS[name], SAID[name]["r"]
    ours = (
        numbers(result, CASES[name])
        if name in CASES
        else {key: getattr(result, key) for key in said if key in dir(result)}
    )
    if name == "rubin ensemble":
        ours |= {"df": result.combined.df, "missing": result.combined.missing}
    assert set(said) - set(ours) <= ({"p_value"} if name.startswith("rubin") else set())
    for field, got in ours.items():
        want = np.reshape(np.array(said[field], dtype=float), np.shape(got))
        np.testing.assert_allclose(got, want, rtol=RTOL, atol=1e-13, err_msg=field)


@pytest.mark.parametrize("name", RAN)
def test_a_result_read_back_writes_the_same_script(name):
    back = mo.results.from_json(RESULTS[name].to_json())
    assert survival_scripts.script(name, back) == ran(name)


def test_a_restricted_mean_that_is_not_known_has_no_script():
    with pytest.raises(DataError, match="followed to"):
        RESULTS["curves edges"].r_code(rmst=50)


def test_labels_cannot_write_code():
    for text in ("a\nq()", "a\rq()", "a\u2028q()", "a\x0cq()"):
        assert comment(text).isprintable()
    script = str(RESULTS["wald fitted"].r_code())
    assert [line for line in script.splitlines() if line.startswith("q")] == []


def test_a_script_of_curves_has_each_patient_once():
    km = mo.survival.kaplan_meier({"time": [2, 2, 2, 5], "event": [1, 1, 0, 0]})
    assert "time = c(2, 2, 5),\n  event = c(1, 0, 0)" in km.r_code()
    assert "patients = c(2, 1, 1)" in km.r_code()
    assert km.curves["all"].counted()["patients"].sum() == 4
