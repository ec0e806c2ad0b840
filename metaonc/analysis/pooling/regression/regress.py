"""regress: how effects depend on what trials are like."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....base.check import confidence_level, one_of
from ....base.messages.arguments import known_arguments
from ....base.result import Provenance
from ...methods.heterogeneity import Heterogeneity, heterogeneity
from ...methods.intervals import CI_METHODS, from_covariance, usual_interval
from ...methods.tau2 import TAU2_METHODS, is_common, is_restricted
from ...numeric import wls
from ...numeric.normal_likelihood import log_likelihood, weights
from ...numeric.wls import Floats
from ...results import patients, repeats
from ...results.studies import Studies
from ..moderators.coefficients import coefficient_table, joint_test
from ..moderators.design import Design
from ..moderators.rows import few_rows, read_rows
from .result import RegressionResult


@known_arguments
def regress(
    table: Any,
    formula: str,
    *,
    yi: str = "yi",
    vi: str = "vi",
    study: str | None = None,
    measure: str | None = None,
    method: str = "REML",
    ci: str | None = None,
    level: float = 0.95,
) -> RegressionResult:
    r"""Regress effects on moderators, with a random effect for what they leave unexplained.

    .. math:: y_i = x_i^T\beta + u_i + e_i, \quad u_i \sim N(0, \tau^2), \; e_i \sim N(0, v_i)

    Parameters
    ----------
    table : dataframe
        One row a trial, as ``effect_sizes`` returns it, with the moderators.
    formula : str
        Moderators, such as ``"~ line + C(kras)"``; ``- 1`` leaves out the intercept.
    yi, vi : str
        As in ``pool``.
    study, measure : str, optional
        As in ``pool``.
    method : str, default "REML"
        As in ``pool``.
    ci : {"HKSJ", "HKSJ-adhoc", "t", "wald", "KR"}, optional
        Intervals of the coefficients, as in ``pool`` when not given; of all but ``wald`` the test of moderators is F.
    level : float, default 0.95
        As in ``pool``.

    Returns
    -------
    RegressionResult
        Coefficients with their covariance, residual tau² and tests, on the scale of analysis.

    Raises
    ------
    OptionError
        A formula that cannot be read; an option that does not exist.
    ColumnError, DataError
        A column that is not there; constant or collinear moderators; too few rows; what ``pool`` raises.

    Warns
    -----
    DataWarning
        Rows without effect, variance or a moderator were left out; labels that only look the same were joined.

    Notes
    -----
    An association over trials is not one within trials: a moderator that varies between patients (a share of KRAS
    mutants) must not be read as an effect on patients (aggregation bias). For subgroups of the same trials see
    ``interaction``.

    References
    ----------
    Thompson and Sharp 1999; Knapp and Hartung 2003, doi:10.1002/sim.1482 (neither read; numbers are those of
    R's metafor).

    Examples
    --------
    >>> import metaonc as mo
    >>> t = {"yi": [-0.9, -0.5, -0.6, -0.2, 0.0], "vi": [0.1, 0.05, 0.08, 0.04, 0.09], "line": [1, 1, 2, 2, 3]}
    >>> r = mo.regress(t, "~ line", method="DL", ci="wald")
    >>> r.coefficients["estimate"].round(3).tolist()
    [-0.951, 0.313]
    """
    one_of("method", method, TAU2_METHODS)
    ci = one_of("ci", ci or usual_interval(method), from_covariance())
    CI_METHODS[ci].check(method)
    confidence_level(level)
    studies, d, code, dropped = read_rows(table, formula, yi=yi, vi=vi, study=study, measure=measure)
    patients.refuse_overlap(studies)
    return _regressed(studies, d, dropped, {"measure": code, "method": method, "ci": ci, "level": level})


def refit(r: RegressionResult, rows: NDArray[np.bool_]) -> RegressionResult:
    """Return the regression of some of its rows, by the levels and codings of all."""
    asked = {name: r.provenance.settings[name] for name in ("measure", "method", "ci", "level")}
    return _regressed(r.studies.taken(rows), r.design.taken(rows), (), asked)


def _regressed(studies: Studies, d: Design, dropped: tuple[str, ...], asked: dict[str, Any]) -> RegressionResult:
    k, ci = len(studies.yi), asked["ci"]
    fields = _fit(studies.yi, studies.vi, d, asked["method"], ci, asked["level"])
    provenance = Provenance(
        verb="regress",
        settings={"formula": d.formula, **asked},
        rows_in=k + len(dropped),
        rows_used=k,
        dropped=dropped,
        notes=_notes(k, d, ci) + studies.notes,
        cautions=repeats.cautions(studies),
    )
    return RegressionResult(**fields, **asked, formula=d.formula, k=k, studies=studies, design=d, provenance=provenance)


def _fit(y: Floats, v: Floats, d: Design, method: str, ci: str, level: float) -> dict[str, Any]:
    q, r = _orthonormal(d)  # all but the coefficients is the same for Q, and well conditioned
    p = q.shape[1]
    tau2 = float(TAU2_METHODS[method].estimate(y, v, q))
    fit = wls.fit(weights(v, tau2), y, q)
    df = len(y) - p
    cov, each = CI_METHODS[ci].adjust(fit, df)
    back = np.linalg.inv(r)
    beta, cov = back @ fit.beta, back @ cov @ back.T
    if CI_METHODS[ci].own_df:  # they belong to coefficients, not to those of the orthonormal columns
        each = CI_METHODS[ci].adjust(wls.fit(weights(v, tau2), y, d.x), df)[1]
    het = heterogeneity(y, v, q, None if is_common(method) else tau2)
    se = TAU2_METHODS[method].se
    restricted = is_restricted(method)
    ll = float(log_likelihood(tau2, y, v, q, restricted))
    parameters = p + (not is_common(method))
    return {
        "coefficients": coefficient_table(beta, cov, each, level, list(d.names)), "covariance": cov, "tau2": tau2,
        "se_tau2": float(se(tau2, y, v, q)) if se else np.nan, **_residual(het),
        **joint_test(beta, cov, d.names, np.inf if CI_METHODS[ci].is_normal else df), "r2": _r2(y, v, tau2, method),
        "loglik": ll, "aic": 2 * parameters - 2 * ll, "bic": parameters * np.log(len(y) - p * restricted) - 2 * ll,
    }  # fmt: skip


def _orthonormal(d: Design) -> tuple[Floats, Floats]:
    """Return orthonormal columns that span those of the design, and R with which they make it.

    Beside an intercept moderators are centred first: of years, as of all that lie far from 0, digits would be lost.
    """
    moderators = np.array([name != "intercept" for name in d.names])
    around = np.where(moderators & (not moderators.all()), d.x.mean(axis=0), 0.0)
    q = np.linalg.qr(d.x - around)[0]
    return q, q.T @ d.x


def _residual(h: Heterogeneity) -> dict[str, Any]:
    return {"q": float(h.q), "q_df": int(h.q_df), "q_p": float(h.q_p), "i2": float(h.i2), "h2": float(h.h2)}


NOTHING = 1e-6  # of the mean sampling variance: a variance between trials below it is rounding


def _r2(y: Floats, v: Floats, tau2: float, method: str) -> float:
    """Return the share of tau² without moderators that is gone with them, in percent; NaN where that is rounding."""
    if is_common(method):
        return np.nan
    without = float(TAU2_METHODS[method].estimate(y, v, None))
    return max(100 * (without - tau2) / without, 0.0) if without > NOTHING * v.mean() else np.nan


def _notes(k: int, d: Design, ci: str) -> tuple[str, ...]:
    notes = few_rows(k, d)
    if CI_METHODS[ci].own_df:
        notes += (
            f"{CI_METHODS[ci].label}'s degrees of freedom are of single coefficients; the test of all moderators, "
            "contrasts and predictions use k - p.",
        )
    return notes
