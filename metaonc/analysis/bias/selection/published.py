"""What a model of selection takes: a pool of independent trials, and the side of the effects that is favoured."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from ....base.check import one_of
from ....base.messages.advice import option
from ....base.result import Provenance
from ....errors import DataError, OptionError
from ...effects.measures import Measure
from ...numeric.wls import Floats
from ...pooling.inverse_variance.pool import pooled
from ...pooling.inverse_variance.result import MetaResult
from ...results.inside import pool_in
from .likelihood import unselected
from .maximise import maximise

LARGEST = 100.0  # tau² in variances of the effects as they are: a likelihood that still rises there has no maximum
ENDLESS = (
    "the likelihood has its highest maximum here, but rises above that towards the edge of what parameters can be: "
    "effect and selection are hardly told apart"
)
SIDES = {"greater": 1.0, "less": -1.0, "two-sided": 1.0}


class Published(NamedTuple):
    """Trials as a model of selection sees them.

    Attributes
    ----------
    y, v
        Effects, turned so that the favoured ones are above 0, and sampling variances, (k,).
    sign
        1, or -1 where they were turned.
    alternative
        ``greater``, ``less`` or ``two-sided``.
    tau2
        Lower and upper bound of tau²: the same where it is given, or the effect is common; else it is far beyond what
        effects so far apart can have.
    without
        The pool of the same trials by maximum likelihood, without selection.
    notes
        What is said of the side.
    """

    y: Floats
    v: Floats
    sign: float
    alternative: str
    tau2: tuple[float, float]
    without: MetaResult
    notes: tuple[str, ...]

    @property
    def start(self) -> Floats:
        """Mean and tau² without selection."""
        return np.array([self.sign * self.without.estimate, self.without.tau2])

    @property
    def scale(self) -> Floats:
        """How large changes of mean and tau² are."""
        v = float(np.median(self.v)) + self.without.tau2
        return np.array([v**0.5, v])

    @property
    def loglik(self) -> float:
        """Log likelihood without selection."""
        low, high = self.tau2
        bounds = np.array([-np.inf, low]), np.array([np.inf, high])
        return maximise(unselected(self.y, self.v), [self.start], *bounds, self.scale).peak.terms.value

    def provenance(self, verb: str, settings: dict[str, Any], of: MetaResult) -> Provenance:
        """Return how the result of a verb came about."""
        return replace(of.provenance, verb=verb, settings={**settings, "measure": of.measure}, notes=self.notes)


def published(result: MetaResult, alternative: str | None, level: float, verb: str) -> Published:
    """Check a pool and return its trials as they are seen by a model of selection.

    Raises
    ------
    DataError
        No pool by inverse variance; a measure without a value of no effect.
    OptionError
        Correlated sampling errors; a side that does not exist, or cannot be told.
    """
    result = pool_in(result)
    if not isinstance(result, MetaResult):
        raise DataError(f"{verb} takes a result of pool, not {type(result).__name__}.")
    if result.studies.covariance is not None:
        raise OptionError(
            f"{verb} is of independent trials, and rows of this pool have correlated sampling errors; pool one row a "
            "trial."
        )
    if result.record.null is None:
        raise DataError(
            f"a {result.record.label} has no value of no effect, so that its trials have no p-values by which they "
            "could have been selected; take a comparison of two arms."
        )
    side, notes = _side(result, alternative)
    given = result.provenance.settings["tau2"]
    common, s = result.is_common, result.studies
    without = pooled(
        result.studies, result.measure, result.provenance.dropped, method="CE" if common else "ML", ci="wald",
        prediction=None, level=level, tau2=given, weights=None, covariance=False, shared=None,
    )  # fmt: skip
    largest = 0.0 if common else LARGEST * float(np.var(s.yi) + np.median(s.vi))
    bounds = (0.0, largest) if given is None else (given, given)
    return Published(SIDES[side] * s.yi, s.vi, SIDES[side], side, bounds, without, notes)


def favoured(record: Measure, alternative: str) -> str:
    """Return the effects that a side favours, in words."""
    if alternative == "two-sided":
        return "effects on either side"
    word = "above" if alternative == "greater" else "below"
    return f"{record.natural} {word} {float(record.inverse(record.null)):g}"


def _side(result: MetaResult, alternative: str | None) -> tuple[str, tuple[str, ...]]:
    if alternative is not None:
        return one_of("alternative", alternative, SIDES), ()
    if result.estimate == 0:
        raise OptionError(
            "the pooled effect is 0 and shows no side that selection could favour: say it by "
            f"{option('alternative', 'greater')} or {option('alternative', 'less')}."
        )
    side = "greater" if result.estimate > 0 else "less"
    return side, (
        f"selection is taken to favour {favoured(result.record, side)}, the side of the pooled estimate, since no "
        "side was given",
    )
