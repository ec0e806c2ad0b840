"""parametric, royston_parmar, cure_model, compare_models: parametric models of two arms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import confidence_level, one_of
from ....base.messages.arguments import known_arguments
from ....errors import ConvergenceError, DataError, OptionError
from ...numeric.time_to_event.cure import CURES, insufficient
from ...numeric.time_to_event.distributions import DISTRIBUTIONS
from ...numeric.time_to_event.spline import LINKS
from ..curve.estimate import UNITS
from ..two_arms.arms import Arms, read_arms
from .forms import Data, Form, Making, Parametric, spline_of
from .rcode import label
from .result import SurvivalModelResult

MOST_KNOTS = 10
STILL_FALLS = 0.05  # Maller and Zhou's measure above which follow-up does not tell of cures


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

    Parameters
    ----------
    ipd : dataframe
        One row a patient, real or reconstructed; times above 0.
    distribution : {"exp", "weibull", "weibullPH", "gompertz", "gamma", "lnorm", "llogis", "gengamma"}
        As R's flexsurv has them; the treatment acts on the location (rate, scale, meanlog or mu). ``weibull`` has
        :math:`S = \exp(-(t/b)^a)`, ``weibullPH`` :math:`S = \exp(-b t^a)`; ``gengamma`` is Prentice's form.
    shape_effect : bool, default False
        Whether the treatment acts on the shape too, so that its effect changes with time.
    control : label
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
    return _fitted(ipd, lambda d: Parametric(code, shape_effect), "survival.parametric", control, time, event, arm,
                   level, unit, distribution=code, shape_effect=shape_effect)  # fmt: skip


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

    .. math:: g(S(t | x)) = s(\log t; \gamma) + \beta x (+ \beta_1 x \log t)

    s is a natural cubic spline with knots at the smallest and the largest log time of an event, and at quantiles
    between.

    Parameters
    ----------
    ipd : dataframe
        One row a patient, real or reconstructed; times above 0.
    knots : int, default 1
        Inner knots, 0 to 10.
    scale : {"hazard", "odds", "normal"}
        g: log cumulative hazard, log cumulative odds of the event, or minus the normal quantile of survival.
    time_varying : bool, default False
        Whether the treatment's effect is linear in log t.
    control : label
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

    def make(data: Data) -> Form:
        distinct = len(np.unique(data.log_time[data.event]))
        if distinct < knots + 2:
            raise DataError(f"{distinct} distinct times of events are too few for {knots} inner knots: take fewer.")
        return spline_of(data, int(knots), scale, time_varying)

    return _fitted(ipd, make, "survival.royston_parmar", control, time, event, arm, level, unit, knots=int(knots),
                   scale=scale, time_varying=time_varying)  # fmt: skip


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

    .. math:: S = \pi + (1 - \pi) S_u \quad \text{(mixture)}, \qquad S = \pi^{1 - S_u} \quad \text{(non-mixture)}

    The treatment acts on the logit of the share cured. It is refused where a curve still falls at its end, by Maller
    and Zhou's measure: with N of n patients' events in as long before the last event as follow-up goes on after it,
    :math:`(1 - N/n)^n` is above 0.05.

    Parameters
    ----------
    ipd : dataframe
        One row a patient, real or reconstructed; times above 0.
    kind : {"mixture", "nonmixture"}
        Form of the model.
    distribution : str
        Of the times of those who are not cured, as in ``parametric``.
    control : label
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
    [0.38, 0.43]
    """
    one_of("kind", kind, CURES)
    code = one_of("distribution", distribution, DISTRIBUTIONS)
    arms = read_arms(ipd, control=control, time=time, event=event, arm=arm)
    for name, sample in zip(arms.names, arms.samples, strict=True):
        found = insufficient(sample)
        if sample.event[-1] or found > STILL_FALLS:  # or the longest follow-up ends with the event
            raise DataError(
                f"arm {name!r}: its curve still falls at the end of follow-up (Maller and Zhou's measure {found:.3g}, "
                f"above {STILL_FALLS:g}), and does not tell whether patients are cured; a model without cures, such as "
                "royston_parmar, takes these data."
            )
    return _fitted(ipd, lambda d: Parametric(code, False, kind), "survival.cure_model", control, time, event, arm,
                   level, unit, kind=kind, distribution=code)  # fmt: skip


@known_arguments
def compare_models(
    ipd: Any,
    *,
    distributions: Sequence[str] = ("exp", "weibull", "gompertz", "gamma", "lnorm", "llogis", "gengamma"),
    knots: Sequence[int] = (1, 2, 3),
    scales: Sequence[str] = ("hazard", "odds", "normal"),
    control: Any = None,
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
) -> pd.DataFrame:
    """Compare parametric models of two arms by Akaike's criterion.

    The criterion tells how models fit where there are data; models that fit alike can differ much beyond.

    Parameters
    ----------
    ipd : dataframe
        One row a patient, real or reconstructed; times above 0.
    distributions : list of str
        As in ``parametric``.
    knots, scales : list
        Of the spline models, as in ``royston_parmar``; each number of knots on each scale.
    control : label
        The value of `arm` that the other arm is compared with.
    time, event, arm : str
        Columns of follow-up (> 0), of the event (1, or 0 where it was censored) and of the arm, of two values.

    Returns
    -------
    DataFrame
        One row a model, the best first: model, parameters, loglik, aic, difference (from the least), and note (why one
        has no numbers).

    Raises
    ------
    ColumnError, OptionError, DataError
        As ``parametric``.

    Examples
    --------
    >>> import metaonc as mo
    >>> patients = {"time": [3, 5, 7, 9, 2, 4, 5, 6], "event": [1, 1, 0, 1, 1, 1, 1, 0], "arm": list("aaaabbbb")}
    >>> table = mo.survival.compare_models(patients, control="b", distributions=["exp", "weibull"], knots=[])
    >>> table["model"].tolist()
    ['Weibull', 'exponential']
    """
    codes = [one_of("distributions", code, DISTRIBUTIONS) for code in distributions]
    data = _data(read_arms(ipd, control=control, time=time, event=event, arm=arm), event)
    forms: list[Form] = [Parametric(code) for code in codes]
    forms += [spline_of(data, int(k), one_of("scales", scale, LINKS), False) for scale in scales for k in knots]
    rows = []
    for form in forms:
        try:
            found = form.fit(data)
            rows.append((label(form), len(found.beta), found.value, 2 * len(found.beta) - 2 * found.value, ""))
        except ConvergenceError as problem:
            rows.append((label(form), len(form.names), np.nan, np.nan, str(problem)))
    table = pd.DataFrame(rows, columns=["model", "parameters", "loglik", "aic", "note"]).sort_values("aic")
    return table.assign(difference=table["aic"] - table["aic"].min()).reset_index(drop=True)[
        ["model", "parameters", "loglik", "aic", "difference", "note"]
    ]


def _fitted(
    ipd: Any, make: Making, verb: str, control: Any, time: str, event: str, arm: str, level: float, unit: str | None,
    **settings: Any,
) -> SurvivalModelResult:  # fmt: skip
    level = confidence_level(level)
    unit = None if unit is None else one_of("unit", unit, UNITS)
    arms = read_arms(ipd, control=control, time=time, event=event, arm=arm)
    data = _data(arms, event)
    form = make(data)
    found = form.fit(data)
    spline = not isinstance(form, Parametric)
    return SurvivalModelResult(
        model="spline" if spline else form.code, cure="" if spline else form.cure, scale=form.scale if spline else "",
        knots=form.knots if spline else (), changing=form.changing, names=form.names, estimate=found.beta,
        se=np.sqrt(np.diag(found.cov)), cov=found.cov, loglik=found.value, aic=2 * len(found.beta) - 2 * found.value,
        n=len(data.arm), events=int(data.event.sum()), ends=(float(arms.treatment.time[-1]),
        float(arms.control.time[-1])), treatment=arms.names[0], control=arms.names[1], level=level, unit=unit,
        patients=arms.patients,
        provenance=arms.provenance(verb, time=time, event=event, arm=arm, level=level, unit=unit, **settings),
    )  # fmt: skip


def _data(arms: Arms, event: str) -> Data:
    """Return the patients of both arms; refuse times of 0, and an arm without events."""
    for name, sample in zip(arms.names, arms.samples, strict=True):
        if sample.time[0] <= 0:
            raise DataError(f"arm {name!r}: a patient has time 0, which no such model has; give a time above 0.")
        if not sample.event.any():
            raise DataError(
                f"arm {name!r} has no event ({event!r} is 0 in all its rows): the treatment's effect is infinite. "
                "survival.rmst and survival.milestone compare such arms."
            )
    time, died = (np.concatenate([getattr(s, field) for s in arms.samples]) for field in ("time", "event"))
    return Data(np.log(time), died, np.repeat([1.0, 0.0], [len(s.time) for s in arms.samples]))
