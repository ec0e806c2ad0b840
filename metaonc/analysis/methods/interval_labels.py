"""The names of intervals below a figure and in a text, by code: as their records have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..numeric.robust import ROBUST_METHODS
from .intervals import CI_METHODS

OWN = {
    "profile": "profile likelihood",
    "exact": "exact",
    "contain": "containment t",
}  # of counts, and of several levels


class IntervalLabels(Mapping[str, str]):
    """Code -> name, read from the tables at each look, so that a record added to one is found."""

    def __getitem__(self, code: str) -> str:
        if code in CI_METHODS:
            return CI_METHODS[code].short
        return ROBUST_METHODS[code].short if code in ROBUST_METHODS else OWN[code]

    def __iter__(self) -> Iterator[str]:
        return iter([*CI_METHODS, *ROBUST_METHODS, *OWN])

    def __len__(self) -> int:
        return len(CI_METHODS) + len(ROBUST_METHODS) + len(OWN)
