"""The key below a forest plot says what each mark is, and the marks are what it says."""

import numpy as np
import pytest
from figure_checks import assert_readable
from forest_cases import arrows, diamonds, drawn_lines, key, made, markers, ratios, table

import metaonc as mo
from metaonc.report.forest.figure import forest, forest_pages
from metaonc.report.journals import JOURNALS


def test_the_marks_of_a_pool_are_named():
    ax = forest(ratios(np.log([0.7, 0.8, 0.9])))
    assert key(ax) == ["trial (area: weight)", "pooled effect", "prediction interval"]
    assert_readable(ax.figure)


def test_what_is_not_drawn_is_not_named():
    assert key(forest(ratios(np.log([0.7, 0.8, 0.9])), prediction=False)) == ["trial (area: weight)", "pooled effect"]
    assert key(forest(ratios(np.log(0.5)))) == []  # one trial alone has one mark


def test_an_interval_beyond_the_axis_is_named_and_one_that_was_not_reached():
    wide = forest(ratios(np.log([0.5, 0.9, 1.4])), xlim=(0.8, 1.2))
    assert key(wide)[-1] == "goes on beyond the axis"
    medians = made("MEDLN", 4)
    assert key(forest(medians, unit="months"))[-1] == "goes on beyond the axis, or is not reached"


def test_open_marks_are_named_by_what_they_are():
    assert "common effect" in key(forest(ratios(np.log([0.3, 0.9, 1.4]), 0.01), common=True))
    bayes = mo.pool_bayes(table(4), study="trial", measure="HR")
    assert "shrunken towards the pool" in key(forest(bayes, shrinkage=True))


def test_the_key_stands_on_each_page_and_fits_every_layout():
    result = made("HR", 40)
    for ax in forest_pages(result, height=120):
        assert key(ax)[:2] == ["trial (area: weight)", "pooled effect"]
    for journal in JOURNALS:
        ax = forest(made("HR", 4), journal=journal, width=90)
        assert len(key(ax)) >= 3
        assert_readable(ax.figure)


def test_trials_that_were_filled_in_are_open():
    r = mo.bias.trim_fill(ratios([-1, -0.8, -0.6, -0.5, -0.45, -0.4], [0.5, 0.4, 0.2, 0.1, 0.05, 0.02]))
    assert r.k0 > 0
    ax = forest(r)
    faces = [line.get_markerfacecolor() for line in markers(ax, "s")]
    assert faces.count("white") == r.k0
    assert len(faces) == r.result.k + r.k0
    assert "filled in" in key(ax)


@pytest.mark.parametrize("scale", ["log", "linear"])
def test_a_diamond_is_cut_where_it_leaves_the_axis(scale):
    measure = "HR" if scale == "log" else "MD"
    r = ratios([0.9, 1.0, 1.1], 0.03, measure=measure, method="CE", ci="wald")
    given = np.exp([0.0, r.estimate + 0.05]) if scale == "log" else [0.0, r.estimate + 0.05]
    ax = forest(r, xlim=tuple(given))
    ((*corners,),) = diamonds(ax)
    x, y = np.array(corners).T
    end = ax.get_xlim()[1]
    assert x.max() == pytest.approx(end)
    middle = (y.max() + y.min()) / 2
    at_end = np.abs(y[np.isclose(x, end)] - middle).max() / np.abs(y - middle).max()
    whole = r.ci_high - r.estimate  # half of the diamond, of which 0.05 are drawn
    assert at_end == pytest.approx(1 - 0.05 / whole, rel=1e-6)
    assert any(side == ">" for _, side in arrows(ax))


def test_a_pool_beyond_the_axis_is_a_larger_arrow_than_a_trial_and_keeps_its_numbers():
    r = ratios(np.log([4.0, 5.0, 6.0]), 0.01)
    ax = forest(r, xlim=(0.5, 2.0))
    sizes = sorted((line.get_ydata()[0], line.get_markersize()) for line in drawn_lines(ax) if line.get_marker() == ">")
    *trials, pool, prediction = [size for _, size in sizes]
    assert pool > 1.5 * max(*trials, prediction)
    shown = {t.get_text() for t in ax.texts}
    assert f"{np.exp(r.estimate):.2f} ({np.exp(r.ci_low):.2f} to {np.exp(r.ci_high):.2f})" in shown
