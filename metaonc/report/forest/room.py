"""What has room in a forest plot of a given width: columns of text, type, labels; in points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from ...errors import OptionError
from ..slot import EDGE
from ..style import MM
from ..typeset import text_width, wrap
from .content import TRIALS, ForestRows, Note

SIZES = (7.0, 6.0)  # pt: the larger where the width allows it, neither below what the journal prints
GAP = 5.0  # pt between columns
# pt: width of the panel and of the labels as they should be, and the least with which anything is shown
ROOM = ((80.0, 66.0), (46.0, 46.0))
WIDEST_LABEL = 0.42  # of the width, where labels are wrapped
SHARE = 0.38  # of the width, that the panel keeps when lines of heterogeneity ask for a wider label column
END = 10.0  # pt right of a panel at the edge of the figure, for half of its last tick label
LIGHT = 1.7  # of the type size, that a sign in its circle takes
# Columns of a journal that give way where the width does not suffice, the first first: the squares show the weights as
# well, and counts stand in the table of the same rows.
GIVE_WAY = (("share", "share_common"), ("time", "time_t", "time_c"), ("counts_c", "counts", "events", "n", "events_t",
            "n_t", "events_c", "n_c", "o_minus_e", "v"), ("difference",))  # fmt: skip
MOST = 5  # lines below a figure
ELSEWHERE = "More notes: see text."


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Type, the width of the labels, and those of the columns that are shown, in points."""

    size: float
    label: float
    columns: dict[str, float]


def find_room(content: ForestRows, width: float, size: float | None) -> Room:
    """Return what has room in `width` points, in type of `size`, which is chosen when None.

    Where the width does not suffice, the label column gives way first, then the columns of weights, which the squares
    show as well, then type and panel, then other columns that nobody asked for.

    Raises
    ------
    OptionError
        When the width leaves no room for the panel.
    """
    tried = sizes_of(content) if size is None else (size,)
    for columns, (panel, least), points in _choices(content, tried):
        sizes = {c: _column_width(content, c, points) for c in columns}
        rest = width - sum(sizes.values()) - GAP * len(sizes) - _end(content, sizes)
        before = sum(sizes[c] + GAP for c in content.left if c in sizes)
        label = _label_width(content, width, rest, before, points, panel, least)
        if rest - label >= panel:
            return Room(size=points, label=_of_lines(content, label, before, points), columns=sizes)
    need = np.ceil((width + ROOM[-1][0] - (rest - label) + 2 * EDGE) / 72 / MM)
    have = (width + 2 * EDGE) / 72 / MM
    raise OptionError(f"{have:.0f} mm are too narrow for this forest plot: make it {need:.0f} mm or wider.")


def _choices(content: ForestRows, sizes: tuple[float, ...]) -> Iterator[tuple[list[str], tuple[float, float], float]]:
    """Yield columns, room of panel and labels, and type, in the order in which they are tried."""
    every = [*content.left, *content.right]
    shown, less = [every], set[str]()
    for group in GIVE_WAY:
        less |= {c for c in group if c in content.usual}
        shown.append([c for c in every if c not in less])
    for room, size, columns in product(ROOM, sizes, shown[:2]):
        yield columns, room, size
    for columns, room, size in product(shown[2:], ROOM[1:], sizes):
        yield columns, room, size


def sizes_of(content: ForestRows) -> tuple[float, ...]:
    """Return the sizes of type that may be tried, the largest first."""
    return tuple(dict.fromkeys(max(size, content.journal.smallest_type) for size in SIZES))


def small(content: ForestRows, size: float) -> float:
    """Return the type of what is less important, not below the smallest that the journal prints."""
    return max(size - 0.5, content.journal.smallest_type)


def _label_width(
    content: ForestRows, width: float, rest: float, before: float, size: float, panel: float, least: float
) -> float:
    """Return the width of the label column, of the `rest` that it shares with the panel.

    Lines of heterogeneity run on under the columns left of the panel, `before` wide.
    """
    texts = content.rows["kind"] == "text"
    header = content.headers["label"].split(" ")
    wanted = max(text_width(t, size, "bold") for t in (*content.rows["label"][~texts], *header)) + 2
    statistics = max((text_width(t, small(content, size)) for t in content.rows["label"][texts]), default=0.0) + 2
    label = min(wanted, max(WIDEST_LABEL * width, least), max(rest - panel, least))
    return max(label, min(statistics - before, rest - SHARE * width))


def _of_lines(content: ForestRows, label: float, before: float, size: float) -> float:
    """Return the width of the label column without the strip that names leave blank where one is broken into lines."""
    named = content.rows[~content.rows["kind"].isin(["text", "group"])]  # which run on under the columns beside it
    weights = ["normal" if kind in (*TRIALS, "prediction") else "bold" for kind in named["kind"]]
    broken = [wrap(name, label, size, weight) for name, weight in zip(named["label"], weights, strict=True)]
    if all(len(lines) == 1 for lines in broken):
        return label
    texts = content.rows["label"][content.rows["kind"] == "text"]
    statistics = max((text_width(t, small(content, size)) for t in texts), default=0.0) + 2 - before
    names = max(text_width(x, size, weight) for lines, weight in zip(broken, weights, strict=True) for x in lines)
    header = max(text_width(t, size, "bold") for t in content.headers["label"].split(" "))
    return min(label, max(names + 2, header + 2, statistics))


def _column_width(content: ForestRows, column: str, size: float) -> float:
    words = max(text_width(w, size, "bold") for w in content.headers[column].split(" "))
    if content.align[column] == "light":
        return max(words, LIGHT * size) + 1
    texts = [t for t in content.rows[column] if t]
    if content.align[column] == "point":
        before = max((text_width(t, size, "bold") - fraction(t, size, content) for t in texts), default=0.0)
        return max(before + after(content, column, size), words) + 1
    return max(max((text_width(t, size, "bold") for t in texts), default=0.0), words) + 1


def fraction(text: str, size: float, content: ForestRows) -> float:
    """Return the width of a number's decimal point and what follows it."""
    _, point, digits = text.partition(content.journal.point)
    return text_width(point + digits, size, "bold") if point else 0.0


def after(content: ForestRows, column: str, size: float) -> float:
    """Return the room that the widest fraction of a column takes."""
    return max((fraction(t, size, content) for t in content.rows[column]), default=0.0)


def _end(content: ForestRows, sizes: dict[str, float]) -> float:
    """Return the room right of the panel: to the next column, or for half a tick label."""
    return GAP if any(c in sizes for c in content.right) else END


def footnote_lines(notes: Sequence[Note], width: float, size: float) -> list[str]:
    """Return the lines below a figure, at most ``MOST`` of `width` points in type of `size`.

    Where the notes take more, they run on in one paragraph; where that does not suffice, they are told in short; then
    what a figure can do without is left to the text of the same result, and a line says so.
    """
    drawn = [one for one in notes if one.figure]
    for shorter in range(1 + max((len(one.shorter) for one in drawn), default=0)):
        texts = [[one.figure, *one.shorter][: shorter + 1][-1] for one in drawn]
        for parts in (texts, [" ".join(texts)]):
            lines = [line for part in parts for line in wrap(part, width, size)]
            if len(lines) <= MOST:
                return lines
    for least in sorted(range(len(drawn)), key=lambda i: (drawn[i].needed, -i)):
        texts[least] = ""
        lines = wrap(" ".join([*filter(None, texts), ELSEWHERE]), width, size)
        if len(lines) <= MOST:
            break
    return lines
