"""What certainty returns."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ...base.caution import Caution
from ...base.digits import in_percent, plain
from ...base.messages.advice import option
from ...base.result import Provenance, TableResult, Text
from ...data.risk_of_bias.assessment import RiskOfBias
from ..results.pooled import PooledResult
from .domains import DOMAINS, RISK_OF_BIAS
from .question import NOT_JUDGED, STATED

LEVELS = ("very low", "low", "moderate", "high")
SIGNS = {"high": "⊕⊕⊕⊕", "moderate": "⊕⊕⊕◯", "low": "⊕⊕◯◯", "very low": "⊕◯◯◯"}
DESIGNS = ("randomised", "non-randomised", "single-arm")
STARTS = ("high", "low")
NO_VERDICT = (
    "ratings of certainty are suggestions by stated rules, no verdict: people judge each domain, and may judge "
    "otherwise"
)
NO_RISE = (
    "certainty is rated up here though a domain is rated down or not judged, which GRADE advises against: evidence "
    "with no such limit alone is rated up"
)
WIDTH = 110
DOWN_BY = {0: "no reason to rate down", -1: "rate down by one level", -2: "rate down by two levels"}
UP_BY = {0: "no reason to rate up", 1: "rate up by one level", 2: "rate up by two levels"}
UPWARDS = {domain.name for domain in DOMAINS if domain.upwards}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CertaintyResult(TableResult):
    """What the numbers of a pool suggest of the certainty of its evidence.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    table
        One row a domain of GRADE: domain, levels (by how many the certainty is rated down, negative, or up; NaN where
        it is not judged), reason, figure (the number behind it), source (``suggested``, ``stated`` or ``not judged``).
    outcome
        Its name; empty where nobody said.
    design
        Of the trials.
    start
        Where the certainty starts: ``high`` or ``low``.
    minimal_difference, threshold
        As they were stated, on the natural scale; None where they were not.
    assessment
        The judgements of risk of bias; None without.
    whole
        The pool.
    provenance
        That of the pool.
    """

    table: pd.DataFrame
    outcome: str
    design: str
    start: str
    minimal_difference: float | None
    threshold: float | None
    assessment: RiskOfBias | None
    whole: PooledResult
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("overall", "design", "start")

    @property
    def overall(self) -> str:
        """What follows if all suggestions are taken, and domains that are not judged change nothing."""
        levels = LEVELS.index(self.start) + int(np.nansum(self.table["levels"]))
        return LEVELS[min(max(levels, 0), len(LEVELS) - 1)]

    @property
    def signs(self) -> str:
        """The same as GRADE prints it."""
        return SIGNS[self.overall]

    @property
    def not_judged(self) -> list[str]:
        """Domains of which neither numbers nor people say anything."""
        return [str(name) for name in self.table["domain"][self.table["source"] == NOT_JUDGED]]

    @property
    def overall_said(self) -> str:
        """The same as a sentence, with what is not judged."""
        open_ones = self.not_judged
        rest = f", and what is not judged ({', '.join(open_ones)}) changes nothing" if open_ones else ""
        taken = "If all suggestions are taken" if (self.table["source"] != STATED).any() else "As stated"
        return f"{taken}{rest}, the certainty is {self.overall} ({self.signs})"

    def suggestions(self) -> list[str]:
        """Return what is suggested of each domain, in words."""
        words = []
        for name, levels in zip(self.table["domain"], self.table["levels"], strict=True):
            words.append(NOT_JUDGED if np.isnan(levels) else (UP_BY if name in UPWARDS else DOWN_BY)[int(levels)])
        return words

    def _cautions(self) -> list[Caution]:
        rated_up = self.table["levels"].gt(0)
        doubtful = self.table["levels"].lt(0) | self.table["source"].eq(NOT_JUDGED) & ~self.table["domain"].isin(
            UPWARDS
        )
        no_rise = [Caution(text=NO_RISE)] if rated_up.any() and doubtful.any() else []
        return [*self.whole.cautions, *no_rise, Caution(text=NO_VERDICT)]

    def _advice(self) -> list[str]:
        return [
            f"give judgements of {domain.name} by {option(domain.argument)}" if domain.name == RISK_OF_BIAS
            else f"state {domain.name} by {option(domain.argument, ('serious', 'why'))}"
            for domain in DOMAINS if domain.name in self.not_judged and not domain.upwards
        ]  # fmt: skip

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a domain; levels are its estimate."""
        t = self.table.rename(columns={"domain": "term", "levels": "estimate"})
        return t.assign(type="domain", suggestion=self.suggestions())

    def _glance(self) -> list[dict[str, Any]]:
        names = ("k", "estimate", "ci_low", "ci_high", "tau2", "method", "ci", "level", "measure")
        own = {name: getattr(self.whole, name) for name in names}
        return self._row(**own, not_judged=len(self.not_judged))

    def r_code(self) -> Text:
        """Return the R script of the pool; the judgement of certainty has none."""
        return self.whole.r_code()

    def _lines(self) -> list[str]:
        r = self.whole
        factor, unit = (100.0, " %") if r.record.scale == "percent" else (1.0, "")
        estimate, low, high = plain.of(*(factor * float(r.natural(x)) for x in (r.estimate, r.ci_low, r.ci_high)))
        of = f" of {self.outcome}" if self.outcome else ""
        lines = [
            f"Certainty of the evidence{of} (GRADE), {self.design} trials, start {self.start}",
            f"{r.record.natural[:1].upper()}{r.record.natural[1:]} {estimate}{unit} ({in_percent(r.level)} % "
            f"{r.model_facts.interval_label} {low} to {high}), {r.trials} trial{'s' * (r.trials != 1)}",
        ]
        for row, suggestion in zip(self.table.to_dict("records"), self.suggestions(), strict=True):
            said = "" if row["source"] != STATED else " (stated)"
            figure = f" [{row['figure']}]" if row["figure"] else ""
            lines += _wrapped(f"{row['domain']}: {suggestion.upper()}{said}. {row['reason'][:1].upper()}"
                              f"{row['reason'][1:]}{figure}")  # fmt: skip
        return [*lines, *textwrap.wrap(f"{self.overall_said}.", WIDTH)]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="- ", subsequent_indent="  ")
