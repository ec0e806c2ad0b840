"""Pages of classes say the types of their fields, as the code annotates them, and which verbs return them."""

from __future__ import annotations

import dataclasses
import inspect
import operator
import re
from functools import cache

from generate.reference import public

import metaonc as mo

SAID = (
    ("pd.DataFrame", "DataFrame"),
    (r"NDArray\[.*\]|Floats", "array"),
    ("Mapping", "mapping"),
    ("Sequence", "sequence"),
)


@cache
def verbs() -> dict[str, list[str]]:
    """Return the public functions that return each class, by its name."""
    found: dict[str, list[str]] = {}
    for name in public():
        verb = operator.attrgetter(name)(mo)
        if inspect.isfunction(verb):
            for one in re.findall(r"\w+", str(inspect.signature(verb).return_annotation)):
                found.setdefault(one, []).append(name)
    return found


def said(annotation: str) -> str:
    """Return how a page says a type."""
    for pattern, word in SAID:
        annotation = re.sub(pattern, word, annotation)
    return annotation.replace("|", "or")


def types(made: type) -> dict[str, str]:
    """Return the types of the fields and properties of a class."""
    found = {one.name: str(one.type) for one in dataclasses.fields(made)} if dataclasses.is_dataclass(made) else {}
    for name, one in inspect.getmembers(made, lambda member: isinstance(member, property)):
        found[name] = str(one.fget.__annotations__.get("return", ""))
    return {name: said(annotation) for name, annotation in found.items() if annotation}


def with_types(lines: list[str], known: dict[str, str]) -> list[str]:
    """Return a docstring whose attributes have types."""
    if "Attributes" not in lines:
        return lines
    start = lines.index("Attributes") + 2
    for i in range(start, len(lines)):
        if lines[i].startswith("---"):
            break
        names = lines[i].split(", ")
        if re.fullmatch(r"\w+(, \w+)*", lines[i]) and all(name in known for name in names):
            kinds = dict.fromkeys(known[name] for name in names)
            lines[i] += f" : {next(iter(kinds)) if len(kinds) == 1 else ', '.join(known[name] for name in names)}"
    return lines


def enrich(_app: object, what: str, _name: str, made: type, _options: object, lines: list[str]) -> None:
    """Add to the docstring of a class the types of its fields, and the verbs that return it below its summary."""
    if what != "class":
        return
    lines[:] = with_types(lines, types(made))
    if names := verbs().get(made.__name__):
        below = lines.index("") if "" in lines else len(lines)
        lines[below:below] = ["", f"Returned by {', '.join(f':func:`~metaonc.{name}`' for name in names)}."]


def setup(app) -> None:
    """Register what is done to each docstring, before numpydoc reads it."""
    app.connect("autodoc-process-docstring", enrich, priority=400)
