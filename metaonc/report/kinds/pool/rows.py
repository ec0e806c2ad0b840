"""The rows of a forest plot of trials that were pooled."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from ....analysis.methods.tau2 import is_common
from ....analysis.pooling.inverse_variance.pool import pool
from ....analysis.pooling.inverse_variance.result import MetaResult
from ....analysis.results.pooled import PooledResult
from ....analysis.results.studies import Studies
from ....base.caution import Beside
from ....base.check import Floats
from ....base.digits import UNKNOWN, Form, in_column, percentage, with_digits
from ....errors import OptionError
from ...forest.assemble import axis_name, content, effect_header, form_for, refuse
from ...forest.columns import Column, columns_of, wanted
from ...forest.content import ForestRows, ForestSpec, Marks, Note, Row, note, row
from ...forest.notes import NO_PREDICTION
from ...forest.order import in_order, sort_values
from .. import kinds
from .difference import difference, difference_note, left_out_differences
from .labels import levels_of, told_apart
from .notes import footnotes, heterogeneity, overall_test, own_intervals, wider_intervals, wider_name
from .words import words_of

EXCEEDS = ">"  # before an estimate that was not reached, and stands at a bound
SHRUNKEN = "shrunken towards the pool"
WEIGHTS = {"share": "Weight (%)", "share_common": "Weight, common effect (%)"}


def pool_rows(result: PooledResult, spec: ForestSpec) -> ForestRows:
    """Return the rows of one pool."""
    refuse(spec, "a pool without subgroups", ("subgroup_label",))
    several = result.is_shown
    check_prediction(result, spec, several)
    block = PoolBlock(result, shares_of(result, spec), spec)
    trials = block.trials()
    rows = trials + (block.pools("Overall", predict=True) if several else [])
    return assemble(block, rows, len(trials) if several else None, footnotes(result, spec, block.own_intervals))


def shares_of(r: PooledResult, spec: ForestSpec) -> dict[str, Floats]:
    """Return the weights in percent, by the column that shows them.

    Raises
    ------
    OptionError
        When an option asked for has no use for this result.
    """
    if spec.common and (not r.model_facts.inverse_variance or is_common(r.method)):
        raise OptionError("common= sets the common effect beside a pool of effects with random effects: not here.")
    if spec.shrinkage and words_of(r).shrunken is None:
        verbs = ", ".join(kind.verbs for kind in kinds() if kind.pool is not None and kind.pool.shrunken is not None)
        raise OptionError(f"shrinkage= is for what {verbs} returned.")
    return {"share": r.weights} | ({"share_common": common_pool(r).weights} if spec.common else {})


def common_pool(r: PooledResult) -> MetaResult:
    """Return the pool of the same effects with one effect common to all trials, by inverse variances."""
    effects = {"yi": r.studies.yi, "vi": r.studies.vi}
    return pool(effects, covariance=r.studies.covariance, measure=r.measure, method="CE", ci="wald", level=r.level)


class PoolBlock:
    """The trials of one pool, with the share that each has in the pool of all; and the rows they give."""

    def __init__(
        self,
        r: PooledResult,
        shares: Mapping[str, Floats],
        spec: ForestSpec,
        parts: Sequence[PooledResult] = (),
        form: Form | None = None,
    ) -> None:
        self.r, self.shares, self.spec, self.journal = r, shares, spec, spec.journal
        self.table = r.study_table(transform=True, interval=spec.study_interval)
        self.own_intervals = own_intervals(self.table)
        self.form = form or self._form(parts)
        self.beside = r.studies.shown_beside()
        out = self.beside.labels
        data = pd.concat([r.studies.data, self.beside.data], ignore_index=True) if out else r.studies.data
        self.labels = told_apart([*r.studies.labels, *out], data, levels_of(r))
        point = self.journal.decimal
        self.columns = columns_of(r.studies, r.measure, spec) | {
            name: Column(
                header=WEIGHTS[name],
                cells=["" if math.isnan(share) else point(percentage(share)) for share in weights],
                total=point(percentage(np.nansum(weights))),
            )
            for name, weights in shares.items()
        }
        absolute = difference(r, spec) if "difference" in wanted(spec) else None
        if absolute is not None:
            self.columns["difference"] = absolute

    def _form(self, parts: Sequence[PooledResult]) -> Form:
        """Return how effects stand in one column: of the trials, their pool and those of `parts`."""
        form = form_of(self.r)
        if self.spec.digits is not None:
            return with_digits(form, self.spec.digits)
        factor = 100 if self.r.record.scale == "percent" else 1
        trials = (factor * self.table[["estimate", "ci_low", "ci_high"]].to_numpy(dtype=float)).tolist()
        pools = [[scaled(r, x) for x in (r.estimate, r.ci_low, r.ci_high)] for r in (*parts, self.r)]
        return in_column(form, map(tuple, [*trials, *pools]))

    def trials(self) -> list[Row]:
        """Return a row a trial, those left out among them."""
        return self.with_left_out(self.pooled_trials())

    def with_left_out(self, rows: list[Row]) -> list[Row]:
        """Return rows of the trials and of those left out, without a mark, as the table or the user orders them."""
        out, sort, data = self.r.studies.left_out, self.spec.sort, self.r.studies.data
        rows, values = list(rows), [] if sort is None else sort_values(rows, data, sort)
        if out is not None:
            more = self._left_out()
            values_more = [] if sort is None else sort_values(more, self.beside.data, sort)
            for i, before in enumerate(out.before):
                rows.insert(before + i, more[i])
                values[before + i : before + i] = values_more[i : i + 1]
        return rows if sort is None else in_order(rows, values, sort, data)

    def _left_out(self) -> list[Row]:
        """Return the rows of trials that are not in the pool."""
        beside, differences = self.beside, [""] * len(self.beside.labels)
        columns, effects = columns_of(beside, self.r.measure, self.spec), self._reported(beside)
        if "difference" in self.columns:
            differences = left_out_differences(self.r, self.spec)
        rows = []
        for i, label in enumerate(self.labels[self.r.k :]):
            texts = {name: column.cells[i] for name, column in columns.items()} | {"difference": differences[i]}
            rows.append(row("study", label, **texts, effect=effects[i]))
        return rows

    def _reported(self, beside: Studies) -> list[str]:
        """Return what trials that are not in the pool reported of the effect."""
        record, k = self.r.record, len(beside.labels)
        if record.inverse_needs is not None:  # the back-transform is by the sizes of the trials in the pool
            return [UNKNOWN] * k
        factor = 100 if record.scale == "percent" else 1
        alone = replace(self.r, studies=beside, weights=np.full(k, np.nan))
        table = alone.study_table(transform=True, interval=self.spec.study_interval)
        limits = factor * table[["estimate", "ci_low", "ci_high"]].to_numpy(dtype=float)
        given = beside.counts(record.roles[0]) if record.is_reported else None
        if given is not None:
            limits[:, 0] = np.where(np.isnan(limits[:, 0]), given, limits[:, 0])
        return [self._alone(*values) for values in limits]

    def _alone(self, estimate: float, low: float, high: float) -> str:
        if math.isfinite(estimate) and math.isnan(low) and math.isnan(high):
            return self.journal.decimal(f"{self.form(estimate)} (no interval)")
        return self._effect({"estimate": estimate, "low": low, "high": high})

    def pooled_trials(self) -> list[Row]:
        """Return a row a trial of the pool."""
        factor = 100 if self.r.record.scale == "percent" else 1
        limits = zip(self.labels[: self.r.k], *(self.table[c] for c in ("estimate", "ci_low", "ci_high")), strict=True)
        model = self._shrunken() if self.spec.shrinkage else [{}] * self.r.k
        bounds = self.r.studies.at_bounds(self.r.record)
        rows = []
        for i, (study, estimate, low, high) in enumerate(limits):
            cells = {"estimate": factor * estimate, "low": factor * low, "high": factor * high}
            texts = {name: column.cells[i] for name, column in self.columns.items()}
            weight = self.shares["share"][i]
            effect = EXCEEDS * bool(bounds[i]) + self._effect(cells)
            rows.append(row("study", study, **cells, **model[i], weight=weight, **texts, effect=effect))
        return rows

    def pools(self, name: str, predict: bool = False) -> list[Row]:
        """Return the rows of the pool: effect, prediction interval, heterogeneity, test."""
        r, common = self.r, self.spec.common
        several = f"{r.trials} trials, " if r.trials < r.k else ""
        size = f"({several}k\u00a0=\u00a0{r.k})"
        texts = {column: c.total for column, c in self.columns.items()}
        random = {**texts, "share_common": ""}
        rows = [self._pooled("pooled", f"{name}, random effects {size}" if common else f"{name} {size}", r, random)]
        if common:
            only = {"share_common": texts["share_common"]}
            rows.append(self._pooled("common", f"{name}, common effect", common_pool(r), only))
        rows += [self._beside(name, wider) for wider in wider_intervals(r, self.spec)]
        if predict and self.spec.prediction is not False and r.lacks_width:
            rows.append(row("text", NO_PREDICTION))
        if predict and self.spec.prediction is not False and r.predicts:
            low, high = scaled(r, r.prediction_low), scaled(r, r.prediction_high)
            text = self.journal.decimal(self.journal.between(low, high, self.form))
            rows.append(row("prediction", "Prediction interval", low=low, high=high, effect=text))
        lines = (heterogeneity(r, self.journal), overall_test(r, self.journal))
        return rows + [row("text", self.journal.decimal(line)) for line in lines if line]

    def _pooled(self, kind: str, label: str, of: PooledResult, texts: dict[str, str]) -> Row:
        limits = {"estimate": of.estimate, "low": of.ci_low, "high": of.ci_high}
        cells = {field: scaled(self.r, x) for field, x in limits.items()}
        return row(kind, label, **cells, **texts, effect=self._effect(cells))

    def _beside(self, name: str, wider: Beside) -> Row:
        """Return the row of the interval that stands beside a narrower one."""
        factor = 100 if self.r.record.scale == "percent" else 1
        cells = {field: factor * getattr(wider, field) for field in ("estimate", "low", "high")}
        return row("common", f"{name}, {wider_name(self.r)}", **cells, effect=self._effect(cells))

    def _effect(self, cells: dict[str, float]) -> str:
        if math.isnan(cells["estimate"]):  # such as of a trial without events in both arms, in a pool of counts
            return UNKNOWN
        return self.journal.decimal(self.journal.interval(**cells, form=self.form))

    def _shrunken(self) -> list[dict[str, float]]:
        shrunken = words_of(self.r).shrunken
        assert shrunken is not None  # else it was refused with the weights
        names = ("model", "model_low", "model_high")
        return [dict(zip(names, (scaled(self.r, x) for x in values), strict=True)) for values in shrunken(self.r)]


def assemble(
    block: PoolBlock, rows: list[Row], whole: int | None, notes: list[Note], model: str = SHRUNKEN
) -> ForestRows:
    """Return the content of a figure with these rows; `block` has all trials, `whole` is the row of their pool.

    `model` is what open circles are.
    """
    r, spec = block.r, block.spec
    axis = axis_name(r.record, spec)
    label = r.model_facts.interval_label if r.is_shown else "CI"
    header = effect_header(axis, r.level, spec, "CI" if label == "CI" else f"CI; of pools {label}")
    columns = {"effect": Column(header=header, cells=[]), **block.columns}
    hidden = () if r.model_facts.gives_weights and r.trials > 1 else ("share",)
    notes = notes + [replace(note(difference_note(r)), column="difference")] * ("difference" in columns)
    reference = math.nan if whole is None else scaled(r, r.estimate)
    null = None if r.record.null is None else float(r.natural(r.record.null))
    found = content(rows, columns, spec, r.record, r.studies.data, axis, null, notes, hidden, reference, whole)
    open_diamonds = dict.fromkeys(one["label"].rpartition(", ")[2] for one in rows if one["kind"] == "common")
    marks = Marks(common=" or ".join(open_diamonds), area=r.weight_label if r.k > 1 else "", model=model)
    return replace(found, marks=marks)


def scaled(r: PooledResult, x: float) -> float:
    """Return a number of the analysis scale on the scale drawn."""
    return float(r.natural(x)) * (100 if r.record.scale == "percent" else 1)


def check_prediction(r: PooledResult, spec: ForestSpec, pooled: bool) -> None:
    """Raise an OptionError where a prediction interval is asked for that there is not."""
    if spec.prediction and not (pooled and (r.predicts or r.lacks_width)):
        raise OptionError("prediction=True: this pool has no prediction interval: leave the option out.")


def form_of(r: PooledResult) -> Form:
    """Return how numbers of the measure are printed: by the precision of trials, or that of the pool if it is finer."""
    form = form_for(r.record, r.study_table(transform=True), r.level)
    if r.record.scale != "linear" or r.is_certain:
        return form
    own = pd.DataFrame({"ci_low": [scaled(r, r.ci_low)], "ci_high": [scaled(r, r.ci_high)]})
    return max(form, form_for(r.record, own, r.level), key=lambda one: one.decimals(1.0))
