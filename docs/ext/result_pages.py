"""Pages of classes: the types of their fields, as the code annotates them, the verbs that return them, an example."""

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


@cache
def classes() -> dict[str, type]:
    """Return the public classes by their name."""
    found = {name: operator.attrgetter(name)(mo) for name in public()}
    return {one.__name__: one for one in found.values() if inspect.isclass(one)}


def shows(made: type) -> str:
    """Return the verb whose example shows a class: one that returns it, a kind of it or what has it as a field."""
    if direct := verbs().get(made.__name__):
        return min(direct, key=len)  # the plainest
    kinds = [name for name, one in classes().items() if one is not made and issubclass(one, made)]
    holders = [name for name, one in classes().items()
               if any(re.search(rf"\b{made.__name__}\b", kind) for kind in types(one).values())]  # fmt: skip
    for names in (kinds, holders):
        if found := [verb for name in names for verb in verbs().get(name, ())]:
            return min(found, key=len)
    return next(filter(None, (shows(classes()[name]) for name in holders if classes()[name] is not made)), "")


def example(made: type) -> list[str]:
    """Return the lines of an example of a class that has none of its own; none where no verb shows it."""
    if not (verb := shows(made)):
        return []
    lines = inspect.getdoc(operator.attrgetter(verb)(mo)).splitlines()
    below = lines[lines.index("Examples") + 2 :]
    return ["", "Examples", "--------", f"That of :func:`~metaonc.{verb}`:", "", *below]


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
    """Add to the docstring of a class the types of its fields, the verbs that return it, and an example of one."""
    if what != "class":
        return
    if "Examples" not in lines:
        lines += example(made)
    lines[:] = with_types(lines, types(made))
    if names := verbs().get(made.__name__):
        below = lines.index("") if "" in lines else len(lines)
        lines[below:below] = ["", f"Returned by {', '.join(f':func:`~metaonc.{name}`' for name in names)}."]


def setup(app) -> None:
    """Register what is done to each docstring, before numpydoc reads it."""
    app.connect("autodoc-process-docstring", enrich, priority=400)
