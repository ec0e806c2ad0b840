"""Hazard ratios of the groups of a Kaplan-Meier estimate against one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from ...base.caution import Caution
from ...base.check import confidence_level, one_of
from ...base.columns import limits
from ...base.digits import in_percent, p_said, plain
from ...base.html import listed
from ...base.result import Provenance, TableResult, Text
from ..numeric.distributions import critical
from . import rcode
from .comparison import samples_of
from .cox.of_patients import log_rank_p
from .cox.partial_likelihood import TIES, event_times, has_maximum, maximise, partial_likelihood
from .cox.result import wald
from .curve.result import KaplanMeier
from .two_arms.estimates import said

RATIO = ("estimate", "se", "ci_low", "ci_high", "hr", "p_value")
SEVERAL = "intervals and p-values are not adjusted for the number of comparisons"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PairwiseHazardRatios(TableResult):
    """Hazard ratios of several groups to one of them, each by Cox's model of the patients of the two.

    Attributes
    ----------
    table
        One row a group: group, reference; estimate, se, ci_low, ci_high of the log hazard ratio (Wald); hr; p_value
        (Wald), logrank_p (of the two). NaN where the ratio is 0 or infinite.
    reference
        The group that the others are compared with.
    groups
        All groups, in the order of the curves.
    ties, level
        How events at the same time are treated; coverage of the intervals.
    by
        Column that split the patients, or None.
    patients
        Patients counted: time, event, group, patients (how many are alike), and entry where it is late.
    """

    table: pd.DataFrame
    reference: str
    groups: tuple[str, ...]
    ties: str
    level: float
    by: str | None
    patients: pd.DataFrame
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("reference", "ties")

    @property
    def measure(self) -> str:
        """Code of the measure."""
        return "HR"

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> pd.DataFrame:
        """Return the limits of each log hazard ratio at another level, a row a comparison; ratios if `transform`."""
        half = float(critical(self.level if level is None else confidence_level(level))) * self.table["se"].to_numpy()
        ends = [self.table["estimate"].to_numpy() + sign * half for sign in (-1, 1)]
        return limits(map(np.exp, ends) if transform else ends, pd.Index(self._terms(), name="term"))

    def r_code(self) -> Text:
        """Return the R script, data inline, of the models by ``coxph`` of R's survival and the log-rank tests."""
        rows = {str(name): column.tolist() for name, column in self.patients.items()}
        return Text(rcode.pairwise(self.groups, rows, reference=self.reference, ties=self.ties, level=self.level,
                                   without=self._lacking()))  # fmt: skip

    def _lacking(self) -> list[str]:
        """Return the groups without a hazard ratio."""
        return list(map(str, self.table.loc[self.table["estimate"].isna(), "group"]))

    def _terms(self) -> list[str]:
        return [f"{group} against {self.reference}" for group in self.table["group"]]

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a comparison; hazard ratios and no se when `transform`."""
        own = self.table.drop(columns=["hr", "reference"])
        own = own.assign(term=self._terms(), type="comparison", interval="wald", statistic=own["estimate"] / own["se"])
        if transform:
            changed = ["estimate", "ci_low", "ci_high"]
            own[changed] = np.exp(own[changed])
            own["se"] = np.nan
        return own

    def _cautions(self) -> list[Caution]:
        lacking = self._lacking()
        if not lacking:
            return []
        return [Caution(text=f"the hazard ratio of {', '.join(lacking)} to {self.reference} is 0 or infinite, or no "
                        "event happened with both at risk: it is not given")]  # fmt: skip

    def _lines(self) -> list[str]:
        rows = self.tidy(transform=True)
        shown = pd.DataFrame({
            "group": self.table["group"],
            f"hazard ratio ({in_percent(self.level)} % CI)": [
                "" if np.isnan(x[0]) else said(*x) for x in rows[["estimate", "ci_low", "ci_high"]].to_numpy()
            ],
            "p": ["" if np.isnan(p) else p_said(p).removeprefix("p ") for p in rows["p_value"]],
            "log-rank p": ["" if np.isnan(p) else p_said(p).removeprefix("p ") for p in self.table["logrank_p"]],
        })  # fmt: skip
        return [f"Hazard ratios to {self.reference}, Cox's model of each two, {self.ties} ties", "",
                listed(shown, plain, blank="")]  # fmt: skip


def pairwise_hazard_ratios(result: KaplanMeier, *, reference: str, ties: str = "efron") -> PairwiseHazardRatios:
    """Estimate the hazard ratio of each group to one of them by Cox's model of the patients of the two.

    Each is what ``mo.survival.hazard_ratio`` gives of these two groups alone; intervals and p-values are not adjusted
    for their number.

    Parameters
    ----------
    result : KaplanMeier
        What ``mo.survival.kaplan_meier`` returned, of two groups or more.
    reference : str
        The group that the others are compared with.
    ties : str, default "efron"
        How the partial likelihood treats events at the same time: "efron" or "breslow".

    Returns
    -------
    PairwiseHazardRatios
        Its ``table`` has a row a group: group, reference; estimate, se, ci_low, ci_high of the log hazard ratio (Wald,
        at the level of `result`); hr; p_value (Wald), logrank_p (of the two). NaN where the ratio is 0 or infinite.

    Raises
    ------
    DataError
        When `result` is no Kaplan-Meier estimate of groups, or no patient had the event.
    OptionError
        When there is no group `reference`, or `ties` does not exist.

    References
    ----------
    As of ``hazard_ratio``: Cox 1972 (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> arms = {"time": [3, 5, 7, 2, 4, 6, 1, 2, 3], "event": [1, 0, 1, 1, 1, 1, 1, 1, 1], "arm": list("aaabbbccc")}
    >>> ratios = mo.survival.pairwise_hazard_ratios(mo.survival.kaplan_meier(arms, by="arm"), reference="c")
    >>> ratios.table[["group", "hr"]].round(3).values.tolist()
    [['a', 0.139], ['b', 0.219]]
    """
    samples = samples_of(result)
    base, ties = samples[one_of("reference", reference, samples)], one_of("ties", ties, TIES)
    rows = []
    for group, sample in samples.items():
        if group == reference:
            continue
        table = event_times(sample, base)
        terms = partial_likelihood(table, ties)
        found = wald(*maximise(terms), result.level) if has_maximum(terms) else dict.fromkeys(RATIO, np.nan)
        rows.append({"group": group, "reference": reference} | {name: found[name] for name in RATIO}
                    | {"logrank_p": log_rank_p(table)})  # fmt: skip
    made = Provenance(
        verb="survival.pairwise_hazard_ratios",
        settings={"by": result.by, "reference": reference, "ties": ties, "level": result.level},
        rows_in=result.provenance.rows_in, rows_used=result.provenance.rows_used,
        corrected=result.provenance.corrected, notes=(SEVERAL,) * (len(rows) > 1),
        cautions=result.provenance.cautions,
    )  # fmt: skip
    return PairwiseHazardRatios(
        table=pd.DataFrame(rows), reference=reference, groups=tuple(samples), ties=ties, level=result.level,
        by=result.by, patients=result.counted(), provenance=made,
    )  # fmt: skip
