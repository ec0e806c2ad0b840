"""Forms of a parametric model of two arms: its parameters, its likelihood and the survival that follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ....base.check import Floats
from ....errors import DataError
from ...numeric.time_to_event.cure import CURES
from ...numeric.time_to_event.distributions import DISTRIBUTIONS
from ...numeric.time_to_event.maximum import Maximum, maximise
from ...numeric.time_to_event.spline import LINKS, design, knots_of, likelihood

REAL = frozenset({("gompertz", "shape"), ("lnorm", "meanlog"), ("gengamma", "mu"), ("gengamma", "Q")})
EFFECTS = {
    "exp": "hazard ratio", "weibullPH": "hazard ratio", "gompertz": "hazard ratio", "weibull": "time ratio",
    "lnorm": "time ratio", "llogis": "time ratio", "gengamma": "time ratio", "gamma": "ratio of rates",
    "hazard": "hazard ratio", "odds": "ratio of odds of the event", "normal": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Data:
    """Patients of both arms: log of time (n,), event, arm (1 treatment)."""

    log_time: Floats
    event: NDArray[np.bool_]
    arm: Floats

    @property
    def rate(self) -> float:
        """Events over person-time."""
        return float(self.event.sum() / np.exp(self.log_time).sum())

    @property
    def median(self) -> float:
        """Median time of those with the event."""
        return float(np.exp(np.median(self.log_time[self.event])))


@dataclass(frozen=True, slots=True)
class Parametric:
    """A distribution, with the treatment on its location, or of a cure model on the share cured.

    Attributes
    ----------
    code
        In `DISTRIBUTIONS`.
    changing
        Whether the treatment acts on the first parameter that is not the location too.
    cure
        In `CURES`, or empty.
    """

    code: str
    changing: bool = False
    cure: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters as analysed."""
        d = DISTRIBUTIONS[self.code]
        own = [p if (d.code, p) in REAL else f"log {p}" for p in d.parameters]
        head = ["logit cured"] if self.cure else []
        return (*head, *own, "treatment", *([f"treatment on {own[self._other]}"] if self.changing else []))

    @property
    def other(self) -> str:
        """The first parameter that is not the location."""
        return DISTRIBUTIONS[self.code].parameters[self._other]

    @property
    def _other(self) -> int:
        return next(i for i in range(9) if i != DISTRIBUTIONS[self.code].location)

    @property
    def logs(self) -> tuple[bool, ...]:
        """Whether each parameter is the log of what is natural."""
        additive = {f"treatment on {p}" for code, p in REAL if code == self.code}
        return tuple(n.startswith("log ") or (n.startswith("treatment") and n not in additive) for n in self.names)

    @property
    def effect(self) -> str:
        """What exp(treatment) is; empty where the effect changes with time, and it is nothing by itself."""
        return "" if self.changing else "ratio of odds of cure" if self.cure else EFFECTS[self.code]

    def fit(self, data: Data) -> Maximum:
        """Return the maximum of the likelihood."""
        d = DISTRIBUTIONS[self.code]
        head = [0.0] if self.cure else []
        rate = data.event.sum() / np.exp(data.log_time[data.event]).sum() if self.cure else data.rate
        start = [*head, *d.start(float(rate), data.median), 0.0, *([0.0] if self.changing else [])]

        def value(beta: Floats) -> float:
            with np.errstate(all="ignore"):
                density, survival = self._curves(beta, data.log_time, data.arm)
                found = float(np.where(data.event, density, survival).sum())
            return found if np.isfinite(found) else -np.inf

        return maximise(value, np.array(start), f"{d.label} model")

    def log_survival(self, beta: Floats, log_time: Floats, arm: float) -> Floats:
        """Return log S at log times in an arm."""
        with np.errstate(all="ignore"):
            return self._curves(beta, log_time, np.full(len(log_time), arm))[1]

    def _curves(self, beta: Floats, x: Floats, arm: Floats) -> tuple[Floats, Floats]:
        d = DISTRIBUTIONS[self.code]
        own = beta[1:] if self.cure else beta
        q = len(d.parameters)
        values = [np.full(len(x), own[i]) for i in range(q)]
        if not self.cure:
            values[d.location] = values[d.location] + own[q] * arm
        if self.changing:
            values[self._other] = values[self._other] + own[q + 1] * arm
        others = np.array([v for i, v in enumerate(values) if i != d.location]).reshape(q - 1, len(x))
        density = d.log_density(x, values[d.location], others)
        survival = d.log_survival(x, values[d.location], others)
        if not self.cure:
            return density, survival
        _, to_density, to_survival = CURES[self.cure]
        cured = beta[0] + own[q] * arm
        return to_density(cured, density, survival), to_survival(cured, density, survival)


@dataclass(frozen=True, slots=True)
class Spline:
    """Royston and Parmar's spline of log time.

    Attributes
    ----------
    scale
        In `LINKS`.
    knots
        Log times, the first and the last among them.
    changing
        Whether the treatment's effect is linear in log time.
    """

    scale: str
    knots: tuple[float, ...]
    changing: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the coefficients."""
        own = [f"gamma{i}" for i in range(len(self.knots))]
        return (*own, "treatment", *(["treatment x log time"] if self.changing else []))

    @property
    def logs(self) -> tuple[bool, ...]:
        """Whether each coefficient is the log of what is natural."""
        return tuple(n.startswith("treatment") and self.scale != "normal" for n in self.names)

    @property
    def effect(self) -> str:
        """What exp(treatment) is; empty where the effect changes with time, and it is nothing by itself."""
        return "" if self.changing else EFFECTS[self.scale]

    def fit(self, data: Data) -> Maximum:
        """Return the maximum of the likelihood."""
        made = design(data.log_time, np.array(self.knots), data.arm, self.changing)
        found = likelihood(made, data.log_time, data.event, LINKS[self.scale])
        start = np.zeros(made.x.shape[1])
        start[:2] = -np.log(data.median) if self.scale == "normal" else np.log(data.rate), 1.0
        return maximise(found.value, start, "spline model", found.derivatives)

    def log_survival(self, beta: Floats, log_time: Floats, arm: float) -> Floats:
        """Return log S at log times in an arm."""
        made = design(log_time, np.array(self.knots), np.full(len(log_time), arm), self.changing)
        with np.errstate(over="ignore"):
            return LINKS[self.scale].survival(made.x @ beta)[0]


Form = Parametric | Spline
Making = Callable[[Data], Form]


def spline_of(data: Data, inner: int, scale: str, changing: bool) -> Spline:
    """Return the spline of patients with so many inner knots."""
    return Spline(scale, tuple(knots_of(data.log_time[data.event], inner).tolist()), changing)


def checked_spline(data: Data, inner: int, scale: str, changing: bool) -> Spline:
    """Return the spline of patients with so many inner knots, or raise a DataError when these are too many for it."""
    distinct = len(np.unique(data.log_time[data.event]))
    if distinct < inner + 2:
        raise DataError(
            f"{distinct} distinct times of events are too few for {inner} inner knot{'s' * (inner != 1)}: take fewer."
        )
    return spline_of(data, inner, scale, changing)
