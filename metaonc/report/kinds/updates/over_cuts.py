"""Pools over the dates of data, in words and as a forest plot."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd

from ....analysis.sensitivity.monitoring.over_cuts_result import ENDS, KNOWN, OverCutsResult
from ....base.digits import with_digits
from ...blocks import Block, Grid
from ...document.look import Look
from ...forest.assemble import axis_name, content, effect_header, form_for, refuse
from ...forest.columns import Column
from ...forest.content import ForestRows, ForestSpec, Marks, Row, note, row
from ...texts.printer import Printer
from .. import Kind, kind_of

NEVER = ("common", "shrinkage", "prediction", "sort", "left", "right", "subgroup_label")
EACH = "Each line pools the newest cut of each arm that was known at its date"


def _methods(r: OverCutsResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on the dates."""
    text = (
        f"The pool was made again as of each date at which its rows changed ({KNOWN[r.dates]}), by the same model and "
        "of the newest data cut of each arm known by then."
    )
    return [*kind_of(r.whole).methods(r.whole, cited, printer), text]


def _results(r: OverCutsResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the last pool, and between which values it lay."""
    said = [_ends(r, part, printer) for part in r.parts]
    return [*kind_of(r.whole).results(r.whole, printer), *said]


def _ends(r: OverCutsResult, part: str, printer: Printer) -> str:
    rows = r.rows_of(part)
    rows = rows[rows["estimate"].notna()]
    shown = pd.DataFrame({name: _scaled(r, rows[name]) for name in ENDS})
    form, unit = form_for(r.record, shown, r.level), printer.unit_of(r.record)
    first, last = (printer.interval(shown.iloc[i], form, r.level, unit=unit) for i in (0, -1))
    head = f"{part}: as" if part else "As"
    dates = rows["date"].tolist()
    if len(rows) == 1:
        return f"{head} of {dates[0]}, the only date, the {r.record.natural} was {first}."
    return f"{head} of {dates[0]} the {r.record.natural} was {first}, as of {dates[-1]} {last}."


def _scaled(r: OverCutsResult, x: pd.Series) -> np.ndarray:
    unit = 100.0 if r.record.scale == "percent" else 1.0
    return unit * np.asarray(r.natural(x.to_numpy(dtype=float)), dtype=float)


def _rows(r: OverCutsResult, spec: ForestSpec) -> ForestRows:
    """Return a row a date, under its subgroup.

    Raises
    ------
    DataError
        When the measure has no back-transform without sample sizes.
    OptionError
        When an option asked for has no use for it.
    """
    refuse(spec, "pools over dates", NEVER)
    rows: list[Row] = []
    for part in r.parts:
        t = r.rows_of(part)
        shown = pd.DataFrame({name: _scaled(r, t[name]) for name in ENDS})
        form = with_digits(form_for(r.record, shown, r.level), spec.digits)
        rows += [row("space")] * bool(rows) + [row("group", part)] * bool(part)
        for line, (estimate, low, high) in zip(t.to_dict("records"), shown.to_numpy().tolist(), strict=True):
            texts = {"came": str(line["came"]), "k": str(line["k"])}
            if line["reason"]:
                rows.append(row("study", str(line["date"]), effect="not estimable", **texts))
                continue
            text = spec.journal.decimal(spec.journal.interval(estimate, low, high, form))
            rows.append(row("study", str(line["date"]), estimate=estimate, low=low, high=high, weight=1.0, effect=text,
                            **texts))  # fmt: skip
    axis = axis_name(r.record, spec)
    header = effect_header(axis, r.level, spec, r.pool.model_facts.interval_label)
    columns = {
        "came": Column(header="New rows of", cells=[], align="left"), "k": Column(header="k", cells=[]),
        "effect": Column(header=header, cells=[]),
    }  # fmt: skip
    journal = replace(spec.journal, left=("came", "k"), right=("effect",), study="As of")
    null = r.record.null
    scaled = None if null is None else float(_scaled(r, pd.Series([null]))[0])
    made = content(rows, columns, replace(spec, journal=journal), r.record, pd.DataFrame(), axis, scaled,
                   [note(f"{EACH} ({KNOWN[r.dates]}).")], reference=math.nan)  # fmt: skip
    return replace(made, marks=Marks(study="pool as of the date"))


def _title(r: OverCutsResult, effect: str | None) -> str:
    name = effect or r.record.natural
    return f"{name[0].upper()}{name[1:]} over dates"


def _figures(r: OverCutsResult, look: Look) -> tuple[Block, ...]:
    from ...document.figures import forest_blocks, readable

    if r.record.inverse_needs is not None:
        return (Grid(readable(r.tidy()), "Pools over dates"),)
    return forest_blocks(r, look)


KIND = Kind(verbs="over_cuts", methods=_methods, results=_results, rows=_rows, title=_title, figures=_figures)
