"""pool_glmm: responses and events pooled as the counts they are, without corrections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....base.check import confidence_level, one_of
from ....base.messages.advice import option
from ....base.messages.arguments import known_arguments
from ....base.result import Provenance
from ....base.words import some
from ....errors import ConvergenceError, OptionError
from ...effects.measures import MEASURES
from ...numeric.distributions import chi2_p, critical, two_sided_p
from ...numeric.wls import Floats
from ...results import repeats
from .glmm_intervals import GLMM_INTERVALS
from .glmm_models import GLMM_MODELS, Fit, GlmmModel
from .one_arm import ONE_ARMED, PooledCounts
from .read_counts import CountTable, part_of, read, shares
from .result import GlmmResult as GlmmResult

PREDICTIONS = ("wald", "t")
POINTS = (7, 100)  # derivatives are moments of the same quadrature, far off with fewer; R's lme4 takes 100 at most


@known_arguments
def pool_glmm(
    table: Any,
    *,
    measure: str = "PLO",
    model: str | None = None,
    events: str | None = None,
    n: str | None = None,
    time: str | None = None,
    events_t: str | None = None,
    n_t: str | None = None,
    time_t: str | None = None,
    events_c: str | None = None,
    n_c: str | None = None,
    time_c: str | None = None,
    study: str | None = None,
    ci: str = "wald",
    prediction: str | None = None,
    level: float = 0.95,
    points: int | None = None,
) -> GlmmResult:
    r"""Pool counts by a mixed model with normal effects, fitted by maximum likelihood.

    .. math:: x_i \sim Bin(n_i, \pi_i), \quad logit(\pi_i) \sim N(\mu, \tau^2)

    and alike for rates (Poisson, log link) and for two arms, whose log ratio of odds or rates is the effect.
    Counts of 0 and of all need no correction.

    Parameters
    ----------
    table : dataframe
        One row an arm, or a trial of two arms.
    measure : {"PLO", "IRLN", "OR", "IRR"}
        Logit of a proportion and log of an incidence rate, of one arm; log odds ratio and log rate ratio, of two.
    model : {"UM.FS", "UM.RS", "CM.EL", "CM.AL"}, optional
        Of two arms. Unconditional, where each trial's baseline is a parameter (UM.FS, the default) or is itself
        random (UM.RS); or given each trial's events in both arms: exact (CM.EL), or, of odds ratios, the approximation
        for rare events (CM.AL).
    events, n, time : str, optional
        Columns of events and patients for PLO, of events and person-time for IRLN.
    events_t, n_t, time_t, events_c, n_c, time_c : str, optional
        The same of treatment and control: of events and patients for OR, of events and person-time for IRR.
    study : str, optional
        Column that names the trial.
    ci : {"wald", "t", "profile"}
        Normal quantile, t with k - 1 degrees of freedom, or the means that the likelihood, maximised over tau, does
        not reject; the latter of one arm, and of CM.EL and CM.AL. docs/coverage.md tells how often each holds the mean.
    prediction : {"t", "wald"}, optional
        Prediction interval; when not given, ``t`` with three trials or more and none with fewer.
    level : float, default 0.95
        Level of the intervals.
    points : int, optional
        Points a dimension of the adaptive Gauss-Hermite quadrature, 7 to 100. When not given, as many as the estimates
        need to stand still to 1e-8; but UM.RS then takes Laplace's approximation (one point), as R's metafor does.

    Returns
    -------
    GlmmResult
        Where all patients of one-arm trials respond, or none does, the estimate is 100 % or 0 % with the exact interval
        of the summed counts, and a note says so.

    Raises
    ------
    OptionError, ColumnError
        An option or a column that does not exist, or that the measure has no use for; ``ci="profile"`` of a model with
        a baseline for each trial; CM.EL of counts so large that
        there are more than half a million tables with their margins.
    DataError
        Events above n, counts that are none, no complete row, rows of one trial that share patients: names trial, row
        and value.
    ConvergenceError
        Trials of one arm have responders only or none, some the one and some the other, so that the variance between
        them grows without bound; all trials of two arms have events that are as extreme as can be, so that the ratio
        does; or no maximum of the likelihood was found; or its profile does not fall.

    Warns
    -----
    DataWarning
        Rows left out: numbers that are missing; trials without any event in both arms, or with events only, which say
        nothing of a ratio.

    References
    ----------
    Stijnen, Hamza and Ozdemir 2010, doi:10.1002/sim.4040.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool_glmm({"x": [0, 4, 9], "n": [12, 20, 31]}, events="x", n="n")
    >>> round(float(r.natural(r.estimate)), 3)
    0.186
    """
    chosen = _model(measure, model)
    one_of("ci", ci, GLMM_INTERVALS)
    if GLMM_INTERVALS[ci].of_likelihood and not chosen.has_profile:
        raise OptionError(
            f"ci={ci!r} is not made with model={chosen.code!r}, whose trials have baselines of their own: take "
            f"{option('ci', 't')}" + (f", or {option('model', 'CM.EL')}." if (measure, "CM.EL") in GLMM_MODELS else ".")
        )
    if prediction is not None:
        one_of("prediction", prediction, PREDICTIONS)
    if points is not None and not (isinstance(points, (int, np.integer)) and POINTS[0] <= points <= POINTS[1]):
        raise OptionError(f"points={points!r} must be a whole number from {POINTS[0]} to {POINTS[1]}.")
    confidence_level(level)
    columns = {"events": events, "n": n, "time": time, "events_t": events_t, "n_t": n_t, "time_t": time_t,
               "events_c": events_c, "n_c": n_c, "time_c": time_c}  # fmt: skip
    data = read(table, measure, chosen.roles, columns, study)
    settings = {"measure": measure, "model": chosen.code, "ci": ci, "prediction": prediction, "level": level,
                "points": points}  # fmt: skip
    return pooled(chosen, data, settings)


def refit(r: GlmmResult, rows: NDArray[np.bool_]) -> GlmmResult:
    """Return the pool of some of its rows by the same model and options."""
    return pooled(GLMM_MODELS[r.measure, r.model], part_of(r.studies, rows, r.measure), dict(r.provenance.settings))


def limits(r: GlmmResult, level: float) -> tuple[float, float]:
    """Return the limits of a pool's interval at another level, by a fit of the same model."""
    model = GLMM_MODELS[r.measure, r.model]
    counts = part_of(r.studies, np.ones(r.k, dtype=bool), r.measure).counts
    found = GLMM_INTERVALS[r.ci].made(model.fit(counts, r.points), r.k, level)
    return found.low, found.high


def pooled(chosen: GlmmModel, data: CountTable, settings: dict[str, Any]) -> GlmmResult:
    """Return the pool of complete rows by a model; `settings` are the options of the call."""
    points, level, one_arm = settings["points"], settings["level"], ONE_ARMED.get(chosen.measure)
    summed = one_arm.summed(data.counts, level) if one_arm else None
    if summed is not None:
        return _exact(chosen, data, summed, settings)
    _refuse_all_or_none(data.counts)
    _refuse_one_sided(chosen, data.counts)
    fit = chosen.fit(data.counts, 1 if points is None and chosen.laplace else points)
    return _modelled(chosen, data, fit, settings)


def _model(measure: str, model: str | None) -> GlmmModel:
    one_of("measure", measure, dict.fromkeys(m for m, _ in GLMM_MODELS))
    codes = [code for m, code in GLMM_MODELS if m == measure]
    if codes == [""]:
        if model is not None:
            raise OptionError(f"measure {measure!r} is of one arm and has one model; leave out model={model!r}.")
        return GLMM_MODELS[measure, ""]
    return GLMM_MODELS[measure, codes[0] if model is None else one_of("model", model, codes)]


def _refuse_all_or_none(c: Mapping[str, Floats]) -> None:
    """Refuse trials of one arm of which each has responders only, or none: some the one, some the other."""
    if "n" not in c or not ((c["events"] == 0) | (c["events"] == c["n"])).all():
        return
    if (c["n"] == 1).all():
        raise ConvergenceError(
            f"each of {len(c['n'])} trials has one patient: any variance between trials fits them as well, none can be "
            "estimated. Sum their counts in one row, or use pool_beta_binomial, which does."
        )
    none = int((c["events"] == 0).sum())
    raise ConvergenceError(
        f"{none} of {len(c['n'])} trials have no responder and the others responders only: the variance between trials "
        "grows without bound, and no pooled logit describes them. Report the counts; effect_sizes with measure='PAS' "
        "and pool give a mean on the arcsine scale, which is finite."
    )


def _refuse_one_sided(model: GlmmModel, c: Mapping[str, Floats]) -> None:
    """Refuse trials of two arms that all point to a ratio of 0, or all to an infinite one."""
    if "events_t" not in c:
        return
    x, total = c["events_t"], c["events_t"] + c["events_c"]
    low = np.maximum(0, total - c["n_c"]) if "n_c" in c else 0
    high = np.minimum(total, c["n_t"]) if "n_t" in c else total
    for edge, value in ((low, "0"), (high, "infinite")):
        if (x == edge).all():
            raise ConvergenceError(
                f"every trial's events are as extreme as they can be: the {MEASURES[model.measure].natural} is "
                f"{value}, and its likelihood has no maximum. Report the counts."
            )


def _exact(model: GlmmModel, data: CountTable, s: PooledCounts, settings: dict[str, Any]) -> GlmmResult:
    """Return the result of summed counts, whose interval is exact and whose trials do not differ."""
    certain = bool(np.isinf(s.mu))
    statistic = s.mu / s.se
    fields = {"estimate": s.mu, "se": s.se, "ci_low": s.low, "ci_high": s.high, "df": np.inf, "statistic": statistic,
              "p_value": np.nan if certain else float(two_sided_p(statistic)), "tau2": np.nan,
              "prediction_low": np.nan, "prediction_high": np.nan}  # fmt: skip
    fit = Fit(s.mu, s.se, 0.0, s.loglik, 0.0, 0.0, 1)
    one = "one trial: its own rate with the exact interval; variance between trials cannot be estimated."
    return _complete(model, data, fit, {**settings, "ci": "exact"}, fields, () if certain else (one,))


def _modelled(model: GlmmModel, data: CountTable, fit: Fit, settings: dict[str, Any]) -> GlmmResult:
    k, level, ci = len(data.studies.yi), settings["level"], settings["ci"] if len(data.studies.yi) > 1 else "wald"
    prediction = settings["prediction"] or ("t" if k >= 3 else None)
    interval = GLMM_INTERVALS[ci].made(fit, k, level)
    wide = np.nan
    if prediction is not None and k > 1:
        wide = float(critical(level, k - 1 if prediction == "t" else np.inf)) * np.hypot(fit.tau, fit.se)
    fields = {"estimate": fit.mu, "se": fit.se, "ci_low": interval.low, "ci_high": interval.high, "df": interval.df,
              "statistic": interval.statistic, "p_value": interval.p_value,
              "tau2": fit.tau**2 if k > 1 else np.nan,
              "prediction_low": fit.mu - wide, "prediction_high": fit.mu + wide}  # fmt: skip
    settings = {**settings, "ci": ci, "prediction": prediction}
    return _complete(model, data, fit, settings, fields, _notes(model, data) + data.studies.notes)


def _complete(
    model: GlmmModel,
    data: CountTable,
    fit: Fit,
    settings: dict[str, Any],
    fields: dict[str, Any],
    notes: tuple[str, ...],
) -> GlmmResult:
    k = len(data.studies.yi)
    p_lrt, p_wald = (float(chi2_p(q, k - 1)) for q in (fit.q_lrt, fit.q_wald))
    one = ONE_ARMED.get(model.measure)
    provenance = Provenance(
        verb="pool_glmm",
        settings=settings,
        rows_in=k + len(data.dropped),
        rows_used=k,
        dropped=data.dropped,
        notes=notes,
        cautions=repeats.cautions(data.studies, predicts=bool(np.isfinite(fields["prediction_low"]))),
    )
    return GlmmResult(
        **fields, k=k, level=settings["level"], measure=model.measure, method="GLMM", model=model.code,
        ci=settings["ci"], prediction=settings["prediction"], weights=shares(data.counts, model.roles),
        studies=data.studies, provenance=provenance, marginal=one.marginal(fit.mu, fit.tau) if one else np.nan,
        q_lrt=fit.q_lrt, q_lrt_p=p_lrt, q_wald=fit.q_wald, q_wald_p=p_wald, q_df=k - 1, loglik=fit.loglik,
        points=fit.points, sigma2=fit.sigma**2,
    )  # fmt: skip


def _notes(model: GlmmModel, data: CountTable) -> tuple[str, ...]:
    notes, k = [], len(data.studies.yi)
    if k == 1:
        what = (
            "its own ratio"
            if model.has_own_ratio
            else f"the {MEASURES[model.measure].natural} of the model, not its own,"
        )
        notes.append(f"one trial: {what} with a normal interval; variance between trials cannot be estimated.")
    if data.halved:
        notes.append(
            f"an empty cell: the own estimate of {some(data.halved)} has 1/2 added to its cells, to be shown; "
            "the model takes the counts as they are."
        )
    return tuple(notes)
