"""The difference between two levels: from checked rows to the result."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd

from ...errors import DataError
from ..methods.tau2 import TAU2_METHODS, is_common
from ..pooling.inverse_variance.pool import pool
from ..pooling.inverse_variance.result import MetaResult
from ..pooling.subgroups.pool import pool_subgroups
from .across import across as difference
from .across import notes_of
from .floating import Floating, floating, heterogeneity
from .rows import Reports, Rows
from .two_levels_result import InteractionResult
from .wording import floating_frame, model_name

DESIGN = np.array([[0.0], [1.0]])  # the levels' differences from the reference by the one difference there is


def pool_two(reports: Reports, structure: str, **options: Any) -> InteractionResult:
    """Return the result; the contrast is of level 1 with the reference, level 0.

    Parameters
    ----------
    reports
        The rows.
    structure
        Of the covariance between trials.
    **options
        method, ci, prediction and level as ``pool`` takes them.
    """
    reference, other = reports.levels
    across = pool_subgroups(reports.frame, by=reports.by, **reports.columns, **options)
    within = pool(_differences(reports), study="study", measure=reports.measure, **options)
    found, model = _float(reports.rows, within, structure)
    fields = {f.name: getattr(within, f.name) for f in dataclasses.fields(MetaResult)}
    settings = {**within.provenance.settings, "by": reports.by, "contrast": (other, reference), "structure": structure}
    fields["provenance"] = dataclasses.replace(
        within.provenance, verb="interaction", settings=settings, rows_in=reports.rows_in,
        rows_used=len(reports.rows.y), dropped=reports.dropped, corrected=across.provenance.corrected,
        cautions=across.provenance.cautions, notes=reports.notes() + within.provenance.notes + notes_of(across),
    )  # fmt: skip
    apart = difference(across, (reference, other))
    return InteractionResult(
        **fields, contrast=(other, reference), reports=reports,
        floating=floating_frame((other, reference), found, within.level), floating_model=model,
        floating_tau2=found.tau2, across=across, across_estimate=float(apart.estimate[0]),
        across_se=float(apart.se[0]), across_df=apart.df, across_p=float(apart.p[0]),
    )  # fmt: skip


def _differences(reports: Reports) -> pd.DataFrame:
    """Return one row a trial with both levels: its difference, and the variance of that."""
    rows = reports.rows
    y, v = (np.full((len(reports.labels), 2), np.nan) for _ in range(2))
    y[rows.trial, rows.level], v[rows.trial, rows.level] = rows.y, rows.v
    both = np.flatnonzero(np.isfinite(y).all(axis=1))
    if not len(both):
        first, second = reports.levels[::-1]
        raise DataError(f"no trial reports both {first!r} and {second!r}: there is no difference within trials.")
    names = [reports.labels[i] for i in both]
    return pd.DataFrame({"study": names, "yi": y[both, 1] - y[both, 0], "vi": v[both].sum(axis=1)})


def _float(rows: Rows, within: MetaResult, structure: str) -> tuple[Floating, str]:
    """Return the floating effects, level 1 first, and what their model is called.

    Their variance takes that of the difference as the model has it, not as Hartung and Knapp scale it.
    """
    random = not is_common(within.method) and np.isfinite(within.tau2)  # one trial shows no variance between trials
    tau2 = np.array([[within.tau2 if random else 0.0]])
    share = within.weights / 100
    cov = np.array([[(share**2 * (within.studies.vi + tau2[0, 0])).sum()]])
    known = heterogeneity(DESIGN, tau2, structure) if random else None
    found = floating(
        rows, DESIGN, np.array([within.estimate]), cov, known, TAU2_METHODS[within.method].likelihood != "full"
    )
    turned = Floating(found.estimate[::-1], found.cov[::-1, ::-1], found.tau2[::-1, ::-1])
    return turned, model_name(random, structure)
