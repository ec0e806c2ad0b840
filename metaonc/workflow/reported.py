"""Effects of reported ratios: with limits, as logarithms with standard errors, and hazard ratios by other routes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from ..analysis.effects.compute import effect_sizes
from ..analysis.effects.roles import TWO_MEDIANS
from ..data.selection.needs import BY_INTERVAL, HAZARD_ROUTES

TRIAL = "study"  # the label of a row in figures and tables
_ROLES = {  # column -> role, of the routes of hazard ratios that are no intervals
    "hr": "hr", "p_value": "p", "events": "events_t", "events_comparator": "events_c", "estimate": "median_t",
    "estimate_comparator": "median_c",
}  # fmt: skip
_MEDIANS = dict(zip(("estimate", "ci_low", "ci_high"), TWO_MEDIANS[:3], strict=True)) | dict(
    zip(("estimate_comparator", "ci_low_comparator", "ci_high_comparator"), TWO_MEDIANS[3:], strict=True)
)


def reported(
    point: str, prefix: str, measure: str, routes: Sequence[str] = BY_INTERVAL
) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return what makes effects of reported ratios, of hazard ratios by these routes.

    Parameters
    ----------
    point, prefix
        Column of the ratio, and what stands before the names of its limits.
    measure
        Its code.
    routes
        By which numbers a hazard ratio may enter, by the names of ``select``.
    """

    def prepare(rows: pd.DataFrame) -> pd.DataFrame:
        own = {name: rows[name] for name in (point, f"log_{prefix}") if name in rows}
        ratio = own.get(point, pd.Series(np.nan, index=rows.index))
        if f"log_{prefix}" in own:
            ratio = ratio.fillna(np.exp(own[f"log_{prefix}"]))
        columns = {"hr": point} if ratio.notna().any() else {}
        pairs = {"ci_low": f"{prefix}_low", "ci_high": f"{prefix}_high", "se": f"log_{prefix}_se"}
        pairs |= {"o_minus_e": "o_minus_e", "v": "v"} if measure == "HR" else {}
        columns |= {role: name for role, name in pairs.items() if name in rows and rows[name].notna().any()}
        table = rows.assign(**{point: ratio})
        level: str | None = None  # as the column named after the limits says
        sides: int | str = 2
        if tuple(routes) != BY_INTERVAL:
            table, columns = _by_routes(table, columns, routes)
            level, sides = "hr_level", "p_sided"
        # a ratio of hazards or of odds has the same standard error by its limits
        es: pd.DataFrame = effect_sizes(table, measure="HR", level=level, p_sides=sides, study=TRIAL, **columns)  # type: ignore[arg-type]
        return es if measure == "HR" else es.assign(measure=measure).drop(columns="inputs")

    return prepare


def _by_routes(
    table: pd.DataFrame, columns: dict[str, str], routes: Sequence[str]
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the table with what the routes ask for, and the column of each role.

    A column that no row fills together with the others of its route is not among them.
    """
    wanted = [*_MEDIANS, "hr_low", "hr_level", "ci_level", "p_sided"]
    table = table.assign(**{name: np.nan for name in wanted if name not in table})
    given = dict(columns) if "ci" in routes else {role: name for role, name in columns.items() if role == "hr"}
    for form in (form for code in routes if code != "ci" for form in HAZARD_ROUTES[code].forms):
        if table.reindex(columns=list(form)).notna().all(axis=1).any():
            roles = _MEDIANS if "ci_low" in form else _ROLES
            given |= {roles[name]: name for name in (roles if "ci_low" in form else form)}
    has_limits = table["hr_low"].notna()
    other = has_limits & table["hr_level"].fillna(0.95).ne(table["ci_level"].fillna(0.95))
    limits = [name for name in _MEDIANS if name.startswith("ci_")]
    table[limits] = table[limits].mask(other)  # one level a row: that of the interval it goes by
    level = table["hr_level"].where(has_limits, table["ci_level"].fillna(table["hr_level"])).fillna(0.95)
    return table.assign(hr_level=level, p_sided=table["p_sided"].fillna(2)), given
