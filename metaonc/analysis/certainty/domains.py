"""The domains of GRADE: what the numbers of a pool suggest of each, with the reason. Records of functions."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...base.digits import p_said, plain
from ...data.risk_of_bias.assessment import OVERALL
from ...errors import MetaoncError, MetaoncWarning
from ..bias.cautions import ALPHA
from ..pooling.inverse_variance.result import MetaResult
from ..robustness.robustness import OF_EFFECTS, asymmetry, untestable
from ..sensitivity.subset_refits import fit_of
from .information import information
from .question import NOT_JUDGED, Found, Question, weights_by, widest

NAN = float("nan")
MUCH, SOME = 50.0, 25.0  # percent of the weight at high risk: conventions of this package, GRADE has no number
OWN_BOUNDS = f" (bounds of {SOME:.0f} and {MUCH:.0f} % are conventions of this package: GRADE has no number)"
LARGE, VERY_LARGE = 2.0, 5.0  # ratios, or their inverse (Guyatt et al. 2011, GRADE guidelines 9)
RATIOS = ("RR", "HR", "OR", "IRR", "PETO")


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A domain.

    Attributes
    ----------
    name
        As GRADE has it.
    argument
        By which people state it.
    suggest
        What the numbers suggest; None where only people can tell.
    upwards
        Whether it rates up, which is for studies that are not randomised.
    """

    name: str
    argument: str
    suggest: Callable[[Question], Found] | None = None
    upwards: bool = False


def _lacking(why: str) -> Found:
    return Found(NAN, why, "", NOT_JUDGED)


def bias(q: Question) -> Found:
    """Suggest by the weight of trials at high risk of bias, and by what the pool says without them."""
    rob = q.risk_of_bias
    if rob is None:
        return _lacking("no judgements of trials were given")
    words = rob.judgements(q.r.studies.labels)[OVERALL].tolist()
    severity = {one.word: one.severity for one in rob.record.judgements}
    kinds = ["unknown" if severity.get(w, -1) < 0 else ("low", "some", "high", "high")[severity[w]] for w in words]
    shares = weights_by(q.r, kinds)
    if shares is None:
        return _lacking("the pool gives trials no weights")
    high, some, unknown = (shares.get(kind, 0.0) for kind in ("high", "some", "unknown"))
    figure = f"{high:.0f} % of the weight at high risk, {some:.0f} % in between"
    figure += f", {unknown:.0f} % not judged" if unknown else ""
    if unknown >= SOME and high < MUCH:
        return Found(NAN, f"trials with {unknown:.0f} % of the weight are not judged{OWN_BOUNDS}", figure, NOT_JUDGED)
    changes = _without_high(q, np.array([kind != "high" for kind in kinds]))
    if high >= MUCH:
        return Found(-1, f"trials at high risk have most of the weight{changes or ''}{OWN_BOUNDS}", figure)
    if high >= SOME and changes:
        return Found(-1, f"trials at high risk have much of the weight{changes}{OWN_BOUNDS}", figure)
    more = OWN_BOUNDS
    more += (
        "; most of the weight is at high risk or in between, which people may rate down for"
        if some + high >= MUCH
        else ""
    )
    return Found(0, f"trials at high risk have {'little' if high else 'none'} of the weight{more}" if high < SOME else
                 f"without trials at high risk the conclusion is the same{more}", figure)  # fmt: skip


def _without_high(q: Question, rows: np.ndarray) -> str:
    """Return that the conclusion is another without trials at high risk; empty where it is the same."""
    if rows.all() or not q.bounds:
        return ""
    if not rows.any():
        return ", and no others are left"
    part = fit_of(q.r, rows)
    if isinstance(part, MetaoncError):
        return ", and the others cannot be pooled"
    low, high, _ = widest(part)
    same = q.included(low, high) == q.included(*widest(q.r)[:2])
    return "" if same else f"; without them the {q.interval(low, high)} leads to another conclusion"


def inconsistency(q: Question) -> Found:
    """Suggest by what the prediction interval includes that the confidence interval does not."""
    r = q.r
    i2 = np.asarray(getattr(r, "i2", NAN), dtype=float)  # of several levels there are several
    described = "" if i2.ndim or np.isnan(i2) else f"; I² {float(i2):.0f} %, which describes and decides nothing"
    if r.is_common:
        return _lacking("a model with a common effect has no prediction interval: pool with random effects")
    if r.trials < 3 or not (r.predicts or r.lacks_width):
        return _lacking("there is no prediction interval, which takes three trials or more")
    if not q.bounds:
        return _lacking("nothing was stated that effects could be compared with")
    low, high = r.prediction_low, r.prediction_high
    own, more = q.included(r.ci_low, r.ci_high), q.included(low, high)
    beyond = [bound for bound in more if bound not in own]
    figure = f"{q.interval(low, high, 'prediction interval')}{described}"
    if not beyond:
        return Found(0, f"the prediction interval leads to the conclusion of the {q.interval_name} "
                        f"({_of_bounds(q)})", figure)  # fmt: skip
    other = f"in a new trial the effect may lie on the other side of {q.bounds_said(beyond)}"
    return Found(-min(len(beyond), 2), f"{other}, which the {q.interval_name} excludes", figure)


def _of_bounds(q: Question) -> str:
    return f"compared with {q.bounds_said()}"


def imprecision(q: Question) -> Found:
    """Suggest by what the interval includes, the wider one where two stand, and by the optimal information size."""
    r = q.r
    low, high, figure = _widest(q)
    if not np.isfinite([low, high]).all():
        return _lacking("the pool has no interval")
    if q.one_arm:
        return _of_one_arm(q, low, high, figure)
    inside = q.included(low, high)
    if inside:
        return _includes(q, inside, figure)
    if q.minimal is None:
        return Found(NAN, "the interval excludes no effect; whether the information suffices asks for the least "
                          "difference that matters", figure, NOT_JUDGED)  # fmt: skip
    found, why = information(r, q.minimal, q.power, q.baseline_risk)
    if found is None:
        return Found(NAN, f"the interval excludes {q.bounds_said()}; {why}", figure, NOT_JUDGED)
    figure += f"; {found.there:.0f} {found.unit} ({found.told}), {np.ceil(found.needed):.0f} needed"
    if found.suffices:
        return Found(0, f"the interval excludes {q.bounds_said()}, and the optimal information size is reached", figure)
    return Found(-1, "there is less than the optimal information size", figure)


def _widest(q: Question) -> tuple[float, float, str]:
    """Return the interval that is taken, and what is said of it: effects that agree by chance make none too narrow."""
    low, high, beside = widest(q.r)
    said = q.interval(q.r.ci_low, q.r.ci_high)
    if beside:
        said += f"; the wider {' and '.join(beside)}, {q.interval(low, high)}, is taken"
    return low, high, said


def _includes(q: Question, inside: list[float], figure: str) -> Found:
    if len(inside) > 1:
        return Found(-2, f"the interval includes {q.bounds_said(inside)}: important benefit and important harm", figure)
    return Found(-1, f"the interval includes {q.bounds_said(inside)}", figure)


def _of_one_arm(q: Question, low: float, high: float, figure: str) -> Found:
    """Suggest by a threshold, and by the width that is precise enough; at least one of them must be stated."""
    if not q.bounds and q.precision is None:
        return _lacking("a pool of one arm has no line of no effect, and neither threshold nor precision was stated")
    inside = q.included(low, high)
    if inside:
        return _includes(q, inside, figure)
    excludes = f"the interval excludes {q.bounds_said()}" if q.bounds else ""
    if q.precision is None:
        return Found(0, excludes, figure)
    half = 50 * (float(q.r.natural(high)) - float(q.r.natural(low)))
    figure += f"; half its width {plain(half)} points"
    wide = half > q.precision
    width = f"the interval is {'wider than' if wide else 'within'} ±{plain(q.precision)} points"
    return Found(-1 if wide else 0, width if wide or not excludes else f"{excludes}, and {width}", figure)


def publication_bias(q: Question) -> Found:
    """Suggest by a test of asymmetry, where one is valid."""
    r = q.r
    why_not = untestable(r) or ("" if isinstance(r, MetaResult) else OF_EFFECTS)
    if why_not:
        return _lacking(why_not)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MetaoncWarning)
        try:
            test = asymmetry(r)
        except MetaoncError as problem:
            return _lacking(str(problem).rstrip("."))
    figure = f"test of asymmetry {p_said(test.p_value)}"
    if test.p_value < ALPHA:
        return Found(-1, "small trials have other effects than large ones, as if some went unpublished, or they differ "
                         "otherwise", figure)  # fmt: skip
    return Found(0, "no asymmetry was found, which is no proof that nothing went unpublished", figure)


def large_effect(q: Question) -> Found:
    """Suggest by the size of a ratio, with its interval."""
    r = q.r
    if r.measure not in RATIOS:
        return _lacking("it is asked of ratios alone")
    size = float(np.exp(abs(r.estimate)))
    nearest = 0.0 if r.ci_low <= 0 <= r.ci_high else min(abs(r.ci_low), abs(r.ci_high))
    figure = f"{r.record.natural} {q.shown([r.estimate])[0]}, {q.interval(r.ci_low, r.ci_high)}"
    if size > VERY_LARGE and np.exp(nearest) > LARGE:
        return Found(2, "the effect is very large (a ratio above 5 or below 0.2), its interval beyond 2 or 0.5", figure)
    if size > LARGE and nearest > 0:
        return Found(1, "the effect is large (a ratio above 2 or below 0.5)", figure)
    return Found(0, "the effect is not large (a ratio of 0.5 to 2), or its interval includes none", figure)


RISK_OF_BIAS = "risk of bias"
DOMAINS = (
    Domain(name=RISK_OF_BIAS, argument="risk_of_bias", suggest=bias),
    Domain(name="inconsistency", argument="inconsistency", suggest=inconsistency),
    Domain(name="indirectness", argument="indirectness"),
    Domain(name="imprecision", argument="imprecision", suggest=imprecision),
    Domain(name="publication bias", argument="publication_bias", suggest=publication_bias),
    Domain(name="large effect", argument="large_effect", suggest=large_effect, upwards=True),
    Domain(name="dose response", argument="dose_response", upwards=True),
    Domain(name="confounding", argument="confounding", upwards=True),
)
