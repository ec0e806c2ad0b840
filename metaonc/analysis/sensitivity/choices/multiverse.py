"""multiverse: every combination of defensible choices, pooled."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ....base.messages.arguments import known_arguments
from ....errors import DataError, OptionError
from ...effects.measures import MEASURES
from ...methods.intervals import CI_METHODS, from_covariance
from ...methods.tau2 import TAU2_METHODS
from ...pooling.inverse_variance.pool import pooled
from ...pooling.inverse_variance.read_studies import read_studies
from ...pooling.inverse_variance.result import MetaResult
from ...results import patients
from ...results.studies import Studies
from ..conclusions import null_on_analysis
from ..refits import can_refit, refuse_correlated
from . import defensible
from .counts.multiverse import KINDS, of_counts
from .defensible import RULE
from .effects import effects_by
from .result import MultiverseResult
from .shares import shares_of
from .specifications import FIRST, LEAST, named, null_of, specifications
from .trials import sets_of

RESERVED = (
    *FIRST,
    "set",
    "k",
    "estimate",
    "se",
    "ci_low",
    "ci_high",
    "p_value",
    "tau2",
    "i2",
    "conclusion",
    "term",
    "type",
)


@known_arguments
def multiverse(
    data: Any,
    *,
    estimators: Sequence[str] | str | None = None,
    intervals: Sequence[str] | str | None = None,
    measures: Sequence[str] | None = None,
    models: Sequence[str] | str | None = None,
    corrections: Sequence[str] | str | None = None,
    exclude: Mapping[str, Any] | None = None,
    cuts: str | None = None,
    assessors: str | None = None,
    study: str | None = None,
    benchmark: float | None = None,
) -> MultiverseResult:
    r"""Pool the trials by every combination of choices, and tell how far each choice moves the result.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    The share of a choice in the variance of the estimates is that of Shapley: with v(S) the variance of the means by
    the choices S of m,

    .. math:: \phi_i = \sum_{S \not\ni i} \frac{v(S \cup i) - v(S)}{m \binom{m - 1}{|S|}}

    Parameters
    ----------
    data : MetaResult, MantelHaenszelResult, PetoResult, GlmmResult, BetaBinomialResult or dataframe
        What ``pool`` or a pool of counts returned; or a table of effects as ``effect_sizes`` returns it, which may hold
        several rows a trial where `cuts` or `assessors` tell them apart. The first specification then is that of
        ``pool`` by default, or with `models` the first of these that takes counts, with Wald's interval.
    estimators, intervals : list of str or "all", optional
        Codes of ``mo.TAU2_METHODS`` and ``mo.CI_METHODS``. When not given, the defensible ones: estimators whose
        equation has the true tau² as its solution on average (DL, HE, REML, PM), and intervals by t distributions (t,
        HKSJ, HKSJ-adhoc, KR with REML). A common effect and intervals by the normal distribution are to be named.
        Those of the result come first. HC is not fitted in batches. Of counts: REML, and Wald, t and HKSJ, each with
        the models that have it (``profile`` is to be named); KR and others go with inverse variance alone.
    measures : list of str, optional
        Further measures of the same scale, such as RR beside OR, from the counts that ``effect_sizes`` knew.
    models : list of str or "all", optional
        Of counts: ``MH``, ``PETO`` (of OR), the mixed models ``UM.FS``, ``UM.RS``, ``CM.EL``, ``CM.AL`` (of one arm
        ``GLMM``), ``beta-binomial``, and ``IV``, inverse variance. When not given, all that the measure has; but Peto's
        method and CM.AL, made for rare events, only where at most 10 % of all patients have events, a convention of
        this package. Mixed models take the quadrature points of the pool.
    corrections : list of str or "all", optional
        Of ``IV`` of counts: 0.5 added to each cell of trials with an empty one (``only0``) or of ``all`` trials, or
        trials with an empty cell left out (``none``); ``only0`` and ``all`` when not given.
    exclude : dict, optional
        Name of a choice -> trials that leave together, by their names (``["A", "B"]``) or by a column
        (``{"risk_of_bias": "high"}``); or how many trials leave in turn: 1 for each alone, 2 for each pair too. Each
        is a choice of its own, crossed with the others.
    cuts, assessors : str, optional
        Columns of the date of a report, and of who read it, of tables with several rows a trial: the newest or the
        oldest cut, and whose reading goes first where a trial has several.
    study : str, optional
        Of a table: the column that names the trial.
    benchmark : float, optional
        What intervals are compared with, on the natural scale, such as 0.2 of a response rate; no effect when not
        given.

    Returns
    -------
    MultiverseResult
        Its `table` has one row a specification: its choices, set (number of the set of rows, from 0), k, estimate, se,
        ci_low, ci_high, p_value, tau2, i2 (percent) and conclusion (whether the interval lies below, above or includes
        no effect), on the scale of analysis; where measures have different ones, on the natural scale. The first row
        is the pool itself. Its `shares` has one row a choice of two options or more, over the intervals that go with
        every estimator or model. The `method` of counts is the model, or estimator and correction (``REML only0``).
        Pools of counts that have no estimate are rows of `not_pooled`, each with the reason. Combinations that
        rest on the same rows by the same methods count once; those of fewer than two trials are left out.

    Raises
    ------
    ColumnError, OptionError
        A column, a method or a trial that does not exist; `models` of what has no counts; measures of another
        scale; a result with ``HC`` intervals, GENQ weights or correlated sampling errors; too many sets of trials.
    DataError
        Rows of a trial that nothing tells apart; an exclusion that leaves out no trial, or all.

    References
    ----------
    Steegen et al. 2016, doi:10.1177/1745691616658637; Simonsohn, Simmons and Nelson 2020,
    doi:10.1038/s41562-020-0912-z; of meta-analyses Voracek, Kossmeier and Tran 2019, doi:10.1027/2151-2604/a000357
    (none of them read).

    Examples
    --------
    >>> import metaonc as mo
    >>> t = {"trial": list("ABCDE"), "yi": [-0.5, -0.3, -0.4, -0.2, 0.1], "vi": [0.04, 0.03, 0.05, 0.04, 0.06],
    ...      "bias": ["low", "low", "high", "low", "high"]}
    >>> r = mo.sensitivity.multiverse(
    ...     mo.pool(t, study="trial", measure="HR"), exclude={"risk of bias": {"bias": "high"}, "one trial": 1}
    ... )
    >>> len(r), r.shares["choice"].tolist()
    (130, ['method', 'ci', 'risk of bias', 'one trial'])
    >>> c = {"a": [3, 4, 6, 2], "n1": [20, 44, 107, 60], "b": [5, 9, 11, 4], "n2": [23, 44, 110, 58]}
    >>> r = mo.sensitivity.multiverse(
    ...     mo.pool_mantel_haenszel(c, measure="OR", events_t="a", n_t="n1", events_c="b", n_c="n2"),
    ...     models=["PETO", "UM.FS", "IV"], corrections=["only0"], intervals=["wald"],
    ... )
    >>> r.table[["method", "ci", "k"]].values.tolist()
    [['MH', 'wald', 4], ['PETO', 'wald', 4], ['UM.FS', 'wald', 4], ['REML only0', 'wald', 4]]
    """
    if isinstance(data, KINDS) or (models is not None and not isinstance(data, MetaResult)):
        return of_counts(
            data, study, models=models, estimators=estimators, intervals=intervals, measures=measures,
            corrections=corrections, exclude=exclude, cuts=cuts, assessors=assessors, benchmark=benchmark,
            reserved=RESERVED,
        )  # fmt: skip
    for name, value in (("models", models), ("corrections", corrections)):
        if value is not None:
            raise OptionError(
                f"{name}: it is of pools of counts, which pool_mantel_haenszel, pool_peto, pool_glmm and "
                "pool_beta_binomial return, and of tables of effects with models=."
            )
    whole, studies = _read(data, study, cuts, assessors)
    can_refit(whole.ci, whole.method, "a multiverse of its choices")
    refuse_correlated(whole, "specifications")
    null_on_analysis(whole, benchmark)  # or an error
    methods, cis = _methods(whole, estimators, intervals)
    effects = effects_by(studies, whole.measure, measures)
    sets = sets_of(studies, studies.labels, exclude, cuts, assessors)
    taken = [name for name in sets.names if name in RESERVED]
    if taken:
        raise OptionError(f"exclude: {taken[0]!r} is a column of the table that is returned; name it otherwise.")
    natural = len({MEASURES[e.measure].inverse for e in effects}) > 1
    given = whole.provenance.settings["tau2"]
    found = specifications(effects, sets, methods, cis, whole.level, given, benchmark, natural)
    options = dict(
        zip(
            (*FIRST, *sets.names),
            (tuple(e.measure for e in effects), tuple(methods), tuple(cis), *sets.options),
            strict=True,
        )
    )
    null = null_of(whole.measure, benchmark)
    settings = {
        **whole.provenance.settings,
        "benchmark": benchmark,
        "choices": {name: list(some) for name, some in options.items()},
        "rule": RULE if estimators is None or intervals is None else "",
    }
    notes = () if isinstance(data, MetaResult) else whole.provenance.notes  # those of a pool were told with it
    return MultiverseResult(
        table=pd.concat([named(found.codes, options), found.numbers], axis=1),
        not_pooled=pd.DataFrame(columns=[*options, "set", "k", "reason"]),
        shares=shares_of(
            found.codes,
            found.numbers,
            options,
            set(defensible.pairs(methods, cis)),
            null,
            null is not None and float(whole.natural(whole.estimate)) >= null,
        ),
        benchmark=null,
        natural_scale=natural,
        studies=studies,
        sets=sets.rows.astype(float),
        whole=whole,
        provenance=dataclasses.replace(whole.provenance, verb="sensitivity.multiverse", settings=settings, notes=notes),
    )


def _methods(
    whole: MetaResult, estimators: Sequence[str] | str | None, intervals: Sequence[str] | str | None
) -> tuple[list[str], list[str]]:
    """Return the estimators and the intervals that are gone through."""
    methods = [whole.method]
    if whole.provenance.settings["tau2"] is None:
        methods = defensible.chosen("estimators", estimators, whole.method, defensible.estimators(), list(TAU2_METHODS))
    elif estimators is not None:
        raise OptionError("estimators: this pool has a tau² that was given, and estimates none; pool it without that.")
    cis = defensible.chosen("intervals", intervals, whole.ci, defensible.intervals(), from_covariance())
    fitting = {cis[j] for _, j in defensible.pairs(methods, cis)}
    for ci in cis:
        if ci not in fitting and intervals not in (None, "all"):
            CI_METHODS[ci].check(methods[0])
    return methods, [ci for ci in cis if ci in fitting]


def _read(data: Any, study: str | None, cuts: str | None, assessors: str | None) -> tuple[MetaResult, Studies]:
    """Return the pool of the first specification, and all rows that there are to choose from."""
    if isinstance(data, MetaResult):
        if study is not None:
            raise OptionError("study: it names a column of a table; this pool knows its trials.")
        if data.k < LEAST:
            raise DataError("one trial leaves nothing to choose; two are the least.")
        return data, data.studies
    studies, code, dropped = read_studies(data, "yi", "vi", study, None)
    first = sets_of(studies, studies.labels, None, cuts, assessors).rows[0]
    rows = studies.taken(first)
    patients.refuse_overlap(rows)
    if len(rows.yi) < LEAST:
        raise DataError("one trial leaves nothing to choose; two are the least.")
    own: dict[str, Any] = {"method": "REML", "ci": "HKSJ", "prediction": None, "level": 0.95, "tau2": None}
    return pooled(rows, code, dropped, **own, weights=None, covariance=False, shared=None), studies
