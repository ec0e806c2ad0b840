"""Pools of effects by inverse variance, as ``pool`` makes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....base.check import one_of
from ...methods.intervals import CI_METHODS, PREDICTION_METHODS
from ...methods.tau2 import TAU2_METHODS, is_common
from ...numeric import wls
from ...numeric.distributions import critical, two_sided_p
from ...numeric.normal_likelihood import weights
from ...numeric.wls import Floats
from ...pooling.inverse_variance.batch import Pools, pooled_rows
from ...pooling.inverse_variance.options import check_options
from ..scenarios.simulated import Simulated
from .analysis import Analysis, Outcomes, present


@dataclass(frozen=True, kw_only=True)
class Pool(Analysis):
    """The pool of effects, as ``pool`` makes it; batched, but for the intervals HC and NNF.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    method : str
        Estimator of tau², a code in ``TAU2_METHODS``.
    ci : str
        Confidence interval, a code in ``CI_METHODS``; HKSJ when not given, whatever the `method`.
    prediction : str, optional
        Prediction interval, a code in ``PREDICTION_METHODS``; none when not given.

    Raises
    ------
    OptionError
        A method that does not exist, or an interval that is not made for the estimator.

    Examples
    --------
    >>> import metaonc as mo
    >>> mo.simulation.Pool(method="DL", ci="wald").label
    'DL, wald'
    """

    method: str = "REML"
    ci: str = "HKSJ"
    prediction: str | None = None

    def __post_init__(self) -> None:
        one_of("method", self.method, TAU2_METHODS)
        one_of("ci", self.ci, CI_METHODS)
        if self.prediction is not None:
            one_of("prediction", self.prediction, PREDICTION_METHODS)
        check_options(self.method, self.ci, self.prediction, None, None)

    @property
    def label(self) -> str:
        """Estimator, interval and prediction interval."""
        return f"{self.method}, {self.ci}" + (f", prediction {self.prediction}" if self.prediction else "")

    @property
    def is_fast(self) -> bool:  # type: ignore[override]
        """Whether all of it is batched."""
        own = CI_METHODS[self.ci].own_limits or (self.prediction and PREDICTION_METHODS[self.prediction].own_limits)
        return own is None

    def run(self, s: Simulated, level: float) -> Outcomes:
        """Pool all meta-analyses."""
        return self.pooled(*present(s.yi, s.vi), level)

    def pooled(self, y: Floats, v: Floats, level: float) -> Outcomes:
        """Pool each row of effects; rows without any trial have NaN."""
        some = np.isfinite(v).any(1)
        out = np.full((7, len(y)), np.nan)
        if some.any():
            out[:, some] = self._all_there(y[some], v[some], level)
        return Outcomes(*out)

    def _all_there(self, y: Floats, v: Floats, level: float) -> Outcomes:
        own = CI_METHODS[self.ci].own_limits
        p = pooled_rows(y, v, self.method, "wald" if own else self.ci, level, None)
        prediction = self._predicted(y, v, p, level)
        if own is None:
            return Outcomes(p.estimate, p.se, p.ci_low, p.ci_high, two_sided_p(p.estimate / p.se, p.df), *prediction)
        some = np.flatnonzero(np.isfinite(v).sum(1) > 1)
        found = np.array([own(*_taken(y[i], v[i]), p.tau2[i], level) for i in some]).reshape(-1, 4)
        estimate, se, low, high = np.array([p.estimate, p.se, p.ci_low, p.ci_high])
        estimate[some], se[some], low[some], high[some] = found.T
        return Outcomes(estimate, se, low, high, np.full(len(y), np.nan), *prediction)

    def _predicted(self, y: Floats, v: Floats, p: Pools, level: float) -> tuple[Floats, Floats]:
        k = np.isfinite(v).sum(1)
        low, high = np.full((2, len(y)), np.nan)
        if self.prediction is None:
            return low, high
        record = PREDICTION_METHODS[self.prediction]
        if record.own_limits is not None:
            for i in np.flatnonzero(k > 1):
                low[i], high[i] = record.own_limits(*_taken(y[i], v[i]), level)
            return low, high
        se, df = p.se, np.where(record.is_normal, np.inf, k - 1.0)
        if record.ci is not None:
            f = wls.fit(weights(v, p.tau2), y)
            cov, df = CI_METHODS[record.ci].adjust(f, np.maximum(k - 1, 1))
            se = np.sqrt(cov)
        df = np.broadcast_to(np.asarray(df, float), k.shape) - record.lost
        there = (df > 0) & ((k > 1) | record.is_normal & is_common(self.method))
        half = critical(level, np.where(there, df, 1.0)) * np.sqrt(p.tau2 + se**2)
        half = np.where(there, half, np.nan)
        return p.estimate - half, p.estimate + half


def _taken(y: Floats, v: Floats) -> tuple[Floats, Floats]:
    there = np.isfinite(v)
    return y[there], v[there]
