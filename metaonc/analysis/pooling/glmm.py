"""pool_glmm: responses pooled as the counts they are, without corrections."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from ..._check import columns_exist, confidence_level, labels_of, numbers, one_of, where
from ..._frames import to_pandas
from ..._result import Provenance, Text
from ...errors import DataError, DataWarning, OptionError
from ..distributions import chi2_p, critical, two_sided_p
from ..effects import checks
from ..effects.proportions import exact_interval
from . import binomial_normal, rcode
from .results import PooledResult, Studies, pooled_lines
from .wls import Floats

INTERVALS = ("wald", "t")
POINTS = (7, 100)  # derivatives are moments of the same quadrature, far off with fewer; R's lme4 takes 100 at most


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class GlmmResult(PooledResult):
    """A pool of single-arm responses by the binomial-normal model.

    Weights are shares of patients: the model gives trials no weights of its own.

    Attributes
    ----------
    marginal
        Mean rate over trials; the back-transformed estimate is the rate of the median trial.
    q_lrt, q_wald, q_df, q_lrt_p, q_wald_p
        Tests of equal rates: likelihood ratio against one rate a trial, and Wald's (without trials of 0 or n
        responders, whose logit is infinite).
    loglik, points
        Maximised log likelihood, binomial coefficients left out, and quadrature points.
    """

    marginal: float
    q_lrt: float
    q_lrt_p: float
    q_wald: float
    q_wald_p: float
    q_df: int
    loglik: float
    points: int

    def glance(self) -> pd.DataFrame:
        """Return one row: sizes, heterogeneity, fit."""
        names = ("k", "tau2", "q_lrt", "q_lrt_p", "q_wald", "q_wald_p", "q_df", "prediction_low", "prediction_high",
                 "marginal", "loglik", "points", "method", "ci", "prediction", "level", "measure")  # fmt: skip
        return pd.DataFrame({name: [getattr(self, name)] for name in names})

    def r_code(self) -> Text:
        """Return the R script, data inline, by which metafor arrives at this result."""
        return Text(rcode.glmm(self, self.points))

    def _lines(self) -> list[str]:
        if self.k == 1:
            return pooled_lines(self)
        test = f"likelihood ratio {self.q_lrt:.4g} ({self.q_df} df), p {self.q_lrt_p:.3g}"
        het = f"tau² {self.tau2:.4g}; equal rates: {test}"
        return [*pooled_lines(self), het, f"mean rate over trials {100 * self.marginal:.4g} %"]


def pool_glmm(
    table: Any,
    *,
    measure: str = "PLO",
    events: str,
    n: str,
    study: str | None = None,
    ci: str = "wald",
    prediction: str | None = None,
    level: float = 0.95,
    points: int = 21,
) -> GlmmResult:
    r"""Pool single-arm responses by a binomial-normal model, fitted by maximum likelihood.

    .. math:: x_i \sim Bin(n_i, \pi_i), \quad logit(\pi_i) \sim N(\mu, \tau^2)

    Parameters
    ----------
    table : dataframe
        One row an arm.
    measure : {"PLO"}
        Logit of a single-arm proportion.
    events, n : str
        Columns of responders and patients. 0 of n and n of n need no correction.
    study : str, optional
        Column that names the trial.
    ci : {"wald", "t"}
        Normal quantile, or t with k - 1 degrees of freedom.
    prediction : {"t", "wald"}, optional
        Prediction interval; when not given, ``t`` with three trials or more and none with fewer.
    level : float, default 0.95
        Level of the intervals.
    points : int, default 21
        Points of the adaptive Gauss-Hermite quadrature, 7 to 100.

    Returns
    -------
    GlmmResult
        Where all patients of all trials respond, or none does, the estimate is 100 % or 0 % with the exact interval
        of the summed counts, and a note says so.

    Raises
    ------
    DataError
        Events above n, counts that are none, no complete row: names trial, row and value.
    ConvergenceError
        When the variance between trials grows without bound.

    References
    ----------
    Stijnen, Hamza and Ozdemir 2010, doi:10.1002/sim.4040.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool_glmm({"x": [0, 4, 9], "n": [12, 20, 31]}, events="x", n="n")
    >>> round(float(r.natural(r.estimate)), 3)
    0.205
    """
    one_of("measure", measure, ["PLO"])
    one_of("ci", ci, INTERVALS)
    if prediction is not None:
        one_of("prediction", prediction, INTERVALS)
    if not isinstance(points, (int, np.integer)) or not POINTS[0] <= points <= POINTS[1]:
        raise OptionError(f"points={points!r} must be a whole number from {POINTS[0]} to {POINTS[1]}.")
    studies, x, size, dropped = _read(table, events, n, study)
    return _result(studies, x, size, dropped, ci, prediction, confidence_level(level), points)


def _read(table: Any, events: str, n: str, study: str | None) -> tuple[Studies, Floats, Floats, tuple[str, ...]]:
    frame = to_pandas(table)
    columns_exist(list(frame.columns), {"events": events, "n": n, "study": study})
    labels = labels_of(frame[study].tolist() if study else None, len(frame))
    c = {"events": numbers(frame[events].tolist(), "events", labels), "n": numbers(frame[n].tolist(), "n", labels)}
    columns = {"events": events, "n": n}
    checks.counts(c, columns, labels, [("events", "n")])
    there = np.isfinite(c["events"]) & np.isfinite(c["n"])
    if not there.any():
        raise DataError(f"no row has both responders ({events}) and patients ({n}).")
    dropped = tuple(
        f"{where(labels, int(i))}: missing: {events if np.isnan(c['events'][i]) else n}" for i in np.flatnonzero(~there)
    )
    if dropped:
        warnings.warn(f"{len(dropped)} of {len(frame)} rows left out. {dropped[0]}", DataWarning, stacklevel=3)
    x, size = c["events"][there], c["n"][there]
    with np.errstate(divide="ignore"):  # a logit of 0 or n responders is infinite, and stays so
        yi, vi = special.logit(x / size), 1 / x + 1 / (size - x)
    kept = tuple(label for label, keep in zip(labels, there, strict=True) if keep)
    data = frame[there].reset_index(drop=True)
    return Studies(labels=kept, yi=yi, vi=vi, data=data, roles=columns), x, size, dropped


def _result(
    studies: Studies,
    x: Floats,
    n: Floats,
    dropped: tuple[str, ...],
    ci: str,
    prediction: str | None,
    level: float,
    points: int,
) -> GlmmResult:
    k = len(x)
    prediction = prediction or ("t" if k >= 3 else None)
    certain = x.sum() == 0 or x.sum() == n.sum()
    if k == 1 or certain:
        fit, ci, df = binomial_normal.common(x, n), "exact", np.inf
        low, high = (float(special.logit(p)) for p in exact_interval(x.sum(), n.sum(), level))
    else:
        fit = binomial_normal.maximise(x, n, points)
        df = float(k - 1) if ci == "t" else np.inf
        half = float(critical(level, df)) * fit.se
        low, high = fit.mu - half, fit.mu + half
    first, last = _predict(fit, prediction, k, level, known=k > 1 and not certain)
    statistic = fit.mu / fit.se
    tests = _equal_rates(x, n)
    provenance = Provenance(
        verb="pool_glmm",
        settings={"measure": "PLO", "ci": ci, "prediction": prediction, "level": level, "points": points},
        rows_in=k + len(dropped),
        rows_used=k,
        dropped=dropped,
        notes=_notes(k, certain, fit.tau, ci),
    )
    return GlmmResult(
        estimate=fit.mu, se=fit.se, ci_low=low, ci_high=high, statistic=statistic, df=df,
        p_value=np.nan if certain else float(two_sided_p(statistic, df)),
        tau2=fit.tau**2 if k > 1 and not certain else np.nan,
        prediction_low=first, prediction_high=last, k=k, level=level, measure="PLO", method="GLMM", ci=ci,
        prediction=prediction, weights=100 * n / n.sum(), studies=studies, provenance=provenance,
        marginal=binomial_normal.marginal_mean(fit.mu, fit.tau), loglik=fit.loglik, points=points, **tests,
    )  # fmt: skip


def _predict(
    fit: binomial_normal.Maximum, prediction: str | None, k: int, level: float, known: bool
) -> tuple[float, float]:
    if prediction is None or not known:
        return np.nan, np.nan
    half = float(critical(level, k - 1 if prediction == "t" else np.inf)) * np.sqrt(fit.tau**2 + fit.se**2)
    return fit.mu - half, fit.mu + half


def _equal_rates(x: Floats, n: Floats) -> dict[str, Any]:
    """Return the tests that all trials have one rate, with k - 1 degrees of freedom."""
    df = len(x) - 1
    lrt = max(2 * (binomial_normal.saturated_loglik(x, n) - binomial_normal.common(x, n).loglik), 0.0)
    inner = (x > 0) & (x < n)
    y, w = special.logit(x[inner] / n[inner]), x[inner] * (1 - x[inner] / n[inner])
    wald = float((w * (y - (w * y).sum() / w.sum()) ** 2).sum()) if inner.any() else 0.0
    p_lrt, p_wald = (float(chi2_p(q, df)) for q in (lrt, wald))
    return {"q_lrt": lrt, "q_lrt_p": p_lrt, "q_wald": wald, "q_wald_p": p_wald, "q_df": df}


def _notes(k: int, certain: bool, tau: float, ci: str) -> tuple[str, ...]:
    notes = []
    if certain:
        notes.append("all patients respond, or none: exact interval of the summed counts, as if trials had one rate.")
    elif k == 1:
        notes.append("one trial: its own rate with the exact interval; variance between trials cannot be estimated.")
    else:
        if tau == 0:
            notes.append("tau² is estimated as 0: the result is that of the summed counts, as if trials had one rate.")
        if k < 5 and ci == "wald":
            notes.append(f"{k} rows: the normal interval takes tau² as known and may be too narrow; ci='t' is wider.")
    return tuple(notes)
