"""How each outcome is pooled: what a row must report, by which measure, and by which model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from ..analysis.effects.compute import effect_sizes
from ..analysis.effects.measures import MEASURES
from ..analysis.methods.intervals import CI_METHODS, PREDICTION_METHODS
from ..analysis.methods.tau2 import TAU2_METHODS
from ..analysis.pooling.counts.glmm import pool_glmm
from ..analysis.pooling.inverse_variance.pool import pool
from ..analysis.results.pooled import PooledResult
from ..base.check import confidence_level, one_of, texts
from ..base.messages.advice import option, setting
from ..base.messages.hints import of_value
from ..base.words import plural
from ..data.selection.needs import BY_INTERVAL, NEEDS, Need, by_routes
from ..errors import DataError, OptionError
from .reported import TRIAL, reported


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """How an outcome is pooled.

    Attributes
    ----------
    measure
        Code of the measure, by which the command line names the model.
    need
        What a row must report, by the names of ``select``.
    using, options
        The pooling function and what it is told of columns.
    prepare
        Makes its table of the selected rows.
    shown
        Columns of figures that a reader asks for.
    takes
        Options that the user may give the pooling function.
    routes
        Of hazard ratios: by which numbers a row may enter, by the names of ``select``.
    """

    measure: str
    need: str
    using: Callable[..., PooledResult]
    options: Mapping[str, Any]
    prepare: Callable[[pd.DataFrame], pd.DataFrame]
    shown: tuple[str, ...]
    takes: tuple[str, ...] = ("method", "ci", "prediction", "level")
    routes: tuple[str, ...] = BY_INTERVAL

    @property
    def needed(self) -> Need:
        """What a row must report."""
        return by_routes(NEEDS[self.need], self.routes)


def _odds_ratios(rows: pd.DataFrame) -> pd.DataFrame:
    both = {"events_t": "events", "n_t": "n", "events_c": "events_comparator", "n_c": "n_comparator"}
    es: pd.DataFrame = effect_sizes(rows, measure="OR", **both, study=TRIAL)  # type: ignore[arg-type]
    return es


def _medians(rows: pd.DataFrame) -> pd.DataFrame:
    units = rows["unit"].dropna().unique()
    if len(units) != 1:
        raise DataError(f"medians are given in {', '.join(units) or 'no unit'}; bring them to one unit first.")
    es: pd.DataFrame = effect_sizes(
        rows, measure="MEDLN", median="estimate", ci_low="ci_low", ci_high="ci_high", study=TRIAL
    )
    return es


def _risk_ratios(rows: pd.DataFrame) -> pd.DataFrame:
    both = {"events_t": "events", "n_t": "n", "events_c": "events_comparator", "n_c": "n_comparator"}
    es: pd.DataFrame = effect_sizes(rows, measure="RR", **both, study=TRIAL)  # type: ignore[arg-type]
    return es


_REPORTED = ("n", "events", "estimate", "ci_low", "ci_high")
_COUNTED = {"events": "events", "n": "n", "study": TRIAL}
RATE = Model("PLO", "counts", pool_glmm, _COUNTED, lambda rows: rows, (*_REPORTED, "unit"),
             ("ci", "prediction", "level"))  # fmt: skip
ODDS = Model("OR", "two_arms", pool, {"study": TRIAL}, _odds_ratios,
             ("comparator", "n", "events", "n_comparator", "events_comparator"))  # fmt: skip
RISKS = replace(ODDS, measure="RR", prepare=_risk_ratios)
_HAZARD = ("hr", "hr_low", "hr_high", "hr_level", "o_minus_e", "v", "log_hr", "log_hr_se")
_OF_ODDS = ("odds_ratio", "or_low", "or_high", "or_level", "log_or", "log_or_se")
_OF_RISKS = ("risk_ratio", "rr_low", "rr_high", "rr_level", "log_rr", "log_rr_se")
HAZARD = Model("HR", "hazard_ratio", pool, {"study": TRIAL}, reported("hr", "hr", "HR"), ("comparator", "n", *_HAZARD))
REPORTED_ODDS = Model(
    "OR", "odds_ratio", pool, {"study": TRIAL}, reported("odds_ratio", "or", "OR"), ("comparator", "n", *_OF_ODDS)
)
REPORTED_RISKS = Model(
    "RR", "risk_ratio", pool, {"study": TRIAL}, reported("risk_ratio", "rr", "RR"), ("comparator", "n", *_OF_RISKS)
)
MEDIAN = Model("MEDLN", "median", pool, {"study": TRIAL}, _medians, (*_REPORTED, "ci_level", "unit"))
_RATES, _TIMES = (ODDS, REPORTED_ODDS, REPORTED_RISKS, RISKS, RATE), (HAZARD, MEDIAN)
MODELS = {
    **dict.fromkeys(("orr", "cr", "dcr", "pfs_rate", "dfs_rate", "os_rate", "efs_rate", "tb"), _RATES),
    **dict.fromkeys(("pfs", "dfs", "os"), _TIMES),
    "efs": (*_TIMES, REPORTED_ODDS, REPORTED_RISKS),  # as reviews report it, not only as a time
    "dor": (MEDIAN,),
}
OWN = (HAZARD, *_RATES, MEDIAN)  # of an outcome of the user's own, by what its rows report
IF_REPORTED = {  # model -> columns; without figures in any of them nobody asked for it
    ODDS: ("events_comparator",), RISKS: ("events_comparator",), HAZARD: _HAZARD, MEDIAN: ("estimate",),
    REPORTED_ODDS: _OF_ODDS, REPORTED_RISKS: _OF_RISKS,
}  # fmt: skip


def by(model: Model, routes: tuple[str, ...]) -> Model:
    """Return a model that takes rows by these routes.

    Raises
    ------
    OptionError
        Where routes are asked for of what are no hazard ratios.
    """
    if routes == BY_INTERVAL:
        return model
    if model is not HAZARD:
        raise OptionError(
            f"{setting('routes', list(routes))} has no use: {plural(MEASURES[model.measure].natural)} are pooled, and "
            f"routes are of hazard ratios. Leave {option('routes')} out, or say {option('measure', 'HR')}."
        )
    shown = (*model.shown, "p_value", "events", "events_comparator", "estimate", "estimate_comparator")
    return replace(model, routes=routes, prepare=reported("hr", "hr", "HR", routes), shown=shown)


def check_options(options: Mapping[str, Any]) -> None:
    """Raise an OptionError where an option of the pool does not exist, before any work."""
    for name, records in (("method", TAU2_METHODS), ("ci", CI_METHODS), ("prediction", PREDICTION_METHODS)):
        if name in options:
            one_of(name, options[name], records)
    if "level" in options:
        confidence_level(options["level"])


def check_asked(outcome: object, by: object, measure: object, where: object) -> None:
    """Raise an OptionError where what is asked for is of a kind that none of these is, before any work."""
    texts(outcome=outcome, by=by, measure=measure)
    if where is not None and not isinstance(where, Mapping):
        like = option("where", {"line": "first"})
        raise OptionError(f"{option('where')} takes values by column, as in {like}, not {type(where).__name__}.")


def options_of(model: Model, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a model's pool: its columns, and what the user gives.

    Raises
    ------
    OptionError
        When the model has no use for an option.
    """
    for name in given:
        if name not in model.takes:
            raise OptionError(
                f"{setting(name, given[name])} has no use: {plural(MEASURES[model.measure].natural)} are pooled as the "
                "counts they are, by a binomial-normal model that is fitted by maximum likelihood. Leave "
                f"{option(name)} out."
            )
    return {**model.options, **given}


def tried(evidence: pd.DataFrame, outcome: str, measure: str | None, routes: tuple[str, ...]) -> list[Model]:
    """Return the models to try, the first that will do first."""
    known = MODELS.get(outcome, OWN)
    rows = evidence[evidence["outcome"].eq(outcome)]
    names_comparators = "comparator" in evidence and bool(evidence["comparator"].notna().any())

    def reports(model: Model) -> bool:
        wanted = (*IF_REPORTED.get(model, ()), *(by(model, routes).needed.columns if model is HAZARD else ()))
        columns = [c for c in wanted if c in rows]
        compares = model.needed.is_comparison and names_comparators
        asked = rows[rows["comparator"].notna()] if compares else rows
        return bool(asked[columns].notna().any(axis=None))

    if measure is None:
        some = [m for m in known if reports(m) or m is RATE or (m.measure in ("HR", "MEDLN") and outcome in MODELS)]
        return some or [known[0]]
    models = [m for m in known if m.measure == measure]
    if not models:
        measures = dict.fromkeys(m.measure for m in known)
        hint = of_value("measure", measure, measures)
        raise OptionError(
            f"{setting('measure', measure)} is not for {outcome}; choose from {', '.join(measures)}.{hint}"
        )
    return [m for m in models if reports(m)] or models[:1]
