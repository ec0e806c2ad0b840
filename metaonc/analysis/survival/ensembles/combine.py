"""Estimates from plausible sets of patients, combined by Rubin's rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ....base.check import confidence_level
from ....base.digits import finer, in_percent, plain
from ....base.messages.arguments import known_arguments
from ....base.numbers import sequence
from ....base.result import Provenance, Result, Text
from ....errors import DataError, OptionError
from ...numeric.distributions import critical
from .. import rcode


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Combined(Result):
    """One estimate from k, on the scale of theirs.

    Attributes
    ----------
    estimate, se
        Mean of the k estimates, and the root of the total variance.
    ci_low, ci_high, level
        Student's t interval with `df` degrees of freedom, and its coverage.
    df
        Degrees of freedom; infinite when the estimates do not differ and those of complete data are infinite.
    within, between
        Mean of the k variances; variance of the k estimates, with divisor k - 1.
    missing
        Fraction of missing information: how much of the information would be gained by knowing the patients.
    k
        Number of estimates.
    estimates, variances
        What was combined.
    provenance
        How it came about.
    """

    estimate: float
    se: float
    ci_low: float
    ci_high: float
    level: float
    df: float
    within: float
    between: float
    missing: float
    k: int
    estimates: tuple[float, ...]
    variances: tuple[float, ...]
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("df", "within", "between", "missing")

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> tuple[float, float]:
        """Return the t interval at another level; exponentials when `transform`."""
        own = self.level if level is None else confidence_level(level)
        low, high = _interval(self.estimate, self.se, self.df, own)
        return (float(np.exp(low)), float(np.exp(high))) if transform else (low, high)

    def row(self, *, study: str, measure: str | None = None) -> dict[str, Any]:
        """Return a row for a table of trials that ``pool`` takes: study, yi, vi (total variance), route, measure."""
        named = {} if measure is None else {"measure": measure}
        return {"study": study, "yi": self.estimate, "vi": self.se**2, "route": f"{self.k} sets of patients"} | named

    def r_code(self) -> Text:
        """Return a script of R, data inline, with Rubin's rules written out."""
        df = self.provenance.settings["df"]
        return Text(rcode.rubin(self.estimates, self.variances, df=df, level=self.level))

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row; exponentials without se when `transform`."""
        change = np.exp if transform else float
        row = {name: float(change(getattr(self, name))) for name in ("estimate", "ci_low", "ci_high")}
        row["se"] = np.nan if transform else self.se
        return pd.DataFrame([{"term": "overall", "type": "summary", **row, "interval": "t"}])

    def _glance(self) -> list[dict[str, Any]]:
        return self._row(ci="t")

    def _lines(self) -> list[str]:
        estimate, low, high = finer.of(self.estimate, self.ci_low, self.ci_high)
        return [
            f"Estimate {estimate} ({in_percent(self.level)} % interval {low} to {high}), "
            f"standard error {finer(self.se)}, df {plain(self.df)}",
            f"{self.k} sets: variance within {plain(self.within)}, between {plain(self.between)}; "
            f"fraction of missing information {self.missing:.3f}",
        ]


@known_arguments
def combine(estimates: Any, variances: Any, *, df: float = np.inf, level: float = 0.95) -> Combined:
    r"""Combine the estimates of k plausible data sets by Rubin's rules.

    Parameters
    ----------
    estimates, variances : array of shape (m,)
        1-D, one value a data set: log hazard ratios, say, and their squared standard errors.
    df : float, default inf
        Degrees of freedom that the analysis would have with complete data; infinite for one with a normal reference.
    level : float, default 0.95
        Coverage of the interval.

    Returns
    -------
    Combined
        ``.row(study=...)`` is a row for a table of trials.

    Raises
    ------
    DataError
        When there are fewer than 2 estimates, not as many variances, or one is not finite or not positive.
    OptionError
        When `df` is not positive, or `level` no proportion.

    Notes
    -----
    With the mean :math:`\bar q` and variance B of the estimates (divisor k - 1) and the mean variance W,

    .. math::

        T = W + (1 + 1/k) B, \quad r = (1 + 1/k) B / W, \quad \nu_k = (k - 1) (1 + 1/r)^2.

    Small samples: :math:`\nu_{obs} = \frac{\nu + 1}{\nu + 3}\, \frac{\nu}{1 + r}` with :math:`\nu` those of complete
    data, and the interval has :math:`1 / (1/\nu_k + 1/\nu_{obs})` degrees of freedom. The fraction of missing
    information is :math:`(r + 2/(df + 3)) / (1 + r)`.

    References
    ----------
    Rubin DB (1987). Multiple Imputation for Nonresponse in Surveys. Wiley. Barnard J, Rubin DB (1999). Small-sample
    degrees of freedom with multiple imputation. Biometrika 86:948-955. (Neither was read; the numbers are those of
    ``pool.scalar`` of R's mice.)

    Examples
    --------
    >>> import metaonc as mo
    >>> mo.survival.combine([1.0, 2.0, 3.0], [0.5, 0.5, 0.5]).df
    3.78125
    """
    level = confidence_level(level)
    q, u = sequence(estimates, "estimates"), sequence(variances, "variances")
    k = len(q)
    if k < 2 or len(u) != k:
        raise DataError(f"{k} estimates and {len(u)} variances: give one of each for each of at least 2 data sets.")
    if (u <= 0).any():
        i = int(np.argmax(u <= 0))
        raise DataError(f"variances[{i}]={u[i]:g} is not positive; give squared standard errors.")
    if not df > 0:
        raise OptionError(f"df={df!r} is not positive; give the degrees of freedom of complete data, or leave it out.")
    within, between = float(u.mean()), float(q.var(ddof=1))
    r = (1 + 1 / k) * between / within
    left, se, estimate = _freedom(k, r, float(df)), float(np.sqrt(within * (1 + r))), float(q.mean())
    low, high = _interval(estimate, se, left, level)
    return Combined(
        estimate=estimate,
        se=se,
        ci_low=low,
        ci_high=high,
        level=level,
        df=left,
        within=within,
        between=between,
        missing=(r + 2 / (left + 3)) / (1 + r),
        k=k,
        estimates=tuple(q.tolist()),
        variances=tuple(u.tolist()),
        provenance=Provenance(
            verb="survival.combine", settings={"df": float(df), "level": level}, rows_in=k, rows_used=k
        ),
    )


def _freedom(k: int, r: float, df: float) -> float:
    reference = 0.0 if r == 0 else 1 / ((k - 1) * (1 + 1 / r) ** 2)
    observed = 0.0 if np.isinf(df) else (df + 3) * (1 + r) / ((df + 1) * df)
    return 1 / (reference + observed) if reference + observed > 0 else float("inf")


def _interval(estimate: float, se: float, df: float, level: float) -> tuple[float, float]:
    half = float(critical(level, df)) * se
    return estimate - half, estimate + half
