"""Newton's method to the maximum of a likelihood that has shared parameters, a scale among them, and trials' own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ...errors import ConvergenceError
from .quadrature import Terms
from .wls import Floats

Surface = Callable[[Any, Any], Terms]  # (shared (..., p), own (..., k) or None) -> Terms

# Starting values of tau: the profile likelihood is looked at everywhere before Newton's method takes over.
TAUS = np.concatenate([[0.0], np.geomspace(0.03, 6.0, 8)])
LARGEST_TAU = 50.0  # on the log or logit scale, where rates of 1 % and 99 % are 9 apart
LONGEST_STEP = 2.0
TOLERANCE = 1e-10  # of a step
STEPS = 100
ROUNDING, PATIENCE = 1e-6, 10  # steps below it that have not become half as small in so many more are rounding
FIX = "effect_sizes and pool take the same counts, trial by trial with a variance each."
NEAR = 1e-5
DOUBLINGS = 12  # of the first step away from an estimate: beyond it there is no profile limit
COARSE = 5  # points of the scan, which only finds where to start
FEWEST, MORE = 21, (41, 81, 100)
STILL = 1e-8
FLAT = 1e-9  # of a log likelihood, and of its slope by tau² beside its other curvatures: less is rounding


class Peak(NamedTuple):
    """Where a likelihood is highest."""

    shared: Floats  # (p,)
    own: Floats | None  # (k,)
    terms: Terms

    @property
    def value(self) -> float:
        """The maximised log likelihood."""
        return float(self.terms.value)

    def covariance(self) -> Floats:
        """Return the inverse of the negative Hessian by the shared parameters, the own ones profiled out."""
        return np.asarray(np.linalg.inv(-reduced(self.terms)[1]))


def reduced(t: Terms) -> tuple[Any, Any]:
    """Return gradient and Hessian by the shared parameters of the likelihood profiled over the own ones."""
    if t.own_g is None:
        return t.g, t.h
    ratio = t.cross / t.own_h[..., None, :]
    return t.g - np.einsum("...pk,...k->...p", ratio, t.own_g), t.h - np.einsum("...pk,...qk->...pq", ratio, t.cross)


def maximise(
    likelihood: Callable[[int], Surface], points: int | None, start: Floats, own: Floats | None, scale: int
) -> tuple[Peak, Peak, int]:
    """Return the maximum, the maximum with no variation of effects between trials, and the quadrature points used.

    Parameters
    ----------
    likelihood
        Quadrature points -> the likelihood, which is concave in all but scale parameters.
    points
        Points a dimension; None takes as many as the estimates need to stand still.
    start
        Shared parameters, (p,).
    own
        The trials' own parameters, (k,), or None.
    scale
        Which shared parameter is tau: first it is held at 0, then looked for everywhere.
    """
    first = points or FEWEST
    surface, every = likelihood(first), np.arange(len(start))
    common = climb(surface, np.where(every == scale, 0.0, start), own, np.delete(every, scale))
    shared, own, start_inside = _scan(likelihood(min(first, COARSE)), common, scale)
    slope = common.terms.h[scale, scale]  # twice that by tau², at 0
    if not start_inside and slope <= FLAT * np.abs(common.terms.h).max():
        return common, common, first
    peak = climb(surface, shared, own, every, scale)
    if points is None:
        peak, first = _refined(likelihood, peak, scale)
    return (peak if peak.value > common.value else common), common, first


def _scan(surface: Surface, common: Peak, scale: int) -> tuple[Floats, Floats | None, bool]:
    """Return where the profile likelihood of tau is highest above 0, and whether it is higher there than at 0."""
    shared = np.tile(common.shared, (len(TAUS), 1))
    shared[:, scale] = TAUS
    own = None if common.own is None else np.tile(common.own, (len(TAUS), 1))
    shared, own, heights = _profile(surface, shared, own, np.delete(np.arange(shared.shape[1]), scale))
    best = 1 + int(np.argmax(heights[1:]))
    return shared[best], None if own is None else own[best], bool(heights[best] > heights[0] + FLAT)


def _refined(likelihood: Callable[[int], Surface], peak: Peak, scale: int) -> tuple[Peak, int]:
    """Climb on with more points until that moves nothing."""
    points = FEWEST
    for more in MORE:
        new = climb(likelihood(more), peak.shared, peak.own, np.arange(len(peak.shared)), scale)
        moved, peak = np.abs(new.shared - peak.shared).max(), new
        if moved < STILL:
            return peak, points
        points = more
    return peak, points


def _profile(surface: Surface, shared: Any, own: Any, free: Any) -> tuple[Any, Any, Any]:
    """Return each row's best other parameters for its tau, roughly, and the log likelihood there."""
    for _ in range(5):
        t = surface(shared, own)
        step, own_step = _direction(t, free)
        shared, own = shared + np.clip(step, -1, 1), None if own is None else own + np.clip(own_step, -1, 1)
        if np.abs(step).max() < 0.05:
            break
    return shared, own, surface(shared, own).value


def climb(surface: Surface, shared: Floats, own: Floats | None, free: Any, scale: int | None = None) -> Peak:
    """Climb from a start to a maximum; a step that neither climbs nor flattens the slope is halved.

    Parameters
    ----------
    surface, shared, own
        The likelihood and where to start.
    free
        Which shared parameters may move.
    scale
        Which of them is tau; the likelihood does not know its sign.

    Raises
    ------
    ConvergenceError
        When tau grows above 50, or the steps do not become small.
    """
    t, smallest, since = surface(shared, own), np.inf, 0
    for _ in range(STEPS):
        step, own_step = _direction(t, free)
        size = float(max(np.abs(step).max(), 0.0 if own is None else np.abs(own_step).max()))
        smallest, since = (size, 0) if size < smallest / 2 else (smallest, since + 1)
        if size < TOLERANCE * (1 + np.abs(shared).max()) or (size < ROUNDING and since >= PATIENCE):
            return Peak(shared, own, t)
        fraction = min(1.0, LONGEST_STEP / size)
        for _ in range(30):
            new = shared + fraction * step, None if own is None else own + fraction * own_step
            at = surface(*new)
            # so near the top, rounding hides whether a step climbs
            if size < NEAR or at.value > t.value or _slope(at, free) < _slope(t, free):
                break
            fraction /= 2
        (shared, own), t = new, at
        if scale is not None and not abs(shared[scale]) < LARGEST_TAU:
            raise ConvergenceError(
                f"the standard deviation of effects between trials grew past {LARGEST_TAU:g} on the log or logit scale "
                f"on the way up the likelihood: no maximum was found. {FIX}"
            )
    raise ConvergenceError(
        f"Newton's method took {STEPS} steps, the last of {size:.2g} in some parameter, and found no maximum of the "
        f"likelihood. {FIX}"
    )


def _slope(t: Terms, free: Any) -> float:
    own = 0.0 if t.own_g is None else float(np.linalg.norm(t.own_g))
    return float(np.hypot(np.linalg.norm(t.g[free]), own))


def _direction(t: Terms, free: Any) -> tuple[Any, Any]:
    """Return a step along each axis of curvature, uphill also where the surface is not concave yet."""
    g, h = reduced(t)
    values, vectors = np.linalg.eigh(h[..., free[:, None], free])
    along = np.einsum("...pq,...p->...q", vectors, g[..., free]) / np.maximum(np.abs(values), 1e-8)
    step = np.zeros_like(g)
    step[..., free] = np.einsum("...pq,...q->...p", vectors, along)
    if t.own_g is None:
        return step, None
    return step, -(t.own_g + np.einsum("...pk,...p->...k", t.cross, step)) / t.own_h


def limit(drop: Callable[[float], float], estimate: float, step: float, most: float, end: float = np.inf) -> float:
    """Return where twice the drop of the log likelihood reaches `most`, in the direction of `step`.

    Parameters
    ----------
    drop
        Value of the parameter -> twice the drop below the maximum.
    estimate
        Where the maximum is.
    step
        How far to look at first, with its sign.
    most
        The drop that is not exceeded inside the interval.
    end
        A bound of the parameter, which is the limit when the drop there is not reached; infinity without.
    """
    inside, outside = estimate, estimate
    for i in range(DOUBLINGS):
        outside = estimate + step * 2**i
        if np.isfinite(end) and (outside - end) * step >= 0:
            outside = end
        if drop(outside) > most:
            import scipy.optimize  # takes a tenth of a second to load

            return float(scipy.optimize.brentq(lambda x: drop(x) - most, inside, outside, xtol=1e-12, rtol=1e-12))
        if outside == end:
            return float(end)
        inside = outside
    return float(np.copysign(np.inf, step))
