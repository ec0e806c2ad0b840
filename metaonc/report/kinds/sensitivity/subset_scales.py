"""The scale on which results of subsets of trials are shown: the natural one where all rows share it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from ....analysis.effects.measures import Measure
from ....analysis.interaction.wording import LIMITS
from ....analysis.pooling.regression.result import RegressionResult
from ....analysis.pooling.subgroups.result import SubgroupResult
from ....analysis.results.back_transform import analysis_scale
from ....analysis.sensitivity.subsets_result import SubsetsResult
from ...forest.content import titled
from ..terms import named


@dataclass(frozen=True, slots=True)
class Scale:
    """Rows on the scale shown.

    Attributes
    ----------
    parts
        Heading of a subgroup, an outcome or a coefficient -> its rows of the result's table, with estimate and limits
        on the scale shown (percent of proportions); of a result with one estimate all rows, under no heading.
    records
        The record of each row's measure, worded for the scale.
    record
        One for all rows.
    null
        The value of no effect on the scale; None where there is none.
    notes
        What a reader must know of the scale.
    """

    parts: Mapping[str, pd.DataFrame]
    records: list[Measure]
    record: Measure
    null: float | None
    notes: list[str]


def scale_of(r: SubsetsResult) -> Scale:
    """Return the rows of a result on the scale shown: of analysis, where natural scales differ from row to row."""
    records, notes = r.records, []
    natural = r.part in (None, "subgroup") or len({(one.scale, one.null, one.inverse_needs) for one in records}) == 1
    if natural:
        factor = 100 if records[0].scale == "percent" else 1
        shown = r.table.assign(**{name: factor * r.natural(r[name].to_numpy()) for name in LIMITS})
    else:
        shown, records = r.table, [analysis_scale(one) for one in records]
        notes = ["On the scale of analysis, as natural scales differ."]
    record = records[0]
    if len({one.natural for one in records}) > 1:
        record = replace(record, natural="ratio" if record.scale == "log" else "estimate")
    nulls = {one.null for one in records}
    null = nulls.pop() if len(nulls) == 1 else None
    parts = {"" if r.part is None else _heading(r, name): shown.loc[r.rows_of(name).index] for name in r.parts}
    return Scale(parts, records, record, None if null is None else float(record.inverse(null)), notes)


def _heading(r: SubsetsResult, name: str) -> str:
    if isinstance(r.whole, SubgroupResult):
        return "All" if name == r.whole.overall_name else f"{titled(str(r.provenance.settings['by']))}: {name}"
    return named(name, r.whole.design) if isinstance(r.whole, RegressionResult) else titled(name)
