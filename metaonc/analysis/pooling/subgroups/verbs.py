"""What pools each subgroup: a function of this package that returns a pooled effect, with all that it needs."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from ....errors import OptionError
from ...results.pooled import PooledResult

_AS_IN = "give a function that pools, as in using=mo.pool_glmm"


def refuse_no_verb(using: Any, options: Mapping[str, Any]) -> None:
    """Raise an OptionError where what should pool is no function, or lacks what it cannot do without."""
    if not callable(using):
        raise OptionError(f"using={using!r} is no function: {_AS_IN}.")
    try:
        asked = list(inspect.signature(using).parameters.values())
    except ValueError:  # a function of C may say nothing of its arguments
        return
    named = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    lacking = [p.name for p in asked[1:] if p.default is p.empty and p.kind in named and p.name not in options]
    if lacking:
        raise OptionError(f"{_name(using)} needs {', '.join(f'{name}=' for name in lacking)}: give it beside using=.")


def pooled_by(using: Callable[..., Any], found: object) -> PooledResult:
    """Return what a function returned of a subgroup, or raise an OptionError where that is no pooled effect."""
    if not isinstance(found, PooledResult):
        raise OptionError(f"using={_name(using)} returned {type(found).__name__}, no pooled effect: {_AS_IN}.")
    return found


def _name(using: object) -> str:
    return getattr(using, "__name__", repr(using))
