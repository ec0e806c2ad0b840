"""summary_of_findings: outcomes with their effects, what they mean in people, and how certain that is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...analysis.certainty.absolute_result import AbsoluteEffect
from ...analysis.certainty.certainty_result import CertaintyResult
from ...analysis.certainty.participants import participants as patients_of
from ...base.check import texts
from ...base.messages.arguments import known_arguments
from ...base.numbers import count_of
from ...errors import DataError
from ..forest.assemble import form_for
from ..journals import journal_of
from ..texts.cautions import cautions
from ..texts.printer import Printer, capital, several
from .content import Table

TITLE = "Summary of findings"
HEADERS = (
    "Outcome", "Participants (trials)", "Relative effect", "With control, per 1,000", "With treatment, per 1,000",
    "Difference", "Certainty suggested",
)  # fmt: skip
SUGGESTED = "Certainty is what follows if all suggestions are taken, and what is not judged changes nothing."
WORKING = "⊕⊕⊕⊕ high, ⊕⊕⊕◯ moderate, ⊕⊕◯◯ low, ⊕◯◯◯ very low certainty."


class _Outcome(NamedTuple):
    name: str
    certainty: CertaintyResult
    absolute: AbsoluteEffect | None


@known_arguments
def summary_of_findings(
    outcomes: Any, *, title: str = TITLE, journal: str | None = None, participants: Mapping[str, int] | None = None
) -> Table:
    """Return the summary of findings: a row an outcome and baseline, with footnotes that give the reasons.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    outcomes : mapping of str to result
        Outcome -> what ``certainty`` returned, or it with what ``absolute_effect`` returned of the same pool, as in
        ``{"Overall survival": (certainty, absolute)}``; or a list of these, named by their ``outcome``.
    title : str, default "Summary of findings"
        What stands above, such as the comparison.
    journal : str, optional
        How numbers are printed, one of ``plot.JOURNALS``.
    participants : mapping of str to int, optional
        Outcome -> patients of all trials, where the effects were not made of counts, as of hazard ratios; those of the
        counts when not given, else "not known".

    Returns
    -------
    Table
        Outcome, participants and trials, relative effect, people per 1,000 with control and with treatment and their
        difference, certainty with GRADE's signs; ``save`` writes it to Word (in landscape where it is wide), HTML and
        other formats.

    Raises
    ------
    DataError
        When an outcome is something else, has no name, or its absolute effect is of another pool; participants that are
        no whole number above 0, or of an outcome that is not there.

    References
    ----------
    Guyatt et al. 2008, doi:10.1136/bmj.39489.470347.AD (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.4], "vi": [0.01, 0.02, 0.02]}, measure="HR")
    >>> c = mo.certainty(r, design="randomised", minimal_difference=0.9, indirectness="not serious")
    >>> a = mo.absolute_effect(r, baseline=0.4, at="12 months", event="unfavourable", name="death")
    >>> mo.summary_of_findings({"Overall survival": (c, a)}).rows[0][3]
    '400'
    """
    texts(title=title, journal=journal)
    found = _outcomes(outcomes)
    given = _given(participants or {}, [one.name for one in found])
    printer = Printer(journal_of(journal))
    rows: list[tuple[str, ...]] = []
    notes: list[str] = []
    numbers: list[dict[str, Any]] = []
    for one in found:
        marks = _reasons(one.certainty, notes, printer)
        counted = "" if one.absolute is None else f": {one.absolute.counted}"
        first = (
            f"{one.name}{counted}",
            _participants(one.certainty, given.get(one.name)),
            _relative(one.certainty, printer),
        )
        rating = f"{one.certainty.signs} {capital(one.certainty.overall)}{marks}"
        for i, cells in enumerate(_absolute(one.absolute)):
            head = first if i == 0 else ("", "", "")
            rows.append((*head, *cells, rating if i == 0 else ""))
        numbers += _numbers(one)
    told = [WORKING, *(f"{letter} {text}" for letter, text in zip(_letters(), notes, strict=False))]
    told += [f"{one.name}: {needed}" for one in found if one.absolute is not None for needed in _needed(one.absolute)]
    said = _cautions(found, printer)
    return Table(
        title=title, headers=HEADERS, left=(True, True, True, False, False, True, True), rows=tuple(rows),
        kinds=("study",) * len(rows), footnotes=(SUGGESTED, *told, *said), data=pd.DataFrame(numbers),
        landscape=True,
    )  # fmt: skip


def _cautions(found: Sequence[_Outcome], printer: Printer) -> list[str]:
    """Return the cautions in short, each with the outcomes that it is of, unless it is of all."""
    of: dict[str, list[str]] = {}
    for one in found:
        results = [r for r in (one.certainty, one.absolute) if r is not None]
        for text in dict.fromkeys(text for r in results for text in cautions(r, printer, short=True)):
            of.setdefault(text, []).append(one.name)
    return [text if len(names) == len(found) else f"{', '.join(names)}: {text[:1].lower()}{text[1:]}"
            for text, names in of.items()]  # fmt: skip


def _outcomes(given: Any) -> list[_Outcome]:
    pairs: list[tuple[str, Any]] = (
        list(given.items()) if isinstance(given, Mapping)
        else [("", one) for one in (given if isinstance(given, Sequence) else [given])]
    )  # fmt: skip
    if isinstance(given, tuple) and len(given) == 2 and isinstance(given[1], AbsoluteEffect):
        pairs = [("", given)]
    if not pairs:
        raise DataError("there is no outcome: give what certainty returned.")
    return [_outcome(str(name), one) for name, one in pairs]


def _outcome(name: str, given: Any) -> _Outcome:
    parts = given if isinstance(given, tuple) else (given, None)
    rated, absolute = parts if len(parts) == 2 else (None, None)
    if not isinstance(rated, CertaintyResult) or not (absolute is None or isinstance(absolute, AbsoluteEffect)):
        raise DataError(
            f"outcome {name!r}: what certainty returned is wanted, alone or with what absolute_effect returned, as in "
            f"(certainty, absolute), not {type(given).__name__}."
        )
    name = name or rated.outcome
    if not name:
        raise DataError("an outcome has no name: give {'its name': certainty}, or outcome= to certainty.")
    if absolute is not None and not _same(rated.whole, absolute.whole):
        raise DataError(f"outcome {name!r}: certainty and absolute effect are of different pools.")
    return _Outcome(name, rated, absolute)


def _same(a: Any, b: Any) -> bool:
    return a is b or (type(a) is type(b) and np.array_equal([a.estimate, a.ci_low, a.ci_high],
                                                           [b.estimate, b.ci_low, b.ci_high]))  # fmt: skip


def _given(participants: Mapping[str, int], names: list[str]) -> dict[str, int]:
    """Return the participants of outcomes, checked."""
    for name in participants:
        if name not in names:
            raise DataError(f"participants names {name!r}, which is no outcome of the table; it has {names}.")
    counts = {name: count_of(n, f"participants[{name!r}]") for name, n in participants.items()}
    none = next((name for name, n in counts.items() if n == 0), None)
    if none is not None:
        raise DataError(f"participants[{none!r}]=0: give the patients of all trials, or leave it out.")
    return counts


def _participants(r: CertaintyResult, given: int | None) -> str:
    sizes = r.whole.studies.sizes if given is None else np.array([given])
    counted = bool(np.isfinite(sizes).all()) and not any(role.startswith("time") for role in r.whole.studies.roles)
    known = given is not None or counted
    patients = float(sizes.sum()) if known else patients_of(r.whole)
    design = {"randomised": "randomised trial", "single-arm": "single-arm trial"}.get(r.design, "non-randomised study")
    trials = several(r.whole.trials, design).replace("studys", "studies")
    return f"not known ({trials})" if patients is None else f"{patients:,.0f} ({trials})"


def _relative(r: CertaintyResult, printer: Printer) -> str:
    w = r.whole
    factor = 100.0 if w.record.scale == "percent" else 1.0
    values = [factor * float(w.natural(x)) for x in (w.estimate, w.ci_low, w.ci_high)]
    form = form_for(w.record, pd.DataFrame([values], columns=["estimate", "ci_low", "ci_high"]), w.level)
    unit = "%" if w.record.scale == "percent" else ""
    text = printer.interval(values, form, w.level, unit=unit, kind=w.model_facts.interval_label)
    name = w.measure if w.record.scale == "log" else w.record.natural
    return f"{name} {text}"


def _absolute(r: AbsoluteEffect | None) -> list[tuple[str, str, str]]:
    """Return people with control and with treatment, and the difference, a row a baseline."""
    if r is None:
        return [("not stated", "", "")]
    rows = zip(r.table.to_dict("records"), r.differences(), strict=True)
    return [
        (
            f"{row['control']:.0f}{_of(row)}",
            f"{row['treatment']:.0f} ({row['treatment_low']:.0f} to {row['treatment_high']:.0f})",
            difference,
        )
        for row, difference in rows
    ]


def _of(row: Mapping[Any, Any]) -> str:
    return f" ({row['baseline']})" if row["baseline"] else ""


def _needed(r: AbsoluteEffect) -> list[str]:
    return [f"{text}{_of(row)}." for row, text in zip(r.table.to_dict("records"), r.needed, strict=True)]


def _reasons(r: CertaintyResult, notes: list[str], printer: Printer) -> str:
    """Add the reasons to the notes, each once, and return their letters."""
    letters = _letters()
    marks = []
    for row, suggestion in zip(r.table.to_dict("records"), r.suggestions(), strict=True):
        if row["levels"] == 0:
            continue
        figure = f" ({row['figure']})" if row["figure"] else ""
        text = printer.figures(f"{capital(row['domain'])}, {suggestion}: {row['reason']}{figure}.")
        if text not in notes:
            notes.append(text)
        marks.append(letters[notes.index(text)])
    return f" ({', '.join(sorted(marks))})" if marks else ""


def _letters() -> list[str]:
    one = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    return [*one, *(first + second for first in one for second in one)]


def _numbers(one: _Outcome) -> list[dict[str, Any]]:
    w = one.certainty.whole
    own = {"kind": "outcome", "label": one.name, "trials": w.trials, "estimate": float(w.natural(w.estimate)),
           "low": float(w.natural(w.ci_low)), "high": float(w.natural(w.ci_high)), "certainty": one.certainty.overall,
           "not_judged": "; ".join(one.certainty.not_judged)}  # fmt: skip
    if one.absolute is None:
        return [{**own, "control": math.nan}]
    rows = one.absolute.table.drop(columns="cut").assign(needed=one.absolute.needed).to_dict("records")
    return [{**own, **{str(name): value for name, value in row.items()}} for row in rows]
