"""bias_adjusted: a pool without the biases that its trials are believed to have, and with their uncertainty."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ....base.check import columns_exist, refuse
from ....base.messages.arguments import known_arguments
from ....base.numbers import numbers
from ....errors import ConvergenceError, OptionError
from ...numeric import wls
from ...numeric.normal_likelihood import weights
from ...numeric.wls import Floats
from ...pooling.inverse_variance.pool import pooled
from ...pooling.inverse_variance.result import MetaResult
from ...results.studies import Studies
from ..checks import estimator, taken, tau2_of
from .prior_bias_result import BiasAdjustedResult

VERB = "bias-adjusted pooling"
STEPS, TOLERANCE = 500, 1e-13  # of the pooled effect and tau², in standard errors


@known_arguments
def bias_adjusted(
    result: MetaResult,
    *,
    additive: str | None = None,
    additive_sd: str | None = None,
    proportional: str | None = None,
    proportional_sd: str | None = None,
) -> BiasAdjustedResult:
    r"""Pool again with the biases that each trial is believed to have: taken out, and uncertain.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    .. math:: y_i = \beta_i \theta_i + \delta_i + e_i, \quad \theta_i \sim N(\theta, \tau^2), \quad
        E\,\delta_i = a_i,\ SD\,\delta_i = b_i, \quad E\,\beta_i = m_i,\ SD\,\beta_i = s_i

    The adjusted effect of a trial and its variance, which the pool's methods then take, are

    .. math:: y_i^* = \frac{y_i - a_i}{m_i}, \quad
        v_i^* = \frac{v_i + b_i^2 + s_i^2 (\theta^2 + \tau^2)}{m_i^2}

    so that trials of less rigour or relevance weigh less. With proportional bias that is uncertain, theta and tau² are
    those of the adjusted pool itself, found in turns.

    Parameters
    ----------
    result : MetaResult
        What ``pool`` returned, of a table that has the columns below.
    additive, additive_sd : str, optional
        Columns with mean and standard deviation of the additive bias of each trial, on the scale of analysis: below 0
        where a trial is believed to show lower values than are true. 0 when not given. Biases of several sources that
        are independent add up, means and variances.
    proportional, proportional_sd : str, optional
        Columns with mean and standard deviation of the factor by which a trial shows the effect, 1 and 0 when not
        given: above 1 where it exaggerates. Of several sources means multiply.

    Returns
    -------
    BiasAdjustedResult
        With `adjusted`, the pool of the adjusted effects, and the trials before and after in `trials`.

    Raises
    ------
    DataError
        When `result` is none of ``pool``; a mean or standard deviation that is missing, a standard deviation below 0, a
        factor that is not above 0.
    ColumnError
        A column that the table has not.
    OptionError
        No bias at all; GENQ weights; correlated rows.
    ConvergenceError
        When theta and tau² do not settle.

    Notes
    -----
    The data do not tell these biases: they are what is believed beforehand, elicited from assessors who have not seen
    the results, or taken from studies of many meta-analyses.

    References
    ----------
    Turner et al. 2009, doi:10.1111/j.1467-985X.2008.00547.x (its abstract was read; the moments above follow from the
    model).

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"yi": [-0.9, -0.6, -0.3, -0.2], "vi": [0.2, 0.1, 0.04, 0.02],
    ...      "bias": [-0.3, -0.1, 0, 0], "sd": [0.3, 0.2, 0, 0]}
    >>> r = mo.bias.bias_adjusted(mo.pool(d, measure="HR"), additive="bias", additive_sd="sd")
    >>> round(r.result.estimate, 3), round(r.estimate, 3)
    (-0.311, -0.27)
    """
    pool = taken(result, VERB, least=2)
    estimator(pool, VERB)
    columns = {"additive": additive, "additive_sd": additive_sd, "proportional": proportional,
               "proportional_sd": proportional_sd}  # fmt: skip
    prior = _prior(pool.studies, columns)
    yi, vi = _adjusted(pool, prior)
    yi.flags.writeable = vi.flags.writeable = False
    data = pd.DataFrame({"study": list(pool.studies.labels), "yi": yi, "vi": vi})
    studies = Studies(labels=pool.studies.labels, yi=yi, vi=vi, data=data, roles={})
    asked = {name: pool.provenance.settings[name] for name in ("method", "ci", "prediction", "level", "tau2")}
    adjusted = pooled(studies, pool.measure, **asked, weights=None, covariance=False, shared=None)
    trials = pd.DataFrame({"study": list(pool.studies.labels), "yi": pool.studies.yi, "vi": pool.studies.vi,
                           "weight": pool.weights, **prior, "yi_adjusted": yi, "vi_adjusted": vi,
                           "weight_adjusted": adjusted.weights})  # fmt: skip
    return BiasAdjustedResult(
        trials=trials, adjusted=adjusted, result=pool,
        provenance=replace(pool.provenance, verb="bias.bias_adjusted",
                           settings={**pool.provenance.settings, **columns}, notes=(), cautions=()),
    )  # fmt: skip


def _prior(studies: Studies, columns: dict[str, str | None]) -> dict[str, Floats]:
    """Return means and standard deviations of the biases, (k,) each."""
    if all(column is None for column in columns.values()):
        raise OptionError(f"no bias is given: name the columns of it by {', '.join(f'{name}=' for name in columns)}.")
    columns_exist(list(studies.data.columns), columns)
    found = {}
    for name, column in columns.items():
        default = 1.0 if name == "proportional" else 0.0
        values = np.full(len(studies.yi), default)
        if column is not None:
            values = numbers(studies.data[column], column, studies.labels)
        refuse(~np.isfinite(values), studies.labels, lambda i, column=column: f"{column} is missing; give a number "
               "(0 where no bias is believed, of a proportional mean 1).")  # fmt: skip
        if name == "proportional":
            refuse(~(values > 0), studies.labels, lambda i, values=values, column=column: f"{column}={values[i]:g} is "
                   "no factor of an effect; give a number above 0, 1 without bias.")  # fmt: skip
        elif name.endswith("_sd"):
            refuse(values < 0, studies.labels, lambda i, values=values, column=column: f"{column}={values[i]:g} is no "
                   "standard deviation; give a number from 0.")  # fmt: skip
        found[name] = values
    return found


def _adjusted(pool: MetaResult, prior: dict[str, Floats]) -> tuple[Floats, Floats]:
    """Return the adjusted effects and their variances."""
    m, s = prior["proportional"], prior["proportional_sd"]
    y = (pool.studies.yi - prior["additive"]) / m
    theta, tau2 = pool.estimate, pool.tau2
    for _ in range(STEPS):
        v = (pool.studies.vi + prior["additive_sd"] ** 2 + s**2 * (theta**2 + tau2)) / m**2
        new = tau2_of(pool, y, v)
        fit = wls.fit(weights(v, new), y)
        moved = abs(float(fit.beta) - theta) + abs(new - tau2) / float(np.sqrt(fit.cov))
        theta, tau2 = float(fit.beta), new
        if not s.any() or moved < TOLERANCE * float(np.sqrt(fit.cov)):
            return y, v
    raise ConvergenceError("the pooled effect and tau² of proportional biases so uncertain do not settle; give smaller "
                           "standard deviations of the factor.")  # fmt: skip
