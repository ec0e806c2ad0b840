"""How a figure stands to what a journal asks of its file: width, resolution, type and lines."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..base.messages.arguments import known_arguments
from ..base.messages.warning import warn
from ..errors import DataError, FigureWarning
from .journals import Artwork, Journal, journal_of
from .style import MM

SLACK = 0.05  # mm or points that no reader of a rule measures


@known_arguments
def check_artwork(figure: Axes | Figure, journal: str, *, dpi: float | None = None) -> pd.DataFrame:
    """Return how a figure stands to what a journal asks of its file.

    Parameters
    ----------
    figure : matplotlib Axes or matplotlib Figure
        A figure of any origin, or axes of it, such as a plot function returns.
    journal : str
        One of ``plot.JOURNALS``.
    dpi : float, optional
        Pixels an inch it is written with; None of a vector file, which has none.

    Returns
    -------
    DataFrame
        A row a rule: rule, unit, wanted, found, ok, fix. Type and lines are the smallest that are visible.

    Raises
    ------
    OptionError
        When there is no record of the journal.
    DataError
        When `figure` is none.

    Warns
    -----
    FigureWarning
        When nothing is known of the journal's rules: the table then has no rows, and nothing was checked.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> mo.plot.check_artwork(mo.plot.forest(r, width=85), "Lancet")[["rule", "wanted", "found", "ok"]]
        rule       wanted  found     ok
    0  width  107 or more   85.0  False
    """
    record = journal_of(journal)
    if not record.artwork.is_known:
        warn(nothing_known(record), FigureWarning)
    return measured(figure_of(figure, "a figure or its axes is wanted, not {}: draw it first."), record.artwork, dpi)


def figure_of(thing: Axes | Figure, wanted: str) -> Figure:
    """Return a figure, or that of axes; a DataError that says what is `wanted`, with the kind of thing at {}."""
    if isinstance(thing, Figure):
        return thing
    if not isinstance(thing, Axes):
        raise DataError(wanted.format(type(thing).__name__))
    figure = thing.get_figure(root=True)
    if figure is None:
        raise DataError("these axes belong to no figure.")
    return figure


def nothing_known(journal: Journal) -> str:
    """Return the sentence on a journal whose rules for figures were not found."""
    return (
        f"what {journal.title} asks of a figure's file is not known: nothing was checked; look at its page before "
        "submission."
    )


def measured(figure: Figure, rules: Artwork, dpi: float | None) -> pd.DataFrame:
    """Return a row a rule, as ``check_artwork``; none where nothing is known."""
    width = figure.get_figwidth() / MM
    rows = []
    if rules.narrowest:
        rows.append(_least("width", "mm", rules.narrowest, width, f"draw it with width={rules.narrowest:g} or more"))
    if math.isfinite(rules.widest):
        ok, fix = width <= rules.widest + SLACK, f"draw it with width={rules.widest:g} or less"
        rows.append(("width", "mm", f"{rules.widest:g} or less", width, ok, fix))
    if rules.dpi and dpi is not None:
        rows.append(_least("resolution", "dpi", rules.dpi, dpi, f"save it with dpi={rules.dpi}, or as a vector file"))
    if rules.type_size and (sizes := list(_type_sizes(figure))):
        fix = "draw it wider, or with fewer columns or rows a page"
        rows.append(_least("smallest type", "pt", rules.type_size, min(sizes), fix))
    if rules.line and (widths := list(_line_widths(figure))):
        rows.append(_least("thinnest line", "pt", rules.line, min(widths), "give its artist a greater linewidth"))
    table = pd.DataFrame(rows, columns=["rule", "unit", "wanted", "found", "ok", "fix"])
    return table.astype({"found": float, "ok": bool}).round({"found": 2})


def _least(rule: str, unit: str, least: float, found: float, fix: str) -> tuple[str, str, str, float, bool, str]:
    return rule, unit, f"{least:g} or more", found, found >= least - SLACK, fix


def _type_sizes(figure: Figure) -> Iterator[float]:
    from matplotlib.text import Text

    for text in _seen(figure, Text):
        if text.get_text().strip():
            yield float(text.get_fontsize())


def _line_widths(figure: Figure) -> Iterator[float]:
    from matplotlib.collections import Collection
    from matplotlib.colors import to_rgba
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    for line in _seen(figure, Line2D):
        if line.get_linestyle() not in ("None", "none", " ", "") and len(line.get_xdata()):
            yield float(line.get_linewidth())
    for patch in _seen(figure, Patch):
        if to_rgba(patch.get_edgecolor())[3] > 0:
            yield float(patch.get_linewidth())
    for group in _seen(figure, Collection):
        if len(group.get_edgecolor()):
            yield from (float(w) for w in group.get_linewidth())


def _seen(figure: Figure, kind: type) -> Iterable[Any]:
    """Return the visible artists of a kind, in visible axes, after laying the figure out; nothing is drawn twice."""
    figure.draw_without_rendering()
    hidden = {id(part) for ax in figure.axes if not ax.get_visible() for part in ax.findobj(kind)}
    hidden |= {id(part) for ax in figure.axes for axis in (ax.xaxis, ax.yaxis) for part in _unseen(axis, kind)}
    return [part for part in figure.findobj(kind) if part.get_visible() and id(part) not in hidden and _inked(part)]


def _unseen(axis: Any, kind: type) -> Iterator[Any]:
    """Return what belongs to ticks outside of the view, or to an axis that is not shown."""
    low, high = sorted(axis.get_view_interval())
    slack = 1e-9 * (high - low)
    for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
        if not axis.get_visible() or not low - slack <= tick.get_loc() <= high + slack:
            yield from tick.findobj(kind)


def _inked(part: Any) -> bool:
    width = getattr(part, "get_linewidth", None)
    return width is None or not isinstance(width(), (int, float)) or width() > 0
