"""Formulas of moderators: read, refused where they are more than that, and the columns that they name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from ....base.messages.advice import option
from ....base.messages.hints import near as near_name
from ....errors import ColumnError, OptionError

# what a formula may call besides its own transforms: a formula can come with a file, and is no program
NUMPY = frozenset({"where", "clip", "round"})

QUOTED = re.compile("`([^`]*)`")  # a column whose name is no word
ANSI = re.compile(r"\x1b?\[[0-9;]*m")  # colours of a terminal
MARKS = {ord("\u29db"): None, ord("\u29da"): None}  # with which formulaic marks a place
R_FACTOR = re.compile(r"\b(?:as\.)?factor\(([^()]*)\)")
CONSTANT = ("Intercept", "intercept")  # what the constant is called, by formulaic and here
SPLINES = ("ns", "rcs", "s", "ti", "splines")  # of R
THERE = "bs(x, df=4) is a B-spline, cr(x, df=3, constraints='center') a natural cubic one, poly(x, 2) a polynomial"


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
        names = named_in(parse(formula))
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


def parse(formula: str) -> Any:
    """Return the formula as formulaic reads it, or raise an OptionError."""
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
    except SyntaxError as problem:  # of what stands in a transform
        at = (problem.text or "").strip()
        raise OptionError(f"formula={formula!r} cannot be read{f' at {at!r}' if at else ''}.") from None
    except formulaic.errors.FormulaicError as problem:
        said = " ".join(ANSI.sub("", str(problem)).translate(MARKS).split())
        raise OptionError(f"formula={formula!r} cannot be read: {said}.") from None
    if hasattr(parsed, "lhs"):
        raise OptionError(f"formula={formula!r} has a left side; the effects are named by yi= and vi=.")
    if not isinstance(parsed, formulaic.SimpleFormula):
        raise OptionError(
            f"formula={formula!r} has several parts; moderators are one. Random effects of units are "
            "regress_multilevel(levels=[...])."
        )
    if not list(parsed):
        raise OptionError(f"formula={formula!r} has neither a constant nor a moderator: '~ 1' is a pool.")
    for expression in expressions(parsed):
        _refuse_code(formula, QUOTED.sub("x", expression))
    _refuse_reserved(formula, parsed)
    return parsed


def _refuse_reserved(formula: str, parsed: Any) -> None:
    """Raise an OptionError of a column that is called as the constant is, or as a transform."""
    from formulaic.transforms import TRANSFORMS

    for name in sorted({str(factor.expr) for term in parsed for factor in term.factors}):
        if name in CONSTANT or name in TRANSFORMS or name in ("np", "contr"):
            what = "the constant of a model" if name in CONSTANT else "a transform of formulas"
            raise OptionError(f"formula={formula!r}: {name!r} is the name of {what}; rename the column.")


def expressions(parsed: Any) -> list[str]:
    """Return what a formula has formulaic work out."""
    factors = (factor for term in parsed for factor in term.factors)
    return [str(factor.expr) for factor in factors if factor.eval_method.value == "python"]


def named_in(parsed: Any) -> list[str]:
    """Return the columns that a formula needs, those inside of transforms too, which formulaic does not list."""
    names = {str(v) for v in parsed.required_variables}
    for expression in expressions(parsed):
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
            what = ast.unparse(called)
            way = THERE if what in SPLINES else "compute a column of it"
            raise OptionError(f"formula={formula!r}: {what!r} is no transform of a formula; {way}.")


def _of_numpy(name: str) -> bool:
    return name in NUMPY or isinstance(getattr(np, name, None), np.ufunc)
