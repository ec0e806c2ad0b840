"""Confidence intervals of a single proportion by name: one record each.

To add an interval, write a function of (events, n, level) that returns its limits, and add a record to
``STUDY_INTERVALS``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ...base.check import confidence_level, labels_of, one_of, refuse
from ...base.messages.arguments import known_arguments
from ...base.numbers import numbers
from ...errors import DataError
from ..numeric.distributions import critical
from .formulas.proportions import exact_interval

Limits = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class StudyInterval:
    """A confidence interval of one trial's proportion.

    Attributes
    ----------
    code, label, reference
        Name in calls, name in a footnote, and its source.
    limits
        (events, n, level) -> lower and upper limits, [0, 1] scale.
    """

    code: str
    label: str
    reference: str
    limits: Callable[[Any, Any, float], tuple[Any, Any]]


def _wilson(x: Any, n: Any, level: float) -> tuple[Any, Any]:
    z = critical(level)
    return _between_edges(x, n, (x + z * z / 2) / (n + z * z), z * np.sqrt(z * z / 4 + x * (n - x) / n) / (n + z * z))


def _agresti_coull(x: Any, n: Any, level: float) -> tuple[Any, Any]:
    z = critical(level)
    size = n + z * z
    p = (x + z * z / 2) / size
    return _between_edges(x, n, p, z * np.sqrt(p * (1 - p) / size))


def _between_edges(x: Any, n: Any, centre: Any, half: Any) -> tuple[Any, Any]:
    """Return centre -+ half within 0 and 1; of 0 and of n of n one limit is 0 or 1 but for rounding, or beyond."""
    low = np.where(x > 0, np.maximum(centre - half, 0.0), 0.0)
    return low, np.where(x < n, np.minimum(centre + half, 1.0), 1.0)


def _jeffreys(x: Any, n: Any, level: float) -> tuple[Any, Any]:
    tail = (1 - level) / 2
    low, high = (special.betaincinv(x + 0.5, n - x + 0.5, probability) for probability in (tail, 1 - tail))
    return np.where(x > 0, low, 0.0), np.where(x < n, high, 1.0)


BROWN = "Brown, Cai and DasGupta 2001, doi:10.1214/ss/1009213286"
STUDY_INTERVALS = {
    m.code: m
    for m in (
        StudyInterval("exact", "exact (Clopper-Pearson)", BROWN, exact_interval),
        StudyInterval("wilson", "Wilson score", BROWN, _wilson),
        StudyInterval("agresti-coull", "Agresti-Coull", BROWN, _agresti_coull),
        StudyInterval("jeffreys", "Jeffreys", BROWN, _jeffreys),
    )
}


@known_arguments
def proportion_interval(events: Any, n: Any, *, method: str = "exact", level: float = 0.95) -> Limits:
    """Return confidence limits of single proportions.

    Parameters
    ----------
    events, n : int or array
        Responders and patients: numbers, or arrays that go together.
    method : {"exact", "wilson", "agresti-coull", "jeffreys"}
        Clopper and Pearson's interval, which covers at least at `level`; Wilson's score interval; that of Agresti
        and Coull, cut at 0 and 1; quantiles of the posterior with Jeffreys' prior, beta(1/2, 1/2), but with the
        lower limit 0 where nobody responds and the upper limit 1 where all do, as Brown, Cai and DasGupta advise.
    level : float, default 0.95
        Level of the interval.

    Returns
    -------
    low : array
        Lower limits, on the scale from 0 to 1, of the common shape of `events` and `n`.
    high : array
        Upper limits, likewise.

    Raises
    ------
    OptionError
        A method that does not exist; a level that is no proportion.
    DataError
        Counts that are missing, not whole or negative, no patients, more responders than patients: names the row.

    References
    ----------
    Clopper and Pearson 1934; Wilson 1927; Agresti and Coull 1998; Brown, Cai and DasGupta 2001,
    doi:10.1214/ss/1009213286 (none of them read).

    Examples
    --------
    >>> import metaonc as mo
    >>> low, high = mo.proportion_interval([23, 0], [36, 20], method="wilson")
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.476, 0.0], [0.775, 0.161])
    """
    record = STUDY_INTERVALS[one_of("method", method, STUDY_INTERVALS)]
    confidence_level(level)
    x, size = (_counts(name, values) for name, values in (("events", events), ("n", n)))
    try:
        x, size = np.broadcast_arrays(x, size)
    except ValueError:
        raise DataError(f"events of shape {x.shape} and n of shape {size.shape} do not go together.") from None
    flat, whole = x.ravel(), size.ravel()
    labels = labels_of(None, range(len(flat)))
    refuse(whole == 0, labels, lambda i: "n=0: no patients, no rate.")
    refuse(flat > whole, labels, lambda i: f"events={flat[i]:g} exceeds n={whole[i]:g}.")
    low, high = record.limits(x, size, level)
    return np.asarray(low), np.asarray(high)


def _counts(name: str, values: Any) -> NDArray[np.float64]:
    given = values if isinstance(values, np.ndarray) else np.asarray(values, dtype=object)  # each value as it is
    flat = given.ravel()
    labels = labels_of(None, range(len(flat)))
    x = numbers(flat, name, labels, whole=True)
    bad = ~(np.isfinite(x) & (x >= 0) & (x == np.floor(x)))
    refuse(bad, labels, lambda i: f"{name}={flat[i]} is not a count.")
    return x.reshape(given.shape)
