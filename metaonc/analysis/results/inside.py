"""Pools within results: what the verbs take that pool the same trials anew."""

from __future__ import annotations

import dataclasses
from typing import Any

from ...errors import DataError


class ShowsPool:
    """A result whose estimates are those of one pool of effects, which it holds as ``pool``."""

    __slots__ = ()


class NotOfEffects:
    """A result that rests on no single pool of effects; ``refit_way`` says how to make it anew from some trials."""

    __slots__ = ()


def _way(result: Any) -> str:
    return str(result.refit_way)


def no_pool(result: Any) -> DataError:
    """Return the error of a result that is no pool; of subgroups it says which pools they hold."""
    subgroups = hasattr(result, "groups") and hasattr(result, "overall")
    way = ": take the pool of all, .overall, or one of its .groups" if subgroups else ""
    return DataError(f"a result of a pooling function is wanted, not {type(result).__name__}{way}.")


def pool_in(result: Any) -> Any:
    """Return the pool that a result shows, with the cautions of the result; any other thing as it is.

    Raises
    ------
    DataError
        When the result rests on no single pool of effects; says what to do instead.
    """
    if isinstance(result, NotOfEffects):
        raise DataError(f"a pool of effects is wanted, and {type(result).__name__} is none: {_way(result)}.")
    if not isinstance(result, ShowsPool):
        return result
    whole: Any = result
    own = [caution for caution in whole.cautions if caution not in whole.pool.cautions]
    texts = tuple(". ".join(filter(None, (caution.text, caution.more))) for caution in own)
    made = whole.pool.provenance
    return dataclasses.replace(
        whole.pool, provenance=dataclasses.replace(made, cautions=tuple(dict.fromkeys((*made.cautions, *texts))))
    )
