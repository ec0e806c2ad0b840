"""Pools of counts by maximum likelihood, in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from ....analysis.pooling.counts.result import CountResult
from ....analysis.results.pooled import PooledResult
from ...journals import Journal
from ...texts.printer import Printer
from .. import PoolWords
from .family import pool_kind
from .notes import model_note
from .spread import estimated

REFERENCES = {"GLMM": "Stijnen, Hamza and Ozdemir 2010, doi:10.1002/sim.4040"}


def _model(r: CountResult, what: str, cited: list[str]) -> str:
    cited += [REFERENCES[r.method]] if r.method in REFERENCES else []
    name, _, how = (r.title[:1].lower() + r.title[1:]).partition(", ")
    more = f" ({how})" if how else ""
    return f"Counts were pooled by a {name}{more}, fitted by maximum likelihood, without continuity correction."


def _described(r: CountResult, printer: Printer) -> str:
    return "" if r.k == 1 else f"Heterogeneity was described by {r.spread[0]} and a likelihood-ratio test of {r.equal}."


def _differ(r: CountResult, printer: Printer) -> Iterable[str]:
    if r.k == 1:
        return
    symbol, value = r.spread
    shown = "not estimable" if math.isnan(value) else printer.journal.decimal(printer.journal.tau2(value))
    differ = f"{symbol} {shown}" if math.isnan(value) else f"{symbol} = {shown}"
    yield f"{differ}; likelihood-ratio test of {r.equal}: {printer.p(r.q_lrt_p)}"


def _line(r: CountResult, journal: Journal) -> str:
    spread = estimated(*r.spread, journal)
    return spread if r.k == 1 else f"{spread}; {r.equal}: {journal.p(r.q_lrt_p)}"


def _note(r: CountResult, pools: Sequence[PooledResult], shared: bool) -> str:
    test = "" if all(p.k == 1 for p in pools) else f"; {r.equal}: likelihood-ratio test"
    return model_note(f"{r.title} (maximum likelihood){test}", r, pools, shared)


WORDS = PoolWords(
    model=_model,
    heterogeneity_method=_described,
    heterogeneity_found=_differ,
    heterogeneity_line=_line,
    model_note=_note,
)
KIND = pool_kind("pool_glmm, pool_beta_binomial", WORDS)
