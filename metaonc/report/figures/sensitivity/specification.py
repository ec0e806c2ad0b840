"""Specification curves: every combination of choices in order of its estimate, and the choices below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ....analysis.sensitivity.choices.result import MultiverseResult
from ....analysis.sensitivity.choices.specifications import ENDS
from ....analysis.sensitivity.conclusions import CONCLUSIONS
from ....base.check import Floats
from ....base.digits import plain
from ....errors import DataError
from ...checks import checked
from ...slot import Slot
from ...style import MM, PAGE, PALETTE, style
from ...texts.printer import capital
from ...ticks import Scale, around, effect_name, effect_scale
from ...typeset import text_width, wrap
from ..key import PAD, Key
from ..panel import BLUE, INK, SMALL, Panel, in_mm, open_panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = dict(zip(CONCLUSIONS, (BLUE, "0.62", PALETTE[1]), strict=True))
DRAWN = 2000  # intervals at most
BINS = 240  # places of the panel of choices; where there are more specifications, a mark is the darker the more have it
ROWS = 40  # options at most; of more the largest choice is left out
ROW, GAP = 1.2 * SMALL, 4.0  # pt: distance of two options, and between two choices
LONG = 1.5  # medians of their lengths, by which intervals may reach beyond the estimates
REACH = 20.0  # beyond the intervals, on the scale of analysis, within which a benchmark is looked for
NAMES = 0.4  # of the width, at most, for names of options


class Rows(NamedTuple):
    """The panel of choices.

    Attributes
    ----------
    lines
        Its lines from the top: a text, and the options' number in `held` (None of a heading).
    held
        Which specification, in order, has which option: (options, n).
    left_out
        Choices that have too many options.
    """

    lines: list[tuple[str, int | None]]
    held: Any
    left_out: list[str]


@checked()
def specification(
    result: MultiverseResult,
    *,
    ax: Axes | None = None,
    width: float | str = PAGE,
    effect: str | None = None,
    unit: str = "",
) -> Axes:
    """Draw a specification curve: the estimates of a multiverse in order, with their intervals, and who made them.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Colours tell whether an interval lies below, above or about no effect (or the benchmark). Below, a mark stands where
    a specification has an option; of more than 240 specifications marks are the darker the more of those beside each
    other have it.

    Parameters
    ----------
    result : MultiverseResult
        What ``sensitivity.multiverse`` returned.
    ax : matplotlib Axes, optional
        Axes to draw into; a figure is made when None.
    width : float or str, default 176
        Width of the figure made: in mm, ``column`` or ``page``.
    effect, unit : str, optional
        Name of the effect, and unit of times.

    Returns
    -------
    Axes
        The panel of the curve; its y axis is on the scale of analysis, with labels on the natural scale.

    Raises
    ------
    DataError
        When `result` is of another kind.
    OptionError
        When the place is too small.

    References
    ----------
    Simonsohn, Simmons and Nelson 2020, doi:10.1038/s41562-020-0912-z (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> t = {"trial": list("ABCDE"), "yi": [-0.5, -0.3, -0.4, -0.2, 0.1], "vi": [0.04, 0.03, 0.05, 0.04, 0.06]}
    >>> r = mo.sensitivity.multiverse(mo.pool(t, study="trial", measure="HR"), exclude={"one trial": 1})
    >>> mo.plot.specification(r).get_ylabel()
    'Hazard ratio'
    """
    if not isinstance(result, MultiverseResult):
        raise DataError(f"a result of sensitivity.multiverse is wanted, not {type(result).__name__}.")
    table = result.table
    order = np.argsort(table["estimate"].to_numpy(), kind="stable")
    rows = rows_of(result, order)
    up = _effects(result, effect, unit)
    across = Scale(label="Specifications in order of their estimates", low=0.5, high=len(table) + 0.5)
    notes = [f"Black: {_own(result)}.", *_notes(result, rows)]
    widest = max((text_width(text, SMALL) for text, _ in rows.lines), default=0.0)
    names = min(widest + 3 * PAD, NAMES * (in_mm(width) * MM * 72 if ax is None else Slot(ax).width))
    with style():
        panel = open_panel(ax, across, up, width=width, key=_key(result), notes=notes, tall=50.0, beside=names,
                           below=GAP + ROW * len(rows.lines) if rows.lines else 0.0)  # fmt: skip
        _curve(panel, result, order)
        _choices(panel, rows)
    return panel.ax


def rows_of(result: MultiverseResult, order: Any) -> Rows:
    """Return the rows of the panel of choices: those of which there are two options or more."""
    there = {name: some for name in result.choices if len(some := list(dict.fromkeys(result.table[name]))) > 1}
    left_out = []
    while there and sum(len(some) + 1 for some in there.values()) > ROWS:
        left_out.append(max(there, key=lambda name: len(there[name])))
        del there[left_out[-1]]
    lines: list[tuple[str, int | None]] = []
    held: list[Any] = []
    for name, some in there.items():
        lines.append((_heading(result, name), None))
        values = result.table[name].to_numpy()[order]
        for option in some:
            lines.append((str(option), len(held)))
            held.append(values == option)
    return Rows(lines, np.array(held, dtype=float), left_out)


def _heading(result: MultiverseResult, choice: str) -> str:
    return "Interval" if choice == "ci" else capital(result.name_of(choice))


def _effects(result: MultiverseResult, effect: str | None, unit: str) -> Scale:
    """Return the axis of effects."""
    name = effect_name(result.whole, effect, unit)
    null = _line(result)
    low, high = around(_reach(result) if null is None else [*_reach(result), null], margin=0.03)
    if not result.natural_scale:
        return effect_scale(result.whole, low, high, label=name)
    return Scale(label=name, low=max(low, 0.0), high=min(high, 1.0), natural=lambda x: x, kind="percent")


def _reach(result: MultiverseResult) -> tuple[float, float]:
    """Return what the axis must hold: all estimates, and intervals that are not far longer than most."""
    t = result.table
    room = LONG * float((t["ci_high"] - t["ci_low"]).median())
    return max(t["ci_low"].min(), t["estimate"].min() - room), min(t["ci_high"].max(), t["estimate"].max() + room)


def _drawn(result: MultiverseResult) -> Any:
    """Return the specifications whose intervals are drawn, in order: of very many an even part."""
    order = np.argsort(result.table["estimate"].to_numpy(), kind="stable")
    return order[np.unique(np.linspace(0, len(order) - 1, min(len(order), DRAWN)).round().astype(int))]


def _line(result: MultiverseResult) -> float | None:
    """Return where no effect or the benchmark stands on the axis."""
    r = result.whole
    if result.benchmark is None or result.natural_scale:
        return result.benchmark
    if r.record.null is not None and result.benchmark == float(r.record.inverse(r.record.null)):
        return r.record.null
    low, high = _reach(result)
    return Scale(label="", low=low - REACH, high=high + REACH, natural=r.natural).place(result.benchmark)


def _key(result: MultiverseResult) -> list[Key]:
    if result.benchmark is None:
        return []
    null = f"{plain(100 * result.benchmark)}%" if result.whole.record.scale == "percent" else plain(result.benchmark)
    texts = (f"interval below {null}", f"interval includes {null}", f"interval above {null}")
    return [
        Key(text=f"{text} ({100 * result.share(name):.0f}%)", look={"color": COLOURS[name], "linewidth": 2.0})
        for name, text in zip(CONCLUSIONS, texts, strict=True)
        if result.share(name) > 0
    ]


def _own(result: MultiverseResult) -> str:
    first = result.table.iloc[0]
    return f"the pool itself ({first['method']}, {first['ci']})"


def _notes(result: MultiverseResult, rows: Rows) -> list[str]:
    n, found = len(result), []
    low, high = _reach(result)
    if result.table["ci_low"].min() < low or result.table["ci_high"].max() > high:
        found.append("Intervals that reach beyond the axis are cut off there.")
    if n > DRAWN:
        found.append(f"{n} specifications, of which {DRAWN} at even distances have their intervals drawn.")
    if n > BINS:
        found.append("Grey marks: of the specifications beside each other some have the option.")
    if said := result.codes_said:
        found.append(said)
    if gone := len(result.not_pooled):
        found.append(f"{gone} of {n + gone} specifications have no estimate and are not drawn.")
    if rows.left_out:
        some = ", ".join(f"{_heading(result, name)} ({len(set(result.table[name]))} options)" for name in rows.left_out)
        found.append(f"Choices without room: {some}.")
    return found


def _curve(panel: Panel, result: MultiverseResult, order: Any) -> None:
    """Draw intervals and estimates."""
    from matplotlib.collections import LineCollection

    ax, t, n = panel.ax, result.table, len(order)
    place = np.empty(n)
    place[order] = np.arange(1, n + 1)
    drawn = _drawn(result)
    x, ends = place[drawn], t[list(ENDS)].to_numpy()[drawn]
    side = t["conclusion"].to_numpy()[drawn]
    colours = [COLOURS.get(name, BLUE) for name in side]
    step = panel.size[0] / len(drawn)
    lines = np.stack([np.column_stack([x, ends[:, 1]]), np.column_stack([x, ends[:, 2]])], axis=1)
    if (null := _line(result)) is not None:
        ax.axhline(null, color=INK, linewidth=0.6, zorder=1)
    many = step < 2.5
    ax.add_collection(LineCollection(list(lines), colors=colours, linewidths=min(max(0.8 * step, 0.3), 1.4),
                                     alpha=0.45 if many else 1.0, zorder=2))  # fmt: skip
    if many:
        ax.plot(np.arange(1, n + 1), t["estimate"].to_numpy()[order], color=INK, linewidth=0.9, zorder=3)
    else:
        ax.scatter(x, ends[:, 0], s=min(0.6 * step, 3.5) ** 2, c=colours, linewidths=0, zorder=3)
    own: dict[str, Any] = {"color": INK, "zorder": 4, "clip_on": False}
    first = t.iloc[0]
    ax.plot([place[0]] * 2, [first["ci_low"], first["ci_high"]], linewidth=1.4, **own)
    ax.plot([place[0]], [first["estimate"]], linestyle="", marker="D", markersize=4.5, markeredgecolor="white",
            markeredgewidth=0.5, **own)  # fmt: skip


def _choices(panel: Panel, rows: Rows) -> None:
    """Draw the options below the curve: names, and marks where specifications have them."""
    if not rows.lines:
        return
    left, _, right, _ = panel.edges
    top = panel.foot - ROW * len(rows.lines) - 1.5
    shares, edges = _binned(rows.held)
    for i, (text, number) in enumerate(rows.lines):
        y = top + (i + 1) * ROW
        if number is None:
            panel.slot.text(0, y - 0.3 * SMALL, wrap(text, left - PAD, SMALL)[0], size=SMALL, fontweight="bold")
            continue
        panel.slot.text(2 * PAD, y - 0.3 * SMALL, wrap(text, left - 3 * PAD, SMALL)[0], size=SMALL)
        _marks(panel, shares[number], left + edges * (right - left), y - 0.52 * SMALL)


def _binned(held: Any) -> tuple[Floats, Floats]:
    """Return the share of each bin that has each option, and the edges of the bins as shares of the width."""
    n = held.shape[1]
    edges = np.unique(np.linspace(0, n, min(n, BINS) + 1).round().astype(int))
    return np.add.reduceat(held, edges[:-1], axis=1) / np.diff(edges), edges / n


def _marks(panel: Panel, shares: Floats, edges: Floats, y: float) -> None:
    """Draw the marks of an option at height `y`, in points of the slot."""
    from matplotlib.collections import LineCollection

    there = np.flatnonzero(shares > 0)
    wide = float(np.diff(edges).min())
    inset = 0.0 if wide < 2.5 else 0.12 * wide
    ends = [[panel.slot.place(edges[i] + inset, y), panel.slot.place(edges[i + 1] - inset, y)] for i in there]
    grey = [str(round(0.93 - 0.83 * float(shares[i]), 3)) for i in there]
    panel.ax.add_collection(
        LineCollection(ends, colors=grey, linewidths=0.62 * SMALL, capstyle="butt", clip_on=False,
                       transform=panel.slot.host.transSubfigure, zorder=2), autolim=False,
    )  # fmt: skip
