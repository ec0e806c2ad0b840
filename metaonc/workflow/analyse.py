"""The way from evidence to an answer in one call: the rule that selects rows, and the pool of them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Unpack

import pandas as pd

from ..analysis.effects.measures import MEASURES
from ..analysis.pooling.subgroups.pool import pool_subgroups
from ..analysis.pooling.subgroups.result import SubgroupResult
from ..analysis.results.pooled import PooledResult
from ..base.check import one_of, texts
from ..base.messages.arguments import known_arguments_and
from ..base.messages.warning import warn
from ..base.text import refuse_unseen
from ..base.words import plural
from ..data.audit import cautioned, cautions_of
from ..data.readers.trials import Reading
from ..data.selection.cuts import LEAVE_OUT, check_alone
from ..data.selection.needs import BY_INTERVAL, check_routes
from ..data.selection.rule import title_of
from ..data.selection.select import NothingReportedError, selected
from ..data.selection.selection import Selection
from ..errors import DataError, MetaoncWarning
from .analysis import ROUTE, Analysis, findings_of, labelled_rows, overall_of
from .beside.other_cuts import other_cuts
from .models import MEDIAN, MODELS, OWN, RATE, Model, check_asked, check_options, options_of, tried
from .models import by as by_routes
from .remarks import remarks
from .reported import TRIAL
from .set_aside import refuse_set_aside
from .sources import Source, about, source_of
from .updates.update import updated

WHAT = (TRIAL, "arm", "regimen")  # what a row is of, and after its figures where it is from
FROM = ("data_cut", "published", "assessor", "verification", "source_id")


@known_arguments_and(Reading.__annotations__)
def analyse(
    source: Any,
    *,
    outcome: str,
    by: str | None = None,
    measure: str | None = None,
    where: Mapping[str, str] | None = None,
    method: str | None = None,
    ci: str | None = None,
    prediction: str | None = None,
    level: float | None = None,
    title: str | None = None,
    effect: str | None = None,
    since: Any = None,
    routes: Sequence[str] | None = None,
    alone: str | None = None,
    **reading: Unpack[Reading],
) -> Analysis:
    """Pool one outcome of a collection or of a user's table, whole or by subgroup.

    Parameters
    ----------
    source : str, path, collection, registry or dataframe
        Name of a packaged collection, or path of a CSV file or Excel workbook as ``read_trials`` reads it; or what
        that returned, a collection, a registry, or any dataframe of evidence.
    outcome : str
        One of orr, cr, dcr or a rate at a time (odds ratios where comparators have counts, reported odds or risk
        ratios, otherwise the binomial-normal model); pfs, dfs or os (hazard ratios where there are any, otherwise
        medians); dor; or an outcome of the user's own, such as death, by the first of these that its rows report. A
        table that names no outcome is taken to be about this one.
    by : str, optional
        Subgroup variable such as KRAS, or a column of the table.
    measure : str, optional
        OR, RR, PLO, HR or MEDLN; the first that the rows report when not given.
    where : mapping of str to str, optional
        Column -> value that rows must have.
    method, ci, prediction : str, optional
        Estimator of tau², and intervals, as ``pool`` takes them; of rates, which are pooled by the binomial-normal
        model, as ``pool_glmm`` does. The defaults of these when not given.
    level : float, optional
        Level of both intervals; 0.95 when not given.
    title, effect : str, optional
        Title of the report, and name of the effect in its figures; what was asked when not given.
    since : str, path, collection, registry or dataframe, optional
        The same evidence as it was before, of any of the kinds of `source`: the analysis then tells what changed, and
        what moved the pool, as ``compare`` does.
    routes : sequence of {"ci", "p", "events", "medians"}, optional
        By which numbers rows may enter a pool of hazard ratios, as ``select`` takes them; by their limits or log-rank
        statistics alone when not given. Each goes by the first that ``effect_sizes`` knows of what these routes ask
        for, and the column ``route`` of rows and table says by which.
    alone : {"leave out", "keep"}, optional
        What becomes of a subgroup that is published without its complement, as ``select`` takes it; left out when not
        given.
    **reading
        How a file is read: columns, sheet, header, skip, sep, decimal, encoding, constants, as ``read_trials`` takes
        them.

    Returns
    -------
    Analysis
        The pool, the rows that it rests on and those set aside, with why; its methods write report and files.

    Raises
    ------
    OptionError
        An outcome, a measure or an option of the pool that does not exist, or that the model has no use for.
    DataError
        Nothing to pool, or a row that cannot be true.

    Examples
    --------
    >>> import metaonc as mo
    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     found = mo.analyse("lgsoc", outcome="orr", by="kras")
    >>> found.title, found.result.overall.trials
    ('lgsoc: ORR by KRAS', 2)
    """
    asked = {"method": method, "ci": ci, "prediction": prediction, "level": level}
    options = {name: value for name, value in asked.items() if value is not None}
    check_options(options)
    check_asked(outcome, by, measure, where)
    ways, alone = check_routes(routes), check_alone(alone)
    texts(title=title, effect=effect)
    refuse_unseen([title], "the title")
    refuse_unseen([effect], "the name of the effect")
    given = about(source_of(source, reading), outcome)
    analysis = analysed(given, outcome, by, measure, where, options, routes=ways, alone=alone)
    analysis = replace(analysis, title=title or analysis.title, effect=effect or analysis.effect)
    if since is None:
        return analysis
    before = about(source_of(since, reading), outcome)
    code = measure or overall_of(analysis.result).measure
    try:
        old = analysed(before, outcome, by, code, where, options, routes=ways, alone=alone)
    except DataError as problem:
        raise DataError(f"the evidence as it was before cannot be pooled: {problem}") from problem
    return replace(analysis, update=updated(old, analysis, outcome))


def analysed(
    found: Source,
    outcome: str,
    by: str | None,
    measure: str | None,
    where: Mapping[str, str] | None,
    options: Mapping[str, Any],
    *,
    routes: tuple[str, ...] = BY_INTERVAL,
    alone: str = LEAVE_OUT,
    whole: bool = True,
) -> Analysis:
    """Return the analysis of evidence that was read; of its result alone, without remarks, where `whole` is False."""
    evidence = found.evidence
    known = [m for m in MODELS.get(outcome, OWN) if measure in (None, m.measure)]
    if not evidence["outcome"].eq(outcome).any():
        refuse_set_aside(evidence, outcome, known)
    one_of("outcome", outcome, dict.fromkeys([*MODELS, *evidence["outcome"].dropna().astype(str)]))
    models = tried(evidence, outcome, measure, routes)
    failed: dict[str, str] = {}
    wrong: list[str] = []
    for model in models:
        try:
            selection = selected(
                evidence, outcome=outcome, by=by, need=model.need, where=where, routes=routes, alone=alone
            )
        except DataError as problem:
            failed[model.measure] = str(problem)
            silent = isinstance(problem, NothingReportedError)
            wrong += [] if silent else [str(problem)]
            continue
        refuse_set_aside(evidence, outcome, known[: known.index(model) + 1])
        model = by_routes(model, routes)
        return _pooled(found, selection, model, outcome, by, failed, where, options_of(model, options), whole)
    refuse_set_aside(evidence, outcome, known)
    raise DataError(" ".join(dict.fromkeys(wrong or failed.values())))


def _pooled(
    source: Source,
    selection: Selection,
    model: Model,
    outcome: str,
    by: str | None,
    failed: Mapping[str, str],
    where: Mapping[str, str] | None,
    options: Mapping[str, Any],
    remarked: bool,
) -> Analysis:
    label = by.upper() if by and selection.level == "subgroup_level" else str(selection.level)

    def labelled(used: pd.DataFrame) -> pd.DataFrame:
        rows = labelled_rows(used)
        return rows if by is None else rows.assign(**{label: rows[selection.level]})

    rows = labelled(selection.used)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        whole = None if selection.level != "subgroup_level" else _whole(source.evidence, rows, model, outcome, where)
        result = _result(rows, model, label if by else None, whole, options)
    result = _cautioned(result, (*selection.cautions, *_doubted(source.evidence, selection, model)))
    for warning in caught:  # the page shall hold what the prompt shows
        warn(warning.message)
    unit = str(rows["unit"].dropna().iloc[0]) if model is MEDIAN else ""
    title = outcome.upper().replace("_", " ")
    effect = {
        "PLO": title,
        "OR": f"Odds ratio, {title}",
        "RR": f"Risk ratio, {title}",
        "HR": f"Hazard ratio, {title}",
        "MEDLN": f"Median {title}",
    }
    return Analysis(
        title=f"{source.name}: {title}{f' by {label}' if by else ''}",
        question=_question(source.about, title_of(outcome), model, label if by else None),
        evidence=source.evidence,
        sources=source.documents,
        selection=selection if model.routes == BY_INTERVAL else _with_routes(selection, model.prepare(rows)["route"]),
        result=result,
        effect=effect[model.measure],
        unit=unit,
        shown=(*WHAT[1:], *model.shown, ROUTE, *FROM),
        other_cuts=other_cuts(
            source.evidence,
            selection,
            result,
            lambda used: _result(labelled(used), model, label if by else None, None, options),
        )
        if remarked
        else pd.DataFrame(),
        warnings=(
            *selection.joined,
            *(
                f"{plural(MEASURES[model.measure].natural)} are pooled, not {plural(MEASURES[m].natural)}: {why}"
                for m, why in failed.items()
            ),
            *(str(w.message) for w in caught if issubclass(w.category, MetaoncWarning)),
            *(remarks(rows, model, label if by else None) if remarked else ()),
            *_named(whole),
        ),
    )


def _with_routes(selection: Selection, routes: pd.Series) -> Selection:
    """Return the selection with the route of each row used."""
    return replace(selection, used=selection.used.assign(route=routes.to_numpy()))


def _cautioned(result: PooledResult | SubgroupResult, more: Sequence[str]) -> PooledResult | SubgroupResult:
    """Return the result with what must be said of the rows used wherever it stands."""
    said = (*result.provenance.cautions, *more)
    return replace(result, provenance=replace(result.provenance, cautions=said))


def _doubted(evidence: pd.DataFrame, selection: Selection, model: Model) -> tuple[str, ...]:
    """Return what a pool of hazard ratios must say of what an audit finds in its rows."""
    return cautions_of(findings_of(evidence, selection, cautioned())) if model.measure == "HR" else ()


def _question(about: str, outcome: str, model: Model, by: str | None) -> str:
    what = outcome if model is RATE else f"{MEASURES[model.measure].natural} of {outcome}"
    return f"{about}: what is the pooled {what}{f', and does it differ by {by}' if by else ''}?"


def _whole(
    evidence: pd.DataFrame, rows: pd.DataFrame, model: Model, outcome: str, where: Mapping[str, str] | None
) -> pd.DataFrame | None:
    """Return the arms of these rows on all their patients, as far as they are reported, under the same labels."""
    try:
        arms = selected(evidence, outcome=outcome, need=model.need, where=where, routes=model.routes).used
    except DataError:  # none is reported whole
        return None
    keys = [c for c in ("trial", "arm", "comparator") if c in arms and c in rows]
    labels = rows[[*keys, TRIAL]].drop_duplicates(keys)
    found = arms.merge(labels, on=keys)
    summed = {"n", "events"} <= set(model.needed.columns)  # counts of the others are summed; ratios cannot be
    return model.prepare(found) if len(found) and (summed or set(rows[TRIAL]) <= set(found[TRIAL])) else None


def _named(whole: pd.DataFrame | None) -> tuple[str, ...]:
    """Return which rows of the evidence the pool of all takes beside the rows used."""
    if whole is None:
        return ()
    rows = whole["row_id"] if "row_id" in whole and whole["row_id"].notna().all() else whole[TRIAL]
    return (f"the pool of all takes whole arms as they are reported: {', '.join(map(str, rows))}.",)


def _result(
    rows: pd.DataFrame, model: Model, by: str | None, whole: pd.DataFrame | None, options: Mapping[str, Any]
) -> PooledResult | SubgroupResult:
    table = model.prepare(rows)
    if by is None:
        return model.using(table, **options)
    return pool_subgroups(table, by=by, using=model.using, whole=whole, **options)
