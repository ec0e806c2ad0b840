"""Tests of two arms, in the words of a manuscript: weighted log-rank tests, and proportional hazards."""

from __future__ import annotations

import math

from ....analysis.survival.comparison import LogRankTest
from ....analysis.survival.cox.ph_test import PhTestResult
from ....analysis.survival.two_arms.weighted import WeightedLogRankResult
from ....base.digits import significant
from ...forest.notes import chi_square
from ...journals import Journal
from ...tables.coefficients import coefficients, p_cell
from ...tables.content import Table
from ...texts.preparation import corrected
from ...texts.printer import Printer, capital, listed
from .. import Kind
from .shared import arms_said, figures

FH_CITED = "Fleming and Harrington 1991"
PH_CITED = "Grambsch and Therneau 1994"
TIME = {
    "km": "one less the Kaplan-Meier curve of both arms", "rank": "the rank of times", "identity": "time",
    "log": "the logarithm of time",
}  # fmt: skip


def _weighted_methods(r: WeightedLogRankResult, cited: list[str], printer: Printer) -> list[str]:
    cited.append(FH_CITED)
    pairs = listed(f"({a:g}, {b:g})" for a, b in zip(r.tests["rho"], r.tests["gamma"], strict=True))
    combined = (
        " The largest of the statistics was tested by their joint normal distribution (max-combo test)."
        if len(r.tests) > 1
        else ""
    )
    return [
        f"Hazards of {r.treatment} and {r.control} were compared by Fleming and Harrington's weighted log-rank tests "
        f"with (ρ, γ) = {printer.journal.decimal(pairs)}.{combined}",
        corrected(r.provenance),
    ]


def _weighted_results(r: WeightedLogRankResult, printer: Printer) -> list[str]:
    rows = zip(r.names, r.tests["statistic"], r.tests["p_value"], strict=True)
    found = "; ".join(f"{name}: z = {printer.significant(z)}, {printer.p(p)}" for name, z, p in rows)
    combined = f"; max-combo: {printer.p(r.p_value)}" if len(r.tests) > 1 else ""
    return [arms_said(r), f"{capital(found)}{combined}. "
            f"Statistics below 0 tell of fewer events than expected with {r.treatment}."]  # fmt: skip


def _weighted_table(r: WeightedLogRankResult, journal: Journal, effect: str | None) -> Table:
    rows = [(row["term"], journal.decimal(significant(row["statistic"])), p_cell(journal, row["p_value"]))
            for row in r.tidy().to_dict("records")]  # fmt: skip
    return coefficients(
        title=effect or f"Weighted log-rank tests of {r.treatment} and {r.control}",
        headers=("Term", "z", capital(journal.p.symbol)), rows=rows, texts=(),
        footnotes=(f"z below 0: fewer events than expected with {r.treatment}.",),
        numbers=[{"label": row["term"], "estimate": row["statistic"], "low": math.nan, "high": math.nan,
                  "p_value": row["p_value"]} for row in r.tidy().to_dict("records")],
    )  # fmt: skip


def _ph_methods(r: PhTestResult, cited: list[str], printer: Printer) -> list[str]:
    cited.append(PH_CITED)
    return [
        f"Whether the hazard ratio of {r.treatment} to {r.control} changes with time was tested by Grambsch and "
        f"Therneau's score test in Cox's model, time entering as {TIME[r.transform]}.",
        corrected(r.provenance),
    ]


def _ph_results(r: PhTestResult, printer: Printer) -> list[str]:
    way = {1: "rose", -1: "fell"}.get(r.direction, "did not change")
    test = printer.plain(chi_square(printer.journal, r.statistic, 1, r.p_value))
    return [f"Test of proportional hazards ({r.events} events): {test}; the log hazard ratio {way} with time."]


def _ph_table(r: PhTestResult, journal: Journal, effect: str | None) -> Table:
    return coefficients(
        title=effect or "Test of proportional hazards", headers=("Term", "Chi-square", "df", capital(journal.p.symbol)),
        rows=[(f"{r.treatment} against {r.control}", journal.decimal(significant(r.statistic)), "1",
               p_cell(journal, r.p_value))],
        texts=(), footnotes=(f"Time enters as {TIME[r.transform]}.",),
        numbers=[{"label": "proportional hazards", "estimate": r.statistic, "low": math.nan, "high": math.nan,
                  "p_value": r.p_value}],
    )  # fmt: skip


def log_rank_said(r: LogRankTest, printer: Printer) -> str:
    """Return the sentence of a log-rank test of groups."""
    known = not math.isnan(r.p_value)
    said = chi_square(printer.journal, r.chi2, r.df, r.p_value) if known else "not available"
    return f"Log-rank test of the {len(r.groups)} groups: {printer.plain(said)}."


def _counts(r: LogRankTest) -> list[tuple[str, int, float, float]]:
    """Return group, patients, events observed and expected of each group."""
    columns = (r.groups[name].tolist() for name in ("group", "n", "observed", "expected"))
    return list(zip(*columns, strict=True))


def _log_rank_methods(r: LogRankTest, cited: list[str], printer: Printer) -> list[str]:
    groups = f"Groups by {r.by}" if r.by else "Groups"
    return [f"{groups} were compared by the log-rank test.", corrected(r.provenance)]


def _log_rank_results(r: LogRankTest, printer: Printer) -> list[str]:
    each = listed(f"{observed:g} of {n} patients ({group}; {printer.significant(expected)} expected)"
                  for group, n, observed, expected in _counts(r))  # fmt: skip
    return [f"The event happened in {each}.", log_rank_said(r, printer)]


def _log_rank_table(r: LogRankTest, journal: Journal, effect: str | None) -> Table:
    rows = [(group, str(n), f"{observed:g}", journal.decimal(significant(expected)))
            for group, n, observed, expected in _counts(r)]  # fmt: skip
    numbers: list[dict[str, object]] = [
        {"label": group, "estimate": observed, "low": math.nan, "high": math.nan, "p_value": math.nan}
        for group, _, observed, _ in _counts(r)
    ]
    return coefficients(
        title=effect or "Log-rank test", headers=("Group", "Patients", "Events", "Expected"), rows=rows, texts=(),
        footnotes=(log_rank_said(r, Printer(journal)),), numbers=numbers,
    )  # fmt: skip


LOG_RANK = Kind(
    verbs="survival.log_rank", methods=_log_rank_methods, results=_log_rank_results, table=_log_rank_table,
    figures=figures,
)  # fmt: skip
WEIGHTED = Kind(
    verbs="survival.weighted_log_rank, survival.max_combo", methods=_weighted_methods, results=_weighted_results,
    table=_weighted_table, figures=figures,
)  # fmt: skip
PH = Kind(verbs="survival.ph_test", methods=_ph_methods, results=_ph_results, table=_ph_table, figures=figures)
