"""Grids of scenarios and analyses."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any, TypeVar

T = TypeVar("T")


def grid(of: Callable[..., T], **options: Any) -> list[T]:
    """Return one scenario or analysis for each combination of options.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    of : callable
        Class of scenarios or of analyses.
    **options
        Its options; each list is gone through, anything else is the same of all. A list that is one value, such as a
        size for each trial, stands in a list: ``variances=[[0.1, 0.2, 0.4]]``.

    Returns
    -------
    list
        In order, the last option fastest.

    Raises
    ------
    OptionError
        An option that does not exist, or has no such value.

    Examples
    --------
    >>> import metaonc as mo
    >>> [s.label for s in mo.simulation.grid(mo.simulation.EffectTrials, k=[3, 10], tau=[0.0, 0.2])]
    ['k=3', 'k=3, tau=0.2', 'k=10', 'k=10, tau=0.2']
    """
    values = [value if isinstance(value, list) else [value] for value in options.values()]
    return [of(**dict(zip(options, some, strict=True))) for some in product(*values)]
