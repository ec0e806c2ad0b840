"""Multilevel pools, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from ....analysis.pooling.multilevel.nesting import NestedEffects
from ....analysis.pooling.multilevel.result import MultilevelResult
from ....analysis.results.pooled import PooledResult
from ....base.digits import significant, statistic, whole_percent
from ...journals import Journal
from ...texts.printer import Printer, listed, several
from .. import PoolWords
from .family import pool_kind
from .notes import model_note

REFERENCE = "Konstantopoulos 2011, doi:10.1002/jrsm.35"
ROBUST = "Pustejovsky and Tipton 2022, doi:10.1007/s11121-021-01246-3"


def _model(r: MultilevelResult, what: str, cited: list[str]) -> str:
    cited.append(REFERENCE)
    text = f"{what} pooled by a multilevel model {nested_in(r)}."
    robust = robust_over(r, cited)
    return f"{text} {robust}" if robust else text


def nested_in(r: NestedEffects) -> str:
    """Return the random effects of a model and how it was fitted, after its name."""
    nested = listed(f"{name} ({several(count, 'unit')})" for name, count in zip(r.components, r.units, strict=True))
    how = "restricted maximum likelihood" if r.method == "REML" else "maximum likelihood"
    return f"with random effects of {nested}, fitted by {how}"


def robust_over(r: NestedEffects, cited: list[str]) -> str:
    """Return the sentence on clusters that standard errors are robust over; empty where they are not."""
    if r.cluster is None:
        return ""
    cited.append(ROBUST)
    return f"Standard error and test are robust to dependence within {r.clusters} clusters of {r.cluster}."


def _described(r: MultilevelResult, printer: Printer) -> str:
    shares = "the variance of each level (σ²), its share of the total (I²)"
    return f"Heterogeneity was described by {shares} and {printer.cochran}."


def _differ(r: MultilevelResult, printer: Printer) -> Iterable[str]:
    variances = zip(r.components, np.asarray(r.sigma2), np.asarray(r.i2), strict=True)
    levels = (f"{printer.significant(v)} for {name} ({whole_percent(i2)}% of the total)" for name, v, i2 in variances)
    yield f"the variance σ² was {listed(levels)}"
    yield printer.plain(printer.journal.q.format(q=statistic(r.q), df=r.q_df, p=printer.p(r.q_p)))


def _line(r: MultilevelResult, journal: Journal) -> str:
    parts = zip(r.components, r.sigma2, strict=True)
    return "; ".join(f"σ² of {level} = {significant(value)}" for level, value in parts)


def _note(r: MultilevelResult, pools: Sequence[PooledResult], shared: bool) -> str:
    return model_note(f"Random effects ({r.method})", r, pools, shared)


WORDS = PoolWords(
    model=_model,
    heterogeneity_method=_described,
    heterogeneity_found=_differ,
    heterogeneity_line=_line,
    model_note=_note,
)
KIND = pool_kind("pool_multilevel", WORDS)
