"""What readers see of results: one module a kind, and the table that names them. All other modules know no kind.

A kind is loaded when a result of it is first shown, so that a figure of one does not wait for the modules of all.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ...analysis.results.homes import KINDS
from ...errors import DataError
from .kind import Kind as Kind
from .kind import PoolWords as PoolWords

_registered: dict[type, Kind] = {}


def register(cls: type, kind: Kind) -> None:
    """Say what readers see of results of a class, and of its subclasses that have no kind of their own.

    Parameters
    ----------
    cls
        A class of results, of whatever package: a subclass of ``metaonc.base.result.Result``.
    kind
        Its words, rows, table and figures.

    Examples
    --------
    >>> from metaonc.report.kinds import Kind, kind_of, register
    >>> from metaonc.analysis.pooling.inverse_variance.result import MetaResult
    >>> class Ours(MetaResult):
    ...     pass
    >>> said = lambda result, *_: [f"We pooled {result.k} trials."]
    >>> register(Ours, Kind(verbs="our_pool", methods=said, results=said))
    >>> kind_of(object.__new__(Ours)).verbs
    'our_pool'
    """
    _registered[cls] = kind


def model_of(result: Any) -> str:
    """Return the line that says by which model and intervals a result was got; empty where nothing is said of that."""
    kind = kind_of(result)
    if kind.model is not None:
        return kind.model(result)
    return "" if kind.pool is None or result.is_single else kind.pool.model_note(result, [result], False)


def kind_of(result: Any) -> Kind:
    """Return the nearest kind that a result is of.

    Raises
    ------
    DataError
        When it is of none; lists what returns results that are.
    """
    for cls in type(result).__mro__:
        if cls in _registered:
            return _registered[cls]
        home = KINDS.get(f"{cls.__module__}.{cls.__qualname__}")
        if home is not None:
            return _load(home)
    verbs = ", ".join(dict.fromkeys(kind.verbs for kind in kinds()))
    raise DataError(f"a result is wanted, as of {verbs}; this is of type {type(result).__name__}.")


def kinds() -> list[Kind]:
    """Return all kinds there are."""
    return [*map(_load, KINDS.values()), *_registered.values()]


def _load(home: str) -> Kind:
    module, _, name = home.partition(":")
    kind: Kind = getattr(import_module(f"{__name__}.{module}"), name)
    return kind
