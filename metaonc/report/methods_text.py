"""methods_text: what was done, in the words of a manuscript."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import singledispatch
from typing import Any

from .._result import Provenance, Result, Text
from ..analysis.interaction.two_levels_result import InteractionResult
from ..analysis.pooling.bayes import BayesResult
from ..analysis.pooling.common_effect import CommonEffectResult
from ..analysis.pooling.count_results import CountResult
from ..analysis.pooling.intervals import CI_METHODS, PREDICTION_METHODS
from ..analysis.pooling.meta_result import MetaResult
from ..analysis.pooling.multilevel_result import MultilevelResult
from ..analysis.pooling.results import PooledResult
from ..analysis.pooling.subgroup_result import SubgroupResult
from ..analysis.pooling.tau2 import TAU2_METHODS
from ..analysis.survival import KaplanMeier
from ..errors import DataError
from .forest_notes import INTERVALS
from .survival_texts import survival_methods

# What the docstrings of the methods cite, and no more.
REFERENCES = {
    "MH": "Mantel and Haenszel 1959, doi:10.1093/jnci/22.4.719",
    "PETO": "Yusuf et al. 1985, doi:10.1016/s0033-0620(85)80003-7",
    "GLMM": "Stijnen, Hamza and Ozdemir 2010, doi:10.1002/sim.4040",
    "Bayes": "Roever 2020, doi:10.18637/jss.v093.i06",
    "multilevel": "Konstantopoulos 2011, doi:10.1002/jrsm.35",
    "interaction": "Fisher et al. 2017, doi:10.1136/bmj.j573",
}
COMMON = {"MH": "the Mantel-Haenszel method", "PETO": "Peto's method"}


def methods_text(result: Result) -> Text:
    """Return the paragraphs of a methods section that a result rests on, with their references.

    They follow the items of PRISMA 2020 on synthesis: effect measure (12), rows used and their preparation (13a, 13b),
    model, heterogeneity and software (13d), subgroups (13e). Nothing is said that was not done.

    Parameters
    ----------
    result
        What a pooling function, ``pool_subgroups``, ``interaction`` (of two levels) or ``kaplan_meier`` returned.

    Returns
    -------
    Text
        Paragraphs, the last of which lists the references.

    Raises
    ------
    DataError
        When `result` is none of these.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> print(str(mo.methods_text(r)).splitlines()[0])
    The effect measure was the hazard ratio, analysed as log hazard ratio.
    """
    if isinstance(result, KaplanMeier):
        return Text("\n\n".join(survival_methods(result)))
    overall = pool_of(result)
    cited: list[str] = []
    parts = [
        _measure(overall),
        _rows(result.provenance if isinstance(result, SubgroupResult) else overall.provenance),
        _dependent(overall),
        " ".join([_model(overall, cited), *_intervals(overall, cited), *_heterogeneity(overall)]),
        *([_groups(result)] if isinstance(result, SubgroupResult) else []),
        _software(overall.provenance),
    ]
    if cited:
        parts.append(f"References: {'; '.join(dict.fromkeys(cited))}.")
    return Text("\n\n".join(filter(None, parts)))


def pool_of(result: Any) -> PooledResult:
    """Return the pool of all trials that a result is, or has."""
    whole = result.overall if isinstance(result, SubgroupResult) else result
    if not isinstance(whole, PooledResult):
        raise DataError(f"a pooled result is wanted, not {type(result).__name__}.")
    return whole


def _measure(r: PooledResult) -> str:
    scale = r.record.label
    text = f"The effect measure was the {r.record.natural}"
    own = "" if scale == r.record.natural else f", analysed as {scale}"
    if isinstance(r, InteractionResult):
        first, second = r.contrast
        return f"{text} of {first} over {second} patients within each trial{own}."
    return f"{text}{own}."


def _rows(p: Provenance) -> str:
    """Return which rows were used, which were left out and which corrected, each with its reason."""
    parts = [f"Of {p.rows_in} rows {p.rows_used} were pooled." if p.dropped else ""]
    parts += [f"Left out: {'; '.join(p.dropped)}."] if p.dropped else []
    parts += [f"Corrected: {'; '.join(p.corrected)}."] if p.corrected else []
    return " ".join(filter(None, parts))


def _dependent(r: PooledResult) -> str:
    """Say that rows of one trial were taken as independent, where they were."""
    if r.trials == r.k or isinstance(r, MultilevelResult):
        return ""
    return f"The {r.k} rows come from {r.trials} trials; rows of one trial were taken as independent."


@singledispatch
def _model(r: PooledResult, cited: list[str]) -> str:
    raise DataError(f"there is no text for the model of a {type(r).__name__}.")


@_model.register
def _(r: MetaResult, cited: list[str]) -> str:
    if r.k == 1:
        return "One trial was available; nothing was pooled."
    if isinstance(r, InteractionResult):
        cited.append(REFERENCES["interaction"])
    what = "Differences within trials were" if isinstance(r, InteractionResult) else "Effects were"
    if r.provenance.settings.get("tau2") is not None:
        return f"{what} pooled by inverse variance with random effects, the variance between trials (τ²) being given."
    if r.method == "CE":
        return f"{what} pooled by inverse variance with a common effect."
    if r.method == "GENQ":
        return f"{what} pooled with weights of our own; τ² was estimated by the generalised Q statistic."
    record = TAU2_METHODS[r.method]
    cited.append(record.reference)
    return (f"{what} pooled by inverse variance with random effects; the variance between trials (τ²) was estimated by "
            f"{record.label}.")  # fmt: skip


@_model.register
def _(r: CommonEffectResult, cited: list[str]) -> str:
    cited.append(REFERENCES[r.method])
    return f"Effects were pooled by {COMMON[r.method]}, which takes the effect as common to all trials."


@_model.register
def _(r: CountResult, cited: list[str]) -> str:
    if r.method == "GLMM":
        cited.append(REFERENCES["GLMM"])
    model = r.title[:1].lower() + r.title[1:]
    return f"Counts were pooled by a {model}, fitted by maximum likelihood, without continuity correction."


@_model.register
def _(r: BayesResult, cited: list[str]) -> str:
    cited.append(REFERENCES["Bayes"])
    effect = "flat" if r.mu_prior is None else str(r.mu_prior)
    priors = f"the prior {r.tau_prior} of the standard deviation between trials (τ) and a {effect} prior of the effect"
    return f"Effects were pooled by a Bayesian random-effects model, with {priors}, integrated by quadrature."


@_model.register
def _(r: MultilevelResult, cited: list[str]) -> str:
    cited.append(REFERENCES["multilevel"])
    units = ", ".join(f"{count} of {name}" for name, count in zip(r.components, r.units, strict=True))
    how = "restricted maximum likelihood" if r.method == "REML" else "maximum likelihood"
    return f"Effects were pooled by a model with random effects of several levels ({units} units), fitted by {how}."


def _intervals(r: PooledResult, cited: list[str]) -> Iterable[str]:
    percent = f"{100 * r.level:g}%"
    if isinstance(r, BayesResult):
        yield f"Pooled effects are posterior medians with central {percent} credible intervals."
    elif r.k > 1:
        reference = CI_METHODS[r.ci].reference if r.ci in CI_METHODS else ""
        cited += [reference] if reference else []
        yield f"Confidence intervals ({percent}) are {INTERVALS[r.ci]} intervals."
    if not math.isnan(r.prediction_low):
        yield f"Prediction intervals ({percent}) are for the effect in a new trial ({_prediction(r)})."


def _prediction(r: PooledResult) -> str:
    if isinstance(r, BayesResult):
        return "posterior predictive"
    if r.prediction in PREDICTION_METHODS:
        return PREDICTION_METHODS[r.prediction].label.replace("k - ", "k − ")
    return f"degrees of freedom as the {INTERVALS[str(r.prediction)]} interval"  # of a robust result


def _heterogeneity(r: PooledResult) -> Iterable[str]:
    if isinstance(r, (MetaResult, CommonEffectResult)) and r.q_df:
        yield "Heterogeneity was described by " + ("" if is_common(r) else "τ², ") + "I² and Cochran's Q."
    elif isinstance(r, CountResult) and r.k > 1:
        yield f"Heterogeneity was described by {r.spread[0]} and a likelihood-ratio test of {r.equal}."


def is_common(r: PooledResult) -> bool:
    """Return whether a pool takes the effect as common to all trials."""
    return isinstance(r, CommonEffectResult) or r.method == "CE"


def _groups(result: SubgroupResult) -> str:
    shared = ", with one τ² for all of them" if result.common_tau2 else ""
    text = f"Subgroups by {result.by} ({', '.join(map(str, result.groups))}) were pooled separately{shared}"
    if math.isnan(result.q_between):
        return f"{text}; no test between them was made."
    other = " and by an F test with one τ²" if not math.isnan(result.f_between) else ""
    return f"{text}, and compared by a chi-square test of their pooled effects{other}."


def _software(p: Provenance) -> str:
    v = p.versions
    return f"Analyses were made with metaonc {v['metaonc']} (Python {v['python']}, numpy {v['numpy']})."
