"""What messages advise exists: a name= or a name with an underscore is an argument, a column or a public name."""

from __future__ import annotations

import ast
import inspect
import re
from functools import cache
from pathlib import Path
from types import ModuleType

import metaonc as mo
from metaonc.analysis.effects.roles import Roles
from metaonc.data.audit import RULES
from metaonc.data.schema.tables import TABLES

ROOT = Path(mo.__file__).parent
ARGUMENT = re.compile(r"(?<![\w./{-])([a-z_][a-z0-9_]*)=(?!=)")
NAME = re.compile(r"(?<![\w./{-])([a-z]+_[a-z0-9_]+)(?![\w(]*#)")
FOLDERS = ("base", "data", "analysis", "workflow", "cli")  # whose texts with a name= are messages, but for R's control=
SAYING = {"refuse", "warn", "problem"}  # what takes the text of an error or of a warning
OF_OTHERS = {
    "baseline_estimation_method", "duration_col", "event_col", "event_observed", "penalizer",  # lifelines
    "maxiter",  # statsmodels, and R's control=
    "threshold", "tol",  # R's control=
    "days", "subset",  # pandas
}  # fmt: skip
NO_NAMES = {  # x_ticks or y_ticks; an example of a label; a key of to_dict(); attributes of HTML; an argument of R
    "_ticks", "placebo", "format", "class", "colspan", "scope", "random",
}  # fmt: skip


def public():
    """Return the arguments of public functions and methods, and the public names."""
    arguments, names, spaces = set(), set(), [mo]
    while spaces:
        space = spaces.pop()
        for name in space.__all__:
            one = getattr(space, name)
            names.add(name)
            members = (
                [f for key, f in inspect.getmembers(one) if not key.startswith("_")] if inspect.isclass(one) else []
            )
            if inspect.isclass(one):
                names.update(key for key in dir(one) if not key.startswith("_"))
            if isinstance(one, ModuleType):
                spaces.append(one)
            for function in [one, *members]:
                if inspect.isfunction(function) or (inspect.isclass(function) and function is one):
                    arguments.update(inspect.signature(function).parameters)
    return arguments, names


def texts(node):
    """Yield the texts below a node, with a # where a value is printed."""
    inner = {id(value) for part in ast.walk(node) if isinstance(part, ast.JoinedStr) for value in part.values}
    for part in ast.walk(node):
        if isinstance(part, ast.JoinedStr):
            yield "".join(v.value if isinstance(v, ast.Constant) else "#" for v in part.values)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str) and id(part) not in inner:
            yield part.value


def says(node):
    """Return whether a node raises, warns or refuses."""
    called = getattr(node, "func", None)
    return isinstance(node, ast.Raise) or getattr(called, "attr", getattr(called, "id", None)) in SAYING


def described(tree):
    """Return the docstrings below a node."""
    homes = (ast.Module, ast.ClassDef, ast.FunctionDef)
    return {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, homes)}


@cache
def places(pattern, folders, only=None):
    """Return what the texts name -> where: those of some nodes only, or all."""
    found = {}
    for path in sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        nodes = [tree] if only is None else filter(only, ast.walk(tree))
        said = {text for node in nodes for text in texts(node)} - described(tree)
        found |= {name: str(path.relative_to(ROOT)) for text in said for name in pattern.findall(text)}
    return found


def unknown(found, known):
    return {name: place for name, place in found.items() if name not in known}


def test_names_in_messages_exist():
    arguments, names = public()
    columns = {field.name for table in TABLES.values() for field in table.fields} | set(Roles.__annotations__)
    audited = {name for rule in RULES.values() for needed in rule.needs for name in needed}
    known = arguments | columns | audited | OF_OTHERS | NO_NAMES
    assert unknown(places(ARGUMENT, FOLDERS), known) == {}
    assert unknown(places(NAME, ("",), says), known | names) == {}


def test_what_is_left_out_of_the_search_is_still_said():
    assert OF_OTHERS - set(places(ARGUMENT, FOLDERS)) - set(places(NAME, ("",), says)) == set()
