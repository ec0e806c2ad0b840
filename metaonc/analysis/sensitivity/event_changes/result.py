"""What fragility and fragility_of_trials return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from ....base.caution import Caution
from ....base.digits import in_percent, p_said, plain
from ....base.html import listed
from ....base.result import Provenance, Result, TableResult, Text
from ...interaction.wording import LIMITS
from ...pooling.inverse_variance.result import MetaResult
from . import rcode
from .tests import TRIAL_TESTS

MEANS = (
    "the fragility index measures distance from a p-value and grows with the size of trials; it tells neither bias nor "
    "precision"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class FragilityResult(Result):
    """How few patients decide whether a pool is significant, by the greedy path.

    Attributes
    ----------
    index, quotient
        Number of patients, and that over all patients.
    path
        One row a patient: trial, arm, becomes (``event`` or ``no event``), and the pool after the change: estimate,
        ci_low, ci_high, on the scale of analysis.
    before, after
        study, events_t, n_t, events_c, n_c, as they are and after the path.
    whole
        The pool.
    provenance
        That of the pool.
    """

    index: int
    quotient: float
    path: pd.DataFrame
    before: pd.DataFrame
    after: pd.DataFrame
    whole: MetaResult
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("index", "quotient", "significant")

    @property
    def significant(self) -> bool:
        """Whether the interval of the pool excludes no effect."""
        null = self.whole.record.null
        return null is not None and bool(self.whole.ci_low > null or self.whole.ci_high < null)

    def _cautions(self) -> list[Caution]:
        return [*self.whole.cautions, Caution(text=MEANS)]

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row for the pool, and one for the pool after each change."""
        r, p = self.whole, self.path
        steps = enumerate(zip(p["trial"], p["arm"], strict=True), start=1)
        rows = pd.DataFrame({
            "term": ["overall", *(f"{number}: {trial}, {arm}" for number, (trial, arm) in steps)],
            "type": ["summary", *["change"] * len(p)], "becomes": ["", *p["becomes"]],
            **{name: [getattr(r, name), *p[name]] for name in LIMITS}, "interval": r.ci,
        })  # fmt: skip
        return rows.assign(**{name: r.natural(rows[name].to_numpy()) for name in LIMITS}) if transform else rows

    def _glance(self) -> list[dict[str, Any]]:
        names = ("k", "estimate", "ci_low", "ci_high", "p_value", "tau2", "method", "ci", "level", "measure")
        return self._row(**{name: getattr(self.whole, name) for name in names})

    def r_code(self) -> Text:
        """Return the R script of the same search with metafor; it fits each change by itself, and takes its time."""
        r = self.whole
        asked: dict[str, Any] = {"method": r.method, "ci": r.ci, "level": r.level, "null": float(r.record.null or 0.0)}
        given = r.provenance.settings["tau2"] is not None
        return Text(rcode.pool(self.before, r.measure, tau2=r.tau2, given=given, **asked))

    def _lines(self) -> list[str]:
        was, will = ("significant", "no more") if self.significant else ("not significant", "significant")
        patients = int(self.before["n_t"].sum() + self.before["n_c"].sum())
        interval = f"{self.whole.record.natural}, {in_percent(self.whole.level)} % CI"
        return [
            f"Fragility index {self.index}: the pool is {was} ({interval}), and {will} after {self.index} of "
            f"{patients} patients change",
            f"Fragility quotient {plain(self.quotient)}; greedy path, in which a shorter one may be missed",
            listed(self.tidy(transform=True)[["term", "becomes", *LIMITS]], plain),
        ]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class TrialFragilityResult(TableResult):
    """How few patients decide the test of each trial.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    table
        One row a trial: study, events_t, n_t, events_c, n_c, p_value, significant, index, quotient (index over its
        patients), change_t, change_c (of the events of each arm, in one such case); NaN where nothing alters the test.
    test, level
        As asked: significant is p below 1 - level.
    """

    table: pd.DataFrame
    test: str
    level: float
    provenance: Provenance

    @property
    def k(self) -> int:
        """Number of trials."""
        return len(self.table)

    def _cautions(self) -> list[Caution]:
        return [Caution(text=MEANS)]

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a trial; tests are the same on every scale."""
        return self.table.rename(columns={"study": "term"}).assign(type="trial")

    def _glance(self) -> list[dict[str, Any]]:
        known = self.table["index"].dropna()
        ends = {"index_low": known.min(), "index_median": known.median(), "index_high": known.max()}
        return self._row(test=self.test, significant=int(self.table["significant"].sum()), **ends)

    def r_code(self) -> Text:
        """Return the R script of the same search."""
        return Text(rcode.trials(self.table, TRIAL_TESTS[self.test].r, self.level))

    def _lines(self) -> list[str]:
        shown = self.table.assign(p_value=[p_said(p).removeprefix("p ") for p in self.table["p_value"]])
        return [
            f"Fragility of {len(self)} trials: {TRIAL_TESTS[self.test].label}, p < {plain(1 - self.level)}",
            listed(shown.drop(columns=["change_t", "change_c"]).rename(columns={"study": ""}), plain),
        ]
