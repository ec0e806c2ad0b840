"""Intervals of single proportions against published ones and statsmodels."""

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

import metaonc as mo
from metaonc.analysis.effects.study_intervals import STUDY_INTERVALS
from metaonc.errors import DataError, OptionError
from metaonc.report.forest.rows import forest_rows

THEIRS = {"exact": "beta", "wilson": "wilson", "agresti-coull": "agresti_coull", "jeffreys": "jeffreys"}
X = np.array([0, 1, 3, 34, 23, 12, 60, 499, 1, 0])
N = np.array([12, 30, 7, 109, 36, 12, 124, 500, 1, 1])
TRIALS = {"trial": ["A", "B", "C"], "x": [0, 23, 12], "n": [20, 36, 12], "by": ["wt", "mut", "mut"]}
ONE = {"events": "x", "n": "n", "study": "trial"}


@pytest.mark.parametrize("level", [0.8, 0.95, 0.999])
@pytest.mark.parametrize("method", STUDY_INTERVALS)
def test_statsmodels(method, level):
    low, high = mo.proportion_interval(X, N, method=method, level=level)
    their_low, their_high = proportion_confint(X, N, alpha=1 - level, method=THEIRS[method])
    inner = (X > 0) & (X < N) if method == "jeffreys" else np.full(len(X), True)  # theirs has no rule for 0 and n
    low_in, high_in = inner | (X == N), inner | (X == 0)
    np.testing.assert_allclose(low[low_in], their_low[low_in], rtol=1e-10, atol=1e-15)
    np.testing.assert_allclose(high[high_in], their_high[high_in], rtol=1e-10)


@pytest.mark.parametrize(
    ("events", "n", "method", "printed"),
    [
        (23, 36, "wilson", (48, 78)),  # PARAGON, clinical benefit at 3 months
        (34, 109, "exact", (23, 41)),  # RAMP 201, combination, response
    ],
)
def test_published(events, n, method, printed):
    low, high = mo.proportion_interval(events, n, method=method)
    assert (round(100 * float(low)), round(100 * float(high))) == printed


@pytest.mark.parametrize("method", STUDY_INTERVALS)
def test_none_and_all_end_at_0_and_1_and_mirror(method):
    low, high = mo.proportion_interval(X, N, method=method)
    assert (low[X == 0] == 0).all()
    assert (high[X == N] == 1).all()
    assert ((low >= 0) & (low < high) & (high <= 1)).all()
    other_low, other_high = mo.proportion_interval(N - X, N, method=method)
    np.testing.assert_allclose(other_low, 1 - high, atol=1e-13)
    np.testing.assert_allclose(other_high, 1 - low, atol=1e-13)


def test_shapes():
    assert mo.proportion_interval(3, 10)[0].shape == ()
    low, _ = mo.proportion_interval([[1], [2]], [10, 20, 30])
    assert low.shape == (2, 3)
    assert low[1, 2] == mo.proportion_interval(2, 30)[0]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([3, 11], 10), DataError, r"trial '2' \(row 1\): events=11 exceeds n=10"),
        (([3, 1.5], 10), DataError, r"\(row 1\): events=1.5 is not a count"),
        (([3, None], 10), DataError, r"\(row 1\): events=None is not a count"),
        ((-1, 10), DataError, "events=-1 is not a count"),
        ((0, 0), DataError, "n=0: no patients"),
        (([3, "many"], 10), DataError, "events='many' is not a number"),
        (([1, 2, 3], [10, 20]), DataError, r"shape \(3,\) and n of shape \(2,\)"),
    ],
)
def test_impossible_counts_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        mo.proportion_interval(*arguments)


def test_unknown_methods_and_levels_are_refused():
    with pytest.raises(OptionError, match="Did you mean 'wilson'"):
        mo.proportion_interval(1, 2, method="wilsn")
    with pytest.raises(OptionError, match=r"level=0\.95"):
        mo.proportion_interval(1, 2, level=95)


@pytest.mark.parametrize("method", STUDY_INTERVALS)
def test_results_and_forest_plots_take_the_method(method):
    low, high = mo.proportion_interval(TRIALS["x"], TRIALS["n"], method=method, level=0.9)
    for r in (
        mo.pool_glmm(TRIALS, level=0.9, **ONE),
        mo.pool(mo.effect_sizes(TRIALS, measure="PFT", **ONE), level=0.9),
    ):
        table = r.study_table(transform=True, interval=method)
        np.testing.assert_array_equal(table[["ci_low", "ci_high"]].to_numpy().T, (low, high))
        assert table["interval"].tolist() == [method] * 3
        content = forest_rows(r, study_interval=method)
        np.testing.assert_array_equal(content.rows["low"][:3], 100 * low)
        assert f"single trials: {STUDY_INTERVALS[method].label}" in " ".join(content.footnotes)
    groups = mo.pool_subgroups(TRIALS, by="by", using=mo.pool_glmm, level=0.9, **ONE)
    content = forest_rows(groups, study_interval=method)
    assert sorted(content.rows.query("kind == 'study'")["high"]) == sorted(100 * high)
    assert STUDY_INTERVALS[method].label in " ".join(content.footnotes)


def test_a_method_without_use_is_refused():
    ratios = mo.pool({"yi": [-0.5, -0.3], "vi": [0.04, 0.03]}, measure="HR")
    for call in (
        lambda: ratios.study_table(transform=True, interval="wilson"),
        lambda: mo.pool_glmm(TRIALS, **ONE).study_table(interval="wilson"),
        lambda: mo.plot.forest(ratios, study_interval="wilson"),
    ):
        with pytest.raises(OptionError, match="for proportions of known counts"):
            call()
    with pytest.raises(OptionError, match="is not an option"):
        mo.plot.forest(ratios, study_interval="walt")
