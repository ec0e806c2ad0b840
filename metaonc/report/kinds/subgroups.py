"""Subgroups and the test between them: words (PRISMA 2020, items 13e and 20c), and forest rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from ...analysis.pooling.subgroups.result import SubgroupResult
from ...analysis.pooling.subgroups.wording import F_TEST, FRAGILE, of_counts
from ...base.check import Floats
from ...base.digits import plain, significant, statistic
from ...base.result import Result
from ..forest.content import ForestRows, ForestSpec, Note, Row, note, row, titled
from ..forest.notes import INTERVALS, OWN_INTERVALS, tied
from ..journals import Journal
from ..texts.preparation import left_out, measured
from ..texts.printer import Printer, capital, listed, several, trial
from . import Kind
from .pool.methods import dependence, predicted, prepared, synthesis
from .pool.notes import footnotes
from .pool.results import found, single_trials
from .pool.rows import PoolBlock, assemble, check_prediction, shares_of
from .pool.words import words_of

REFERENCE = "Knapp and Hartung 2003, doi:10.1002/sim.1482"


def _methods(result: SubgroupResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on a pool by subgroup."""
    r = result.overall
    return [
        measured(r.record),
        prepared(r, printer, cited),
        dependence(r),
        " ".join(
            [
                synthesis(r, cited, printer),
                *_predicted(result, printer),
                *_other_intervals(result),
                *_whole(result),
                *_once(result),
            ]
        ),
        _groups(result, cited, printer),
    ]


def _whole(result: SubgroupResult) -> Iterable[str]:
    """Yield what the pool of all takes whole."""
    reported, summed = result.whole_trials
    if reported:
        known = "patients of no known subgroup are among them"
        yield f"The pool of all takes {listed(map(trial, reported))} whole, as reported: {known}."
    if summed:
        yield f"For the pool of all, counts were summed over the subgroups of {listed(map(trial, summed))}."


def _once(result: SubgroupResult) -> Iterable[str]:
    """Yield what the pool of all is without, so that no patient counts twice."""
    out = _out(result)
    if out:
        yield f"In the pool of all each patient counts once: it is without {listed(out)}."


def _out(result: SubgroupResult) -> list[str]:
    """Return the rows that the pool of all is without, as levels that share patients, each with its trials."""
    parts = ((level, part.studies.labels, result.pooled[level]) for level, part in result.groups.items())
    without = {level: [trial(who) for who, there in zip(labels, kept, strict=True) if not there]
               for level, labels, kept in parts}  # fmt: skip
    return [f"{level} of {listed(dict.fromkeys(names))}" for level, names in without.items() if names]


def _predicted(result: SubgroupResult, printer: Printer) -> Iterable[str]:
    """Yield what prediction intervals of subgroups are, where the pool of all has none."""
    parts = [part for part in result.groups.values() if part.predicts]
    if parts and not result.overall.predicts:
        yield predicted(parts[0], printer, ", of subgroups alone,")


def _other_intervals(result: SubgroupResult) -> Iterable[str]:
    """Return which subgroups have intervals of another kind than the whole."""
    certain: dict[str, list[str]] = {}
    alone: dict[str, list[str]] = {}
    for level, part in result.groups.items():
        if part.is_single:
            alone.setdefault(OWN_INTERVALS[part.own[-1]], []).append(level)
        elif part.ci != result.overall.ci:
            certain.setdefault(INTERVALS[part.ci], []).append(level)
    for kind, levels in certain.items():
        yield f"Where all patients of a subgroup respond or none ({listed(levels)}), they are {kind} intervals."
    for kind, levels in alone.items():
        one = len(levels) == 1
        who, its = ("The subgroup", "keeps its") if one else ("Subgroups", "keep their")
        yield f"{who} of one row ({listed(levels)}) {its} own interval: {kind}."


def _groups(result: SubgroupResult, cited: list[str], printer: Printer) -> str:
    shared = ", with one τ² for all of them" if result.common_tau2 else ""
    levels = listed(map(str, result.groups))
    if len(result.groups) == 1:
        return f"All rows are of one subgroup ({titled(result.by)}: {levels})."
    text = f"Subgroups ({titled(result.by)}: {levels}) were pooled separately{shared}"
    if not result.independent:
        return f"{text}; levels share patients, so no test between them was made."
    if not result.stated_test:
        return f"{text}; no test between them was made."
    if result.stated_test == "Q":
        return f"{text}, and compared by a chi-square test of their pooled effects ({printer.symbol})."
    cited.append(REFERENCE)
    of = ", on log odds or log rates with 1/2 added to each cell," if result.overall.model_facts.pools_counts else ""
    floor = ""
    if result.is_fragile or result.stated_test != "F":
        also = "also " if result.is_fragile else ""
        floor = f", {also}with its scale at least 1, since effects within subgroups agree by more than expected"
    return f"{text}, and compared{of} by an F test in the model with one mean a subgroup and one τ²{floor}."


def _results(result: SubgroupResult, printer: Printer) -> list[str]:
    """Return the paragraphs on subgroups, the whole and the test between them."""
    groups = [
        f"In the subgroup {titled(result.by)}: {level}, {found(part, printer)}"
        for level, part in result.groups.items()
    ]  # fmt: skip
    several_trials = result.overall.trials > 1 and len(groups) > 1
    once = ", no patient counted twice" if result.overlapping else ""
    whole = [capital(f"in all subgroups together{once}, {found(result.overall, printer)}")] if several_trials else []
    return [left_out(result), _single(result, printer), *groups, *whole, *_test(result, printer)]


def _single(result: SubgroupResult, printer: Printer) -> str:
    """Return between which effects the trials of the pool of all lie: a trial of one subgroup alone is no whole one."""
    r = result.overall
    if not any(result.whole_trials):
        return single_trials(r, printer)
    taken = {name for names in result.whole_trials for name in names}
    rows = list(zip(r.studies.labels, r.studies.data[result.by].astype(str), strict=True))
    names = [name if name in taken else f"{name}, {level} alone" for name, level in rows]
    what = "whole trials, subgroups of one taken together,"
    if len(taken) < len(rows):
        what = "trials, subgroups of one taken together,"
    return single_trials(r, printer, what, names)


def _test(result: SubgroupResult, printer: Printer) -> Iterable[str]:
    if len(result.groups) < 2:
        return
    yield f"{printer.plain(between_levels(result, printer.whole))}."


def between_levels(result: SubgroupResult, journal: Journal) -> str:
    """Return what the test between subgroups says, or why there is none."""
    if not result.overall.model_facts.has_test:
        return "No test between subgroups: posteriors have no standard errors"
    if not result.independent:
        return "No test between subgroups: they share patients"
    if not result.stated_test:
        return "Test between subgroups: not available where all patients of a subgroup respond, or none"
    if result.stated_test == "Q":
        q = journal.q.format(q=statistic(result.q_between), df=result.q_between_df, p=journal.p(result.q_between_p))
        return f"Test between subgroups: {q}"
    of = f"Test between subgroups ({F_TEST}{of_counts(result.overall)}"
    floor, f = (
        _f(result, *test, journal)
        for test in ((result.f_floor, result.f_floor_p), (result.f_between, result.f_between_p))
    )
    if result.stated_test != "F":
        return f"{of}, its scale at least 1, as effects within them are equal): {floor}"
    if result.is_fragile:
        scale = significant(result.f_between_scale)
        return f"{of}, its scale at least 1): {floor}; by its own scale of {scale}, {f}, but {FRAGILE}"
    return f"{of}): {f}"


def _f(result: SubgroupResult, f: float, p: float, journal: Journal) -> str:
    return f"F = {statistic(f)} (df {result.q_between_df} and {plain(result.f_between_df)}), {journal.p(p)}"


def _rows(result: SubgroupResult, spec: ForestSpec) -> ForestRows:
    """Return the rows of pools by subgroup: a block each, without a pool where a subgroup is one row as it is."""
    overall = result.overall
    several = overall.trials > 1  # subgroups of one trial are shown, not pooled
    check_prediction(overall, spec, several)
    shares = shares_of(overall, spec)
    whole_block = PoolBlock(overall, shares, spec, [part for part in result.groups.values() if not part.is_single])
    rows: list[Row] = []
    for level, part in result.groups.items():
        block = PoolBlock(part, _shares(result, level, shares, spec), spec, form=whole_block.form)
        rows += [row("group", spec.heading(result.by, level)), *block.trials()]
        rows += [] if part.is_single else block.pools("Subtotal")
        rows.append(row("space"))
    whole = len(rows) if several else None
    name = "Overall, no patient twice" if result.overlapping else "Overall"
    rows += whole_block.pools(name, predict=True) if several else []
    test = [note(tied(f"{between_levels(result, spec.journal)}."), needed=True)] if len(result.groups) > 1 else []
    notes = footnotes(overall, spec, whole_block.own_intervals, result.groups.values(), result.common_tau2)
    smallest = result.overlapping and not any(result.whole_trials)
    notes += [Note("The smallest squares: rows that are not in the pool of all.", "")] * smallest
    notes += [note(text) for text in _whole(result)] if several else []
    return assemble(whole_block, rows, whole, test + notes)


def _shares(result: SubgroupResult, level: str, shares: Mapping[str, Floats], spec: ForestSpec) -> Mapping[str, Floats]:
    """Return the weights of a subgroup's rows in the pool of all, or where that has whole trials, in their subgroup."""
    part = result.groups[level]
    if not any(result.whole_trials):
        levels, there = result.overall.studies.data[result.by].astype(str).to_numpy(), np.array(result.pooled[level])
        return {name: _spread(share[levels == level], there) for name, share in shares.items()}
    if part.model_facts.gives_weights:
        return shares_of(part, spec)
    sizes = {name: r.studies.sizes for name, r in result.groups.items()}  # areas, of no column
    return {"share": 100 * sizes[level] / sum(size.sum() for size in sizes.values())}


def _spread(shares: Floats, there: NDArray[np.bool_]) -> Floats:
    """Return the shares of a level's rows in the pool of all; those of rows that are not in it are missing."""
    out = np.full(len(there), np.nan)
    out[there] = shares
    return out


def _title(result: SubgroupResult, effect: str | None) -> str:
    whole = result.overall
    name = effect or capital(whole.record.natural)
    return f"{name} in {several(whole.trials)} by {titled(result.by)}, and pooled"


def _model(result: SubgroupResult) -> str:
    """Return the line on the pools of subgroups; empty where each is one row as it is."""
    pools = [part for part in result.groups.values() if not part.is_single]
    if not pools:
        return ""
    said = next((part for part in pools if part.predicts), pools[0])
    return words_of(said).model_note(said, pools, result.common_tau2)


def _parts(result: SubgroupResult) -> Mapping[str, Result]:
    return {f"{titled(result.by)} {level}": part for level, part in result.groups.items()} | {"All": result.overall}


def _beside_said(result: SubgroupResult) -> list[str]:
    return [caution.of for caution in result.cautions]  # the sentence on each pool has its own


KIND = Kind(
    verbs="pool_subgroups", methods=_methods, results=_results, rows=_rows, title=_title, parts=_parts,
    beside_said=_beside_said, model=_model,
)  # fmt: skip
