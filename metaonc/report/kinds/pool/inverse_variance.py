"""Pools by inverse variance, in words."""

from __future__ import annotations

from collections.abc import Sequence

from ....analysis.methods.tau2 import TAU2_METHODS
from ....analysis.pooling.inverse_variance.result import MetaResult
from ....analysis.results.pooled import PooledResult
from .. import PoolWords
from . import spread
from .family import pool_kind
from .notes import model_note


def _model(r: MetaResult, what: str, cited: list[str]) -> str:
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


def _note(r: MetaResult, pools: Sequence[PooledResult], shared: bool) -> str:
    if r.provenance.settings.get("tau2") is not None:
        name = "Random effects (τ² given)"
    else:
        name = "Common effect (inverse variance)" if r.method == "CE" else f"Random effects ({r.method})"
    return model_note(name, r, pools, shared)


WORDS = PoolWords(
    model=_model,
    heterogeneity_method=spread.described,
    heterogeneity_found=spread.differ,
    heterogeneity_line=spread.line,
    model_note=_note,
)
KIND = pool_kind("pool", WORDS)
