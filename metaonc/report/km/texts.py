"""The texts around the curves of a Kaplan-Meier figure: key, names at their ends, table and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ...analysis.survival.curve.result import KaplanMeier
from ...base.check import Floats
from ..journals import Journal
from ..style import style
from ..typeset import LINE
from .data import KmData
from .layout import GAP, X_AXIS, Layout
from .options import Looks
from .risk_table import km_table
from .slot import KmSlot, apart
from .time_ticks import LEAST, tick_times

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GREY = "0.35"


def draw_key(slot: KmSlot, layout: Layout, data: KmData, looks: Looks) -> None:
    """Write what stands above the curves."""
    y, size, row = 0.0, layout.size, layout.row
    for line in layout.title:
        slot.text(0, y := y + row, line, size=size, weight="bold")
    for line in layout.remark:
        slot.text(0, y := y + row, line, size=size, style="italic")
    y += row
    for x, header in zip(layout.columns, data.key.columns, strict=True):
        if header:
            slot.text(x, y, header, size=size, color=GREY)
    for (group, *texts), lines in zip(data.key.drop(columns="").itertuples(name=None), layout.names, strict=True):
        slot.sample(y + row, size, **looks[group])
        for x, text in zip(layout.columns[1:], texts, strict=True):
            slot.text(x, y + row, text, size=size)
        for line in lines:
            slot.text(layout.columns[0], y := y + row, line, size=size)
    for line in layout.lines:
        slot.text(0, y := y + row, line, size=size)


def draw_ends(ax: Axes, slot: KmSlot, layout: Layout, data: KmData, looks: Looks, span: tuple[float, float]) -> None:
    """Name the groups right of the axes at the heights where their curves end, moved apart where they are close."""
    inside = data.curves[data.curves["time"] <= span[1]]
    ends = inside.groupby("group", sort=False)["survival"].last()
    low, high = ax.get_ylim()
    top, bottom = layout.top, slot.height - layout.bottom
    wanted = [top + (high - ends[group]) / (high - low) * (bottom - top) for group in looks]
    heights = [len(lines) * layout.row for lines in layout.ends]
    middles = apart(wanted, heights, top, bottom)
    for look, lines, y, height in zip(looks.values(), layout.ends, middles, heights, strict=True):
        for i, line in enumerate(lines):
            base = y - height / 2 + (i + 0.75) * layout.row
            x = slot.width - layout.right + GAP * layout.scale
            slot.text(x, base, line, size=layout.size, color=look["color"])


def draw_below(slot: KmSlot, layout: Layout, looks: Looks) -> None:
    """Write the heads of the table and the notes."""
    y, size = slot.height - layout.bottom + X_AXIS * layout.scale, layout.size
    for group, lines in zip(looks, layout.heads, strict=True) if layout.rows else ():
        if lines:
            slot.sample(y + size, size, **looks[group])
        for line in lines:
            slot.text(layout.columns[0], y + size, line, size=size, weight="bold")
            y += layout.row
        for name in layout.rows:
            slot.text(0, y + size, name, size=size)
            y += layout.row
        y += GAP * layout.scale / 2
    for line in layout.notes:
        slot.text(0, y + layout.small, line, size=layout.small, color=GREY)
        y += layout.small * LINE


def draw_table(slot: KmSlot, layout: Layout, result: KaplanMeier, table: pd.DataFrame, prints: Journal) -> None:
    """Write the ticks and the table's numbers below them, anew when somebody changes the limits of the axis."""
    numbers: list[Any] = []

    def write(ticks: Floats, table: pd.DataFrame) -> None:
        slot.ax.set_xticks(ticks, [prints.decimal(f"{tick:g}") for tick in ticks])
        while numbers:
            numbers.pop().remove()
        numbers.extend(_numbers(slot, layout, ticks, table))

    def follow(ax: Axes) -> None:
        low, high = sorted(float(end) for end in ax.get_xlim())
        inside = layout.ticks[(layout.ticks >= low) & (layout.ticks <= high)]
        if len(inside) < LEAST and high > 0:
            inside = tick_times(high, result.unit, layout.most, max(low, 0.0))
        with style():
            write(inside, km_table(result, inside, layout.rows))

    write(layout.ticks, table)
    slot.ax.callbacks.connect("xlim_changed", follow)


def _numbers(slot: KmSlot, layout: Layout, ticks: Floats, table: pd.DataFrame) -> list[Any]:
    y = slot.height - layout.bottom + X_AXIS * layout.scale + layout.size
    written: list[Any] = []
    counts = iter(table.to_numpy())  # group by group, row by row
    for lines in layout.heads if layout.rows else ():
        y += len(lines) * layout.row
        for _ in layout.rows:
            row = zip(ticks.tolist(), next(counts), strict=True)
            written += [slot.number(time, y, str(number), layout.size) for time, number in row]
            y += layout.row
        y += GAP * layout.scale / 2
    return written
