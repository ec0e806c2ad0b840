"""What journals ask of a figure's file: width, resolution, type and lines, a frozen record a publisher."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..base.check import one_of
from .style import MM, PAGE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SLACK = 0.05  # mm or points that no reader of a rule measures


@dataclass(frozen=True, slots=True, kw_only=True)
class Artwork:
    """What a journal asks of a figure.

    Attributes
    ----------
    title
        Of the journal or its publisher.
    narrowest, widest
        Width in mm.
    dpi
        Least pixels an inch of line art.
    type_size, line
        Smallest type and thinnest line, in points.
    source, grade
        Where the values are from, and how well they are known: ``primary`` (a page of the journal's own) or
        ``secondary`` (a transcription of it). All are some years old: look at the journal's page before submission.
    """

    title: str
    narrowest: float = 0.0
    widest: float = math.inf
    dpi: int = 0
    type_size: float = 0.0
    line: float = 0.0
    source: str
    grade: str


ARTWORK: Mapping[str, Artwork] = MappingProxyType({
    "JAMA": Artwork(title="JAMA", narrowest=127.0, dpi=350,
                    source="AMA Manual of Style, an older edition", grade="primary"),
    "Lancet": Artwork(title="The Lancet", narrowest=107.0, dpi=300,
                      source="The Lancet's artwork guidelines, a copy of 2012", grade="primary"),
    "NEJM": Artwork(title="New England Journal of Medicine", dpi=1200,
                    source="transcriptions of its Technical Guidelines for Figures", grade="secondary"),
    "Elsevier": Artwork(title="Elsevier (Annals of Oncology, European Journal of Cancer)", widest=190.0, dpi=1000,
                        type_size=7.0, source="Elsevier's artwork pages for type; a journal that repeats them for "
                        "pixels and width", grade="secondary"),
    "BMC": Artwork(title="BMC (Systematic Reviews, Trials)", widest=PAGE, dpi=300, type_size=8.0, line=0.5,
                   source="BMC's page on figures, an older copy", grade="primary"),
})  # fmt: skip


def artwork_of(journal: str) -> Artwork:
    """Return what a journal asks of figures.

    Raises
    ------
    OptionError
        When nothing is known of it: no rule was found for JCO and BMJ.
    """
    return ARTWORK[one_of("journal whose rules for figures are known", journal, ARTWORK)]


def check_artwork(figure: Figure, journal: str, *, dpi: float | None = None) -> pd.DataFrame:
    """Return how a figure stands to what a journal asks of its file.

    Parameters
    ----------
    figure
        A figure of any origin.
    journal
        One of ``ARTWORK``: JAMA, Lancet, NEJM, Elsevier, BMC.
    dpi
        Pixels an inch it is written with; None of a vector file, which has none.

    Returns
    -------
    DataFrame
        A row a rule: rule, unit, wanted, found, ok, fix. Type and lines are the smallest that are visible.

    Raises
    ------
    OptionError
        When nothing is known of the journal's rules.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> mo.plot.check_artwork(mo.plot.forest(r, width=85).figure, "Lancet")[["rule", "wanted", "found", "ok"]]
        rule       wanted  found     ok
    0  width  107 or more   85.0  False
    """
    rules = artwork_of(journal)
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
