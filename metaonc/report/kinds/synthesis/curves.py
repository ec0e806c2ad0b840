"""Pooled survival curves: words, and a table with a row a time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from ....analysis.synthesis.curves.result import PooledCurves
from ....base.digits import in_percent, percentage, significant, statistic
from ...blocks import Block, Grid
from ...document.look import Look
from ...forest.notes import chi_square
from ...journals import Journal
from ...tables.coefficients import VALUES, coefficients
from ...tables.content import Table
from ...texts.preparation import corrected, left_out
from ...texts.printer import Printer, several, unquoted
from .. import Kind

REFERENCE = "Combescure et al. 2014"
MOMENTS = "Jackson et al. 2010"
MODEL = {
    "DL": "by a multivariate random-effects model with covariances between trials estimated by moments",
    "CE": "by a common-effect model",
}


def _methods(r: PooledCurves, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on how curves were pooled."""
    cited += [REFERENCE, MOMENTS] if r.method == "DL" else [REFERENCE]
    groups = f" in each group of trials ({r.by})" if r.by else ""
    predicted = " Prediction bands are for survival in a new trial." if r.method == "DL" else ""
    sets = (
        f" The patients behind the curves were reconstructed {r.sets} times; the pools were combined by Rubin's rules."
        if r.sets > 1
        else ""
    )
    tested = " Groups were compared by Wald's test of their means." if math.isfinite(r.test_p) else ""
    return [
        "The effect measure was survival over time, analysed as arcsines of the roots of conditional survival p in "
        "each interval, with a continuity correction: of n patients at risk the share was taken as (n p + 1/4)/(n + "
        "1/2), with variance 1/(4 n + 2).",
        f"Survival curves were pooled{groups}: the transformed shares of patients who survive each interval were "
        f"pooled together {MODEL[r.method]}, and survival is the product of the pooled shares. Confidence "
        f"intervals ({printer.percent(r.level)}) are pointwise, on log survival; those of the median and of the mean, "
        f"restricted to the last time, are by {r.draws} draws.{predicted}{sets}{tested} Heterogeneity was described by "
        f"{printer.cochran} over all times.",
        unquoted(printer.plain(corrected(r.provenance))),
    ]


def _results(r: PooledCurves, printer: Printer) -> list[str]:
    """Return the paragraphs on medians, means, heterogeneity and the test."""
    q = printer.plain(printer.journal.q.format(q=statistic(r.q), df=r.q_df, p=printer.journal.p(r.q_p)))
    unit = r.provenance.settings["rows"]
    return [left_out(r, unit), *_groups(r, printer), f"Heterogeneity over all times: {q}.", *_test(r, printer)]


def _groups(r: PooledCurves, printer: Printer) -> Iterable[str]:
    unit = f" {r.unit}" if r.unit else ""
    level = f"{printer.percent(r.level)} CI"
    for row in r.medians.to_dict("records"):
        whose = f"{row['group']}: " if r.by else ""
        curve = r.curves[row["group"]]
        last = printer.significant(float(curve.time[-1]))
        mean = " to ".join(printer.together(significant, row["mean_low"], row["mean_high"]))
        yield (
            f"{whose}{several(curve.trials)} contributed; the pooled median was {_median(row, printer, unit, level)}, "
            f"and the mean restricted to {last}{unit} was {printer.significant(row['mean'])}{unit} ({level} {mean})."
        )


def _median(row: Mapping[Any, Any], printer: Printer, unit: str, level: str) -> str:
    if math.isnan(row["median"]):
        return "not reached"
    low, high = (
        "not reached" if math.isnan(row[name]) else printer.significant(row[name]) for name in ("ci_low", "ci_high")
    )
    return f"{printer.significant(row['median'])}{unit} ({level} {low} to {high})"


def _test(r: PooledCurves, printer: Printer) -> Iterable[str]:
    if math.isfinite(r.test_p):
        said = printer.plain(chi_square(printer.journal, r.test, r.test_df, r.test_p))
        yield f"Test that the {len(r.curves)} groups have one curve, by random effects: {said}."


def _table(r: PooledCurves, journal: Journal, effect: str | None) -> Table:
    """Return survival at each time, in percent."""
    printer, percent = Printer(journal), journal.decimal(f"{in_percent(r.level)}%")
    rows, numbers = [], []
    for row in r.tidy().to_dict("records"):
        estimate, low, high, first, last = (
            100 * row[name] for name in ("estimate", "ci_low", "ci_high", "prediction_low", "prediction_high")
        )
        band = "" if math.isnan(first) else journal.between(first, last, percentage).strip("()[]")
        group = (row["term"],) if r.by else ()
        cells = (printer.significant(row["time"]), str(int(row["k"])), f"{row['n_risk']:.0f}",
                 journal.decimal(journal.interval(estimate, low, high, percentage)), journal.decimal(band))  # fmt: skip
        rows.append((*group, *cells))
        numbers.append({"label": row["term"], **dict(zip(VALUES, (estimate, low, high), strict=True))})
    unit = f", {r.unit}" if r.unit else ""
    headers = ("Group",) * bool(r.by) + (
        f"Time{unit}", "Trials", "At risk", f"Survival, % ({percent} CI)", f"{percent} prediction band",
    )  # fmt: skip
    q = journal.decimal(journal.q.format(q=statistic(r.q), df=r.q_df, p=journal.p(r.q_p)))
    return coefficients(
        title=f"{effect or 'Pooled survival'}, {several(r.k)}",
        headers=headers,
        rows=rows,
        texts=[f"Heterogeneity over all times: {q}", *_test(r, printer)],
        footnotes=(f"Multivariate pool of conditional survival ({r.method}); pointwise {percent} confidence intervals "
                   "on log survival. At risk: at the start of the interval that ends at the time.",),
        numbers=numbers,
    )  # fmt: skip


def _figures(r: PooledCurves, look: Look) -> tuple[Block, ...]:
    from ...document.figures import printed, readable
    from ...figures.synthesis.pooled_curves import pooled_curves

    drawn = look.drawing(pooled_curves(r), "Pooled survival curves")
    return drawn, *printed(r, look), Grid(readable(r.medians), "Pooled medians and restricted means")


KIND = Kind(verbs="survival.pool_curves", methods=_methods, results=_results, table=_table, figures=_figures)
