"""table: a result as the table of a manuscript, with the numbers that its forest plot and its texts print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...errors import OptionError
from ..forest.rows import forest_rows
from ..journals import journal_of
from ..kinds import Kind, kind_of
from ..texts.cautions import cautions
from ..texts.preparation import left_out
from ..texts.printer import Printer
from .content import Table as Table
from .numbers import of_numbers

LEFT = ("left", "light")  # alignments of columns of words


def table(result: Any, *, title: str | None = None, **options: Any) -> Table:
    """Return a result as a table: trials, subgroups, pooled effects, heterogeneity; or coefficients, or outcomes.

    Of a result that is neither, such as diagnostics, the table has its numbers, a row each as ``tidy`` has them.

    Parameters
    ----------
    result : result
        Any; of ``regress`` the coefficients are shown, of ``pool_multivariate`` a row an outcome, of ``robustness`` a
        row a question.
    title : str, optional
        What stands above the table, empty for nothing; made from the result when None.
    **options
        Of ``plot.forest_rows``: `journal` chooses how numbers are printed, `left` and `right` the columns, `effect` and
        `unit` name the effect. Tables of coefficients and outcomes take `journal` and `effect` alone.

    Returns
    -------
    Table
        Rows, headers and footnotes, to print or to save as HTML, LaTeX, Word, Excel or CSV.

    Raises
    ------
    DataError, OptionError
        As ``plot.forest_rows``.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> mo.table(r).rows[0]
    ('1', '0.61 (0.41 to 0.90)', '31.9')
    >>> mo.table(r).title
    'Hazard ratio in 3 trials, and pooled'
    """
    kind = kind_of(result)
    if kind.table is None and kind.rows is not None:
        made = _of_forest(result, kind, options)
    else:
        _check(options, result)
        journal = journal_of(options.get("journal"))
        if kind.table is None:
            made = of_numbers(result.tidy(transform=True) if kind.numbers is None else kind.numbers(result), journal)
        else:
            made = kind.table(result, journal, options.get("effect"))
        said = [*cautions(result, Printer(journal)), left_out(result)]
        made = replace(made, footnotes=(*made.footnotes, *filter(None, said)))
    return made if title is None else made.titled(title)


def _of_forest(result: Any, kind: Kind, options: Mapping[str, Any]) -> Table:
    content = forest_rows(result, **options)
    columns = ["label", *content.left, *content.right]
    shown = content.rows[content.rows["kind"] != "space"]
    return Table(
        title="" if kind.title is None else kind.title(result, options.get("effect")),
        headers=tuple(content.headers[c] for c in columns),
        left=tuple(c == "label" or content.align.get(c, "right") in LEFT for c in columns),
        rows=tuple(tuple(str(text) for text in row) for row in shown[columns].itertuples(index=False, name=None)),
        kinds=tuple(shown["kind"]),
        footnotes=tuple(content.table_notes),
        data=shown[["kind", "label", "estimate", "low", "high", "weight"]].reset_index(drop=True),
    )


def _check(options: Mapping[str, Any], result: Any) -> None:
    for name in options:
        if name not in ("journal", "effect"):
            raise OptionError(
                f"{name}= has no use for the table of a {type(result).__name__}: journal=, effect=, title=."
            )
