"""Two arms compared at several times, in words and a table: restricted means and milestones."""

from __future__ import annotations

from ....analysis.survival.two_arms.estimates import Quantity, TimesResult
from ....analysis.survival.two_arms.milestone import MilestoneResult
from ....analysis.survival.two_arms.rmst import RmstResult
from ....base.digits import Form
from ...blocks import Block
from ...document.look import Look
from ...journals import Journal
from ...tables.content import Table
from ...texts.preparation import corrected
from ...texts.printer import Printer, capital
from .. import Kind
from .shared import arms_said, figures, form_of, heading, interval, of_unit, table_of, when

RMST_CITED = "Royston and Parmar 2013"


def _rmst_methods(r: RmstResult, cited: list[str], printer: Printer) -> list[str]:
    cited.append(RMST_CITED)
    return [
        f"The restricted mean survival times of {r.treatment} and {r.control} up to {when(r.times, r.unit, printer)} "
        "were estimated as areas under their Kaplan-Meier curves, with Greenwood's variance. They were compared by "
        "their difference and, on the log scale, by their ratio and that of the restricted mean times lost, with Wald "
        f"{printer.percent(r.level)} confidence intervals and tests.",
        corrected(r.provenance),
    ]


def _milestone_methods(r: MilestoneResult, cited: list[str], printer: Printer) -> list[str]:
    return [
        f"Survival of {r.treatment} and {r.control} at {when(r.times, r.unit, printer)} was estimated by the method of "
        f"Kaplan and Meier, with {printer.percent(r.level)} confidence intervals of its complementary log-log "
        "transform, and compared by its difference and, on the log scale, by its ratio and that of cumulative "
        "hazards, with Wald intervals and tests "
        "from Greenwood's variance.",
        corrected(r.provenance),
    ]


def _form(r: TimesResult, quantity: Quantity) -> Form:
    return form_of(quantity.log, isinstance(r, MilestoneResult))


def _results(r: TimesResult, printer: Printer) -> list[str]:
    return [arms_said(r), *(_sentence(r, t, printer) for t in r.times.tolist())]


def _sentence(r: TimesResult, t: float, printer: Printer) -> str:
    """Return the sentence on one time: both arms, then the comparisons."""
    rows = r.tidy(transform=True)
    said = []
    for row in rows[rows["time"] == t].to_dict("records"):
        quantity = r.known(row["quantity"])
        unit = "" if quantity.log or isinstance(r, MilestoneResult) else of_unit(r.unit)
        if quantity.name == "rmtl":
            continue
        values = [row["estimate"], row["ci_low"], row["ci_high"]]
        shown = interval(values, _form(r, quantity), r.level, printer, unit)
        who = f" of {row['group']}" if row["group"] else ""
        test = f", {printer.p(row['p_value'])}" if row["p_value"] == row["p_value"] else ""
        said.append(f"the {quantity.label}{who} was {shown}{test}")
    return f"At {when([t], r.unit, printer)}: {'; '.join(said)}."


def _table(r: TimesResult, journal: Journal, effect: str | None) -> Table:
    rows = r.tidy(transform=True).to_dict("records")
    known = [r.known(row["quantity"]) for row in rows]
    unit = f", {r.unit}" if r.unit else ""
    share = isinstance(r, MilestoneResult)
    words = [
        ((", ".join(filter(None, (capital(q.label), row["group"]))), journal.decimal(f"{row['time']:g}")),
         [row["estimate"], row["ci_low"], row["ci_high"]], row["p_value"])
        for q, row in zip(known, rows, strict=True)
    ]  # fmt: skip
    what = "Survival" if share else "Restricted mean survival times"
    return table_of(
        effect or f"{what} of {r.treatment} and {r.control}", ("Term", f"Time{unit}", *heading(journal, r.level)),
        words, journal, [_form(r, q) for q in known],
        (f"Comparisons are {r.treatment} less, or over, {r.control}; Wald tests.",),
    )  # fmt: skip


def _rmst_figures(r: RmstResult, look: Look) -> tuple[Block, ...]:
    from ...figures.survival.rmst import rmst

    return look.drawing(rmst(r), "Difference of restricted means"), *figures(r, look)


RMST = Kind(verbs="survival.rmst", methods=_rmst_methods, results=_results, table=_table, figures=_rmst_figures)
MILESTONE = Kind(
    verbs="survival.milestone", methods=_milestone_methods, results=_results, table=_table, figures=figures
)
