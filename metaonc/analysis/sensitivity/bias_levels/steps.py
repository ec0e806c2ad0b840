"""The steps from the trials at the least risk of bias to all trials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....data.risk_of_bias.tools import Tool

ALL = "all trials"


class Step(NamedTuple):
    """A step: its name, and the rows of the pool that are in it, (k,)."""

    name: str
    inside: NDArray[np.bool_]


def levels_of(words: Sequence[str], tool: Tool) -> list[str]:
    """Return the judgements that occur, from the least risk to the largest; no information comes last."""
    return [one.word for one in tool.judgements if one.word in set(words)]


def steps_of(words: Sequence[str], tool: Tool) -> list[Step]:
    """Return the trials at the least risk, with those at the next, and so on; and all, where some are not judged."""
    levels, judged = levels_of(words, tool), np.array(words, dtype=str)
    steps = []
    for i in range(len(levels)):
        inside = np.isin(judged, levels[: i + 1])
        name = ", ".join([levels[0], *(word.lower() for word in levels[1 : i + 1])])
        steps.append(Step(ALL if inside.all() else f"{name} only" if i == 0 else name, inside))
    if (judged == "").any():
        steps.append(Step(ALL, np.ones(len(judged), dtype=bool)))
    return steps
