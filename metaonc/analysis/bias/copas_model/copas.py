"""copas: the pooled effect as it would be under each of many strengths of selection."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri

from ....base.check import confidence_level
from ....base.messages.arguments import known_arguments
from ....base.words import counted
from ....errors import DataError
from ...pooling.inverse_variance.result import MetaResult
from ..selection.published import published
from .options import checked_range, most_precise_of, points_of, publication_of
from .pairs import fitted, jumps, unselected
from .result import CopasResult

PUBLICATION = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
WEAKEST = 2.0  # gamma0 of the grid, at most


@known_arguments
def copas(
    result: MetaResult,
    *,
    alternative: str | None = None,
    publication: Sequence[float] = PUBLICATION,
    most_precise: float = 0.99,
    gamma0: Sequence[float] | None = None,
    gamma1: Sequence[float] | None = None,
    points: int = 15,
    alpha: float = 0.10,
    level: float = 0.95,
) -> CopasResult:
    r"""Show how the pooled effect changes with the strength of selection, by Copas and Shi's model.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    A trial with standard error s is published with the probability
    :math:`P = \Phi(\gamma_0 + \gamma_1 / s)`, and the likelier, the further its effect lies to the favoured side:
    effect and propensity have the correlation rho. With :math:`u_i = \gamma_0 + \gamma_1 / s_i`, :math:`t_i = \tau^2 +
    \sigma_i^2` and :math:`r_i = \rho \sigma_i / \sqrt{t_i}`

    .. math:: \ell = \sum_i \log N(y_i; \mu, t_i) - \log \Phi(u_i) +
        \log \Phi \frac{u_i + r_i (y_i - \mu) / \sqrt{t_i}}{\sqrt{1 - r_i^2}}

    where :math:`\sigma_i^2 = s_i^2 / (1 - c_i^2 \rho^2)` makes the variance of published effects what trials report.
    The data do not tell gamma0 and gamma1: each pair is an assumption, under which mu, tau² and rho are estimated.

    Parameters
    ----------
    result : MetaResult
        What ``pool`` returned: the trials, and whether their effect is common, tau² given or estimated (by maximum
        likelihood here).
    alternative : {"greater", "less", "two-sided"}, optional
        Side of the effects that selection favours, on the scale of analysis: a hazard ratio below 1 is ``less``; by
        ``two-sided`` the sign of rho is left to the data. When not given, the side of the pooled estimate.
    publication : sequence of float
        Probabilities with which the least precise trial is published, along the curve.
    most_precise : float
        Probability with which the most precise trial is published, along the curve.
    gamma0, gamma1 : (float, float), optional
        Lowest and highest of the grid. When not given, so that the curve is in it: gamma1 from 0, gamma0 up to 2.
    points : int
        Number of values of each, of the grid.
    alpha : float
        The p-value above which asymmetry that is left over is taken for chance.
    level : float
        Level of the Wald intervals.

    Returns
    -------
    CopasResult
        Its `curve` and its `grid` have one row a pair.

    Raises
    ------
    DataError
        No pool by inverse variance, a measure without a value of no effect, fewer than three trials, standard errors
        that are all the same.
    OptionError
        A probability that is none, or above that of the most precise trial; a range that is none; correlated errors.

    Notes
    -----
    ``p_residual`` is of the likelihood ratio of a line through the funnel (effects by standard errors, without
    selection) against the pair, 1 df, as R's metasens has it: small where selection of that strength does not account
    for the asymmetry. ``unpublished`` is the sum of (1 - P) / P. A maximum with rho below its bound of 0.9999 is
    preferred to higher likelihoods at the bound; where there is none, there is no standard error and no interval, while
    metasens inverts a Hessian that is not positive there. Of several maxima the highest is taken, at each pair for
    itself. As selection grows another may become the highest: the curve then jumps, which its column `jump` and a
    caution tell, and the figure shows by a line that is broken. Each maximum is followed to the next pair and back to
    find that.

    References
    ----------
    Copas and Shi 2000, doi:10.1093/biostatistics/1.3.247 (not read; the likelihood agrees with what metasens prints).

    Examples
    --------
    >>> import metaonc as mo
    >>> trials = {"yi": [-0.9, -0.8, -0.55, -0.5, -0.3, -0.25, -0.1, 0.1],
    ...           "vi": [0.16, 0.12, 0.06, 0.05, 0.04, 0.02, 0.02, 0.05]}
    >>> r = mo.bias.copas(mo.pool(trials, measure="HR"), publication=[0.9, 0.5])
    >>> r.curve[["publication", "estimate", "unpublished"]].round(2).to_numpy().tolist()
    [[1.0, -0.29, 0.0], [0.9, -0.27, 0.4], [0.5, -0.21, 2.5]]
    """
    confidence_level(level)
    confidence_level(alpha, "alpha")
    p = published(result, alternative, level, "copas")
    if len(p.y) < 3:
        raise DataError(f"{counted(len(p.y), 'trial')} cannot tell mean, tau² and rho; three are the least.")
    s = np.sqrt(p.v)
    if np.ptp(s) <= 1e-12 * s.max():
        raise DataError("all trials have the same standard error: selection by it changes nothing.")
    apart = 1 / s.min() - 1 / s.max()
    large = most_precise_of(most_precise)
    chances = publication_of(publication, large)
    slope = (ndtri(large) - ndtri(chances)) / apart
    curve = np.column_stack([ndtri(chances) - slope / s.max(), slope])
    flat = checked_range("gamma0", gamma0, (float(curve[:, 0].min()), max(WEAKEST, float(curve[:, 0].max()) + 1)))
    steep = checked_range("gamma1", gamma1, (0.0, float(slope.max()) or 1 / apart))
    n = points_of(points)
    grid = np.array([[a, b] for b in np.linspace(*steep, n) for a in np.linspace(*flat, n)])
    table = fitted(p, np.concatenate([curve, grid]), level)
    path = table[: len(curve)].assign(jump=jumps(p, table[: len(curve)]))
    settings = {"alternative": p.alternative, "publication": chances.tolist(), "most_precise": large,
                "gamma0": list(flat), "gamma1": list(steep), "points": n, "alpha": alpha, "level": level,
                "tau2": result.provenance.settings["tau2"]}  # fmt: skip
    return CopasResult(
        curve=pd.concat([unselected(p, level).assign(jump=False), path], ignore_index=True),
        grid=table[len(curve) :].reset_index(drop=True), k=len(p.y), level=level, measure=result.measure,
        method=p.without.method, without=p.without, provenance=p.provenance("bias.copas", settings, result),
    )  # fmt: skip
