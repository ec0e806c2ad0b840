"""The one place where lifelines is spoken to: its estimators, never its plots."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....base.check import Floats


class Steps(NamedTuple):
    """One row for each distinct time at which a patient died or was censored.

    Attributes
    ----------
    time
        The times, rising.
    survival
        Product-limit estimate just after each time.
    n_risk, n_event, n_censor
        Patients followed up to the time or longer, and those who died or were censored at it.
    """

    time: Floats
    survival: Floats
    n_risk: NDArray[np.int64]
    n_event: NDArray[np.int64]
    n_censor: NDArray[np.int64]


def product_limit(time: Floats, event: NDArray[np.bool_]) -> Steps:
    """Return the product-limit estimate of one group of patients.

    Only the event table and the estimate are lifelines'. Its bands (the points 0 and 1 where S is 0 or 1, where R's
    survfit has none) and its median (the first time with S <= 0.5, no midpoint) are not R's: see `intervals`.

    Parameters
    ----------
    time
        Follow-up of each patient, shape (n,), n >= 1, >= 0.
    event
        True where follow-up ended with the event, shape (n,).
    """
    from lifelines import KaplanMeierFitter

    fit = KaplanMeierFitter().fit(time, event)
    table = fit.event_table
    rows = table["removed"].to_numpy() > 0  # lifelines adds a row at 0, where patients enter
    counts = (table[name].to_numpy(dtype=np.int64)[rows] for name in ("at_risk", "observed", "censored"))
    survival = fit.survival_function_.to_numpy(dtype=float)[rows, 0]
    return Steps(table.index.to_numpy(dtype=float)[rows], survival, *counts)


def version() -> str:
    """Return the version of lifelines that is installed."""
    import lifelines

    return str(lifelines.__version__)
