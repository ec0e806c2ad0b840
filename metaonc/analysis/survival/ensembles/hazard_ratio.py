"""The hazard ratio of two arms from plausible sets of their patients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import columns_exist, confidence_level, one_of
from ....base.digits import plain
from ....base.frames import rows_of, to_pandas
from ....base.labels import join_labels
from ....base.messages.arguments import known_arguments
from ....base.result import Provenance, Text
from ....data.curves.ensemble import Ensemble
from ....errors import DataError
from ...numeric.distributions import two_sided_p
from ..cox.of_patients import ratio_of_patients
from ..cox.partial_likelihood import TIES
from ..cox.result import TwoArmHazardRatio
from .combine import Combined, combine


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class EnsembleHazardRatio(TwoArmHazardRatio):
    """A hazard ratio from plausible sets of patients; the fields of `TwoArmHazardRatio`, and these.

    `se` and the interval, Student's t, carry the uncertainty of the reconstruction. O - E, V and events are means over
    the sets.

    Attributes
    ----------
    combined
        Rubin's rules: degrees of freedom, variance within and between, fraction of missing information.
    draws
        DataFrame, one row a set: draw, estimate, se, events_t, events_c.
    range_low, range_high
        5 % and 95 % quantiles of the estimates, between which a further one falls with probability 0.9; the extremes of
        fewer than 19 sets. What the figure leaves open, without sampling error.
    """

    combined: Combined
    draws: pd.DataFrame
    range_low: float
    range_high: float

    @property
    def ci(self) -> str:
        """Type of the interval."""
        return "t"

    def _limits(self, level: float) -> tuple[float, float]:
        return self.combined.confidence_interval(level)

    def r_code(self) -> Text:
        """Return a script of R that combines the estimates of the sets; they are data of it, their patients are not."""
        return Text(
            f"# log hazard ratios of {self.combined.k} sets of patients, each by coxph\n{self.combined.r_code()}"
        )

    def _lines(self) -> list[str]:
        c, (low, high) = self.combined, plain.of(*np.exp([self.range_low, self.range_high]))
        return [
            *TwoArmHazardRatio._lines(self),
            f"The figure leaves open (5 % to 95 % of {c.k} sets): {low} to {high}; variance within {plain(c.within)}, "
            f"between {plain(c.between)}; df {plain(c.df)}",
        ]


@known_arguments
def hazard_ratio_of_ensemble(
    ensemble: Any,
    *,
    control: Any,
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
    draw: str = "draw",
    ties: str = "efron",
    level: float = 0.95,
) -> EnsembleHazardRatio:
    """Estimate the hazard ratio over plausible sets of patients: Cox's model on each, combined by Rubin's rules.

    Parameters
    ----------
    ensemble : Ensemble
        What ``.ensemble()`` of ``mo.curves.reconstruct_arms`` returned, or any dataframe with a column of the set.
    control : label
        The value of `arm` that the other arm is compared with.
    time, event, arm : str
        As in `hazard_ratio`.
    draw : str
        Column of the set, in a dataframe.
    ties : str, default "efron"
        As in `hazard_ratio`.
    level : float, default 0.95
        Coverage of the interval.

    Returns
    -------
    EnsembleHazardRatio
        ``.row(study=...)`` is a row for a table of trials, with the variance of the reconstruction in `vi`.

    Raises
    ------
    ColumnError
        When a column is not there.
    DataError
        When a set has no hazard ratio (the error names the set), or there are fewer than 2 sets.
    OptionError
        When `ties` or `level` is none that exists.

    References
    ----------
    Rubin 1987, as of ``combine`` (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> points = {
    ...     "arm": ["A"] * 6 + ["B"] * 6,
    ...     "time": [0, 2, 4, 6, 8, 10] * 2,
    ...     "survival": [1, 0.8, 0.7, 0.55, 0.5, 0.42, 1, 0.7, 0.52, 0.4, 0.3, 0.21],
    ... }
    >>> arms = mo.curves.reconstruct_arms(points, points="clicks", n={"A": 60, "B": 60}, events={"A": 30, "B": 44})
    >>> result = mo.survival.hazard_ratio_of_ensemble(arms.ensemble(20, seed=1), control="B")
    >>> bool(result.se > result.draws["se"].mean())
    True
    """
    level = confidence_level(level)
    ties = one_of("ties", ties, TIES)
    columns = {"time": time, "event": event, "arm": arm}
    sets, notes = _sets(ensemble, columns, draw)
    results = []
    for name, patients in sets:
        try:
            own = ratio_of_patients(patients, control=control, time=time, event=event, arm=arm, ties=ties, level=level)
            results.append(own)
        except DataError as problem:
            raise DataError(f"set {name} of the ensemble: {problem}") from None
    draws = pd.DataFrame(
        [(name, r.estimate, r.se, r.events_t, r.events_c) for (name, _), r in zip(sets, results, strict=True)],
        columns=["draw", "estimate", "se", "events_t", "events_c"],
    )
    total = combine(draws["estimate"], draws["se"] ** 2, level=level)
    # of K sets the i-th lowest has i / (K + 1) of all possible ones below it, on average
    low, high = np.quantile(draws["estimate"], [0.05, 0.95], method="weibull")
    rows = sum(len(patients) for _, patients in sets)
    return EnsembleHazardRatio(
        estimate=total.estimate,
        se=total.se,
        ci_low=total.ci_low,
        ci_high=total.ci_high,
        hr=float(np.exp(total.estimate)),
        p_value=float(two_sided_p(total.estimate / total.se, total.df)),
        level=level,
        o_minus_e=float(np.mean([r.o_minus_e for r in results])),
        v=float(np.mean([r.v for r in results])),
        n_t=results[0].n_t,
        n_c=results[0].n_c,
        events_t=float(draws["events_t"].mean()),
        events_c=float(draws["events_c"].mean()),
        method=f"{total.k} sets of reconstructed patients: Cox, {ties} ties, Rubin's rules",
        combined=total,
        draws=draws,
        range_low=float(low),
        range_high=float(high),
        provenance=Provenance(
            verb="survival.hazard_ratio_of_ensemble",
            settings={**columns, "draw": draw, "control": str(control), "ties": ties, "level": level},
            rows_in=rows,
            rows_used=rows,
            notes=notes,
        ),
    )


def _sets(ensemble: Any, columns: dict[str, str], draw: str) -> tuple[list[tuple[Any, pd.DataFrame]], tuple[str, ...]]:
    """Return the sets by name, and what a reader must know of them."""
    if isinstance(ensemble, Ensemble):
        if columns["arm"] not in ensemble[0].columns:
            raise DataError(
                "this ensemble is of one arm, two are compared: mo.curves.reconstruct_arms(...).ensemble() has them."
            )
        return list(enumerate(ensemble)), ensemble.provenance.notes
    frame = to_pandas(ensemble)
    columns_exist(list(frame.columns), {**columns, "draw": draw})
    frame, joined = join_labels(frame, [columns["arm"]], rows_of(ensemble, len(frame)))
    if frame[draw].isna().any():
        raise DataError(f"row {int(frame[draw].isna().to_numpy().argmax())}: {draw} is missing; name the set.")
    return list(frame.groupby(draw, sort=True)), joined
