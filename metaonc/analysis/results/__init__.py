"""The kinds of results, and the way back from what ``to_dict`` and ``to_json`` gave: the names of ``mo.results``."""

from ...base.lazy import lazy
from .homes import HOMES as _HOMES

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy(__name__, _HOMES)
