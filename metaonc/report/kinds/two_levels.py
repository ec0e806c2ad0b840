"""The difference between two subgroups within trials, in the words of a manuscript (PRISMA 2020, 13e and 20c)."""

from __future__ import annotations

from dataclasses import replace

from ...analysis.interaction.two_levels_result import InteractionResult
from ..forest.assemble import form_for
from ..forest.content import ForestRows, ForestSpec, note, titled
from ..texts.cautions import said_beside
from ..texts.preparation import left_out, measured
from ..texts.printer import Printer, capital
from . import Kind
from .interaction import REFERENCE, beside, levels_apart, prepared, reporting
from .pool.family import itself, title
from .pool.inverse_variance import WORDS
from .pool.methods import synthesis
from .pool.results import found, single_trials
from .pool.rows import pool_rows


def _methods(r: InteractionResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the difference between two levels."""
    cited.append(REFERENCE)
    first, second = r.contrast
    return [
        measured(r.record, f" ({titled(r.reports.by)}: {first} against {second}) within each trial"),
        prepared(r, printer, cited),
        synthesis(r, cited, printer, "Differences within trials were"),
        beside(r, cited),
    ]


def _results(r: InteractionResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the difference between two levels."""
    form = form_for(r.record, r.study_table(transform=True), r.level)
    across = [float(r.natural(x)) for x in (r.across_estimate, *r.across_interval)]
    return [
        left_out(r),
        reporting(r, r.contrast, len(r.reports.labels), "both subgroups"),
        single_trials(r, printer),
        f"Within trials, {found(r, printer)}",
        levels_apart(r, printer),
        f"Across trials, the {r.record.natural} was {printer.interval(across, form, r.level)}, "
        f"{printer.p(r.across_p)}{said_beside(r.cautions, printer, form, _contrast(r))}.",
    ]


def _contrast(r: InteractionResult) -> str:
    first, second = r.contrast
    return f"{first} against {second}"


def _compared(r: InteractionResult) -> str:
    first, second = r.contrast
    return f"{titled(r.reports.by)}: {first} against {second}"


def _rows(r: InteractionResult, spec: ForestSpec) -> ForestRows:
    content = pool_rows(r, replace(spec, subgroup_label=None))
    first, second = r.contrast
    compared = spec.heading(r.reports.by, f"{first} against {second}")
    return replace(content, notes=(note(f"{capital(r.record.natural)}, {compared} within each trial."), *content.notes))


def _title(r: InteractionResult, effect: str | None) -> str:
    return title(r, f"{effect or capital(r.record.natural)} ({_compared(r)})")


KIND = Kind(
    verbs="interaction",
    methods=_methods,
    results=_results,
    rows=_rows,
    title=_title,
    pool=WORDS,
    beside_said=lambda r: (*itself(r), _contrast(r)),
)
