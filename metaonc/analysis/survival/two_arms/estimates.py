"""Estimates of two arms at several times: what results of restricted means and of milestones share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.check import Floats, confidence_level
from ....base.columns import limits
from ....base.digits import in_percent, p_said, plain
from ....base.html import listed
from ....base.lazy import worked_out_later
from ....base.result import Provenance, Result
from ....errors import OptionError
from ...numeric.distributions import critical, to_error, two_sided_p

FEW = 0.1  # share of patients at risk below which the end of a curve is hardly known


class Quantity(NamedTuple):
    """What is estimated: its name, how readers know it, whether it is analysed as a logarithm, and what it tells."""

    name: str
    label: str
    log: bool = False
    of_arm: bool = False


@worked_out_later("estimates", "patients")
@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class TimesResult(Result):
    """Two arms compared at several times.

    Attributes
    ----------
    estimates
        DataFrame, one row an estimate: quantity; group (an arm, or empty of a comparison); time; estimate and se on
        the scale of analysis (logarithms of ratios); ci_low, ci_high; statistic and p_value of comparisons; log.
    times
        The times, rising, in the unit of the data, shape (m,).
    cov_t, cov_c
        Covariance of the estimates of treatment, and of control, between times, shape (m, m); that of the differences
        is their sum.
    treatment, control
        The arms as the table names them.
    n_t, n_c, events_t, events_c
        Patients and events of treatment and control.
    level, unit
        Coverage of the intervals; unit of time, or None.
    patients
        DataFrame, one row a patient: time, event, arm.
    """

    estimates: pd.DataFrame
    times: Floats
    cov_t: Floats
    cov_c: Floats
    treatment: str
    control: str
    n_t: int
    n_c: int
    events_t: int
    events_c: int
    level: float
    unit: str | None
    patients: pd.DataFrame
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("n_t", "n_c", "events_t", "events_c")
    quantities: ClassVar[tuple[Quantity, ...]] = ()

    def of(self, quantity: str) -> pd.DataFrame:
        """Return the rows of one quantity, one a time (of arms one a time and arm), on the scale of analysis."""
        return self.estimates[self.estimates["quantity"] == quantity].reset_index(drop=True)

    def known(self, quantity: str) -> Quantity:
        """Return the record of a quantity."""
        return next(q for q in self.quantities if q.name == quantity)

    @property
    def difference_cov(self) -> Floats:
        """Covariance of the differences, treatment less control, between times, shape (m, m)."""
        return self.cov_t + self.cov_c

    def row(self, *, study: str, time: float | None = None) -> dict[str, Any]:
        """Return the difference at a time, the last one if not given, as a row for ``pool``: study, yi, vi, time.

        Raises
        ------
        OptionError
            When the result has no such time.
        """
        rows = self.of("difference")
        at = len(rows) - 1 if time is None else int(np.argmin(np.abs(rows["time"] - time)))
        if time is not None and rows["time"].iloc[at] != time:
            raise OptionError(f"time={time:g} is none of the times of the result, {self.times.tolist()}.")
        found = rows.iloc[at]
        return {"study": study, "yi": float(found["estimate"]), "vi": float(found["se"]) ** 2,
                "time": float(found["time"])}  # fmt: skip

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> pd.DataFrame:
        """Return the limits of each estimate at another level, one row an estimate, as in `tidy`."""
        level = self.level if level is None else confidence_level(level)
        low, high = self._limits(level)
        if transform:
            low, high = (self._natural(x) for x in (low, high))
        return limits((low, high), pd.Index(self._terms(), name="term"))

    def _limits(self, level: float) -> tuple[Floats, Floats]:
        half = float(critical(level)) * self.estimates["se"].to_numpy()
        value = self.estimates["estimate"].to_numpy()
        return value - half, value + half

    def _natural(self, x: Any) -> Floats:
        return np.where(self.estimates["log"], np.exp(np.where(self.estimates["log"], x, 0.0)), x)

    def _terms(self) -> list[str]:
        pairs = zip(*(self.estimates[c] for c in ("quantity", "group", "time")), strict=True)
        return [f"{quantity}{f' {group}' if group else ''} at {time:g}" for quantity, group, time in pairs]

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row an estimate; ratios natural and no se when `transform`."""
        table = self.estimates.drop(columns="log").assign(term=self._terms(), interval="wald")
        table["type"] = np.where(table["group"] == "", "comparison", "arm")
        if transform:
            for name in ("estimate", "ci_low", "ci_high"):
                table[name] = self._natural(table[name].to_numpy())
            table["se"] = np.nan
        return table

    def _cautions(self) -> list[Caution]:
        empty = {name: self._silent(name) for name in (self.treatment, self.control)}
        both = [t for t in empty[self.treatment] if t in empty[self.control]]
        found = [Caution(text=f"no event in either arm up to {_listed(both)}: nothing is compared there",
                         more="estimates of the arms have no error there", numeric=True)] if both else []  # fmt: skip
        found += [
            Caution(
                text=f"no event up to {_listed(own)} in an arm: its estimate has no error there, and the interval of "
                "the comparison is too narrow",
                more="it holds the error of the other arm alone",
                of=name,
                numeric=True,
            )
            for name, times in empty.items()
            if (own := [t for t in times if t not in both])
        ]
        thin = [
            (name, f"{t:g}")
            for name, n in ((self.treatment, self.n_t), (self.control, self.n_c))
            for t in self.times
            if ((self.patients["arm"] == name) & (self.patients["time"] >= t)).sum() < FEW * n
        ]
        return found + [
            Caution(text=f"at {at} fewer than a tenth of the patients are at risk", of=who, numeric=True)
            for who, at in thin
        ]

    def _silent(self, arm: str) -> list[float]:
        """Return the times up to which an arm has no event."""
        own = self.patients[self.patients["arm"] == arm]
        first = own.loc[own["event"].astype(bool), "time"].min()
        return [float(t) for t in self.times if not t >= first]

    def _lines(self) -> list[str]:
        unit = f", {self.unit}" if self.unit else ""
        head = f"{self.treatment} against {self.control}: {self.n_t} and {self.n_c} patients, "
        rows = self.tidy(transform=True)
        values = rows[["estimate", "ci_low", "ci_high"]].to_numpy()
        shown = pd.DataFrame({
            "what": [self.known(q).label for q in rows["quantity"]], "arm": rows["group"],
            f"time{unit}": rows["time"],
            f"estimate ({in_percent(self.level)} % CI)": [said(*x) for x in values],
            "p": ["" if np.isnan(p) else p_said(p).removeprefix("p ") for p in rows["p_value"]],
        })  # fmt: skip
        return [f"{head}{self.events_t} and {self.events_c} events", "", listed(shown, plain, blank="")]


def _listed(times: list[float]) -> str:
    return ", ".join(f"{t:g}" for t in times)


def said(estimate: float, low: float, high: float) -> str:
    """Return an estimate with its limits as a summary prints them."""
    first, *ends = plain.of(estimate, low, high)
    return first if np.isnan(low) else f"{first} ({ends[0]} to {ends[1]})"


class Rows(NamedTuple):
    """Estimates and their standard errors, a row each, and a column a time; (r, m)."""

    estimate: Floats
    se: Floats


def table_of(
    quantities: Sequence[Quantity], names: tuple[str, str], times: Floats, arms: Rows, comparisons: Rows, level: float,
    limits: tuple[Floats, Floats] | None = None,
) -> Callable[[], pd.DataFrame]:  # fmt: skip
    """Return what makes the table of estimates, all worked out.

    Parameters
    ----------
    quantities
        What is estimated, of arms first.
    names
        Of treatment and control.
    times
        Shape (m,).
    arms, comparisons
        For each quantity of arms treatment and control, and each comparison.
    level
        Coverage of the intervals.
    limits
        Of arms, where they are not estimate ∓ quantile × standard error.
    """
    estimate, se = np.concatenate([arms.estimate, comparisons.estimate]), np.concatenate([arms.se, comparisons.se])
    half = float(critical(level)) * se
    low, high = estimate - half, estimate + half
    if limits is not None:
        low[: len(limits[0])], high[: len(limits[1])] = limits
    statistic = to_error(*comparisons)  # against 0; of arms nothing is tested
    p_value = two_sided_p(statistic)

    def table() -> pd.DataFrame:
        def each(values: list[Any], kind: Any) -> Any:
            return np.repeat(np.array(values, dtype=kind), len(times))

        def tested(values: Floats) -> Floats:
            return np.concatenate([np.full(arms.se.shape, np.nan), values]).ravel()

        rows = [(quantity, name) for quantity in quantities for name in (names if quantity.of_arm else ("",))]
        return pd.DataFrame({
            "quantity": each([q.name for q, _ in rows], object), "group": each([group for _, group in rows], object),
            "time": np.tile(times, len(rows)), "estimate": estimate.ravel(), "se": se.ravel(),
            "ci_low": low.ravel(), "ci_high": high.ravel(), "statistic": tested(statistic), "p_value": tested(p_value),
            "log": each([q.log for q, _ in rows], bool),
        }, copy=False)  # fmt: skip

    return table


def compared(values: Floats, variance: Floats, ratios: Floats) -> Rows:
    """Return the difference of treatment and control, and by the delta method logarithms of ratios.

    NaN where there is none: of a ratio where one of the two is 0; where nothing varies, as before any event, the
    standard error, and a comparison of 0, which tells nothing.

    Parameters
    ----------
    values, variance
        Of treatment and control, shape (2, m).
    ratios
        What of them is compared by its ratio, of the same variance; (r, 2, m).

    Returns
    -------
    Rows
        The difference, then the ratios, (1 + r, m).
    """
    there = ratios > 0
    if np.count_nonzero(there) < ratios.size:
        ratios = np.where(there.all(axis=1, keepdims=True), ratios, np.nan)
    both, of_both = np.empty((2, 1 + len(ratios), *values.shape))
    both[0], of_both[0] = values, variance
    np.log(ratios, out=both[1:])
    np.divide(variance, ratios * ratios, out=of_both[1:])
    found, total = both[:, 0] - both[:, 1], of_both[:, 0] + of_both[:, 1]
    if np.count_nonzero(total) < total.size:
        none = total == 0
        found, total = np.where(none & (found == 0), np.nan, found), np.where(none, np.nan, total)
    return Rows(found, np.sqrt(total))
