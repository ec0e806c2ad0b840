"""What happens without treatment: shares that are stated, or a pool of control arms with its uncertainty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...base.check import Floats
from ...base.digits import plain
from ...base.messages.advice import option, setting
from ...base.numbers import NotANumber, number_of
from ...errors import DataError, OptionError
from ..effects.roles import ONE_ARM
from ..numeric.distributions import critical
from ..results.pooled import PooledResult
from ..synthesis.curves.result import PooledCurves

Drawn = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A baseline.

    Attributes
    ----------
    name
        Of it, as ``low risk``; empty where there is one without a name.
    share
        Of people with the event, or without it.
    drawn
        Of a pool: its estimate, standard error and degrees of freedom on the scale of analysis; None of a share that is
        taken as known.
    pool
        The pool.
    """

    name: str
    share: float
    drawn: Drawn | None = None
    pool: Any = None

    def draws(self, rng: np.random.Generator, n: int) -> Floats:
        """Return n draws of the share."""
        if self.drawn is None:
            return np.full(n, self.share)
        estimate, se, df = self.drawn
        scattered = rng.standard_normal(n) if np.isinf(df) else rng.standard_t(df, n)
        values = estimate + se * scattered
        return np.asarray(np.exp(np.minimum(values, 0.0)) if isinstance(self.pool, PooledCurves)
                          else self.pool.natural(values), dtype=float)  # fmt: skip


def baselines_of(given: Any, counts: str, at: Any) -> list[Baseline]:
    """Return the baselines that are given.

    Raises
    ------
    OptionError
        A share outside 0 to 1, or a percentage.
    DataError
        A pool of another kind, or one that has no survival at the time.
    """
    if isinstance(given, PooledCurves):
        return [_of_curves(given, at, counts)]
    if isinstance(given, PooledResult):
        return [_of_pool(given, counts)]
    if isinstance(given, pd.Series):
        return baselines_of(given.to_dict(), counts, at)
    if isinstance(given, (Mapping, list, tuple, np.ndarray)) and not len(given):
        raise OptionError(f"{option('baseline')} is empty: give a number, a list of them, or numbers by name.")
    if isinstance(given, Mapping):
        return [Baseline(name=str(name), share=_share(value, counts, str(name))) for name, value in given.items()]
    if isinstance(given, (list, tuple, np.ndarray)):
        return [Baseline(name=f"{plain(100 * (p := _share(v, counts)))}%", share=p) for v in given]
    return [Baseline(name="", share=_share(given, counts))]


def _share(value: Any, counts: str, name: str = "") -> float:
    try:
        share = number_of(value)
    except NotANumber:
        share = np.nan
    if not 0 < share < 1:
        what = "risk of the event" if counts == "event" else "survival (share without the event)"
        percent = (
            f" {plain(share)} looks like percent: write {option('baseline', share / 100)}." if 1 < share <= 100 else ""
        )
        of = f" of {name!r}" if name else ""
        raise OptionError(f"{setting('baseline', value)}{of} is no {what} between 0 and 1.{percent}")
    return share


def _of_pool(r: PooledResult, counts: str) -> Baseline:
    record = r.record
    if record.roles != ONE_ARM or record.scale != "percent" or record.inverse_needs is not None:
        raise DataError(
            f"a baseline is a pool of proportions of one arm (PLO, PAS, PLN, PR), not of {record.label}s: pool the "
            "control arms by them."
        )
    if not np.isfinite(r.se):
        raise DataError("the pool of control arms has no standard error: give its share as a number.")
    share = float(r.natural(r.estimate))
    if counts == "event-free":
        raise DataError(
            "of hazard ratios the baseline is survival at a time: give survival.pool_curves of the control arms, or a "
            "number."
        )
    return Baseline(name="pooled control arms", share=share, drawn=(r.estimate, r.se, r.df), pool=r)


def _of_curves(r: PooledCurves, at: Any, counts: str) -> Baseline:
    if counts != "event-free":
        raise DataError("a pool of survival curves is a baseline of hazard ratios; of others give a risk.")
    if len(r.curves) != 1:
        raise DataError(
            f"the pool has {len(r.curves)} curves ({', '.join(r.curves)}): pool those of control arms alone."
        )
    if isinstance(at, bool) or not isinstance(at, (int, float, np.number)):
        raise OptionError(f"{setting('at', at)}: of a pool of curves it is a time, a number.")
    row = r.at(float(at)).iloc[0]
    share, low, high = (float(row[name]) for name in ("survival", "ci_low", "ci_high"))
    if not 0 < share < 1 or not np.isfinite([low, high]).all() or low <= 0:
        raise DataError(f"the pooled curve has no survival between 0 and 1 with an interval at {plain(float(at))}.")
    se = float(np.log(high / low) / (2 * critical(r.level, np.inf))) if high < 1 else float(
        np.log(share / low) / critical(r.level, np.inf))  # fmt: skip
    return Baseline(name="pooled control arms", share=share, drawn=(float(np.log(share)), se, np.inf), pool=r)
