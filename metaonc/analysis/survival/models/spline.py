"""royston_parmar: flexible parametric models by splines."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....base.check import one_of
from ....base.messages.arguments import known_arguments
from ....errors import OptionError
from ...numeric.time_to_event.spline import LINKS
from .fitting import fitted
from .forms import checked_spline
from .result import SurvivalModelResult

MOST_KNOTS = 10


@known_arguments
def royston_parmar(
    ipd: Any,
    *,
    knots: int = 1,
    scale: str = "hazard",
    time_varying: bool = False,
    control: Any = None,
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
    level: float = 0.95,
    unit: str | None = None,
) -> SurvivalModelResult:
    r"""Fit Royston and Parmar's flexible parametric model to two arms.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    .. math:: g(S(t | x)) = s(\log t; \gamma) + \beta x (+ \beta_1 x \log t)

    s is a natural cubic spline with knots at the smallest and the largest log time of an event, and at quantiles
    between.

    Parameters
    ----------
    ipd : dataframe
        As of `parametric`.
    knots : int, default 1
        Inner knots, 0 to 10.
    scale : {"hazard", "odds", "normal"}
        g: log cumulative hazard, log cumulative odds of the event, or minus the normal quantile of survival.
    time_varying : bool, default False
        Whether the treatment's effect is linear in log t.
    control : label, optional
        As of `parametric`.
    time, event, arm : str
        As of `parametric`.
    level : float, default 0.95
        As of `parametric`.
    unit : str, optional
        As of `parametric`.

    Returns
    -------
    SurvivalModelResult
        Parameters of both arms with their covariance; curves are asked of it.

    Raises
    ------
    ColumnError, OptionError, DataError, ConvergenceError
        As ``parametric``; fewer distinct times of events than knots.

    References
    ----------
    Royston and Parmar 2002.

    Examples
    --------
    >>> import metaonc as mo
    >>> patients = {"time": [3, 5, 7, 9, 2, 4, 5, 6], "event": [1, 1, 0, 1, 1, 1, 1, 0], "arm": list("aaaabbbb")}
    >>> r = mo.survival.royston_parmar(patients, control="b", knots=0)  # the Weibull model
    >>> round(r.loglik - mo.survival.parametric(patients, control="b").loglik, 8)
    0.0
    """
    one_of("scale", scale, LINKS)
    if isinstance(knots, bool) or not isinstance(knots, int | np.integer) or not 0 <= knots <= MOST_KNOTS:
        raise OptionError(f"knots={knots!r} is no whole number from 0 to {MOST_KNOTS}.")

    return fitted(
        ipd, lambda d: checked_spline(d, int(knots), scale, time_varying), "survival.royston_parmar", control, time,
        event, arm, level, unit, knots=int(knots), scale=scale, time_varying=time_varying,
    )  # fmt: skip
