"""The rows of a forest plot of pools without each trial in turn, or of ever more trials."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from ...errors import OptionError
from ..numbers import number
from .columns import Column
from .content import ForestRows, Note, Wish, note, row
from .models import refuse
from .notes import INTERVALS
from .pools import axis_name, content, effect_header, form_for
from .subset_table import about, natural, record_of

FIRST = {"leave_one_out": "Without", "cumulative": "Up\u00a0to"}  # header of the trials
SAID = {
    "leave_one_out": "Each line pools all trials but the one it names",
    "cumulative": "Each line pools the trial it names and those above it",
}


def subset_content(table: pd.DataFrame, wish: Wish) -> ForestRows:
    """Return a row a pool, with I²; the dotted line of a cumulative table stands at the pool of all trials.

    Raises
    ------
    DataError
        When the table is none of ``sensitivity.leave_one_out`` and ``sensitivity.cumulative``, or has no
        back-transform.
    OptionError
        When the wish has no use for it.
    """
    told = about(table)
    refuse(wish, f"a table of {told['verb']}")
    if wish.study_interval != "exact":
        raise OptionError("study_interval= has no use here: every line is a pool.")
    record, journal, level = record_of(told), wish.journal, told["level"]
    shown = natural(table, record)
    form = form_for(record, shown, level)
    rows = [
        row("study", str(name), estimate=estimate, low=low, high=high, weight=1.0,
            effect=journal.decimal(journal.interval(estimate, low, high, form)),
            i2=journal.decimal(number(i2, journal.i2_digits)))
        for name, i2, (estimate, low, high) in zip(table["study"], table["i2"], shown.itertuples(index=False),
                                                    strict=True)
    ]  # fmt: skip
    axis = axis_name(record, wish)
    columns = {
        "effect": Column(header=effect_header(axis, level, wish), cells=[]),
        "i2": Column(header="I² (%)", cells=[]),
    }
    usual = (*(c for c in journal.right if c == "effect"), "i2")
    whole = len(rows) - 1 if told["verb"] == "cumulative" else None
    return content(
        rows,
        columns,
        replace(wish, journal=replace(journal, study=FIRST[told["verb"]], right=usual)),
        record,
        pd.DataFrame(),
        axis,
        None if record.null is None else float(record.inverse(record.null)),
        _notes(told),
        reference=float("nan") if whole is None else float(shown["estimate"].iloc[whole]),
        whole=whole,
    )


def _notes(told: dict[str, object]) -> list[Note]:
    model = "common effect" if told["method"] == "CE" else f"random effects ({told['method']})"
    percent = f"{100 * float(str(told['level'])):g}%"
    return [note(f"{SAID[str(told['verb'])]}: {model}; {INTERVALS[str(told['ci'])]} {percent} confidence interval.")]
