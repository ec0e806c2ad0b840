"""Tests of asymmetry, in the words of a manuscript."""

from __future__ import annotations

import numpy as np

from ....analysis.bias.asymmetry.rank_result import RankTestResult
from ....analysis.bias.asymmetry.rank_test import RANK_TESTS
from ....analysis.bias.asymmetry.regression_result import RegressionTestResult
from ....analysis.bias.cautions import ALPHA
from ....analysis.methods.intervals import CI_METHODS
from ....analysis.methods.tau2 import TAU2_METHODS
from ....base.digits import plain, significant
from ...blocks import Block
from ...document.look import Look
from ...journals import Journal
from ...tables.coefficients import p_cell
from ...tables.content import Table
from ...texts.printer import Printer
from .. import Kind
from .shared import figures, level_of, methods_before, natural_interval, numbers, results_before, table

NOT_BIAS = "Asymmetry can be due to publication bias, to differences between small and large trials, or to chance."


def _regression_methods(r: RegressionTestResult, cited: list[str], printer: Printer) -> list[str]:
    paragraphs = methods_before(r, cited, printer)
    cited.append(r.record.reference)
    if r.model == "ols":
        model = "weighted least squares, the variances times a common factor"
    else:
        model = f"a mixed model with τ² by {TAU2_METHODS[r.method].label} and {CI_METHODS[r.ci].short} tests"
    return [*paragraphs, f"Small-study effects were tested by {r.record.label}: regression on the {r.on_label} by "
            f"{model}."]  # fmt: skip


def _statistic(r: RegressionTestResult, printer: Printer) -> str:
    name = "z" if np.isinf(r.df) else "t"
    df = "" if np.isinf(r.df) else f" on {printer.journal.decimal(plain(r.df))} df"
    return f"{name} = {printer.significant(r.statistic)}{df}"


def _regression_results(r: RegressionTestResult, printer: Printer) -> list[str]:
    trend = f"; {r.trend}" if r.trend else ""
    found = f"{r.record.label} of small-study effects: {_statistic(r, printer)}, {printer.p(r.p_value)}{trend}."
    if np.isfinite(r.limit):
        shown = natural_interval(r.result, (r.limit, r.limit_low, r.limit_high), printer, r.level)
        found += f" In the limit without sampling error the line gives a {r.result.record.natural} of {shown}."
    return [*results_before(r, printer), f"{found} {NOT_BIAS}"]


def _regression_table(r: RegressionTestResult, journal: Journal, effect: str | None) -> Table:
    printer = Printer(journal)
    rows = [("Trials", str(r.k)), ("Predictor", r.on_label), ("Statistic", _statistic(r, printer)),
            ("P", p_cell(journal, r.p_value)),
            ("Slope (SE)", f"{significant(r.slope)} ({significant(r.slope_se)})")]  # fmt: skip
    if np.isfinite(r.limit):
        limit = natural_interval(r.result, (r.limit, r.limit_low, r.limit_high), printer, r.level)
        rows.append((f"{effect or r.result.record.natural.capitalize()} without sampling error", limit))
    model = "least squares" if r.model == "ols" else f"mixed model ({r.method})"
    notes = [f"{r.record.label}: {model}; slope on the scale of the {r.result.record.label}. {NOT_BIAS}"]
    return table(f"{r.record.label} of small-study effects", rows, journal, notes)


def _regression_figures(r: RegressionTestResult, look: Look) -> tuple[Block, ...]:
    columns = ["term", "estimate", "statistic", "p_value", "ci_low", "ci_high"]
    return figures(r, look, numbers(r, f"{r.record.label} ({level_of(r.level)} limits)", columns))


def _rank_methods(r: RankTestResult, cited: list[str], printer: Printer) -> list[str]:
    paragraphs, record = methods_before(r, cited, printer), RANK_TESTS[r.test]
    cited.append(record.reference)
    how = "its exact distribution" if r.exact else "a normal approximation"
    what = f"Kendall's rank correlation of standardised effects and variances, with {how}"
    return [*paragraphs, f"Small-study effects were tested by {record.label}: {what}."]


def _rank_results(r: RankTestResult, printer: Printer) -> list[str]:
    label = RANK_TESTS[r.test].label
    found = f"{label} of small-study effects: Kendall's τ = {printer.significant(r.statistic)}, {printer.p(r.p_value)}"
    found += "." if r.p_value < ALPHA else "; no evidence of asymmetry."
    return [*results_before(r, printer), f"{found} {NOT_BIAS}"]


def _rank_table(r: RankTestResult, journal: Journal, effect: str | None) -> Table:
    rows = [("Trials", str(r.k)), ("Kendall's τ", significant(r.statistic)), ("P", p_cell(journal, r.p_value))]
    how = "exact distribution" if r.exact else "normal approximation"
    label = RANK_TESTS[r.test].label
    return table(f"{label} of small-study effects", rows, journal, [f"{label}, {how}. {NOT_BIAS}"])


def _rank_figures(r: RankTestResult, look: Look) -> tuple[Block, ...]:
    return figures(r, look, numbers(r, RANK_TESTS[r.test].label, ["term", "statistic", "p_value"]))


REGRESSION = Kind(
    verbs="bias.regression_test, bias.egger, bias.peters, bias.harbord", methods=_regression_methods,
    results=_regression_results, table=_regression_table, figures=_regression_figures,
)  # fmt: skip
RANK = Kind(verbs="bias.rank_test, bias.begg", methods=_rank_methods, results=_rank_results, table=_rank_table,
            figures=_rank_figures)  # fmt: skip
