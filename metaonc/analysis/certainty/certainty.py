"""certainty: what the numbers of a pool suggest of each domain of GRADE, with the reason; the judgement is people's."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ...base.check import one_of, texts
from ...base.digits import plain
from ...base.messages.advice import option, setting
from ...base.messages.arguments import known_arguments
from ...base.numbers import NotANumber, number_of
from ...data.risk_of_bias.assessment import RiskOfBias
from ...errors import OptionError
from ..results.inside import no_pool
from ..results.pooled import PooledResult
from ..sensitivity.conclusions import null_on_analysis
from .certainty_result import DESIGNS, STARTS, CertaintyResult
from .domains import DOMAINS, RISK_OF_BIAS, Domain
from .question import DOWN, NOT_JUDGED, STATED, UP, Found, Question

POWER = 0.8
SHARES = ("RD",)  # differences of shares, which percentage points are not
Statement = str | tuple[str, str]


@known_arguments
def certainty(
    result: PooledResult,
    *,
    design: str,
    outcome: str = "",
    risk_of_bias: RiskOfBias | Statement | None = None,
    inconsistency: Statement | None = None,
    indirectness: Statement | None = None,
    imprecision: Statement | None = None,
    publication_bias: Statement | None = None,
    large_effect: Statement | None = None,
    dose_response: Statement | None = None,
    confounding: Statement | None = None,
    minimal_difference: float | None = None,
    threshold: float | None = None,
    precision: float | None = None,
    baseline_risk: float | None = None,
    power: float = POWER,
    start: str | None = None,
) -> CertaintyResult:
    """Suggest, domain by domain of GRADE, how certain the evidence of a pool is, each with its reason and its figure.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    A suggestion is no verdict: what the machine cannot know is "not judged" until it is stated, and what it suggests
    can be stated otherwise. By domain:

    - risk of bias: the weight of trials at high risk (RoB 2: high; ROBINS-I: serious, critical), one level down from
      50 % on, or from 25 % on where the conclusion is another without them;
    - inconsistency: one level down for each bound that the prediction interval includes and the confidence interval
      does not; I² is described and decides nothing;
    - indirectness: stated, never guessed;
    - imprecision: one level down for each bound in the confidence interval, or in the wider one that stands beside a
      Hartung-Knapp interval which effects that agree by chance make narrow; or, where it includes none, for less than
      the optimal information size;
    - publication bias: a test of asymmetry, of ten trials or more, where one is valid (p < 0.10);
    - of studies that are not randomised also a large effect, and what is stated of dose response and confounding.

    Bounds are the minimal differences to both sides, without one no effect; of one arm the threshold.

    Parameters
    ----------
    result : PooledResult
        What a pooling function returned.
    design : {"randomised", "non-randomised", "single-arm"}
        Of the trials.
    outcome : str, optional
        Its name, such as ``Overall survival``.
    risk_of_bias : RiskOfBias or str or (str, str), optional
        What ``read_risk_of_bias`` returned, with overall judgements; or a statement.
    inconsistency, indirectness, imprecision, publication_bias : str or (str, str), optional
        Statements that take the place of the suggestion: ``"not serious"``, ``"serious"`` (one level down) or ``"very
        serious"`` (two), alone or with the reason, as in ``("serious", "patients were younger")``.
    large_effect, dose_response, confounding : str or (str, str), optional
        ``"no"`` or ``"yes"`` (one level up), alone or with the reason; of studies that are not randomised.
    minimal_difference : float, optional
        The least difference that matters, on the natural scale: a ratio such as 0.8, or a difference.
    threshold : float, optional
        Of one arm: what its share is compared with, such as 0.2 of a response rate.
    precision : float, optional
        Of one arm: the widest half of the interval that is precise enough, in percentage points, such as 10.
    baseline_risk : float, optional
        Of the optimal information size of OR, RR and RD; that of all control arms when not given.
    power : float, default 0.8
        Of the trial that the optimal information size is of; its size is 1 less the level of the pool, two-sided.
    start : {"high", "low"}, optional
        Where the certainty starts; high of randomised trials and of studies judged by ROBINS-I, whose risk of bias
        holds what randomisation would have prevented, else low.

    Returns
    -------
    CertaintyResult
        Its `table` has one row a domain; `overall` is what follows if all suggestions are taken.

    Raises
    ------
    DataError
        When `result` is no pool.
    OptionError
        A design, a statement or a number that cannot be, or that has no use for this measure.

    Notes
    -----
    The optimal information size is that of one trial with arms of one size: 4 (z + z')² / log(HR)² events, or the
    patients of a comparison of two shares; trials that differ would need more. Weights of 50 % and 25 %, and p < 0.10,
    are conventions of this package: GRADE has no numbers for them.

    References
    ----------
    Guyatt et al. 2011, GRADE guidelines 6, doi:10.1016/j.jclinepi.2011.01.012 (imprecision by the interval and the
    optimal information size: abstract read); Guyatt et al. 2011, GRADE guidelines 9, doi:10.1016/j.jclinepi.2011.06.004
    (a two-fold and a five-fold effect: abstract read); Cochrane Handbook, chapter 14 (the domains: key points read);
    Guyatt et al. 2008, doi:10.1136/bmj.39489.470347.AD, and Schünemann et al. 2019,
    doi:10.1016/j.jclinepi.2018.01.012 (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> t = {"trial": list("ABCD"), "yi": [-0.5, -0.3, -0.4, -0.2], "vi": [0.01, 0.02, 0.015, 0.02]}
    >>> r = mo.pool(t, study="trial", measure="HR")
    >>> c = mo.certainty(r, design="randomised", minimal_difference=0.7, indirectness="not serious")
    >>> c.table.set_index("domain")["levels"].tolist()
    [nan, 0.0, 0.0, -1.0, nan]
    >>> c.not_judged
    ['risk of bias', 'publication bias']
    """
    if not isinstance(result, PooledResult):
        raise no_pool(result)
    one_of("design", design, DESIGNS)
    texts(outcome=outcome)
    _check_arms(result, design)
    stated = {
        "risk_of_bias": None if isinstance(risk_of_bias, RiskOfBias) else risk_of_bias, "inconsistency": inconsistency,
        "indirectness": indirectness, "imprecision": imprecision, "publication_bias": publication_bias,
        "large_effect": large_effect, "dose_response": dose_response, "confounding": confounding,
    }  # fmt: skip
    minimal = _minimal(result, minimal_difference)
    question = Question(
        r=result,
        bounds=_bounds(result, minimal, threshold),
        minimal=minimal,
        power=_between("power", power, 0.5, 1.0) or POWER,
        baseline_risk=_between("baseline_risk", baseline_risk, 0.0, 1.0),
        one_arm=result.record.null is None,
        precision=_between("precision", precision, 0.0, 50.0),
        risk_of_bias=risk_of_bias if isinstance(risk_of_bias, RiskOfBias) else None,
    )
    notes = result.provenance.notes
    if question.risk_of_bias is not None:
        notes += question.risk_of_bias.matched(result.studies.labels)
        question.risk_of_bias.column("overall")
    if precision is not None and not question.one_arm:
        raise OptionError(f"{option('precision')} is of one arm; of two arms say {option('minimal_difference')}.")
    if precision is not None and result.record.scale != "percent":
        raise OptionError(
            f"{option('precision')} is in percentage points, which a {result.record.natural} has none of: say "
            f"{option('threshold')}."
        )
    rows = [_row(domain, question, stated) for domain in _asked(design, stated)]
    settings = {
        **result.provenance.settings, "design": design, "minimal_difference": minimal_difference,
        "threshold": threshold, "precision": precision, "baseline_risk": baseline_risk, "power": power,
    }  # fmt: skip
    return CertaintyResult(
        table=pd.DataFrame(rows),
        outcome=outcome,
        design=design,
        start=_start(start, design, question.risk_of_bias),
        minimal_difference=minimal_difference,
        threshold=threshold,
        assessment=question.risk_of_bias,
        whole=result,
        provenance=dataclasses.replace(result.provenance, verb="certainty", settings=settings, notes=notes),
    )


def _check_arms(r: PooledResult, design: str) -> None:
    if (r.record.null is None) != (design == "single-arm"):
        arms = "one arm" if r.record.null is None else "two arms"
        raise OptionError(f"{setting('design', design)} does not fit a {r.record.natural}, which is of {arms}.")


def _asked(design: str, stated: Mapping[str, Any]) -> list[Domain]:
    """Return the domains that are asked of a design."""
    upwards = design == "non-randomised"
    for domain in DOMAINS:
        if domain.upwards and not upwards and stated[domain.argument] is not None:
            raise OptionError(f"{option(domain.argument)} rates up comparisons that are not randomised: leave it out.")
    return [domain for domain in DOMAINS if upwards or not domain.upwards]


def _row(domain: Domain, q: Question, stated: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stated of a domain, else what is suggested."""
    given = stated[domain.argument]
    if given is not None:
        found = _stated(domain, given)
    elif domain.suggest is None:
        found = Found(np.nan, "only people can tell, and nothing was stated", "", NOT_JUDGED)
    else:
        found = domain.suggest(q)
    return {"domain": domain.name, **found._asdict()}


def _stated(domain: Domain, given: Any) -> Found:
    words = UP if domain.upwards else DOWN
    level, reason = given if isinstance(given, tuple) and len(given) == 2 else (given, "")
    if not isinstance(level, str) or level not in words or not isinstance(reason, str):
        what = "; or give what read_risk_of_bias returned" if domain.name == RISK_OF_BIAS else ""
        raise OptionError(
            f"{setting(domain.argument, given)}: state one of {', '.join(map(repr, words))}, alone or with the reason, "
            f"as in {option(domain.argument, (list(words)[1], 'why'))}{what}."
        )
    return Found(float(words[level]), reason.rstrip(".") or f"stated as {level}", "", STATED)


def _minimal(r: PooledResult, given: float | None) -> float | None:
    """Return the minimal difference on the scale of analysis, in the direction of the pool."""
    if given is None:
        return None
    if r.record.null is None:
        raise OptionError(
            f"{option('minimal_difference')} is of comparisons; of one arm say {option('threshold')} or "
            f"{option('precision')}."
        )
    try:
        value = number_of(given)
    except NotANumber:
        value = np.nan
    log = r.record.scale == "log"
    if not np.isfinite(value) or (value <= 0 or value == 1 if log else value == 0):
        kind = "a ratio above 0 other than 1, such as 0.8" if log else "a difference other than 0"
        raise OptionError(f"{setting('minimal_difference', given)} is no minimal difference: give {kind}.")
    if r.measure in SHARES and abs(value) >= 1:
        percent = f": of {plain(value)} percentage points write {plain(value / 100)}" if abs(value) < 100 else ""
        raise OptionError(f"{setting('minimal_difference', given)}: a {r.record.natural} is between -1 and 1{percent}.")
    size = abs(float(np.log(value))) if log else abs(value)
    return size if r.estimate >= (r.record.null or 0.0) else -size


def _bounds(r: PooledResult, minimal: float | None, threshold: float | None) -> tuple[float, ...]:
    """Return what effects are compared with, on the scale of analysis."""
    null = r.record.null
    if null is not None:
        if threshold is not None:
            raise OptionError(f"{option('threshold')} is of one arm; of two arms say {option('minimal_difference')}.")
        return (null,) if minimal is None else (null - abs(minimal), null + abs(minimal))
    bound = None if threshold is None else null_on_analysis(r, threshold, "threshold")
    return () if bound is None else (bound,)


def _between(name: str, given: float | None, low: float, high: float) -> float | None:
    if given is None:
        return None
    try:
        value = number_of(given)
    except NotANumber:
        value = np.nan
    if not low < value < high:
        raise OptionError(f"{setting(name, given)} must be a number between {plain(low)} and {plain(high)}.")
    return value


def _start(given: str | None, design: str, rob: RiskOfBias | None) -> str:
    if given is not None:
        return one_of("start", given, STARTS)
    return "high" if design == "randomised" or (rob is not None and rob.tool == "ROBINS-I") else "low"
