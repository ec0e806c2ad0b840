"""The tests that are asked for most, by their own names."""

from __future__ import annotations

from ....base.messages.arguments import known_arguments
from ...pooling.inverse_variance.result import MetaResult
from .rank_result import RankTestResult
from .rank_test import rank_test
from .regression_result import RegressionTestResult
from .regression_test import regression_test


@known_arguments
def egger(
    result: MetaResult, *, model: str = "ols", predictor: str = "sei", n: str | None = None
) -> RegressionTestResult:
    """Test asymmetry by Egger's regression: ``regression_test`` with ``test="egger"``.

    Parameters
    ----------
    result : MetaResult
        As of ``regression_test``.
    model : str, default "ols"
        As of ``regression_test``.
    predictor : str, default "sei"
        As of ``regression_test``.
    n : str, optional
        As of ``regression_test``.

    Returns
    -------
    RegressionTestResult
        With `limit`, the effect as the standard error goes to 0.

    Raises
    ------
    DataError, OptionError
        As ``regression_test``.

    References
    ----------
    Egger et al. 1997, doi:10.1136/bmj.315.7109.629.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"yi": [-0.9, -0.6, -0.5, -0.3, -0.2], "vi": [0.2, 0.1, 0.09, 0.04, 0.02]}
    >>> t = mo.bias.egger(mo.pool(d, measure="HR"))
    >>> round(t.statistic, 3), round(t.limit, 4)
    (-15.43, 0.1216)
    """
    return regression_test(result, test="egger", model=model, predictor=predictor, n=n)


@known_arguments
def peters(result: MetaResult) -> RegressionTestResult:
    """Test asymmetry of odds ratios by Peters's regression on 1/n: ``regression_test`` with ``test="peters"``.

    Parameters
    ----------
    result : MetaResult
        A pool of odds ratios whose counts ``effect_sizes`` knew.

    Returns
    -------
    RegressionTestResult
        The slope with its test, on the scale of analysis.

    Raises
    ------
    DataError, OptionError
        As ``regression_test``.

    References
    ----------
    Peters et al. 2006, doi:10.1001/jama.295.6.676.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"a": [3, 9, 14, 30], "n": [20, 40, 80, 200], "c": [8, 14, 20, 36], "m": [20, 41, 78, 204]}
    >>> es = mo.effect_sizes(d, measure="OR", events_t="a", n_t="n", events_c="c", n_c="m")
    >>> round(mo.bias.peters(mo.pool(es)).p_value, 4)
    0.0215
    """
    return regression_test(result, test="peters")


@known_arguments
def harbord(result: MetaResult) -> RegressionTestResult:
    """Test asymmetry of odds ratios by Harbord's regression of scores: ``regression_test`` with ``test="harbord"``.

    Parameters
    ----------
    result : MetaResult
        A pool of odds ratios whose counts ``effect_sizes`` knew.

    Returns
    -------
    RegressionTestResult
        The slope with its test, on the scale of analysis.

    Raises
    ------
    DataError, OptionError
        As ``regression_test``.

    References
    ----------
    Harbord et al. 2006, doi:10.1002/sim.2380.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"a": [3, 9, 14, 30], "n": [20, 40, 80, 200], "c": [8, 14, 20, 36], "m": [20, 41, 78, 204]}
    >>> es = mo.effect_sizes(d, measure="OR", events_t="a", n_t="n", events_c="c", n_c="m")
    >>> round(mo.bias.harbord(mo.pool(es)).p_value, 4)
    0.0171
    """
    return regression_test(result, test="harbord")


@known_arguments
def begg(result: MetaResult, *, exact: bool | None = None) -> RankTestResult:
    """Test asymmetry by Begg and Mazumdar's rank correlation: ``rank_test`` with ``test="begg"``.

    Parameters
    ----------
    result : MetaResult
        As of ``rank_test``.
    exact : bool, optional
        As of ``rank_test``.

    Returns
    -------
    RankTestResult
        Kendall's rank correlation with its p-value.

    Raises
    ------
    DataError, OptionError
        As ``rank_test``.

    References
    ----------
    Begg and Mazumdar 1994, doi:10.2307/2533446.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"yi": [-0.9, -0.6, -0.5, -0.3, -0.2], "vi": [0.2, 0.1, 0.09, 0.04, 0.02]}
    >>> mo.bias.begg(mo.pool(d, measure="HR")).statistic
    -1.0
    """
    return rank_test(result, test="begg", exact=exact)
