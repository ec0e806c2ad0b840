"""What a forest plot shows, put together from its rows: columns, scale, axis, and how numbers are printed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from ...analysis.effects.measures import Measure
from ...analysis.effects.roles import ONE_ARM, TWO_ARMS
from ...analysis.numeric.distributions import critical
from ...base.digits import Form, decimals, difference, fixed, in_percent, rate, ratio
from ...errors import OptionError
from .columns import Column, is_light, shown
from .content import ForestRows, ForestSpec, Note, Row, framed
from .notes import notes_on_lights


def content(
    rows: list[Row],
    columns: Mapping[str, Column],
    spec: ForestSpec,
    record: Measure,
    data: pd.DataFrame,
    axis: str,
    null: float | None,
    notes: list[Note],
    hidden: tuple[str, ...] = (),
    reference: float = math.nan,
    whole: int | None = None,
) -> ForestRows:
    """Return the content of a figure: its rows, and of its `columns` those that are shown."""
    chosen = shown(columns, data, spec, hidden)
    asked = (*(spec.left or ()), *(spec.right or ()))
    table = framed(rows, (*chosen.left, *chosen.right))
    notes = [*notes, *notes_on_lights(table, chosen.align, spec.risk_of_bias)]
    point = spec.journal.decimal
    return ForestRows(
        rows=table,
        headers=chosen.headers,
        left=chosen.left,
        right=chosen.right,
        align=chosen.align,
        scale=record.scale,
        null=null,
        axis=axis,
        reference=reference,
        whole=whole,
        largest=float(table["weight"].max()),
        colour=spec.journal.squares[_data(record)],
        notes=tuple(replace(one, figure=point(one.figure), table=point(one.table)) for one in notes),
        journal=spec.journal,
        usual=tuple(c for c in (*chosen.left, *chosen.right) if c not in asked and not is_light(c)),
        risk_of_bias=spec.risk_of_bias,
    )


def _data(record: Measure) -> str:
    """Return the kind of data that the effects are from."""
    if record.roles in (ONE_ARM, TWO_ARMS):
        return "binary"
    return "continuous" if record.scale == "linear" else "generic"


def axis_name(record: Measure, spec: ForestSpec) -> str:
    """Return the name of the effect with its unit."""
    name = spec.effect or record.natural[0].upper() + record.natural[1:]
    return f"{name}, {'%' if record.scale == 'percent' else spec.unit}".rstrip(", ")


def effect_header(axis: str, level: float, spec: ForestSpec, kind: str = "CI") -> str:
    """Return the header of effects with their intervals."""
    return f"{axis} ({spec.journal.decimal(in_percent(level))}%\u00a0{kind})"


def form_for(record: Measure, table: pd.DataFrame, level: float) -> Form:
    """Return how numbers are printed: ratios by their size, what is drawn linearly by its precision.

    Percentages have one decimal; times and rates as well; all have two significant digits or more. Of differences no
    limit that is not 0 stands as 0.
    """
    if record.scale == "percent":
        return rate
    if record.scale == "log" and record.null is not None:
        return ratio
    if record.scale == "linear":
        width = (table["ci_high"] - table["ci_low"]).median()
        return difference(decimals(width / (2 * float(critical(level)))))
    smallest = table["estimate"][table["estimate"] > 0].min()
    return fixed(1 if math.isnan(smallest) else max(1, 1 - math.floor(math.log10(smallest))), ends=(0.0,))


POOLS_ALONE = ("common", "shrinkage", "prediction", "sort")  # options of what has trials and their pool


def refuse(spec: ForestSpec, what: str, names: tuple[str, ...] = POOLS_ALONE) -> None:
    """Raise an OptionError where an option is given that a kind of result has no use for."""
    for name in names:
        if getattr(spec, name) not in (None, False):
            raise OptionError(f"{name}= has no use for {what}: leave it out.")
