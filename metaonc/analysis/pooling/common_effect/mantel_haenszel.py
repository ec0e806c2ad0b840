"""pool_mantel_haenszel: two-arm counts pooled without corrections, good with few events and with many small trials."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ....base.check import confidence_level, one_of
from ....base.digits import statistic_said
from ....base.messages.arguments import known_arguments
from ....base.result import Text
from ...effects.formulas.mantel_haenszel import METHODS, association, tarone
from ...effects.measures import MEASURES
from ...numeric.wls import Floats
from ..counts.read_counts import CountTable, part_of, read
from . import rcode
from .result import CommonEffectResult, Pooled, common_effect, own_effects


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MantelHaenszelResult(CommonEffectResult):
    """A pool of counts by Mantel and Haenszel.

    Attributes
    ----------
    association, association_p
        Chi-square of no association, one degree of freedom, continuity corrected: of odds ratios the test of Cochran,
        Mantel and Haenszel, of rate ratios that of Mantel and Haenszel for person-time. NaN of other measures.
    tarone, tarone_df, tarone_p
        Tarone's test that odds ratios are one; NaN of other measures.
    """

    association: float
    association_p: float
    tarone: float
    tarone_df: int
    tarone_p: float
    _shown: ClassVar[tuple[str, ...]] = ("h2", "association", "association_p", "tarone", "tarone_df", "tarone_p")

    def refit(self, rows: NDArray[np.bool_]) -> MantelHaenszelResult:
        """Return the pool of these of its rows."""
        return pooled(part_of(self.studies, rows, self.measure), self.measure, self.level)

    def r_code(self) -> Text:
        """Return the R script, data inline, by which metafor arrives at this result."""
        data, person_time = rcode.data_of(self.studies), "time_t" in self.studies.roles
        return Text(rcode.mantel_haenszel(data, self.measure, self.level, person_time))

    def _lines(self) -> list[str]:
        lines = CommonEffectResult._lines(self)
        if np.isfinite(self.association):
            lines.append(f"no association: {statistic_said('chi-square', self.association, 1, self.association_p)}")
        if self.tarone_df > 0:
            lines.append(statistic_said("Tarone's test", self.tarone, self.tarone_df, self.tarone_p))
        return lines


@known_arguments
def pool_mantel_haenszel(
    table: Any,
    *,
    measure: str = "OR",
    events_t: str,
    events_c: str,
    n_t: str | None = None,
    n_c: str | None = None,
    time_t: str | None = None,
    time_c: str | None = None,
    study: str | None = None,
    level: float = 0.95,
) -> MantelHaenszelResult:
    r"""Pool counts of two arms by Mantel and Haenszel, with a common effect.

    .. math:: \widehat{OR} = \frac{\sum a_i d_i / N_i}{\sum b_i c_i / N_i}

    Empty cells need no correction, in the pool; a trial's own effect, which figures and Q need, has 0.5 added to each
    cell where one is empty, as ``effect_sizes`` adds it.

    Parameters
    ----------
    table : dataframe
        One row a trial.
    measure : {"OR", "RR", "RD", "IRR", "IRD"}
        Odds ratio, risk ratio, risk difference, incidence rate ratio or difference; ratios are pooled as logarithms.
    events_t, events_c : str
        Columns of events, of treatment and control.
    n_t, n_c : str, optional
        Columns of patients, for OR, RR and RD.
    time_t, time_c : str, optional
        Columns of person-time, for IRR and IRD.
    study : str, optional
        Column that names the trial.
    level : float, default 0.95
        Level of the interval.

    Returns
    -------
    MantelHaenszelResult
        A trial without events in both arms says nothing of a ratio and is left out, of odds also one with events only;
        in a difference it has weight.

    Raises
    ------
    ColumnError, OptionError
        A column or an option that does not exist, or that the measure does not take.
    DataError
        Events above n, counts that are none, no complete row, an arm without events in all trials together: names
        trial, row and value.

    Warns
    -----
    DataWarning
        Rows left out: numbers that are missing; of ratios, trials that say nothing of them. Labels that differ by what
        no reader sees were joined.

    References
    ----------
    Mantel and Haenszel 1959, doi:10.1093/jnci/22.4.719; Robins, Breslow and Greenland 1986, doi:10.2307/2531052;
    Greenland and Robins 1985, doi:10.2307/2530643; Sato, Greenland and Robins 1989; Tarone 1985,
    doi:10.1093/biomet/72.1.91.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"a": [0, 4, 6], "n1": [20, 44, 107], "b": [1, 0, 4], "n2": [43, 44, 110]}
    >>> r = mo.pool_mantel_haenszel(d, measure="OR", events_t="a", n_t="n1", events_c="b", n_c="n2")
    >>> round(r.estimate, 3), round(r.se, 3)
    (0.817, 0.568)
    """
    one_of("measure", measure, METHODS)
    confidence_level(level)
    columns = {
        "events_t": events_t, "n_t": n_t, "time_t": time_t, "events_c": events_c, "n_c": n_c, "time_c": time_c,
    }  # fmt: skip
    counted = read(table, measure, MEASURES[measure].roles, columns, study)
    return pooled(counted, measure, level)


def pooled(counted: CountTable, measure: str, level: float) -> MantelHaenszelResult:
    """Return the pool of complete rows."""
    counts, method = counted.counts, METHODS[measure]
    yi, vi = own_effects(measure, counts, "only0")
    counted = counted._replace(studies=replace(counted.studies, yi=yi, vi=vi))
    with np.errstate(divide="ignore", invalid="ignore"):  # an arm without events: common_effect refuses it
        estimate, variance, weights = method.pool(counts)
    found = Pooled(float(estimate), float(variance), weights, *_q(yi, vi, estimate))
    fields = common_effect(counted, found, verb="pool_mantel_haenszel", measure=measure, method="MH", level=level)
    chi2, p = association(*method.association(counts)) if method.association else (np.nan, np.nan)
    alike, df, alike_p = tarone(counts, found.estimate) if measure == "OR" else (np.nan, 0, np.nan)
    return MantelHaenszelResult(
        **fields, association=chi2, association_p=p, tarone=alike, tarone_df=df, tarone_p=alike_p
    )


def _q(yi: Floats, vi: Floats, estimate: float) -> tuple[float, int]:
    """Return Q around the pooled effect, from the effects that trials have of their own."""
    there = np.isfinite(yi)
    if there.sum() < 2:
        return 0.0, 0
    return float(((yi[there] - estimate) ** 2 / vi[there]).sum()), int(there.sum()) - 1
