"""Exact additive parts of a change, Shapley values over the orders in which its causes come in. Arrays in and out."""

from __future__ import annotations

from collections.abc import Callable
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..numeric.wls import Floats

Worth = Callable[[NDArray[np.bool_]], Floats]  # coalitions (m, n) -> what each comes to, (m, q)
SEED = 1  # of the random orders


class Shares(NamedTuple):
    """What each of n causes does to q numbers.

    Attributes
    ----------
    shares
        Mean over orders of what a number changes by where the cause comes in, (n, q); they sum to last - first.
    only, all_but
        The numbers with this change alone, and with all but this one, (n, q).
    first, last
        The numbers without any change and with all, (q,).
    orders
        How many random orders the means are over; 0 where they are over all.
    """

    shares: Floats
    only: Floats
    all_but: Floats
    first: Floats
    last: Floats
    orders: int


def shares(worth: Worth, n: int, most: int) -> Shares:
    r"""Return the parts of n causes in the change from none to all of them.

    .. math:: \phi_i = \sum_{S \not\ni i} \frac{|S|!\,(n - |S| - 1)!}{n!}\,(v(S \cup i) - v(S))

    Where 2^n is more than `most`, the mean is over random orders, each with its reverse; it sums to the change too.

    Parameters
    ----------
    worth
        What coalitions (m, n) come to, (m, q).
    n
        Number of causes.
    most
        Coalitions that may be asked for.
    """
    if 2**n <= most:
        inside = (np.arange(2**n)[:, None] >> np.arange(n)) & 1 == 1
        values = worth(inside)
        return Shares(_exact(values, inside), *_ends(values, n), 0)
    return _sampled(worth, n, max(most // (2 * n), 1))


def _exact(values: Floats, inside: NDArray[np.bool_]) -> Floats:
    """Return the Shapley values of all coalitions, numbered by the causes that are in them."""
    n = inside.shape[1]
    numbers, sizes = np.arange(2**n), inside.sum(1)
    weight = np.array([1 / (n * comb(n - 1, s)) for s in range(n)])
    found = []
    for i in range(n):
        without = numbers[~inside[:, i]]
        found.append(weight[sizes[without]] @ (values[without + (1 << i)] - values[without]))
    return np.array(found).reshape(n, values.shape[1])


def _ends(values: Floats, n: int) -> tuple[Floats, Floats, Floats, Floats]:
    last = 2**n - 1
    bits = 1 << np.arange(n)
    return values[bits], values[last - bits], values[0], values[last]


def _sampled(worth: Worth, n: int, pairs: int) -> Shares:
    """Return the means over random orders and their reverses."""
    rng = np.random.default_rng(SEED)
    drawn = np.array([rng.permutation(n) for _ in range(pairs)])
    orders = np.vstack([drawn, drawn[:, ::-1]])
    place = np.argsort(orders, axis=1)
    steps = np.concatenate([place[:, None, :] < size for size in range(n + 1)], axis=1)  # (orders, n + 1, n)
    alone = np.eye(n, dtype=bool)
    asked = np.vstack([steps.reshape(-1, n), alone, ~alone])
    different, back = np.unique(asked, axis=0, return_inverse=True)
    values = worth(different)[back.ravel()]
    path = values[: steps.shape[0] * (n + 1)].reshape(len(orders), n + 1, -1)
    gains = np.take_along_axis(np.diff(path, axis=1), place[:, :, None], axis=1)
    only, all_but = values[-2 * n : -n], values[-n:]
    return Shares(gains.mean(0), only, all_but, path[0, 0], path[0, -1], len(orders))
