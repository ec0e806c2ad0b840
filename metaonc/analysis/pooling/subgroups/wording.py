"""How the tests between subgroups are called, and what must be said with them."""

from __future__ import annotations

from ....base.words import plural
from ...results.pooled import PooledResult

F_TEST = "F with one τ²"  # the model has a mean a subgroup
FRAGILE = "effects within subgroups agree far better than their variances allow, so that F may be large by chance"
UNTOLD = (
    "with one row in each subgroup nothing tells how trials differ from how subgroups do: the chi-square test takes "
    "trials to differ by subgroup alone"
)
KNOWN = (
    "the chi-square test between subgroups takes the variances between trials as known: with few trials its p is too "
    "small"
)


def of_counts(overall: PooledResult) -> str:
    """Return what F is made of where it is not the model of the pools; nothing where it is."""
    if not overall.model_facts.pools_counts:
        return ""
    return f", by {plural(overall.record.label)} with 1/2 added to each cell"
