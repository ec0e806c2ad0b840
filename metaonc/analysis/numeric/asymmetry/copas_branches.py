"""Where the maxima of Copas and Shi's likelihood that a curve of pairs goes through are not one branch."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..wls import Floats
from .copas import Climb, Trials

STEPS = 20  # between two pairs
SAME = 1e-3  # in units of the parameters: as far as two ways along one branch come apart


def gaps(y: Floats, s: Floats, pairs: Any, theta: Any, lower: Floats, upper: Floats, scale: Floats) -> Any:
    """Return how far apart the means of two branches are between each pair and the next; 0 where they are one.

    The maximum of a pair is followed to the next pair, in small steps, and that of the next one back. On one branch
    both ways are the same; where they are not, the likelihood has two maxima, and the curve jumps.

    Parameters
    ----------
    y, s
        Effects and standard errors, (k,).
    pairs, theta
        gamma0 and gamma1 along the curve, (m, 2), and the mu, tau² and rho that are highest there, (m, 3).
    lower, upper, scale
        As in ``maximise``.

    Returns
    -------
    array, (m - 1,)
    """
    ways = []
    for first, last, at in ((pairs[:-1], pairs[1:], theta[:-1]), (pairs[1:], pairs[:-1], theta[1:])):
        way = [np.array(at, dtype=float)]
        for share in np.arange(1, STEPS + 1) / STEPS:
            pair = first + share * (last - first)
            trials = Trials.of(y, s, pair[:, :1] + pair[:, 1:] / s)
            way.append(Climb(way[-1], trials, lower, upper, scale).theta)
        ways.append(np.array(way))
    apart = np.abs(ways[0] - ways[1][::-1])
    found = np.where((apart / scale).max(-1) > SAME, apart[..., 0], 0.0)
    return found.max(0)
