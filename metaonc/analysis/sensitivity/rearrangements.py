"""What permutation tests go through, by number: signs of effects, and orders of rows of which some may be alike."""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial, prod
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


class Rearrangements(Protocol):
    """All rearrangements of one kind.

    Attributes
    ----------
    count
        How many there are.
    distinct
        How many of them must be gone through: numbers 0, ..., distinct - 1 stand for all, each for as many others.
    """

    @property
    def count(self) -> int: ...  # noqa: D102
    @property
    def distinct(self) -> int: ...  # noqa: D102

    def numbered(self, ranks: Ints) -> Any:
        """Return the rearrangements of these numbers, (m, k)."""

    def drawn(self, m: int, rng: np.random.Generator) -> Any:
        """Return m random rearrangements, (m, k)."""


@dataclass(frozen=True, slots=True)
class SignFlips:
    """Signs +1 and -1 of k effects; the last stays +1 where all are gone through, as flipping all changes nothing."""

    k: int

    @property
    def count(self) -> int:
        """2^k."""
        return 1 << self.k

    @property
    def distinct(self) -> int:
        """Half of them."""
        return 1 << (self.k - 1)

    def numbered(self, ranks: Ints) -> Any:
        """Return the signs that the bits of each number say; 0 is no flip."""
        return 1.0 - 2.0 * ((ranks[:, None] >> np.arange(self.k)) & 1)

    def drawn(self, m: int, rng: np.random.Generator) -> Any:
        """Return m random rows of signs."""
        return 1.0 - 2.0 * rng.integers(0, 2, (m, self.k))


@dataclass(frozen=True, slots=True)
class RowOrders:
    """Orders of k rows, of which those of one kind cannot be told apart.

    Attributes
    ----------
    kinds
        The kind 0, 1, ... of each row, (k,).
    """

    kinds: Ints

    @property
    def count(self) -> int:
        """Orders that differ: k! over the factorials of how often each kind occurs."""
        return factorial(len(self.kinds)) // prod(factorial(int(c)) for c in np.bincount(self.kinds))

    @property
    def distinct(self) -> int:
        """All of them."""
        return self.count

    def numbered(self, ranks: Ints) -> Any:
        """Return the orders of these numbers, as an ordered list of all has them: the kind at each place.

        Of N orders of the rows left, N c/(rows left) have at the next place a kind of which c rows are left.
        """
        left = np.tile(np.bincount(self.kinds), (len(ranks), 1))
        orders, each = np.empty((len(ranks), len(self.kinds)), dtype=np.int64), np.arange(len(ranks))
        rank, total = ranks.copy(), np.full(len(ranks), self.count)
        for place in range(len(self.kinds)):
            share = total[:, None] * left // (len(self.kinds) - place)
            upto = share.cumsum(-1)
            kind = (rank[:, None] >= upto).sum(-1)
            orders[:, place], total = kind, share[each, kind]
            rank -= upto[each, kind] - total
            left[each, kind] -= 1
        return orders

    def drawn(self, m: int, rng: np.random.Generator) -> Any:
        """Return m random orders."""
        return rng.permuted(np.tile(self.kinds, (m, 1)), axis=1)
