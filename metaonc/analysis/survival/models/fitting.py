"""A model fitted to two arms of patients."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....base.check import confidence_level, time_unit
from ....errors import DataError
from ..two_arms.arms import Arms, read_arms
from .forms import Data, Making, Parametric
from .result import SurvivalModelResult


def fitted(
    ipd: Any, make: Making, verb: str, control: Any, time: str, event: str, arm: str, level: float, unit: str | None,
    **settings: Any,
) -> SurvivalModelResult:  # fmt: skip
    """Return the model of the patients of a table, which `make` gives the form."""
    level = confidence_level(level)
    unit = time_unit(unit, ipd)
    arms = read_arms(ipd, control=control, time=time, event=event, arm=arm)
    data = data_of(arms, event)
    form = make(data)
    found = form.fit(data)
    kind: dict[str, Any] = {"model": "spline", "cure": "", "scale": "", "knots": ()}
    if isinstance(form, Parametric):
        kind |= {"model": form.code, "cure": form.cure}
    else:
        kind |= {"scale": form.scale, "knots": form.knots}
    return SurvivalModelResult(
        **kind, changing=form.changing, names=form.names, estimate=found.beta,
        se=np.sqrt(np.diag(found.cov)), cov=found.cov, loglik=found.value, aic=2 * len(found.beta) - 2 * found.value,
        n=len(data.arm), events=int(data.event.sum()), ends=(float(arms.treatment.time[-1]),
        float(arms.control.time[-1])), treatment=arms.names[0], control=arms.names[1], level=level, unit=unit,
        patients=arms.patients(),
        provenance=arms.provenance(verb, time=time, event=event, arm=arm, level=level, unit=unit, **settings),
    )  # fmt: skip


def data_of(arms: Arms, event: str) -> Data:
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
