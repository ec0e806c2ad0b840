"""Weighted log-rank tests of two arms, and the largest of several (max-combo)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.check import Floats
from ....base.digits import p_said, plain
from ....base.html import listed
from ....base.messages.arguments import known_arguments
from ....base.result import Provenance, Result, Text
from ....errors import DataError, OptionError
from ...numeric.distributions import to_error, two_sided_p
from ...numeric.time_to_event.weighted_log_rank import WeightedTests, largest_p, weighted_tests
from . import rcode
from .arms import read_arms

COMBO = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))
MOST = 8  # weights of one combination


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class WeightedLogRankResult(Result):
    """Fleming and Harrington's weighted log-rank tests of two arms, and their combination.

    Attributes
    ----------
    tests
        DataFrame, one row a weight: rho, gamma; u and v, weighted observed minus expected events of treatment and
        their variance; statistic, u over its standard error (below 0 where treatment has fewer events than expected);
        p_value, two-sided.
    correlation
        Of the statistics, shape (m, m).
    statistic, p_value
        The largest size of the statistics, and the probability that it is as large where hazards are equal; of one
        weight its own two-sided p.
    treatment, control, n_t, n_c, events_t, events_c
        The arms, their patients and events.
    patients
        DataFrame, one row a patient: time, event, arm.
    """

    tests: pd.DataFrame
    correlation: Floats
    statistic: float
    p_value: float
    treatment: str
    control: str
    n_t: int
    n_c: int
    events_t: int
    events_c: int
    patients: pd.DataFrame
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("statistic", "n_t", "n_c", "events_t", "events_c")

    @property
    def names(self) -> list[str]:
        """Names of the tests: ``FH(0,1)`` and so on; of equal weights ``log-rank``."""
        pairs = zip(self.tests["rho"], self.tests["gamma"], strict=True)
        return ["log-rank" if r == g == 0 else f"FH({r:g},{g:g})" for r, g in pairs]

    def r_code(self) -> Text:
        """Return the R script, data inline, of the tests by survival, and of their largest by mvtnorm."""
        powers = self.tests[["rho", "gamma"]].to_numpy()
        return Text(rcode.weighted(self.patients, (self.treatment, self.control), powers))

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a test (type ``test``), and of several the combination (``max``)."""
        table = self.tests.assign(term=self.names, type="test")
        if len(table) == 1:
            return table
        whole = {"term": "max-combo", "type": "max", "statistic": self.statistic, "p_value": self.p_value}
        return pd.concat([table, pd.DataFrame([whole])], ignore_index=True)

    def _cautions(self) -> list[Caution]:
        late = bool((self.tests["gamma"] > 0).any())
        return [
            Caution(
                text="a weighted test tells whether hazards differ at some time, not by how much nor for whose good",
                more="with weights on late events a treatment that does harm early can come out significant; the "
                "difference of restricted means says what patients gain",
            )
        ] * late  # fmt: skip

    def _lines(self) -> list[str]:
        shown = pd.DataFrame({
            "test": self.names, "statistic": self.tests["statistic"],
            "p": [p_said(p).removeprefix("p ") for p in self.tests["p_value"]],
        })  # fmt: skip
        head = (
            f"{self.treatment} against {self.control}: {self.n_t} and {self.n_c} patients, {self.events_t} and "
            f"{self.events_c} events"
        )
        combined = f"largest of {len(self.tests)}: |z| {plain(self.statistic)}, {p_said(self.p_value)}"
        return [head, "", listed(shown, plain), *([combined] if len(self.tests) > 1 else [])]


@known_arguments
def weighted_log_rank(
    ipd: Any,
    *,
    control: Any = None,
    weights: Sequence[Sequence[float]] = ((0.0, 0.0),),
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
) -> WeightedLogRankResult:
    r"""Test whether two arms have the same hazard, events weighted by when they happen.

    .. math:: U = \sum_j w_j (d_{1j} - d_j n_{1j} / n_j), \quad w_j = S(t_j-)^\rho (1 - S(t_j-))^\gamma

    S is the Kaplan-Meier curve of both arms together. Of several weights the largest statistic is tested by their
    joint normal distribution (max-combo).

    Parameters
    ----------
    ipd : dataframe
        One row a patient, real or reconstructed.
    control : label, optional
        The value of `arm` that the other arm is compared with.
    weights : list of pairs
        Pairs of rho and gamma, not below 0: (0, 0) is the log-rank test, (1, 0) weights early events, (0, 1) late ones.
    time, event, arm : str
        Columns of follow-up (>= 0), of the event (1, or 0 where it was censored) and of the arm, of two values.

    Returns
    -------
    WeightedLogRankResult
        The z of each test with its p-value.

    Raises
    ------
    ColumnError, OptionError
        A column that does not exist; weights that are no pairs, or below 0.
    DataError
        A row that cannot be true, an arm column without two values, no event while both arms are at risk.

    References
    ----------
    Fleming and Harrington 1991.

    Examples
    --------
    >>> import metaonc as mo
    >>> patients = {"time": [3, 5, 7, 9, 2, 4, 5, 6], "event": [1, 1, 0, 1, 1, 1, 1, 0], "arm": list("aaaabbbb")}
    >>> r = mo.survival.weighted_log_rank(patients, control="b", weights=[(0, 0), (0, 1)])
    >>> r.tests["statistic"].round(3).tolist()
    [-0.734, -0.553]
    """
    return _result(ipd, control, weights, time, event, arm, "survival.weighted_log_rank")


@known_arguments
def max_combo(
    ipd: Any,
    *,
    control: Any = None,
    weights: Sequence[Sequence[float]] = COMBO,
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
) -> WeightedLogRankResult:
    """Test whether two arms have the same hazard by the largest of four weighted log-rank tests.

    Early, late, middle and equal weights; see ``weighted_log_rank``, which this is with other weights.

    Parameters
    ----------
    ipd : dataframe
        One row a patient, real or reconstructed.
    control : label, optional
        The value of `arm` that the other arm is compared with.
    weights : list of pairs
        Pairs of rho and gamma of each test.
    time, event, arm : str
        Columns of follow-up (>= 0), of the event (1, or 0 where it was censored) and of the arm, of two values.

    Returns
    -------
    WeightedLogRankResult
        The z of each test, and the p-value of the largest.

    Raises
    ------
    ColumnError, OptionError, DataError
        As ``weighted_log_rank``.

    References
    ----------
    Fleming and Harrington 1991, of the single tests (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> patients = {"time": [3, 5, 7, 9, 2, 4, 5, 6], "event": [1, 1, 0, 1, 1, 1, 1, 0], "arm": list("aaaabbbb")}
    >>> round(mo.survival.max_combo(patients, control="b").statistic, 3)
    0.737
    """
    return _result(ipd, control, weights, time, event, arm, "survival.max_combo")


def _result(
    ipd: Any, control: Any, weights: Sequence[Sequence[float]], time: str, event: str, arm: str, verb: str
) -> WeightedLogRankResult:
    powers = _powers(weights)
    arms = read_arms(ipd, control=control, time=time, event=event, arm=arm)
    if not sum(int(sample.event.sum()) for sample in arms.samples):
        raise DataError(
            f"no patient has the event: {event!r} is 0 in all {sum(len(s.time) for s in arms.samples)} rows."
        )
    found = weighted_tests(*arms.samples, powers)
    v = np.diag(found.cov)
    if not (v > 0).all():
        zero = powers[int(np.argmin(v > 0))]
        raise DataError(
            f"weights ({zero[0]:g}, {zero[1]:g}): no event happened while both {arms.names[0]!r} and "
            f"{arms.names[1]!r} were at risk and had weight: nothing is compared."
        )
    tests, correlation = _tests(found, powers)
    largest = float(tests["statistic"].abs().max())
    return WeightedLogRankResult(
        tests=tests, correlation=correlation, statistic=largest,
        p_value=largest_p(largest, correlation) if largest > 0 else 1.0,
        treatment=arms.names[0], control=arms.names[1], **arms.counts(), patients=arms.patients(),
        provenance=arms.provenance(verb, time=time, event=event, arm=arm, weights=powers.tolist()),
    )  # fmt: skip


def _tests(found: WeightedTests, powers: Floats) -> tuple[pd.DataFrame, Floats]:
    se = np.sqrt(np.diag(found.cov))
    z = to_error(found.u, se)
    table = pd.DataFrame({
        "rho": powers[:, 0], "gamma": powers[:, 1], "u": found.u, "v": se**2, "statistic": z,
        "p_value": two_sided_p(z),
    })  # fmt: skip
    return table, found.cov / np.outer(se, se)


def _powers(weights: Sequence[Sequence[float]]) -> Floats:
    try:
        powers = np.asarray(weights, dtype=float)
    except (TypeError, ValueError):
        powers = np.zeros(0)
    if powers.ndim != 2 or powers.shape[1:] != (2,) or not 0 < len(powers) <= MOST:
        raise OptionError(
            f"weights={weights!r} are no pairs of rho and gamma, such as [(0, 0), (0, 1)]; {MOST} at most."
        )
    if not (np.isfinite(powers) & (powers >= 0)).all():
        raise OptionError(f"weights={weights!r}: rho and gamma must be finite and not below 0.")
    if len(np.unique(powers, axis=0)) < len(powers):
        raise OptionError(f"weights={weights!r}: a pair stands there twice.")
    return powers
