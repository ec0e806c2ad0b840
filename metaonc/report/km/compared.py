"""Lines below the key: hazard ratios, the log-rank test of all groups, and quantiles that were asked for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from ...analysis.survival.comparison import log_rank
from ...analysis.survival.cox.bounded import BoundedHazardRatio
from ...analysis.survival.cox.fitted import FittedHazardRatio
from ...analysis.survival.cox.result import CoxHazardRatio, LogHazardRatio
from ...analysis.survival.curve.result import KaplanMeier
from ...base.digits import in_percent
from ...base.digits import ratio as as_ratio
from ...errors import DataError, OptionError
from ..journals import Journal, journal_of
from .data import times

NO_BREAK = "\u00a0"
DEFAULT = journal_of(None)
NONE: Mapping[str, str] = MappingProxyType({})


def comparison_lines(
    result: KaplanMeier,
    names: Mapping[str, str],
    *,
    hazard_ratio: LogHazardRatio | None,
    test: bool | None,
    reference: str | None,
    journal: Journal = DEFAULT,
    ratios: pd.DataFrame | None = None,
) -> list[str]:
    """Return the lines that compare the groups; parameters as those of ``km``.

    `ratios` are those against the reference that have lines; None where they have a column of the key.
    """
    if hazard_ratio is not None and reference is not None:
        raise OptionError("hazard_ratio= and reference= both say hazard ratios: give one of them.")
    if (test or reference is not None) and len(result.curves) < 2:
        option = "log_rank" if test else "reference"
        raise OptionError(f"{option}= compares groups, and there is one curve: give by= to kaplan_meier.")
    several = test is None and len(result.curves) > 2
    lines = [km_ratio(hazard_ratio, journal, names)]
    if reference is not None and ratios is not None:
        said = _by_group(ratios, journal, result.level)
        lines += [f"Hazard ratio, {names[group]} v {names[reference]}: {text}" for group, text in said.items()]
    # a Cox result of two arms has said its log-rank test
    if (test or several) and not (len(result.curves) == 2 and isinstance(hazard_ratio, CoxHazardRatio)):
        lines.append(_test(result, journal))
    return [line for line in lines if line]


def km_ratio(ratio: LogHazardRatio | None, journal: Journal = DEFAULT, names: Mapping[str, str] = NONE) -> str:
    """Return the line that says the hazard ratio, with the log-rank test where the result has one; "" without one."""
    if ratio is None:
        return ""
    if not isinstance(ratio, LogHazardRatio):
        raise DataError(f"hazard_ratio= is what survival.hazard_ratio returned, not {type(ratio).__name__}.")
    arms, test = "", ""
    if isinstance(ratio, CoxHazardRatio):
        arms = ", " + " v ".join(names.get(arm, arm) for arm in (ratio.treatment, ratio.control))
        test = "; log-rank " + journal.decimal(journal.p(ratio.logrank_p)).replace(" ", NO_BREAK)
    if isinstance(ratio, BoundedHazardRatio):
        test = f" by profile likelihood, all events being of one arm{test}"
    if isinstance(ratio, FittedHazardRatio):
        arms = f", {ratio.term}"
    said = _printed(ratio.estimate, ratio.ci_low, ratio.ci_high, level=ratio.level, journal=journal)
    return f"Hazard ratio{arms}: {said}{test}"


def _printed(estimate: float, low: float, high: float, *, level: float | None, journal: Journal) -> str:
    value, limits = journal.printed(float(np.exp(estimate)), float(np.exp(low)), float(np.exp(high)), as_ratio)
    name = "" if level is None else f"{in_percent(level)}% CI "
    return journal.decimal(f"{value} {limits[0]}{name}{limits[1:]}")


def _by_group(ratios: pd.DataFrame, journal: Journal, level: float | None) -> dict[str, str]:
    """Return each group's hazard ratio as printed; with the name of its interval where `level` is given."""
    said, limits = {}, ratios[["estimate", "ci_low", "ci_high"]].to_numpy(dtype=float)
    for group, row in zip(ratios["group"], limits, strict=True):
        said[str(group)] = "0 or infinite, not estimated"
        if np.isfinite(row).all():
            said[str(group)] = _printed(*row.tolist(), level=level, journal=journal)
    return said


def ratio_column(result: KaplanMeier, ratios: pd.DataFrame, journal: Journal) -> dict[str, list[str]]:
    """Return the column of the key with hazard ratios against one group, under its header."""
    said = _by_group(ratios, journal, level=None)
    return {f"HR ({in_percent(result.level)}% CI)": [said.get(group, "reference") for group in result.curves]}


def _test(result: KaplanMeier, journal: Journal) -> str:
    if not result.medians["events"].any():
        return "Log-rank test: no patient had the event"
    test = log_rank(result)
    if not np.isfinite(test.chi2):
        return "Log-rank test: no event happened with groups at risk together"
    p = journal.decimal(journal.p(test.p_value)).replace(" ", NO_BREAK)
    return f"Log-rank test of {len(result.curves)} groups: {p}"


def quantiles_said(result: KaplanMeier, names: Mapping[str, str], journal: Journal = DEFAULT) -> list[str]:
    """Return a line for each quantile that was asked for beside the median, which the key has."""
    unit = f", {result.unit}" if result.unit else ""
    lines = []
    for q in result.asked:
        if q == 0.5:
            continue
        found = result.quantiles(q)
        shown = times(found[["quantile", "ci_low", "ci_high"]], journal)
        each = "; ".join(f"{names[group]} {text}" for group, text in zip(found["group"], shown, strict=True))
        percent = journal.decimal(f"{100 * q:g}")
        lines.append(f"{percent}% had the event by ({in_percent(result.level)}% CI{unit}): {each}")
    return lines
