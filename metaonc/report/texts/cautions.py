"""What must stand wherever the numbers of a result do."""

from __future__ import annotations

from typing import Any

from ..kinds import kind_of
from .printer import capital


def cautions_of(result: Any) -> tuple[str, ...]:
    """Return the cautions of a result, and of results within it, such as its subgroups, each once."""
    parts = kind_of(result).parts
    within = () if parts is None else tuple(parts(result).values())
    told = [getattr(one, "provenance", None) for one in (result, *within)]  # what is registered may have none
    said = (text for provenance in told if provenance is not None for text in provenance.cautions)
    return tuple(f"Caution: {capital(text)}" for text in dict.fromkeys(said))
