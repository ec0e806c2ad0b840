"""Newton's method to the maximum of a likelihood within bounds: at a bound it stops there, and says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....errors import ConvergenceError
from ...numeric.wls import Floats
from .likelihood import Likelihood, Terms

STEPS = 100
TOLERANCE = 1e-9  # of a step, in units of the parameters
GAIN = 1e-13  # of the log likelihood that a step promises: less is rounding
NEAR = 1e-8  # the same where rounding hides whether a step climbs
HALVINGS = 30
HIGHER = 1e-6  # of two log likelihoods
SAME = 1e-3  # of parameters, in their units: nearer ends of a rough climb are one


class Peak(NamedTuple):
    """Where a likelihood is highest: the parameters, which of them were free to move, and whether it is a maximum."""

    theta: Floats
    terms: Terms
    free: NDArray[np.bool_]
    found: bool = True


class Maxima(NamedTuple):
    """The highest maximum, and whether the likelihood rises higher towards an edge where it has none."""

    peak: Peak
    endless: bool


def maximise(
    likelihood: Likelihood, starts: Iterable[Floats], lower: Floats, upper: Floats, scale: Floats, fix: str = "",
    rough: Likelihood | None = None,
) -> Maxima:  # fmt: skip
    """Return the highest of the maxima that are reached from several starts.

    Parameters
    ----------
    likelihood
        Parameters (p,) -> Terms; the second is a variance.
    starts
        Where to start, each (p,).
    lower, upper
        Bounds; a parameter whose bounds are the same is fixed. A variance at its upper bound is no maximum.
    scale
        Sizes of the parameters, by which steps are measured.
    fix
        What to do when there is no maximum.
    rough
        The likelihood less exact and faster, which leads from the starts to where the exact one is climbed.

    Raises
    ------
    ConvergenceError
        When no start leads to a maximum.
    """
    if rough is not None:
        starts = _ends(rough, starts, lower, upper, scale)
    peaks = climbs(likelihood, starts, lower, upper, scale)
    maxima = [p for p in peaks if p.found and (lower[1] == upper[1] or p.theta[1] < upper[1])]
    if not maxima:
        grows = bool(peaks) and peaks[0].theta[1] == upper[1]
        why = "as the variance between trials grows without end" if grows else "to the edge of what parameters can be"
        raise ConvergenceError(
            f"the likelihood has no maximum, but rises {why}: the data do not tell effect and selection apart. {fix}"
        )
    return Maxima(maxima[0], peaks[0].terms.value > maxima[0].terms.value + HIGHER)


def climbs(likelihood: Likelihood, starts: Iterable[Floats], lower: Floats, upper: Floats, scale: Floats) -> list[Peak]:
    """Return where Newton's method ends from each start, maximum or not, the highest first."""
    ends = (_climb(likelihood, np.clip(start, lower, upper), lower, upper, scale) for start in starts)
    return sorted((peak for peak in ends if peak is not None), key=lambda peak: -peak.terms.value)


def _ends(rough: Likelihood, starts: Iterable[Floats], lower: Floats, upper: Floats, scale: Floats) -> list[Floats]:
    """Return where climbs of a rough likelihood end; one that comes next to the end of another goes no further."""
    found: list[Floats] = []

    def met(theta: Floats) -> bool:
        return any(np.abs((theta - end) / scale).max() < SAME for end in found)

    for start in starts:
        peak = _climb(rough, np.clip(start, lower, upper), lower, upper, scale, met)
        if peak is not None and not met(peak.theta):
            found.append(peak.theta)
    return found


def _alone(theta: Floats) -> bool:
    return False


def _climb(
    likelihood: Likelihood, theta: Floats, lower: Floats, upper: Floats, scale: Floats,
    met: Callable[[Floats], bool] = _alone,
) -> Peak | None:  # fmt: skip
    """Return where Newton's method ends from a start, or meets another climb; None where there is no likelihood."""
    t, radius = likelihood(theta), 1.0
    if not np.isfinite(t.value):
        return None
    free = np.ones(len(theta), dtype=bool)
    for _ in range(STEPS):
        free = ~(((theta <= lower) & (t.g <= 0)) | ((theta >= upper) & (t.g >= 0)))
        if not free.any() or met(theta):
            return Peak(theta, t, free)
        step = np.zeros_like(theta)
        g, h = (t.g * scale)[free], (t.h * scale[:, None] * scale)[np.ix_(free, free)]
        values, vectors = np.linalg.eigh(h)
        step[free] = vectors @ ((vectors.T @ g) / np.maximum(np.abs(values), 1e-8))
        promised, size = float(step[free] @ g), float(np.abs(step).max())
        if (values.max() < 0 and size < TOLERANCE) or promised < GAIN * (1 + abs(t.value)):
            return Peak(theta, t, free)
        fraction = min(1.0, radius / size)
        for _ in range(HALVINGS):
            new = np.clip(theta + fraction * step * scale, lower, upper)
            at = likelihood(new)
            if at.value > t.value:
                break
            fraction /= 2
        else:
            return Peak(theta, t, free, promised < NEAR)
        radius = max(2 * fraction * size, 1e-3)
        theta, t = new, at
    return Peak(theta, t, free, found=False)
