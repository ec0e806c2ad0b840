"""Pooled differences of restricted mean survival times: words, and a table with a row a horizon and model."""

from __future__ import annotations

from collections.abc import Mapping

from ....analysis.methods.intervals import CI_METHODS
from ....analysis.methods.tau2 import TAU2_METHODS
from ....analysis.synthesis.rmst.result import PooledRmstResult
from ....base.result import Result
from ...blocks import Block
from ...document.look import Look
from ...journals import Journal
from ...tables.content import Table
from ...texts.preparation import corrected, left_out
from ...texts.printer import Printer, listed, several
from .. import Kind
from .shared import TIMES, figures, heading, interval, of_unit, table_of, when

CITED = "Wei et al. 2015"
MOMENTS = "Jackson, White and Riley 2013"
NAMES = {"REML": "restricted maximum likelihood", "MM": "the method of moments"}


def _methods(r: PooledRmstResult, cited: list[str], printer: Printer) -> list[str]:
    tau2, ci = TAU2_METHODS[r.provenance.settings["method"]], CI_METHODS[r.provenance.settings["ci"]]
    cited += [CITED, tau2.reference, ci.reference]
    together = ""
    if r.multivariate:
        cited += [MOMENTS] if "MM" in r.multivariate else []
        together = (
            " All horizons that two trials or more reach were also pooled together by a multivariate random-effects "
            f"model, by {listed(NAMES[name] for name in r.multivariate)}, with the exact sampling covariances between "
            f"horizons and Wald intervals{_borrowed(r)}."
        )
    alone = [h for h, k in zip(r.horizons, r.k_at, strict=True) if k == 1]
    own = ""
    if alone:
        own = f" Up to {when(alone, r.unit, printer)} one trial alone is followed, and its own difference is given."
    return [
        f"The effect measure was the difference of restricted mean survival time, {r.treatment} less {r.control}, up "
        f"to {when(r.horizons, r.unit, printer)}. It was estimated in each trial as the area between its Kaplan-Meier "
        "curves, as far as both arms were followed. At each horizon it was pooled over the trials that reach it by a "
        f"{'common' if tau2.code == 'CE' else 'random'}-effects model ({tau2.label}) with {printer.percent(r.level)} "
        f"confidence intervals by {ci.label}.{own}{together}",
        corrected(r.provenance),
    ]


def _borrowed(r: PooledRmstResult) -> str:
    """Say that later horizons lean on trials that do not reach them, where some of those pooled together do."""
    some = {k for h, k in zip(r.horizons, r.k_at, strict=True)
            if any(f"{h:g}" in m.outcomes for m in r.multivariate.values())}  # fmt: skip
    return "; there a trial with short follow-up also informs later horizons" if len(some) > 1 else ""


def _results(r: PooledRmstResult, printer: Printer) -> list[str]:
    return [left_out(r), f"{several(r.k)} contributed.", *(_horizon(r, i, printer) for i in range(len(r.horizons)))]


def _horizon(r: PooledRmstResult, i: int, printer: Printer) -> str:
    table = r.pooled
    said = []
    for row in table[table["horizon"] == r.horizons[i]].to_dict("records"):
        values = [row["estimate"], row["ci_low"], row["ci_high"]]
        shown = interval(values, TIMES, r.level, printer, of_unit(r.unit))
        said.append(f"{row['model']} {shown}, {printer.p(row['p_value'])}, τ² = {printer.significant(row['tau2'])}")
    reached = f"{r.k_at[i]} of {several(r.k)} are followed so far" if r.k_at[i] < r.k else several(r.k)
    return f"Up to {when([r.horizons[i]], r.unit, printer)} ({reached}), the pooled difference was: {'; '.join(said)}."


def _table(r: PooledRmstResult, journal: Journal, effect: str | None) -> Table:
    table = r.pooled.to_dict("records")
    unit = f", {r.unit}" if r.unit else ""
    rows = [
        ((row["model"].capitalize().replace("reml", "REML").replace("mm", "MM"), journal.decimal(f"{row['horizon']:g}"),
          f"{row['k']}", journal.decimal(journal.tau2(row["tau2"]))),
         [row["estimate"], row["ci_low"], row["ci_high"]], row["p_value"])
        for row in table
    ]  # fmt: skip
    ci = CI_METHODS[r.provenance.settings["ci"]].short
    return table_of(
        effect or f"Pooled differences of restricted mean survival time in {several(r.k)}",
        ("Term", f"Up to{unit}", "Trials", "τ²", *heading(journal, r.level)), rows, journal, [TIMES] * len(rows),
        (f"{r.treatment} less {r.control}. Univariate: {r.provenance.settings['method']}, {ci} interval; multivariate: "
         "exact sampling covariances, Wald intervals.",),
    )  # fmt: skip


def _figures(r: PooledRmstResult, look: Look) -> tuple[Block, ...]:
    from ...figures.survival.rmst import rmst

    return look.drawing(rmst(r), "Differences of restricted means"), *figures(r, look)


def _parts(r: PooledRmstResult) -> Mapping[str, Result]:
    single = {f"univariate up to {name}": part for name, part in r.univariate.items()}
    return single | {f"multivariate {name}": part for name, part in r.multivariate.items()}


KIND = Kind(
    verbs="survival.pool_rmst", methods=_methods, results=_results, table=_table, figures=_figures, parts=_parts
)
