"""Cautions on patients that can hardly be as they are given: times in another unit, arms that stand there twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from ..numeric.product_limit import Sample

APART = 12.0  # times the median follow-up of all trials: days among months are 30, months among years 12
BEYOND, SHARE = 20.0, 0.02  # times the median of an arm, and the share of patients: days among months are 30 times
FEWEST = 5  # patients: fewer can have the same times by chance


def of_units(names: Sequence[str], follow_up: Sequence[float]) -> tuple[str, ...]:
    """Return a caution on each trial whose times look as if they were in another unit.

    Parameters
    ----------
    names, follow_up
        Of the trials, and the median time of the patients of each.
    """
    typical = float(np.median(follow_up)) if len(follow_up) else 0.0
    if typical <= 0:
        return ()
    return tuple(
        f"follow-up of {name} is of another order than that of the other trials. If it is in another unit, such "
        "as days among months, what is pooled means nothing"
        for name, middle in zip(names, follow_up, strict=True)
        if not 1 / APART < middle / typical < APART
    )


def of_twins(arms: Sequence[tuple[str, Sample]]) -> tuple[str, ...]:
    """Return a caution on arms with the same times and events; each is a name and patients in the order of time."""
    times = [sample.time.tobytes() for _, sample in arms]
    if len(set(times)) == len(times):
        return ()
    often = Counter(times)
    first: dict[bytes, str] = {}
    found = []
    for (name, sample), own in zip(arms, times, strict=True):
        if len(sample.time) < FEWEST or often[own] == 1:
            continue
        order = np.lexsort((sample.event, sample.time))
        patients = sample.time[order].tobytes() + sample.event[order].tobytes()
        other = first.setdefault(patients, name)
        if other != name:
            found.append(f"{name} has the same times and events as {other}. If they are the same patients, these count "
                         "twice, and limits are too narrow")  # fmt: skip
    return tuple(found)


def of_copies(arms: Sequence[tuple[str, Sample]]) -> tuple[str, ...]:
    """Return a caution on arms whose every patient stands there twice or more, as of a table joined to itself."""
    found = []
    for name, sample in arms:
        same = sample.time[1:] == sample.time[:-1]  # patients are in the order of time and event
        if 2 * np.count_nonzero(same) < len(sample.time):  # of pairs each second is the same as the one before
            continue
        same &= sample.event[1:] == sample.event[:-1]
        if 2 * np.count_nonzero(same) >= len(sample.time):
            counts = np.diff(np.append(np.flatnonzero(np.append(True, ~same)), len(sample.time)))
            if len(counts) >= FEWEST and np.gcd.reduce(counts) > 1:
                found.append(name)
    if not found:
        return ()
    more = f" and {len(found) - 1} more arm{'s' * (len(found) > 2)}" if len(found) > 1 else ""
    return (f"every patient of {found[0]}{more} stands there at least twice. If rows were repeated, patients count as "
            "often, and limits are too narrow",)  # fmt: skip


def of_unlike_arms(trials: Sequence[Sequence[tuple[str, Sample]]]) -> tuple[str, ...]:
    """Return a caution on arms of a trial whose times look as if they were in different units."""
    found = []
    for arms in trials:
        middle = [median_time(sample) if len(sample.time) >= FEWEST else np.nan for _, sample in arms]
        known = [(x, name) for x, (name, _) in zip(middle, arms, strict=True) if x > 0]
        if known and max(known)[0] > APART * min(known)[0]:
            found.append(f"follow-up of {max(known)[1]} is of another order than that of {min(known)[1]}. If it is in "
                         "another unit, such as days beside months, what is compared means nothing")  # fmt: skip
    return tuple(found)


def of_mixed_units(arms: Sequence[tuple[str, Sample]]) -> tuple[str, ...]:
    """Return a caution on arms of which some patients have times of another order than most."""
    found = []
    for name, sample in arms:
        far = np.count_nonzero(sample.time > BEYOND * median_time(sample)) if len(sample.time) else 0
        if far >= max(FEWEST, SHARE * len(sample.time)):
            found.append(
                f"times of some patients of {name} are of another order than those of the others. If they "
                "are in another unit, such as days among months, what follows from them means nothing"
            )
    return tuple(found)


def of_groups(groups: Sequence[tuple[str, Sample]]) -> tuple[str, ...]:
    """Return the cautions on patients of one trial, by group: repeated, the same in two groups, in different units."""
    return of_twins(groups) + of_copies(groups) + of_unlike_arms([groups]) + of_mixed_units(groups)


def median_time(*samples: Sample) -> float:
    """Return the median time of the patients of several arms."""
    times = samples[0].time if len(samples) == 1 else np.sort(np.concatenate([sample.time for sample in samples]))
    return float((times[(len(times) - 1) // 2] + times[len(times) // 2]) / 2)
