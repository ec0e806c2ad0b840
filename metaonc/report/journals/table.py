"""The journals, a record each.

Values of RevMan5, JAMA and BMJ are those of the layouts of R's package meta (8.4-0); the rest of a record follows the
journal's own pages as far as its ``grade`` says. What no source states is as in the default layout. For the files of
figures no rule of JCO and BMJ was found.
"""

from __future__ import annotations

from types import MappingProxyType

from ...base.check import one_of
from ..style import PAGE
from .record import Artwork, Journal, PStyle, all_alike

_META = "R package meta 8.4-0, settings.meta.R and the help of forest.meta"

JOURNALS: dict[str, Journal] = {
    "default": Journal(
        title="metaonc", artwork=Artwork(source="asks for nothing: a figure of no journal", grade="primary")
    ),
    "RevMan5": Journal(
        title="Review Manager 5",
        study="Study or Subgroup",
        left=("events", "n", "time", "events_t", "n_t", "time_t", "events_c", "n_c", "time_c", "o_minus_e", "v",
              "share", "share_common", "effect"),
        right=(),
        limits="[{low}, {high}]",
        signed="[{low}, {high}]",
        p=PStyle(symbol="P"),
        differ=("tau2", "q", "i2"),
        before="Heterogeneity: ",
        q="χ² = {q}, df = {df} ({p})",
        tau2_digits=3,
        overall_test=True,
        squares=MappingProxyType({"binary": "#0000FF", "continuous": "#00B000", "generic": "#FF0000"}),
        diamond="#000000",
        prediction="#000000",
        effect_label="above",
        blank=1.0,
        source=_META,
        grade="primary",
        checked="header, order of columns, intervals, tau2 and I2, tests, colours, labels, blank rows; not the width",
    ),
    "JAMA": Journal(
        title="JAMA",
        width=127.0,
        columns=(127.0, PAGE),
        study="Source",
        left=("counts", "counts_c", "effect"),
        right=(),
        limits="({low}-{high})",
        p=PStyle(symbol="P", zero=False, fine=0.01),
        differ=("q", "i2"),
        before="Heterogeneity: ",
        q="χ² = {q} (df {df}; {p})",
        overall_test=True,
        squares=all_alike("#00008B"),
        diamond="#ADD8E6",
        prediction="#00008B",
        directions="top",
        bold_directions=True,
        blank=0.0,
        source=f"{_META}; AMA Manual of Style, an older edition, for width and p-values",
        grade="primary",
        checked="header, order of columns, intervals, tau2 and I2, tests, colours, labels, blank rows, p-values, width",
        artwork=Artwork(narrowest=127.0, dpi=350, source="AMA Manual of Style, an older edition", grade="primary"),
    ),
    "BMJ": Journal(
        title="BMJ",
        study="Study",
        left=("counts", "counts_c"),
        right=("share", "share_common", "effect"),
        p=PStyle(symbol="P", least=0.01, fine=0.0),
        differ=("tau2", "q", "i2"),
        before="Test for heterogeneity: ",
        q="χ² = {q}, df = {df}, {p}",
        overall_test=True,
        squares=all_alike("#737373"),
        diamond="#BFBFBF",
        prediction="#737373",
        blank=1.0,
        source=f"{_META}; the journal's page asks that figures survive print in black and white",
        grade="primary",
        checked="order of columns, intervals, tau2 and I2, tests, p-values, blank rows; not header, labels, width",
    ),
    "Lancet": Journal(
        title="The Lancet",
        width=154.0,
        columns=(107.0, 154.0),
        point="·",
        limits="({low}–{high})",
        source="The Lancet's artwork guidelines: a copy of 2012, and transcriptions that cite those of August 2015",
        grade="primary",
        checked="the midline decimal point; widths of 75 and 154 mm are secondary; the dash within limits is "
        "unverified, nothing on columns of forest plots",
        artwork=Artwork(
            narrowest=107.0, dpi=300, source="The Lancet's artwork guidelines, a copy of 2012", grade="primary"
        ),
    ),
    "NEJM": Journal(
        title="New England Journal of Medicine",
        p=PStyle(symbol="P"),
        source="transcriptions that cite the Technical Guidelines for Figures; sans serif type, vector files",
        grade="secondary",
        checked="type and files only; no width, columns or numbers of forest plots were found",
        artwork=Artwork(
            dpi=1200, source="transcriptions of its Technical Guidelines for Figures", grade="secondary"
        ),
    ),
    "JCO": Journal(
        title="Journal of Clinical Oncology",
        right=("effect", "difference", "share", "share_common"),
        p=PStyle(symbol="P", zero=False, fine=0.01),
        source="Journal of Clinical Oncology, page on statistics",
        grade="primary",
        checked="an absolute difference beside the ratio, p-values to two digits above .01; no width was found",
    ),
    "Elsevier": Journal(
        title="Elsevier (Annals of Oncology, European Journal of Cancer)",
        columns=(90.0, 190.0),
        source="Elsevier's artwork pages",
        checked="files of figures only; nothing on forest plots was found",
        artwork=Artwork(
            widest=190.0,
            dpi=1000,
            type_size=7.0,
            source="Elsevier's artwork pages for type; a journal that repeats them for pixels and width",
            grade="secondary",
        ),
    ),
    "BMC": Journal(
        title="BMC (Systematic Reviews, Trials)",
        source="BMC's page on figures, an older copy",
        checked="files of figures only; nothing on forest plots was found",
        artwork=Artwork(
            widest=PAGE,
            dpi=300,
            type_size=8.0,
            line=0.5,
            source="BMC's page on figures, an older copy",
            grade="primary",
        ),
    ),
}  # fmt: skip
"""Layouts and artwork of journals, by their name in ``journal=``."""


def journal_of(name: str | None) -> Journal:
    """Return the record of a journal, the default when None.

    Raises
    ------
    OptionError
        When there is none of this name.
    """
    return JOURNALS[one_of("journal", name or "default", JOURNALS)]
