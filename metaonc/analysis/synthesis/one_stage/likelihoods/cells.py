"""Cox's partial likelihood of patients who share covariates in cells, with penalties. Arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .....base.check import Floats
from .....errors import ConvergenceError
from ....survival.cox.partial_likelihood import TIES

STEP = 1e-10
ROUNDS = 100


class Block(NamedTuple):
    """A stratum.

    Attributes
    ----------
    cells
        Numbers of its cells, (c,).
    at_risk
        One row an event: patients at risk of each cell, less the share of tied ones that have left, (m, c).
    events
        Of each cell, (c,).
    """

    cells: NDArray[np.intp]
    at_risk: Floats
    events: Floats


class Fit(NamedTuple):
    """A penalised fit: coefficients, log partial likelihood (less penalty), and minus its second derivatives."""

    beta: Floats
    value: float
    information: Floats


def block(time: Floats, event: NDArray[np.bool_], cell: NDArray[np.intp], ties: str) -> Block:
    """Return a stratum of patients, (n,) each."""
    cells, own = np.unique(cell, return_inverse=True)
    order = np.argsort(-time, kind="stable")
    member = np.zeros((len(time), len(cells)))
    member[np.arange(len(time)), own[order]] = 1.0
    running = np.cumsum(member, axis=0)
    at = np.unique(time[event])
    last = np.searchsorted(-time[order], -at, side="right") - 1  # the last who is followed to the time or longer
    n_risk = running[last]
    died = np.zeros((len(at), len(cells)))
    np.add.at(died, (np.searchsorted(at, time[event]), own[event]), 1.0)
    tied = died.sum(1).astype(int)
    row = np.repeat(np.arange(len(at)), tied)
    place = np.arange(len(row)) - np.repeat(tied.cumsum() - tied, tied)
    left = TIES[ties](place.astype(float), tied[row].astype(float))
    return Block(cells, n_risk[row] - left[:, None] * died[row], died.sum(0))


def likelihood(blocks: Sequence[Block], x: Floats, beta: Floats) -> tuple[float, Floats, Floats]:
    """Return the log partial likelihood, its gradient and minus its Hessian; x is the cells' design, (cells, p)."""
    p = x.shape[1]
    value, gradient, information = 0.0, np.zeros(p), np.zeros((p, p))
    for b in blocks:
        own = x[b.cells]
        eta = own @ beta
        middle = eta.max()
        weight = b.at_risk * np.exp(eta - middle)
        total = weight.sum(1)
        share = weight / total[:, None]
        mean = share @ own
        value += float(b.events @ eta - np.log(total).sum() - len(total) * middle)
        gradient += b.events @ own - mean.sum(0)
        information += (own * share.sum(0)[:, None]).T @ own - mean.T @ mean
    return value, gradient, information


def maximise(blocks: Sequence[Block], x: Floats, penalty: Floats | None = None, start: Floats | None = None) -> Fit:
    """Return the maximum of the log partial likelihood less half of beta' penalty beta, by Newton's steps."""
    p = x.shape[1]
    precision = np.zeros((p, p)) if penalty is None else penalty
    beta = np.zeros(p) if start is None else start.copy()

    def at(b: Floats) -> tuple[float, Floats, Floats]:
        value, gradient, information = likelihood(blocks, x, b)
        return value - float(b @ precision @ b) / 2, gradient - precision @ b, information + precision

    value, gradient, information = at(beta)
    for _ in range(ROUNDS):
        step = np.linalg.solve(information, gradient)
        size = 1.0
        new = at(beta + step)
        while not new[0] >= value - 1e-9 * abs(value) and size > 1e-6:
            size /= 2
            new = at(beta + size * step)
        beta, (value, gradient, information) = beta + size * step, new
        if np.abs(step).max() * size < STEP * max(1.0, float(np.abs(beta).max())):
            return Fit(beta, value, information)
    raise ConvergenceError(f"the partial likelihood has not reached its maximum in {ROUNDS} steps.")
