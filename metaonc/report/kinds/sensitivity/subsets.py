"""Results without each trial in turn, or of ever more: words (PRISMA 2020, items 13f and 20d), and forest rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pandas as pd

from ....analysis.interaction.wording import LIMITS
from ....analysis.methods.tau2 import TAU2_METHODS, is_common
from ....analysis.pooling.inverse_variance.result import MetaResult
from ....analysis.pooling.subgroups.result import SubgroupResult
from ....analysis.pooling.subgroups.wording import F_TEST, FRAGILE
from ....analysis.results.pooled import PooledResult
from ....analysis.sensitivity.subsets_result import SubsetsResult
from ....base.digits import Form, in_percent, p_said, with_digits
from ....errors import OptionError
from ...forest.assemble import POOLS_ALONE, axis_name, content, effect_header, form_for, refuse
from ...forest.columns import Column
from ...forest.content import ForestRows, ForestSpec, Marks, Note, Row, note, row, titled
from ...forest.notes import INTERVALS, OWN_INTERVALS
from ...forest.order import in_order, sort_values
from ...texts.intervals import interval_method
from ...texts.preparation import left_out, measured
from ...texts.printer import Printer, listed, trial, unquoted
from .. import Kind, kind_of
from ..pool.methods import synthesis
from ..pool.rows import scaled
from ..pool.words import words_of
from .subset_scales import Scale, scale_of
from .subset_words import Shown, one_by_one, without_each

SQUARES = {"leave_one_out": "pool without this {unit}", "cumulative": "pool up to this {unit}"}
NEVER = ("common", "shrinkage", "prediction")  # options that no table of pools has a use for
NONE = pd.DataFrame()  # columns to sort by: a pool of subsets has none of its own
TESTS = {"F": F_TEST, "F floor": f"{F_TEST}, its scale at least 1", "Q": "chi-square of the pooled effects"}
FIRST = {"leave_one_out": "Without", "cumulative": "Up\u00a0to"}  # header of the trials
HEADINGS = {"leave_one_out": "Leave-one-out analysis", "cumulative": "Cumulative analysis"}
SAID = {
    "leave_one_out": "Each line {does} all {unit}s but the one it names",
    "cumulative": "Each line {does} the {unit} it names and those above it",
}


def _methods(r: SubsetsResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on results without each trial in turn, or of ever more trials."""
    one_out = r.verb == "leave_one_out"
    how = f"leaving out each {r.by} in turn" if one_out else f"adding the {r.by}s one by one"
    if not isinstance(r.pool, PooledResult):
        same = kind_of(r.whole).methods(r.whole, cited, printer)
        return [*same, f"As a sensitivity analysis the model was fitted again {how}."]
    if not isinstance(r.whole, MetaResult):
        groups = f" in each subgroup ({titled(r.whole.by)}) and in all" if isinstance(r.whole, SubgroupResult) else ""
        again = f"As a sensitivity analysis the pool was repeated{groups} by the same model, {how}."
        return [measured(r.record), synthesis(r.pool, cited, printer), again]
    percent = printer.percent(r.level)
    alone = " That of a single trial is Wald's." if r.trials == 2 or not one_out else ""
    return [
        measured(r.record),
        f"As a sensitivity analysis the pool was repeated {how}, {_same_model(r, cited)}. "
        f"{interval_method(r.ci, percent, cited)}{alone}",
    ]


def _same_model(r: SubsetsResult, cited: list[str]) -> str:
    if r.studies.covariance is not None:
        how = _same_effects(r, cited).removeprefix("by inverse variance with ")
        return f"by generalised least squares, sampling errors of rows being correlated, with {how}"
    return _same_effects(r, cited)


def _same_effects(r: SubsetsResult, cited: list[str]) -> str:
    if r.given_tau2 is not None:
        return "by inverse variance with random effects, the variance between trials (τ²) being given"
    if is_common(r.method):
        return "by inverse variance with a common effect"
    record = TAU2_METHODS[r.method]
    cited.append(record.reference)
    return f"by inverse variance with random effects, the variance between trials (τ²) estimated anew by {record.label}"


def _results(r: SubsetsResult, printer: Printer) -> list[str]:
    """Return the paragraphs on results without each trial in turn, or of ever more trials."""
    say = without_each if r.verb == "leave_one_out" else one_by_one
    found: list[str] = []
    for name, rows in scale_of(r).parts.items():
        shown = Shown(r, rows, printer)
        head = f"{name}: " if name else ""
        said = say(shown) if len(shown.names) else ["No estimate was found."]
        found += [f"{head}{said[0]}", *said[1:]]
    lacking = [f"There was no estimate {_which(r, trial(name))}: {_why(why)}" for name, why in r.lacking.items()]
    return [left_out(r), *found, *_between(r, printer), *lacking]


def _why(reason: str) -> str:
    """Return why there is no estimate; what a user could call instead is left to the summary."""
    return f"{unquoted(reason).partition(';')[0].rstrip('.')}."


def _which(r: SubsetsResult, name: str) -> str:
    return f"without {name}" if r.verb == "leave_one_out" else f"up to {name}"


def _between(r: SubsetsResult, printer: Printer) -> Iterable[str]:
    """Say between what p-values of the test between subgroups lay."""
    found = _p_values(r, printer.p)
    if found:
        stated, beside = found
        yield f"The test between subgroups ({_tests(r)}) had {stated}{beside}."


def _p_values(r: SubsetsResult, say: Callable[[float], str]) -> tuple[str, str] | None:
    """Return the p-values of the test between subgroups, and what stands beside them where it is fragile."""
    if "stated_p" not in r.table or r.table["stated_p"].isna().all():
        return None
    fragile = r.table[r.table["beside_p"].notna()]
    if fragile.empty:
        return _range(r.table["stated_p"], say), ""
    who = listed(map(str, fragile["study"]))
    return _range(r.table["stated_p"], say), (
        f"; but {_which(r, who)} {FRAGILE}: with the scale at least 1, {_range(fragile['beside_p'], say)}"
    )


def _range(values: pd.Series, say: Callable[[float], str]) -> str:
    low, high = (say(float(x)) for x in (values.min(), values.max()))
    return low if low == high else f"{low} to {high}"


def _tests(r: SubsetsResult) -> str:
    """Name the tests between subgroups that are stated."""
    return listed([TESTS[name] for name in dict.fromkeys(r["stated_test"]) if name in TESTS], "or")


def _rows(r: SubsetsResult, spec: ForestSpec) -> ForestRows:
    """Return a row a pool, with I²; and the pool of all trials last, at which the dotted line stands.

    Subgroups, outcomes and coefficients have a block each.

    Raises
    ------
    DataError
        When the measure has no back-transform without sample sizes.
    OptionError
        When an option asked for has no use for it.
    """
    refuse(spec, f"a table of {r.verb}", POOLS_ALONE if r.verb == "cumulative" else NEVER)
    if spec.study_interval != "exact":
        raise OptionError("study_interval= has no use here: every line is a pool.")
    scale, journal = scale_of(r), spec.journal
    rows: list[Row] = []
    for (name, part), level in zip(scale.parts.items(), r.parts, strict=True):
        heading = _renamed(r, name, level, spec)
        rows += [*([row("space")] if rows else []), *([row("group", heading)] if heading else [])]
        form = with_digits(form_for(scale.records[part.index[0]], part, r.level), spec.digits)
        lines = [_line(line, spec, form) for line in part.to_dict("records")]
        rows += lines if spec.sort is None else in_order(lines, sort_values(lines, NONE, spec.sort), spec.sort, NONE)
        rows += _all_trials(r, level, spec, form)
    axis = axis_name(scale.record, spec)
    kind = r.pool.model_facts.interval_label if isinstance(r.pool, PooledResult) else "CI"
    columns = {"effect": Column(header=effect_header(axis, r.level, spec, kind), cells=[])}
    if r["i2"].notna().any():
        columns["i2"] = Column(header="I² (%)", cells=[])
    usual = (*(c for c in journal.right if c == "effect"), *(["i2"] if "i2" in columns else []))
    whole = len(rows) - 1 if rows[-1]["kind"] == "pooled" else None
    found = content(
        rows,
        columns,
        replace(spec, journal=replace(journal, study=FIRST[r.verb], right=usual)),
        scale.record,
        pd.DataFrame(),
        axis,
        scale.null,
        _notes(r, scale),
        reference=math.nan if whole is None else rows[whole]["estimate"],
        whole=whole,
    )
    return replace(found, marks=Marks(study=SQUARES[r.verb].format(unit=r.by), pooled=f"all {r.by}s"))


def _renamed(r: SubsetsResult, name: str, level: str, spec: ForestSpec) -> str:
    """Return a heading, of a subgroup with what the user wants before its level."""
    if spec.subgroup_label is None:
        return name
    if not isinstance(r.whole, SubgroupResult):
        refuse(spec, "results without subgroups", ("subgroup_label",))
        return name
    return name if level == r.whole.overall_name else spec.heading("", level)


def _line(line: dict[Any, Any], spec: ForestSpec, form: Form) -> Row:
    journal, label = spec.journal, str(line["study"])
    if line["reason"]:
        return row("study", label, effect="not estimable")
    estimate, low, high = (line[name] for name in LIMITS)
    i2 = "" if math.isnan(line["i2"]) else journal.decimal(journal.i2(line["i2"]))
    return row("study", label, estimate=estimate, low=low, high=high, weight=1.0,
               effect=journal.decimal(journal.interval(estimate, low, high, form)), i2=i2)  # fmt: skip


def _all_trials(r: SubsetsResult, part: str, spec: ForestSpec, form: Form) -> list[Row]:
    """Return the row of the pool of all trials, the last of its block; none where the result is no pool of trials."""
    whole = r.whole
    if isinstance(whole, SubgroupResult):
        whole = whole.overall if part == whole.overall_name else whole.groups[part]
    if not isinstance(whole, PooledResult):
        return []
    estimate, low, high = (scaled(whole, getattr(whole, name)) for name in LIMITS)
    found = float(getattr(whole, "i2", math.nan))
    i2 = "" if math.isnan(found) else spec.journal.decimal(spec.journal.i2(found))
    text = spec.journal.decimal(spec.journal.interval(estimate, low, high, form))
    count = whole.trials if r.by == "trial" else whole.k
    return [row("pooled", f"All {r.by}s (k = {count})", estimate=estimate, low=low, high=high, effect=text, i2=i2)]


def _notes(r: SubsetsResult, scale: Scale) -> list[Note]:
    pools = isinstance(r.pool, PooledResult)
    said = SAID[r.verb].format(does="pools" if pools else "rests on", unit=r.by)
    percent = f"{in_percent(r.level)}%"
    if isinstance(r.whole, MetaResult):
        model = "common effect" if is_common(r.method) else f"random effects ({r.method})"
        model += ", correlated sampling errors (generalised least squares)" * (r.studies.covariance is not None)
        pooled = f"{said}: {model}; {INTERVALS[r.ci]} {percent} confidence interval."
        return [note(line) for line in [pooled, *_own(r)]]
    lines = [f"{said}."]
    if pools:
        shared = isinstance(r.whole, SubgroupResult) and r.whole.common_tau2
        lines.append(words_of(r.pool).model_note(replace(r.pool, prediction=None), [r.pool], shared))
    else:
        model = "Common effect" if is_common(r.method) else f"Random effects ({r.method})"
        lines.append(f"{model}; {INTERVALS[r.ci]} {percent} confidence interval.")
    lines += _own(r)
    lines += [f"No estimate {_which(r, name)}: {_why(why)}" for name, why in r.lacking.items()]
    test = _p_values(r, p_said)
    if test:
        lines.append(f"Test between subgroups ({_tests(r)}): {''.join(test)}.")
    return [note(line) for line in [*lines, *scale.notes]]


def _own(r: SubsetsResult) -> Iterable[str]:
    """Yield which lines have intervals of another kind than the pool of all, as those of one trial have."""
    own = r.table[(r["reason"] == "") & (r["interval"] != r.ci)]
    for kind, rows in own.groupby("interval", sort=False):
        name = OWN_INTERVALS.get(str(kind)) or INTERVALS[str(kind)]
        yield f"{listed(dict.fromkeys(map(str, rows['study'])))}: {name} interval."


KIND = Kind(
    verbs="sensitivity.leave_one_out, sensitivity.cumulative",
    methods=_methods,
    results=_results,
    rows=_rows,
    heading=lambda r: HEADINGS[r.verb],
)
