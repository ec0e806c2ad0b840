"""pet_peese: the effect of a trial without sampling error, by a line through the funnel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ....base.check import confidence_level, one_of
from ....base.messages.arguments import known_arguments
from ....errors import DataError
from ...numeric.asymmetry.line import dispersed
from ...numeric.distributions import critical
from ...pooling.inverse_variance.result import MetaResult
from ..checks import taken
from .result import PetPeeseResult

METHODS = ("PET-PEESE", "PET", "PEESE")


@known_arguments
def pet_peese(result: MetaResult, *, method: str = "PET-PEESE", alpha: float = 0.10) -> PetPeeseResult:
    r"""Return the effect in the limit of trials without sampling error, by PET, PEESE, or either by a test.

    .. math:: y_i = \theta + \beta s_i \;\text{(PET)}, \quad y_i = \theta + \beta s_i^2 \;\text{(PEESE)}

    by least squares with weights 1/s², standard errors scaled by the residual variance, and t with k - 2 degrees of
    freedom.

    Parameters
    ----------
    result : MetaResult
        What ``pool`` returned.
    method : {"PET-PEESE", "PET", "PEESE"}
        ``PET-PEESE`` takes PEESE where PET finds an effect, and PET where it finds none.
    alpha : float
        Level, two-sided, of that test of an effect.

    Returns
    -------
    PetPeeseResult
        The effect in the limit of a trial without sampling error, on the scale of analysis.

    Raises
    ------
    DataError
        When `result` is none of ``pool``; fewer than three trials; variances that are all the same; a measure without
        a value of no effect, for ``PET-PEESE``.
    OptionError
        An option that does not exist; correlated rows.

    Notes
    -----
    The line is long where the largest trials are small: an extrapolation, and PET's is biased where there is an effect.
    With heterogeneity the interval is too narrow.

    References
    ----------
    Stanley and Doucouliagos 2014, doi:10.1002/jrsm.1095.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"yi": [-0.9, -0.6, -0.5, -0.3, -0.2], "vi": [0.2, 0.1, 0.09, 0.04, 0.02]}
    >>> r = mo.bias.pet_peese(mo.pool(d, measure="HR"), method="PEESE")
    >>> round(r.estimate, 4), round(r.se, 4)
    (-0.1268, 0.0203)
    """
    one_of("method", method, METHODS)
    confidence_level(alpha, "alpha")
    pool = taken(result, method)
    y, v = pool.studies.yi, pool.studies.vi
    if np.ptp(v) <= 1e-12 * v.max():
        raise DataError("all trials have the same standard error: nothing can depend on it.")
    if method == "PET-PEESE" and pool.record.null is None:
        raise DataError(
            f"a {pool.record.label} has no value of no effect by which to choose; use method='PET' or 'PEESE'."
        )
    pet, _ = dispersed(y, v, np.sqrt(v))
    pet_p = float(pet.p[0])
    chosen = method if method != "PET-PEESE" else "PEESE" if pet_p < alpha else "PET"
    line = pet if chosen == "PET" else dispersed(y, v, v)[0]
    half = float(critical(pool.level, float(line.df[0]))) * line.se[0]
    return PetPeeseResult(
        estimate=float(line.beta[0]),
        se=float(line.se[0]),
        ci_low=float(line.beta[0] - half),
        ci_high=float(line.beta[0] + half),
        statistic=float(line.statistics[0]),
        df=float(line.df[0]),
        p_value=float(line.p[0]),
        pet_p=pet_p,
        slope=float(line.beta[1]),
        slope_se=float(line.se[1]),
        k=pool.k,
        level=pool.level,
        measure=pool.measure,
        method=chosen,
        result=pool,
        provenance=replace(
            pool.provenance,
            verb="bias.pet_peese",
            settings={**pool.provenance.settings, "adjusted_by": method, "alpha": alpha},
            notes=(),
            cautions=(),
        ),
    )
