"""What pools of two-arm counts with a common effect return, and each trial's own effect beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from ....base.digits import percentage, statistic_said
from ....base.result import Provenance
from ....base.words import some
from ....errors import DataError
from ...effects.measures import MEASURES
from ...effects.zeros import arms_of, correct, is_time
from ...numeric.distributions import chi2_p, critical, two_sided_p
from ...numeric.wls import Floats
from ...results import repeats
from ...results.lines import pooled_lines
from ...results.model_facts import ModelFacts
from ...results.patients import listed
from ...results.pooled import PooledResult
from ..counts.read_counts import CountTable

Counts = Mapping[str, Any]


class Pooled(NamedTuple):
    """A pooled effect with its variance, each trial's weight (in any unit), and Q with its degrees of freedom."""

    estimate: float
    variance: float
    weights: Floats
    q: float
    q_df: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CommonEffectResult(PooledResult):
    """A pool of counts with one effect common to all trials: tau² is 0 by the model, not by estimate.

    A trial without events in both arms, or with events in all patients, has no effect of its own: its yi and vi are
    missing.

    Attributes
    ----------
    q, q_df, q_p
        Test that trials have one effect.
    i2, h2
        100 (Q - df)/Q, not below 0, and Q/df; NaN with fewer than two effects.
    """

    q: float
    q_df: int
    q_p: float
    i2: float
    h2: float
    model_facts: ClassVar[ModelFacts] = ModelFacts(common_effect=True, pools_counts=True)
    _shown: ClassVar[tuple[str, ...]] = ("h2",)

    def _lines(self) -> list[str]:
        if not self.q_df:
            return pooled_lines(self)
        return [*pooled_lines(self), f"I² {percentage(self.i2)} %, {statistic_said('Q', self.q, self.q_df, self.q_p)}"]


def own_effects(measure: str, c: Counts, to: str) -> tuple[Floats, Floats]:
    """Return each trial's own effect and variance, as metafor shows them; `to` picks the rows that get 0.5 a cell.

    They are missing where both arms have no events, or have them in all patients.
    """
    record = MEASURES[measure]
    assert record.compute is not None
    arms = arms_of(record.roles)
    alike = np.all([c[x] == 0 for x, _ in arms], axis=0)
    if not is_time(arms[0][1]):
        alike |= np.all([c[x] == c[n] for x, n in arms], axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        yi, vi = record.compute(correct(c, 0.5, to)[0])
    yi, vi = np.where(alike, np.nan, yi), np.where(alike, np.nan, vi)
    yi.flags.writeable = vi.flags.writeable = False
    return yi, vi


def common_effect(
    table: CountTable, pooled: Pooled, *, verb: str, measure: str, method: str, level: float
) -> dict[str, Any]:
    """Return the fields of a ``CommonEffectResult``.

    Raises
    ------
    DataError
        When the effect is infinite or has no variance: an arm without events in all trials together.
    """
    k, record = len(table.studies.yi), MEASURES[measure]
    if not (np.isfinite(pooled.estimate) and pooled.variance > 0):
        sums = ", ".join(f"{role} {x.sum():g}" for role, x in table.counts.items())
        found = "has no variance" if np.isfinite(pooled.estimate) else "is nothing divided by nothing"
        if np.isinf(pooled.estimate):
            found = "is infinite" if pooled.estimate > 0 else "is 0"
        raise DataError(
            f"over all {k} trial{'s' * (k != 1)} ({sums}) the {record.natural} {found}; no pool of these "
            "counts has an interval: report them as they are."
        )
    se = float(np.sqrt(pooled.variance))
    half = float(critical(level)) * se
    several = pooled.q_df > 0
    weights = 100 * pooled.weights / pooled.weights.sum()
    weights.flags.writeable = False
    return {
        "estimate": pooled.estimate, "se": se, "ci_low": pooled.estimate - half, "ci_high": pooled.estimate + half,
        "statistic": pooled.estimate / se, "df": np.inf, "p_value": float(two_sided_p(pooled.estimate / se)),
        "tau2": 0.0, "prediction_low": np.nan, "prediction_high": np.nan, "k": k, "level": level,
        "measure": measure, "method": method, "ci": "wald", "prediction": None, "weights": weights,
        "studies": table.studies, "q": pooled.q, "q_df": pooled.q_df, "q_p": float(chi2_p(pooled.q, pooled.q_df)),
        "i2": _i2(pooled),
        "h2": pooled.q / pooled.q_df if several else np.nan,
        "provenance": Provenance(
            verb=verb,
            settings={"measure": measure, "method": method, "ci": "wald", "level": level},
            rows_in=k + len(table.dropped),
            rows_used=k,
            dropped=table.dropped,
            notes=table.studies.notes,
            cautions=(*repeats.cautions(table.studies, common=True), *_of_effects(table)),
        ),
    }  # fmt: skip


def _i2(pooled: Pooled) -> float:
    if pooled.q_df < 1:
        return np.nan
    return 100 * max(pooled.q - pooled.q_df, 0.0) / pooled.q if pooled.q > 0 else 0.0


def _of_effects(table: CountTable) -> tuple[str, ...]:
    """Return what must stand wherever effects of single trials do, which are not those that the pool is made of."""
    said, labels = [], table.studies.labels
    none = [label for label, y in zip(labels, table.studies.yi, strict=True) if np.isnan(y)]
    halved = [label for label in table.halved if label not in none]
    if halved:
        named = some(halved) if len(halved) > 10 else listed(halved)
        said.append(f"the effect shown of {named} has 1/2 added to each cell; the pool takes the counts as they are")
    if none:
        said.append(
            f"no effect is shown of {listed(none)}, both arms having no events or only events; the pool has them with "
            "their patients"
        )
    return tuple(said)
