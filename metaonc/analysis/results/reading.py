"""from_dict and from_json: a result again from its plain form."""

from __future__ import annotations

import json
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ...base.check import confidence_level, one_of
from ...base.codec.decode import decoded
from ...base.codec.hints import is_record
from ...base.files import parsing, read_bytes
from ...base.result import Result
from ...errors import DataError
from ..effects.measures import MEASURES
from ..methods.intervals import CI_METHODS
from ..methods.tau2 import GENQ, TAU2_METHODS
from .homes import HOMES
from .pooled import PooledResult
from .studies import Studies

PRIORS = ("HalfCauchy", "HalfNormal", "HalfT", "LogNormal", "Normal")


def from_dict(plain: Any) -> Any:
    """Return the result that ``to_dict`` was called on.

    Its class and numbers are those of the original: ``tidy``, ``summary`` and all else give the same. Nothing is
    computed again and no code of the content is run.

    Parameters
    ----------
    plain : mapping
        What ``to_dict`` returned. Besides the kinds of ``mo.results`` those are known that subclass ``Result`` in this
        session.

    Returns
    -------
    Result
        Its arrays cannot be written to.

    Raises
    ------
    DataError
        When it is no result, of a kind that is not known, of a newer format, or a field is missing or of another
        type: it names the field.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [0.1, 0.3, 0.2], "vi": [0.02, 0.03, 0.05]})
    >>> again = mo.results.from_dict(r.to_dict())
    >>> type(again).__name__, again.estimate == r.estimate
    ('MetaResult', True)
    """
    return decoded(plain, class_named, Result, _check)


def from_json(source: str | Path) -> Any:
    """Return the result that ``to_json`` was called on.

    Parameters
    ----------
    source : str or Path
        The JSON, which begins with ``{``, or the file that holds it.

    Returns
    -------
    Result
        See `from_dict`.

    Raises
    ------
    DataError
        When the file cannot be read, it is no JSON, or it is no result, or numbers that contradict each other: it names
        the field.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [0.1, 0.3, 0.2], "vi": [0.02, 0.03, 0.05]})
    >>> mo.results.from_json(r.to_json()).k
    3
    """
    if not isinstance(source, (str, PathLike)):
        raise DataError(f"{source!r} is neither JSON as text nor the path of a file; give what to_json() returned.")
    text = source if isinstance(source, str) and source.lstrip().startswith("{") else _read(source)
    try:
        plain = json.loads(text)
    except RecursionError:
        raise DataError("this is no result: it is nested too deeply.") from None
    except ValueError as problem:
        raise DataError(f"this is no JSON: {problem}") from None
    with parsing("the result"):
        return from_dict(plain)


def class_named(name: str) -> type | None:
    """Return the class of records of this name that a result may hold, or None."""
    if name in PRIORS:
        return _record("metaonc.analysis.pooling.bayes.priors", name)
    if name in HOMES:
        return _record(*HOMES[name])
    own = [cls for cls in _subclasses(Result) if cls.__name__ == name]
    return own[-1] if own else None  # the newest: a dataclass with slots is a copy of the class that was written


def _check(record: Any) -> None:
    """Raise an error where a document holds what is so of no pool and of no trials: it names the field."""
    if isinstance(record, Studies):
        _check_studies(record)
    if isinstance(record, PooledResult):
        _check_pool(record)


def _check_studies(s: Studies) -> None:
    if s.yi.ndim != 1 or s.vi.shape != s.yi.shape:
        raise DataError("yi and vi are not one number a row each.")
    k = len(s.yi)
    for name in ("labels", "data"):
        if len(getattr(s, name)) != k:
            raise DataError(f"{name} has {len(getattr(s, name))} rows, and yi has {k}.")
    if s.covariance is not None and s.covariance.shape != (k, k):
        raise DataError(f"covariance is not of {k} rows and columns.")


def _check_pool(r: PooledResult) -> None:
    one_of("measure", r.measure, MEASURES)
    confidence_level(r.level)
    if r.model_facts.inverse_variance:  # rates of 0 that are pooled as counts have infinite logits
        if not (np.isfinite(r.studies.yi).all() and (r.studies.vi > 0).all()):
            raise DataError("studies.yi or studies.vi has a value that no effect or variance has.")
        one_of("method", r.method, [*TAU2_METHODS, GENQ])
        one_of("ci", r.ci, CI_METHODS)
        if "tau2" not in r.provenance.settings:
            raise DataError("provenance.settings has no 'tau2'.")
    if not r.k == len(r.studies.yi) == len(r.weights):
        raise DataError(f"k={r.k}, and there are {len(r.studies.yi)} effects and {len(r.weights)} weights.")
    for name in ("se", "tau2", "df"):
        if getattr(r, name) < 0:
            raise DataError(f"{name}={getattr(r, name)} is below 0.")
    if r.ci_low > r.estimate or r.ci_high < r.estimate:  # missing ones are neither
        raise DataError(f"estimate={r.estimate} is outside ci_low={r.ci_low} to ci_high={r.ci_high}.")
    if r.prediction_low > r.prediction_high:
        raise DataError(f"prediction_low={r.prediction_low} is above prediction_high={r.prediction_high}.")


def _record(module: str, name: str) -> type | None:
    found = getattr(import_module(module), name)
    return found if is_record(found) else None


def _subclasses(cls: type) -> list[type]:
    own: list[type] = cls.__subclasses__()
    return own + [below for one in own for below in _subclasses(one)]


def _read(source: str | Path) -> str:
    try:
        return read_bytes(Path(source)).decode("utf-8")
    except UnicodeDecodeError:
        raise DataError(f"{str(source)!r} is no text in UTF-8.") from None
