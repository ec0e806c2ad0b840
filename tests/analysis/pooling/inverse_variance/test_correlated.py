"""Correlated sampling errors: against metafor's rma.mv and against matrices in R (tests/reference/correlated.R)."""

import numpy as np
import pandas as pd
import pytest
from reference import correlated_scripts
from reference.pinned import Results, assert_same_script, load

import metaonc as mo

REFERENCE, SCRIPTS = load("correlated"), load("correlated_scripts")
RESULTS = Results(SCRIPTS, correlated_scripts.results)
EXACT = 1e-10  # two ways of the same algebra
OPTIMUM = 1e-6  # rma.mv climbs with numerical slopes: tau² is flat about its maximum
ROOT = 1e-8  # uniroot of R
MEASURES = list(REFERENCE["by"])


def table(measure, data="data", rows=8):
    frame = pd.DataFrame(REFERENCE[data]).iloc[:rows]
    size = {"t": "t1", "c": "t2"} if measure in ("IRR", "IRD", "IRSD") else {"t": "n1i", "c": "n2i"}
    word = "time" if measure in ("IRR", "IRD", "IRSD") else "n"
    columns = {f"{word}_{arm}": column for arm, column in size.items()}
    frame = frame.assign(control=np.where(frame["trial"].duplicated(keep=False), "placebo", None))
    return mo.effect_sizes(frame, measure=measure, events_t="ai", events_c="ci", **columns, study="trial")


def pooled(measure="OR", **options):
    return mo.pool(table(measure), study="trial", shared="control", **options)


@pytest.mark.parametrize("measure", MEASURES)
def test_covariance_is_the_control_arms_part(measure):
    want = np.array(REFERENCE["by"][measure]["V"])
    np.testing.assert_allclose(pooled(measure).studies.covariance, want, rtol=EXACT, atol=1e-15)


@pytest.mark.parametrize("measure", list(REFERENCE["gleser_by"]))
def test_covariances_of_gleser_and_olkin(measure):
    r = mo.pool(table(measure, "gleser"), study="trial", shared="control", method="CE", ci="wald")
    want = REFERENCE["gleser_by"][measure]
    np.testing.assert_allclose(r.studies.covariance, want["V"], rtol=EXACT, atol=1e-15)
    np.testing.assert_allclose((r.estimate, r.se), tuple(want["common"].values()), rtol=EXACT)


@pytest.mark.parametrize("method", ["REML", "ML"])
@pytest.mark.parametrize("measure", MEASURES)
def test_likelihood_estimates_are_those_of_rma_mv(measure, method):
    r, want = pooled(measure, method=method, ci="t"), REFERENCE["by"][measure]["fits"][method]
    np.testing.assert_allclose(r.tau2, want["tau2"], rtol=OPTIMUM, atol=1e-9)
    got = (r.estimate, r.se, r.ci_low, r.ci_high, r.prediction_low, r.prediction_high)
    np.testing.assert_allclose(
        got, (want["estimate"], want["se"], *want["ci"], *want["prediction"]), rtol=OPTIMUM, atol=1e-9
    )
    np.testing.assert_allclose((r.q, r.q_p), (want["q"], want["q_p"]), rtol=EXACT)
    np.testing.assert_allclose(r.loglik, want["loglik"], rtol=OPTIMUM)
    np.testing.assert_allclose(r.weights, want["weights"], rtol=OPTIMUM)
    np.testing.assert_allclose(r.i2, want["i2"], rtol=OPTIMUM, atol=1e-6)
    knapp = pooled(measure, method=method)
    np.testing.assert_allclose(
        (knapp.se, knapp.ci_low, knapp.ci_high), (want["hksj_se"], *want["hksj"]), rtol=OPTIMUM, atol=1e-9
    )


@pytest.mark.parametrize("measure", MEASURES)
def test_moment_estimates_and_the_q_profile_are_those_of_matrices(measure):
    want = REFERENCE["by"][measure]["moments"]
    for method in ("DL", "HE", "PM", "PMM"):
        np.testing.assert_allclose(pooled(measure, method=method).tau2, want[method], rtol=ROOT, atol=1e-12)
    assert pooled(measure, method="EB").tau2 == pooled(measure, method="PM").tau2
    np.testing.assert_allclose(pooled(measure).tau2_ci(), (want["low"], want["high"]), rtol=ROOT, atol=1e-12)
    common = REFERENCE["by"][measure]["common"]
    r = pooled(measure, method="CE", ci="wald")
    np.testing.assert_allclose((r.estimate, r.se), (common["estimate"], common["se"]), rtol=EXACT)


def test_no_covariance_is_the_pool_of_independent_rows():
    es = table("OR").drop_duplicates("trial")
    alone, same = (mo.pool(es, study="trial", covariance=c) for c in (None, np.diag(es["vi"])))
    assert same.studies.covariance is not None
    for field in ("estimate", "se", "tau2", "ci_low", "prediction_high", "q", "i2", "se_tau2", "loglik"):
        assert getattr(same, field) == pytest.approx(getattr(alone, field), rel=1e-9), field
    np.testing.assert_allclose(same.weights, alone.weights, rtol=1e-9)


@pytest.mark.parametrize("name", list(SCRIPTS))
def test_script_gives_the_result_in_r(name):
    r, pinned = RESULTS[name], SCRIPTS[name]
    assert_same_script(r.r_code(), pinned["script"])
    for field, value in pinned["r"].items():
        assert getattr(r, field) == pytest.approx(value, rel=OPTIMUM, abs=1e-9), field


def test_a_matrix_may_name_its_rows_and_rows_left_out_are_left_out_of_it():
    es = table("OR").assign(trial=list("abcdefgh"))
    v = pooled().studies.covariance
    r = mo.pool(es, study="trial", covariance=v)
    order = list("hgfedcba")
    named = pd.DataFrame(v, index=list("abcdefgh"), columns=list("abcdefgh")).loc[order, order]
    assert mo.pool(es, study="trial", covariance=named).estimate == r.estimate == pooled().estimate
    gap = es.assign(yi=es["yi"].where(es["trial"] != "c"))
    with pytest.warns(mo.DataWarning, match="1 of 8 rows"):
        less = mo.pool(gap, study="trial", covariance=v)
    keep = [0, 1, 3, 4, 5, 6, 7]
    np.testing.assert_array_equal(less.studies.covariance, v[np.ix_(keep, keep)])
    with pytest.warns(mo.DataWarning):
        assert mo.pool(gap, study="trial", covariance=named).estimate == less.estimate


def test_a_corrected_row_shares_the_corrected_counts():
    frame = pd.DataFrame({"trial": list("AAB"), "a": [3, 4, 5], "n": [40, 41, 50], "b": [0, 0, 6], "m": [39, 39, 52],
                          "control": ["p", "p", None]})  # fmt: skip
    es = mo.effect_sizes(frame, measure="OR", events_t="a", n_t="n", events_c="b", n_c="m", study="trial")
    v = mo.pool(es, study="trial", shared="control").studies.covariance
    assert v[0, 1] == pytest.approx(1 / 0.5 + 1 / 39.5, rel=1e-12)


def test_hazard_ratios_share_one_over_events():
    frame = {"trial": ["A", "A", "B"], "hr": [0.7, 0.8, 0.9], "lo": [0.5, 0.58, 0.7], "hi": [0.98, 1.1, 1.157],
             "dt": [60, 66, 90], "dc": [80, 80, 95], "control": ["p", "p", ""]}  # fmt: skip
    es = mo.effect_sizes(frame, measure="HR", hr="hr", ci_low="lo", ci_high="hi", events_t="dt", events_c="dc",
                         study="trial")  # fmt: skip
    r = mo.pool(es, study="trial", shared="control", method="CE", ci="wald")
    assert r.studies.covariance[0, 1] == pytest.approx(1 / 80, rel=1e-12)
    assert "1/events of that arm" in str(mo.methods_text(r))
    assert "Woods BS, Hawkins N, Scott DA" in str(mo.methods_text(r))


def test_texts_tables_and_figures_say_it():
    r = pooled()
    assert "2 rows of A share the control arm placebo; their sampling covariance is 0.1439" in str(r)
    assert "generalised least squares" in str(r)
    assert "more than one row" not in str(r)
    methods = str(mo.methods_text(r))
    assert "share a control arm were taken as correlated" in methods
    assert "Gleser LJ, Olkin I" in methods
    assert "taken as independent" not in methods
    assert any("correlated sampling errors" in line for line in mo.table(r).footnotes)
    rows = mo.plot.forest_rows(r, common=True).rows
    common = pooled(method="CE", ci="wald")
    assert float(rows.loc[rows["kind"] == "common", "estimate"].iloc[0]) == pytest.approx(np.exp(common.estimate))
    total = rows.loc[rows["kind"] == "pooled", ["counts", "counts_c"]]
    assert (total == "").all(axis=None)  # a sum would count the shared arm as often as it stands there
    again = mo.results.from_json(r.to_json())
    assert str(again) == str(r)
    assert again.tau2_ci() == pytest.approx(r.tau2_ci())


def test_a_weight_below_0_is_drawn_as_the_smallest_square():
    v = np.array([[0.01, 0.019, 0], [0.019, 0.04, 0], [0, 0, 0.02]])
    r = mo.pool({"yi": [0.1, 0.3, 0.2], "vi": [0.01, 0.04, 0.02]}, covariance=v, method="CE", ci="wald")
    assert r.weights.min() < 0
    assert r.weights.sum() == pytest.approx(100)
    mo.plot.forest(r)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "SJ"}, "method .with correlated errors"),
        ({"method": "HS"}, "choose from 'CE', 'DL'"),
        ({"ci": "KR"}, "ci .with correlated errors"),
        ({"method": "DL", "ci": "HC"}, "ci .with correlated errors"),
        ({"prediction": "NNF"}, "prediction .with correlated errors"),
        ({"covariance": np.eye(8)}, "one of both"),
    ],
)
def test_what_is_not_defined_for_correlated_errors_is_refused(options, words):
    with pytest.raises(mo.OptionError, match=words):
        pooled(**options)


def test_sensitivity_analyses_of_independent_rows_are_refused():
    with pytest.raises(mo.OptionError, match="correlated sampling errors: the sign of one row"):
        mo.sensitivity.permutation_test(pooled())
    with pytest.raises(mo.OptionError, match="QP"):
        pooled().tau2_ci("BJ")


GOOD = {"trial": ["A", "B"], "yi": [0.1, 0.2], "vi": [0.04, 0.05]}


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        ([[0.04, 0.01]], "must be .2, 2."),
        ([["x", 0], [0, 1]], "is not a number"),
        ([[0.04, True], [True, 0.05]], "covariance.0, 1.=True is not a number"),
        ([[0.04, 0.01j], [0, 0.05]], "covariance.0, 1.=0.01j is not a number"),
        ([[0.04], [0, 0.05]], "rows of several lengths"),
        ([[0.04, np.nan], [np.nan, 0.05]], "trial 'A' .row 0.*missing"),
        ([[0.04, 0.01], [0.02, 0.05]], "not symmetric"),
        ([[0.04, 0.01], [0.01, 0.06]], "trial 'B' .row 1.*0.06 on its diagonal, vi is 0.05"),
        ([[0.04, 0.05], [0.05, 0.05]], "between -1 and 1"),
        (pd.DataFrame([[0.04, 0], [0, 0.05]], index=["A", "C"], columns=["A", "C"]), "trial 'B'.*no row of this name"),
        (pd.DataFrame([[0.04, 0], [0, 0.05]], index=["A", "B"], columns=["B", "A"]), "other names"),
        (pd.DataFrame([[0.04, 0], [0, 0.05]], index=["A", "A"], columns=["A", "A"]), "stands for several"),
    ],
)
def test_what_is_no_covariance_matrix_is_refused(matrix, words):
    with pytest.raises(mo.DataError, match=words):
        mo.pool(GOOD, study="trial", covariance=matrix)


def test_names_of_a_covariance_matrix_are_found_by_the_rule_of_labels():
    names = ["B ", "A"]
    matrix = pd.DataFrame([[0.05, 0.01], [0.01, 0.04]], index=names, columns=names)
    plain = [[0.04, 0.01], [0.01, 0.05]]
    assert mo.pool(GOOD, study="trial", covariance=matrix).se == mo.pool(GOOD, study="trial", covariance=plain).se


def test_a_control_arm_written_in_two_ways_is_one():
    rows = {"trial": ["A", "A", "B"], "arm": ["x", "y", "x"], "e": [10, 12, 9], "n": [40, 42, 40],
            "ec": [6, 6, 5], "nc": [41, 41, 40]}  # fmt: skip
    roles = {"events_t": "e", "n_t": "n", "events_c": "ec", "n_c": "nc", "study": "trial"}
    plain, written = ({**rows, "control": [one, other, None]} for one, other in (("p", "p"), ("plain\xa0a", "plain a")))
    found = mo.effect_sizes(plain, measure="OR", **roles), mo.effect_sizes(written, measure="OR", **roles)
    with pytest.warns(mo.DataWarning, match="column 'control'"):
        r = mo.pool(found[1], study="trial", shared="control")
    assert r.se == mo.pool(found[0], study="trial", shared="control").se
    assert any("'plain a' (row 1) is taken as" in note for note in r.provenance.notes)


def test_shared_control_arms_that_cannot_be_one_are_refused():
    es = table("OR")
    with pytest.raises(mo.ColumnError, match="shared='arm'"):
        mo.pool(es, study="trial", shared="arm")
    with pytest.raises(
        mo.DataError, match=r"row 3.*events_c=20, but.*row 0.* has 8.*name each control arm by its trial"
    ):
        mo.pool(es.assign(trial=list("abcdefgh")), study="trial", shared="control")
    with pytest.raises(mo.OptionError, match="no formula for measure 'GEN'"):
        mo.pool({**GOOD, "c": ["p", "p"]}, shared="c")
    with pytest.raises(mo.OptionError, match="events_c is not known"):
        mo.pool({**GOOD, "c": ["p", "p"]}, shared="c", measure="HR")
    with pytest.raises(mo.OptionError, match="its counts do not give the effects"):
        mo.pool(es.assign(vi=es["vi"] * 1.1), study="trial", shared="control")


def test_no_row_that_shares_an_arm_is_said():
    r = mo.pool(table("OR").assign(control=None), study="trial", shared="control")
    assert r.studies.covariance is None
    assert "no two of these rows are said to share a control arm" in str(r)


def test_subgroups_that_share_a_control_arm_have_no_test_between_them():
    es = table("OR").assign(dose=["low", "high", "low", "low", "mid", "high", "low", "low"])
    with pytest.warns(mo.MetaoncWarning, match="levels of dose share patients: those of the control arm placebo of A"):
        r = mo.pool_subgroups(es, by="dose", study="trial", shared="control")
    assert np.isnan([r.q_between, r.q_between_p, r.f_between]).all()
    assert r.overall.estimate == pooled().estimate
    assert "share patients" in str(mo.results_text(r))
    with pytest.raises(mo.OptionError, match="common_tau2"):
        mo.pool_subgroups(es, by="dose", study="trial", shared="control", common_tau2=True)
    with pytest.raises(mo.OptionError, match="covariance= is of the rows of one pool"):
        mo.pool_subgroups(es, by="dose", study="trial", covariance=np.eye(8))


def test_settings_say_whether_covariances_were_given():
    rows = {"yi": [0.1, 0.2, 0.4], "vi": [0.1, 0.1, 0.1]}
    for covariance, given in ((None, False), (np.diag(rows["vi"]), True)):
        r = mo.pool(rows, covariance=covariance)
        assert r.provenance.settings["covariance"] is given
        assert r.refit(np.array([True, True, False])).provenance.settings["covariance"] is given


def test_a_shared_control_arm_is_said_wherever_the_pool_is_shown():
    d = {"trial": ["Wren", "Wren", "Kite"], "arm": ["low", "high", "low"], "a": [11, 15, 9], "n": [52, 51, 44],
         "b": [6, 6, 7], "m": [50, 50, 43], "control": ["none", "none", None]}  # fmt: skip
    counts = {"events_t": "a", "n_t": "n", "events_c": "b", "n_c": "m", "study": "trial"}
    es = mo.effect_sizes(d, measure="OR", **counts)
    r = mo.pool(es, study="trial", shared="control")
    said = "2 rows of Wren share the control arm none"
    for text in (str(r), str(mo.methods_text(r)), str(mo.results_text(r)), str(mo.table(r))):
        assert said in text
        assert "taken as correlated" in text
    assert any(f"{said}; patients of that arm count once" in line for line in mo.plot.forest_rows(r).footnotes)
    own = mo.pool(es.head(1), study="trial", shared="control")
    assert not any("share the control" in c.text for c in own.cautions)
