"""All specifications, pooled in batches. Arrays in, a table out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...effects.measures import MEASURES
from ...methods.tau2 import is_common
from ...numeric.distributions import two_sided_p
from ...pooling.inverse_variance.batch import Pools, pooled_rows
from ..conclusions import conclusion_of
from .defensible import pairs
from .effects import Effects
from .trials import Sets

LEAST = 2  # trials
ENDS = ("estimate", "ci_low", "ci_high")
FIRST = ("measure", "method", "ci")
NUMBERS = ("set", "k", *ENDS, "se", "p_value", "tau2", "i2", "conclusion")


class Specifications(NamedTuple):
    """All specifications: the numbers of their options, (n, choices), and one row of numbers each."""

    codes: NDArray[np.int64]
    numbers: pd.DataFrame


def specifications(
    effects: Sequence[Effects],
    sets: Sets,
    methods: Sequence[str],
    cis: Sequence[str],
    level: float,
    tau2: float | None,
    benchmark: float | None,
    natural: bool,
) -> Specifications:
    """Return one row a specification, each set of rows and choice of methods once.

    Parameters
    ----------
    effects
        By measure.
    sets
        The rows that go together.
    methods, cis
        Codes of estimators and of intervals.
    level, tau2
        Of the intervals; variance between trials where it is known from elsewhere.
    benchmark
        On the natural scale; None for no effect.
    natural
        Whether estimates are wanted on the natural scale, as of measures whose scales of analysis differ.
    """
    parts, codes = [], []
    for number, e in enumerate(effects):
        there = np.isfinite(e.yi)
        first = distinct(sets.rows & there)
        rows = sets.rows[first] & there
        y, v = np.where(there, e.yi, 0.0), np.where(rows, np.where(there, e.vi, 1.0), np.inf)
        between: dict[int, Any] = {}  # estimated once for all intervals
        for i, j in pairs(methods, cis) if len(first) else ():
            found = pooled_rows(y, v, methods[i], cis[j], level, between.get(i, tau2))
            if not is_common(methods[i]):
                between[i] = found.tau2
            codes.append(np.column_stack([np.tile([number, i, j], (len(first), 1)), sets.codes[first]]))
            parts.append({"set": first, "k": rows.sum(1)} | told(e.measure, found, benchmark, natural))
    numbers = {name: np.concatenate([part[name] for part in parts]) for name in NUMBERS}
    return Specifications(np.concatenate(codes), pd.DataFrame(numbers))


def distinct(rows: Any) -> NDArray[np.int64]:
    """Return the first of each group of sets of the same rows, of those of two rows or more."""
    first = np.sort(np.unique(np.packbits(rows, axis=1), axis=0, return_index=True)[1])
    return np.asarray(first[rows[first].sum(1) >= LEAST], dtype=np.int64)


def null_of(measure: str, benchmark: float | None) -> float | None:
    """Return what the interval is compared with, on the natural scale."""
    null = MEASURES[measure].null
    return benchmark if benchmark is not None or null is None else float(MEASURES[measure].inverse(null))


def told(measure: str, found: Pools, benchmark: float | None, natural: bool) -> dict[str, Any]:
    """Return the columns of numbers of some specifications."""
    record = MEASURES[measure]
    null = null_of(measure, benchmark)
    ends = {name: getattr(found, name) for name in ENDS}
    with np.errstate(over="ignore"):  # intervals of hardly a degree of freedom
        shown = ends if record.inverse_needs else {name: record.inverse(x) for name, x in ends.items()}
    side = conclusion_of(shown["ci_low"], shown["ci_high"], null)
    p = np.full(len(found.estimate), np.nan)
    if record.null is not None:
        with np.errstate(divide="ignore", invalid="ignore"):  # effects all alike have no residuals
            p = np.asarray(two_sided_p((found.estimate - record.null) / found.se, found.df), dtype=float)
    return {
        **(shown if natural else ends), "se": np.full(len(p), np.nan) if natural else found.se, "p_value": p,
        "tau2": found.tau2, "i2": found.i2, "conclusion": side,
    }  # fmt: skip


def named(codes: Any, options: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    """Return the options of each specification by their names."""
    columns = zip(options.items(), codes.T, strict=True)
    return pd.DataFrame({name: np.array(some, dtype=object)[code] for (name, some), code in columns})
