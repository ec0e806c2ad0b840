"""Pools without several trials at a time, in the words of a manuscript (PRISMA 2020, items 13f and 20d)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ....analysis.sensitivity.several_left_out.result import ENDS, LeaveKOutResult
from ...blocks import Block, Grid
from ...document.look import Look
from ...texts.printer import Printer, listed, several, trial
from .. import Kind, kind_of
from .said import printed

MOST = 6  # sets that a text names
ROWS = 100  # sets in the table of a document
TOGETHER = {1: "one trial", 2: "two trials", 3: "three trials"}


def _methods(r: LeaveKOutResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on the sets that were left out."""
    which = "all sets" if r.exact else f"{len(r)} random sets (seed {r.seed})"
    text = (
        f"As a sensitivity analysis the pool was repeated without {which} of {_together(r)}, by the same model, and "
        "its interval compared with that of all trials."
    )
    return [*kind_of(r.whole).methods(r.whole, cited, printer), text]


def _together(r: LeaveKOutResult) -> str:
    return TOGETHER.get(r.left_out, f"{r.left_out} trials")


def _results(r: LeaveKOutResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on the sets without which the conclusion is another one."""
    e = r.natural(r.table["estimate"].to_numpy())
    pool = pd.DataFrame([r.natural(np.array([getattr(r.whole, name) for name in ENDS]))], columns=list(ENDS))
    low, high = printed(r.whole.record, [float(np.nanmin(e)), float(np.nanmax(e))], pool, r.whole.level, printer)
    text = (
        f"Without {_together(r)} ({several(len(r), 'set')}) the {r.whole.record.natural} lay between {low} and {high}."
    )
    return [*kind_of(r.whole).results(r.whole, printer), f"{text}{changes(r)}"]


def changes(r: LeaveKOutResult) -> str:
    """Return the sentence on the sets without which the conclusion is another one."""
    if r.benchmark is None:
        return ""
    found = [" and ".join(map(trial, str(name).split(" and "))) for name in r.changed["left_out"]]
    if not found:
        return " The conclusion was the same without any of these sets."
    some = f": {listed(found)}" if len(found) <= MOST else ""
    return f" Without {len(found)} of these sets the conclusion was another one{some}."


def _figures(r: LeaveKOutResult, look: Look) -> tuple[Block, ...]:
    from ...document.figures import readable, shown

    t = r.farthest.head(ROWS)
    rows = t.assign(**{name: r.natural(t[name].to_numpy()) for name in ENDS})
    caption = f"Pools without {_together(r)}, those first that are farthest from the pool of all"
    table = rows[["left_out", "k", *ENDS, "tau2", "i2", *(["conclusion"] if r.benchmark is not None else [])]]
    return *shown(r.whole, look), Grid(readable(table), caption), Grid(readable(r.drivers), "Trials in these sets")


KIND = Kind(
    verbs="sensitivity.leave_k_out",
    heading=lambda _: "Pools without several trials",
    methods=_methods,
    results=_results,
    figures=_figures,
)
