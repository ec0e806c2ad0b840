"""The multiverse of a pool of counts: which models, intervals, corrections and measures, and their table."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from .....base.check import one_of
from .....base.messages.advice import option
from .....errors import DataError, OptionError
from ....effects.measures import MEASURES
from ....methods.intervals import from_covariance
from ....methods.tau2 import TAU2_METHODS
from ....pooling.common_effect.result import CommonEffectResult
from ....pooling.counts.result import CountResult
from ....results.studies import Studies
from ...conclusions import null_on_analysis
from ..effects import refuse_other_scale
from ..result import MultiverseResult
from ..shares import shares_of
from ..specifications import FIRST, LEAST, Specifications, named, null_of
from ..trials import sets_of
from .first import first_pool
from .models import CORRECTIONS, COUNT_MODELS, INVERSE, OF_RATIO, RARE, InverseVariance, own_code, unasked
from .specifications import specifications

KINDS = (CommonEffectResult, CountResult)
ESTIMATORS, INTERVALS, TO = ("REML",), ("wald", "t", "HKSJ"), ("only0", "all")
RULE = (
    "the models that take counts as they are (Peto's method and CM.AL, which are for rare events, where at most "
    f"{RARE:.0%} of all patients have events), with Wald's and, where they have it, the t interval; and inverse "
    "variance with REML by these and HKSJ, with 1/2 added in trials with an empty cell or in all"
)


def of_counts(
    data: Any, study: str | None, *, models: Sequence[str] | str | None, estimators: Sequence[str] | str | None,
    intervals: Sequence[str] | str | None, measures: Sequence[str] | None, corrections: Sequence[str] | str | None,
    exclude: Mapping[str, Any] | None, cuts: str | None, assessors: str | None, benchmark: float | None,
    reserved: Sequence[str],
) -> MultiverseResult:  # fmt: skip
    """Return the multiverse of counts, of a pool or of a table of effects; arguments are those of ``multiverse``."""
    whole, studies = _whole(data, study, models, cuts, assessors)
    own, measure = own_code(whole), OF_RATIO.get(whole.measure, whole.measure)
    if whole.k < LEAST:
        raise DataError("one trial leaves nothing to choose; two are the least.")
    if whole.ci not in COUNT_MODELS[own].intervals[measure]:
        raise OptionError(f"ci={whole.ci!r}: all patients respond, or none does, and no choice changes that.")
    null_on_analysis(whole, benchmark)  # or an error
    wanted = _measures(measure, measures)
    methods = _methods(whole, own, measure, wanted, models, estimators, corrections)
    cis = _intervals(whole.ci, methods, wanted, intervals)
    sets = sets_of(studies, studies.labels, exclude, cuts, assessors)
    for name in sets.names:
        if name in reserved:
            raise OptionError(f"exclude: {name!r} is a column of the table that is returned; name it otherwise.")
    natural = len({MEASURES[code].inverse for code in wanted}) > 1
    points = whole.provenance.settings.get("points")
    found = specifications(studies, sets, wanted, methods, cis, whole.level, benchmark, natural, points)
    codes = tuple(m if isinstance(m, str) else m.code for m in methods)
    options = dict(zip((*FIRST, *sets.names), (tuple(wanted), codes, tuple(cis), *sets.options), strict=True))
    gone = (found.numbers["reason"] != "").to_numpy()
    there = Specifications(found.codes[~gone], found.numbers[~gone].drop(columns="reason").reset_index(drop=True))
    settings = {
        **whole.provenance.settings,
        "benchmark": benchmark,
        "choices": {name: list(some) for name, some in options.items()},
        "rule": RULE if None in (models, intervals) else "",
    }
    null = null_of(measure, benchmark)
    both = {(i, j) for i, m in enumerate(methods) for j, ci in enumerate(cis) if ci in _of(m, wanted, cis)}
    return MultiverseResult(
        table=pd.concat([named(there.codes, options), there.numbers], axis=1),
        not_pooled=pd.concat(
            [named(found.codes[gone], options),
             found.numbers.loc[gone, ["set", "k", "reason"]].reset_index(drop=True)], axis=1,
        ),
        shares=shares_of(there.codes, there.numbers, options, both, null,
                         null is not None and float(whole.natural(whole.estimate)) >= null),
        benchmark=null,
        natural_scale=natural,
        studies=studies,
        sets=sets.rows.astype(float),
        whole=whole,
        provenance=dataclasses.replace(whole.provenance, verb="sensitivity.multiverse", settings=settings, notes=()),
    )  # fmt: skip


def _whole(
    data: Any, study: str | None, models: Sequence[str] | str | None, cuts: str | None, assessors: str | None
) -> tuple[Any, Studies]:
    """Return the pool of the first specification, and all rows that there are to choose from."""
    if isinstance(data, KINDS):
        if study is not None:
            raise OptionError("study: it names a column of a table; this pool knows its trials.")
        return data, data.studies
    wanted = _listed("models", models, [*COUNT_MODELS, INVERSE])
    return first_pool(
        data, study, wanted, lambda studies: sets_of(studies, studies.labels, None, cuts, assessors).rows[0]
    )


def _listed(name: str, asked: Any, all_: Sequence[str]) -> list[str]:
    """Return codes that were named, each once."""
    if isinstance(asked, str):
        if asked == "all":
            return list(all_)
        raise OptionError(f"{name}={asked!r} must be a list of codes, such as {option(name, [asked])}, or 'all'.")
    return list(dict.fromkeys(one_of(name, code, all_) for code in asked))


def _measures(own: str, asked: Sequence[str] | None) -> list[str]:
    """Return the measures: the pool's own first."""
    if isinstance(asked, str):
        raise OptionError(f"measures={asked!r} must be a list of codes, such as measures=['OR', 'RR'].")
    found = [own]
    for code in dict.fromkeys(asked or ()):
        one_of("measures", code, MEASURES)
        if code in OF_RATIO:
            raise OptionError(f"measures: {code!r} is a way to pool the measure {OF_RATIO[code]}; name it in models=.")
        if code != own:
            refuse_other_scale(own, code)
            if MEASURES[code].roles != MEASURES[own].roles:
                raise OptionError(f"measures: {code!r} is made of other columns than {own!r}.")
            found.append(code)
    return found


def _methods(
    whole: Any, own: str, measure: str, measures: Sequence[str], models: Sequence[str] | str | None,
    estimators: Sequence[str] | str | None, corrections: Sequence[str] | str | None,
) -> list[str | InverseVariance]:  # fmt: skip
    """Return the models, that of the pool first, and pools of effects last."""
    fit = [code for code, m in COUNT_MODELS.items() if set(measures) & set(m.intervals)]
    asked = unasked(measure, _rate(whole)) if models is None else _listed("models", models, [*fit, INVERSE])
    found: list[str | InverseVariance] = list(dict.fromkeys([own, *(code for code in asked if code != INVERSE)]))
    if INVERSE not in asked:
        for name, value in (("estimators", estimators), ("corrections", corrections)):
            if value is not None:
                raise OptionError(f"{name}: of pools by inverse variance; name {INVERSE!r} among the models too.")
        return found
    by = ESTIMATORS if estimators is None else _listed("estimators", estimators, list(TAU2_METHODS))
    to = TO if corrections is None else _listed("corrections", corrections, list(CORRECTIONS))
    return [*found, *(InverseVariance(method, rows) for method in by for rows in to)]


def _rate(whole: Any) -> float:
    """Return the share of all patients that has events; 0 of person-time."""
    counts = {role: whole.studies.column(column).sum() for role, column in whole.studies.roles.items()}
    patients = sum(x for role, x in counts.items() if role.startswith("n"))
    return float(sum(x for role, x in counts.items() if role.startswith("events")) / patients) if patients else 0.0


def _of(method: str | InverseVariance, measures: Sequence[str], cis: Sequence[str]) -> list[str]:
    """Return which intervals go with a model."""
    if isinstance(method, InverseVariance):
        return [ci for ci in cis if method.fits(ci)]
    return [ci for ci in cis if any(ci in COUNT_MODELS[method].intervals.get(m, ()) for m in measures)]


def _intervals(
    own: str, methods: Sequence[str | InverseVariance], measures: Sequence[str], asked: Sequence[str] | str | None
) -> list[str]:
    """Return the intervals, that of the pool first; each model must have one."""
    all_ = list(dict.fromkeys([*(ci for m in COUNT_MODELS.values() for some in m.intervals.values() for ci in some),
                               *from_covariance()]))  # fmt: skip
    wanted = list(INTERVALS) if asked is None else _listed("intervals", asked, all_)
    cis = list(dict.fromkeys([own, *wanted]))
    for method in methods:
        if not _of(method, measures, cis):
            code = method if isinstance(method, str) else method.code
            raise OptionError(
                f"intervals: {code!r} has none of {cis}; add one of {_of(method, measures, all_)}, or leave it out."
            )
    return [ci for ci in cis if any(ci in _of(m, measures, cis) for m in methods)]
