"""Pools without each trial in turn, or of ever more: words (PRISMA 2020, items 13f and 20d), and forest rows."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from ...analysis.interaction.wording import LIMITS
from ...analysis.methods.tau2 import TAU2_METHODS, is_common
from ...analysis.sensitivity.subsets_result import SubsetsResult
from ...base.digits import Form, in_percent, significant
from ...errors import OptionError
from ..forest.assemble import axis_name, content, effect_header, form_for, refuse
from ..forest.columns import Column
from ..forest.content import ForestRows, ForestSpec, Note, note, row
from ..forest.notes import INTERVALS
from ..texts.intervals import interval_method
from ..texts.preparation import left_out, measured
from ..texts.printer import Printer, listed, several, trial
from . import Kind

FIRST = {"leave_one_out": "Without", "cumulative": "Up\u00a0to"}  # header of the trials
SAID = {
    "leave_one_out": "Each line pools all trials but the one it names",
    "cumulative": "Each line pools the trial it names and those above it",
}


def _methods(r: SubsetsResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on pools without each trial in turn, or of ever more trials."""
    one_out = r.verb == "leave_one_out"
    how = "leaving out each trial in turn" if one_out else "adding the trials one by one"
    percent = printer.percent(r.level)
    alone = " That of a single trial is Wald's." if len(r) == 2 or not one_out else ""
    return [
        measured(r.record),
        f"As a sensitivity analysis the pool was repeated {how}, {_same_model(r, cited)}. "
        f"{interval_method(r.ci, percent, cited)}{alone}",
    ]


def _same_model(r: SubsetsResult, cited: list[str]) -> str:
    if r.given_tau2 is not None:
        return "by inverse variance with random effects, the variance between trials (τ²) being given"
    if is_common(r.method):
        return "by inverse variance with a common effect"
    record = TAU2_METHODS[r.method]
    cited.append(record.reference)
    return f"by inverse variance with random effects, the variance between trials (τ²) estimated anew by {record.label}"


def _results(r: SubsetsResult, printer: Printer) -> list[str]:
    """Return the paragraphs on pools without each trial in turn, or of ever more trials."""
    shown = _Shown(r, printer)
    said = _without_each(shown) if r.verb == "leave_one_out" else _one_by_one(shown)
    return [left_out(r), *said]


class _Shown:
    """Pools on the scale that a text prints, and what it says of them."""

    def __init__(self, r: SubsetsResult, printer: Printer) -> None:
        self.raw, self.record, self.level, self.printer = r.table, r.record, r.level, printer
        self.natural = _natural(r)
        self.unit = printer.unit_of(r.record)
        self.names = [trial(str(name)) for name in r["study"]]
        self.form: Form = form_for(r.record, self.natural, r.level)

    def effect(self, row: int) -> str:
        """Return an effect with its interval."""
        values = self.natural.iloc[row].tolist()
        return self.printer.interval(values, self.form, self.level, unit=self.unit)

    @property
    def null(self) -> str:
        """The value of no effect as it is printed."""
        return f"{float(self.record.inverse(self.record.null)):g}"

    @property
    def includes(self) -> list[bool]:
        """Whether each interval includes no effect."""
        null = self.record.null
        return ((self.raw["ci_low"] <= null) & (self.raw["ci_high"] >= null)).tolist()


def _without_each(s: _Shown) -> list[str]:
    lowest, highest = int(s.raw["estimate"].argmin()), int(s.raw["estimate"].argmax())
    first = (
        f"Leaving out one trial at a time, the pooled {s.record.natural} lay between {s.effect(lowest)} without "
        f"{s.names[lowest]} and {s.effect(highest)} without {s.names[highest]}."
    )
    variances = s.printer.together(significant, float(s.raw["tau2"].min()), float(s.raw["tau2"].max()))
    spread = f"τ² lay between {variances[0]} and {variances[1]}." if variances[0] != variances[1] else ""
    if s.record.null is None:
        return [first, spread]
    who = [name for name, holds in zip(s.names, s.includes, strict=True) if holds]
    k = len(s.names)
    if len(who) in (0, k):
        every, did = "All" if k > 2 else "Both", "included" if who else "excluded"
        return [first, f"{every} confidence intervals {did} {s.null}.", spread]
    which = f"{len(who)} of {k} pools (without {listed(who, 'or')})"
    return [first, f"The confidence interval included {s.null} in {which}.", spread]


def _one_by_one(s: _Shown) -> list[str]:
    k = len(s.names)
    if k == 1:
        return [f"The {s.record.natural} of the one trial was {s.effect(0)}."]
    first = (
        f"Adding trials one by one from {s.names[0]} to {s.names[-1]}, the {s.record.natural} of the first was "
        f"{s.effect(0)}, and the pooled one of all {several(k)} {s.effect(k - 1)}."
    )
    if s.record.null is None:
        return [first]
    holds = s.includes
    if holds[-1]:
        return [first, f"With all trials the confidence interval included {s.null}."]
    start = max((i + 1 for i, inside in enumerate(holds) if inside), default=0)
    since = "At each step" if start == 0 else f"From the addition of {s.names[start]} on"
    return [first, f"{since} the confidence interval excluded {s.null}."]


def _rows(r: SubsetsResult, spec: ForestSpec) -> ForestRows:
    """Return a row a pool, with I²; the dotted line of a cumulative table stands at the pool of all trials.

    Raises
    ------
    DataError
        When the measure has no back-transform without sample sizes.
    OptionError
        When an option asked for has no use for it.
    """
    refuse(spec, f"a table of {r.verb}")
    if spec.study_interval != "exact":
        raise OptionError("study_interval= has no use here: every line is a pool.")
    record, journal, level = r.record, spec.journal, r.level
    shown = _natural(r)
    form = form_for(record, shown, level)
    rows = [
        row("study", str(name), estimate=estimate, low=low, high=high, weight=1.0,
            effect=journal.decimal(journal.interval(estimate, low, high, form)),
            i2=journal.decimal(journal.i2(i2)))
        for name, i2, (estimate, low, high) in zip(r["study"], r["i2"], shown.itertuples(index=False),
                                                    strict=True)
    ]  # fmt: skip
    axis = axis_name(record, spec)
    columns = {
        "effect": Column(header=effect_header(axis, level, spec), cells=[]),
        "i2": Column(header="I² (%)", cells=[]),
    }
    usual = (*(c for c in journal.right if c == "effect"), "i2")
    whole = len(rows) - 1 if r.verb == "cumulative" else None
    return content(
        rows,
        columns,
        replace(spec, journal=replace(journal, study=FIRST[r.verb], right=usual)),
        record,
        pd.DataFrame(),
        axis,
        None if record.null is None else float(record.inverse(record.null)),
        _notes(r),
        reference=float("nan") if whole is None else float(shown["estimate"].iloc[whole]),
        whole=whole,
    )


def _notes(r: SubsetsResult) -> list[Note]:
    model = "common effect" if is_common(r.method) else f"random effects ({r.method})"
    percent = f"{in_percent(r.level)}%"
    return [note(f"{SAID[r.verb]}: {model}; {INTERVALS[r.ci]} {percent} confidence interval.")]


def _natural(r: SubsetsResult) -> pd.DataFrame:
    """Return estimates and limits on the scale that is printed, percent of proportions."""
    factor = 100 if r.record.scale == "percent" else 1
    return pd.DataFrame({name: factor * r.natural(r[name].to_numpy()) for name in LIMITS})


KIND = Kind(verbs="sensitivity.leave_one_out, sensitivity.cumulative", methods=_methods, results=_results, rows=_rows)
