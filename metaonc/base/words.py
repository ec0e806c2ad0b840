"""Words that sentences of all layers are made of."""

from __future__ import annotations


def plural(name: str) -> str:
    """Return the plural of a measure's name.

    >>> plural("ratio of medians"), plural("log odds ratio (Peto)")
    ('ratios of medians', 'log odds ratios (Peto)')
    """
    for tail in (" of ", " ("):
        head, found, rest = name.partition(tail)
        if found:
            return f"{head}s{found}{rest}"
    return f"{name}s"
