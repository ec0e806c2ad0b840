"""Pools of counts by Mantel and Haenszel's and by Peto's method, in words."""

from __future__ import annotations

from collections.abc import Sequence

from ....analysis.pooling.common_effect.result import CommonEffectResult
from ....analysis.results.pooled import PooledResult
from .. import PoolWords
from . import spread
from .family import pool_kind
from .notes import model_note

# method -> its name in a figure, in a sentence, and its reference
METHODS = {
    "MH": ("Mantel-Haenszel", "the Mantel-Haenszel method", "Mantel and Haenszel 1959, doi:10.1093/jnci/22.4.719"),
    "PETO": ("Peto", "Peto's method", "Yusuf et al. 1985, doi:10.1016/s0033-0620(85)80003-7"),
}


def _model(r: CommonEffectResult, what: str, cited: list[str]) -> str:
    _, name, reference = METHODS[r.method]
    cited.append(reference)
    return f"{what} pooled by {name}, which takes the effect as common to all trials."


def _note(r: CommonEffectResult, pools: Sequence[PooledResult], shared: bool) -> str:
    return model_note(f"Common effect ({METHODS[r.method][0]})", r, pools, shared)


WORDS = PoolWords(
    model=_model,
    heterogeneity_method=spread.described,
    heterogeneity_found=spread.differ,
    heterogeneity_line=spread.line,
    model_note=_note,
)
KIND = pool_kind("pool_mantel_haenszel, pool_peto", WORDS)
