"""Methods, results, tables, figures and reports of one result say the same, each thing once, and true."""

import re
import warnings
from html import unescape

import numpy as np
import pytest

import metaonc as mo

ONE = {"events": "x", "n": "n", "study": "t"}
EQUAL = {"t": ["Heron", "Ibis"], "hr": [0.75, 0.75], "lo": [0.55, 0.5], "hi": [1.02, 1.12]}
ALIKE = {"t": ["Kite", "Lark", "Merl", "Swan"], "yi": [0.41, 0.40, 0.42, 0.41], "vi": [0.05, 0.03, 0.04, 0.06],
         "line": [1, 2, 3, 3], "g": list("uuvv")}  # fmt: skip
MIXED = {"t": ["Kite", "Lark", "Kite", "Lark", "Merl"], "g": list("uuvvv"), "yi": [-0.5, 0.1, 0.1, -0.1, 0.1],
         "vi": [0.04, 0.05, 0.2, 0.3, 0.25]}  # fmt: skip
RATES = {"t": ["Kite", "Lark", "Merl", "Swan"], "x": [10, 12, 8, 9], "n": [31, 34, None, 42]}


def equal(**options):
    es = mo.effect_sizes(EQUAL, measure="HR", hr="hr", ci_low="lo", ci_high="hi", study="t")
    return mo.pool(es, study="t", **options)


def left_out(table=RATES, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.DataWarning)
        return mo.pool_glmm(table, **ONE, **options)


def words(result, tmp_path, **options):
    """Return the text of a report as a reader sees it, without figures and script."""
    page = mo.write_report(result, tmp_path / "r.html", **options).read_text(encoding="utf-8")
    page = re.sub(r"(?s)<(script|style|svg|pre)\b.*?</\1>", "", page)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page))).replace("\u00a0", " ")


def test_a_narrow_interval_has_the_common_effect_one_in_its_sentence():
    sentence = str(mo.results_text(equal())).split("\n\n")[1]
    w = 1 / mo.effect_sizes(EQUAL, measure="HR", hr="hr", ci_low="lo", ci_high="hi", study="t")["vi"].to_numpy()
    low, high = np.exp(np.log(0.75) + np.array([-1, 1]) * 1.959963984540054 / np.sqrt(w.sum()))
    start = "The pooled hazard ratio of 2 trials was 0.75 (95% CI 0.75 to 0.75), without a test, as effects are equal "
    start += "but for rounding, beside the common-effect"
    assert sentence.startswith(f"{start} interval 0.75 (95% CI {low:.2f} to {high:.2f}), p = ")
    assert "(normal, against t with 1 df); τ² = 0" in sentence
    assert "beside the common-effect interval 0.75 (95% CI " in str(mo.results_text(equal(), journal="JAMA"))
    assert "beside" not in str(mo.results_text(equal(ci="wald")))


def test_each_subgroup_and_coefficient_has_its_own_in_its_sentence():
    groups = str(mo.results_text(mo.pool_subgroups(ALIKE, by="g", study="t")))
    assert len(re.findall(r"beside the common-effect interval [^;]*\(normal, against t with [13] df\)", groups)) == 3
    assert len(re.findall("Effects agree better than their variances allow", groups)) == 1
    line = str(mo.results_text(mo.regress(ALIKE, "~ line", study="t", measure="HR")))
    assert re.search(r"per unit of Line, beside the common-effect interval [\d.]+ \(95% CI ", line)


def test_the_summary_of_a_regression_says_it_on_the_scale_of_its_coefficients():
    r, wald = (mo.regress(ALIKE, "~ line", study="t", measure="HR", ci=ci) for ci in ("HKSJ", "wald"))
    row = wald.coefficients.loc["line"]
    shown = f"of line: difference of log hazard ratios {row['estimate']:.4g} (95 % CI {row['ci_low']:.4g} to "
    assert shown in str(r)
    assert shown in str(mo.sensitivity.permutation_test(r))


@pytest.mark.parametrize("journal", ["JAMA", "BMJ", "Lancet", None])
def test_a_report_says_a_caution_once_whole_and_prints_numbers_one_way(tmp_path, journal):
    r = mo.pool(mo.effect_sizes({**RATES, "n": [42, 42, 42, 42]}, measure="PFT", **ONE), study="t")
    text = words(r, tmp_path, journal=journal)
    text = text[text.index("Forest plot") :]
    decimals = r"\d\.\d" if journal == "Lancet" else r"\d·\d"
    notes = text[text.rindex("Notes") : text.rindex("R script")]
    assert re.search(r"\d[.·]\d", notes)
    assert not re.search(decimals, notes)
    cautious = words(equal(), tmp_path, journal=journal)
    assert cautious.count("Effects agree better than their variances allow, which can be chance.") == 1
    assert "narrower" not in cautious[cautious.rindex("Notes") :]


def test_the_table_of_a_report_has_the_lines_below_its_figure(tmp_path):
    r = mo.pool_subgroups(ALIKE, by="g", study="t", measure="HR")
    text = words(r, tmp_path)
    text = text[text.index("Numbers of the forest plot") : text.rindex("Methods")]
    assert len(re.findall(r"τ² = 0 ; |τ² = 0; I² = 0%; Q = ", text)) == 3
    assert "Test between subgroups (F with one τ², its scale at least 1): F = " in text
    assert "As said above: " in text
    assert "the Hartung-Knapp interval is narrower than the common-effect interval" in text
    line = words(mo.regress(ALIKE, "~ line", study="t", measure="HR"), tmp_path)
    coefficients = line[line.index("Meta-regression: hazard ratio in") : line.index("Numbers of the forest plot")]
    assert "Test of moderators: F = " in coefficients
    assert "is narrower than the common-effect interval" in coefficients


def test_what_the_reading_left_out_is_told_and_never_denied(tmp_path):
    (tmp_path / "t.csv").write_text("Study,Responders,N\nKite,3,20\nLark,NR,30\nMerl,5,25\nTern,6,22\n")
    with pytest.warns(mo.DataWarning, match="left out"):
        rows = mo.read_trials(tmp_path / "t.csv")
    said = "When the table was read, left out: 'Lark' has no figures."
    for made in (
        mo.pool_glmm(rows, events="events", n="n", study="trial"),
        mo.pool(mo.effect_sizes(rows, measure="PLO", events="events", n="n", study="trial")),
    ):
        assert f"{said} Of the trials that remained, none was left out." in str(mo.methods_text(made))
        assert "of the table was left out" not in str(mo.methods_text(made))
        assert said in str(mo.methods_text(mo.results.from_dict(made.to_dict())))
    mo.write_report(made, tmp_path / "r.html", evidence=rows)
    page = unescape((tmp_path / "r.html").read_text())
    assert "Left out when the table was read:" in page
    assert "line 3, column 1: 'Lark' has no figures" in page


def test_rows_taken_out_after_the_reading_are_counted_and_never_denied(tmp_path):
    lines = ["Study,PFS events,PFS N,ORR events,ORR N", *(f"T{i},{i + 2},30,{i + 3},30" for i in range(8))]
    (tmp_path / "t.csv").write_text("\n".join(["Table 1,,,,", *lines, "T9,NR,30,NR,30", "ITT patients,,,,"]) + "\n")
    with pytest.warns(mo.DataWarning, match="left out"):
        rows = mo.read_trials(tmp_path / "t.csv")
    orr = mo.effect_sizes(rows[rows["outcome"] == "orr"], measure="PLO", events="events", n="n", study="trial")
    left = "When the table was read, left out: 'T9' has no figures ('NR')."
    whole = str(mo.methods_text(mo.pool(orr)))
    assert f"{left} Of the trials that remained, none was left out." in whole
    assert "Table 1" not in whole
    assert "ITT patients" not in whole
    for part in (orr[:5], orr[orr["events"] > 5]):
        said = str(mo.methods_text(mo.pool(part)))
        assert f"{left} 8 rows on this outcome were read, of which {len(part)} are in this analysis." in said
        assert "none was left out" not in said
    (tmp_path / "clean.csv").write_text("\n".join(lines) + "\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.DataWarning)
        clean = mo.read_trials(tmp_path / "clean.csv")
    part = clean[clean["outcome"] == "orr"][1:]
    said = str(mo.methods_text(mo.pool_glmm(part, events="events", n="n", study="trial")))
    assert "8 rows on this outcome were read, of which 7 are in this analysis." in said
    assert "of the table was left out" not in said


def test_methods_and_results_agree_on_what_was_left_out():
    said = "1 of 4 trials was left out: Merl (number of patients not reported)."
    for text in (mo.methods_text(left_out()), mo.results_text(left_out()), mo.table(left_out())):
        assert said in str(text)
    assert "No trial of the table was left out." in str(mo.methods_text(mo.pool(ALIKE, study="t")))
    assert "No row of the table was left out." in str(mo.methods_text(mo.pool(MIXED, study="t")))
    two = {"t": ["Kite", "Lark"], "a": [3, 4], "m": [20, 21], "c": [5, 6], "k": [19, None]}
    with pytest.warns(mo.DataWarning):
        r = mo.pool_mantel_haenszel(two, events_t="a", n_t="m", events_c="c", n_c="k", study="t")
    assert "Lark (number of patients in the control arm not reported)" in str(mo.results_text(r))


def test_text_table_and_figure_agree_on_trials_and_patients():
    r = left_out()
    row = mo.plot.forest_rows(r).rows.query("kind == 'pooled'").iloc[0]
    assert row["label"].replace("\u00a0", " ") == "Overall (k = 3)"
    assert row["counts"] == "31/107"
    assert "pooled proportion of 3 trials (107 patients)" in str(mo.results_text(r))


def test_the_prediction_interval_of_a_subgroup_is_where_its_caution_is():
    r = mo.pool_subgroups(MIXED, by="g", study="t", measure="HR")
    assert np.isnan(r.overall.prediction_low)
    assert r.groups["v"].tau2 == 0
    results, methods = str(mo.results_text(r)), str(mo.methods_text(r))
    assert results.count("in a new trial it is expected between") == 1
    assert "no proof that effects do not vary (subgroup v)" in results
    assert "Prediction intervals (95%), of subgroups alone, are for the effect in a new trial" in methods
    shown = mo.plot.forest_rows(r)
    assert not (shown.rows["kind"] == "prediction").any()
    assert not any("no proof" in line for line in (*shown.footnotes, *mo.table(r).footnotes))


def test_levels_that_share_a_control_arm_are_called_so_by_all_parts():
    table = {"t": ["Tern", "Tern", "Rook", "Wren"], "dose": ["low", "high", "high", "low"],
             "ctl": ["p", "p", None, None], "a": [14, 22, 9, 17], "m": [51, 49, 44, 63], "c": [7, 7, 6, 9],
             "k": [50, 50, 43, 64]}  # fmt: skip
    es = mo.effect_sizes(table, measure="OR", events_t="a", n_t="m", events_c="c", n_c="k", study="t")
    with pytest.warns(mo.MethodWarning, match="share patients: those of the control arm p"):
        r = mo.pool_subgroups(es, by="dose", study="t", shared="ctl")
    for part in r.groups.values():
        assert "no two of these rows are said to share a control arm" in part.provenance.notes[0]
    assert "2 rows of Tern share the control arm p" in r.overall.provenance.notes[0]


def test_r2_of_a_variance_that_may_be_none_is_cautioned_and_of_none_is_not_printed():
    effects = {"t": list("VWXYZ"), "x": [5, 8, 12, 15, 20], "n": [40, 45, 50, 50, 55], "line": [1, 2, 3, 4, 5]}
    r = mo.regress(mo.effect_sizes(effects, measure="PLO", **ONE), "~ line", study="t")
    flat = mo.pool(mo.effect_sizes(effects, measure="PLO", **ONE), study="t")
    assert flat.q_p > 0.05
    assert r.r2 > 0
    assert "R² is a share of a variance between trials which these trials do not show" in str(mo.results_text(r))
    apart = {"yi": [0.1, 0.9, -0.3, 0.4], "vi": [0.01] * 4, "x": [1.0, 4.0, 0.0, 1.0]}
    assert "is a share of" not in str(mo.results_text(mo.regress(apart, "~ x")))


def test_r2_of_a_variance_that_is_rounding_is_none():
    from metaonc.analysis.pooling.regression.regress import _r2

    v = np.full(4, 0.05)
    just = np.sqrt(3 * (0.05 + np.array([1e-9, 1e-3])) / 4)  # effects whose variance is that of sampling and a trace
    tiny, some = (np.array([-1.0, 1.0, -1.0, 1.0]) * scale for scale in just)
    assert np.isnan(_r2(tiny, v, 0.0, "HE"))
    assert _r2(some, v, 0.0, "HE") == 100


def test_small_samples_and_transforms_back_are_named_with_their_sources():
    means = {
        "t": ["Kite", "Lark"],
        "m1": [5, 8],
        "s1": [2, 2.5],
        "k1": [20, 25],
        "m2": [4, 6],
        "s2": [2, 2.5],
        "k2": [21, 25],
    }
    es = mo.effect_sizes(means, measure="SMD", mean_t="m1", sd_t="s1", n_t="k1", mean_c="m2", sd_c="s2", n_c="k2",
                         study="t")  # fmt: skip
    text = str(mo.methods_text(mo.pool(es, study="t")))
    assert "as Hedges' g, which corrects for small samples." in text
    assert "Journal of Educational Statistics 1981;6(2):107-128, doi:10.3102/10769986006002107" in text
    table = {**RATES, "n": [31, 34, 28, 42]}
    text = str(mo.methods_text(mo.pool(mo.effect_sizes(table, measure="PFT", **ONE), study="t")))
    assert "transformed back with the harmonic mean of the sample sizes." in text
    assert "American Statistician 1978;32(4):138, doi:10.1080/00031305.1978.10479283" in text
    assert "harmonic" not in str(mo.methods_text(mo.pool(mo.effect_sizes(table, measure="PLO", **ONE), study="t")))


def test_heterogeneity_of_few_trials_is_said_to_be_hardly_known():
    few, more = mo.pool(ALIKE, study="t"), mo.pool({"yi": [0.1, 0.5, 0.2, -0.1, 0.4], "vi": [0.05] * 5})
    assert "heterogeneity is hardly known from 4 trials; in a new trial" in str(mo.results_text(few))
    assert "hardly known" not in str(mo.results_text(more))
    assert "hardly" not in str(mo.results_text(mo.pool({"yi": [0.1], "vi": [0.05]})))


def test_changed_trials_are_named_once():
    es = mo.effect_sizes({"t": list("TUVWXYZ"), "x": [0, 0, 0, 0, 7, 8, 9], "n": [20] * 7}, measure="PLO", **ONE)
    text = str(mo.methods_text(mo.pool(es, study="t")))
    assert "0.5 added to each cell, in 4 trials (T, U, V, W)" in text
    assert "Corrected" not in text


@pytest.mark.filterwarnings("ignore::metaonc.errors.DataWarning")
def test_what_of_a_report_does_not_agree_is_told_in_words_once_a_trial():
    table = {"t": ["Kite", "Lark"], "hr": [0.5, 0.7], "lo": [0.3, 0.5], "hi": [0.83, 0.98], "p": [0.5, 0.04],
             "om": [-3, None], "v": [4, None]}  # fmt: skip
    es = mo.effect_sizes(table, measure="HR", hr="hr", ci_low="lo", ci_high="hi", p="p", o_minus_e="om", v="v",
                         study="t")  # fmt: skip
    said = "Kite: p and its interval disagree, another effect by O − E and V and another effect by hazard ratio and V."
    assert f"Remarks on single trials: {said}" in str(mo.methods_text(mo.pool(es, study="t")))


def test_rows_of_one_trial_are_told_apart_by_their_arms():
    table = {"t": ["Tern", "Tern", "Rook"], "arm": ["5 mg", "20 mg", "10 mg"], "x": [3, 14, 9], "n": [40, 41, 50]}
    text = str(mo.results_text(mo.pool_glmm(table, **ONE)))
    assert "ranged from 7.5% (Tern, 5 mg) to 34.1% (Tern, 20 mg)." in text


def test_a_difference_across_trials_that_is_fragile_has_the_other_in_its_sentence():
    table = {"t": list("KLM") * 2, "g": list("uuuvvv"), "yi": [-0.5, -0.51, -0.49, -0.1, -0.11, -0.1],
             "vi": [0.04, 0.05, 0.06, 0.05, 0.04, 0.05]}  # fmt: skip
    r = mo.interaction(table, by="g", study="t", contrast=("u", "v"), measure="HR")
    text = str(mo.results_text(r))
    assert re.search(
        r"Across trials, [^;]*, beside the difference \(scale at least 1\) 0\.67 \(95% CI 0\.\d+ to 1", text
    )
    assert "by itself" in str(r)
    assert "by itself" not in text  # whose pools only the summary shows


def test_a_document_that_lists_rows_left_out_does_not_deny_them(tmp_path):
    table = tmp_path / "t.csv"
    table.write_text(
        "Study,KRAS,Responders,N\nKite,mutant,3,20\nKite,wild-type,6,20\nLark,mutant,4,30\nMerl,mutant,5,25\n"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = mo.analyse(table, outcome="orr", by="KRAS")
    assert len(found.selection.left_out) == 2
    mo.write_report(found.result, tmp_path / "a.html", evidence=found.labelled, left_out=found.selection.left_out)
    page = unescape((tmp_path / "a.html").read_text())
    assert "Rows left out, each with its reason" in page
    assert "2 rows were not taken, each listed with its reason under Evidence." in page
    assert "Of the rows that remained, none was left out." in page
    assert "of the table was left out" not in page


def test_a_document_says_what_figures_call_the_measure(tmp_path):
    r = mo.pool_glmm({**RATES, "x": [10, 12, 8, 9], "n": [31, 34, 30, 42]}, **ONE)
    mo.write_report(r, tmp_path / "r.html", effect="ORR")
    page = unescape((tmp_path / "r.html").read_text())
    assert (
        "The effect measure was the proportion, analysed as logit proportion. Figures and tables call it ORR." in page
    )
    mo.write_report(r, tmp_path / "r.html", effect="Proportion")
    assert "Figures and tables call it" not in (tmp_path / "r.html").read_text()
    assert "Figures and tables" not in str(mo.methods_text(r))
