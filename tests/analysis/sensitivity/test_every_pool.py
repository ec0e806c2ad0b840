"""Leave-one-out and cumulative of every kind of result: R's numbers of its own scripts, and fits of each subset."""

import numpy as np
import pandas as pd
import pytest
from reference import pinned, subset_scripts
from reference.pinned import Results, assert_same_script

import metaonc as mo
from metaonc.errors import DataError, MethodWarning, OptionError
from metaonc.report.forest.rows import forest_rows

PINNED = pinned.load("subset_scripts")
RESULTS = Results(PINNED, subset_scripts.results)
# R's optima: lme4's and nlminb's stop early, rma.mv's by its control; sums and weighted means have none
RTOL = {"mh": 1e-9, "peto": 1e-9, "glmm": 2e-4, "betabinomial": 2e-5, "bayes": 1e-6, "multilevel": 1e-4,
        "multivariate": 1e-4, "regression": 1e-7, "subgroups": 1e-6, "twice": 1e-7, "correlated": 1e-6}  # fmt: skip
# (result, row): where metafor's glmer stops short at log likelihood -19.27471; glmer(optimizer = "bobyqa",
# tolPwrss = 1e-12) of lme4 goes on to -19.27467, and there finds this estimate
BOBYQA = {"cumulative glmm UM.RS t": (3, -0.4454065234)}
leave_one_out, cumulative = mo.sensitivity.leave_one_out, mo.sensitivity.cumulative


def test_every_script_was_run():
    assert set(PINNED) == set(RESULTS.all)


@pytest.mark.parametrize("name", RESULTS)
def test_r_finds_the_same(name):
    result, kind = RESULTS[name], name.split()[1]
    assert_same_script(result.r_code(), PINNED[name]["script"])
    rows = result.table[result["reason"] == ""]
    rows = rows[rows["subgroup"] == "overall"] if kind == "subgroups" else rows
    for field, want in PINNED[name]["r"].items():
        theirs = np.array(np.atleast_1d(want), dtype=float)
        if field == "q":  # of one trial metafor says 0
            theirs = theirs[: len(rows)]
        if field == "estimate" and name in BOBYQA:
            row, estimate = BOBYQA[name]
            assert rows[field].iloc[row] == pytest.approx(estimate, rel=1e-7)
            theirs[row] = estimate
        np.testing.assert_allclose(rows[field], theirs, rtol=RTOL[kind], atol=RTOL[kind] / 10, err_msg=field)


COUNTS = pd.DataFrame(subset_scripts.COUNTS)
NESTED = pd.DataFrame(subset_scripts.NESTED)
EFFECTS = pd.DataFrame(subset_scripts.EFFECTS)
OUTCOMES = pd.DataFrame(subset_scripts.OUTCOMES)
BOTH = {"yi": ["pfs", "os"], "cov": [["v_pfs", "c"], ["c", "v_os"]], "study": "trial"}
PRIORS = {"tau_prior": mo.HalfCauchy(0.3), "mu_prior": mo.Normal(0, 1)}
CALLS = {
    "mh": (COUNTS, lambda d: mo.pool_mantel_haenszel(d, measure="OR", **subset_scripts.TWO)),
    "peto": (COUNTS, lambda d: mo.pool_peto(d, level=0.9, **subset_scripts.TWO)),
    "glmm": (COUNTS, lambda d: mo.pool_glmm(d, ci="t", points=9, **subset_scripts.ONE)),
    "CM.EL": (COUNTS, lambda d: mo.pool_glmm(d, measure="OR", model="CM.EL", **subset_scripts.TWO)),
    "profile": (COUNTS, lambda d: mo.pool_beta_binomial(d, ci="profile", **subset_scripts.ONE)),
    "bayes": (EFFECTS, lambda d: mo.pool_bayes(d, study="trial", **PRIORS)),
    "multilevel": (NESTED, lambda d: mo.pool_multilevel(d, levels=["trial", "arm"]).robust(cluster="trial")),
    "crossed": (NESTED, lambda d: mo.pool_multilevel(d, levels=["trial"], crossed=["arm"], study="arm", ci="t")),
}  # fmt: skip
NUMBERS = ["estimate", "se", "df", "ci_low", "ci_high", "tau2"]


@pytest.mark.parametrize("name", CALLS)
def test_each_row_is_the_pool_of_its_trials(name):
    table, call = CALLS[name]
    out, upto = leave_one_out(call(table)), cumulative(call(table))
    trials = list(dict.fromkeys(table["trial"]))
    assert out["study"].tolist() == upto["study"].tolist() == trials
    for i in (0, 2, len(trials) - 1):
        few = table["trial"].isin(trials[: i + 1])
        for rows, part in ((out, table["trial"] != trials[i]), (upto, few)):
            if part.sum() < 3:
                continue
            want = call(table[part])
            got = rows.table.iloc[i]
            numbers = {n: getattr(want, n) for n in NUMBERS}
            if want.model_facts.common_effect:  # there is no variance between trials
                numbers["tau2"] = np.nan
            np.testing.assert_allclose(got[NUMBERS].astype(float), list(numbers.values()), rtol=1e-9)
            assert got["interval"] == want.ci
            at = rows.confidence_interval(0.8).iloc[i]
            np.testing.assert_allclose(at, want.confidence_interval(0.8), rtol=1e-7)
            natural = rows.confidence_interval(transform=True).iloc[i]
            np.testing.assert_allclose(natural, want.confidence_interval(transform=True), rtol=1e-9)
            shown, summary = rows.tidy().iloc[i], want.tidy().iloc[-1]
            columns = ["statistic", "p_value"]
            np.testing.assert_allclose(shown[columns].astype(float), summary[columns].astype(float), rtol=1e-7)


def test_a_regression_keeps_the_codings_of_all_its_rows():
    whole = mo.regress(EFFECTS, "~ center(dose)", study="trial")
    out = leave_one_out(whole)
    middle = EFFECTS.assign(dose=EFFECTS["dose"] - EFFECTS["dose"].mean())
    for i in (0, 5):
        want = mo.regress(middle.drop(index=i), "~ dose").coefficients
        got = out.table[out["study"] == EFFECTS["trial"][i]]
        np.testing.assert_allclose(got[["estimate", "se"]], want[["estimate", "se"]], rtol=1e-9)
    assert out["coefficient"].tolist()[:2] == ["intercept", "center(dose)"]


def test_outcomes_have_a_row_each():
    out = leave_one_out(mo.pool_multivariate(OUTCOMES, **BOTH))
    want = mo.pool_multivariate(OUTCOMES.drop(index=1), **BOTH)
    got = out.table[out["study"] == "B"]
    assert got["outcome"].tolist() == ["pfs", "os"]
    np.testing.assert_allclose(got["estimate"], want.estimate, rtol=1e-8)
    np.testing.assert_allclose(got["tau2"], np.diag(want.tau2), rtol=1e-7)


@pytest.mark.filterwarnings("ignore::metaonc.errors.DataWarning")  # rows of singletons are left out
@pytest.mark.parametrize("options", [{}, {"common_tau2": True}, {"singletons": "leave out"}])
def test_subgroups_and_the_test_between_them_are_those_of_the_trials_left(options):
    table = EFFECTS.assign(kras=["mut"] * 4 + ["wt"] * 2 + ["un"] * 2)
    options |= {"by": "kras", "study": "trial", "method": "DL"}
    out = leave_one_out(mo.pool_subgroups(table, **options))
    for i in range(8):
        want = mo.pool_subgroups(table.drop(index=i), **options)
        got = out.table[out["study"] == table["trial"][i]].set_index("subgroup")
        own = table["kras"][i]
        assert list(got.index) == [own, "overall"]
        np.testing.assert_allclose(got.loc["overall", "estimate"], want.overall.estimate, rtol=1e-12)
        for name in ("q_between", "f_between", "f_between_df", "f_floor_p", "stated_p"):
            np.testing.assert_allclose(got.loc["overall", name], getattr(want, name), rtol=1e-9)
        assert got.loc["overall", "stated_test"] == want.stated_test
        assert got.loc["overall", "q_between_df"] == want.q_between_df
        if own in want.groups:
            np.testing.assert_allclose(got.loc[own, "se"], want.groups[own].se, rtol=1e-12)
        else:
            assert np.isnan(got.loc[own, "estimate"])
            assert got.loc[own, "reason"] == f"one row of kras {own!r} is left."


def test_where_a_subgroup_is_gone_the_others_stay_and_the_reason_is_said():
    table = EFFECTS.assign(kras=["mut"] * 7 + ["wt"])  # the row of all comes before that of wt
    out = leave_one_out(mo.pool_subgroups(table, by="kras", study="trial", measure="HR"))
    last = out.table[out["study"] == "H"].set_index("subgroup")
    assert last.loc["wt", "reason"] == "no row of kras 'wt' is left."
    assert last.loc["overall", "estimate"] == pytest.approx(mo.pool(EFFECTS[:7]).estimate)
    assert np.isnan(last.loc["overall", "stated_p"])
    heads = forest_rows(out).rows
    assert heads["label"][heads["kind"] == "group"].tolist() == ["KRAS: mut", "KRAS: wt", "All"]
    assert out.glance()["subgroup"].tolist() == ["mut", "wt", "overall"]
    assert "There was no estimate without H: no row of kras wt is left." in str(mo.results_text(out))


def test_a_trial_that_alone_makes_a_pool_estimable_gives_a_row_of_nan_with_the_reason():
    table = pd.DataFrame({"trial": list("abc"), "x": [0, 0, 3], "n": [30, 28, 33], "y": [2, 4, 9], "m": [31, 30, 35]})
    out = leave_one_out(mo.pool_mantel_haenszel(table, **subset_scripts.TWO))
    assert np.isfinite(out["estimate"][[0, 1]]).all()
    assert out.table.loc[2, NUMBERS].isna().all()
    assert "has an interval" in out["reason"][2]
    assert out.glance()["not_estimable"].tolist() == [1]
    assert "No estimate: c: " in str(out)
    assert mo.table(out).rows[2][1] == "not estimable"
    assert f"# no estimate, c: {out['reason'][2]}" in str(out.r_code()) or "leave1out" in str(out.r_code())
    few = OUTCOMES.assign(os=[-0.6, -0.5, None, None, None, None]).drop(index=4)
    both = mo.pool_multivariate(few, structure="diagonal", **BOTH)
    assert leave_one_out(both)["reason"][0] == "'os' is reported by 1 trial; pooling it needs two."
    levels = mo.regress(EFFECTS.assign(line=list("aaaaaaab")), "~ line", study="trial")
    assert "'line[T.b]' is the same in all rows" in leave_one_out(levels)["reason"].iloc[-1]


def test_one_unit_of_the_outermost_level_has_no_variance_between_units():
    upto = cumulative(mo.pool_multilevel(NESTED, levels=["trial", "arm"]))
    assert upto["reason"][0] == "one unit of 'trial' is left: the variance between units cannot be estimated."
    assert np.isnan(upto["estimate"][0])


def test_rows_of_a_trial_leave_together_and_rows_alone_have_names_of_their_own():
    whole = mo.pool(NESTED, study="trial", ci="wald")
    together, alone = leave_one_out(whole), leave_one_out(whole, by="row")
    assert together["study"].tolist() == list("abcde")
    assert together["estimate"][2] == pytest.approx(mo.pool(NESTED[NESTED["trial"] != "c"], ci="wald").estimate)
    assert len(alone) == 11
    assert alone["study"].is_unique
    assert alone["study"][10] == "c (row 10)"
    assert alone["estimate"][10] == pytest.approx(mo.pool(NESTED.drop(index=10), ci="wald").estimate)
    upto = cumulative(whole)
    assert upto["estimate"].iloc[-1] == pytest.approx(whole.estimate)
    assert upto["estimate"][2] == pytest.approx(mo.pool(NESTED[NESTED["trial"].isin(list("abc"))], ci="wald").estimate)
    rows = leave_one_out(mo.pool_multilevel(NESTED, levels=["trial", "arm"]), by="row")
    want = mo.pool_multilevel(NESTED.drop(index=3), levels=["trial", "arm"])
    assert rows["estimate"][3] == pytest.approx(want.estimate, rel=1e-9)


@pytest.mark.parametrize("name", [n for n in RESULTS if n.startswith("leave_one_out")])
def test_they_come_back_from_their_plain_form_and_are_told(name):
    result = RESULTS[name]
    again = mo.results.from_dict(result.to_dict())
    assert str(again) == str(result)
    pd.testing.assert_frame_equal(again.confidence_interval(0.9), result.confidence_interval(0.9))
    assert again.r_code() == result.r_code()
    assert len(result.tidy(transform=True)) == len(result.table)
    assert "As a sensitivity analysis" in str(mo.methods_text(result))
    assert mo.results_text(result)


def test_what_has_no_subsets_is_refused_by_name():
    with pytest.raises(DataError, match="the first trials of a regression have no coefficients"):
        cumulative(mo.regress(EFFECTS, "~ dose"))
    with pytest.raises(DataError, match="is wanted, not SubsetsResult"):
        leave_one_out(leave_one_out(mo.pool(EFFECTS)))
    with pytest.raises(OptionError, match="by='patient' is not an option"):
        leave_one_out(mo.pool(EFFECTS), by="patient")
    with pytest.raises(DataError, match="one trial cannot be left out of itself"):
        leave_one_out(mo.pool_multilevel(NESTED[:2], levels=["trial", "arm"]))


ONE_CONTROL = {"trial": ["A", "A", "B", "C"], "a": [10, 14, 8, 9], "n": [50, 50, 40, 60], "b": [5, 5, 6, 11],
               "m": [50, 50, 40, 60], "control": ["placebo", "placebo", None, None], "dose": list("lhlh")}  # fmt: skip
COUNTED = {"events_t": "a", "n_t": "n", "events_c": "b", "n_c": "m", "study": "trial"}
LEVELS = pd.DataFrame({"trial": list("AABBCCDD"), "yi": EFFECTS["yi"], "vi": EFFECTS["vi"], "kras": ["mut", "wt"] * 4})


@pytest.mark.parametrize("verb", [leave_one_out, cumulative])
def test_rows_that_depend_on_each_other_are_refused_by_name(verb):
    es = mo.effect_sizes(ONE_CONTROL, measure="OR", **COUNTED)
    with pytest.warns(MethodWarning, match="share patients"):
        shared = mo.pool_subgroups(es, by="dose", study="trial", shared="control")
    with pytest.raises(OptionError, match="levels of 'dose' share patients"):
        verb(shared)
    with pytest.warns(MethodWarning, match="overlap"):
        overlapping = mo.pool_subgroups(LEVELS.assign(kras=["all", "mut"] * 4), by="kras", study="trial")
    with pytest.raises(OptionError, match="levels of 'kras' share patients"):
        verb(overlapping)


@pytest.mark.parametrize("verb", [leave_one_out, cumulative])
def test_subgroups_keep_the_covariances_of_their_rows(verb):
    table = pd.DataFrame(ONE_CONTROL).assign(dose=["l", "l", "h", "h"])  # the control arm is within one level
    es = mo.effect_sizes(table, measure="OR", **COUNTED)
    options = {"study": "trial", "shared": "control"}
    out = verb(mo.pool_subgroups(es, by="dose", **options))
    rows = {"A": [0, 1], "B": [0, 1, 2], "C": [0, 1, 2, 3]} if verb is cumulative else {"B": [0, 1, 3], "C": [0, 1, 2]}
    for trial, there in rows.items():
        got = out.table[out["study"] == trial].set_index("subgroup").loc["overall"]
        want = mo.pool(es.iloc[there], **options)
        np.testing.assert_allclose(got[["estimate", "se", "tau2"]].astype(float), [want.estimate, want.se, want.tau2])
    assert "correlated" not in str(out.lacking)


def test_a_refit_of_correlated_rows_takes_their_covariances():
    es = mo.effect_sizes(ONE_CONTROL, measure="OR", **COUNTED)
    whole = mo.pool(es, study="trial", shared="control")
    want = mo.pool(es[:3], study="trial", shared="control")
    got = whole.refit(np.array([True, True, True, False]))
    assert (got.estimate, got.se) == pytest.approx((want.estimate, want.se), rel=1e-9)


def _same_overall(out, table, want_of):
    for name in dict.fromkeys(table["trial"]):
        got = out.table[out["study"] == name].set_index("subgroup").loc["overall"]
        want = want_of(table[table["trial"] != name])
        assert (got["estimate"], got["se"]) == pytest.approx((want.overall.estimate, want.overall.se), rel=1e-9)
        assert got["stated_p"] == pytest.approx(want.stated_p, rel=1e-9)


def test_the_pool_of_all_without_a_trial_is_of_whole_trials():
    table = pd.DataFrame({"trial": list("AABBCCDD"), "kras": ["mut", "wt"] * 4, "x": [7, 12, 3, 18, 9, 5, 6, 8],
                          "n": [41, 60, 33, 72, 38, 50, 30, 44], "y": [11, 15, 6, 24, 10, 11, 9, 7],
                          "m": [40, 61, 35, 70, 40, 47, 31, 45]})  # fmt: skip
    es = mo.effect_sizes(table, measure="OR", **subset_scripts.TWO)

    def of_effects(rows):
        return mo.pool_subgroups(rows, by="kras", study="trial")

    def of_counts(rows):
        return mo.pool_subgroups(rows, by="kras", using=mo.pool_mantel_haenszel, measure="OR", **subset_scripts.TWO)

    for rows, pooled in ((es, of_effects), (table, of_counts)):
        result = pooled(rows)
        assert result.whole_trials[1] == list("ABCD")
        _same_overall(leave_one_out(result), rows, pooled)
        with pytest.raises(OptionError, match="can only leave together: take by='trial'"):
            leave_one_out(result, by="row")
    _same_overall(leave_one_out(of_effects(LEVELS)), LEVELS, of_effects)  # no counts: rows as they are


def test_a_refit_keeps_the_cautions_of_its_own_rows():
    twice = pd.DataFrame({"trial": list("AABC"), "yi": [-0.5, -0.5, -0.2, 0.1], "vi": [0.04, 0.04, 0.05, 0.03]})
    whole = mo.pool(twice, study="trial")
    assert any("same figures" in one for one in whole.provenance.cautions)
    assert whole.refit(np.array([False, False, True, True])).provenance.cautions == ()
    assert whole.refit(np.array([True, True, True, False])).provenance.cautions == whole.provenance.cautions


def test_rows_keep_the_order_of_a_sorted_table():
    table = EFFECTS.sort_values("yi")
    out = cumulative(mo.pool_subgroups(table, by="kras", study="trial"))
    assert list(dict.fromkeys(out["study"])) == table["trial"].tolist()
    again = mo.results.from_json(out.to_json())
    assert list(dict.fromkeys(again.confidence_interval(0.9).index)) == table["trial"].tolist()


def test_subgroups_without_a_trial_say_which_intervals_are_narrower():
    table = EFFECTS.assign(kras=["mut"] * 5 + ["wt"] * 3, yi=[-0.3, -0.31, -0.3, 0.9, -0.29, 0.1, -0.4, 0.3])
    out = leave_one_out(mo.pool_subgroups(table, by="kras", study="trial", measure="HR"))
    want = mo.pool(table[[True] * 3 + [False, True] + [False] * 3], study="trial", measure="HR").cautions
    (said,) = (caution for caution in out.cautions if caution.of == "without D, mut")
    (beside,) = (caution for caution in want if caution.beside is not None)
    assert said.text == beside.text
    assert said.beside.low == pytest.approx(beside.beside.low)
    assert not any(caution.of.startswith("without D, wt") for caution in out.cautions)
