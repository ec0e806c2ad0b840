"""p_uniform: the effect from how trials scatter on each side of significance, whatever the odds of either side."""

from __future__ import annotations

from ....base.check import confidence_level
from ....base.messages.advice import option
from ....base.messages.arguments import known_arguments
from ....base.words import counted
from ....errors import DataError, OptionError
from ...numeric.distributions import chi2_p
from ...pooling.inverse_variance.result import MetaResult
from .p_uniform_result import PUniformResult
from .profile import Profiles
from .published import published


@known_arguments
def p_uniform(
    result: MetaResult, *, alternative: str | None = None, alpha: float = 0.05, level: float = 0.95
) -> PUniformResult:
    r"""Estimate the effect by p-uniform*: each trial given that it is significant, or that it is not.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    How likely significant and other trials are published drops out of this likelihood, so that the ratio of the two
    needs no estimate:

    .. math:: L = \prod_i N(y_i; \mu, v_i + \tau^2) / P_i

    where P is the probability that the trial comes out on the side of significance where it did.

    Parameters
    ----------
    result : MetaResult
        What ``pool`` returned: the trials, and whether their effect is common, tau² given or estimated.
    alternative : {"greater", "less"}, optional
        Side of the significant effects, on the scale of analysis; when not given, that of the pooled estimate.
    alpha : float, default 0.05
        Two-sided level of significance by which trials were selected.
    level : float, default 0.95
        Level of the intervals.

    Returns
    -------
    PUniformResult
        The corrected effect with its interval, on the scale of analysis, and the test of selection.

    Raises
    ------
    DataError
        No pool by inverse variance; a measure without a value of no effect; fewer than three trials.
    OptionError
        A side or a level that does not exist; correlated sampling errors.

    Notes
    -----
    Maximum likelihood, with intervals by the profile likelihood and the likelihood ratio test of no effect. Publication
    bias itself is tested by ``selection_model`` with one step, of which this model is the conditional form.

    References
    ----------
    van Aert and van Assen 2023, as R's puniform describes it (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> trials = {"yi": [-0.9, -0.8, -0.55, -0.5, -0.3, -0.25, -0.1, 0.1],
    ...           "vi": [0.16, 0.12, 0.06, 0.05, 0.04, 0.02, 0.02, 0.05]}
    >>> r = mo.bias.p_uniform(mo.pool(trials, measure="HR"))
    >>> round(r.estimate, 3), r.significant, r.k
    (-0.211, 4, 8)
    """
    confidence_level(level)
    if not 0 < confidence_level(alpha, "alpha") < 0.5:
        raise OptionError(f"alpha={alpha!r} is a level of significance, such as 0.05.")
    p = published(result, alternative, level, "p_uniform")
    if p.alternative == "two-sided":
        raise OptionError(
            f"p-uniform* takes one side: {option('alternative', 'greater')} or {option('alternative', 'less')}."
        )
    if len(p.y) < 3:
        raise DataError(
            f"{counted(len(p.y), 'trial')} cannot tell mean and tau² given their significance; three are the least."
        )
    surface = Profiles.of(p, alpha)
    peak = surface.top
    lr = surface.drop(0.0)
    settings = {"alternative": p.alternative, "alpha": float(alpha), "level": level, "ci": "profile",
                "tau2": result.provenance.settings["tau2"]}  # fmt: skip
    (low, high), (tau2_low, tau2_high) = surface.mean_limits(level), surface.tau2_limits(level)
    return PUniformResult(
        estimate=p.sign * float(peak.theta[0]), ci_low=low, ci_high=high, tau2=float(peak.theta[1]),
        tau2_low=tau2_low, tau2_high=tau2_high, lr_statistic=lr, p_value=float(chi2_p(lr, 1)),
        loglik=float(peak.terms.value), endless=surface.endless, significant=surface.significant, k=len(p.y),
        level=level, measure=result.measure, method=p.without.method, without=p.without,
        provenance=p.provenance("bias.p_uniform", settings, result),
    )  # fmt: skip
