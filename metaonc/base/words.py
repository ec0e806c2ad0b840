"""Words that sentences of all layers are made of."""

from __future__ import annotations

import re
from collections.abc import Sequence

UNCOUNTED = "survival"
_ONE_SIDED = re.compile(r"(?<![^\W_])(?:one|1|single)[\W_]*(?:sided?|tail(?:ed)?)(?![^\W_])", re.I)


def says_one_sided(name: str) -> bool:
    """Return whether the name of a column says that a test has one side.

    >>> says_one_sided("one-sided p"), says_one_sided("P (1-tailed)"), says_one_sided("p_two_sided")
    (True, True, False)
    """
    return bool(_ONE_SIDED.search(name))


def plural(name: str) -> str:
    """Return the plural of a measure's name; of what has none that of its probability.

    >>> plural("ratio of medians"), plural("log odds ratio (Peto)")
    ('ratios of medians', 'log odds ratios (Peto)')
    """
    if name == UNCOUNTED:
        return f"{name} probabilities"
    for tail in (" of ", " ("):
        head, found, rest = name.partition(tail)
        if found:
            return f"{head}s{found}{rest}"
    return f"{name}s"


def some(names: Sequence[str], most: int = 10) -> str:
    """Return names as a list; of more than `most` the first five, and how many more there are.

    >>> some(["A", "B", "A"]), some([f"T{i}" for i in range(90)])
    ('A, B', 'T0, T1, T2, T3, T4 and 85 more')
    """
    names = list(dict.fromkeys(names))
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:5])} and {len(names) - 5} more"


def with_article(name: str) -> str:
    """Return a noun with its article, such as ``an odds ratio``."""
    return f"{'an' if name[:1] in 'aeiou' else 'a'} {name}"


def counted(n: int, what: str) -> str:
    """Return how many of what, such as ``1 row`` and ``2 rows``."""
    return f"{n} {what if n == 1 else plural(what)}"
