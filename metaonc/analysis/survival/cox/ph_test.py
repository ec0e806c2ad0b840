"""Grambsch and Therneau's test of proportional hazards of two arms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.check import Floats, one_of
from ....base.digits import p_said, plain
from ....base.messages.arguments import known_arguments
from ....base.result import Provenance, Result, Text
from ....errors import DataError
from ...numeric.distributions import chi2_p
from ...numeric.product_limit import by_time, product_limit
from ...numeric.time_to_event.cox import Stratum, score_test
from .. import rcode
from ..two_arms.arms import Arms, read_arms
from ..two_arms.rcode import counted

FEW = 100  # events below which the test finds little


class Events(NamedTuple):
    """Times of events of both arms, (k,), their ranks among the times of all patients, and survival before each."""

    time: Floats
    rank: Floats
    before: Floats


# how time enters: transform -> value at each time of an event
TRANSFORMS: dict[str, Callable[[Events], Floats]] = {
    "km": lambda e: 1 - e.before,
    "rank": lambda e: e.rank,
    "identity": lambda e: e.time,
    "log": lambda e: np.log(e.time),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PhTestResult(Result):
    """A test of proportional hazards.

    Attributes
    ----------
    statistic, df, p_value
        Score test that the log hazard ratio does not change with the transformed time: chi-square on 1 df.
    transform
        How time enters: km, rank, identity or log.
    log_hr
        The log hazard ratio of Cox's model, which is taken to be constant.
    direction
        1 where the log hazard ratio rises with time, -1 where it falls.
    treatment, control, events
        The arms, and the events of both.
    patients
        DataFrame, one row a patient: time, event, arm.
    """

    statistic: float
    df: int
    p_value: float
    transform: str
    log_hr: float
    direction: int
    treatment: str
    control: str
    events: int
    patients: pd.DataFrame
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("statistic", "df", "transform", "log_hr", "direction", "events")

    def r_code(self) -> Text:
        """Return the R script, data inline, by which cox.zph of R's survival arrives at this test."""
        return Text(rcode.ph_test((self.control, self.treatment), counted(self.patients), self.transform))

    def _tidy(self, transform: bool) -> pd.DataFrame:
        row = {"term": "proportional hazards", "type": "test", "statistic": self.statistic, "p_value": self.p_value}
        return pd.DataFrame([row])

    def _cautions(self) -> list[Caution]:
        few = self.events < FEW
        return [
            Caution(
                text="a test of proportional hazards with fewer than 100 events finds large changes only",
                more="that it is not significant is no evidence that hazards are proportional",
            )
        ] * few  # fmt: skip

    def _lines(self) -> list[str]:
        way = {1: "rises", -1: "falls"}.get(self.direction, "does not change")
        return [
            f"Proportional hazards of {self.treatment} against {self.control} ({self.events} events), time by "
            f"{self.transform}",
            f"chi-square {plain(self.statistic)} ({self.df} df), {p_said(self.p_value)}; the log hazard ratio {way} "
            "with time",
        ]


@known_arguments
def ph_test(
    ipd: Any,
    *,
    control: Any = None,
    transform: str = "km",
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
) -> PhTestResult:
    r"""Test whether the hazard ratio of two arms changes with time.

    The score test of :math:`\theta = 0` in :math:`\log HR(t) = \beta + \theta g(t)` at the maximum of Cox's partial
    likelihood (Efron's for ties), as R's ``cox.zph`` has it since survival 3.0.

    Parameters
    ----------
    ipd : dataframe
        One row a patient, real or reconstructed.
    control : label, optional
        The value of `arm` that the other arm is compared with.
    transform : {"km", "rank", "identity", "log"}
        g: one less the Kaplan-Meier curve of both arms before the event; rank among the times of all patients; time;
        its logarithm.
    time, event, arm : str
        Columns of follow-up (>= 0), of the event (1, or 0 where it was censored) and of the arm, of two values.

    Returns
    -------
    PhTestResult
        The test's chi-squared, and the direction in which the ratio moves.

    Raises
    ------
    ColumnError, OptionError
        A column or an option that does not exist.
    DataError
        A row that cannot be true, an arm column without two values, an event at time 0 with its logarithm.
    ConvergenceError
        When the hazard ratio is 0 or infinite.

    References
    ----------
    Grambsch and Therneau 1994.

    Examples
    --------
    >>> import metaonc as mo
    >>> patients = {"time": [3, 5, 7, 9, 2, 4, 5, 6], "event": [1, 1, 0, 1, 1, 1, 1, 0], "arm": list("aaaabbbb")}
    >>> round(mo.survival.ph_test(patients, control="b", transform="rank").statistic, 3)
    0.025
    """
    transform = one_of("transform", transform, TRANSFORMS)
    arms = read_arms(ipd, control=control, time=time, event=event, arm=arm)
    stratum = stratum_of(arms)
    if not stratum.event.any():
        raise DataError(f"no patient has the event: {event!r} is 0 in all {len(stratum.time)} rows.")
    if transform == "log" and stratum.time[stratum.event][0] <= 0:
        raise DataError("an event happened at time 0, whose logarithm there is not; take another transform.")
    e = events_of(arms)
    values = TRANSFORMS[transform](e)
    found = score_test(stratum, lambda at: values[np.searchsorted(e.time, at)])
    return PhTestResult(
        statistic=found.statistic, df=1, p_value=float(chi2_p(found.statistic, 1)), transform=transform,
        log_hr=found.beta, direction=int(np.sign(found.score)), treatment=arms.names[0], control=arms.names[1],
        events=int(stratum.event.sum()), patients=arms.patients(),
        provenance=arms.provenance("survival.ph_test", time=time, event=event, arm=arm, transform=transform),
    )  # fmt: skip


def events_of(arms: Arms) -> Events:
    """Return the events of both arms together."""
    s = stratum_of(arms)
    steps = product_limit(by_time(s.time, s.event))
    some = steps.n_event > 0
    before = np.append(1.0, steps.survival[:-1])
    alike = (steps.n_event + steps.n_censor).astype(float)
    rank = alike.cumsum() - (alike - 1) / 2  # of ties the middle one
    return Events(steps.time[some], rank[some], before[some])


def stratum_of(arms: Arms) -> Stratum:
    """Return both arms as one stratum, treatment coded 1."""
    time, event = (np.concatenate([getattr(s, name) for s in arms.samples]) for name in ("time", "event"))
    x = np.repeat([1.0, 0.0], [len(s.time) for s in arms.samples])
    order = np.argsort(time, kind="stable")
    return Stratum(time[order], event[order], x[order, None])
