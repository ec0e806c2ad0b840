"""Numbers that stand beside a row and are not of it: the patients of a whole trial in the first of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby


def of_whole_trials(trials: Sequence[object], has_n: Sequence[bool], has_events: Sequence[bool]) -> list[int]:
    """Return the rows whose number of patients is the trial's.

    So it is where trials of several rows have a number in their first row only, and events in others too: the number
    then stands for all rows of the trial.

    Parameters
    ----------
    trials, has_n, has_events
        Of each row its trial, and whether it has a number of patients and of events.
    """
    runs = [list(run) for _, run in groupby(range(len(trials)), key=lambda i: trials[i])]
    several = [run for run in runs if len(run) > 1]
    if any(has_n[i] for run in several for i in run[1:]):
        return []
    firsts = [run[0] for run in several if has_n[run[0]]]
    orphans = any(has_events[i] for run in several if has_n[run[0]] for i in run[1:])
    return firsts if orphans else []
