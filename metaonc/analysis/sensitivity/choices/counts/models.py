"""The ways to pool counts that a multiverse goes through: one record each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ....effects.formulas.mantel_haenszel import METHODS
from ....methods.intervals import CI_METHODS, from_covariance
from ....methods.tau2 import TAU2_METHODS
from ....pooling.common_effect import mantel_haenszel, peto
from ....pooling.counts import beta_binomial, glmm
from ....pooling.counts.beta_binomial import INTERVALS
from ....pooling.counts.glmm_intervals import GLMM_INTERVALS
from ....pooling.counts.glmm_models import GLMM_MODELS
from ....pooling.counts.read_counts import CountTable
from ....results.pooled import PooledResult

RARE = 0.10  # of all patients, up to which events are rare
INVERSE = "IV"
OF_RATIO = {"PETO": "OR"}  # what a measure with a model of its own estimates
ONE_ARM = "GLMM"  # name of the mixed model of one arm, whose own code is empty
LEFT_OUT = "none"
CORRECTIONS = {
    "only0": "1/2 added in trials with an empty cell",
    "all": "1/2 added in all trials",
    LEFT_OUT: "trials with an empty cell left out",
}


class Asked(NamedTuple):
    """What a pool is asked for: measure, code of the interval, level, and quadrature points (None for the usual)."""

    measure: str
    ci: str
    level: float
    points: int | None


@dataclass(frozen=True, slots=True)
class CountModel:
    """A model that takes counts as they are.

    Attributes
    ----------
    code, label
        Name in calls and in words.
    intervals
        Measure -> codes of its intervals.
    pool
        (complete rows, what is asked) -> the pool.
    for_rare
        Whether it approximates what it estimates where events are rare, and is taken there only unless it is named.
    """

    code: str
    label: str
    intervals: Mapping[str, tuple[str, ...]]
    pool: Callable[[CountTable, Asked], PooledResult]
    for_rare: bool = False


def _glmm(code: str) -> Callable[[CountTable, Asked], PooledResult]:
    def pool(data: CountTable, asked: Asked) -> PooledResult:
        settings = {"measure": asked.measure, "model": code, "ci": asked.ci, "prediction": None, "level": asked.level,
                    "points": asked.points}  # fmt: skip
        return glmm.pooled(GLMM_MODELS[asked.measure, code], data, settings)

    return pool


def _glmm_intervals(code: str) -> dict[str, tuple[str, ...]]:
    return {
        measure: tuple(i.code for i in GLMM_INTERVALS.values() if not i.of_likelihood or model.has_profile)
        for (measure, own), model in GLMM_MODELS.items()
        if own == code
    }


_GLMM_CODES = dict.fromkeys(code for _, code in GLMM_MODELS)
COUNT_MODELS = {
    m.code: m
    for m in (
        CountModel("MH", "Mantel-Haenszel", dict.fromkeys(METHODS, ("wald",)),
                   lambda data, a: mantel_haenszel.pooled(data, a.measure, a.level)),
        CountModel("PETO", "Peto", {"OR": ("wald",)}, lambda data, a: peto.pooled(data, a.level), for_rare=True),
        *(
            CountModel(code or ONE_ARM, f"mixed model {code}".rstrip(), _glmm_intervals(code), _glmm(code),
                       for_rare=code == "CM.AL")
            for code in _GLMM_CODES
        ),
        CountModel("beta-binomial", "beta-binomial model", {"PLO": INTERVALS},
                   lambda data, a: beta_binomial.pooled(data, a.ci, a.level)),
    )
}  # fmt: skip


class InverseVariance(NamedTuple):
    """A pool of effects: estimator of tau², and what is done with empty cells (a key of `CORRECTIONS`)."""

    method: str
    to: str

    @property
    def code(self) -> str:
        """Name in tables."""
        return f"{self.method} {self.to}"

    @property
    def label(self) -> str:
        """Name in words."""
        return f"inverse variance with {TAU2_METHODS[self.method].label} ({CORRECTIONS[self.to]})"

    def fits(self, ci: str) -> bool:
        """Whether an interval goes with its estimator."""
        if ci not in from_covariance():
            return False
        made_for = CI_METHODS[ci].for_methods
        return not made_for or self.method in made_for


def label_of_method(code: str) -> str:
    """Return the words of a model, or of a pool by inverse variance, by its code in tables."""
    return COUNT_MODELS[code].label if code in COUNT_MODELS else InverseVariance(*code.split(" ")).label


def own_code(whole: Any) -> str:
    """Return the code of the model of a pool of counts."""
    return (whole.model or ONE_ARM) if whole.method == "GLMM" else str(whole.method)


def unasked(measure: str, rate: float) -> list[str]:
    """Return the codes that are taken where none are named.

    Parameters
    ----------
    measure
        Of the pool.
    rate
        Events as a share of all patients; of rates per time 0.
    """
    return [
        code for code, m in COUNT_MODELS.items() if measure in m.intervals and (rate <= RARE or not m.for_rare)
    ] + [INVERSE]  # fmt: skip
