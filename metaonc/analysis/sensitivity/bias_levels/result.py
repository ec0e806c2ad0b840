"""What risk_of_bias returns: a pool a step of risk, and the levels side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ....base.caution import Caution, named
from ....base.digits import in_percent, plain
from ....base.html import listed
from ....base.result import Provenance, TableResult, Text
from ....data.risk_of_bias.assessment import OVERALL, RiskOfBias
from ...numeric.distributions import to_error, two_sided_p
from ...pooling.subgroups.result import SubgroupResult
from ...results.pooled import PooledResult
from .. import rcode
from ..subset_refits import fit_of
from .steps import ALL, steps_of

ENDS = ("estimate", "ci_low", "ci_high")
BETWEEN_TRIALS = (
    "levels of risk are compared between trials, which differ in more than their risk of bias; with few trials a level "
    "no difference found is no proof that there is none"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RiskOfBiasResult(TableResult):
    """Pools by risk of bias, on the scale of analysis.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    table
        One row a step, from the trials at low risk alone to all: step, estimate, se, df, ci_low, ci_high, tau2, q, i2
        (percent), interval (its type), reason (why there is no estimate, else empty), trials, k (rows), share of the
        weight of all (percent).
    levels
        The judgement of each row of the pool, empty where there is none.
    by_level
        The levels as subgroups of the trials that were judged, with the test between them; None where one level occurs,
        or one cannot be pooled.
    domain
        The judgement by which trials are told apart.
    assessment
        All judgements.
    whole
        The pool of all trials.
    provenance
        That of the pool; its notes are those of the judgements.
    """

    table: pd.DataFrame
    levels: tuple[str, ...]
    by_level: SubgroupResult | None
    domain: str
    assessment: RiskOfBias
    whole: PooledResult
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("domain",)

    @property
    def unjudged(self) -> list[str]:
        """Trials of the pool whose domain is not judged."""
        labels = self.whole.studies.labels
        return list(dict.fromkeys(name for name, word in zip(labels, self.levels, strict=True) if not word))

    @property
    def domain_name(self) -> str:
        """What the judgement is on, in words."""
        return "overall" if self.domain == OVERALL else self.assessment.record.domains[self.domain]

    def natural(self, x: Any) -> Any:
        """Return values on the natural scale, as far as there is one without the sizes of each pool."""
        if self.whole.record.inverse_needs is not None:
            return x
        return self.whole.record.inverse(x)

    def _cautions(self) -> list[Caution]:
        found = [*self.whole.cautions, Caution(text=BETWEEN_TRIALS)]
        for step in steps_of(self.levels, self.assessment.record):
            part = fit_of(self.whole, step.inside)
            if step.name != ALL and isinstance(part, PooledResult):
                found += named(f"the pool of {step.name.lower()}", [c for c in part.cautions if c.beside is not None])
        if self.unjudged:
            found.append(Caution(text="trials not judged stand in the pool of all alone", of=", ".join(self.unjudged)))
        return found

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a step."""
        rows = self.table.rename(columns={"step": "term", "share": "weight"}).assign(type="pool")
        if self.whole.tested and self.whole.model_facts.has_test:
            rows["statistic"] = to_error(rows["estimate"], rows["se"])
            rows["p_value"] = two_sided_p(rows["statistic"].to_numpy(), rows["df"].to_numpy())
        if transform:
            rows = rows.assign(**{name: self.natural(rows[name].to_numpy()) for name in ENDS}, se=np.nan)
        return rows.drop(columns="df")

    def _glance(self) -> list[dict[str, Any]]:
        names = ("k", "estimate", "ci_low", "ci_high", "tau2", "method", "ci", "level", "measure")
        own = {name: getattr(self.whole, name) for name in names}
        if self.by_level is not None:
            own |= {name: getattr(self.by_level, name) for name in ("stated_test", "stated_p", "beside_p")}
        return self._row(**own, tool=self.assessment.tool, not_judged=len(self.unjudged))

    def r_code(self) -> Text:
        """Return the R script of the pools of all steps, and of the levels with the test between them."""
        steps = steps_of(self.levels, self.assessment.record)
        parts = [rcode.part_of(step.name, fit_of(self.whole, step.inside)) for step in steps]
        rows = [np.flatnonzero(step.inside) + 1 for step in steps]
        pools = rcode.refits(str(self.whole.r_code()), parts, rows, ("estimate", "se"))
        levels = "" if self.by_level is None else f"\n\n# levels of risk\n{self.by_level.r_code()}"
        return Text(f"{pools}{levels}")

    @property
    def test_line(self) -> str:
        """The test between levels, in one line."""
        if self.by_level is None:
            one = len({word for word in self.levels if word}) == 1
            return "none, since all trials judged are at one level" if one else "none, since a level cannot be pooled"
        return self.by_level.test_line

    def _lines(self) -> list[str]:
        r = self.whole
        name = r.record.label if r.record.inverse_needs is not None else r.record.natural
        shown = self.table.assign(**{end: self.natural(self.table[end].to_numpy()) for end in ENDS})
        columns = ["step", "trials", *ENDS, "tau2", "i2", "share"]
        heads = {"step": "risk of bias", "share": "weight (%)"}
        of = "" if self.domain == OVERALL else f", {self.domain} ({self.domain_name})"
        reasons = (
            f"No estimate: {row['step']}: {row['reason']}" for row in self.table.to_dict("records") if row["reason"]
        )
        return [
            f"Pools by risk of bias ({self.assessment.tool}{of}): {name}, {r.method}, {r.ci} intervals "
            f"({in_percent(r.level)} %)",
            listed(shown[columns].rename(columns=heads).dropna(axis=1, how="all"), plain),
            *reasons,
            *(
                f"{row['step']}: {row['interval']} interval"
                for row in self.table.to_dict("records")
                if not row["reason"] and row["interval"] != r.ci
            ),
            f"Test between levels: {self.test_line}",
        ]
