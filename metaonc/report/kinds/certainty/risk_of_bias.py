"""Pools by risk of bias, in the words of a manuscript (PRISMA 2020, items 11, 13e, 18 and 20)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pandas as pd

from ....analysis.sensitivity.bias_levels.result import ENDS, RiskOfBiasResult
from ....analysis.sensitivity.bias_levels.steps import ALL
from ....base.digits import with_digits
from ....data.risk_of_bias.assessment import OVERALL
from ....errors import OptionError
from ...blocks import Block, Grid
from ...document.look import Look
from ...forest.assemble import POOLS_ALONE, axis_name, content, effect_header, form_for, refuse
from ...forest.columns import Column
from ...forest.content import ForestRows, ForestSpec, Marks, Note, Row, note, row
from ...forest.notes import INTERVALS, OWN_INTERVALS
from ...texts.printer import Printer, listed, several, trial
from .. import Kind, kind_of
from ..subgroups import REFERENCE, between_levels


def _judgement(r: RiskOfBiasResult) -> str:
    if r.domain == OVERALL:
        return "overall judgement"
    return f"judgement of {r.domain_name} ({r.domain})"


def _methods(r: RiskOfBiasResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on risk of bias."""
    tool = r.assessment.record
    cited.append(tool.reference)
    said = [
        f"Risk of bias was judged by {tool.name}, for {tool.kind}, in {several(len(tool.domains), 'domain')}.",
        f"As a sensitivity analysis the pool was repeated by the same model with the trials at low risk alone ("
        f"{_judgement(r)}), and with those at ever higher risk.",
    ]
    if r.by_level is not None and r.by_level.stated_test:
        what = "a chi-square test of their pooled effects"
        if r.by_level.stated_test != "Q":
            cited.append(REFERENCE)
            what = "an F test in the model with one mean a level and one τ²"
        said.append(f"Levels of risk were compared as subgroups of the trials that were judged, by {what}.")
    return [*kind_of(r.whole).methods(r.whole, cited, printer), " ".join(said)]


def _scaled(r: RiskOfBiasResult) -> pd.DataFrame:
    """Return the steps on the scale that is printed."""
    factor = 100 if _percent(r) else 1
    return r.table.assign(**{end: factor * r.natural(r.table[end].to_numpy()) for end in ENDS})


def _percent(r: RiskOfBiasResult) -> bool:
    return r.whole.record.scale == "percent" and r.whole.record.inverse_needs is None


def _results(r: RiskOfBiasResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, on the steps, and on the test between levels."""
    t, record = _scaled(r), r.whole.record
    form = form_for(record, t, r.whole.level)
    unit = "%" if _percent(r) else ""
    found = []
    for line in t.to_dict("records"):
        words = line["step"].lower().removesuffix(" only").split(", ")
        of = "of all trials" if line["step"] == ALL else f"of {several(line['trials'])} judged {listed(words, 'or')}"
        if line["reason"]:
            found.append(f"{of} was not estimable")
            continue
        values = [line[end] for end in ENDS]
        kind = r.whole.model_facts.interval_label
        found.append(f"{of} was {printer.interval(values, form, r.whole.level, unit=unit, kind=kind)}")
    shares = _shares(r, printer)
    name = record.natural if record.inverse_needs is None else record.label
    said = [f"By risk of bias ({_judgement(r)}), the pooled {name} {'; '.join(found)}."]
    if r.unjudged:
        said.append(f"Not judged: {listed(map(trial, r.unjudged))}.")
    said += [f"{printer.plain(_test(r, printer))}."]
    return [*kind_of(r.whole).results(r.whole, printer), " ".join([*shares, *said])]


def _shares(r: RiskOfBiasResult, printer: Printer) -> Iterable[str]:
    """Yield how much of the weight is at which level."""
    if r.table["share"].isna().any():
        return
    weights = pd.Series(r.whole.weights).groupby([word or "not judged" for word in r.levels]).sum()
    words = [one.word for one in r.assessment.record.judgements] + ["not judged"]
    parts = [f"{word.lower()} {printer.journal.decimal(f'{weights[word]:.0f}')}%" for word in words if word in weights]
    yield f"Shares of the weight by risk of bias: {listed(parts)}."


def _test(r: RiskOfBiasResult, printer: Printer) -> str:
    if r.by_level is None:
        return f"Test between levels of risk: {r.test_line}"
    return between_levels(r.by_level, printer.whole).replace("between subgroups", "between levels of risk")


def _rows(r: RiskOfBiasResult, spec: ForestSpec) -> ForestRows:
    """Return a row a step, the pool of all last, at which the dotted line stands.

    Raises
    ------
    OptionError
        When an option asked for has no use for it.
    """
    refuse(spec, "pools by risk of bias", (*POOLS_ALONE, "subgroup_label", "risk_of_bias"))
    if spec.study_interval != "exact":
        raise OptionError("study_interval= has no use here: every line is a pool.")
    t, record, journal = _scaled(r), r.whole.record, spec.journal
    form = with_digits(form_for(record, t, r.whole.level), spec.digits)
    rows = [_line(line, form, spec) for line in t.to_dict("records")]
    axis = axis_name(record, spec)
    columns = {
        "effect": Column(header=effect_header(axis, r.whole.level, spec, r.whole.model_facts.interval_label), cells=[]),
        "trials": Column(header="Trials", cells=[]),
    }
    usual = (*(c for c in journal.right if c == "effect"), "trials")
    whole = len(rows) - 1
    null = None if record.null is None else float(r.natural(record.null))
    found = content(
        rows, columns, replace(spec, journal=replace(journal, study="Risk of bias", right=usual)), record,
        pd.DataFrame(), axis, null, _notes(r, spec), reference=rows[whole]["estimate"], whole=whole,
    )  # fmt: skip
    return replace(found, marks=Marks(study="pool of these trials", pooled=ALL))


def _line(line: dict[Any, Any], form: Any, spec: ForestSpec) -> Row:
    kind = "pooled" if line["step"] == ALL else "study"
    label = line["step"][:1].upper() + line["step"][1:]
    if line["reason"] or math.isnan(line["estimate"]):
        return row(kind, label, effect="not estimable", trials=str(line["trials"]))
    estimate, low, high = (line[end] for end in ENDS)
    text = spec.journal.decimal(spec.journal.interval(estimate, low, high, form))
    return row(kind, label, estimate=estimate, low=low, high=high, weight=1.0, effect=text, trials=str(line["trials"]))


def _notes(r: RiskOfBiasResult, spec: ForestSpec) -> list[Note]:
    printer = Printer(spec.journal, spec.unit)
    lines = [
        f"{r.assessment.tool}, {_judgement(r)}. Each line pools the trials of these levels.",
        f"{printer.plain(_test(r, printer))}.",
    ]
    own = r.table[(r.table["reason"] == "") & (r.table["interval"] != r.whole.ci)]
    for kind, steps in own.groupby("interval", sort=False):
        name = OWN_INTERVALS.get(str(kind)) or INTERVALS.get(str(kind), str(kind))
        lines.append(f"{', '.join(steps['step'])}: {name} interval.")
    return [note(line) for line in lines]


def _title(r: RiskOfBiasResult, effect: str | None) -> str:
    name = effect or r.whole.record.natural
    return f"{name[:1].upper()}{name[1:]} by risk of bias ({r.assessment.tool})"


def _figures(r: RiskOfBiasResult, look: Look) -> tuple[Block, ...]:
    from ...document.figures import forest_blocks, readable
    from ...figures.quality.summary import risk_of_bias_summary
    from ...forest.figure import drawn
    from ...forest.rows import forest_rows

    beside = forest_rows(r.whole, journal=look.journal, effect=look.effect, unit=look.unit, risk_of_bias=r.assessment)
    blocks: list[Block] = [look.drawing(drawn(beside), "Forest plot with risk of bias"), *forest_blocks(r, look)]
    if not r.table["share"].isna().any():
        blocks.append(look.drawing(risk_of_bias_summary(r.assessment, r.whole), "Risk of bias, by weight"))
    judged = r.assessment.judgements(list(dict.fromkeys(r.whole.studies.labels)))
    judged.insert(0, "trial", list(dict.fromkeys(r.whole.studies.labels)))
    return *blocks, Grid(readable(judged), f"Risk of bias by {r.assessment.tool}")


KIND = Kind(
    verbs="sensitivity.risk_of_bias", methods=_methods, results=_results, rows=_rows, title=_title, figures=_figures
)
