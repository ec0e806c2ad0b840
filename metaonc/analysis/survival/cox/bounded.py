"""A hazard ratio of 0 or infinity, with the one limit that its likelihood has."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from ....base.caution import Caution
from ....base.digits import finer, in_percent, p_said, plain
from ....base.result import Text
from ....errors import ConvergenceError, DataError
from ...numeric.distributions import chi2_p, chi2_quantile
from ...numeric.product_limit import Sample, by_time
from .. import rcode
from .partial_likelihood import Terms, event_times, partial_likelihood
from .result import CoxHazardRatio

ROUNDS = 200
STEP = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class BoundedHazardRatio(CoxHazardRatio):
    r"""A hazard ratio of 0 or infinity: all events with both arms at risk are of one arm.

    The log partial likelihood rises to a bound. The one limit of the interval is where it lies half the quantile of
    chi-square with one degree of freedom below, as of any profile likelihood interval; p is of the likelihood ratio.
    The fields are those of `CoxHazardRatio`; `estimate` is minus or plus infinity, `se` infinite.

    Examples
    --------
    >>> import metaonc as mo
    >>> patients = {"time": [1, 2, 3, 4, 5, 6], "event": [1, 1, 0, 0, 0, 0], "arm": list("bbbaaa")}
    >>> result = mo.survival.hazard_ratio(patients, control="b")
    >>> result.hr, round(result.p_value, 4)
    (0.0, 0.0728)
    """

    @property
    def ci(self) -> str:
        """Type of the interval."""
        return "profile"

    def row(self, *, study: str) -> dict[str, Any]:
        """Refuse a row: there is no variance.

        Raises
        ------
        DataError
            Always; says what pools such a trial.
        """
        raise DataError(
            f"trial {study!r}: the hazard ratio is {_size(self.estimate)} and has no variance to be pooled by. "
            f"survival.pool_ipd takes the patients' likelihood as it is; effect_sizes takes the log-rank test's "
            f"o_minus_e={self.o_minus_e:.6g} and v={self.v:.6g}."
        )

    def _limits(self, level: float) -> tuple[float, float]:
        parts = (self.patients[self.patients["arm"] == arm] for arm in (self.treatment, self.control))
        table = event_times(*(_sample(rows) for rows in parts))
        return limits(partial_likelihood(table, str(self.provenance.settings["ties"])), level)

    def _tidy(self, transform: bool) -> pd.DataFrame:
        change = np.exp if transform else float
        row = {name: float(change(getattr(self, name))) for name in ("estimate", "ci_low", "ci_high")}
        row |= {"se": math.nan if transform else self.se, "statistic": math.nan, "p_value": self.p_value}
        return pd.DataFrame([{"term": "overall", "type": "summary", **row, "interval": self.ci}])

    def _cautions(self) -> list[Caution]:
        arm = self.treatment if self.estimate > 0 else self.control
        return [
            Caution(
                text=f"all events with both arms at risk are of {arm}, so that the hazard ratio is "
                f"{_size(self.estimate)}; its one limit is by profile likelihood",
                more="no standard error exists, and nothing can be weighted by it",
            )
        ]

    def _lines(self) -> list[str]:
        bound = plain(math.exp(self.ci_high if self.estimate < 0 else self.ci_low))
        hr, between = ("0", f"0 to {bound}") if self.estimate < 0 else ("infinite", f"from {bound} on")
        return [
            f"{self.treatment} against {self.control}",
            f"Hazard ratio {hr} ({in_percent(self.level)} % profile interval {between}), likelihood ratio "
            f"{p_said(self.p_value, ' =')}; {self.method}",
            f"O - E {finer(self.o_minus_e)}, V {finer(self.v)}",
            f"Treatment: {self.n_t} patients, {finer(self.events_t)} events; "
            f"control: {self.n_c} patients, {finer(self.events_c)} events",
            f"Log-rank test: chi-square {finer(self.logrank_chi2)}, {p_said(self.logrank_p, ' =')}",
        ]

    def r_code(self) -> Text:
        """Return the R script, data inline: coxph's likelihood at given log hazard ratios, and where it is so low."""
        names = {name: name for name in self.patients.columns if name != "arm"}
        rows = self.patients.groupby([*names, "arm"], sort=False).size().reset_index(name="patients")
        names |= {"group": "arm", "patients": "patients"}
        data = {name: rows[column].tolist() for name, column in names.items()}
        return Text(rcode.cox_bounded((self.control, self.treatment), data, sign=math.copysign(1.0, self.estimate),
                                      ties=str(self.provenance.settings["ties"]), level=self.level))  # fmt: skip


def _size(estimate: float) -> str:
    return "infinite" if estimate > 0 else "0"


def _sample(rows: pd.DataFrame) -> Sample:
    entry = rows["entry"].to_numpy(dtype=float) if "entry" in rows else None
    return by_time(rows["time"].to_numpy(dtype=float), rows["event"].to_numpy() == 1, entry)


def bounded(terms: Terms, level: float) -> dict[str, float]:
    """Return the fields of a result whose log hazard ratio is infinite."""
    estimate = math.inf if terms.events_t else -math.inf
    low, high = limits(terms, level)
    drop = float(np.logaddexp(0.0, math.copysign(1.0, -estimate) * terms.offset).sum())
    return {"estimate": estimate, "se": math.inf, "ci_low": low, "ci_high": high, "hr": float(np.exp(estimate)),
            "p_value": float(chi2_p(2 * drop, 1)), "level": level}  # fmt: skip


def limits(terms: Terms, level: float) -> tuple[float, float]:
    r"""Return the limits: an infinity, and where the log likelihood is half a quantile of chi-square below its bound.

    With all events of control :math:`\sum_i \log(1 + e^{\beta + o_i}) = \chi^2_{1, level} / 2`; of treatment with
    :math:`-\beta - o_i`.
    """
    sign = -1.0 if terms.events_t else 1.0  # turned so that the likelihood rises towards minus infinity
    offset, drop = sign * terms.offset, float(chi2_quantile(level, 1)) / 2
    at = math.log(drop / len(offset)) - float(offset.max())
    for _ in range(ROUNDS):  # the logarithm of the fall is concave and rises in beta: Newton's steps
        fall = float(np.logaddexp(0.0, at + offset).sum())
        step = -math.log(fall / drop) * fall / float(expit(at + offset).sum())
        at += step
        if abs(step) < STEP * max(1.0, abs(at)):
            return (-math.inf, at) if sign > 0 else (-at, math.inf)
    raise ConvergenceError(f"the limit of the hazard ratio was not found in {ROUNDS} steps.")
