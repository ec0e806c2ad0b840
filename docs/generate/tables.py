"""What a public table of records is: the text below its assignment, which Python itself does not keep."""

import ast
import inspect
import operator
from functools import cache
from importlib import import_module
from itertools import pairwise

import metaonc as mo

from .reference import public


def tables() -> list[str]:
    """Return the public names that stand for tables of records."""
    return [name for name in public() if not callable(operator.attrgetter(name)(mo))]


@cache
def about(name: str) -> str:
    """Return what the code says of a table, by its public name; nothing where it is silent."""
    space, _, table = name.rpartition(".")
    home, theirs = (getattr(mo, space) if space else mo)._HOMES[table]
    body = ast.parse(inspect.getsource(import_module(home))).body
    for made, below in pairwise(body):
        targets = made.targets if isinstance(made, ast.Assign) else [getattr(made, "target", None)]
        if any(getattr(one, "id", None) == theirs for one in targets) and isinstance(below, ast.Expr):
            return ast.literal_eval(below.value)
    return ""
