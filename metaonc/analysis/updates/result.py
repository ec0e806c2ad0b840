"""What compare returns of two pools: both, and what moved the one to the other, by trial."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ...base.caution import Caution, named
from ...base.check import Labels
from ...base.digits import in_percent, p_said, plain
from ...base.html import listed
from ...base.result import Provenance, Result, TableResult, Text
from ...data.changes.result import EvidenceChanges
from ..effects.measures import Measure
from ..pooling.subgroups.result import SubgroupResult
from ..results.pooled import PooledResult
from . import rcode
from .moves import MODEL

ENDS = ("estimate", "ci_low", "ci_high")
WHOLE = ("k", *ENDS, "p_value", "tau2")
NAMES = {
    "moved": "moved by",
    "moved_tau2": "tau² by",
    "moved_p": "P by",
    "only": "this alone",
    "all_but": "all but this",
}
UNNAMED = "trials have no names and are compared by the numbers of their rows, which a row added above others shifts"
RULE = "each part is the mean, over all orders in which the changes could come in, of what the pool changes by"
SAMPLED = "each part is a mean over {orders} random orders in which the changes come in, of what the pool changes by"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class UpdateResult(TableResult):
    """Two pools of the same question, and what moved the one to the other.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    ``result["moved"]`` is a column of `table`.

    Attributes
    ----------
    table
        One row a trial that was added, changed or removed: trial, change, rows_before, rows_after, its part in the
        change of the estimate (moved, scale of analysis; moved_natural, natural scale), of tau² (moved_tau2) and of the
        p-value (moved_p); only, the pool with this change alone, and all_but, with all changes but this (scale of
        analysis). Where model or options changed too a row tells their part, which comes before all trials'. The
        parts of a column sum to the difference of the pools. Of subgroups each has its rows, named in the column
        subgroup. NaN where a pool lacks the number, or a mixture cannot be fitted.
    before, after
        The pools.
    orders
        Random orders that the parts are means over; 0 where they are over all.
    options
        What of model and options differs, in words.
    lacking
        Subgroup -> why nothing is told of what moved it.
    changes
        What changed in the tables of evidence; None where pools alone were compared.
    provenance
        That of the pool after.
    """

    table: pd.DataFrame
    before: Result
    after: Result
    orders: int
    options: tuple[str, ...]
    lacking: dict[str, str]
    changes: EvidenceChanges | None
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ()

    @property
    def pools(self) -> dict[str, tuple[PooledResult | None, PooledResult | None]]:
        """Subgroup -> its pool before and after, None where it was or is not there; of one pool under an empty name."""
        old, new = (parts_of(r) for r in (self.before, self.after))
        return {name: (old.get(name), new.get(name)) for name in (*new, *(n for n in old if n not in new))}

    @property
    def whole(self) -> PooledResult:
        """The pool after; of subgroups that of all."""
        pool: Any = self.after.overall if isinstance(self.after, SubgroupResult) else self.after
        assert isinstance(pool, PooledResult)
        return pool

    @property
    def record(self) -> Measure:
        """The record of the measure."""
        return self.whole.record

    @property
    def measure(self) -> str:
        """Code of the measure."""
        return self.whole.measure

    @property
    def level(self) -> float:
        """Coverage of the intervals after."""
        return self.whole.level

    @property
    def unit(self) -> float:
        """What natural values are multiplied by to be printed: 100 of proportions."""
        return 100.0 if self.record.scale == "percent" else 1.0

    @property
    def level_before(self) -> float:
        """Coverage of the intervals before."""
        return next(iter(parts_of(self.before).values())).level

    @property
    def is_natural(self) -> bool:
        """Whether parts are on the natural scale; measures that need sizes for the way back have them not."""
        return bool(self.table["moved_natural"].notna().any())

    def rows_of(self, name: str) -> pd.DataFrame:
        """Return the rows of `table` of a subgroup; all of one pool."""
        return self.table[self.table["subgroup"] == name] if "subgroup" in self.table else self.table

    def _cautions(self) -> list[Caution]:
        both = [*self.after.cautions]
        said = {(c.of, c.text) for c in both}
        before = named("before", [c for c in self.before.cautions if (c.of, c.text) not in said])
        pools = [r for pair in self.pools.values() for r in pair if r is not None]
        unnamed = any(isinstance(r.studies.labels, Labels) and r.studies.labels.numbered for r in pools)
        return [*both, *before, *([Caution(text=UNNAMED)] if unnamed else [])]

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return each pool before and after, and what each trial moved."""
        rows: list[dict[str, Any]] = []
        for name, pair in self.pools.items():
            own = {"subgroup": name} if name else {}
            for when, r in zip(("before", "after"), pair, strict=True):
                if r is not None:
                    ends = dict(zip(ENDS, natural_ends(r) if transform else [getattr(r, e) for e in ENDS], strict=True))
                    rows.append({**own, "term": when, "type": "pool", **ends, "p_value": r.p_value,
                                 "se": np.nan if transform else r.se, "interval": r.ci, "tau2": r.tau2})  # fmt: skip
            for row in self.rows_of(name).to_dict("records"):
                moved = row["moved_natural" if transform else "moved"]
                rows.append({**own, "term": row["trial"], "type": "move", "estimate": moved, "change": row["change"],
                             "moved_tau2": row["moved_tau2"], "moved_p": row["moved_p"]})  # fmt: skip
        return pd.DataFrame(rows)

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row a subgroup: the pool after, that before, and their difference on the scale of analysis."""
        rows = []
        for name, (old, new) in self.pools.items():
            own: dict[str, Any] = {"subgroup": name} if name else {}
            own |= {} if new is None else new._glance()[0]
            own |= {f"{field}_before": np.nan if old is None else getattr(old, field) for field in WHOLE}
            there = old is not None and new is not None
            own["difference"] = new.estimate - old.estimate if there and old and new else np.nan
            kept = {f"{field}_before" for field in WHOLE} | {"subgroup", "difference", *CORE}
            rows.append({field: x for field, x in own.items() if field in kept})
        return rows

    def r_code(self) -> Text:
        """Return the R scripts of the pool before and of that after, and the difference where each is one pool."""
        return Text(rcode.script(str(self.before.r_code()), str(self.after.r_code()), self._r_estimates()))

    def _r_estimates(self) -> tuple[str, str] | None:
        if isinstance(self.after, SubgroupResult) or isinstance(self.before, SubgroupResult):
            return None
        return self.before.r_estimate, self.after.r_estimate  # type: ignore[attr-defined]

    def _lines(self) -> list[str]:
        levels = " and ".join(f"{in_percent(x)} %" for x in dict.fromkeys([self.level_before, self.level]))
        when = " (before and after)" * (self.level_before != self.level)
        lines = [f"Update: {self.record.natural}{' in percent' * (self.unit == 100)}, {levels} intervals{when}"]
        for name, (old, new) in self.pools.items():
            lines += [*([name] if name else []), *(f"  {when}: {_said(r)}" for when, r in
                                                   (("before", old), ("after", new)))]  # fmt: skip
            rows = self.rows_of(name)
            if len(rows):
                lines.append(listed(shown(self, rows), plain))
            lines += [f"  {self.lacking[name]}"] if name in self.lacking else self._unmoved(rows)
        if len(self.table):
            scale = "" if self.is_natural else f" Parts and pools of them are on the scale of the {self.record.label}."
            lines.append(f"{self.rule}; the parts sum to the difference.{scale}")
        lines += [f"Also changed: {text}" for text in self.options]
        return lines if self.changes is None else [*self.changes._lines(), "", *lines]

    def _unmoved(self, rows: pd.DataFrame) -> Iterable[str]:
        return [] if len(rows) else ["  no trial was added, changed or removed"]

    @property
    def rule(self) -> str:
        """The rule by which the change is divided among trials."""
        rule = SAMPLED.format(orders=self.orders) if self.orders else RULE
        return rule[0].upper() + rule[1:]


CORE = ("k", *ENDS, "p_value", "tau2", "i2", "q", "q_df", "q_p", "prediction_low", "prediction_high", "method", "ci",
        "prediction", "level", "measure")  # fmt: skip


def parts_of(r: Any) -> dict[str, PooledResult]:
    """Return the pools of a result by subgroup, and that of all; of one pool under an empty name."""
    if not isinstance(r, SubgroupResult):
        return {"": r}
    return {**r.groups, r.overall_name: r.overall}


def natural_ends(r: PooledResult) -> list[float]:
    """Return estimate and limits on the natural scale; raises where there is no way back."""
    return [float(r.natural(x)) for x in (r.estimate, r.ci_low, r.ci_high)]


def shown(result: UpdateResult, rows: pd.DataFrame) -> pd.DataFrame:
    """Return what moved a pool as a summary prints it: on the natural scale, where there is one."""
    natural = bool(rows["moved_natural"].notna().any())
    t = rows.assign(moved=rows["moved_natural"]) if natural else rows
    if natural:
        inverse, unit = result.record.inverse, result.unit
        t = t.assign(moved=unit * t["moved"])
        pools = {name: t[name].to_numpy(dtype=float) for name in ("only", "all_but")}
        t = t.assign(**{name: unit * np.asarray(inverse(x)) for name, x in pools.items()})
    counts = t["rows_before"].astype(str) + " to " + t["rows_after"].astype(str)
    t = t.assign(rows=counts.where(t["trial"] != MODEL, ""))
    columns = ["trial", "change", *(["rows"] if (t[["rows_before", "rows_after"]] > 1).any(axis=None) else [])]
    there = [name for name in NAMES if t[name].notna().any()]
    return t[[*columns, *there]].rename(columns=NAMES)


def _said(r: PooledResult | None) -> str:
    if r is None:
        return "not there"
    try:
        ends, unit = natural_ends(r), 100.0 if r.record.scale == "percent" else 1.0
    except ValueError:  # no back-transform without sizes
        ends, unit = [r.estimate, r.ci_low, r.ci_high], 1.0
    estimate, low, high = plain.of(*(unit * x for x in ends))
    test = f", {p_said(r.p_value)}" if r.tested and np.isfinite(r.p_value) else ""
    spread = f", tau² {plain(r.tau2)}" if np.isfinite(r.tau2) and not r.is_common else ""
    count = f"{r.trials} trial{'s' * (r.trials != 1)}"
    return f"{estimate} ({low} to {high}){test}{spread}; {count}, {r.method}, {r.ci}"
