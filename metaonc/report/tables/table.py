"""table: a result as the table of a manuscript, with the numbers that its forest plot and its texts print."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import singledispatch
from typing import Any

from ...analysis.interaction.several_levels_result import InteractionLevelsResult
from ...analysis.pooling.multivariate.result import MultivariateResult
from ...analysis.pooling.regression.result import RegressionResult
from ...analysis.pooling.subgroups.result import SubgroupResult
from ...analysis.results.pooled import PooledResult
from ...errors import OptionError
from ..forest.content import titled
from ..forest.rows import forest_rows
from ..journals import Journal, journal_of
from ..texts.printer import capital, listed, several
from .content import Table as Table
from .models import multivariate_table, regression_table

LEFT = ("left", "light")  # alignments of columns of words


def table(result: Any, *, title: str | None = None, **options: Any) -> Table:
    """Return a result as a table: trials, subgroups, pooled effects, heterogeneity; or coefficients, or outcomes.

    Parameters
    ----------
    result
        Whatever ``plot.forest`` draws; of ``regress`` the coefficients are shown, of ``pool_multivariate`` a row an
        outcome.
    title
        What stands above the table, empty for nothing; made from the result when None.
    options
        Of ``plot.forest_rows``: `journal` chooses how numbers are printed, `left` and `right` the columns, `effect` and
        `unit` name the effect. Tables of coefficients and outcomes take `journal` and `effect` alone.

    Returns
    -------
    Table

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
    made = _of_model(result, options) or _of_forest(result, options)
    return made if title is None else made.titled(title)


MODELS: Mapping[type, Callable[[Any, Journal, str | None], Table]] = {
    RegressionResult: regression_table,
    MultivariateResult: multivariate_table,
}


def _of_model(result: Any, options: Mapping[str, Any]) -> Table | None:
    """Return the table of a result whose rows are no trials, None of others."""
    make = MODELS.get(type(result))
    if make is None:
        return None
    for name in options:
        if name not in ("journal", "effect"):
            raise OptionError(
                f"{name}= has no use for the table of a {type(result).__name__}: journal=, effect=, title=."
            )
    return make(result, journal_of(options.get("journal")), options.get("effect"))


def _of_forest(result: Any, options: Mapping[str, Any]) -> Table:
    content = forest_rows(result, **options)
    columns = ["label", *content.left, *content.right]
    shown = content.rows[content.rows["kind"] != "space"]
    return Table(
        title=title_of(result, options.get("effect")),
        headers=tuple(content.headers[c] for c in columns),
        left=tuple(c == "label" or content.align.get(c, "right") in LEFT for c in columns),
        rows=tuple(tuple(str(text) for text in row) for row in shown[columns].itertuples(index=False, name=None)),
        kinds=tuple(shown["kind"]),
        footnotes=tuple(content.table_notes),
        data=shown[["kind", "label", "estimate", "low", "high", "weight"]].reset_index(drop=True),
    )


@singledispatch
def title_of(result: Any, effect: str | None) -> str:
    """Return what a table of trials is of: effect, trials, subgroups."""
    return ""


@title_of.register
def _(result: PooledResult, effect: str | None) -> str:
    pooled = ", and pooled" if result.trials > 1 else ""
    return f"{effect or capital(result.record.natural)} in {several(result.trials)}{pooled}"


@title_of.register
def _(result: SubgroupResult, effect: str | None) -> str:
    whole = result.overall
    name = effect or capital(whole.record.natural)
    return f"{name} in {several(whole.trials)} by {titled(result.by)}, and pooled"


@title_of.register
def _(result: InteractionLevelsResult, effect: str | None) -> str:
    name = effect or capital(result.record.natural)
    return (
        f"{name} between subgroups ({titled(result.reports.by)}: {listed(result.levels)}) in {several(result.trials)}"
    )
