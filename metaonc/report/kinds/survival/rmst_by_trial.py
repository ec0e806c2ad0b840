"""Restricted means of trials, each by itself: words, and a table with a row a trial and horizon."""

from __future__ import annotations

from ....analysis.synthesis.rmst.by_trial_result import RmstByTrial
from ...journals import Journal
from ...tables.content import Table
from ...texts.preparation import corrected
from ...texts.printer import Printer, several
from .. import Kind
from .shared import TIMES, figures, heading, interval, table_of, when
from .times import RMST_CITED


def _methods(r: RmstByTrial, cited: list[str], printer: Printer) -> list[str]:
    cited.append(RMST_CITED)
    return [
        f"In each trial the restricted mean survival times of {r.treatment} and {r.control} up to "
        f"{when(r.horizons, None, printer)} were estimated as areas under their Kaplan-Meier curves, with Greenwood's "
        "variance, as far as both arms were followed, and compared by their difference, with Wald "
        f"{printer.percent(r.level)} confidence intervals and tests. No average over trials was taken.",
        corrected(r.provenance),
    ]


def _results(r: RmstByTrial, printer: Printer) -> list[str]:
    return [_horizon(r, float(h), printer) for h in r.horizons]


def _horizon(r: RmstByTrial, horizon: float, printer: Printer) -> str:
    """Return the sentence on one horizon: the one trial, or the range of several."""
    rows = r.table[(r.table["horizon"] == horizon) & r.table["estimate"].notna()]
    what = f"Up to {when([horizon], None, printer)} the difference ({r.treatment} less {r.control})"
    if len(rows) < 2:
        values = rows[["estimate", "ci_low", "ci_high"]].to_numpy().ravel().tolist()
        return f"{what} was {interval(values, TIMES, r.level, printer) if values else 'estimable in no trial'}."
    low, high = printer.together(TIMES, float(rows["estimate"].min()), float(rows["estimate"].max()))
    apart = int(((rows["ci_low"] > 0) | (rows["ci_high"] < 0)).sum())
    excluded = f"{apart or 'none'} of the intervals {'exclude' if apart > 1 else 'excludes'} 0"
    return f"{what} lay between {low} and {high} in {several(len(rows))}; {excluded}."


def _table(r: RmstByTrial, journal: Journal, effect: str | None) -> Table:
    rows = r.table.to_dict("records")
    words = [((str(row["study"]), journal.decimal(f"{row['horizon']:g}")),
              [row["estimate"], row["ci_low"], row["ci_high"]], row["p_value"]) for row in rows]  # fmt: skip
    return table_of(
        effect or f"Differences of restricted mean survival times, {r.treatment} less {r.control}",
        ("Trial", "Up to", *heading(journal, r.level)), words, journal, [TIMES] * len(rows), (),
    )  # fmt: skip


KIND = Kind(verbs="survival.rmst_by_trial", methods=_methods, results=_results, table=_table, figures=figures)
