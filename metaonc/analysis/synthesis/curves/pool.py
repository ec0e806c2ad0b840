"""pool_curves: one survival curve of the curves of several trials."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import columns_exist, confidence_level, one_of, time_unit
from ....base.frames import to_pandas
from ....base.messages.arguments import known_arguments
from ....base.messages.warning import warn
from ....base.numbers import count_of
from ....base.result import Provenance
from ....errors import DataError, DataWarning, OptionError
from ...numeric.distributions import chi2_p
from ...survival.patients import TRIAL_COLUMNS
from . import evidence, strata
from .conditional import Shares, absent_filled, cochran
from .curve import PooledCurve, combined, pooled_curve
from .evidence import Evidence
from .result import PooledCurves

METHODS = ("DL", "CE")
RISING = ("refuse", "isotonic")
COUNTED = ("start", "time")
FEWEST_DRAWS = 1000
CENSORED = "patients censored within an interval count as at risk in all of it; where many are, take shorter intervals."


@known_arguments
def pool_curves(
    table: Any,
    *,
    study: str | None = None,
    time: str = "time",
    survival: str | None = None,
    n_risk: str | None = None,
    event: str | None = None,
    by: str | None = None,
    draw: str | None = None,
    times: Any = None,
    n_risk_at: str = "start",
    rising: str = "refuse",
    method: str = "DL",
    unit: str | None = None,
    draws: int = 20000,
    seed: int = 1,
    level: float = 0.95,
) -> PooledCurves:
    r"""Pool survival curves of trials into one, with what a new trial may show.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Each trial gives, for the intervals up to its last time, the share of those at risk who survive it. The arcsines of
    their roots are pooled together by a multivariate random-effects model, with covariances between trials by moments;
    survival is the product of the pooled shares.

    .. math:: y_{ik} = \arcsin\sqrt{\frac{n_{ik} p_{ik} + 1/4}{n_{ik} + 1/2}}, \quad
        y_i \sim N(\beta, S_i + \Psi), \quad S_{ikk} = \frac{1}{4 n_{ik} + 2}, \quad
        \hat S(t_k) = \prod_{j \le k} \sin^2 \hat\beta_j

    Parameters
    ----------
    table : dataframe or mapping
        One row a trial and time, with `survival` and `n_risk`; or one row a patient, with `event`; or a mapping of
        trials to their curves (`Curve`, or `KaplanMeier` of one group).
    study : str, optional
        Column of the trial; ``trial`` or ``study``, whichever the table has, when not given.
    time : str
        Column of the time, in any unit: of a table of curves the end of an interval.
    survival : str, optional
        Column of survival at the time, 0 to 1.
    n_risk : str, optional
        Column of patients at risk; see `n_risk_at`.
    event : str, optional
        Of patients, the column of the event, 1 or 0.
    by : str, optional
        Column of groups (strata) of trials, such as a biomarker: a curve each, and a test between them.
    draw : str, optional
        Of patients, the column that tells plausible sets of them apart; the pools of the sets are combined by Rubin's
        rules.
    times : sequence of float, optional
        Times to pool at; those of the table when not given. Needed of patients and of curves.
    n_risk_at : {"start", "time"}
        Whether `n_risk` counts patients at the start of the interval that ends at the row's time, or at that time
        itself, as below figures; each trial then has a row of time 0.
    rising : {"refuse", "isotonic"}
        What to do with survival that rises with time, as numbers read off figures may: refuse it, or replace it by
        the nearest values that do not, which is told.
    method : {"DL", "CE"}
        Random effects, or a common one.
    unit : {"days", "weeks", "months", "years"}, optional
        Of all times, for print.
    draws, seed : int
        Of curves drawn for limits of median and mean, and for the prediction band.
    level : float, default 0.95
        Coverage of all limits.

    Returns
    -------
    PooledCurves
        ``tidy()`` has survival with limits and prediction band, trials and patients at risk, and hazards by interval;
        ``medians`` the median and the mean restricted to the last time.

    Raises
    ------
    ColumnError, OptionError
        A column or an option that does not exist.
    DataError
        Times that are negative, twice in a trial, or that a trial lacks before its last; survival beyond 0 to 1 or
        rising; patients at risk that are none or become more; names trial and row.

    Warns
    -----
    DataWarning
        When a trial has survival at none of `times`, or no trial at one of them; both are named, and the result tells
        it.

    Notes
    -----
    A trial all of whose patients have died has survival 0 from there on: its last interval counts with share 0, and in
    later ones it has nobody at risk. The arcsine holds the correction of a quarter of a patient, so that an interval
    counts as :math:`(n p + 1/4)/(n + 1/2)`: of few patients at risk, or many intervals, shares near 0 or 1 are drawn
    to one half, and that multiplies along the curve.
    Cochran's Q is over all trials and times. Its degrees of freedom are observations less times; the authors' program
    takes observations less trials, which `h2_trials` and `i2_trials` have. A time that a trial has not counts there and
    here as the mean of the others with variance 10^12. The median is where straight lines between times cross one half.
    Patients at risk at the start are taken as followed through the interval: with heavy censoring take short intervals.

    References
    ----------
    Combescure, Foucher and Jackson 2014, Statistics in Medicine 33:2521 (formulas as the authors' program has them, its
    numbers are met to 1e-10; the paper was not read); Jackson, White and Thompson 2010, Statistics in Medicine 29:1282
    (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> curves = {
    ...     "study": ["A"] * 3 + ["B"] * 3 + ["C"] * 2,
    ...     "time": [6, 12, 18, 6, 12, 18, 6, 12],
    ...     "survival": [0.8, 0.55, 0.4, 0.7, 0.5, 0.3, 0.9, 0.6],
    ...     "n_risk": [50, 40, 26, 80, 55, 38, 60, 53],
    ... }
    >>> r = mo.survival.pool_curves(curves, survival="survival", n_risk="n_risk", unit="months")
    >>> [round(float(s), 3) for s in r.curves["all"].survival]
    [0.803, 0.553, 0.374]
    >>> round(float(r.medians["median"].iloc[0]), 1)
    13.8
    """
    level, unit = confidence_level(level), time_unit(unit, table)
    one_of("method", method, METHODS)
    one_of("rising", rising, RISING)
    one_of("n_risk_at", n_risk_at, COUNTED)
    draws, seed = count_of(draws, "draws"), count_of(seed, "seed")
    if draws < FEWEST_DRAWS:
        raise OptionError(f"draws={draws} are too few for limits; draw {FEWEST_DRAWS} or more.")
    sets = list(
        _evidence(table, study, time, survival, n_risk, event, by, draw, times, n_risk_at == "time",
                  rising == "isotonic")
    )  # fmt: skip
    settings = {"method": method, "by": by, "n_risk_at": n_risk_at, "rising": rising, "times": times is not None,
                "event": event, "draws": draws, "seed": seed, "level": level}  # fmt: skip
    return _result(sets, settings, unit, CENSORED if event is not None else "")


def _evidence(
    table: Any, study: str | None, time: str, survival: str | None, n_risk: str | None, event: str | None,
    by: str | None, draw: str | None, times: Any, at_time: bool, isotonic: bool,
) -> Iterable[Evidence]:  # fmt: skip
    """Yield what trials give: one set, or one of each plausible set of patients."""
    names = TRIAL_COLUMNS if study is None else (study,)
    if isinstance(table, Mapping) and not {*names} & {*table} and (survival, n_risk, event, by, draw) == (None,) * 5:
        yield evidence.of_curves(table, times)
        return
    if event is not None:
        if (survival, n_risk) != (None, None):
            raise OptionError("event= is of a table of patients, survival= and n_risk= of a table of curves; give one.")
        if draw is None:
            yield evidence.of_patients(table, study, time, event, by, times)
            return
        frame = to_pandas(table)
        columns_exist(list(frame.columns), {"draw": draw})
        groups = list(frame.groupby(draw, sort=True))
        if len(groups) < 2 or frame[draw].isna().any():
            raise DataError(f"{draw!r} must name the set of each patient, of two sets or more.")
        for name, part in groups:
            try:
                yield evidence.of_patients(part, study, time, event, by, times)
            except DataError as problem:
                raise DataError(f"set {name}: {problem}") from None
        return
    if survival is None or n_risk is None or draw is not None:
        raise OptionError("give survival= and n_risk= of a table of curves, or event= of a table of patients.")
    yield evidence.of_table(table, study, time, survival, n_risk, by, times, at_time=at_time, isotonic=isotonic)


def _result(sets: list[Evidence], settings: dict[str, Any], unit: str | None, censored: str) -> PooledCurves:
    rows, random, by = sets[0].rows, settings["method"] == "DL", settings["by"]
    dropped = tuple(dict.fromkeys(sentence for one in sets for sentence in one.dropped))
    absent = tuple(dict.fromkeys(sentence for one in sets for sentence in one.absent))
    for said in (*dropped, *absent):
        warn(said, DataWarning)
    found: dict[str, list[PooledCurve]] = {group: [] for group in dict.fromkeys(rows["group"])}
    shares: dict[str, Shares] = {}
    for number, one in enumerate(sets):
        for group in found:
            curve, s = pooled_curve(one.rows[one.rows["group"] == group], random=random)
            found[group].append(curve)
            if number == 0:
                shares[group] = s
    _same_times(found)
    curves = {group: several[0] if len(several) == 1 else combined(several) for group, several in found.items()}
    q = sum(map(cochran, shares.values()))
    k, of_curves = int(rows["study"].nunique()), sum(c.trials for c in curves.values())
    observations, times = sum(int(s.there.sum()) for s in shares.values()), sum(len(c.time) for c in curves.values())
    test, common, notes = _tests(rows, shares, averaged=len(sets) > 1)
    summaries = {
        group: {"trials": c.trials, **c.summaries(settings["level"], settings["draws"], settings["seed"])}
        for group, c in curves.items()
    }
    provenance = Provenance(
        verb="survival.pool_curves", settings={**settings, "rows": sets[0].unit}, rows_in=sum(s.given for s in sets),
        rows_used=sum(s.used for s in sets), dropped=dropped, corrected=sets[0].corrected,
        notes=(*sets[0].notes, *absent, *notes, *([censored] if censored else [])), cautions=sets[0].cautions,
    )  # fmt: skip
    (h2, i2), (h2_trials, i2_trials) = _ratios(q, observations - times), _ratios(q, observations - of_curves)
    return PooledCurves(
        curves=curves, medians=pd.DataFrame.from_dict(summaries, orient="index").rename_axis("group").reset_index(),
        k=k, q=q, q_df=observations - times, q_p=float(chi2_p(q, observations - times)) if observations > times
        else float("nan"), h2=h2, i2=i2, h2_trials=h2_trials, i2_trials=i2_trials, test=test.statistic,
        test_df=test.df, test_p=test.p_value, common_test=common.statistic, common_test_p=common.p_value,
        method=settings["method"], level=settings["level"], draws=settings["draws"], seed=settings["seed"],
        sets=len(sets), unit=unit, by=by, data=rows.reset_index(drop=True), provenance=provenance,
    )  # fmt: skip


def _same_times(found: dict[str, list[PooledCurve]]) -> None:
    for group, several in found.items():
        if len({len(c.time) for c in several}) > 1:
            ends = [float(c.time[-1]) for c in several]
            raise DataError(f"sets of patients of {group!r} are followed to different times of times=, {min(ends):g} "
                            f"to {max(ends):g}; end times= at {min(ends):g}.")  # fmt: skip


def _ratios(q: float, df: int) -> tuple[float, float]:
    if df < 1:
        return float("nan"), float("nan")
    return q / df, 100 * max(0.0, 1 - df / q) if q > 0 else 0.0


def _tests(rows: pd.DataFrame, shares: dict[str, Shares], *, averaged: bool) -> tuple[Any, Any, tuple[str, ...]]:
    none = strata.Test(float("nan"), 0, float("nan"))
    if len(shares) < 2:
        return none, none, ()
    if (rows.groupby("study")["group"].nunique() > 1).any():
        return none, none, ()  # the result cautions
    if averaged:
        return none, none, ("groups are not tested on sets of patients.",)
    t = min(s.y.shape[1] for s in shares.values())
    parts = [s.of(np.ones(len(s.y), dtype=bool), t) for s in shares.values()]
    y = np.concatenate([np.where(s.there, s.y, np.nan) for s in parts])
    whole = absent_filled(y, np.concatenate([s.v for s in parts]))
    return strata.random_effects(parts), strata.common_effect(whole, parts), (
        f"groups are compared at the {t} times that all have.",
    )  # fmt: skip
