"""regression_test: whether small trials have other effects than large ones, by a line through the funnel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ....base.check import one_of, refuse
from ....base.messages.advice import option
from ....base.messages.arguments import known_arguments
from ....errors import DataError, OptionError
from ...methods.intervals import CI_METHODS, from_covariance
from ...numeric import wls
from ...numeric.asymmetry.line import Line, design, dispersed, refuse_exact
from ...numeric.distributions import critical
from ...numeric.normal_likelihood import weights
from ...numeric.wls import Floats
from ...pooling.inverse_variance.result import MetaResult
from ..checks import estimator, taken, tau2_of
from .predictors import PREDICTORS
from .regression_result import RegressionTestResult
from .tests import MODELS, REGRESSION_TESTS, Effects, RegressionTest, is_finite


@known_arguments
def regression_test(
    result: MetaResult,
    *,
    test: str = "egger",
    model: str | None = None,
    predictor: str | None = None,
    n: str | None = None,
) -> RegressionTestResult:
    r"""Test whether effects depend on the size or precision of trials, by regression.

    .. math:: y_i = \theta + \beta x_i + e_i

    with the standard error, or another measure of size, as x. A slope other than 0 is a small-study effect:
    publication bias, but also other patients, doses or rigour in small trials, or chance.

    Parameters
    ----------
    result : MetaResult
        What ``pool`` returned.
    test : {"egger", "thompson", "pustejovsky", "macaskill", "peters", "harbord", "deeks"}
        A code of ``mo.bias.REGRESSION_TESTS``. ``peters``, ``harbord`` (odds ratios of two arms) and ``deeks``
        (diagnostic odds ratios) take the counts that ``effect_sizes`` knew, ``pustejovsky`` (standardised differences)
        the sizes of both arms. ``macaskill`` is the variant that weighs by inverse variance.
    model : {"ols", "random"}, optional
        Of ``egger``: least squares, the variances times a common factor (the default), or a mixed model with tau² and
        the test by the methods of the pool.
    predictor : {"sei", "vi", "ni", "ninv", "sqrtni", "sqrtninv"}, optional
        Of ``egger``: standard error (the default), variance, size, or what is made of these.
    n : str, optional
        Column of the sizes of trials, where ``effect_sizes`` did not know them.

    Returns
    -------
    RegressionTestResult
        The slope with its test, and the limit where the predictor has one, on the scale of analysis.

    Raises
    ------
    DataError
        When `result` is none of ``pool``; fewer than three trials; a predictor that is the same in all trials; effects
        that lie on a line exactly; a trial from whose counts the test cannot be made.
    ColumnError
        Counts or sizes that are not known.
    OptionError
        An option that does not exist, or that the test does not take; a measure that the test is not for; correlated
        rows; GENQ weights in a mixed model.

    Notes
    -----
    The result says in its cautions when the test misleads: fewer than ten trials, effects whose standard error depends
    on the effect itself (odds ratios, proportions, hazard ratios of few events), heterogeneity.

    References
    ----------
    Egger et al. 1997, doi:10.1136/bmj.315.7109.629; Macaskill et al. 2001, doi:10.1002/sim.698; Peters et al. 2006,
    doi:10.1001/jama.295.6.676; Harbord et al. 2006, doi:10.1002/sim.2380; Thompson and Sharp 1999, Statistics in
    Medicine 18:2693; Deeks, Macaskill and Irwig 2005, Journal of Clinical Epidemiology 58:882; Pustejovsky and
    Rodgers 2019, Research Synthesis Methods 10:57.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"yi": [-0.9, -0.6, -0.5, -0.3, -0.2], "vi": [0.2, 0.1, 0.09, 0.04, 0.02]}
    >>> t = mo.bias.regression_test(mo.pool(d, measure="HR"), test="thompson")
    >>> round(t.statistic, 3), round(t.p_value, 4)
    (-1.87, 0.1582)
    """
    record = REGRESSION_TESTS[one_of("test", test, REGRESSION_TESTS)]
    pool = taken(result, record.label)
    model, predictor = _options(record, model, predictor)
    if record.measures and pool.measure not in record.measures:
        raise OptionError(
            f"{record.label} is for measure {' or '.join(map(repr, record.measures))}, and this pool is of "
            f"{pool.measure!r}: make the effects by effect_sizes with {option('measure', record.measures[0])}."
        )
    effects = _effects(record, pool)
    x = _predicted(record, predictor, pool, effects, n)
    ci = record.ci or (pool.ci if pool.ci in from_covariance() else "wald")
    tau2 = dispersion = np.nan
    if model == "ols":
        line, dispersion = dispersed(effects.y, effects.v, x)
    else:
        estimator(pool, record.label)
        line, tau2 = _mixed(pool, effects, x, ci)
    shown = [PREDICTORS[predictor].limit, True]
    beta, se = (np.where(shown, values, np.nan) for values in (line.beta, line.se))
    half = critical(pool.level, float(line.df[0])) * se[0]
    return RegressionTestResult(
        test=test,
        model=model,
        predictor=predictor,
        slope=float(beta[1]),
        slope_se=float(se[1]),
        statistic=float(line.statistics[1]),
        df=float(line.df[1]),
        p_value=float(line.p[1]),
        limit=float(beta[0]),
        limit_se=float(se[0]),
        limit_low=float(beta[0] - half),
        limit_high=float(beta[0] + half),
        tau2=tau2,
        dispersion=dispersion,
        k=pool.k,
        level=pool.level,
        measure=pool.measure,
        method=pool.method if model == "random" else "OLS",
        ci=ci if model == "random" else "t",
        result=pool,
        provenance=replace(
            pool.provenance,
            verb="bias.regression_test",
            settings={**pool.provenance.settings, "test": test, "model": model, "predictor": predictor, "n": n},
            notes=(),
            cautions=(),
        ),
    )


def _options(record: RegressionTest, model: str | None, predictor: str | None) -> tuple[str, str]:
    """Return model and predictor: those asked for, where the test leaves the choice."""
    for name, value in (("model", model), ("predictor", predictor)):
        if value is not None and not record.any_predictor:
            raise OptionError(f"{name}= has no use for {record.label}, which has its own; it is for test='egger'.")
    model, predictor = model or record.model, predictor or record.predictor
    return one_of("model", model, MODELS), one_of("predictor", predictor, PREDICTORS)


def _effects(record: RegressionTest, pool: MetaResult) -> Effects:
    with np.errstate(divide="ignore", invalid="ignore"):
        effects = record.effects(pool.studies, record.label)
    refuse(~is_finite(effects), pool.studies.labels, lambda i: f"{record.label} cannot be made of its counts: no "
           "events in both arms, or nothing else; leave the trial out.")  # fmt: skip
    return effects


def _predicted(record: RegressionTest, predictor: str, pool: MetaResult, effects: Effects, n: str | None) -> Floats:
    on = PREDICTORS[predictor]
    if n is not None and not on.sized:
        raise OptionError(f"n= has no use for the {on.label} as predictor.")
    size = record.size(pool.studies, n, record.label) if on.sized else np.full(pool.k, np.nan)
    x = on.compute(effects.v, size)
    if np.ptp(x) <= 1e-12 * np.abs(x).max():
        raise DataError(f"the {on.label} is the same in all trials: nothing can depend on it.")
    return x


def _mixed(pool: MetaResult, effects: Effects, x: Floats, ci: str) -> tuple[Line, float]:
    """Return the line of a mixed model by the pool's methods, and its tau²."""
    scale = float(np.abs(x).max())
    d = design(x / scale)
    q, r = np.linalg.qr(d)  # tau² and Q are the same for orthonormal columns, and well conditioned
    tau2 = tau2_of(pool, effects.y, effects.v, q)
    w = weights(effects.v, tau2)
    fit = wls.fit(w, effects.y, q)
    refuse_exact(fit, effects.y)
    record, df = CI_METHODS[ci], len(x) - 2
    cov, each = record.adjust(fit, df)
    if record.own_df:
        each = record.adjust(wls.fit(w, effects.y, d), df)[1]
    back, unit = np.linalg.inv(r), np.array([1.0, scale])
    se = np.sqrt(np.diagonal(back @ cov @ back.T)) / unit
    return Line(back @ fit.beta / unit, se, np.broadcast_to(np.asarray(each, float), (2,))), tau2
