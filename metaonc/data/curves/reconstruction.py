"""What a reconstruction returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ...base.digits import plain
from ...base.result import Provenance, Result
from .ensemble import CHECKED_IN_R, Ensemble, draw
from .fits.clean import Floats
from .fits.inputs import Inputs
from .fits.median import half_time
from .fits.quality import Quality, errors, kaplan_meier


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Reconstruction(Result):
    """The patients behind a published curve.

    Attributes
    ----------
    ipd
        DataFrame with `time` and `event` (1 event, 0 censored), one row a patient, sorted by time.
    quality
        Agreement with the points, the at-risk table and the total of events; see `Quality`.
    provenance
        How it came about.
    """

    ipd: pd.DataFrame
    quality: Quality
    provenance: Provenance
    _not_in_r: ClassVar[str] = CHECKED_IN_R
    _given: Inputs = field(repr=False, compare=False)

    @property
    def identified(self) -> bool:
        """Whether a table, a total of events or all censoring marks tell how many were censored, and when."""
        return self._given.identified

    def ensemble(self, k: int = 20, *, seed: int) -> Ensemble:
        """Return k sets of patients that are plausible given the figure, for multiple imputation.

        Parameters
        ----------
        k
            How many, at least 2.
        seed
            Of the random numbers, from 0 on. The same seed and input give the same sets; the sets of two arms are
            independent even with one seed.

        Returns
        -------
        Ensemble
            Analyse each set, then ``mo.survival.combine``; for hazard ratios ``mo.survival.hazard_ratio_of_ensemble``
            does both.

        Raises
        ------
        OptionError
            When `k` or `seed` is none that can be used.

        Notes
        -----
        Each set has n patients, meets the at-risk table as the reconstruction does, and has the total of events where
        it was given. Drawn are

        - the reading, of clicks and pixels: each axis is calibrated anew with the error of one point, each point is
          set anew, and points that were averaged into one plateau move together;
        - the censoring distribution of each span between rows: a mixture, with Dirichlet weights, of two even ones
          over random windows, one in uneven steps and, at the curve's end, all censored there. It may be early, late or
          anything between; distributions that would leave so few at risk that the steps were taller than those seen are
          drawn again. The number censored is what brings the curve to the next row; without a row, it is what the
          distribution makes it; with a total of events, time is stretched until it is met. Marks of clicks or pixels
          are one patient each, and the distribution is of those beside them, of whom a part may follow the marks;
        - without a total, whether the last patient, alone where a curve ends below 0.25, has the event there: a trace
          does not show that fall. The chance is (d + 0.5) / (n + 1), d events among n who leave in the last span.

        Exact corners fix the counts: between drops and rows, only the times of censoring are drawn. Neither their
        rounding nor the ties they cannot tell from single events are.

        Over 43 two-arm trials (15 of real patients), the range of `hazard_ratio_of_ensemble` over 40 sets held the
        log hazard ratio of the true patients in 40 to 42 (12 to 14), by seed, with n alone, where it was 0.12 to 0.15
        wide in the median and 0.34 to 0.46 at the 90 % quantile; in 41 to 43 (15), width 0.06, with n and events; in
        42 (14), width 0.03, from clicks with the table; in 39 (14), width 0.03, from pixels with the table. The
        interval by Rubin's rules, 95 %, held it in all. Of the last, the fall of the last patient is drawn since.
        The prior was chosen with these trials in sight; in 60 simulated ones, not used for that, the range held the
        truth in 55 with n alone, 51 with n and events and 52 with the table, and the interval in all.
        """
        return draw(self._given, k, seed)

    @property
    def life_table(self) -> pd.DataFrame:
        """One row a distinct time: time, n_risk, n_event, n_censor and survival."""
        t, at_risk, deaths, s = kaplan_meier(*_columns(self.ipd))
        gone = at_risk - np.append(at_risk[1:], 0.0)
        return pd.DataFrame(
            {
                "time": t,
                "n_risk": at_risk.astype(int),
                "n_event": deaths.astype(int),
                "n_censor": (gone - deaths).astype(int),
                "survival": s,
            }
        )

    @property
    def residuals(self) -> pd.DataFrame:
        """One row a point read: time, survival as read, and residual, reconstructed minus read; see `Quality`."""
        given = self._given
        residual = errors(given, *_columns(self.ipd))
        return pd.DataFrame({"time": given.time, "survival": given.survival, "residual": residual})

    @property
    def numbers(self) -> dict[str, float]:
        """n, events, median, last time, and the errors against the input: what `glance` has of its own."""
        q = self.quality
        return {
            "n": len(self.ipd),
            "events": q.events_found,
            "median": self._median(),
            "last_time": float(self.ipd["time"].max()),
            "bias": q.bias,
            "rmse": q.rmse,
            "max_abs": q.max_abs,
            "at_risk_max_difference": max(map(abs, q.row_difference), default=0),
            "flags": len(q.flags),
        }

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return `life_table`; `transform` changes nothing: survival is on its own scale."""
        return self.life_table.rename(columns={"survival": "estimate"}).assign(term="all", type="step")

    def _glance(self) -> list[dict[str, Any]]:
        return self._row(**self.numbers)

    def _median(self) -> float:
        t, _, _, s = kaplan_meier(*_columns(self.ipd))
        return half_time(t, s)

    def _lines(self) -> list[str]:
        q = self.quality
        median = self._median()
        shown = plain(median) if np.isfinite(median) else "not reached"
        rows = f"{sum(d == 0 for d in q.row_difference)} of {len(q.row_given)} at-risk rows met"
        return [
            f"Reconstructed patients: {len(self.ipd)}, {q.events_found} events, median {shown}",
            f"Error at the points read: mean {q.bias:+.4f}, rmse {q.rmse:.4f}, largest {q.max_abs:.4f}; {rows}",
        ]


def _columns(ipd: pd.DataFrame) -> tuple[Floats, Floats]:
    return ipd["time"].to_numpy(dtype=float), ipd["event"].to_numpy(dtype=float)
