"""Rows of forest plots of models of all patients: each trial by itself, and the pool by the model."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from ....analysis.effects.measures import MEASURES
from ....analysis.synthesis.one_stage.frailty_result import FrailtyPool
from ....analysis.synthesis.one_stage.interaction import IpdInteraction
from ....analysis.synthesis.one_stage.result import IpdPool
from ....analysis.synthesis.one_stage.rows import half_widths
from ....analysis.synthesis.one_stage.sets import count
from ....base.check import Floats
from ....base.digits import UNKNOWN, Form, in_column, in_percent, ratio, significant, statistic, with_digits
from ....errors import OptionError
from ...forest.assemble import axis_name, content, effect_header, refuse
from ...forest.columns import Column
from ...forest.content import ForestRows, ForestSpec, Marks, Note, Row, note, row
from ...forest.notes import INTERVALS, tied
from ...forest.order import in_order, sort_values

HR = MEASURES["HR"]
LIMITS = ("estimate", "low", "high")
MODELS = {
    "common": "One-stage Cox model stratified by trial, effect common to all trials",
    "exact": "One-stage Cox model stratified by trial, random effects (exact likelihood)",
    "laplace": "One-stage Cox model stratified by trial, random effects (Laplace's approximation)",
    "bayes": "One-stage Cox model stratified by trial, random effects (posterior)",
}
RULES = {"t": "t, k\u00a0−\u00a01 df", "posterior": "posterior predictive"}
FACTORS = {"gamma": "gamma", "lognormal": "log-normal"}
EFFECTS = {"common": "effect common to all trials", "random": "random effects",
           "correlated": "random effects, correlated with the baselines"}  # fmt: skip


class Said(NamedTuple):
    """What a figure says of a model beside its numbers: below its pool, in its footnotes, and of its marks.

    `columns` are those of counts; `lacking` is why a trial has no estimate of its own.
    """

    columns: dict[str, Column]
    lines: tuple[str, ...]
    model: str
    lacking: str
    own: str
    credible: bool = False
    trial_model: str = "Cox"
    trial_interval: str = "Wald"


def pool_rows(r: IpdPool, spec: ForestSpec) -> ForestRows:
    """Return the trials' own hazard ratios, the pool, and the range of a new trial."""
    lines = _differ(r, spec) if r.method != "common" else ()
    if r.method != "bayes":
        lines += _tested(r.statistic, r.p_value, spec)
    percent = f"{in_percent(r.level)}%"
    kind = f"{percent} credible" if r.method == "bayes" else f"{INTERVALS[r.ci]} {percent} confidence"
    model = f"{MODELS[r.method]}; {kind} interval{_sets(r)}"
    if r.cuts is not None:
        model = model.replace("Cox model", "piecewise exponential (Poisson) model")
    own = "piecewise exponential" if r.cuts is not None else "Cox"
    return _rows(
        r,
        spec,
        Said(_counts(r, spec), lines, model, ONE_ARM, "hazard ratio", r.method == "bayes", own, _own_interval(r)),
    )


def frailty_rows(r: FrailtyPool, spec: ForestSpec) -> ForestRows:
    """Return the trials' own hazard ratios, the pool, and the range of a new trial."""
    said = f"Variance of the trials' {'factors' if r.frailty == 'gamma' else 'log baselines'} = "
    line = said + significant(r.baseline_variance)
    if r.effect != "common":
        line += f"; τ² = {significant(r.tau2)}"
    line += "" if r.sets is None else f" (means over {r.sets.k} sets of patients)"
    model = (f"Cox model with shared {FACTORS[r.frailty]} frailty, {EFFECTS[r.effect]}; {INTERVALS[r.ci]} "
             f"{in_percent(r.level)}% confidence interval{_sets(r)}")  # fmt: skip
    lines = (line, *_tested(r.estimate / r.se, r.p_value, spec))
    return _rows(
        r, spec, Said(_counts(r, spec), lines, model, ONE_ARM, "hazard ratio", trial_interval=_own_interval(r))
    )


def interaction_rows(r: IpdInteraction, spec: ForestSpec) -> ForestRows:
    """Return the ratio of hazard ratios in each trial, and the one within trials by the model."""
    point = spec.journal.decimal
    unit = f"{r.by}: {r.compared} to {r.reference}" if r.compared else f"{r.by}: one unit more"
    cells = [f"{point(count(events))}/{n}" for events, n in zip(r.trials["events"], r.trials["n"], strict=True)]
    columns = {"counts": Column(header="Events/n", cells=cells, total=f"{point(count(r.events))}/{r.n}")}
    model = (f"One-stage Cox model stratified by trial, interaction within trials ({unit}), common to all; "
             f"{INTERVALS[r.ci]} {in_percent(r.level)}% confidence interval{_sets(r)}")  # fmt: skip
    spec = replace(spec, effect=spec.effect or "Ratio of hazard ratios")
    row = r.table.iloc[0]
    lines = _tested(float(row["statistic"]), r.p_value, spec)
    lacking = f"{UNKNOWN}: {r.by} does not differ between patients, or a level has no events in an arm"
    return _rows(
        r, spec, Said(columns, lines, model, lacking, "ratio of hazard ratios", trial_interval=_own_interval(r))
    )


def _sets(r: IpdPool | FrailtyPool | IpdInteraction) -> str:
    return "" if r.sets is None else f" over {r.sets.k} sets of patients by Rubin's rules"


def _own_interval(r: IpdPool | FrailtyPool | IpdInteraction) -> str:
    return "Wald" if r.sets is None else "Student's t"


ONE_ARM = f"{UNKNOWN}: all events are of one arm; in the model the likelihood of the trial counts as it is"


def _counts(r: IpdPool | FrailtyPool, spec: ForestSpec) -> dict[str, Column]:
    """Return events and patients of both arms, headed by the arms' names."""
    found, point = {}, spec.journal.decimal
    for name, arm, label in (("counts", "t", r.treatment), ("counts_c", "c", r.control)):
        events, n = r.trials[f"events_{arm}"], r.trials[f"n_{arm}"]
        cells = [f"{point(count(d))}/{size}" for d, size in zip(events, n, strict=True)]
        found[name] = Column(header=f"{label}: events/n", cells=cells, total=f"{point(count(events.sum()))}/{n.sum()}")
    return found


def _differ(r: IpdPool, spec: ForestSpec) -> tuple[str, ...]:
    if r.sets is not None:
        return (f"τ² = {significant(r.tau2)} (mean over {r.sets.k} sets of patients)",)
    high = "∞" if math.isinf(r.tau2_high) else significant(r.tau2_high)
    kind = "CrI" if r.method == "bayes" else "profile CI"
    return (f"τ² = {significant(r.tau2)} ({in_percent(r.level)}% {kind} {significant(r.tau2_low)} to {high})",)


def _tested(value: float, p: float, spec: ForestSpec) -> tuple[str, ...]:
    if not spec.journal.overall_test:
        return ()
    return (f"Test for overall effect: z = {statistic(value)}, {spec.journal.p(p)}",)


def _rows(r: IpdPool | FrailtyPool | IpdInteraction, spec: ForestSpec, said: Said) -> ForestRows:
    refuse(spec, "a model of the patients of all trials", ("common", "shrinkage", "subgroup_label"))
    if spec.study_interval != "exact":
        raise OptionError("study_interval= is of proportions; here are hazard ratios: leave it out.")
    low, high = getattr(r, "prediction_low", math.nan), getattr(r, "prediction_high", math.nan)
    if spec.prediction and not math.isfinite(low):
        raise OptionError("prediction=True: this model has no prediction interval: leave the option out.")
    journal, several = spec.journal, r.k > 1 or said.credible
    pooled = np.exp([r.estimate, r.ci_low, r.ci_high]).tolist()
    half = half_widths(r.trials, r.level)
    own = np.exp(np.column_stack([r.trials["estimate"] + x for x in (0.0, -half, half)]))
    form = with_digits(in_column(ratio, map(tuple, [*own[np.isfinite(own).all(1)].tolist(), pooled])), spec.digits)
    rows = _trials(r.trials, own, said, form, spec)
    whole = len(rows) if several else None
    if several:
        totals = {name: column.total for name, column in said.columns.items()}
        cells = dict(zip(LIMITS, pooled, strict=True))
        effect = journal.decimal(journal.interval(**cells, form=form))
        rows.append(row("pooled", f"Overall, one stage (k\u00a0=\u00a0{r.k})", **cells, **totals, effect=effect))
        if spec.prediction is not False and math.isfinite(low):
            ends = {"low": math.exp(low), "high": math.exp(high)}
            rows.append(row("prediction", "Prediction interval", **ends,
                            effect=journal.decimal(journal.between(**ends, form=form))))  # fmt: skip
        rows += [row("text", journal.decimal(tied(line))) for line in said.lines]
    drawn = any(one["kind"] == "prediction" for one in rows)
    kind = RULES.get(getattr(r, "prediction", None) or "", "")
    rule = f"; {in_percent(r.level)}% prediction interval: {kind}" if drawn else ""
    axis = axis_name(HR, spec)
    columns = {"effect": Column(header=effect_header(axis, r.level, spec, "CrI" if said.credible else "CI"), cells=[])}
    found = content(rows, columns | said.columns, spec, HR, pd.DataFrame(), axis, 1.0, _notes(own, said, several, rule),
                    reference=pooled[0] if several else math.nan, whole=whole)  # fmt: skip
    return replace(found, marks=Marks(area="inverse of its variance" * several))


def _trials(trials: pd.DataFrame, own: Floats, said: Said, form: Form, spec: ForestSpec) -> list[Row]:
    """Return a row a trial, as the table or the user orders them; squares by the precision of its own estimate."""
    weight, point = 1 / trials["se"] ** 2, spec.journal.decimal
    share = (100 * weight / weight.sum()).to_numpy()
    rows = []
    for i, (name, values) in enumerate(zip(trials["study"], own.tolist(), strict=True)):
        texts = {column: held.cells[i] for column, held in said.columns.items()}
        if not math.isfinite(values[0]):
            rows.append(row("study", name, **texts, effect=UNKNOWN))
            continue
        cells = dict(zip(LIMITS, values, strict=True))
        effect = point(spec.journal.interval(**cells, form=form))
        rows.append(row("study", name, **cells, weight=share[i], **texts, effect=effect))
    return rows if spec.sort is None else in_order(rows, sort_values(rows, trials, spec.sort), spec.sort, trials)


def _notes(own: Floats, said: Said, several: bool, rule: str) -> list[Note]:
    model = [note(f"{said.model}{rule}.", needed=True)] if several else []
    lacking = [note(f"{said.lacking}.")] if np.isnan(own).any() else []
    return [
        *model,
        note(f"Trials: {said.own} of its own {said.trial_model} model each, {said.trial_interval} interval."),
        *lacking,
    ]
