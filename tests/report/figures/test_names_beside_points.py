"""Names beside points cover no other name, no point and no line: measured on what is drawn, not on what was planned."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from combinations import combined
from figure_checks import clipped, clipped_of, overlaps, overlaps_of, visible_texts
from matplotlib.figure import Figure
from matplotlib.path import Path

import metaonc as mo
from metaonc.errors import OptionError
from metaonc.report.figures.key import Key, key_rows
from metaonc.report.style import COLUMN, PAGE

WORDS = ["Randomised", "phase", "III", "maintenance", "avutometinib/defactinib", "KRAS-mutant", "cohort", "of",
         "second", "line", "Zürich", "PALOMA", "2019", "low-grade", "serous", "SUMMIT-2"]  # fmt: skip
SLACK = 0.5  # pixels, at 150 an inch


def trials(k, seed):
    """Return k trials with long names, some of them exactly alike in their counts."""
    rng = np.random.default_rng([k, seed])
    names = [f"{' '.join(rng.choice(WORDS, rng.integers(1, 7)))} {i}" for i in range(k)]
    n = rng.integers(15, 400, k)
    risk = rng.uniform(0.15, 0.6, k)
    events = {"xt": rng.binomial(n, risk * 0.8) + 1, "nt": n + 2, "xc": rng.binomial(n, risk) + 1, "nc": n + 2}
    for column in events.values():
        column[-1] = column[0]
    table = {"trial": names, "year": rng.integers(1990, 2025, k), **events}
    return mo.effect_sizes(table, measure="OR", study="trial", events_t="xt", n_t="nt", events_c="xc", n_c="nc")


def pool(table):
    return mo.pool(table, study="trial", method="DL", ci="wald")


FIGURES = {
    "funnel": lambda t, **o: mo.plot.funnel(pool(t), contours=(0.1, 0.05), **o),
    "radial": lambda t, **o: mo.plot.radial(pool(t), **o),
    "baujat": lambda t, **o: mo.plot.baujat(pool(t), **o),
    "labbe": lambda t, **o: mo.plot.labbe(pool(t), **o),
    "bubble": lambda t, **o: mo.plot.bubble(
        mo.regress(t, "~ year", study="trial", method="DL", ci="wald"), prediction=True, **o
    ),
}


def covered(ax, names, shown):
    """Return what the names beside points cover: points, lines, and leaders of other names."""
    beside = set(ax.texts)
    boxes = {t.get_text(): box.padded(-SLACK) for t, box in shown if t in beside and is_name(t, names)}
    scale, found = ax.figure.dpi / 72, []
    for line in ax.lines:
        path = line.get_transform().transform_path(line.get_path())
        if line.get_label() == "_key":
            continue
        if line.get_linestyle() == "None":
            half = scale * line.get_markersize() / 2
            for x, y in path.vertices[np.isfinite(path.vertices).all(1)]:
                mark = Path([(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)])
                found += [(text, "point") for text, box in boxes.items() if mark.intersects_bbox(box, filled=True)]
        else:
            found += [
                (text, line.get_label()) for text, box in boxes.items() if path.intersects_bbox(box, filled=False)
            ]
    return found


def numbers(ax):
    """Return the numbers that stand beside points instead of names."""
    return [t for t in ax.texts if t.get_text().isdigit() and t.get_transform() == ax.transAxes]


@cache
def solid(names):
    return {"".join(name.split()) for name in names}


def is_name(text, names):
    return "".join(text.get_text().split()) in solid(tuple(names))


@combined("kind, k, width", FIGURES, [5, 20, 60], [COLUMN, PAGE])
def test_names_cover_nothing_that_they_do_not_name(kind, k, width):
    for seed in range(2):
        table = trials(k, seed)
        ax = FIGURES[kind](table, labels="all", width=width)
        names = table["trial"].tolist()
        shown = visible_texts(ax.figure)
        assert covered(ax, names, shown) == []
        assert overlaps_of(shown) == []
        assert clipped_of(shown, ax.figure.bbox) == []
        beside = [t for t in ax.texts if t.get_transform() == ax.transAxes]  # a line below may be a name alone
        written = sum(is_name(t, names) for t in beside) + len(numbers(ax))
        said = [t.get_text() for t in ax.texts if t.get_text().startswith("No room for")]
        assert written > 0
        assert bool(said) == (written < k)
        if said and "names of:" not in said[0]:
            assert said == [f"No room for {k - written} of {k} names."]


def test_names_that_find_no_room_are_said():
    table = trials(60, 0)
    names = table["trial"].tolist()[:3]
    ax = mo.plot.baujat(pool(table), labels=names, width=PAGE)
    below = " ".join(t.get_text() for t in ax.texts)
    shown = [name for name in names if any(is_name(t, [name]) for t in ax.texts) or f" {name};" in f"{below};"]
    (said,) = [t.get_text() for t in ax.texts if t.get_text().startswith("No room for")] or [""]
    assert all((name in shown) != (name in said) for name in names)


def test_a_name_moved_away_has_a_line_to_its_point():
    table = trials(20, 1)
    ax = mo.plot.funnel(pool(table), labels="all", width=PAGE)
    leaders = [line for line in ax.lines if line.get_label() == "_leader"]
    assert leaders
    (points,) = [line for line in ax.lines if line.get_marker() == "o" and len(line.get_xdata()) == 20]
    at = points.get_transform().transform(points.get_xydata())
    for leader in leaders:
        ends = leader.get_transform().transform(leader.get_xydata())
        near = np.hypot(*(at[:, None] - ends[None]).T).min()
        assert near == pytest.approx(points.get_markersize() / 2 * ax.figure.dpi / 72, abs=0.5)


@pytest.mark.parametrize("count", range(1, 9))
@pytest.mark.parametrize("width", [95, 130, 200, 240, 320, 500])
def test_no_entry_of_a_key_stands_alone_below_others(count, width):
    texts = [
        "pooled effect",
        "95% limits",
        "no effect",
        "p < 0.1",
        "p < 0.05",
        "p < 0.01",
        "with radiotherapy",
        "after",
    ]
    rows = key_rows([Key(text=text) for text in texts[:count]], width)
    sizes = [len(row) for row in rows]
    assert sum(sizes) == count
    assert max(sizes) - min(sizes) <= 1
    assert sizes[-1] > 1 or max(sizes) == 1
    assert [text for row in rows for _, text, _ in row] == texts[:count]


@pytest.mark.parametrize("width", [COLUMN, PAGE])
@pytest.mark.parametrize("k", [5, 20, 60])
def test_long_names_of_rows_cover_no_point(k, width):
    names = trials(k, 3)["trial"].tolist()
    evidence = pd.DataFrame({"row_id": names, "trial": names, "outcome": "pfs", "supersedes": None, "nested_in": None,
                             "data_cut": [f"20{10 + i % 9}-0{1 + i % 8}" for i in range(k)]})  # fmt: skip
    ax = mo.plot.timeline(evidence, width=width)
    assert overlaps(ax.figure) == []
    assert clipped(ax.figure) == []
    labels = [box for text, box in visible_texts(ax.figure) if text in ax.get_yticklabels()]
    assert len(labels) == k
    dots = np.concatenate(
        [line.get_transform().transform(line.get_xydata()) for line in ax.lines if line.get_marker() == "o"]
    )
    assert max(box.x1 for box in labels) < dots[dots[:, 0] > ax.bbox.x0 - 20, 0].min() - 3


def test_rows_that_have_no_room_in_given_axes_are_refused():
    table = trials(30, 3)
    evidence = pd.DataFrame({"row_id": table["trial"], "trial": table["trial"], "outcome": "pfs", "data_cut": "2020",
                             "supersedes": None, "nested_in": None})  # fmt: skip
    with pytest.raises(OptionError, match=r"too small for this figure: make it \d+ x \d+ mm"):
        mo.plot.timeline(evidence, ax=Figure(figsize=(6, 3)).add_axes((0, 0, 1, 1)))
