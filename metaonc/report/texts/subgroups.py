"""Subgroups and the test between them, in the words of a manuscript (PRISMA 2020, items 13e and 20c)."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ...analysis.pooling.subgroups.result import SubgroupResult
from ..forest.content import titled
from ..forest.notes import INTERVALS, OWN_INTERVALS, between_words
from .pool_methods import dependence, is_single, prepared, synthesis
from .pool_results import found, single_trials
from .preparation import left_out, measured
from .printer import Printer, capital, listed


def methods(result: SubgroupResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on a pool by subgroup."""
    r = result.overall
    return [
        measured(r.record),
        prepared(r, printer),
        dependence(r),
        " ".join([synthesis(r, cited, printer), *_other_intervals(result)]),
        _groups(result, printer),
    ]


def _other_intervals(result: SubgroupResult) -> Iterable[str]:
    """Return which subgroups have intervals of another kind than the whole."""
    certain: dict[str, list[str]] = {}
    alone: dict[str, list[str]] = {}
    for level, part in result.groups.items():
        if is_single(part):
            own = str(part.study_table(transform=True)["interval"].iloc[0])
            alone.setdefault(OWN_INTERVALS[own], []).append(level)
        elif part.ci != result.overall.ci:
            certain.setdefault(INTERVALS[part.ci], []).append(level)
    for kind, levels in certain.items():
        yield f"Where all patients of a subgroup respond or none ({listed(levels)}), they are {kind} intervals."
    for kind, levels in alone.items():
        yield f"Subgroups of one row ({listed(levels)}) have its own interval: {kind}."


def _groups(result: SubgroupResult, printer: Printer) -> str:
    shared = ", with one τ² for all of them" if result.common_tau2 else ""
    levels = listed(map(str, result.groups))
    if len(result.groups) == 1:
        return f"All rows are of one subgroup ({titled(result.by)}: {levels})."
    text = f"Subgroups ({titled(result.by)}: {levels}) were pooled separately{shared}"
    if math.isnan(result.q_between):
        return f"{text}; no test between them was made."
    other = " and by an F test with one τ²" if not math.isnan(result.f_between) else ""
    return f"{text}, and compared by a chi-square test of their pooled effects ({printer.symbol}){other}."


def results(result: SubgroupResult, printer: Printer) -> list[str]:
    """Return the paragraphs on subgroups, the whole and the test between them."""
    groups = [
        f"In the subgroup {titled(result.by)}: {level}, {found(part, printer)}"
        for level, part in result.groups.items()
    ]  # fmt: skip
    several_trials = result.overall.trials > 1 and len(groups) > 1
    whole = [capital(f"in all subgroups together, {found(result.overall, printer)}")] if several_trials else []
    single = single_trials(result.overall, printer)
    return [left_out(result.provenance), single, *groups, *whole, *_test(result, printer)]


def _test(result: SubgroupResult, printer: Printer) -> Iterable[str]:
    if len(result.groups) < 2:
        return
    test = printer.plain(between_words(result, printer.whole))
    if not math.isnan(result.f_between):
        free = printer.journal.decimal(f"{result.q_between_df} and {result.f_between_df:.4g}")
        test += f"; F = {printer.significant(result.f_between)} (df {free}), {printer.p(result.f_between_p)}"
    yield f"{test}."
