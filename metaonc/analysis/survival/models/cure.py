"""cure_model: a part of patients never has the event."""

from __future__ import annotations

from typing import Any

from ....base.check import one_of, time_unit
from ....base.messages.arguments import known_arguments
from ....errors import DataError
from ...numeric.time_to_event.cure import CURES, insufficient
from ...numeric.time_to_event.distributions import DISTRIBUTIONS
from ..two_arms.arms import read_arms
from .fitting import data_of, fitted
from .forms import Parametric
from .result import SurvivalModelResult

STILL_FALLS = 0.05  # Maller and Zhou's measure above which follow-up does not tell of cures


@known_arguments
def cure_model(
    ipd: Any,
    *,
    kind: str = "mixture",
    distribution: str = "weibullPH",
    control: Any = None,
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
    level: float = 0.95,
    unit: str | None = None,
) -> SurvivalModelResult:
    r"""Fit a cure model to two arms: some patients never have the event.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    .. math:: S = \pi + (1 - \pi) S_u \quad \text{(mixture)}, \qquad S = \pi^{1 - S_u} \quad \text{(non-mixture)}

    The treatment acts on the logit of the share cured. It is refused where a curve still falls at its end, by Maller
    and Zhou's measure: with N of n patients' events in as long before the last event as follow-up goes on after it,
    :math:`(1 - N/n)^n` is above 0.05.

    Parameters
    ----------
    ipd : dataframe
        As of `parametric`.
    kind : {"mixture", "nonmixture"}
        Form of the model.
    distribution : str
        Of the times of those who are not cured, as in ``parametric``.
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
        Parameters of both arms with their covariance; curves and shares cured are asked of it.

    Raises
    ------
    ColumnError, OptionError, DataError, ConvergenceError
        As ``parametric``; an arm whose curve still falls, or has come to 0.

    References
    ----------
    Maller and Zhou 1996.

    Examples
    --------
    >>> import metaonc as mo
    >>> import numpy as np
    >>> rng = np.random.default_rng(2)
    >>> t = np.where(rng.random(400) < 0.4, 60, rng.exponential(4, 400)).round(3) + 0.001
    >>> d = {"time": np.minimum(t, 40), "event": t < 40, "arm": [0, 1] * 200}
    >>> cured = mo.survival.cure_model(d, control=0).survival_at(39)["survival"]
    >>> cured.round(2).tolist()
    [0.46, 0.38]
    """
    one_of("kind", kind, CURES)
    code = one_of("distribution", distribution, DISTRIBUTIONS)
    unit = time_unit(unit, ipd)
    arms = read_arms(ipd, control=control, time=time, event=event, arm=arm)
    data_of(arms, event)  # refuses arms without events
    for name, sample in zip(arms.names, arms.samples, strict=True):
        found = insufficient(sample)
        if sample.event[-1] or found > STILL_FALLS:  # or the longest follow-up ends with the event
            raise DataError(
                f"arm {name!r}: its curve still falls at the end of follow-up (Maller and Zhou's measure {found:.3g}, "
                f"above {STILL_FALLS:g}), and does not tell whether patients are cured; a model without cures, such as "
                "royston_parmar, takes these data."
            )
    return fitted(ipd, lambda d: Parametric(code, False, kind), "survival.cure_model", control, time, event, arm,
                   level, unit, kind=kind, distribution=code)  # fmt: skip
