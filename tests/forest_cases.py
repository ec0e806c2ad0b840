"""Results to draw as forest plots, and what to read from the plots."""

from functools import cache

import numpy as np
import pandas as pd
from figure_checks import visible_texts
from matplotlib.patches import Polygon

import metaonc as mo

MIDDLE = 120.0
LONG = "International Collaborative Ovarian Neoplasm Study Group, trial number "
NAMES = {
    "short": "Trial {}",
    "long": LONG + "{} (maintenance, second line or later)",
    "unbroken": "avutometinibdefactinib" * 3 + "{}",
    "slashed": "carboplatin/paclitaxel/bevacizumab/" * 2 + "{}",
    "markup": "Ωmega-3 <b>{}</b> $\\alpha_1^2$ 5% & Исследование",
}
ARMS = {"events_t": "et", "n_t": "nt", "events_c": "ec", "n_c": "nc"}
ONE = {"events": "x", "n": "n", "study": "trial"}


def table(k, names="short", groups=1):
    """Return k trials with counts of one arm and of two, effects, medians, and a subgroup."""
    rng = np.random.default_rng(k)
    n = {c: rng.integers(12, 400, k) for c in ("n", "nt", "nc")}
    x = {"x": rng.binomial(n["n"], 0.35), "et": rng.binomial(n["nt"], 0.3) + 1, "ec": rng.binomial(n["nc"], 0.2) + 1}
    yi, vi = rng.normal(-0.3, 0.3, k), rng.uniform(0.01, 0.2, k)
    median = rng.uniform(4, 30, k).round(1)
    limits = {"low": median * 0.6, "high": np.where(np.arange(k) == 0, np.nan, median * 1.8)}
    labels = [NAMES[names].format(i + 1) for i in range(k)]
    group = [f"level {i % groups}" for i in range(k)]
    return pd.DataFrame({"trial": labels, **n, **x, "yi": yi, "vi": vi, "median": median, **limits, "kras": group})


def effects(rows, measure):
    if measure == "MEDLN":
        return mo.effect_sizes(rows.drop(columns=["yi", "vi"]), measure=measure, median="median", ci_low="low",
                               ci_high="high", study="trial")  # fmt: skip
    return mo.effect_sizes(rows.drop(columns=["yi", "vi"]), measure=measure, **ARMS, study="trial")


def ratios(yi, vi=0.04, **options):
    yi = np.atleast_1d(np.asarray(yi, dtype=float))
    rows = {"trial": [f"T{i}" for i in range(len(yi))], "yi": yi, "vi": np.broadcast_to(vi, yi.shape)}
    return mo.pool(rows, study="trial", **{"measure": "HR", **options})


def rates(x, n, by=None):
    rows = pd.DataFrame({"trial": [f"T{i}" for i in range(len(x))], "x": x, "n": n, "kras": by or ["mut"] * len(x)})
    return mo.pool_subgroups(rows, by="kras", using=mo.pool_glmm, **ONE) if by else mo.pool_glmm(rows, **ONE)


KINDS = {
    "HR": lambda t: mo.pool(t, study="trial", measure="HR"),
    "HR by group": lambda t: mo.pool_subgroups(t, by="kras", study="trial", measure="HR"),
    "OR": lambda t: mo.pool(effects(t, "OR"), study="trial"),
    "PETO by group": lambda t: mo.pool_subgroups(effects(t, "PETO"), by="kras", study="trial"),
    "RD": lambda t: mo.pool(effects(t, "RD"), study="trial", ci="wald"),
    "MEDLN": lambda t: mo.pool(effects(t, "MEDLN"), study="trial", method="DL"),
    "GEN": lambda t: mo.pool(t, study="trial", method="CE"),
    "PLO by group": lambda t: mo.pool_subgroups(t, by="kras", using=mo.pool_glmm, **ONE),
}


@cache
def made(kind, k, names="short", groups=1):
    """Return a result of a kind, of k trials: made once, and frozen."""
    return KINDS[kind](table(k, names, groups))


def drawn_lines(ax):
    """Return the lines of the figure, without the samples of its key."""
    return [line for line in ax.lines if line.get_label() != "_key"]


def key(ax):
    """Return what the marks of the key are, by the texts beside them."""
    return [text.get_text() for line in ax.lines if line.get_label() == "_key" for text in [_beside(ax, line)]]


def _beside(ax, line):
    x, y = max(line.get_xdata()), line.get_ydata()[0]
    right = [t for t in ax.texts if t.get_position()[0] > x and abs(t.get_position()[1] - y) < 0.02]
    return min(right, key=lambda text: text.get_position()[0])


def markers(ax, *which):
    return [line for line in drawn_lines(ax) if line.get_marker() in which]


def squares(ax):
    return {line.get_ydata()[0]: (line.get_xdata()[0], line.get_markersize()) for line in markers(ax, "s")}


def arrows(ax):
    """Return (height, side) of each arrow."""
    return {(line.get_ydata()[0], line.get_marker()) for line in markers(ax, "<", ">")}


def intervals(ax):
    """Return height -> ends of each interval, also of those under diamonds and of the prediction interval."""
    lines = [line for line in drawn_lines(ax) if len(line.get_xdata()) == 2 and np.ptp(line.get_ydata()) == 0]
    return {line.get_ydata()[0]: tuple(line.get_xdata()) for line in lines}


def diamonds(ax):
    return [patch.get_xy() for patch in ax.patches if isinstance(patch, Polygon)]


def texts(ax):
    return [text.get_text() for text, _ in visible_texts(ax.figure)]


def assert_panel_is_free(ax):
    assert [t.get_text() for t, box in visible_texts(ax.figure) if t in ax.texts and box.overlaps(ax.bbox)] == []
