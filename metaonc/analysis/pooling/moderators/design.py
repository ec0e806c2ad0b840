"""A formula and a table become a design matrix. The only module that speaks formulaic."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....base.check import LARGEST
from ....base.labels import find
from ....base.messages.advice import option
from ....base.messages.hints import near as near_name
from ....errors import ColumnError, DataError, OptionError
from ...numeric.wls import Floats
from . import new_rows
from .columns import of_levels, read_moderators

# what a formula may call besides its own transforms: a formula can come with a file, and is no program
NUMPY = frozenset({"where", "clip", "round"})

QUOTED = re.compile("`([^`]*)`")  # a column whose name is no word
ANSI = re.compile(r"\x1b?\[[0-9;]*m")  # colours of a terminal
MARKS = {ord("\u29db"): None, ord("\u29da"): None}  # with which formulaic marks a place
R_FACTOR = re.compile(r"\b(?:as\.)?factor\(([^()]*)\)")
FACTOR = re.compile(r"(?P<factor>.+?)\[(?P<coding>T\.)?(?P<level>[^\[\]]*)\]")  # a level's column by formulaic's name


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
        return _matrix(_parse(self.formula), self.rows).model_spec

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
        needed = _variables(_parse(self.formula))
        new_rows.need_columns(table, needed)
        table = self._in_words_of_the_fit(read_moderators(table, needed, range(len(table))).frame)
        lacking = table[needed].isna().any(axis=1).to_numpy() if needed else np.zeros(len(table), dtype=bool)
        if lacking.any():
            raise DataError(f"row {int(lacking.argmax())} of the new values lacks a moderator; it needs {needed}.")
        self._known_levels(table)
        with np.errstate(all="ignore"):
            made = _finite(self.spec.get_model_matrix(table))
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


def variables(formula: str, table: pd.DataFrame) -> list[str]:
    """Return the columns that the formula needs.

    Raises
    ------
    OptionError
        When the formula cannot be read.
    ColumnError
        When it names a column that is not there.
    """
    columns = list(map(str, table.columns))
    try:
        names = _variables(_parse(formula))
    except OptionError as problem:
        raise OptionError(f"{problem}{_in_backticks(formula, columns)}") from None
    for name in names:
        if name not in columns:
            near = near_name(name, columns)
            hint = _in_backticks(formula, columns) or (f" Did you mean {near!r}?" if near else "")
            raise ColumnError(f"the formula names {name!r}, which is no column of the table; it has {columns}.{hint}")
    return names


def _in_backticks(formula: str, columns: Iterable[str]) -> str:
    """Return how a formula writes a column of it whose name is no word; nothing where there is none."""
    outside = QUOTED.sub("", formula)
    odd = [name for name in sorted(columns, key=len, reverse=True) if not name.isidentifier() and name in outside]
    if not odd:
        return ""
    written = formula.replace(odd[0], f"`{odd[0]}`")
    return f" A name that is no single word stands in backticks: {option('formula', written)}."


def design(formula: str, table: pd.DataFrame) -> Design:
    """Return the design of a formula such as ``~ line + C(kras)`` on complete rows.

    Raises
    ------
    DataError
        When the design has no unique solution: constant or collinear moderators, named; or as many columns as rows.
    """
    table = _levels_there(table[_variables(_parse(formula))])
    matrix = _matrix(_parse(formula), table)
    x = _finite(matrix)
    names = tuple("intercept" if n == "Intercept" else str(n) for n in matrix.columns)
    _refuse_unsolvable(x, names)
    return Design(x, names, formula, table)


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
        raise DataError(f"a moderator cannot be computed: {' '.join(str(problem).split())}") from None


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


def _parse(formula: str) -> Any:
    if not isinstance(formula, str) or "~" not in formula:
        raise OptionError(f"formula={formula!r} is not a formula of moderators, such as '~ line + C(kras)'.")
    return _parsed(formula)


@lru_cache(maxsize=64)
def _parsed(formula: str) -> Any:
    """Return the formula as formulaic reads it, which takes longer than the regression."""
    import formulaic

    factor = R_FACTOR.search(formula)
    if factor:
        raise OptionError(f"formula={formula!r}: R's {factor[0]} is C({factor[1]}) here.")
    try:
        parsed = formulaic.Formula(formula)
    except formulaic.errors.FormulaicError as problem:
        said = " ".join(ANSI.sub("", str(problem)).translate(MARKS).split())
        raise OptionError(f"formula={formula!r} cannot be read: {said}.") from None
    if hasattr(parsed, "lhs"):
        raise OptionError(f"formula={formula!r} has a left side; the effects are named by yi= and vi=.")
    for expression in _expressions(parsed):
        _refuse_code(formula, QUOTED.sub("x", expression))
    return parsed


def _expressions(parsed: Any) -> list[str]:
    """Return what a formula has formulaic work out."""
    factors = (factor for term in parsed for factor in term.factors)
    return [str(factor.expr) for factor in factors if factor.eval_method.value == "python"]


def _variables(parsed: Any) -> list[str]:
    """Return the columns that a formula needs, those inside of transforms too, which formulaic does not list."""
    names = {str(v) for v in parsed.required_variables}
    for expression in _expressions(parsed):
        names.update(QUOTED.findall(expression))
        tree = ast.parse(QUOTED.sub("0", expression), mode="eval")
        called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        of_modules = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
        names.update(node.id for node in nodes if id(node) not in called | of_modules)
    return sorted(names)


def _refuse_code(formula: str, expression: str) -> None:
    """Raise an error when an expression is more than arithmetic and the transforms of formulas and numpy."""
    from formulaic.transforms import TRANSFORMS

    for node in ast.walk(ast.parse(expression, mode="eval")):
        called = node.func if isinstance(node, ast.Call) else node
        if isinstance(called, ast.Attribute):
            home = called.value.id if isinstance(called.value, ast.Name) else ""
            known = (home == "contr" and called.attr[0] != "_") or (home == "np" and _of_numpy(called.attr))
        elif isinstance(node, ast.Call):
            known = isinstance(called, ast.Name) and called.id in TRANSFORMS
        else:
            known = not isinstance(node, (ast.Lambda, ast.comprehension))
        if not known:
            raise OptionError(
                f"formula={formula!r}: {ast.unparse(called)!r} is no transform of a formula; compute a column of it."
            )


def _of_numpy(name: str) -> bool:
    return name in NUMPY or isinstance(getattr(np, name, None), np.ufunc)


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
            raise DataError(f"moderator {names[j]!r} {why}: its coefficient cannot be told apart; leave it out.")
