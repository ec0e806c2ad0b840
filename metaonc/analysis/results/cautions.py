"""What must be said with numbers of pools wherever they are printed: the sentences, as records of ``base.caution``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...base.caution import Beside, Caution
from ...base.digits import NO_ERROR, plain
from ..effects.measures import MEASURES, Measure
from ..effects.route import Recorded, records_of
from ..methods.intervals import CI_METHODS
from ..numeric.distributions import critical, two_sided_p

FLAT = "the variance between trials (τ²) is estimated as 0, which is no proof that effects do not vary"
ALIKE = "effects agree better than their variances allow, which can be chance"
NO_WIDTH = "the {interval} interval has no width and there is no test by it, as {why}"
BOUNDED = "medians that were not reached stand at a time that they exceed"
TOO_LOW = "the pooled median is too low by that, and its interval too narrow"
OPEN = "the error is by the lower limit alone where the upper one was not reached"
SO_FLAT = "the prediction interval holds the uncertainty of the mean alone"


def assumed(measure: str, data: pd.DataFrame, labels: Sequence[str] = ()) -> list[Caution]:
    """Return the cautions of effects that rest on what the numbers they came from cannot show.

    Parameters
    ----------
    measure
        Code in ``MEASURES``.
    data
        The rows, which record by which route each effect was obtained.
    labels
        The trial of each row.
    """
    if "route" not in data.columns:
        return []
    record, k = MEASURES[measure], len(data)
    found = records_of(record.routes, data["route"])
    counts = Counter(one.route.assumes for one in found if one is not None and one.route.assumes)
    of = "trials" if len(set(labels)) == k else "rows"
    who = {what: f"{rows} of {k} {of}" if k > 1 else "the trial" for what, rows in counts.items()}
    said = [
        Caution(text=f"{these} entered with a {record.natural} computed as of {what}", of_effects=True)
        for what, these in who.items()
    ]
    return said + _not_reached(found, labels)


def _not_reached(found: Sequence[Recorded | None], labels: Sequence[str]) -> list[Caution]:
    """Return the cautions of medians that stand at a bound, and of errors by the lower limit alone."""
    rows = [(label, one) for label, one in zip(labels, found, strict=False) if one is not None and one.is_open]
    said = [Caution(text=BOUNDED, more=TOO_LOW, of_effects=True)] if any(one.at_bound for _, one in rows) else []
    names = ", ".join(dict.fromkeys(label for label, _ in rows))
    return said + [Caution(text=OPEN, more=f"such are medians of {names}", of_effects=True)] * bool(names)


def corrected(rows: int, k: int, record: Measure) -> list[Caution]:
    """Return the caution of an estimate that rests on a continuity correction of some rows."""
    if not rows:
        return []
    who = f"{rows} of {k} trials" if k > 1 else "the trial"
    return [
        Caution(
            text=f"{who} entered with a continuity correction, on which the {record.natural} depends; a model of the "
            "counts needs none"
        )
    ]


def narrower(
    ci: str, tau2: float, value: float, se: float, df: float, level: float, record: Measure, *, scaled: float,
    why: str = NO_ERROR, of: str = "", natural: Callable[[Any], Any] | None = None,
) -> Caution:  # fmt: skip
    """Return the caution of an interval that is narrower than the one by the sampling variances as they are.

    Parameters
    ----------
    ci, tau2, level
        Code of the interval in ``CI_METHODS``, variance between trials of the model, level.
    value, se, df
        Estimate, its standard error by the variances as they are, and the degrees of freedom of the interval.
    record, natural
        The measure, and its back-transform where that is not the record's own.
    scaled, why
        Standard error of the interval itself, and why it is 0 where it is.
    of
        Whose interval it is.
    """
    half = float(critical(level)) * se
    limits = (value, value - half, value + half)
    p = np.nan if record.null is None else float(two_sided_p(value / se))
    if natural is None and record.inverse_needs is not None:  # say it on the scale of analysis
        record = MEASURES["GEN"]
    estimate, low, high = (float((natural or record.inverse)(x)) for x in limits)
    other = "common-effect interval" if tau2 == 0 else "Wald interval of the same model"
    beside = Beside(
        name=other, estimate=estimate, low=low, high=high, p=p, level=level, record=record, analysed=limits,
        against=f"normal, against t with {plain(df)} df",
    )  # fmt: skip
    interval = CI_METHODS[ci].short
    if scaled == 0:
        return Caution(text=NO_WIDTH.format(interval=interval, why=why), more=ALIKE, of=of, beside=beside)
    return Caution(
        text=f"the {interval} interval is narrower than the {other}",
        more=ALIKE,
        of=of,
        beside=beside,
    )


def like_one(column: str, one: str, other: str, so: str) -> str:
    """Return what is said of two levels that look like one, and `so` of what is done with them."""
    return f"{column} {one} and {other} look like one subgroup that is written in two ways, and {so}"


def writes_alike(column: str, like: Mapping[str, str]) -> list[str]:
    """Return what to do about levels that look like others, by these: nothing where there are none."""
    return [f"table.replace({{{column!r}: {dict(like)}}}) writes them alike, if they are one."] * bool(like)
