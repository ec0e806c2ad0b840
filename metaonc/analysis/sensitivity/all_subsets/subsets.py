"""Which trials are in each subset, by the subset's number: nothing is kept, however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

CHUNK = 4096  # random subsets drawn by one generator, so that any of them can be drawn again
NUMBERS = 1_000_000  # in a block of members


@dataclass(frozen=True, slots=True)
class Subsets:
    """Subsets of k trials, none of them empty.

    Attributes
    ----------
    k, count
        Number of trials and of subsets.
    seed
        Of the random subsets; None where they are all that there are, each once.
    """

    k: int
    count: int
    seed: int | None

    def numbered(self, numbers: Any) -> NDArray[np.bool_]:
        """Return which trials are in the subsets of these numbers (m, 1), one after another: (m, k)."""
        if self.seed is None:
            return np.asarray(((numbers + 1) >> np.arange(self.k)) & 1, dtype=bool)
        first, last = int(numbers[0, 0]), int(numbers[-1, 0])
        chunks = range(first // CHUNK, last // CHUNK + 1)
        drawn = np.concatenate([self._drawn(chunk) for chunk in chunks])
        return drawn[first - chunks[0] * CHUNK : last + 1 - chunks[0] * CHUNK]

    def _drawn(self, chunk: int) -> NDArray[np.bool_]:
        """Return random subsets: each of the 2^k - 1 is as likely."""
        rng = np.random.default_rng([int(self.seed or 0), chunk])
        inside = rng.random((CHUNK, self.k)) < 0.5
        while (empty := ~inside.any(1)).any():
            inside[empty] = rng.random((int(empty.sum()), self.k)) < 0.5
        return inside

    def blocks(self) -> Any:
        """Return blocks of subsets, in their order: their numbers as a slice, and their members."""
        size = max(NUMBERS // self.k, 1)
        for start in range(0, self.count, size):
            rows = slice(start, min(start + size, self.count))
            yield rows, self.numbered(np.arange(rows.start, rows.stop)[:, None])
