"""The numbers of the phrases: those of metaonc, made here, and those of R, as pinned."""

from __future__ import annotations

import ast
import json
import warnings
from functools import cache
from pathlib import Path

from .phrases import HERE_DATA, Phrase

PINNED = Path(__file__).parents[2] / "tests" / "reference" / "phrase_book.json"


@cache
def prepared() -> dict[str, object]:
    """Return the names that the code of phrases takes for granted."""
    space: dict[str, object] = {}
    exec(HERE_DATA, space)
    return space


def here(phrase: Phrase) -> list[float]:
    """Return the numbers that the code of a phrase ends in."""
    module = ast.parse(phrase.here)
    last = module.body.pop()
    assert isinstance(last, ast.Expr)
    space = dict(prepared())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # what they say is read where the call is used
        exec(compile(module, phrase.title, "exec"), space)
        return [float(x) for x in eval(compile(ast.Expression(last.value), phrase.title, "eval"), space)]


@cache
def pinned() -> dict[str, list[float]]:
    """Return the numbers of R by title."""
    return json.loads(PINNED.read_text(encoding="utf-8"))["numbers"]
