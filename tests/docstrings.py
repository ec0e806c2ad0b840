"""What the docstring of a public name must have: ``python tests/docstrings.py``.

numpydoc's checks, but for three that ask for more than a reader needs, and five of our own: the types of parameters say
the defaults of the signature, functions say what they raise, each field of a result is described, in its class or in
one that it derives from, verbs of analysis have a source, and a list of references has years.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from numpydoc.docscrape import NumpyDocString
from numpydoc.validate import ERROR_MSGS, validate

import metaonc as mo

sys.path[:0] = [str(Path(__file__).parents[1] / "docs")]

from generate.reference import public  # noqa: E402

LEFT_OUT = {
    "GL01",  # the summary begins on the line of the quotes
    "ES01",  # a summary that says all needs no more text
    "SA01",  # the pages of the reference stand by what belongs together
}
MADE_BY_VERBS = {"PR01", "EX01"}  # of classes that nobody calls: fields are checked, examples are those of the verbs
CHECKS = set(ERROR_MSGS) - LEFT_OUT
SILENT = {  # which refuse nothing: two take nothing, and one knows any text
    "ctgov_outcome",
    "datasets",
    "show_versions",
}

UNCITED = {  # verbs of analysis that are no method, do what others cite, or are of our own devising
    *("pool_many", "robustness", "simulate", "simulation.grid", "results.from_dict", "results.from_json"),
    *(f"plot.{name}_data" for name in ("baujat", "bubble", "drapery", "radial")),
    *("sensitivity.tipping_point", "survival.check_published", "survival.pool_landmark", "survival.pool_mixed"),
}


def of(name: str) -> object:
    """Return what a public name stands for."""
    found = mo
    for part in name.split("."):
        found = getattr(found, part)
    return found


def documented() -> list[str]:
    """Return the public functions and classes; tables of records are documented as tables."""
    return [name for name in public() if inspect.isfunction(of(name)) or inspect.isclass(of(name))]


def names(entries: list) -> list[str]:
    """Return the names of a section, of which one line may hold several."""
    return [name for entry in entries for name in entry.name.split(", ")]


def said(default: object) -> str:
    """Return how a docstring says a default."""
    if dataclasses.is_dataclass(default):
        return f"{type(default).__name__}({', '.join(said(one) for one in dataclasses.astuple(default))})"
    if isinstance(default, tuple):
        return f"({', '.join(said(one) for one in default)})"
    if isinstance(default, str):
        return f'"{default}"'
    return f"{default:g}" if isinstance(default, float) else str(default)


def defaults(name: str, doc: NumpyDocString) -> Iterator[str]:
    """Yield parameters whose type says another default than the signature."""
    signature = inspect.signature(of(name)).parameters
    for entry in doc["Parameters"]:
        for one in entry.name.split(", "):
            given = signature.get(one)
            if given is None or not entry.type:
                continue  # numpydoc's own checks name these
            kind, _, default = entry.type.partition(", default ")
            optional = given.default is not given.empty
            if default and (not optional or (default != said(given.default) and default != repr(given.default))):
                yield f"{one} is not {default} by default but {given.default!r}"
            if kind.endswith(", optional") and not optional:
                yield f"{one} is not optional"
            if optional and given.default is None and not kind.endswith(", optional"):
                yield f"{one} is optional"


def fields(name: str) -> Iterator[str]:
    """Yield fields of a class that neither it nor one that it derives from describes."""
    made = of(name)
    told = {
        one
        for base in made.__mro__
        for section in ("Attributes", "Parameters")
        for one in names(NumpyDocString(inspect.cleandoc(base.__doc__ or ""))[section])
    }
    for one in dataclasses.fields(made) if dataclasses.is_dataclass(made) else ():
        if not one.name.startswith("_") and one.name not in told:
            yield f"the field {one.name} is not described"


def problems(name: str) -> Iterator[str]:
    """Yield what the docstring of a public name lacks."""
    made = of(name)
    doc = NumpyDocString(inspect.getdoc(made) or "")
    called = inspect.isfunction(made) or bool(doc["Parameters"])
    checks = CHECKS if called else CHECKS - MADE_BY_VERBS
    path = f"{made.__module__}.{made.__qualname__}"
    yield from (f"{code} {text}" for code, text in validate(path)["errors"] if code in checks)
    if inspect.isclass(made):
        yield from fields(name)
    if called:
        yield from defaults(name, doc)
    if inspect.isfunction(made) and not doc["Raises"] and name not in SILENT:
        yield "no Raises section"
    cites = doc["References"] or "doi:" in made.__doc__
    if inspect.isfunction(made) and ".analysis." in made.__module__ and not cites and name not in UNCITED:
        yield "no source"
    if doc["References"] and not re.search(r"\b(19|20)\d\d\b", "\n".join(doc["References"])):
        yield "references without a year"


if __name__ == "__main__":
    found = [f"{name}: {one}" for name in documented() for one in problems(name)]
    print("\n".join(found))
    raise SystemExit(f"{len(found)} problems in the docstrings of public names" if found else None)
