"""What leave_k_out returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.digits import plain
from ....base.html import listed
from ....base.result import Provenance, TableResult, Text
from ...methods.intervals import CI_METHODS
from ...pooling.counts.result import BetaBinomialResult
from ...pooling.inverse_variance.result import MetaResult
from ...results.pooled import PooledResult
from ...results.rtext import comment

ENDS = ("estimate", "ci_low", "ci_high")
NO_LIMITS = "the limits of the loop are metafor's own"
BY_HAND = "pools without several trials: the same, with these rows left out of dat"
FIT = "  res <- update(res, subset = !(dat$study %in% out))"
FIT_OR_NONE = """\
  res <- tryCatch(update(res, subset = !(dat$study %in% out)), error = function(e) NULL)
  if (is.null(res)) return(NULL)  # nothing to estimate"""
SHOWN = 10  # sets that a summary lists


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class LeaveKOutResult(TableResult):
    """Pools without each set of k trials, on the scale of analysis.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    table
        One row a set: left_out, k (rows that are left), estimate, se, df, ci_low, ci_high, tau2, q, i2 (percent),
        p_value, conclusion (``below``, ``includes`` or ``above`` no effect or the benchmark; empty without), and
        reason: why a set has no estimate, then NaN.
    drivers
        One row a trial: study, sets (that it is of), changed (those of them with another conclusion than the pool),
        estimate_without (mean over these sets).
    left_out
        How many trials leave at a time.
    own
        Conclusion of the pool of all.
    seed
        Of random sets; None where they are all that there are.
    benchmark
        What intervals are compared with, on the scale of analysis; None where there is nothing.
    whole
        The pool of all trials.
    provenance
        That of the pool of all trials.
    """

    table: pd.DataFrame
    drivers: pd.DataFrame
    left_out: int
    own: str
    seed: int | None
    benchmark: float | None
    whole: PooledResult
    provenance: Provenance

    @property
    def exact(self) -> bool:
        """Whether the sets are all that there are."""
        return self.seed is None

    @property
    def changed(self) -> pd.DataFrame:
        """The sets without which the conclusion is another one."""
        return self.table[other_than(self.table, self.own)]

    @property
    def lacking(self) -> pd.DataFrame:
        """The sets without which nothing can be pooled."""
        return self.table[self.table["reason"] != ""]

    @property
    def farthest(self) -> pd.DataFrame:
        """All sets, those first without which the estimate is farthest from that of all."""
        far = (self.table["estimate"] - self.whole.estimate).abs()
        return self.table.loc[far.sort_values(ascending=False, kind="stable").index]

    def _cautions(self) -> list[Caution]:
        none = self.lacking
        if not len(none):
            return list(self.whole.cautions)
        text = f"without {len(none)} of {len(self)} sets there is no estimate, so that they change nothing here"
        first = none.iloc[0]
        return [*self.whole.cautions, Caution(text=text, more=f"of {first['left_out']}: {first['reason']}")]

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a set, named by the trials that are left out."""
        rows = self.table.rename(columns={"left_out": "term"}).assign(type="subset", interval=self.whole.ci)
        if isinstance(self.whole, MetaResult):
            rows["interval"] = np.where(rows["k"] > 1, rows["interval"], "wald")
        return (
            rows.assign(**{x: self.whole.natural(rows[x].to_numpy()) for x in ENDS}, se=np.nan) if transform else rows
        )

    def _glance(self) -> list[dict[str, Any]]:
        own = {name: getattr(self.whole, name) for name in ("k", "method", "ci", "level", "measure")}
        t = self.table["estimate"]
        spread = {"estimate_low": t.min(), "estimate_median": t.median(), "estimate_high": t.max()}
        return self._row(**own, left_out=self.left_out, subsets=len(self), exact=self.exact, **spread,
                         changed=len(self.changed))  # fmt: skip

    def r_code(self) -> Text:
        """Return the R script of the pool, and a loop of metafor over all sets of trials to leave out, where it is."""
        if isinstance(self.whole, BetaBinomialResult) or self.whole.ci == "exact":
            return Text(f"{self.whole.r_code()}\n{comment(BY_HAND)}")
        named = CI_METHODS.get(self.whole.ci)
        note = f"{comment(NO_LIMITS)}\n" if named is None or named.r_test is None else ""
        fit = FIT if isinstance(self.whole, MetaResult) else FIT_OR_NONE
        return Text(f"{self.whole.r_code()}\n{note}{SCRIPT.format(k=self.left_out, fit=fit)}")

    @property
    def natural(self) -> Any:
        """The way to the natural scale; none where the measure has no single one."""
        return self.whole.natural if self.whole.has_natural else lambda x: x

    def _lines(self) -> list[str]:
        r, how = self.whole, "" if self.exact else f"random (seed {self.seed}) "
        e = self.natural(self.table["estimate"].to_numpy())
        low, high = plain.of(float(np.nanmin(e)), float(np.nanmax(e)))
        sets = f"each of {len(self)} {how}sets of {self.left_out} trials"
        lines = [
            f"Pools of {r.k} rows without {sets}: {r.record.natural if r.has_natural else r.record.label}",
            f"Estimates between {low} and {high}",
        ]
        if self.benchmark is not None:
            null = plain(float(self.natural(self.benchmark)))
            n = len(self.changed)
            lines.append(f"The interval of the pool {_said(self.own)} {null}; without {n} of the sets it does not")
        some = (self.changed if len(self.changed) else self.farthest).head(SHOWN)
        shown = some.assign(**{name: self.natural(some[name].to_numpy()) for name in ENDS})
        head = "The first of these sets:" if len(self.changed) else "Sets that move the estimate most:"
        return [
            *lines,
            head,
            listed(shown[["left_out", "k", *ENDS, "tau2", "i2"]].rename(columns={"left_out": ""}), plain),
        ]


def other_than(table: pd.DataFrame, own: str) -> pd.Series:
    """Return which sets have an estimate and another conclusion than the pool."""
    return (table["conclusion"] != own) & (table["reason"] == "")


def _said(conclusion: str) -> str:
    return "includes" if conclusion == "includes" else f"lies {conclusion}"


SCRIPT = """\
trials <- unique(dat$study)
sets <- combn(trials, {k}, simplify = FALSE)
pools <- do.call(rbind, lapply(sets, function(out) {{
{fit}
  data.frame(left_out = paste(out, collapse = " and "), estimate = c(res$beta), ci_low = res$ci.lb, ci_high = res$ci.ub)
}}))
print(pools, digits = 8, row.names = FALSE)"""
