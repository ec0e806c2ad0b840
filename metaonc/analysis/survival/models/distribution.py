"""parametric: distributions of survival times."""

from __future__ import annotations

from typing import Any

from ....base.check import one_of
from ....base.messages.arguments import known_arguments
from ....errors import OptionError
from ...numeric.time_to_event.distributions import DISTRIBUTIONS
from .fitting import fitted
from .forms import Parametric
from .result import SurvivalModelResult


@known_arguments
def parametric(
    ipd: Any,
    *,
    distribution: str = "weibull",
    shape_effect: bool = False,
    control: Any = None,
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
    level: float = 0.95,
    unit: str | None = None,
) -> SurvivalModelResult:
    r"""Fit a parametric distribution of survival times to two arms.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    ipd : dataframe
        One row a patient, real or reconstructed; times above 0.
    distribution : {"exp", "weibull", "weibullPH", "gompertz", "gamma", "lnorm", "llogis", "gengamma"}
        As R's flexsurv has them; the treatment acts on the location (rate, scale, meanlog or mu). ``weibull`` has
        :math:`S = \exp(-(t/b)^a)`, ``weibullPH`` :math:`S = \exp(-b t^a)`; ``gengamma`` is Prentice's form.
    shape_effect : bool, default False
        Whether the treatment acts on the shape too, so that its effect changes with time.
    control : label, optional
        The value of `arm` that the other arm is compared with.
    time, event, arm : str
        Columns of follow-up (> 0), of the event (1, or 0 where it was censored) and of the arm, of two values.
    level : float, default 0.95
        Coverage of the intervals.
    unit : {"days", "weeks", "months", "years"}, optional
        Unit of time, to be shown.

    Returns
    -------
    SurvivalModelResult
        ``.survival_at`` and ``.rmst`` say what is extrapolated.

    Raises
    ------
    ColumnError, OptionError
        A column or an option that does not exist.
    DataError
        A row that cannot be true, a time of 0, an arm without events.
    ConvergenceError
        When the likelihood has no maximum.

    References
    ----------
    Jackson 2016, doi:10.18637/jss.v070.i08, of the distributions (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> patients = {"time": [3, 5, 7, 9, 2, 4, 5, 6], "event": [1, 1, 0, 1, 1, 1, 1, 0], "arm": list("aaaabbbb")}
    >>> r = mo.survival.parametric(patients, control="b", distribution="exp")
    >>> round(float(r.estimate[1]), 4)  # log of (3 / 24) / (3 / 17)
    -0.3448
    """
    code = one_of("distribution", distribution, DISTRIBUTIONS)
    if shape_effect and len(DISTRIBUTIONS[code].parameters) < 2:
        raise OptionError("distribution='exp' has no shape: take shape_effect=False, or 'weibull'.")
    return fitted(ipd, lambda d: Parametric(code, shape_effect), "survival.parametric", control, time, event, arm,
                   level, unit, distribution=code, shape_effect=shape_effect)  # fmt: skip
