"""Each row left out of a pool or a regression of independent effects, all in one batch."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ....errors import DataError
from ...methods.intervals import CI_METHODS
from ...methods.tau2 import TAU2_METHODS
from ...numeric import wls
from ...numeric.normal_likelihood import weights
from ...numeric.wls import Fit, Floats
from .deletion import by_row, hat

DEFINED = 1e-9  # share of a row that no other row has a part in, below which the others do not tell all coefficients

ROUNDING = 1e-20  # variance of effects, in sampling variances, that is rounding of none


class Fitted(NamedTuple):
    """A model of k independent effects.

    Attributes
    ----------
    y, v
        Effects and sampling variances, (k,).
    x
        Design, (k, p); None is the intercept alone.
    terms
        Names of the coefficients.
    method, ci
        Codes in ``TAU2_METHODS`` and ``CI_METHODS``.
    tau2, given
        Variance between trials, and whether it is known from elsewhere.
    """

    y: Floats
    v: Floats
    x: Floats | None
    terms: tuple[str, ...]
    method: str
    ci: str
    tau2: float
    given: bool


def deleted(m: Fitted, names: tuple[str, ...]) -> pd.DataFrame:
    """Return the diagnostics of each row of a model, without flags.

    Raises
    ------
    DataError
        When too few rows are left to estimate anything, or effects do not differ where the interval rests on that.
    """
    k, p = len(m.y), len(m.terms)
    if k < p + 2:
        raise DataError(
            f"{k} row{'s' * (k > 1)} for {p} coefficient{'s' * (p > 1)}: without one of them nothing is left over "
            f"to tell how trials differ; {p + 2} are the least."
        )
    x, triangle = np.linalg.qr(np.ones((k, 1)) if m.x is None else m.x)
    back = np.linalg.inv(triangle)
    full = wls.fit(weights(m.v, m.tau2), m.y, x)
    scale = float(_scales(full, m.ci, k - p))
    if scale < ROUNDING:
        raise DataError(f"the effects do not differ, and ci={m.ci!r} rests on how they do; pool again with ci='wald'.")
    rows = np.flatnonzero(1 - np.vecdot(x, x) > DEFINED)
    v = np.where(np.arange(k) == rows[:, None], np.inf, m.v)
    tau2 = _tau2(m, v, None if m.x is None else x)
    without = wls.fit(weights(v, tau2), np.broadcast_to(m.y, v.shape), x)
    scales = _scales(without, m.ci, k - 1 - p)
    q = wls.q(wls.fit(1 / v, np.broadcast_to(m.y, v.shape), x))
    with np.errstate(divide="ignore", invalid="ignore"):  # of a scale of 0, which is told below
        found = by_row(m.v, back, full, scale, without, rows, tau2, scales)
    terms = ["dfbeta"] if p == 1 else [f"dfbeta_{term}" for term in m.terms]
    known = np.full(k, -1)
    known[rows[scales > ROUNDING]] = np.flatnonzero(scales > ROUNDING)

    def of_all(values: Any) -> Floats:
        """Return values of the rows that can be left out as values of all, NaN where there is none."""
        return np.where(known >= 0, np.asarray(values)[known], np.nan)

    return pd.DataFrame({
        "study": np.array(names, dtype=object),
        **{name: of_all(getattr(found, name)) for name in ("rstudent", "dffits", "cook_d", "cov_ratio")},
        "tau2": of_all(tau2), "q": of_all(q), "hat": hat(full), "weight": 100 * full.w / full.w.sum(),
        **{name: of_all(column) for name, column in zip(terms, found.dfbetas.T, strict=True)},
        "reason": _reasons(k, rows, scales),
    })  # fmt: skip


def _tau2(m: Fitted, v: Floats, x: Floats | None) -> Any:
    if m.given:
        return np.full(len(v), m.tau2)
    return TAU2_METHODS[m.method].estimate(np.broadcast_to(m.y, v.shape), v, x)


def _scales(f: Fit, ci: str, df: int) -> Any:
    """Return the factor that the interval puts to the covariance of each fit; 1 where it has no single one."""
    method = CI_METHODS[ci]
    if method.own_df:
        return np.ones(f.beta.shape[:-1])
    return method.adjust(f, df)[0][..., 0, 0] / f.cov[..., 0, 0]


def _reasons(k: int, rows: Any, scales: Any) -> Any:
    reasons = np.full(k, "the other rows do not tell all coefficients.", dtype=object)
    reasons[rows] = np.where(scales > ROUNDING, "", "the effects of the others do not differ.")
    return reasons
