"""What plan returns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ...base.digits import in_percent, plain
from ...base.result import Provenance, Result, Text
from ...base.words import counted
from .analyses.effects import Pool
from .analyses.subgroups import WithinTrials
from .scenarios.responses import ResponseTrials
from .scenarios.scenario import Scenario
from .scenarios.survival import SurvivalTrials

NAMES = {"HR": "hazard ratio", "OR": "odds ratio"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PlanResult(Result):
    """A plan of a meta-analysis of trials of one size.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    ratio
        Ratio that is detected; of an interaction the second level's ratio over the first level's.
    k
        Trials.
    size
        Events of each (hazard ratios), or patients of each (odds ratios).
    power
        Probability that the test rejects.
    measure, tau, share, allocation, rate, event_share, test, level
        As they were given to `plan`.
    """

    ratio: float
    k: int
    size: int
    power: float
    measure: str
    tau: float
    share: float | None
    allocation: float
    rate: float | None
    event_share: float | None
    test: str
    level: float
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("ratio", "size", "power", "share", "test")

    @property
    def unit(self) -> str:
        """What `size` counts."""
        return "events" if self.measure == "HR" else "patients"

    @property
    def events(self) -> int | None:
        """Events of all trials; None of odds ratios."""
        return self.k * self.size if self.measure == "HR" else None

    @property
    def patients(self) -> int | None:
        """Patients of all trials; None of hazard ratios where `event_share` was not given."""
        if self.measure == "OR":
            return self.k * self.size
        return None if self.event_share is None else self.k * math.ceil(self.size / self.event_share)

    @property
    def what(self) -> str:
        """What is planned for, in words."""
        ratio = f"{NAMES[self.measure]} of {plain(self.ratio)}"
        if self.share is None:
            return f"a pooled {ratio}"
        ratio = f"ratio of {NAMES[self.measure]}s of {plain(self.ratio)}"
        return f"an interaction within trials: a {ratio}, {in_percent(self.share)} % of patients in the second level"

    def scenario(self) -> Scenario:
        """Return the scenario of this plan, to be simulated."""
        within, effect = self.share is not None, self.ratio if self.share is None else 1.0
        of: dict[str, Any] = {"k": self.k, "tau": 0.0 if within else self.tau}
        if within:
            of |= {
                "split": "within",
                "share": self.share,
                "interaction": math.log(self.ratio),
                "tau_interaction": self.tau,
            }
        if self.measure == "HR":
            return SurvivalTrials(**of, hr=effect, events=self.size, allocation=self.allocation)
        return ResponseTrials(**of, odds_ratio=effect, rate=self.rate or 0.0, n=round(self.size / 2))

    def analysis(self) -> Pool | WithinTrials:
        """Return the analysis of this plan, for `study`."""
        ci = "HKSJ" if self.test == "t" else "wald"
        return Pool(ci=ci) if self.share is None else WithinTrials(ci=ci)

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row: the ratio, on the log scale unless transformed, and the plan."""
        estimate = self.ratio if transform else math.log(self.ratio)
        own = {"k": self.k, self.unit: self.size, "power": self.power}
        return pd.DataFrame([{"term": "plan", "type": "plan", "estimate": estimate, **own}])

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row: the plan."""
        sizes = {"events": self.events, "patients": self.patients, "share": self.share}
        return self._row(**{name: np.nan if size is None else size for name, size in sizes.items()})

    def r_code(self) -> Text:
        """Return an R script that arrives at the power by R's own distributions."""
        if self.measure == "HR":
            a, q = self.allocation, self.share
            v = f"1 / ({self.size} * {a!r} * (1 - {a!r})" + (")" if q is None else f" * {q!r} * (1 - {q!r}))")
        else:
            v = self._r_odds()
        lines = [f"v <- {v} + {self.tau!r}^2", f"shift <- abs(log({self.ratio!r})) / sqrt(v / {self.k})"]
        tail = f"{(1 + self.level) / 2!r}"
        if self.test == "t":
            df = self.k - 1
            lines += [f"t <- qt({tail}, {df})", f"1 - pt(t, {df}, ncp = shift) + pt(-t, {df}, ncp = shift)"]
        else:
            lines += [f"z <- qnorm({tail})", "pnorm(shift - z) + pnorm(-shift - z)"]
        return Text("\n".join(lines))

    def _r_odds(self) -> str:
        a = self.allocation
        base = f"qlogis({self.rate!r})"

        def of(effect: str) -> str:
            return f"1 / ((1 - {a!r}) * dlogis({base})) + 1 / ({a!r} * dlogis({base} + {effect}))"

        first, second = of("0"), of(f"log({self.ratio!r})")
        if self.share is None:
            return f"({second}) / {self.size}"
        return f"(({second}) / {self.share!r} + ({first}) / (1 - {self.share!r})) / {self.size}"

    def _lines(self) -> list[str]:
        size = f"{counted(self.k, 'trial')} of {counted(self.size, self.unit.removesuffix('s'))} each"
        whole = [f"{self.events} events" if self.events else "", f"{self.patients} patients" if self.patients else ""]
        power, size_of_test = in_percent(round(self.power, 4)), in_percent(round(1 - self.level, 6))
        test = f"t with {self.k - 1} df (Hartung-Knapp)" if self.test == "t" else "normal"
        return [
            f"Plan for {self.what}",
            f"{size} ({', '.join(part for part in whole if part)} in all), τ {plain(self.tau)}",
            f"Power {power} %, two-sided at {size_of_test} %: {test}",
        ]
