"""Results without each trial in turn, or of ever more: what is said of one estimate."""

from __future__ import annotations

import math

import pandas as pd

from ....analysis.effects.measures import Measure
from ....analysis.interaction.wording import LIMITS
from ....analysis.results.pooled import PooledResult
from ....analysis.sensitivity.subsets_result import SubsetsResult
from ....base.digits import NO_ERROR, Form, significant
from ...forest.assemble import form_for
from ...texts.printer import Printer, listed, several, trial
from .subset_scales import scale_of


class Shown:
    """Results on the scale that a text prints, and what it says of them."""

    def __init__(self, r: SubsetsResult, rows: pd.DataFrame, printer: Printer) -> None:
        rows = rows[rows["reason"] == ""]
        self.raw, self.level, self.printer = r.table.loc[rows.index].reset_index(drop=True), r.level, printer
        self.natural = rows[list(LIMITS)]
        self.record: Measure = scale_of(r).records[rows.index[0]] if len(rows) else r.record
        self.unit = printer.unit_of(self.record)
        self.names = [trial(str(name)) for name in rows["study"]]
        self.form: Form = form_for(self.record, self.natural, r.level)
        self.mean = f"{'' if r.part == 'coefficient' else 'pooled '}{self.record.natural}"
        self.unit_out, self.from_start = r.by, r["study"].iloc[0] not in r.lacking
        self.kind = r.pool.model_facts.interval_label if isinstance(r.pool, PooledResult) else "CI"

    def effect(self, row: int) -> str:
        """Return an effect with its interval."""
        values = self.natural.iloc[row].tolist()
        return self.printer.interval(values, self.form, self.level, unit=self.unit, kind=self.kind)

    @property
    def interval(self) -> str:
        """What the limits are of."""
        return "credible interval" if self.kind == "CrI" else "confidence interval"

    @property
    def null(self) -> str:
        """The value of no effect as it is printed."""
        return f"{float(self.record.inverse(self.record.null)):g}"

    @property
    def includes(self) -> list[bool]:
        """Whether each interval includes no effect."""
        null = self.record.null
        return list(map(bool, (self.raw["ci_low"] <= null) & (self.raw["ci_high"] >= null)))


def without_each(s: Shown) -> list[str]:
    """Return between what the results without each trial lie, and whether they include no effect."""
    lowest, highest = int(s.raw["estimate"].argmin()), int(s.raw["estimate"].argmax())
    first = (
        f"Leaving out one {s.unit_out} at a time, the {s.mean} lay between {s.effect(lowest)} without "
        f"{s.names[lowest]} and {s.effect(highest)} without {s.names[highest]}."
    )
    ends = [float(x) for x in (s.raw["tau2"].min(), s.raw["tau2"].max()) if not math.isnan(x)]
    low, high = s.printer.together(significant, *ends) if ends else ("", "")
    spread = f"τ² lay between {low} and {high}." if low != high else ""
    if s.record.null is None:
        return [first, spread]
    certain = int((s.raw["se"] == 0).sum())
    if certain:
        return [first, f"{certain} of {len(s.names)} {s.interval}s have no width, as {NO_ERROR}.", spread]
    who = [name for name, holds in zip(s.names, s.includes, strict=True) if holds]
    k = len(s.names)
    if len(who) in (0, k):
        every, did = "All" if k > 2 else "Both", "included" if who else "excluded"
        return [first, f"{every} {s.interval}s {did} {s.null}.", spread]
    which = f"{len(who)} of {k} pools (without {listed(who, 'or')})"
    return [first, f"The {s.interval} included {s.null} in {which}.", spread]


def one_by_one(s: Shown) -> list[str]:
    """Return the result of the first trial and of all, and from when on no effect is excluded."""
    k = len(s.names)
    if k == 1:
        of = f"of the one {s.unit_out}" if s.from_start else f"up to {s.names[0]}"
        return [f"The {s.record.natural} {of} was {s.effect(0)}."]
    count = several(k, s.unit_out) if s.from_start else f"{s.unit_out}s"
    of = "of the first" if s.from_start else f"up to {s.names[0]}"
    first = (
        f"Adding {s.unit_out}s one by one from {s.names[0]} to {s.names[-1]}, the {s.record.natural} {of} was "
        f"{s.effect(0)}, and the pooled one of all {count} {s.effect(k - 1)}."
    )
    if s.record.null is None:
        return [first]
    if s.raw["se"].iloc[-1] == 0:
        return [first, f"With all {s.unit_out}s the {s.interval} has no width, as {NO_ERROR}."]
    holds = s.includes
    if holds[-1]:
        return [first, f"With all {s.unit_out}s the {s.interval} included {s.null}."]
    start = max((i + 1 for i, inside in enumerate(holds) if inside), default=0)
    since = "At each step" if start == 0 else f"From the addition of {s.names[start]} on"
    return [first, f"{since} the {s.interval} excluded {s.null}."]
