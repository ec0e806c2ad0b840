"""Pools by inverse variance, in words."""

from __future__ import annotations

from collections.abc import Sequence

from ....analysis.methods.tau2 import GENQ, TAU2_METHODS, is_common
from ....analysis.pooling.inverse_variance.covariance import sharing
from ....analysis.pooling.inverse_variance.result import MetaResult
from ....analysis.results.pooled import PooledResult
from .. import PoolWords
from . import spread
from .family import pool_kind
from .notes import model_note

GLESER_OLKIN = "Gleser and Olkin 2009, in The Handbook of Research Synthesis and Meta-Analysis"
WOODS = "Woods, Hawkins and Scott 2010, doi:10.1186/1471-2288-10-54"


def _model(r: MetaResult, what: str, cited: list[str]) -> str:
    if r.studies.covariance is not None:
        return _correlated(r, what, cited)
    if r.provenance.settings.get("tau2") is not None:
        return f"{what} pooled by inverse variance with random effects, the variance between trials (τ²) being given."
    if is_common(r.method):
        return f"{what} pooled by inverse variance with a common effect."
    if r.method == GENQ:
        return f"{what} pooled with weights of our own; τ² was estimated by the generalised Q statistic."
    record = TAU2_METHODS[r.method]
    cited.append(record.reference)
    return (f"{what} pooled by inverse variance with random effects; the variance between trials (τ²) was estimated by "
            f"{record.label}.")  # fmt: skip


def _correlated(r: MetaResult, what: str, cited: list[str]) -> str:
    """Return the sentences on effects whose sampling errors are correlated."""
    if r.provenance.settings["tau2"] is not None:
        effect = "random effects, one a row, the variance between them (τ²) being given"
    elif is_common(r.method):
        effect = "a common effect"
    else:
        record = TAU2_METHODS[r.method]
        cited.append(record.reference)
        effect = f"random effects, one a row; the variance between them (τ²) was estimated by {record.label}"
    text = f"{what} pooled by generalised least squares with {effect}."
    if r.provenance.settings["shared"] is None:
        return f"{text} Sampling errors of rows were taken as correlated, with covariances as given."
    cited += [GLESER_OLKIN] + [WOODS] * (r.measure == "HR")
    part = "1/events of that arm" if r.measure == "HR" else "that arm's part of the variance"
    who = "; ".join(sharing(r.studies, r.provenance.settings["shared"]))
    return (
        f"{text} Sampling errors of rows that share a control arm were taken as correlated ({who}): the covariance is "
        f"{part}."
    )


def _note(r: MetaResult, pools: Sequence[PooledResult], shared: bool) -> str:
    if r.provenance.settings.get("tau2") is not None:
        name = "Random effects (τ² given)"
    else:
        name = "Common effect (inverse variance)" if is_common(r.method) else f"Random effects ({r.method})"
    if r.studies.covariance is not None:
        name += ", correlated sampling errors (generalised least squares)"
    return model_note(name, r, pools, shared)


WORDS = PoolWords(
    model=_model,
    heterogeneity_method=spread.described,
    heterogeneity_found=spread.differ,
    heterogeneity_line=spread.line,
    model_note=_note,
)
KIND = pool_kind("pool", WORDS)
