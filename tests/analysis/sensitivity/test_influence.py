"""influence and blup: metafor's numbers, identities, rules, and what is refused."""

import json

import numpy as np
import pytest
from reference import case_deletion_scripts
from reference.pinned import HERE, Results, assert_same_script, load

import metaonc as mo

R = load("case_deletion")
PINNED = json.loads((HERE / "case_deletion_scripts.json").read_text(encoding="utf-8"))
RESULTS = Results(PINNED, case_deletion_scripts.results)
CI = {"z": "wald", "t": "t", "knha": "HKSJ", "adhoc": "HKSJ-adhoc"}
METHOD = {"EE": "CE"}
COLUMNS = ("rstudent", "dffits", "cook_d", "cov_ratio", "tau2", "q", "hat", "weight")
LIMITS = ("estimate", "se", "ci_low", "ci_high")
# metafor climbs the likelihood in steps of 1e-13; what is small is a difference of large numbers
RTOL, ATOL = 1e-7, 1e-9
# rma.mv's optimiser stops at 1e-7 or so of each variance, and refits of several outcomes by its default at 1e-5
MIXED = {"multilevel": (1e-5, 1e-6), "multivariate": (2e-4, 1e-5)}
TABLE = case_deletion_scripts.TRIALS


def fitted(case):
    options = {"method": METHOD.get(case["method"], case["method"]), "ci": CI[case["test"]]}
    table, mods = R["sets"][case["set"]], " + ".join(case.get("mods", []))
    return mo.regress(table, f"~ {mods}", **options) if mods else mo.pool(table, **options)


def name(case):
    return " ".join([case["set"], *case.get("mods", []), case["method"], case["test"]])


@pytest.mark.parametrize("case", R["pools"] + R["regressions"], ids=name)
def test_r_says_the_same(case):
    found, shrunken = mo.sensitivity.influence(fitted(case)), mo.sensitivity.blup(fitted(case))
    for column in COLUMNS:
        np.testing.assert_allclose(found[column], case[column], rtol=RTOL, atol=ATOL, err_msg=column)
    np.testing.assert_allclose(found.dfbetas, np.reshape(case["dfbetas"], found.dfbetas.shape), rtol=RTOL, atol=ATOL)
    assert (found["flags"] != "").tolist() == case["flagged"]
    for column in LIMITS:
        np.testing.assert_allclose(shrunken[column], case["blup"][column], rtol=RTOL, atol=ATOL, err_msg=column)


def test_a_tau2_that_was_given_stays():
    found = mo.sensitivity.influence(mo.pool(R["sets"]["small"], tau2=0.05, ci="wald"))
    for column in COLUMNS:
        np.testing.assert_allclose(found[column], R["known"][column], rtol=RTOL, atol=ATOL, err_msg=column)


@pytest.mark.parametrize("name", RESULTS)
def test_the_script_is_the_one_that_r_ran(name):
    result, columns = RESULTS[name]
    assert_same_script(result.r_code(), PINNED[name]["script"])
    rtol, atol = MIXED.get(name.split()[0], (RTOL, ATOL))
    for field in columns:
        got = {"row_hat": lambda r: r.rows["hat"], "dfbetas": lambda r: r.dfbetas.to_numpy().T.ravel()}.get(field)
        np.testing.assert_allclose(
            result[field] if got is None else got(result), PINNED[name]["r"][field], rtol=rtol, atol=atol, err_msg=field
        )


def test_each_trial_left_out_is_the_pool_of_the_others():
    r = mo.pool(TABLE, study="trial", ci="wald")
    found, left = mo.sensitivity.influence(r), mo.sensitivity.leave_one_out(r)
    np.testing.assert_allclose(found["tau2"], left["tau2"], rtol=1e-10)
    np.testing.assert_allclose(found["cook_d"], (r.estimate - left["estimate"]) ** 2 / r.se**2, rtol=1e-10)
    np.testing.assert_allclose(found["cov_ratio"], left["se"] ** 2 / r.se**2, rtol=1e-10)
    np.testing.assert_allclose(found["hat"].sum(), 1.0, rtol=1e-14)


def test_leverages_add_up_to_the_number_of_coefficients():
    found = mo.sensitivity.influence(mo.regress(TABLE, "~ dose", study="trial"))
    assert found["hat"].sum() == pytest.approx(2, rel=1e-12)
    both = RESULTS["multivariate"][0]
    assert both["hat"].sum() == pytest.approx(2, rel=1e-12)
    assert both.rows["hat"].sum() == pytest.approx(2, rel=1e-12)


def test_a_coefficient_of_one_trial_alone_has_no_diagnostics():
    table = TABLE | {"arm": ["x", "x", "x", "x", "x", "x", "only"]}
    found = mo.sensitivity.influence(mo.regress(table, "~ arm", study="trial"))
    assert found.lacking == {"G": "the other rows do not tell all coefficients."}
    assert found["hat"].iloc[-1] == pytest.approx(1)
    assert np.isnan(found["rstudent"].iloc[-1])
    assert np.isfinite(found["rstudent"].iloc[:-1]).all()
    others = mo.regress({k: v[:-1] for k, v in TABLE.items()}, "~ 1", study="trial", method="DL")
    own = mo.sensitivity.influence(mo.regress(table, "~ arm", study="trial", method="DL"))
    np.testing.assert_allclose(own["rstudent"][:-1], mo.sensitivity.influence(others)["rstudent"], rtol=1e-9)


def test_a_trial_that_others_cannot_do_without_has_a_reason():
    table = {"trial": list("ABC"), "os": [0.1, 0.3, 0.2], "pfs": [0.2, None, 0.1], "v1": [0.02, 0.03, 0.05],
             "c": [0.01, None, 0.01], "v2": [0.02, None, 0.06]}  # fmt: skip
    r = mo.pool_multivariate(table, yi=["os", "pfs"], cov=[["v1", "c"], ["c", "v2"]], study="trial",
                             structure="diagonal")  # fmt: skip
    assert "'pfs' is reported by 1 trial" in mo.sensitivity.influence(r).lacking["A"]
    kept = mo.sensitivity.influence(r, reestimate=False)
    assert not kept.lacking
    assert np.isfinite(kept["x2"]).all()


def test_effects_that_do_not_differ_have_a_reason_or_an_error():
    same = {"yi": [0.2, 0.2, 0.2, 0.2, 0.9], "vi": [0.02, 0.03, 0.05, 0.04, 0.01]}
    found = mo.sensitivity.influence(mo.pool(same))
    assert found.lacking == {"5": "the effects of the others do not differ."}
    with pytest.raises(mo.DataError, match="pool again with ci='wald'"):
        mo.sensitivity.influence(mo.pool({"yi": [0.2] * 4, "vi": [0.02, 0.03, 0.05, 0.04]}))
    assert (mo.sensitivity.influence(mo.pool(same, ci="wald"))["reason"] == "").all()


def test_rows_of_one_name_are_told_apart():
    table = TABLE | {"trial": ["A", "A", *TABLE["trial"][2:]]}
    found = mo.sensitivity.influence(mo.pool(table, study="trial"))
    assert found["study"].tolist()[:2] == ["A (row 0)", "A (row 1)"]


def test_what_cannot_be_is_refused():
    table, s = {"yi": [0.1, 0.3, 0.2], "vi": [0.02, 0.03, 0.05]}, mo.sensitivity
    with pytest.raises(mo.DataError, match="3 rows for 2 coefficients"):
        s.influence(mo.regress(table | {"dose": [1, 2, 4]}, "~ dose", ci="wald"))
    with pytest.raises(mo.DataError, match="2 trials: without one of them"):
        s.influence(mo.pool_peto({"a": [1, 2], "n": [9, 9], "b": [3, 4], "m": [9, 9]}, events_t="a", n_t="n",
                                 events_c="b", n_c="m"))  # fmt: skip
    with pytest.raises(mo.OptionError, match="reestimate=False is of"):
        s.influence(mo.pool(table), reestimate=False)
    with pytest.raises(mo.DataError, match=r"not dict; of subgroups take one, as groups\[level\]"):
        s.influence(table)
    with pytest.raises(mo.OptionError, match="before robust"):
        s.influence(RESULTS["multilevel"][0].whole.robust(cluster="trial"))
    with pytest.raises(mo.DataError, match="a result of pool or regress"):
        s.blup(RESULTS["multilevel"][0].whole)


def test_shrunken_effects_without_variance_between_trials_are_the_pooled_one():
    r = mo.pool({"yi": [0.21, 0.2, 0.19], "vi": [0.2, 0.3, 0.5]}, measure="HR", ci="wald")
    found = mo.sensitivity.blup(r)
    np.testing.assert_allclose(found["estimate"], r.estimate, rtol=1e-14)
    np.testing.assert_allclose(found["se"], r.se, rtol=1e-12)
    np.testing.assert_allclose(found.tidy(transform=True)["estimate"], np.exp(r.estimate), rtol=1e-14)
    wide = found.confidence_interval(0.99)
    assert (wide["ci_low"].to_numpy() < found["ci_low"].to_numpy()).all()
    np.testing.assert_allclose(found.confidence_interval(0.95)["ci_low"], found["ci_low"], rtol=0)


def test_rows_with_correlated_errors_are_referred_to_leave_one_out():
    table = {"yi": [0.1, 0.3, 0.2, 0.5], "vi": [0.02, 0.03, 0.05, 0.04]}
    both = np.diag(table["vi"])
    both[0, 1] = both[1, 0] = 0.01
    r = mo.pool(table, covariance=both, ci="wald")
    for verb in (mo.sensitivity.blup, mo.sensitivity.gosh):
        with pytest.raises(mo.OptionError, match=r"correlated sampling errors.*leave_one_out"):
            verb(r)
    assert len(mo.sensitivity.leave_one_out(r)) == 4
