"""What multiverse returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.digits import in_percent, percentage, plain
from ....base.html import listed
from ....base.result import Provenance, TableResult, Text
from ...effects.measures import MEASURES
from ...methods.intervals import CI_METHODS
from ...methods.tau2 import TAU2_METHODS
from ...numeric.wls import Floats
from ...pooling.counts.glmm_intervals import GLMM_INTERVALS
from ...pooling.inverse_variance.result import MetaResult
from ...results.pooled import PooledResult
from ...results.studies import Studies
from ..conclusions import CONCLUSIONS
from . import rcode
from .counts import rcode as count_rcode
from .counts.models import CORRECTIONS, label_of_method
from .specifications import ENDS

NOT_EVIDENCE = (
    "specifications rest on the same trials, so that shares of them are no probabilities: they tell how far the result "
    "depends on the choices that were gone through, and nothing of others"
)
TWO_MEANS = (
    "the mixed model and inverse variance estimate the rate of the median trial, the beta-binomial model the mean rate "
    "over trials: some of the spread between models is that of what they estimate"
)
NO_ESTIMATE = "{gone} of {all} specifications have no estimate and are in no share; not_pooled tells why"
NAMED = {"measure": "measure", "method": "estimator of τ²", "ci": "confidence interval"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MultiverseResult(TableResult):
    """Pools by every combination of choices.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    table
        One row a specification: its choices (measure, method, ci, and those of trials), set (its row of `sets`), k,
        estimate, ci_low, ci_high, se, p_value, tau2, i2 (percent) and conclusion: ``below``, ``includes`` or ``above``
        no effect or the benchmark; empty where there is none. On the scale of analysis, unless `natural_scale`. The
        first row is the pool itself.
    shares
        One row a choice of two options or more: choice, options (how many), alone (share in the variance of the
        estimates that its means make), share (the same with its part of what choices make together; these add up to 1),
        and share_limit: that in the variance of the limit nearest to no effect. Over the intervals that go with every
        estimator or model, or all where there is none.
    not_pooled
        One row a specification of a pool of counts that has no estimate: its choices, set, k and reason.
    benchmark
        What intervals are compared with, on the natural scale; None where there is nothing.
    natural_scale
        Whether estimates are on the natural scale, since the measures have different scales of analysis.
    studies
        All rows that there were to choose from.
    sets
        Which rows are in each set, 1 or 0, (sets, rows).
    whole
        The pool of the first specification.
    provenance
        That of the pool; its settings hold the choices with their options.
    """

    table: pd.DataFrame
    shares: pd.DataFrame
    not_pooled: pd.DataFrame
    benchmark: float | None
    natural_scale: bool
    studies: Studies
    sets: Floats
    whole: PooledResult
    provenance: Provenance

    @property
    def choices(self) -> dict[str, tuple[str, ...]]:
        """Options of each choice."""
        return {name: tuple(some) for name, some in self.provenance.settings["choices"].items()}

    def name_of(self, choice: str) -> str:
        """Return what a choice is called in words."""
        return "model" if choice == "method" and self.of_counts else NAMED.get(choice, choice)

    def label_of(self, choice: str, code: str) -> str:
        """Return the words of a measure, a method or an interval."""
        if choice == "measure":
            return MEASURES[code].label
        if choice == "ci":
            return (CI_METHODS if code in CI_METHODS else GLMM_INTERVALS)[code].label
        return label_of_method(code) if self.of_counts else TAU2_METHODS[code].label

    @property
    def codes_said(self) -> str:
        """Sentence on what the codes of corrections mean; empty where there are none."""
        ends = dict.fromkeys(code.split(" ")[1] for code in self.choices["method"] if " " in code)
        return f"{'; '.join(f'{to}: {CORRECTIONS[to]}' for to in ends)}." if ends else ""

    @property
    def of_counts(self) -> bool:
        """Whether it is of models of counts, and not of estimators of tau² alone."""
        return not isinstance(self.whole, MetaResult)

    @property
    def agreement(self) -> float:
        """Share of the specifications whose conclusion is that of the pool; NaN without a line of no effect."""
        if self.benchmark is None:
            return np.nan
        return float((self.table["conclusion"] == self.table["conclusion"].iloc[0]).mean())

    def share(self, conclusion: str) -> float:
        """Return the share of specifications with a conclusion; NaN without a line of no effect."""
        return np.nan if self.benchmark is None else float((self.table["conclusion"] == conclusion).mean())

    def natural(self, values: Any) -> Any:
        """Return estimates or limits on the natural scale."""
        with np.errstate(over="ignore"):  # intervals of hardly a degree of freedom
            return values if self.natural_scale else self.whole.natural(values)

    def _cautions(self) -> list[Caution]:
        gone = len(self.not_pooled)
        some = [Caution(text=NO_ESTIMATE.format(gone=gone, all=gone + len(self)))] if gone else []
        apart = [Caution(text=TWO_MEANS)] if {"GLMM", "beta-binomial"} <= set(self.choices["method"]) else []
        return [*self.whole.cautions, Caution(text=NOT_EVIDENCE), *apart, *some]

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a specification, named by its number; the first is the pool itself."""
        names = {name: name for name in self.table if name != "ci"}
        rows = self.table.rename(columns={"ci": "interval"}).assign(type="specification")
        rows.insert(0, "term", [str(number + 1) for number in range(len(rows))])
        if transform:
            rows = rows.assign(**{name: self.natural(rows[name].to_numpy()) for name in ENDS}, se=np.nan)
        return rows[["term", "type", "interval", *names]]

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row: how many, the range and the median of their estimates, and shares of their conclusions."""
        estimates = self.table["estimate"]
        own = {name: getattr(self.whole, name) for name in ("k", "level", "measure")}
        spread = {"estimate_low": estimates.min(), "estimate_median": estimates.median(),
                  "estimate_high": estimates.max()}  # fmt: skip
        shares = {f"share_{name}": self.share(name) for name in CONCLUSIONS}
        return self._row(**own, specifications=len(self), **spread, **shares, agreement=self.agreement)

    def r_code(self) -> Text:
        """Return the R script of the specifications by the pool's own measure, with metafor."""
        w, choices, s = self.whole, self.choices, self.studies
        numbers = self.table.loc[self.table["measure"] == choices["measure"][0], "set"].unique()
        sets = [(np.flatnonzero(self.sets[n]) + 1).tolist() for n in numbers]
        if self.of_counts:
            return Text(count_rcode.script(
                s, sets, measure=choices["measure"][0], methods=choices["method"], level=w.level,
                points=w.provenance.settings.get("points"), left_out=choices["measure"][1:],
                cis=[ci for ci in choices["ci"] if ci != "wald"],
            ))  # fmt: skip
        return Text(rcode.script(
            s.labels, s.yi, s.vi, sets,
            methods=choices["method"], cis=choices["ci"], level=w.level, tau2=w.provenance.settings["tau2"],
            left_out=choices["measure"][1:],
        ))  # fmt: skip

    def _lines(self) -> list[str]:
        r, e = self.whole, self.table["estimate"].to_numpy()
        e = self.natural(e) if r.has_natural else e
        name = r.record.natural if r.has_natural else r.record.label
        low, high, middle = plain.of(float(np.min(e)), float(np.max(e)), float(np.median(e)))
        lines = [f"Multiverse of {len(self)} specifications of {r.k} trials: {name}",
                 f"Estimates between {low} and {high}, half below {middle}"]  # fmt: skip
        if self.benchmark is not None:
            lines.append(self._conclusions())
        lines += [f"{name}: {_options(some)}" for name, some in self.choices.items()]
        if len(self.shares):
            lines += [self._heading(), listed(self.shares, plain)]
        rule = self.provenance.settings["rule"]
        rest = [f"Taken where none were named: {rule}"] if rule else []
        return [*lines, *([f"Corrections: {self.codes_said}"] if self.codes_said else []), *rest]

    def _conclusions(self) -> str:
        assert self.benchmark is not None
        null = plain(self.benchmark)
        below, includes, above = (percentage(100 * self.share(name)) for name in CONCLUSIONS)
        return (
            f"{in_percent(self.whole.level)} % intervals lie below {null} in {below} % of specifications, include it "
            f"in {includes} % and lie above it in {above} %"
        )

    def _heading(self) -> str:
        limits = "" if self.benchmark is None else f", and of the limits nearest to {plain(self.benchmark)}"
        return f"Shares of each choice in the spread of the estimates, alone and in all{limits}:"


def _options(some: tuple[str, ...], most: int = 8) -> str:
    """Return options as a summary lists them."""
    more = f", ... ({len(some)} in all)" if len(some) > most else ""
    return f"{', '.join(some[:most])}{more}"
