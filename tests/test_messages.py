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
    "stepadj", "threshold", "tol",  # R's control=
    "days", "errors", "subset",  # pandas
    "constraints",  # formulaic
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


def below(node):
    """Return the node and all below it, as ast.walk does, in half its time."""
    found = [node]
    for one in found:
        for field in vars(one).values():
            if isinstance(field, ast.AST):
                found.append(field)
            elif isinstance(field, list):
                found += [part for part in field if isinstance(part, ast.AST)]
    return found


def texts(nodes):
    """Yield the texts of nodes, with a # where a value is printed."""
    inner = {id(value) for part in nodes if isinstance(part, ast.JoinedStr) for value in part.values}
    for part in nodes:
        if isinstance(part, ast.JoinedStr):
            yield "".join(v.value if isinstance(v, ast.Constant) else "#" for v in part.values)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str) and id(part) not in inner:
            yield part.value


def says(node):
    """Return whether a node raises, warns or refuses."""
    called = getattr(node, "func", None)
    return isinstance(node, ast.Raise) or getattr(called, "attr", getattr(called, "id", None)) in SAYING


def described(nodes):
    """Return the docstrings of nodes."""
    homes = (ast.Module, ast.ClassDef, ast.FunctionDef)
    return {ast.get_docstring(node, clean=False) for node in nodes if isinstance(node, homes)}


@cache
def places():
    """Return what texts name -> where: arguments in all texts of some folders, and names in all that is said."""
    arguments, names = {}, {}
    for path in sorted(ROOT.rglob("*.py")):
        nodes, place = below(ast.parse(path.read_text(encoding="utf-8"))), path.relative_to(ROOT)
        docs = described(nodes)
        if place.parts[0] in FOLDERS:
            said = set(texts(nodes)) - docs
            arguments |= {name: str(place) for text in said for name in ARGUMENT.findall(text)}
        said = {text for node in nodes if says(node) for text in texts(below(node))} - docs
        names |= {name: str(place) for text in said for name in NAME.findall(text)}
    return arguments, names


def unknown(found, known):
    return {name: place for name, place in found.items() if name not in known}


def test_names_in_messages_exist():
    arguments, names = public()
    columns = {field.name for table in TABLES.values() for field in table.fields} | set(Roles.__annotations__)
    audited = {name for rule in RULES.values() for needed in rule.needs for name in needed}
    known = arguments | columns | audited | OF_OTHERS | NO_NAMES
    in_texts, in_what_is_said = places()
    assert unknown(in_texts, known) == {}
    assert unknown(in_what_is_said, known | names) == {}


def test_what_is_left_out_of_the_search_is_still_said():
    in_texts, in_what_is_said = places()
    assert OF_OTHERS - set(in_texts) - set(in_what_is_said) == set()
