"""Rows of results of one stage: trials by themselves, the model without each, a new trial, levels as numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import Floats
from ....base.labels import blank, find
from ....base.messages.advice import option
from ....base.numbers import PLAIN
from ....base.words import some
from ....errors import DataError, MetaoncError, OptionError
from ...numeric.distributions import critical


def tidied(trials: pd.DataFrame, level: float, pooled: dict[str, Any], tests: dict[str, float], transform: bool,
           shrunken: bool) -> pd.DataFrame:  # fmt: skip
    """Return a row a trial (type ``study``) and one for the pool (``summary``).

    Parameters
    ----------
    trials
        study, estimate and se of each alone; effect, as the model has it, where `shrunken`.
    pooled
        estimate, se, ci_low, ci_high and interval of the pool.
    tests
        statistic and p_value of the pool.
    """
    own, half = trials["estimate"], half_widths(trials, level)
    rows = pd.DataFrame({"term": trials["study"], "type": "study", "estimate": own, "se": trials["se"],
                         "ci_low": own - half, "ci_high": own + half,
                         "interval": "t" if "df" in trials else "wald"})  # fmt: skip
    if shrunken:
        rows["effect"] = trials["effect"]
    rows.loc[len(rows)] = {"term": "overall", "type": "summary", **pooled}
    if transform:
        changed = [name for name in ("estimate", "ci_low", "ci_high", "effect") if name in rows]
        rows[changed] = np.exp(rows[changed])
        rows["se"] = np.nan
    return rows.assign(**{name: [math.nan] * len(trials) + [value] for name, value in tests.items()})


def half_widths(trials: pd.DataFrame, level: float) -> Floats:
    """Return half the widths of the trials' own intervals, normal ones unless there are degrees of freedom (df)."""
    df = trials["df"] if "df" in trials else np.full(len(trials), np.inf)
    of_t = [float(critical(level, x)) if x > 0 else math.nan for x in df]
    found: Floats = np.array(of_t) * trials["se"].to_numpy(float)
    return found


def without_each(names: Sequence[str], least: int, fit: Callable[[str], dict[str, float]]) -> dict[str, list[Any]]:
    """Return the columns of a model without each trial: left_out, its numbers, and reason, why there are none.

    Parameters
    ----------
    names
        Of the trials.
    least
        How many trials the model needs.
    fit
        Name of a trial -> numbers of the model without it.

    Raises
    ------
    DataError
        When too few trials would be left.
    """
    if len(names) <= least:
        raise DataError(
            f"of {len(names)} trial{'s' * (len(names) != 1)} none can be left out: the model needs {least}."
        )
    found: list[dict[str, float]] = []
    reasons: list[str] = []
    for name in names:
        try:
            numbers, reason = fit(name), ""
        except MetaoncError as problem:
            numbers, reason = {}, str(problem)
        found.append(numbers)
        reasons.append(reason)
    columns = {key: [numbers.get(key, math.nan) for numbers in found] for key in dict.fromkeys(chain(*found))}
    return {"left_out": list(names), **columns, "reason": reasons}


def new_trial(estimate: float, se: float, tau2: float, k: int, level: float) -> tuple[float, float]:
    r"""Return the range of a new trial's effect, estimate -/+ t with k - 1 degrees of freedom times root of tau² + se².

    NaN of fewer than 3 trials.
    """
    wide = float(critical(level, k - 1)) * math.hypot(math.sqrt(tau2), se) if k > 2 else math.nan
    return estimate - wide, estimate + wide


def coded(column: pd.Series, by: str, contrast: tuple[Any, Any]) -> tuple[Floats, str, str]:
    """Return labels as 1 and 0, with those of 0 and 1."""
    if isinstance(contrast, str) or len(contrast) != 2:
        raise OptionError(f"contrast={contrast!r} must be two labels of {by!r}, of 1 and of 0.")
    known = list(dict.fromkeys(map(str, column)))
    one, zero = (find(label, known) for label in contrast)
    if one is None or zero is None or set(known) != {one, zero}:
        raise DataError(f"{by!r} has the labels {known}, and contrast= names {list(contrast)}; leave out the patients "
                        "of others.")  # fmt: skip
    return np.where(column.astype(str) == one, 1.0, 0.0), zero, one


def refuse_labels(column: pd.Series, by: str) -> None:
    """Raise an OptionError where a covariate is of labels, which `contrast` is to put in order."""
    texts = [x for x in column if isinstance(x, str) and not blank(x)]
    if any(not PLAIN.fullmatch(text.strip()) for text in texts):
        held = list(dict.fromkeys(map(str, column.dropna())))
        pair = held[:2] if len(held) > 1 else [held[0], "another"]
        say = option("contrast", tuple(pair))
        raise OptionError(
            f"{by} holds labels ({some(held)}): give the one that is 1 and the one that is 0, as by {say}."
        )
