"""Estimators of tau², the variance between studies: one record a method, each exact to its last digits.

To add an estimator, write a function of (y, v, x) that returns tau² of each analysis, one of its standard error, and
add a record to ``TAU2_METHODS``. Nothing else names it: what it allows and what R calls it are traits of the record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ...errors import ConvergenceError
from ..numeric import wls
from ..numeric.normal_likelihood import maximise, weights
from ..numeric.wls import Floats

GENQ = "GENQ"  # metafor's code of tau² by ``generalised_q``, whose weights are the user's
# metafor stops its iterations early by default; with these it arrives at the same digits
SCORING = "list(threshold=1e-12, stepadj=0.5, maxiter=10000)"
ROOT = "list(tol=1e-12, maxiter=1000)"

Estimator = Callable[[Floats, Floats, "Floats | None"], Any]
StandardError = Callable[[Any, Floats, Floats, "Floats | None"], Any]


@dataclass(frozen=True, slots=True)
class Tau2Method:
    """An estimator of tau².

    Attributes
    ----------
    code, label
        metafor's code, and the name for a methods section.
    reference
        Author and year of the method, where a source that was read names it.
    estimate
        (y, v, x) -> tau² of each analysis, truncated at 0; y and v are (..., k), x is (k, p), (..., k, p) or None.
    se
        (tau², y, v, x) -> its asymptotic standard error; None where there is no accepted one.
    likelihood
        ``full`` or ``restricted`` where it maximises the normal likelihood, which profiles of it then rest on.
    is_common
        Whether tau² is 0 by the model: one effect common to all trials.
    takes_covariance
        Whether it is defined by likelihood, Q or traces alone, and so of correlated sampling errors too.
    r_method
        Its name in R's metafor; None where metafor does not have it, and is given tau² as a number.
    r_control
        What metafor's iterations are told.
    unbiased
        Whether the equation that it solves has the true tau² as its solution on average, before it is cut off at 0.
    """

    code: str
    label: str
    reference: str
    estimate: Estimator
    se: StandardError | None
    likelihood: str | None = None
    is_common: bool = False
    takes_covariance: bool = True
    r_method: str | None = None
    r_control: str = SCORING
    unbiased: bool = False

    @property
    def restricted(self) -> bool:
        """Whether it maximises the restricted likelihood."""
        return self.likelihood == "restricted"


def is_common(code: str) -> bool:
    """Return whether the method of this code takes the effect as common to all trials; others than here do not."""
    return code in TAU2_METHODS and TAU2_METHODS[code].is_common


def is_restricted(code: str) -> bool:
    """Return whether the method of this code maximises the restricted likelihood."""
    return code in TAU2_METHODS and TAU2_METHODS[code].restricted


def size(v: Floats, x: Floats | None) -> tuple[Any, Any]:
    """Return the number of studies and the residual degrees of freedom."""
    k = np.isfinite(v).sum(-1)
    return k, k - wls.columns(x)


def q_profile(y: Floats, v: Floats, x: Floats | None, target: Any, steps: int = 200) -> Any:
    """Return the tau² >= 0 at which the generalised Q statistic equals `target`; 0 where it is below there already.

    Q falls with tau² and 1/Q is concave, so Newton's steps on 1/Q climb to the root without passing it.
    """
    t = np.zeros(y.shape[:-1])
    for _ in range(steps):
        f = wls.fit(weights(v, t), y, x)
        q, slope = wls.q(f), wls.ypp(f)
        # np.divide: all effects equal give Q = 0 and slope 0, and 0 stays
        step = np.divide(q * (q - target), target * slope, out=np.zeros_like(t), where=slope > 0)
        new = np.maximum(t + step, 0.0)
        if (np.abs(new - t) <= 1e-14 * new).all():
            return new
        t = new
    if (np.abs(new - t) <= 1e-10 * new).all():  # the last digits flicker
        return new
    raise ConvergenceError("no tau² was found at which the generalised Q statistic is its expected value.")


def _common(y: Floats, v: Floats, x: Floats | None) -> Any:
    return np.zeros(y.shape[:-1])


def _dl(y: Floats, v: Floats, x: Floats | None) -> Any:
    f = wls.fit(1 / v, y, x)
    return np.maximum((wls.q(f) - size(v, x)[1]) / wls.trace(f), 0.0)


def _he(y: Floats, v: Floats, x: Floats | None) -> Any:
    f, finite = _unweighted(y, v, x)
    return np.maximum((wls.q(f) - wls.trace(f, finite)) / size(v, x)[1], 0.0)


def _unweighted(y: Floats, v: Floats, x: Floats | None) -> tuple[wls.Fit, Floats]:
    there = np.isfinite(v)
    return wls.fit(there * 1.0, np.where(there, y, 0.0), x), np.where(there, v, 0.0)


def _hs(y: Floats, v: Floats, x: Floats | None, corrected: bool) -> Any:
    f = wls.fit(1 / v, y, x)
    k, df = size(v, x)
    factor = k / df if corrected else 1.0
    return np.maximum((factor * wls.q(f) - k) / f.w.sum(-1), 0.0)


def _start_sj(y: Floats, v: Floats) -> Any:
    there = np.isfinite(v)
    k = there.sum(-1)
    mean = np.where(there, y, 0.0).sum(-1) / k
    return (np.where(there, y - mean[..., None], 0.0) ** 2).sum(-1) / k


def _sj(y: Floats, v: Floats, x: Floats | None) -> Any:
    start = _start_sj(y, v)
    f = wls.fit(weights(v, start), y, x)
    return start * wls.q(f) / size(v, x)[1]


def _pm(y: Floats, v: Floats, x: Floats | None) -> Any:
    return q_profile(y, v, x, 1.0 * size(v, x)[1])


def _pmm(y: Floats, v: Floats, x: Floats | None) -> Any:
    from ..numeric.distributions import chi2_quantile

    return q_profile(y, v, x, chi2_quantile(0.5, size(v, x)[1]))


def _moment_se(f: wls.Fit, tau2: Any, v: Floats) -> Any:
    """Return the standard error of (y'Py - ...), of which a moment estimator is a multiple, by its fit."""
    total = np.where(np.isfinite(v), v, 0.0) + np.asarray(tau2)[..., None]
    return np.sqrt(2 * wls.trace2_of(f, total))  # Var(y'Py) = 2 tr(P S P S), S of all variance


def _dl_se(tau2: Any, y: Floats, v: Floats, x: Floats | None) -> Any:
    f = wls.fit(1 / v, y, x)
    return _moment_se(f, tau2, v) / wls.trace(f)


def _he_se(tau2: Any, y: Floats, v: Floats, x: Floats | None) -> Any:
    return _moment_se(_unweighted(y, v, x)[0], tau2, v) / size(v, x)[1]


def _hs_se(tau2: Any, y: Floats, v: Floats, x: Floats | None, corrected: bool) -> Any:
    f = wls.fit(1 / v, y, x)
    k, df = size(v, x)
    factor = k / df if corrected else 1.0
    return _moment_se(f, tau2, v) * factor / f.w.sum(-1)


def _sj_se(tau2: Any, y: Floats, v: Floats, x: Floats | None) -> Any:
    start = _start_sj(y, v)
    return _moment_se(wls.fit(weights(v, start), y, x), tau2, v) * start / size(v, x)[1]


def _ml_se(tau2: Any, y: Floats, v: Floats, x: Floats | None) -> Any:
    w = weights(v, tau2)
    return np.sqrt(2 / (w * w).sum(-1))


def _reml_se(tau2: Any, y: Floats, v: Floats, x: Floats | None) -> Any:
    return np.sqrt(2 / wls.trace2_of(wls.fit(weights(v, tau2), y, x)))


def _pm_se(tau2: Any, y: Floats, v: Floats, x: Floats | None) -> Any:
    k, df = size(v, x)
    return np.sqrt(2 * k**2 / df) / weights(v, tau2).sum(-1)


def generalised_q(y: Floats, v: Floats, a: Floats) -> tuple[float, float]:
    """Return tau² from the generalised Q statistic with weights a, and its standard error.

    The moment estimator (Q_a - tr(P_a V)) / tr(P_a) of DerSimonian and Kacker (2007); a = 1/v is DerSimonian-Laird's.
    """
    f = wls.fit(a, y)
    tau2 = max(float((wls.q(f) - wls.trace(f, v)) / wls.trace(f)), 0.0)
    return tau2, float(_moment_se(f, tau2, v) / wls.trace(f))


TAU2_METHODS = {
    m.code: m
    for m in (
        Tau2Method(
            "CE",
            "common effect (tau² = 0)",
            "Laird and Mosteller 1990",
            _common,
            None,
            is_common=True,
            r_method="CE",
        ),
        Tau2Method("DL", "DerSimonian-Laird", "DerSimonian and Laird 1986", _dl, _dl_se, r_method="DL", unbiased=True),
        Tau2Method("HE", "Hedges", "Hedges and Olkin 1985", _he, _he_se, r_method="HE", unbiased=True),
        Tau2Method(
            "HS",
            "Hunter-Schmidt",
            "Hunter and Schmidt 2004",
            partial(_hs, corrected=False),
            partial(_hs_se, corrected=False),
            takes_covariance=False,
            r_method="HS",
        ),
        Tau2Method(
            "HSk",
            "Hunter-Schmidt, small-sample",
            "Brannick et al. 2019",
            partial(_hs, corrected=True),
            partial(_hs_se, corrected=True),
            takes_covariance=False,
            r_method="HSk",
        ),
        Tau2Method("SJ", "Sidik-Jonkman", "Sidik and Jonkman 2005", _sj, _sj_se, takes_covariance=False, r_method="SJ"),
        Tau2Method(
            "ML",
            "maximum likelihood",
            "Hardy and Thompson 1996",
            partial(maximise, restricted=False),
            _ml_se,
            likelihood="full",
            r_method="ML",
        ),
        Tau2Method(
            "REML",
            "restricted maximum likelihood",
            "Viechtbauer 2005",
            partial(maximise, restricted=True),
            _reml_se,
            likelihood="restricted",
            r_method="REML",
            unbiased=True,
        ),
        Tau2Method("EB", "empirical Bayes", "Morris 1983", _pm, _pm_se, r_method="EB"),
        Tau2Method(
            "PM", "Paule-Mandel", "Paule and Mandel 1982", _pm, _pm_se, r_method="PM", r_control=ROOT, unbiased=True
        ),
        Tau2Method(
            "PMM",
            "Paule-Mandel, median-unbiased",
            "Viechtbauer 2021",
            _pmm,
            _pm_se,
            r_method="PMM",
            r_control=ROOT,
        ),
    )
}
"""Estimators of tau², the variance between trials, by their code in ``method=``."""
