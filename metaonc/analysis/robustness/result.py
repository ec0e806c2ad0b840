"""What robustness returns."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ...base.caution import Caution, named
from ...base.digits import in_percent, p_said, plain
from ...base.result import Provenance, Result, Text
from ..bias.asymmetry.regression_result import RegressionTestResult
from ..results.pooled import PooledResult
from ..sensitivity.all_subsets.result import GoshResult
from ..sensitivity.case_deletion.result import InfluenceResult
from ..sensitivity.choices.result import MultiverseResult
from ..sensitivity.event_changes.result import FragilityResult
from ..sensitivity.overturning.e_value_result import EValueResult
from ..sensitivity.overturning.tipping_result import TippingPointResult
from ..sensitivity.several_left_out.result import LeaveKOutResult
from .statements import HOLDS, MOVES, Statement, Words, capital, conclusion, statements

WIDTH = 100  # of a printed page
WORDS = Words(replace(plain, trim=False), p_said)  # effects of one page have the same digits
PARTS = {
    "multiverse": "choices", "small_study": "small-study effects", "tipping_point": "a further trial",
    "fragility": "fragility", "e_value": "confounding",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RobustnessResult(Result):
    """What moves the conclusion of a pool, and what does not.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    single, pairs, influence, gosh, multiverse, small_study, tipping_point, fragility, e_value
        What each question found, a result of its own; None where it cannot be asked.
    skipped
        What was not asked -> why.
    benchmark
        What intervals are compared with, on the scale of analysis; None where there is nothing.
    whole
        The pool.
    provenance
        That of the pool.
    """

    single: LeaveKOutResult | None
    pairs: LeaveKOutResult | None
    influence: InfluenceResult | None
    gosh: GoshResult | None
    multiverse: MultiverseResult | None
    small_study: RegressionTestResult | None
    tipping_point: TippingPointResult | None
    fragility: FragilityResult | None
    e_value: EValueResult | None
    skipped: Mapping[str, str]
    benchmark: float | None
    whole: PooledResult
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("holds", "moves")

    @property
    def statements(self) -> list[Statement]:
        """What each question found, in plain words."""
        return statements(self, WORDS)

    @property
    def table(self) -> pd.DataFrame:
        """One row a question: check, verdict (``holds``, ``moves``, or empty where it has none) and finding."""
        return pd.DataFrame(self.statements, columns=["check", "verdict", "finding"])

    @property
    def holds(self) -> int:
        """How many questions left the conclusion as it is."""
        return sum(s.verdict == HOLDS for s in self.statements)

    @property
    def moves(self) -> int:
        """How many questions moved it."""
        return sum(s.verdict == MOVES for s in self.statements)

    def _cautions(self) -> list[Caution]:
        own = self.whole.cautions
        texts = {c.text for c in own}
        found = ((name, getattr(self, part)) for part, name in PARTS.items())
        more = chain.from_iterable(
            named(name, [c for c in r.cautions if c.text not in texts]) for name, r in found if r is not None
        )
        return [*own, *more]

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a question; findings are words."""
        t = self.table
        return pd.DataFrame({"term": t["check"], "type": "check", "verdict": t["verdict"], "finding": t["finding"]})

    def _glance(self) -> list[dict[str, Any]]:
        names = ("k", "estimate", "ci_low", "ci_high", "p_value", "tau2", "i2", "method", "ci", "level", "measure")
        return self._row(**{name: getattr(self.whole, name, np.nan) for name in names})

    def r_code(self) -> Text:
        """Return the R script of the pool; each part has its own."""
        return self.whole.r_code()

    def _lines(self) -> list[str]:
        r = self.whole
        said = conclusion(self, WORDS)
        lines = [
            f"Would the conclusion survive? {r.k} trials, {r.method}, {in_percent(r.level)} % interval {r.ci}",
            *_wrapped(said, ""),
        ]
        for s in self.statements:
            verdict = f" {s.verdict.upper()}." if s.verdict else ""
            lines += _wrapped(f"{capital(s.check)}:{verdict} {capital(s.finding)}", "- ")
        if self.skipped:
            lines += [
                "Not asked:",
                *chain.from_iterable(_wrapped(f"{n}: {why}", "- ") for n, why in self.skipped.items()),
            ]
        return lines


def _wrapped(text: str, first: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=" " * len(first))
