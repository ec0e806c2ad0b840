"""A formula and a table become a design matrix. It and `formula` alone speak formulaic."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....base.check import LARGEST
from ....base.labels import find
from ....errors import DataError
from ...numeric.wls import Floats
from . import new_rows
from .columns import of_levels, read_moderators
from .formula import named_in, parse

SPANS = "such a spline holds the constant too: give it constraints='center'"
FACTOR = re.compile(r"(?P<factor>.+?)\[(?P<coding>T\.)?(?P<level>[^\[\]]*)\]")  # a level's column by formulaic's name

BOUNDED = re.compile(r"\bbs\(")  # and not abs(
BETWEEN = re.compile(r":(?![^\[]*\])")  # the colon of an interaction, not one in the name of a level


@dataclass(frozen=True)
class Design:
    """A design matrix with the names of its columns, and what makes the same columns of new rows.

    Attributes
    ----------
    x
        (k, p).
    names
        One a column.
    formula, rows
        What it was made of: the formula, and the columns of the rows fitted that it names.
    """

    x: Floats
    names: tuple[str, ...]
    formula: str
    rows: pd.DataFrame

    @cached_property
    def spec(self) -> Any:
        """Formulaic's record of levels and codings."""
        return _matrix(parse(self.formula), self.rows).model_spec

    def of(self, table: pd.DataFrame) -> Floats:
        """Return the design matrix of new rows, by the levels and codings of the rows fitted.

        Raises
        ------
        DataError
            When a moderator is missing, or has a level that was not fitted.

        Warns
        -----
        MethodWarning
            Numbers further from those of the rows fitted than a tenth of their range.
        """
        needed = named_in(parse(self.formula))
        new_rows.need_columns(table, needed)
        table = self._in_words_of_the_fit(read_moderators(table, needed, range(len(table))).frame)
        lacking = table[needed].isna().any(axis=1).to_numpy() if needed else np.zeros(len(table), dtype=bool)
        if lacking.any():
            raise DataError(f"row {int(lacking.argmax())} of the new values lacks a moderator; it needs {needed}.")
        self._known_levels(table)
        self._same_kinds(table)
        made = _finite(self._matrix_of(table))
        new_rows.warn_beyond(table, self.rows)
        return made

    def taken(self, rows: NDArray[np.bool_]) -> Design:
        """Return the design of some of the rows, by the levels and codings of all.

        Raises
        ------
        DataError
            When it has no unique solution.
        """
        _refuse_unsolvable(self.x[rows], self.names)
        return replace(self, x=self.x[rows])

    @property
    def factors(self) -> dict[str, tuple[str, ...]]:
        """Levels of each factor, by its name in the columns."""
        states = ((str(factor), state.get("categories")) for factor, (_, state) in self.spec.encoder_state.items())
        return {name: tuple(map(str, levels)) for name, levels in states if levels is not None}

    def is_mean(self, name: str) -> bool:
        """Return whether a column stands for a mean effect: the intercept, or a level of a model without one."""
        found = FACTOR.fullmatch(name)
        level = found is not None and found["coding"] is None and found["factor"] in self.factors
        return name == "intercept" or (level and "intercept" not in self.names)

    def curve(self, name: str) -> str:
        """Return the transform that a column is one of several of, such as ``bs(age, df=4)``; empty if of none."""
        base, bracket, _ = name.partition("[")
        many = sum(other.startswith(f"{base}[") for other in self.names) > 1
        return base if bracket and "(" in base and base not in self.factors and ":" not in name and many else ""

    def _levels(self) -> Iterator[tuple[str, list[Any]]]:
        """Yield the column of each factor with the levels fitted."""
        for factor, (_, state) in self.spec.encoder_state.items():
            levels, name = state.get("categories"), str(factor)
            column = next((v for v in self.rows.columns if str(v) in name), None)
            if levels is not None and column is not None:
                yield str(column), list(levels)

    def _in_words_of_the_fit(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the table with its labels written as the levels fitted are."""
        for column, levels in self._levels():
            given = table[column].astype(object).tolist()
            written = {v: find(v, levels) or v for v in given if isinstance(v, str) and v not in levels}
            if written:
                table = table.assign(**{column: [written.get(v, v) for v in given]})
        return table

    def _known_levels(self, table: pd.DataFrame) -> None:
        for column, levels in self._levels():
            strange = [v for v in table[column] if v not in set(levels)]
            if strange:
                raise DataError(f"{column}={strange[0]!r} is not among the levels fitted: {levels}.")

    def _same_kinds(self, table: pd.DataFrame) -> None:
        for name, fitted in self.rows.items():
            new = table[name]
            if fitted.dtype.kind in "fiu" and new.dtype.kind not in "fiu":
                raise DataError(f"{name}={new.iloc[0]!r} is no number, which {name!r} is in the rows fitted.")

    def _matrix_of(self, table: pd.DataFrame) -> Any:
        """Return the matrix of new rows, or raise an error where a transform has no value there."""
        import formulaic

        spec = copy.deepcopy(self.spec)  # what fails half way would leave its levels behind
        try:
            with np.errstate(all="ignore"):
                return spec.get_model_matrix(table)
        except formulaic.errors.FormulaicError as problem:
            raise DataError(self._beyond(table) or f"a moderator cannot be computed: {_plain(problem)}") from None

    def _beyond(self, table: pd.DataFrame) -> str:
        """Return which numbers lie outside those fitted, where a transform may have no value."""
        for name, fitted in self.rows.items():
            if fitted.dtype.kind in "fiu":
                low, high = float(fitted.min()), float(fitted.max())
                out = [float(x) for x in table[name] if not low <= x <= high]
                if out:
                    known = f"{low:g} to {high:g} of the rows fitted"
                    return f"{name}={out[0]:g} is beyond {known}, where the formula has no value."
        return ""

    @property
    def ends_with_the_rows(self) -> bool:
        """Whether a transform has no value beyond the numbers of the rows fitted, as a B-spline has none."""
        return BOUNDED.search(self.formula) is not None


def design(formula: str, table: pd.DataFrame) -> Design:
    """Return the design of a formula such as ``~ line + C(kras)`` on complete rows.

    Raises
    ------
    DataError
        When the design has no unique solution: constant or collinear moderators, named; or as many columns as rows.
    """
    table = _levels_there(table[named_in(parse(formula))])
    matrix = _matrix(parse(formula), table)
    x = _finite(matrix)
    names = tuple("intercept" if n == "Intercept" else str(n) for n in matrix.columns)
    _refuse_one_level(matrix.model_spec, table)
    _refuse_unsolvable(x, names)
    return Design(x, names, formula, table)


def _refuse_one_level(spec: Any, table: pd.DataFrame) -> None:
    """Raise an error of a moderator that has no column in the design, as all rows have its one level."""
    for term, columns in spec.term_indices.items():
        if not len(columns):
            held = [table[name].iloc[0] for name in table.columns if str(term) in (name, f"C({name})")]
            what = f", {held[0]!r}," if held else ""
            raise DataError(
                f"moderator {str(term)!r} is the same{what} in all rows: its coefficient cannot be told apart; "
                "leave it out."
            )


def _levels_there(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table without categories that no row has: they are no level to estimate, as in R."""
    categories = [c for c in table.columns if isinstance(table[c].dtype, pd.CategoricalDtype)]
    return table.assign(**{c: table[c].cat.remove_unused_categories() for c in categories})


def _matrix(parsed: Any, table: pd.DataFrame) -> Any:
    import formulaic

    try:
        with np.errstate(all="ignore"):  # what is no number is named below
            return formulaic.model_matrix(parsed, table, na_action="ignore")
    except formulaic.errors.FormulaicError as problem:
        raise DataError(f"a moderator cannot be computed: {_plain(problem)}") from None


def _plain(problem: Exception) -> str:
    return " ".join(str(problem).split())


def _finite(matrix: Any) -> Floats:
    """Return a design matrix as numbers, or raise an error that names the moderator and the first row without one."""
    x: Floats = np.asarray(matrix, dtype=float)
    bad = ~(np.abs(x) <= LARGEST)
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise DataError(
            f"row {matrix.index[row]}: moderator {str(matrix.columns[column])!r} is {x[row, column]:g}, no number to "
            "compute with: mend the row, leave it out, or give the moderator in another unit."
        )
    return x


def _refuse_unsolvable(x: Floats, names: tuple[str, ...]) -> None:
    """Raise an error of too few rows, or that names the first column which the ones before it already determine."""
    k, p = x.shape
    if k <= p:
        many = f"{k} rows cannot determine {p} coefficients ({', '.join(names)}); leave out moderators."
        raise DataError(many + of_levels(names, k))
    scaled = x / np.maximum(np.abs(x).max(0), np.finfo(float).tiny)
    for j in range(x.shape[1]):
        rest = (
            scaled[:, j] - scaled[:, :j] @ np.linalg.lstsq(scaled[:, :j], scaled[:, j], rcond=None)[0] if j else x[:, 0]
        )
        if np.abs(rest).max() < 1e-10:
            constant = np.ptp(x[:, j]) == 0
            why = "is the same in all rows" if constant else f"follows from {', '.join(names[:j])}"
            spans = SPANS if names[j].startswith(("cr(", "cc(")) and "constraints" not in names[j] else "leave it out"
            raise DataError(f"moderator {names[j]!r} {why}: its coefficient cannot be told apart; {spans}.")
