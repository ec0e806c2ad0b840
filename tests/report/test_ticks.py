"""Axes are read by three ticks or more, in every figure and in every part of it that somebody looks at."""

import numpy as np
import pytest
from figure_checks import overlaps, visible_texts

import metaonc as mo
from metaonc.report.ticks import Dates, Scale, around

LENGTHS = (120.0, 200.0, 400.0)  # pt


def expit(x):
    return 1 / (1 + np.exp(-np.asarray(x, dtype=float)))


@pytest.mark.parametrize(
    ("low", "high", "kind", "labels"),
    [
        (2008.4, 2020.6, "whole", ["2010", "2015", "2020"]),
        (2008.4, 2020.6, "linear", ["2010", "2012.5", "2015", "2017.5", "2020"]),
        (0.9, 4.1, "whole", ["1", "2", "3", "4"]),
    ],
)
def test_whole_numbers_have_ticks_at_whole_numbers(low, high, kind, labels):
    assert Scale(label="Year", low=low, high=high, kind=kind).ticks(190.0, 7.0)[1] == labels


def test_a_tick_at_nothing_is_labelled_so():
    ax = mo.plot.drapery(mo.pool({"yi": [0.1] * 4, "vi": [0.05] * 4}, measure="RD", ci="wald"))
    ax.figure.canvas.draw()
    assert [label.get_text() for label in ax.get_xticklabels()] == ["−0.2", "0", "0.2", "0.4"]


def test_the_years_of_trials_are_whole():
    table = {
        "trial": list("ABCDE"),
        "yi": [0.1, 0.3, 0.2, 0.5, 0.6],
        "vi": [0.02] * 5,
        "year": [2009, 2012, 2014, 2018, 2020],
    }
    axes = mo.plot.bubble(mo.regress(table, "~ year", study="trial"))
    assert [text.get_text() for text in axes.get_xticklabels()] == ["2010", "2015", "2020"]


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize(
    ("natural", "kind", "reach"),
    [
        (None, "linear", 1e4),
        (np.exp, "log", 8.0),
        (expit, "percent", 5.0),
        (np.exp, "log", 0.3),
        (None, "percent", 0.5),
    ],
)
def test_every_scale_has_three_ticks_apart(natural, kind, reach, length):
    rng = np.random.default_rng(11)
    for _ in range(60):
        low, high = np.sort(rng.uniform(-reach, reach, 2))
        if high - low < 0.02 * reach:
            continue
        scale = Scale(label="", low=low, high=high, natural=natural, kind=kind)
        at, labels = scale.ticks(length, 7.0)
        assert len(at) >= 3
        assert len(set(labels)) == len(labels)
        assert np.all((at >= low - 1e-9 * (high - low)) & (at <= high + 1e-9 * (high - low)))


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (2018.2, 2023.9, ["2019", "2020", "2021", "2022", "2023"]),
        (2020.9, 2022.6, ["2021", "2021-07", "2022", "2022-07"]),
        (2021.45, 2022.1, ["2021-07", "2021-10", "2022"]),
    ],
)
def test_dates_are_years_or_months(low, high, labels):
    assert Dates(label="", low=low, high=high).ticks(300.0, 7.0)[1] == labels


def trials():
    rng = np.random.default_rng(2)
    n = rng.integers(30, 200, 9)
    table = {"trial": [f"Trial {i}" for i in range(9)], "dose": rng.uniform(1, 9, 9), "xt": rng.binomial(n, 0.3) + 1,
             "xc": rng.binomial(n, 0.45) + 1, "n": n}  # fmt: skip
    return mo.effect_sizes(table, measure="OR", study="trial", events_t="xt", n_t="n", events_c="xc", n_c="n")


def pool(**options):
    return mo.pool(trials(), study="trial", **options)


FIGURES = {
    "funnel": lambda: mo.plot.funnel(pool()),
    "radial": lambda: mo.plot.radial(pool()),
    "baujat": lambda: mo.plot.baujat(pool()),
    "labbe": lambda: mo.plot.labbe(pool()),
    "drapery": lambda: mo.plot.drapery(pool()),
    "orchard": lambda: mo.plot.orchard(pool()),
    "bubble": lambda: mo.plot.bubble(mo.regress(trials(), "~ dose", study="trial")),
    "posterior": lambda: mo.plot.posterior(mo.pool_bayes(trials(), study="trial")),
    "timeline": lambda: mo.plot.timeline(mo.load("lgsoc")),
}


def ticks(axis):
    low, high = sorted(axis.get_view_interval())
    return [t for t in axis.get_majorticklocs() if low <= t <= high]


@pytest.mark.parametrize("kind", FIGURES)
def test_every_axis_has_three_ticks_in_every_part(kind):
    ax = FIGURES[kind]()
    low, high = ax.get_xlim()
    for part in ((0.0, 1.0), (0.3, 0.6), (0.0, 0.1), (0.71, 0.74), (-1.0, 2.0)):
        ax.set_xlim(*(low + share * (high - low) for share in part))
        assert len(ticks(ax.xaxis)) >= 3, part
        shown = [t.get_text() for t, _ in visible_texts(ax.figure)]
        assert sum(label.get_text() in shown for label in ax.get_xticklabels()) >= 3, part
    ax.set_xlim(low, high)
    assert overlaps(ax.figure) == []
    if kind not in ("orchard", "timeline"):  # whose rows have names
        assert len(ticks(ax.yaxis)) >= 3


def test_limits_changed_keep_the_labels_on_the_natural_scale():
    ax = mo.plot.funnel(pool())
    ax.set_xlim(np.log(0.5), np.log(1.5))
    for place, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True):
        assert float(label.get_text()) == pytest.approx(np.exp(place), rel=1e-6)


def test_a_range_of_nothing_is_widened():
    assert around([3.0, 3.0]) == (2.7, 3.3)
