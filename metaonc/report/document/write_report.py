"""write_report: question, evidence, figures, numbers, words and scripts in one file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...base.caution import Caution
from ...base.check import one_of
from ...base.messages.advice import option
from ...base.messages.arguments import known_arguments
from ...base.output.csv import csv_text
from ...base.output.writing import write_file
from ...base.result import Result, versions
from ...errors import DataError, OptionError
from ..blocks import Block, Bullets, Drawing, Files, Paragraph, References, Report, Section, Terms
from ..journals import journal_of
from ..screen import hidden
from ..texts.cautions import of_texts
from ..texts.printer import capital
from .evidence import evidence_blocks, evidence_of, evidence_tables, references
from .headings import headings
from .page.document import html_page
from .parts import Part, part_of, part_of_table
from .repeated import once
from .word import word_report

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WRITERS: dict[str, Callable[[Report], bytes]] = {"html": lambda report: html_page(report).encode(), "docx": word_report}


@known_arguments
def write_report(
    results: Result | Mapping[str, Result | pd.DataFrame] | Sequence[Result | pd.DataFrame],
    path: str | Path,
    *,
    title: str = "Meta-analysis",
    question: str | Sequence[str] = (),
    evidence: Any = None,
    columns: Sequence[str] | None = None,
    left_out: pd.DataFrame | None = None,
    findings: pd.DataFrame | None = None,
    sources: pd.DataFrame | None = None,
    figures: Mapping[str, Axes] | None = None,
    notes: Sequence[str] = (),
    journal: str | None = None,
    effect: str | None = None,
    unit: str = "",
) -> Path:
    """Write a report on results: what was asked, the answer with its figures, the evidence, the methods, the data.

    A page of HTML is one file that asks nothing of a network: figures are drawn in it, tables sort and filter, the data
    and the R script can be downloaded from it. A Word document holds the same for editing.

    Parameters
    ----------
    results : Result, mapping of str to Result or dataframe or sequence of Result or dataframe
        Whatever ``methods_text`` has words for, such as of ``pool``, ``pool_subgroups``, ``interaction``, ``regress``,
        ``sensitivity.leave_one_out`` or ``survival.kaplan_meier``; or several, in a list or by the heading that each
        shall have. A table among them, such as of ``leave_one_out`` of a pool of patients, is shown as it is.
    path : str or path
        Where to; the suffix says how: ``.html`` or ``.docx``.
    title : str, default "Meta-analysis"
        Title of the report.
    question : str or sequence of str, optional
        Paragraphs on what was asked, and by which rule the evidence was chosen.
    evidence : collection, registry or dataframe, optional
        Rows that the results rest on: a dataframe, or a `Collection`, which brings its `sources`.
    columns : sequence of str, optional
        Columns of `evidence` to show; those that are not empty when None. The download has all.
    left_out : dataframe, optional
        Rows not used, with the column ``reason``.
    findings : dataframe, optional
        What ``audit`` says of the evidence; when None it is asked, by the subgroups that the results are of.
    sources : dataframe, optional
        Documents: columns ``source_id`` and, where known, ``citation``, ``doi``, ``pmid``, ``identifiers_verified``.
    figures : mapping of str to matplotlib Axes, optional
        Caption -> axes of further figures, such as ``plot.km`` of reconstructed patients with their points.
    notes : sequence of str, optional
        What a reader must know, beside the notes of the results.
    journal, effect, unit : str, optional
        Of the forest plots, see ``plot.forest``; `effect` also names the endpoint of Kaplan-Meier curves.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    OptionError
        The suffix is neither, a column or a journal does not exist, figures have no captions, or python-docx is not
        installed.
    DataError
        `results` holds something else, or nothing, or the file cannot be written.

    Examples
    --------
    >>> import metaonc as mo, tempfile, pathlib
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = mo.write_report(r, pathlib.Path(folder) / "pfs.html", title="PFS", effect="HR for progression")
    ...     print(path.name)
    pfs.html
    """
    write = WRITERS[one_of("suffix of path", Path(path).suffix.lstrip(".").lower(), WRITERS)]
    report = report_of(
        results, title=title, question=question, evidence=evidence, columns=columns, left_out=left_out,
        findings=findings, sources=sources, figures=figures, notes=notes, journal=journal, effect=effect, unit=unit,
    )  # fmt: skip
    return write_file(path, write(report))


def report_of(
    results: Result | Mapping[str, Result | pd.DataFrame] | Sequence[Result | pd.DataFrame],
    *,
    title: str,
    question: str | Sequence[str],
    evidence: Any,
    columns: Sequence[str] | None,
    left_out: pd.DataFrame | None,
    findings: pd.DataFrame | None,
    sources: pd.DataFrame | None,
    notes: Sequence[str],
    effect: str | None,
    unit: str,
    figures: Mapping[str, Axes] | None = None,
    forests: Mapping[str, Axes] | None = None,
    journal: str | None = None,
) -> Report:
    """Return the content of a report, which each of ``WRITERS`` makes a file of; see ``write_report``.

    Forest plots are drawn, but for those of `forests`, by the headings of their results.
    """
    with hidden():
        parts = once(_parts(results, forests or {}, journal, effect, unit, 0 if left_out is None else len(left_out)))
    known = evidence_of(evidence, columns, left_out, findings, sources, _by(results))
    asked = (question,) if isinstance(question, str) else tuple(question)
    remarks = tuple(dict.fromkeys([*map(capital, notes), *(note for part in parts for note in part.notes)]))
    tables = {f"{name}.csv": csv_text(table) for name, table in evidence_tables(known).items()}
    sections = {
        "Question": tuple(Paragraph(text) for text in asked if text),
        "Results": (
            *(block for part in parts for block in part.results),
            *_drawings({} if figures is None else figures),
        ),
        "Evidence": evidence_blocks(known),
        "Methods": tuple(block for part in parts for block in part.methods),
        "References": _cited(parts),
        "Notes": (Bullets(remarks),) if remarks else (),
        "Sources": references(known),
        "R script": tuple(block for part in parts for block in part.scripts),
        "Data": (Files({name: text for part in parts for name, text in part.files.items()} | tables),),
        "Software": (Terms(versions()),),
    }
    byline = f"metaonc {versions()['metaonc']}"
    return Report(title, byline, tuple(Section(head, blocks) for head, blocks in sections.items() if blocks))


def _parts(
    results: Any, forests: Mapping[str, Axes], journal: str | None, effect: str | None, unit: str, listed_out: int
) -> list[Part]:
    named = _named(results, journal, effect)
    if not named:
        raise DataError("results is empty: a report needs at least one.")
    stems = [f"result_{i}" for i in range(1, len(named) + 1)] if len(named) > 1 else ["result"]
    parts: list[Part] = []
    said: list[Caution] = []
    for stem, (name, result) in zip(stems, named.items(), strict=True):
        if isinstance(result, pd.DataFrame):
            parts.append(part_of_table(result, name, stem))
            continue
        shown: dict[str, Any] = {"journal": journal, "effect": effect, "unit": unit, "forest": forests.get(name)}
        parts.append(part_of(result, name, stem, **shown, said=said, listed_out=listed_out))
        said += of_texts(result)
    return parts


def _by(results: Any) -> list[str]:
    """Return the columns of the subgroups that results are of."""
    every = results.values() if isinstance(results, Mapping) else results
    every = list(every) if isinstance(results, Mapping | list | tuple) else [results]
    pools = [p for r in every for p in (r, *(getattr(r, part, None) for part in ("reports", "pool")))]
    found = [p.by for p in pools if hasattr(p, "by") and (hasattr(p, "overall") or hasattr(p, "labels"))]
    return list(dict.fromkeys(name for name in found if isinstance(name, str)))


def _named(results: Any, journal: str | None, effect: str | None) -> Mapping[str, Any]:
    """Return results by their headings; those of a list have the titles of their kinds."""
    if isinstance(results, Mapping):
        return results
    if not isinstance(results, (list, tuple)):
        return {"": results}
    return dict(zip(headings(results, journal_of(journal), effect), results, strict=True))


def _cited(parts: Sequence[Part]) -> tuple[Block, ...]:
    cited = tuple(dict.fromkeys(reference for part in parts for reference in part.references))
    return (References(cited),) if cited else ()


def _drawings(figures: Mapping[str, Axes]) -> tuple[Drawing, ...]:
    """Return further figures; what their axes measure is said to those who do not see them."""
    if not isinstance(figures, Mapping):
        say = option("figures", "{'Survival in OPUS': ax}").replace('"', "")
        raise OptionError(f"figures= takes captions with their axes, not {type(figures).__name__}: write {say}.")
    return tuple(
        Drawing(ax, caption, f"Horizontal axis: {ax.get_xlabel() or 'not named'}. "
                             f"Vertical axis: {ax.get_ylabel() or 'not named'}.")
        for caption, ax in figures.items()
    )  # fmt: skip
