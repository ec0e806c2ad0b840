"""How much of the spread of many specifications each choice makes: exact variance decompositions over factors."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....base.digits import ROUNDING
from ...numeric.wls import Floats


def explained(values: Floats, codes: NDArray[np.int64]) -> float:
    """Return the variance of the means of values (n,) by the combinations of codes (n, factors)."""
    number = np.zeros(len(values), dtype=np.int64)
    for column in codes.T:
        number = number * (column.max() + 1) + column
    cells = np.unique(number, return_inverse=True)[1]
    size = np.bincount(cells)
    means = np.bincount(cells, values - values.mean()) / size
    return float((size * means**2).sum() / len(values))


def shares(values: Floats, codes: NDArray[np.int64]) -> tuple[Floats, Floats]:
    r"""Return each factor's share of the variance: alone, and with its part of what factors make together (Shapley).

    With v(S) the variance of the means by the factors S,

    .. math:: \phi_i = \sum_{S \not\ni i} \frac{v(S \cup i) - v(S)}{m \binom{m - 1}{|S|}}

    so that the shares add up to 1. Of a balanced grid it is the sum of squares of a factor and of its interactions,
    each of these in equal parts to its factors.

    Parameters
    ----------
    values
        One a specification, (n,).
    codes
        Of the options of its m choices, (n, m).
    """
    m = codes.shape[1]
    some = {s: explained(values, codes[:, list(s)]) for size in range(m + 1) for s in combinations(range(m), size)}
    total = some[tuple(range(m))]
    if not total > (8 * np.finfo(float).eps * np.abs(values).max(initial=0.0)) ** 2:  # they are all alike
        return np.zeros(m), np.zeros(m)
    alone = np.array([some[(i,)] for i in range(m)])
    shapley = np.zeros(m)
    for s, v in some.items():
        for i in set(range(m)).difference(s):
            shapley[i] += (some[tuple(sorted((*s, i)))] - v) / (m * comb(m - 1, len(s)))
    parts = np.array([alone, shapley]) / total
    alone, shapley = np.where(np.abs(parts) < ROUNDING, 0.0, parts)
    return alone, shapley


def shares_of(
    codes: NDArray[np.int64], numbers: pd.DataFrame, options: Mapping[str, tuple[str, ...]], both: set[tuple[int, int]],
    null: float | None, above: bool,
) -> pd.DataFrame:  # fmt: skip
    """Return each choice of several options with its share in the spread of the estimates and of the near limits.

    Parameters
    ----------
    codes, numbers
        Of all specifications: numbers of their options, and their estimates and limits.
    options
        Of each choice.
    both
        Numbers of the method and the interval that go together.
    null, above
        No effect or the benchmark, None where there is neither; and whether the pool lies above it.
    """
    order = list(options)
    ci = order.index("ci")
    everywhere = [j for j in range(len(options["ci"])) if all((i, j) in both for i in range(len(options["method"])))]
    rows = np.isin(codes[:, ci], everywhere)
    if not rows.any():  # no interval goes with all
        rows[:] = True
    table, codes = numbers[rows], codes[rows]
    counts = np.array([len(np.unique(column)) for column in codes.T])
    several = np.flatnonzero(counts > 1)
    alone, share = shares(table["estimate"].to_numpy(), codes[:, several])
    near = shares(table["ci_low" if above else "ci_high"].to_numpy(), codes[:, several])[1]
    names = np.array(order, dtype=object)[several]
    columns = {"choice": names, "options": counts[several], "alone": alone, "share": share}
    return pd.DataFrame(columns | ({} if null is None else {"share_limit": near}))
