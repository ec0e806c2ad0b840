"""Cox's model with covariates, and median follow-up, in words and tables."""

from __future__ import annotations

import numpy as np

from ....analysis.survival.cox.model import CoxModelResult
from ....analysis.survival.reverse import FollowUpResult
from ....base.digits import plain, ratio
from ...forest.content import titled
from ...forest.notes import chi_square
from ...journals import Journal
from ...tables.coefficients import VALUES, coefficients
from ...tables.content import Table
from ...texts.preparation import corrected
from ...texts.printer import Printer, listed
from .. import Kind
from .shared import figures, heading, interval, of_unit, table_of

REVERSE_CITED = "Schemper and Smith 1996"


def _cox_methods(r: CoxModelResult, cited: list[str], printer: Printer) -> list[str]:
    by = r.provenance.settings["strata"]
    entry = r.provenance.settings.get("entry")
    late = f" Patients are at risk from their entry on ({entry}; left truncation)." if entry else ""
    strata = f", each stratum of {titled(by)} with its own baseline hazard" if by else ""
    return [
        f"Hazard ratios of {listed(titled(c) for c in r.covariates)} were estimated together by Cox's model{strata}, "
        f"with {r.ties.capitalize()}'s method for tied events, Wald {printer.percent(r.level)} confidence intervals "
        f"and tests.{late}",
        corrected(r.provenance),
    ]


def _cox_results(r: CoxModelResult, printer: Printer) -> list[str]:
    natural = np.exp(np.stack([r.estimate, r.ci_low, r.ci_high], 1))
    lr = printer.plain(chi_square(printer.journal, r.lr_statistic, len(r.covariates), r.lr_p))
    return [
        f"The event happened in {r.events} of {r.n} patients.",
        *(
            f"The hazard ratio of one unit more of {titled(name)} was {interval(values, ratio, r.level, printer)}, "
            f"{printer.p(float(p))}."
            for name, values, p in zip(r.covariates, natural.tolist(), r.p_value, strict=True)
        ),
        f"Likelihood ratio test of all covariates: {lr}.",
    ]


def _cox_table(r: CoxModelResult, journal: Journal, effect: str | None) -> Table:
    natural = np.exp(np.stack([r.estimate, r.ci_low, r.ci_high], 1)).tolist()
    rows = [((titled(name),), v, float(p)) for name, v, p in zip(r.covariates, natural, r.p_value, strict=True)]
    return table_of(
        effect or "Hazard ratios by Cox's model", ("Term", *heading(journal, r.level)), rows, journal,
        [ratio] * len(rows), (f"{r.n} patients, {r.events} events; {r.ties.capitalize()} ties; Wald tests.",),
    )  # fmt: skip


def _follow_methods(r: FollowUpResult, cited: list[str], printer: Printer) -> list[str]:
    cited.append(REVERSE_CITED)
    return [
        "Median follow-up was estimated by the reverse Kaplan-Meier method, in which events and censoring change "
        f"places, with {printer.percent(r.level)} confidence intervals (type {r.ci}).",
        corrected(r.provenance),
    ]


def _follow_results(r: FollowUpResult, printer: Printer) -> list[str]:
    said = []
    for row in r.medians.to_dict("records"):
        who = f" of {row['group']}" if r.by else ""
        median, low, high = _reached([row["median"], row["ci_low"], row["ci_high"]], printer)
        limits = f" ({printer.percent(r.level)} CI {low} to {high})" if row["median"] == row["median"] else ""
        unit = of_unit(r.unit) if limits else ""
        said.append(
            f"Median follow-up{who} was {median}{unit}{limits}; {row['censored']} of {row['n']} patients were censored."
        )
    return said


def _reached(values: list[float], printer: Printer) -> list[str]:
    return ["not reached" if np.isnan(x) else printer.journal.decimal(plain(x)) for x in values]


def _follow_table(r: FollowUpResult, journal: Journal, effect: str | None) -> Table:
    unit = f", {r.unit}" if r.unit else ""
    rows, numbers = [], list[dict[str, object]]()
    for row in r.medians.to_dict("records"):
        values = [row["median"], row["ci_low"], row["ci_high"]]
        median, low, high = _reached(values, Printer(journal))
        name = str(row["group"]) if r.by else "All"
        rows.append((name, f"{row['n']}", f"{row['censored']}", median, f"{low} to {high}"))
        numbers.append({"label": name, **dict(zip(VALUES, values, strict=True))})
    percent = Printer(journal).percent(r.level)
    return coefficients(
        title=effect or f"Median follow-up{unit}", headers=("Term", "Patients", "Censored", "Median", f"{percent} CI"),
        rows=rows, texts=(), footnotes=(f"Reverse Kaplan-Meier method; limits of type {r.ci}.",), numbers=numbers,
    )  # fmt: skip


COX = Kind(verbs="survival.cox_model", methods=_cox_methods, results=_cox_results, table=_cox_table, figures=figures)
FOLLOW_UP = Kind(
    verbs="survival.follow_up", methods=_follow_methods, results=_follow_results, table=_follow_table, figures=figures
)
