"""The differences between several levels together: from checked rows to the result."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...base.result import Provenance
from ...errors import DataError
from ..methods.tau2 import TAU2_METHODS, is_common
from ..numeric.distributions import chi2_p, critical, to_error, two_sided_p
from ..numeric.wls import Floats
from ..pooling.multivariate.result import WaldTest
from ..pooling.subgroups.pool import pool_subgroups
from ..pooling.subgroups.result import SubgroupResult
from . import within as differences
from .across import across as difference
from .across import cautions_of, notes_of
from .floating import floating, heterogeneity
from .rows import Reports, Rows
from .several_levels_result import InteractionLevelsResult, Trend
from .within import Within
from .wording import floating_frame, model_name


def pool_several(
    reports: Reports, *, method: str, structure: str, scores: tuple[float, ...] | None, level: float
) -> InteractionLevelsResult:
    """Return the result of all levels against the reference, level 0; with scores, of a linear trend."""
    rows, levels = reports.rows, reports.levels
    design = _design(len(levels), scores)
    _connected(rows, levels, design)
    across = pool_subgroups(reports.frame, by=reports.by, **reports.columns, method=method, ci="wald", level=level)
    within = differences.fit(rows, design, structure, method)
    known = None if is_common(method) else heterogeneity(design, within.tau2, structure)
    found = floating(rows, design, within.gamma, within.cov, known, TAU2_METHODS[method].likelihood != "full")
    d = design[1:]
    cov = d @ within.cov @ d.T
    settings = {"measure": reports.measure, "by": reports.by, "levels": levels, "trend": scores, "method": method,
                "structure": structure, "level": level}  # fmt: skip
    provenance = Provenance(
        verb="interaction", settings=settings, rows_in=reports.rows_in, rows_used=len(rows.y),
        dropped=reports.dropped, corrected=across.provenance.corrected, cautions=cautions_of(across),
        notes=reports.notes() + _notes(rows, within, method, structure) + notes_of(across),
    )  # fmt: skip
    return InteractionLevelsResult(
        interactions=_table(levels, d @ within.gamma, cov, level).assign(trials=_reporting(rows, levels)),
        cov=cov, tau2=d @ within.tau2 @ d.T, boundary=within.boundary, test=_wald(within),
        trend=_trend(within, scores, level), q=within.q, q_df=within.q_df, q_p=float(chi2_p(within.q, within.q_df)),
        loglik=within.loglik, aic=within.aic, bic=within.bic,
        floating=floating_frame(levels, found, level), floating_model=model_name(not is_common(method), structure),
        floating_cov=found.cov, floating_tau2=found.tau2, across=across,
        across_interactions=_across(across, levels, level), k=int((rows.sizes > 1).sum()), method=method,
        structure=structure, level=level, measure=reports.measure, reports=reports, design=design,
        provenance=provenance,
    )  # fmt: skip


def _design(k: int, scores: tuple[float, ...] | None) -> Floats:
    """Return the levels' differences from the first by the coefficients, (k, k - 1), of a trend (k, 1)."""
    if scores is None:
        return np.eye(k)[:, 1:]
    column: Floats = np.array(scores)[:, None] - scores[0]
    return column


def _notes(rows: Rows, within: Within, method: str, structure: str) -> tuple[str, ...]:
    if is_common(method):
        return ()
    notes = []
    q, k = len(within.gamma), int((rows.sizes > 1).sum())
    count = 1 if structure == "exchangeable" else q * (q + 1) // 2
    if k < 5 * count:
        notes.append(
            f"{k} trials inform {count} number{'s' * (count > 1)} of the covariance between trials: intervals that "
            "take it as known may be too narrow."
        )
    if within.boundary and within.tau2.any():
        notes.append(
            "the covariance of the differences between trials is singular: the edge of what is possible; the data "
            "hardly inform it."
        )
    return tuple(notes)


def _connected(rows: Rows, levels: tuple[str, ...], design: Floats) -> None:
    """Refuse levels that no chain of trials, each reporting two levels, leads to from the reference."""
    trials = [set(rows.level[here].tolist()) for here in rows.members()]
    reached = {0}
    while True:
        more = {level for trial in trials if trial & reached for level in trial} | reached
        if more == reached:
            break
        reached = more
    apart = [name for i, name in enumerate(levels) if i not in reached]
    if apart:
        raise DataError(
            f"no trial reports both {levels[0]!r} and {apart[0]!r}, and no chain of trials links them: there is no "
            f"difference within trials. Linked with {levels[0]!r}: {[levels[i] for i in sorted(reached)]}."
        )
    if design.shape[1] == 1 and not any(np.ptp(design[list(trial)]) for trial in trials):
        raise DataError("no trial reports two levels of different scores: there is no trend within trials.")


def _reporting(rows: Rows, levels: tuple[str, ...]) -> list[int]:
    """Return how many trials report each level but the first together with another."""
    together = (rows.sizes > 1)[rows.trial]
    return [int((together & (rows.level == i)).sum()) for i in range(1, len(levels))]


def _table(levels: tuple[str, ...], estimate: Floats, cov: Floats, level: float) -> pd.DataFrame:
    """Return differences from the first level with normal intervals and tests."""
    se = np.sqrt(np.diag(cov))
    half = float(critical(level)) * se
    statistic = to_error(estimate, se)  # levels of one score: no test
    return pd.DataFrame({
        "level": list(levels[1:]), "estimate": estimate, "se": se, "ci_low": estimate - half,
        "ci_high": estimate + half, "statistic": statistic, "p_value": np.asarray(two_sided_p(statistic)),
    })  # fmt: skip


def _wald(within: Within) -> WaldTest:
    statistic = float(within.gamma @ np.linalg.solve(within.cov, within.gamma))
    df = len(within.gamma)
    return WaldTest(within.gamma, np.sqrt(np.diag(within.cov)), statistic, df, float(chi2_p(statistic, df)))


def _trend(within: Within, scores: tuple[float, ...] | None, level: float) -> Trend | None:
    if scores is None:
        return None
    row = _table(("", "trend"), within.gamma, within.cov, level).drop(columns="level").iloc[0]
    return Trend(scores=scores, tau2=float(within.tau2[0, 0]), **{str(name): float(x) for name, x in row.items()})


def _across(across: SubgroupResult, levels: tuple[str, ...], level: float) -> pd.DataFrame:
    found = difference(across, levels)
    half = float(critical(level, found.df)) * found.se
    statistic = to_error(found.estimate, found.se)
    return pd.DataFrame({
        "level": list(levels[1:]), "estimate": found.estimate, "se": found.se, "df": found.df,
        "ci_low": found.estimate - half, "ci_high": found.estimate + half, "statistic": statistic, "p_value": found.p,
    })  # fmt: skip
