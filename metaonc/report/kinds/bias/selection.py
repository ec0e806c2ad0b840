"""Models of selection: pools corrected for trials that were published by their p-values, in words and as tables."""

from __future__ import annotations

import math

import numpy as np

from ....analysis.bias.selected import LIMITS
from ....analysis.bias.selection.p_uniform_result import PUniformResult
from ....analysis.bias.selection.result import SelectionResult
from ....base.digits import Form, significant
from ...blocks import Block
from ...document.look import Look
from ...forest.assemble import form_for
from ...journals import Journal
from ...tables.coefficients import VALUES, coefficients, p_cell
from ...tables.content import Table
from ...texts.printer import Printer, capital, listed, several
from .. import Kind, kind_of

GIVEN = "Vevea and Woods 2005, doi:10.1037/1082-989X.10.4.428"
CONDITIONAL = "Van Aert and van Assen 2022, doi:10.31222/osf.io/zqjr9"
Selected = SelectionResult | PUniformResult


def _methods(r: SelectionResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the pool without selection, and on the model of it."""
    record, settings = r.weight_function, r.provenance.settings
    paragraphs = kind_of(r.without).methods(r.without, cited, printer)
    cited.append(record.reference)
    sides = "two-sided" if r.alternative == "two-sided" else "one-sided"
    which = f" with steps at {listed(printer.plain(f'{x:g}') for x in r.steps)}" if r.steps else ""
    if r.steps and record.log_weight is not None:
        which = f", the weight being 1 up to p = {printer.plain(f'{r.steps[0]:g}')}"
    model = (
        f"The pooled effect was corrected for selection of trials by their p-values ({sides}; favoured: {r.favoured}) "
        f"by a selection model: the {record.label}{which}."
    )
    if r.lr_df:
        what = listed(["Effect", *([] if r.method == "CE" else ["τ²"]), "weights"])
        how = f"{what} were estimated by maximum likelihood, and selection was tested by the likelihood ratio."
    else:
        cited.append(GIVEN)
        how = f"The weights were given ({listed(printer.significant(float(x)) for x in r.weights)})."
    precise = f" Selection depended on precision ({settings['precision']})." if settings["precision"] else ""
    clipped = f" p-values were taken as no nearer to 0 or 1 than {settings['p_min']:g}." if settings["p_min"] else ""
    return [*paragraphs, f"{model} {how}{precise}{clipped}"]


def _results(r: SelectionResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the pool without selection, and on the effect with it."""
    test = ""
    if r.lr_df:
        test = (f"; likelihood ratio test against no selection: χ² = {printer.significant(r.lr_statistic)} on "
                f"{r.lr_df} df, {printer.p(r.lr_p_value)}")  # fmt: skip
    pairs = zip(r.weight_names, r.weights, strict=True)
    weights = listed(f"{printer.significant(float(x))} ({printer.plain(name)})" for name, x in pairs)
    between = "" if r.method == "CE" else f", τ² = {printer.significant(r.tau2)}"
    return [
        *kind_of(r.without).results(r.without, printer),
        f"Corrected for selection by a {r.weight_function.label}, {_effect(r, printer)}{between}. Weights: "
        f"{weights}{test}.",
    ]


def _conditional_methods(r: PUniformResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the pool without selection, and on p-uniform*."""
    paragraphs = kind_of(r.without).methods(r.without, cited, printer)
    cited.append(CONDITIONAL)
    alpha = printer.plain(f"{r.alpha:g}")
    return [
        *paragraphs,
        f"The pooled effect was corrected for selection of significant trials (two-sided p ≤ {alpha}; favoured: "
        f"{r.favoured}) by p-uniform*: maximum likelihood of each trial given whether it is significant, with profile "
        "intervals and the likelihood ratio test of no effect.",
    ]


def _conditional_results(r: PUniformResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the pool without selection, and on p-uniform*."""
    between = "" if r.method == "CE" else f", τ² = {printer.significant(r.tau2)}"
    return [
        *kind_of(r.without).results(r.without, printer),
        f"{r.significant} of {several(r.k)} were significant for {r.favoured}. By p-uniform*, "
        f"{_effect(r, printer)}{between}.",
    ]


def _effect(r: Selected, printer: Printer) -> str:
    """Return the corrected effect with its interval and test."""
    factor = 100 if r.record.scale == "percent" else 1
    values = factor * r.tidy(transform=True)[LIMITS].to_numpy(dtype=float)[0]
    unit = printer.unit_of(r.record)
    if math.isnan(values[1]):
        return f"the {r.record.natural} was {printer.together(_form(r), values[0])[0]}{unit} (no interval)"
    shown = printer.interval(values, _form(r), r.level, unit=unit)
    return f"the {r.record.natural} was {shown}, {printer.p(r.p_value)}"


def _form(r: Selected) -> Form:
    """Return how numbers of the effect are printed."""
    return form_for(r.record, r.tidy(transform=True).iloc[:2], r.level)


def _table(r: Selected, journal: Journal, effect: str | None) -> Table:
    """Return a table of the effect with and without selection, and of the weights."""
    printer, form = Printer(journal), _form(r)
    percent = printer.percent(r.level)
    factor = 100 if r.record.scale == "percent" else 1
    rows, numbers = [], []
    named = {"overall": "With selection", "without selection": "Without selection"}
    for row in r.tidy(transform=True).to_dict("records"):
        weight = row["type"] == "weight"
        values = np.array([row[name] for name in LIMITS], dtype=float) * (1 if weight else factor)
        tau2 = "" if math.isnan(row["tau2"]) else printer.significant(row["tau2"])
        name = f"Weight, {row['term']}" if weight else named[row["term"]]
        rows.append((printer.plain(name), _cell(values, significant if weight else form, journal), tau2,
                     p_cell(journal, row["p_value"])))  # fmt: skip
        numbers.append({"label": name, **dict(zip(VALUES, values, strict=True)), "p_value": row["p_value"]})
    model = f"p-uniform*, {several(r.k)}" if isinstance(r, PUniformResult) else capital(r.weight_function.label)
    return coefficients(
        title=f"{effect or capital(r.record.natural)} corrected for selection, {several(r.k)}",
        headers=("Term", f"Estimate ({percent} CI)", "τ²", capital(journal.p.symbol)),
        rows=rows,
        texts=_tests(r, printer),
        footnotes=(f"{model}; favoured: {r.favoured}; {r.method}, {'profile' if r.ci == 'profile' else 'Wald'} "
                   f"{percent} confidence interval.",),
        numbers=numbers,
    )  # fmt: skip


def _tests(r: Selected, printer: Printer) -> list[str]:
    if isinstance(r, PUniformResult) or not r.lr_df:
        return []
    return [f"Against no selection: χ² = {printer.significant(r.lr_statistic)}, df = {r.lr_df}, "
            f"{printer.p(r.lr_p_value)}"]  # fmt: skip


def _cell(values: np.ndarray, form: Form, journal: Journal) -> str:
    """Return an estimate with its limits where there are any."""
    if np.isnan(values[1]):
        return journal.decimal(form(float(values[0])))
    estimate, low, high = (float(x) for x in values)
    shown, limits = journal.printed(estimate, low, high, form)
    return journal.decimal(f"{shown} {limits}")


def _figures(r: Selected, look: Look) -> tuple[Block, ...]:
    from ...document.figures import printed, shown
    from ...figures.bias.selection import selection

    drawn = [look.drawing(selection(r), "Weight function")] if isinstance(r, SelectionResult) else []
    return *shown(r.without, look), *drawn, *printed(r, look)


WEIGHTED = Kind(
    verbs="bias.selection_model", methods=_methods, results=_results, table=_table, figures=_figures,
)  # fmt: skip
P_UNIFORM = Kind(
    verbs="bias.p_uniform", methods=_conditional_methods, results=_conditional_results, table=_table, figures=_figures,
)  # fmt: skip
