"""A trial that is added to a pool: its effect and its variance by its size and what it found. Arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ....errors import DataError
from ...effects.roles import ONE_ARM, TWO_ARMS
from ...effects.zeros import correct
from ...numeric.wls import Floats
from ...pooling.inverse_variance.result import MetaResult
from ...results.pooled import PooledResult

PER_EVENT = 4.0  # variance of a log hazard ratio times events, of arms of one size (Tierney et al. 2007)


class Kind(NamedTuple):
    """What the size of an added trial counts, and what is found in it.

    Attributes
    ----------
    size, found
        In words.
    whole
        Whether sizes are whole numbers.
    typical
        Sizes of the trials that are pooled, (k,).
    effect
        (size, what was found) -> effect and variance, of a trial whose events are counted; None where the effect itself
        is looked for.
    variance
        Size -> variance, where the effect itself is looked for.
    share
        Effect on the scale of analysis -> share of patients with the event, where events are counted.
    most
        Share of the size that what is found can be, at most.
    """

    size: str
    found: str
    whole: bool
    typical: Floats
    effect: Callable[[Any, Any], tuple[Any, Any]] | None
    variance: Callable[[Any], Any]
    share: Callable[[float], float] = float
    most: float = 1.0


def kind_of(r: MetaResult) -> Kind:
    """Return how a trial that is added to a pool is described."""
    s, record = r.studies, r.record
    if r.measure == "HR":
        return Kind("events", "hazard ratio", True, PER_EVENT / s.vi, None, lambda e: PER_EVENT / e)
    if record.roles == ONE_ARM and record.compute is not None:
        return Kind(
            "patients", "responders", True, _known(r, "n"), _one_arm(r), np.asarray, lambda x: float(r.natural(x))
        )
    if record.roles == TWO_ARMS and record.compute is not None:
        n = _known(r, "n_t") + _known(r, "n_c")
        return Kind("patients", "events of treatment", True, n, _two_arms(r), np.asarray, _treated(r), 0.5)
    typical = float(np.median(s.vi))
    return Kind("median trials of information", record.natural, False, typical / s.vi, None, lambda x: typical / x)


def _known(r: PooledResult, role: str) -> Floats:
    values = r.studies.counts(role)
    if values is None or not np.isfinite(values).all():
        raise DataError(
            f"the counts of this pool are not known ({role}), and the variance of a {r.record.label} rests on them: "
            "make its effects by effect_sizes of events and patients."
        )
    return values


def _one_arm(r: MetaResult) -> Callable[[Any, Any], tuple[Any, Any]]:
    compute = r.record.compute
    assert compute is not None

    def effect(n: Any, x: Any) -> tuple[Any, Any]:
        return compute(_corrected({"events": x, "n": n}, r.record.corrected))

    return effect


def _two_arms(r: MetaResult) -> Callable[[Any, Any], tuple[Any, Any]]:
    compute, risk = r.record.compute, control_risk(r)
    assert compute is not None

    def effect(n: Any, x: Any) -> tuple[Any, Any]:
        m = np.asarray(n) / 2
        counts = {"events_t": x, "n_t": m, "events_c": risk * m, "n_c": m}
        return compute(_corrected(counts, r.record.corrected))

    return effect


def _treated(r: MetaResult) -> Callable[[float], float]:
    """Return the way from an effect to the share of events in the treated arm; that of controls where there is none."""
    risk, response = control_risk(r), r.record.response
    return lambda x: risk if response is None else float(np.clip(response(risk, x), 0.0, 1.0))


def control_risk(r: PooledResult) -> float:
    """Return the share of events in all control arms together."""
    return float(_known(r, "events_c").sum() / _known(r, "n_c").sum())


def _corrected(counts: dict[str, Any], wanted: bool) -> dict[str, Any]:
    """Return counts with 0.5 added to the cells of tables with an empty one, as ``effect_sizes`` does."""
    values = np.broadcast_arrays(*map(np.asarray, counts.values()))
    flat = {name: np.asarray(x, dtype=float).ravel() for name, x in zip(counts, values, strict=True)}
    return dict(correct(flat, 0.5, "only0")[0]) if wanted else flat
