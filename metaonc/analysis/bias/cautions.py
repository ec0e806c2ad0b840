"""When a test of small-study effects misleads: what must stand with its p-value."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...base.messages.advice import option
from ..effects.measures import Measure
from ..pooling.inverse_variance.result import MetaResult
from ..results.studies import Studies

ALPHA = 0.10  # of a test of asymmetry, which has little power
FEWEST = 10  # trials; fewer leave no power (Sterne et al. 2011, BMJ 343:d4002)
EVENTS = 20  # a trial; the variance of a log hazard ratio is known well enough from there on (a rule of thumb)
MUCH = 50.0  # I², percent

# measures whose variance is made of the effect itself -> what to take instead
TIED = {
    "OR": "the tests of Harbord and Peters do not rest on it",
    "PETO": "the tests of Harbord and Peters, of odds ratios, do not rest on it",
    "RR": "the arcsine difference (measure AS) has a variance that does not",
    "SMD": "the test of Pustejovsky and Rodgers does not rest on it",
}  # fmt: skip


def few(k: int) -> list[str]:
    """Return the caution on fewer than ten trials."""
    if k >= FEWEST:
        return []
    return [f"with {k} trials asymmetry can hardly be told from chance: {FEWEST} are the least for such a test"]


def of_precision(result: MetaResult) -> list[str]:
    """Return the cautions on tests that relate effects to their own standard errors."""
    return [*_tied(result.record), *_few_events(result)]


def heterogeneous(result: MetaResult) -> list[str]:
    """Return the caution on least squares and ranks where trials differ by more than chance."""
    if not result.i2 >= MUCH:
        return []
    return ["trials differ by more than chance (I² 50 % or more), and this test takes no variance between trials into "
            "account: its p-value can be too small"]  # fmt: skip


def _tied(record: Measure) -> Iterator[str]:
    if record.code in TIED:
        yield (
            f"the standard error of a {record.label} depends on the {record.label} itself, so that large effects make "
            f"a funnel asymmetric without any bias; {TIED[record.code]}"
        )
    elif record.null is None and record.scale in ("percent", "linear", "log") and record.roles:
        yield (
            f"the standard error of a {record.label} depends on the {record.label} itself, and trials of one arm have "
            f"no line of no effect that publication could turn on: asymmetry says little; of the size of trials "
            f"({option('predictor', 'sqrtninv')} of egger) it says more"
        )


def _few_events(result: MetaResult) -> Iterator[str]:
    if result.measure != "HR":
        return
    events = events_of(result.studies)
    small = [] if events is None else [x for x in events if x < EVENTS]
    if small:
        some = f"{len(small)} trial{'s have' if len(small) > 1 else ' has'}"
        yield (
            f"{some} fewer than {EVENTS} events: the standard error of a log hazard ratio then depends on the hazard "
            "ratio, which can make a funnel asymmetric without any bias"
        )


def events_of(studies: Studies) -> np.ndarray | None:
    """Return the events of each trial, both arms together; None where no column has them."""
    arms = [x for role in ("events_t", "events_c") if (x := studies.counts(role)) is not None]
    return np.sum(arms, axis=0) if len(arms) == 2 else None
