"""interaction: does the effect differ between subgroups, judged within trials."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..._check import columns_exist
from ..._frames import to_pandas
from ...errors import DataError, OptionError
from ..distributions import critical, two_sided_p
from ..effects.measures import MEASURES, Measure
from .pool import pool
from .results import MetaResult, pooled_lines
from .subgroup_result import SubgroupResult
from .subgroups import pool_subgroups


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class InteractionResult(MetaResult):
    """The difference of effects between two subgroups, pooled over the differences within each trial.

    On the natural scale of a ratio it is a ratio of ratios, such as the hazard ratio of mutant over that of wild-type.

    Attributes
    ----------
    contrast
        The two levels, first minus second.
    floating
        Both subgroups' effects under a common effect, consistent with the difference within trials (SWADA, Godolphin
        et al. 2023): level, estimate, se, ci_low, ci_high.
    across
        The usual subgroup analysis of all rows: each level pooled by itself.
    across_estimate, across_se, across_p
        Difference of its two pooled effects, which mixes in how trials differ (aggregation bias).
    """

    contrast: tuple[str, str]
    floating: pd.DataFrame
    across: SubgroupResult
    across_estimate: float
    across_se: float
    across_p: float

    @property
    def record(self) -> Measure:
        """The record of the measure, worded for a difference between subgroups."""
        one = MEASURES[self.measure]
        # of scales other than logarithms the difference has no natural scale: of logits it is no difference of rates
        natural = f"ratio of {one.natural}s" if one.scale == "log" else f"difference of {one.label}s"
        inverse = one.inverse if one.scale == "log" else _same
        scale = "log" if one.scale == "log" else "linear"
        return dataclasses.replace(
            one, label=f"difference of {one.label}s", natural=natural, roles=(), inverse=inverse, null=0.0, scale=scale
        )

    def _lines(self) -> list[str]:
        z = float(critical(self.level))
        low, high = self.across_estimate - z * self.across_se, self.across_estimate + z * self.across_se
        values = [float(self.natural(x)) for x in (self.across_estimate, low, high)]
        rows = [
            f"  {row.level}: {self.natural(row.estimate):.4g} ({self.natural(row.ci_low):.4g} to "
            f"{self.natural(row.ci_high):.4g})"
            for row in self.floating.itertuples()
        ]
        return [
            f"Within trials, {self.contrast[0]} against {self.contrast[1]}",
            *(f"  {line}" for line in pooled_lines(self)),
            f"  tau² {self.tau2:.4g}, Q {self.q:.4g} ({self.q_df} df), p {self.q_p:.3g}",
            "Subgroup effects consistent with the common-effect difference within trials",
            *rows,
            "Across trials, each subgroup pooled by itself: mixes in how trials differ (aggregation bias)",
            f"  {values[0]:.4g} ({values[1]:.4g} to {values[2]:.4g}), p {self.across_p:.3g}",
        ]


def _same(x: Any) -> Any:
    return x


def interaction(
    table: Any,
    *,
    study: str,
    by: str,
    contrast: tuple[str, str],
    yi: str = "yi",
    vi: str = "vi",
    measure: str | None = None,
    method: str = "REML",
    ci: str = "HKSJ",
    prediction: str | None = None,
    level: float = 0.95,
) -> InteractionResult:
    r"""Pool the difference between two subgroups over the differences within each trial.

    .. math:: g_i = y_{i1} - y_{i0}, \quad Var(g_i) = v_{i1} + v_{i0}

    Only trials that report both subgroups inform it, so that nothing in which trials differ can confound it ("deft",
    Fisher 2017, doi:10.1136/bmj.j573).

    Parameters
    ----------
    table : dataframe
        One row a trial and subgroup, as ``effect_sizes`` returns it.
    study, by : str
        Columns of the trial and of the subgroup's level.
    contrast : tuple of str
        The two levels; the first minus the second.
    yi, vi, measure, method, ci, prediction, level
        As in ``pool``.

    Returns
    -------
    InteractionResult

    Raises
    ------
    DataError
        When a level is not in the table, a trial reports a level twice, or no trial reports both.

    Examples
    --------
    >>> import metaonc as mo
    >>> t = {"trial": ["A", "A", "B", "B"], "kras": ["mut", "wt"] * 2, "yi": [0.1, -0.5, 0.0, -0.3], "vi": [0.04] * 4}
    >>> r = mo.interaction(t, study="trial", by="kras", contrast=("mut", "wt"), method="CE", ci="wald")
    >>> round(r.estimate, 3)
    0.45
    """
    frame = to_pandas(table)
    columns_exist(list(frame.columns), {"study": study, "by": by, "yi": yi, "vi": vi})
    rows = _rows(frame, study, by, contrast)
    if measure is None and "measure" in rows:
        measure = str(rows["measure"].iloc[0]) if rows["measure"].nunique() == 1 else None
    options: dict[str, Any] = {"method": method, "ci": ci, "prediction": prediction, "level": level}
    across = pool_subgroups(rows, by=by, yi=yi, vi=vi, study=study, measure=measure, **options)
    differences, left = _differences(rows, study, by, contrast, yi, vi)
    within = pool(differences, study=study, measure=measure or across.overall.measure, **options)
    fields = {f.name: getattr(within, f.name) for f in dataclasses.fields(MetaResult)}
    fields["provenance"] = dataclasses.replace(
        within.provenance, verb="interaction", settings={**within.provenance.settings, "by": by, "contrast": contrast},
        rows_in=len(frame), rows_used=2 * within.k, dropped=left,
    )  # fmt: skip
    first, second = (across.groups[name] for name in contrast)
    apart, se = first.estimate - second.estimate, float(np.hypot(first.se, second.se))
    return InteractionResult(
        **fields, contrast=contrast, floating=_floating(rows, by, contrast, yi, vi, differences, level), across=across,
        across_estimate=apart, across_se=se, across_p=float(two_sided_p(apart / se)),
    )  # fmt: skip


def _rows(frame: pd.DataFrame, study: str, by: str, contrast: tuple[str, str]) -> pd.DataFrame:
    """Return the rows of the two levels, once each trial and level stands there once."""
    if len(contrast) != 2 or contrast[0] == contrast[1]:
        raise OptionError(f"contrast={contrast!r} must name two different levels.")
    levels = frame[by].astype(str)
    for name in contrast:
        if not (levels == name).any():
            known = list(dict.fromkeys(levels))
            raise DataError(f"contrast names {name!r}, which is not a level of {by!r}; it has {known}.")
    rows = frame[levels.isin(contrast)].reset_index(drop=True)
    twice = rows.duplicated([study, by])
    if twice.any():
        row = rows[twice].iloc[0]
        raise DataError(f"trial {row[study]!r} reports level {row[by]!r} twice; keep one row of the same patients.")
    rows.attrs = frame.attrs
    return rows


def _differences(
    rows: pd.DataFrame, study: str, by: str, contrast: tuple[str, str], yi: str, vi: str
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return one row a trial with both subgroups, and a sentence for each trial that has one only."""
    known = rows[rows[yi].notna() & rows[vi].notna()]
    parts = [known[known[by].astype(str) == name].set_index(study) for name in contrast]
    order = [name for name in dict.fromkeys(rows[study]) if all(name in part.index for part in parts)]
    if not order:
        raise DataError(
            f"no trial reports both {contrast[0]!r} and {contrast[1]!r}: there is no difference within trials."
        )
    first, second = (part.loc[order] for part in parts)
    table = pd.DataFrame(
        {study: order, "yi": (first[yi] - second[yi]).to_numpy(), "vi": (first[vi] + second[vi]).to_numpy()}
    )
    alone = [name for name in dict.fromkeys(rows[study]) if name not in set(order)]
    return table, tuple(f"trial {name!r}: reports one of the two subgroups only" for name in alone)


def _floating(
    rows: pd.DataFrame, by: str, contrast: tuple[str, str], yi: str, vi: str, differences: pd.DataFrame, level: float
) -> pd.DataFrame:
    """Return subgroup effects whose difference is the common-effect difference within trials.

    All rows inform the level, those of trials with one subgroup too; with z = 1 in the first subgroup, w = 1/v and
    a = sum(wz)/sum(w), Var = 1/sum(w) + (z - a)² Var(g).
    """
    w = 1 / differences["vi"].to_numpy()
    g, v_g = float((w * differences["yi"].to_numpy()).sum() / w.sum()), float(1 / w.sum())
    known = rows[rows[yi].notna() & rows[vi].notna()]
    z = (known[by].astype(str) == contrast[0]).to_numpy(dtype=float)
    w = 1 / known[vi].to_numpy(dtype=float)
    base = float((w * (known[yi].to_numpy(dtype=float) - z * g)).sum() / w.sum())
    share = (w * z).sum() / w.sum()
    estimate = np.array([base + g, base])
    se = np.sqrt(1 / w.sum() + (np.array([1.0, 0.0]) - share) ** 2 * v_g)
    half = float(critical(level)) * se
    columns = {
        "level": list(contrast),
        "estimate": estimate,
        "se": se,
        "ci_low": estimate - half,
        "ci_high": estimate + half,
    }
    return pd.DataFrame(columns)
