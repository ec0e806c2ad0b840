"""Pooled medians and landmark rates: metafor's numbers of the same effects, and what must be so."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from reference import pinned
from scipy.special import ndtri

import metaonc as mo
from metaonc.analysis.synthesis.medians.quantiles import weighted_median
from metaonc.errors import DataError, OptionError

R = pinned.load("medians")
RTOL = 1e-7  # metafor is asked to converge to 1e-12; tau² moves the estimate
SHARED = Path(__file__).parents[3].parent / "shared" / "survival_refs"
ARM = {"study": "trial", "median": "m", "ci_low": "lo", "ci_high": "hi"}


def assert_like_metafor(r, want):
    got = (r.estimate, r.ci_low, r.ci_high, r.tau2, r.q)
    np.testing.assert_allclose(got, [want[x] for x in ("b", "lb", "ub", "tau2", "q")], rtol=RTOL)


def test_medians_by_reported_intervals_of_any_level():
    table = pd.DataFrame(R["medians"]["data"])
    assert table["hi"].isna().sum() == 2
    r = mo.survival.pool_medians(table, **ARM, reported_level="level")
    assert_like_metafor(r.pool, R["medians"]["pool"])
    by = mo.survival.pool_medians(table, **ARM, reported_level="level", by="kras")
    for group in ("mut", "wt"):
        assert_like_metafor(by.pool.groups[group], R["medians"][group])
    assert by.weighted["group"].tolist() == ["wt", "mut"]


def test_an_upper_limit_not_reached_is_said_and_may_be_written_in_trials_of_several_subgroups():
    table = pd.DataFrame(R["medians"]["data"])
    split = table.assign(trial=["A", "A", "B", "B", "C", "C", "D", "D"])
    columns = {**ARM, "reported_level": "level", "by": "kras"}
    empty = mo.survival.pool_medians(split, **columns)
    written = mo.survival.pool_medians(split.assign(hi=split["hi"].astype(object).fillna("NR")), **columns)
    for r in (empty, written):
        assert r.open_limits == ("B", "C")
        said = "lower limit alone where the upper one was not reached (subgroup wt, overall). Such are medians of B, C"
        assert said in str(r)
        assert "lower limit alone" in mo.results_text(r)
        assert mo.plot.forest(r).figure is not None
        assert r.tidy(transform=True)["ci_high"].isna().sum() == 1  # of the level asked for; the other is of 90 %
        assert mo.results.from_json(r.to_json()).open_limits == ("B", "C")
        for group in ("mut", "wt"):
            assert_like_metafor(r.pool.groups[group], R["medians"][group])
    closed = mo.survival.pool_medians(table.dropna(), **ARM)
    assert closed.open_limits == ()
    assert not any("lower limit" in str(caution) for caution in closed.cautions)


def test_ratios_of_medians():
    table = pd.DataFrame(R["ratios"]["data"])
    arms = {f"{a}_{t}": f"{b}{t}" for t in "tc" for a, b in (("median", "m"), ("ci_low", "lo"), ("ci_high", "hi"))}
    r = mo.survival.pool_medians(table, study="trial", **arms)
    assert_like_metafor(r.pool, R["ratios"]["pool"])
    assert not len(r.weighted)


def test_landmarks_by_limits_errors_and_patients_at_risk():
    table = pd.DataFrame(R["landmark"]["data"])
    r = mo.survival.pool_landmark(table, study="trial", survival="s", ci_low="lo", ci_high="hi", se="se", n_risk="n")
    assert_like_metafor(r, R["landmark"]["pool"])
    assert r.natural(r.estimate) == pytest.approx(R["landmark"]["survival"], rel=1e-8)
    data = r.studies.data
    with_se = data["se"].notna() & data["lo"].isna()
    s, se = data["s"][with_se], data["se"][with_se]
    np.testing.assert_allclose(data["n_eff"][with_se], s * (1 - s) / se**2, rtol=1e-12)
    peto = data["se"].isna() & data["lo"].isna()
    np.testing.assert_allclose(data["n_eff"][peto], data["n"][peto] / data["s"][peto], rtol=1e-12)
    assert r.tidy(transform=True)["estimate"].between(0, 1).all()


@pytest.mark.skipif(not SHARED.exists(), reason="data that stay elsewhere")
def test_thirty_trials_of_lung_cancer():
    table = pd.read_csv(SHARED / "B2_median_survival_lung_input.csv")
    arm = {a: f"{b}.g1" for a, b in (("median", "med"), ("ci_low", "med.ci.lb"), ("ci_high", "med.ci.ub"))}
    r = mo.survival.pool_medians(table, study="study", **arm, n="n.g1", reported_level="med.ci.level.g1", ci="wald")
    assert r.weighted.iloc[0, 2:].tolist() == [12.1, 10.9, 17.5]
    arms = {f"{a}_{t}": f"{b}.{g}" for t, g in (("t", "g1"), ("c", "g2"))
            for a, b in (("median", "med"), ("ci_low", "med.ci.lb"), ("ci_high", "med.ci.ub"))}  # fmt: skip
    ratio = mo.survival.pool_medians(table, study="study", **arms, ci="wald").pool
    assert round(float(np.exp(ratio.estimate)), 4) == 1.1129


def test_the_weighted_median_knows_what_was_not_reached():
    found = weighted_median(np.array([5.0, np.inf, 9.0, 12.0]), np.array([1.0, 1.0, 1.0, 1.0]), 0.8)
    assert found == (9.0, 5.0, np.inf)
    assert weighted_median(np.array([5.0, 7.0, 9.0]), np.array([1.0, 1.0, 5.0]), 0.95).median == 9
    table = TABLE.assign(m=["8", "NR", "NR", "NR"])
    r = mo.survival.pool_medians(table, **ARM, at_least="end")
    assert np.isinf(r.weighted["median"]).all()
    assert "not reached" in str(mo.results_text(r))


def test_limits_of_a_weighted_median_need_as_many_as_reach_the_level():
    # binomial: the range of k values misses the median they are drawn about when all lie on one side
    for level in (0.5, 0.8, 0.95, 0.99):
        for k in range(1, 12):
            reached = 1 - 2 * 0.5**k >= level
            found = weighted_median(np.arange(1.0, k + 1), np.ones(k), level)
            assert np.isfinite([found.ci_low, found.ci_high]).all() == reached, (level, k)
    r = mo.survival.pool_medians(TABLE, **ARM)
    assert r.weighted[["ci_low", "ci_high"]].isna().all(axis=None)
    for text in (str(r), str(mo.results_text(r))):
        assert "imits of a weighted median at 95" in text
    six = pd.DataFrame({"trial": list("ABCDEF"), "m": range(8, 14), "lo": range(6, 12), "hi": range(10, 16)})
    r = mo.survival.pool_medians(six, **ARM)
    assert r.weighted.iloc[0, 2:].tolist() == [10, 8, 13]
    assert not r.limitless


def test_upper_limits_not_reached_are_printed(tmp_path):
    table = TABLE.astype({"hi": object})
    table.loc[2, "hi"] = "NR"
    r = mo.survival.pool_medians(table, **ARM)
    same = mo.survival.pool_medians(TABLE, **ARM)
    assert str(mo.table(r)) == str(mo.table(same))
    assert "(9.0 to NR)" in str(mo.table(r))
    assert str(mo.results_text(r)) == str(mo.results_text(same))
    mo.plot.forest(r)
    mo.write_report(r, tmp_path / "report.html")
    assert "9.0 to NR" in (tmp_path / "report.html").read_text()


def test_trials_without_a_name_are_refused():
    for lacking in (None, np.nan, " "):
        table = TABLE.astype({"trial": object})
        table.loc[2, "trial"] = lacking
        with pytest.raises(DataError, match="row 2: trial is missing; name the trial, or leave the row out"):
            mo.survival.pool_medians(table, **ARM)
        rates = pd.DataFrame({"trial": table["trial"], "s": 0.5, "se": 0.05})
        with pytest.raises(DataError, match="row 2: trial is missing; name the trial, or leave the row out"):
            mo.survival.pool_landmark(rates, study="trial", survival="s", se="se")


TABLE = pd.DataFrame({"trial": list("ABCD"), "m": [8.0, 10.0, 13.0, 9.0], "lo": [7.0, 8.0, 9.0, 8.0],
                      "hi": [9.9, 13.0, np.nan, 11.0], "end": [30.0, 30.0, 24.0, 30.0]})  # fmt: skip


def test_medians_not_reached_are_refused_or_bounded_and_said():
    table = TABLE.astype({"m": object})
    table.loc[2, "m"] = "not reached"
    with pytest.raises(DataError, match=r"trial 'C' \(row 2\): m was not reached\. Left out, the pool would be"):
        mo.survival.pool_medians(table, **ARM)
    r = mo.survival.pool_medians(table, **ARM, at_least="end")
    assert r.bounded == ("C",)
    row = r.tidy().set_index("term").loc["C"]
    np.testing.assert_allclose((row["estimate"], row["se"]), (np.log(24), np.log(24 / 9) / 1.959963984540054))
    for text in (str(r), str(mo.results_text(r))):
        assert "stand at a time that they exceed" in text
    assert "stands at 24, which it exceeds" in str(mo.methods_text(r))


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("m", None, r"trial 'C' \(row 2\): m is missing; write NR where it was not reached"),
        ("m", -1, r"trial 'C' \(row 2\): median=-1"),
        ("lo", 20, r"trial 'C' \(row 2\): median=13 lies outside|upside down|median=13"),
    ],
)
def test_what_cannot_be_is_refused(column, value, said):
    table = TABLE.astype(object)
    table.loc[2, column] = value
    with pytest.raises(DataError, match=said):
        mo.survival.pool_medians(table, **ARM)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"s": 42}, r"trial 'B' \(row 1\): s=42 is not between 0 and 1: divide percent by 100"),
        ({"s": 0}, r"trial 'B' \(row 1\): s=0 is not between 0 and 1: its log\(-log S\) is infinite"),
        ({"lo": 0.6}, r"trial 'B' \(row 1\): s=0.5 lies outside its interval 0.6 to 0.61"),
        ({"lo": None}, r"trial 'B' \(row 1\): has no error of its survival"),
    ],
)
def test_landmarks_that_cannot_be(columns, said):
    table = pd.DataFrame({"trial": list("AB"), "s": [0.4, 0.5], "lo": [0.3, 0.4], "hi": [0.5, 0.61]}).astype(object)
    for name, value in columns.items():
        table.loc[1, name] = value
    with pytest.raises(DataError, match=said):
        mo.survival.pool_landmark(table, study="trial", survival="s", ci_low="lo", ci_high="hi")


def test_columns_that_do_not_go_together():
    with pytest.raises(OptionError, match="of one arm, or all of"):
        mo.survival.pool_medians(TABLE, study="trial", median="m")
    with pytest.raises(OptionError, match="where the error of survival comes from"):
        mo.survival.pool_landmark(TABLE, study="trial", survival="m")


def test_methods_say_in_words_where_errors_come_from():
    d = {"trial": list("ABC"), "s": [0.42, 0.55, 0.4], "lo": [0.33, None, None], "hi": [0.51, None, None],
         "n": [None, 38, None], "se": [None, None, 0.05]}  # fmt: skip
    r = mo.survival.pool_landmark(d, study="trial", survival="s", ci_low="lo", ci_high="hi", n_risk="n", se="se")
    said = str(mo.methods_text(r))
    assert "by their 95% interval" in said
    assert "by Peto's formula from the patients at risk, in 1 trial (B)" in said
    assert "with their standard error in 1 trial (C)" in said
    assert "another way" not in said


def test_medians_and_rates_are_of_the_level_that_the_table_says_of_their_limits():
    table = {"trial": ["A", "B"], "estimate": [10.0, 12.0], "ci_low": [8.0, 9.0], "ci_high": [13.0, 16.0],
             "ci_level": [0.9, 0.99]}  # fmt: skip
    columns = {"study": "trial", "median": "estimate", "ci_low": "ci_low", "ci_high": "ci_high"}
    r = mo.survival.pool_medians(table, **columns)
    se = np.log([13 / 8, 16 / 9]) / (2 * ndtri([0.95, 0.995]))
    np.testing.assert_allclose(r.overall.studies.vi, se**2, rtol=1e-12)
    assert r.provenance.settings["reported_level"] == "ci_level"
    with pytest.raises(mo.DataError, match=r"ci_level=0\.9 is the level of ci_low, and reported_level=0\.95 was given"):
        mo.survival.pool_medians(table, reported_level=0.95, **columns)
    rates = table | {"s": [0.5, 0.6], "ci_low": [0.4, 0.45], "ci_high": [0.6, 0.7]}
    rates = mo.survival.pool_landmark(rates, study="trial", survival="s", ci_low="ci_low", ci_high="ci_high")
    low, high = np.log(-np.log([0.4, 0.45])), np.log(-np.log([0.6, 0.7]))
    np.testing.assert_allclose(rates.studies.vi, ((low - high) / (2 * ndtri([0.95, 0.995]))) ** 2, rtol=1e-12)
    assert rates.studies.data["route"].tolist() == ["survival and 90 % interval", "survival and 99 % interval"]


def test_a_median_that_a_reader_wrote_as_not_reached_stands_at_its_bound(tmp_path):
    rows = ["A,x,pfs,6.4 (5.1-8.0),20", "B,x,pfs,NR (14.1-NE),24", "C,x,pfs,8.2 (6.6-9.7),22"]
    (tmp_path / "m.csv").write_text("\n".join(['trial,arm,outcome,"median, months",fu', *rows]))
    with pytest.warns(mo.DataWarning, match="not plain"):
        read = mo.read_trials(tmp_path / "m.csv")
    columns = {"study": "trial", "median": "estimate", "ci_low": "ci_low", "ci_high": "ci_high"}
    r = mo.survival.pool_medians(read, at_least="fu", **columns)
    plain = {
        "trial": list("ABC"),
        "m": [6.4, "NR", 8.2],
        "lo": [5.1, 14.1, 6.6],
        "hi": [8.0, "NR", 9.7],
        "f": [20, 24, 22],
    }
    assert r.bounded == ("B",)
    assert r.overall.estimate == mo.survival.pool_medians(plain, at_least="f", **ARM).overall.estimate
    with pytest.raises(DataError, match=r"trial 'B' .* live shorter"):
        mo.survival.pool_medians(read, **columns)
    with pytest.raises(DataError, match="estimate is missing"):  # of another figure than that
        mo.survival.pool_medians(read.assign(not_reached="ci_high"), at_least="fu", **columns)


def test_a_bound_is_no_reported_median_wherever_the_pool_within_is_printed():
    table = {"trial": list("ABCD"), "m": [8.2, 11.0, 6.4, "NR"], "lo": [6.1, 8.3, 5.0, 14.1],
             "hi": [10.4, "NR", 8.1, "NR"], "f": [20, 22, 24, 24], "g": list("xxyy")}  # fmt: skip
    r = mo.survival.pool_medians(table, **ARM, at_least="f", unit="months")
    said = "stand at a time that they exceed"
    for result in (r, r.pool, mo.results.from_json(r.pool.to_json()), mo.sensitivity.leave_one_out(r.pool)):
        assert said in str(result)
        assert "Such are medians of B, D" in str(result)
    for result in (r, r.pool):
        text = str(mo.results_text(result))
        assert said in text
        assert "to more than 24.0" in text
        assert "the lower limit of their 95% interval, in 1 trial (D)" in str(mo.methods_text(result))
        shown = str(mo.table(result))
        assert ">24.0 (14.1 to NR)" in shown
        assert said in shown
    assert " months (95% CI" in str(mo.results_text(r)).partition("The pooled median time")[2].partition(";")[0]
    by = mo.survival.pool_medians(table, **ARM, at_least="f", by="g")
    assert said in str(by.pool.groups["y"])
    assert said not in str(by.pool.groups["x"])
    without = mo.survival.pool_medians({name: x[:3] for name, x in table.items()}, **ARM)
    assert said not in str(without.pool)


def test_an_error_by_the_lower_limit_alone_is_said_of_every_pool_of_medians():
    table = {"trial": ["A", "B"], "m": [8.2, 11.0], "lo": [6.1, 8.3], "hi": [10.4, "NR"]}
    es = mo.effect_sizes(table, measure="MEDLN", study="trial", median="m", ci_low="lo", ci_high="hi")
    assert "lower limit alone where the upper one was not reached. Such are medians of B" in str(mo.pool(es))


def test_survival_in_percent_is_read_where_it_has_its_sign():
    shares = {"trial": list("ABC"), "s": [0.45, 0.5, 0.6], "lo": [0.33, 0.4, 0.5], "hi": [0.555, 0.6, 0.7]}
    signs = shares | {"s": ["45%", "0.5", 0.6], "lo": [" 33 %", 0.4, 0.5], "hi": ["55.5%", 0.6, 0.7]}
    how = {"survival": "s", "ci_low": "lo", "ci_high": "hi"}
    got = mo.survival.pool_landmark(signs, **how)
    assert got.estimate == mo.survival.pool_landmark(shares, **how).estimate
    assert "s, lo, hi: texts with a sign of percent were read as shares" in str(got)
    with pytest.raises(mo.DataError, match="divide percent by 100"):
        mo.survival.pool_landmark(shares | {"s": [45, 0.5, 0.6]}, **how)
