"""What every result has: a record of how it came about, and the same few ways to read it."""

from __future__ import annotations

import dataclasses
import json
import platform
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from .._version import __version__
from ..errors import DataError, OptionError
from .caution import Beside, Caution, told
from .codec.encode import encoded
from .columns import GLANCE, TIDY, arranged, facts
from .html import ListedTable, html_estimates, html_lines, html_remarks, styled
from .lazy import worked_out_later
from .messages.hints import of_attribute
from .messages.left_out import summed_up
from .output.writing import write_file


@worked_out_later("cautions")
@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How a result came about.

    Attributes
    ----------
    verb
        The public function that made it.
    settings
        The methods and options in force, defaults included.
    rows_in, rows_used
        Rows of the table given, and rows that the result rests on.
    dropped, corrected
        One sentence for each row left out or changed (a continuity correction), with the reason.
    notes
        What a reader must know to use the result: limits of the method on these data.
    cautions
        What must stand wherever the numbers do, as they mislead without it: texts, tables and figures carry it. The
        first sentence of each says it in short.
    versions
        metaonc, Python, numpy and pandas.

    Examples
    --------
    >>> import metaonc as mo
    >>> mo.pool({"yi": [0.1, 0.2], "vi": [0.01, 0.02]}).provenance.verb
    'pool'
    """

    verb: str
    settings: Mapping[str, Any]
    rows_in: int
    rows_used: int
    dropped: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    versions: Mapping[str, str] = dataclasses.field(default_factory=lambda: versions())


def versions() -> dict[str, str]:
    """Return the versions that a methods section names."""
    return {
        "metaonc": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "pandas": pd.__version__,
    }


class Text(str):
    """Text that shows itself as it prints, so that a summary reads well at the prompt."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _left_out(dropped: tuple[str, ...], most: int = 10) -> list[str]:
    """Return a line a row that was left out; of more than `most` rows a line a reason."""
    lines = [f"Left out: {text.replace(': left out: ', ': ', 1)}" for text in summed_up(dropped, most)]
    listed = f"All {len(dropped)} rows left out are listed in provenance.dropped"
    return [*lines, listed] if len(dropped) > most else lines


class Result(ABC):
    """A result: on the analysis scale, complete when made (but for what `later` stands for), never changed.

    Subclasses are frozen dataclasses that give `_tidy` and `_lines`, of one or several estimates also
    `confidence_interval`; ``transform=True`` is the one door to the natural scale.

    Attributes
    ----------
    provenance
        How it was made: the verb, its options, rows in and used, notes and cautions, versions; see `Provenance`.
    """

    __slots__ = ()
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ()  # attributes that `glance` shows after the core columns
    _not_in_r: ClassVar[str] = "R has no function that does this"

    def tidy(self, *, transform: bool = False) -> pd.DataFrame:
        """Return one row an estimate: of a study, the pooled one, a coefficient, a step of a curve.

        Parameters
        ----------
        transform : bool, default False
            Whether to return the natural scale, such as hazard ratios instead of their logarithms.

        Returns
        -------
        pandas.DataFrame
            First the columns that all kinds of results have: ``term`` (name of the row), ``type`` (what it is),
            ``estimate``, ``se`` (of the scale of analysis, missing on another), ``statistic``, ``p_value``,
            ``ci_low``, ``ci_high``, ``weight`` (percent) and ``interval`` (its type); missing where a kind has none.
            Then its own.
        """
        table = self._tidy(transform)
        return arranged({name: table[name].array for name in table.columns}, len(table), TIDY)

    def glance(self) -> pd.DataFrame:
        """Return one row for the whole: sizes, heterogeneity, fit; of subgroups one row each.

        Returns
        -------
        pandas.DataFrame
            First the columns that all kinds of results have: ``k`` (number of estimates combined), ``estimate``,
            ``ci_low``, ``ci_high``, ``p_value``, ``tau2``, ``i2`` (percent), ``q``, ``q_df``, ``q_p``,
            ``prediction_low``, ``prediction_high``, ``method``, ``ci``, ``prediction``, ``level`` and ``measure``;
            missing where a kind has none. Then its own. Numbers are on the scale of analysis.
        """
        rows = self._glance()
        names = dict.fromkeys(name for row in rows for name in row)
        return arranged({name: [row.get(name) for row in rows] for name in names}, len(rows), GLANCE)

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> Any:
        """Return the confidence limits at another level, by the same method.

        Parameters
        ----------
        level : float, optional
            Coverage, such as 0.9; the result's own level when not given.
        transform : bool, default False
            Whether to return the natural scale.

        Returns
        -------
        tuple of float, or pandas.DataFrame
            The lower and the upper limit of the one estimate; of several, columns ``ci_low`` and ``ci_high``, one row
            an estimate with its name as index.

        Raises
        ------
        OptionError
            When `level` is no proportion, or this kind of result has no interval.
        """
        raise OptionError(f"{type(self).__name__} has no estimate with a confidence interval.")

    @abstractmethod
    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return the rows of `tidy`, with such of its columns as this kind has and its own, in any order."""

    def _glance(self) -> list[dict[str, Any]]:
        """Return the rows of `glance`, with such of its columns as this kind has and its own."""
        return self._row()

    def _row(self, **own: Any) -> list[dict[str, Any]]:
        """Return one row: the core columns that are attributes, those named in `_shown`, and `own`."""
        return [facts(self) | {name: getattr(self, name) for name in self._shown} | own]

    @abstractmethod
    def _lines(self) -> list[str]:
        """Return the lines of the summary, without the notes."""

    if not TYPE_CHECKING:  # type checkers go on to refuse what there is not

        def __getattr__(self, name: str) -> Any:
            """Refuse what there is not, with the word for what R calls so."""
            hint = "" if name.startswith("_") else of_attribute(name, type(self))
            message = f"{type(self).__name__!r} object has no attribute {name!r}.{hint}"
            raise AttributeError(message, name=name, obj=self)

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What must be said with its numbers wherever they are printed: summary, texts, tables, figures, reports."""
        split = (text.partition(". ") for text in self.provenance.cautions)
        return (*(Caution(text=text, more=more) for text, _, more in split), *self._cautions())

    def _cautions(self) -> list[Caution]:
        """Return the cautions; each has a text, says whose number it is of, and has another interval where it helps."""
        return []

    def _advice(self) -> list[str]:
        """Return what to call or to change in the table where a caution or a note asks for it: not for manuscripts."""
        return []

    def _beside(self, beside: Beside) -> str:
        """Return another interval of a caution as the summary prints its own."""
        return str(beside)

    def summary(self) -> Text:
        """Return the result as text, cautions, notes and advice included."""
        return self._summary(self.cautions)

    def _summary(self, cautions: Iterable[Caution], said: Collection[Caution] = ()) -> Text:
        """Return the result as text with these cautions, in short what is `said` above; a part's are told with all."""
        remarks = self._remarks(cautions, said)
        return Text("\n".join(self._lines() + ([""] if remarks else []) + remarks))

    def _remarks(self, cautions: Iterable[Caution], said: Collection[Caution] = ()) -> list[str]:
        """Return what stands below the lines of the summary."""
        p = self.provenance
        remarks = [f"Caution: {text}" for text in told(cautions, self._beside, said=said)] + _left_out(p.dropped)
        remarks += [f"Corrected: {c}" for c in summed_up(p.corrected)] + [f"Note: {n}" for n in p.notes]
        return remarks + [f"Advice: {text}" for text in self._advice()]

    def r_code(self) -> Text:
        """Return the R script that gives the same numbers; where R has no such method, a comment that says so."""
        return Text(f"# {self._not_in_r}")

    def __str__(self) -> str:
        return str(self.summary())

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        lines = self._lines()
        table = "" if any(isinstance(line, ListedTable) for line in lines) else self._table()
        return styled(html_lines(lines) + table + html_remarks(self._remarks(self.cautions)))

    def _table(self) -> str:
        """Return the estimates as HTML, on the scale of the summary."""
        whole = getattr(self, "overall", self)
        level, scale = getattr(whole, "level", None), getattr(getattr(whole, "record", None), "scale", "")
        try:
            return html_estimates(self.tidy(transform=True), level, percent=scale == "percent")
        except DataError:  # no back-transform: the summary is on the scale of analysis too
            return html_estimates(self.tidy(), level, percent=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the whole result as plain mappings, lists, numbers and texts, ready for JSON.

        ``mo.results.from_dict`` makes the result of it again. It begins with ``class``, the name of the kind, and
        ``format``, the version of the form; NaN is None, infinity ``"inf"`` or ``"-inf"``.

        Examples
        --------
        >>> import metaonc as mo
        >>> plain = mo.pool({"yi": [0.1, 0.3, 0.2], "vi": [0.02, 0.03, 0.05]}).to_dict()
        >>> plain["class"], plain["k"]
        ('MetaResult', 3)
        >>> mo.results.from_dict(plain).k
        3
        """
        return encoded(self)

    def to_json(self, path: str | Path | None = None) -> str | Path:
        """Return `to_dict` as JSON, or write it to a file.

        Parameters
        ----------
        path : str or Path, optional
            Where to, over a file that is there.

        Returns
        -------
        str or Path
            The JSON, or the file written.

        Raises
        ------
        DataError
            When the file cannot be written.
        """
        text = json.dumps(self.to_dict(), indent=1, ensure_ascii=False, allow_nan=False)
        return text if path is None else write_file(path, f"{text}\n")


class TableResult(Result):
    """A result that is a table above all: its columns by name, and as many as it has rows."""

    __slots__ = ()
    table: pd.DataFrame

    def __getitem__(self, column: str) -> pd.Series:
        return self.table[column]

    def __len__(self) -> int:
        return len(self.table)
