"""The findings of an audit as text, one paragraph a finding, and the rules as a table for the documentation."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any, Unpack

import pandas as pd

from ...base.messages.advice import option
from ...errors import OptionError
from ..collections.collection import load, names
from ..collections.published_curves import Curves
from ..readers.curves import is_curves, read_curves
from ..readers.trials import Reading
from . import RULES, SEVERITIES, audit, findings
from .alike import FEW, grouped, said
from .reading import read
from .rules import curve_shapes

_MOST_SAID = 8  # rows left out that are named


def check(name: str, *, by: str | None = None, **how: Unpack[Reading]) -> tuple[str, bool]:
    """Return the findings in a file, or in a packaged collection, as text, and whether there is an error among them.

    Parameters
    ----------
    name
        Path of a file, or name of a collection.
    by
        Subgroup variable or column, as `audit` takes it.
    **how
        How the file is read, as ``read_trials`` takes it.

    Raises
    ------
    DataError
        The file cannot be read; see `audit`.
    """
    packaged = not Path(name).exists() and name in names()
    if packaged or is_curves(name):
        useless = next(iter([*how, *(["by"] if by else [])]), None)
        if useless:
            raise OptionError(f"{option(useless)} is for tables of trials, and {name!r} is none that is to be read.")
    if packaged:
        collection = load(name)
        found, places = audit(collection), dict.fromkeys(range(len(collection.evidence)), name)
        found, places = _with_curves(found, places, collection.curves, name)
    elif is_curves(name):
        curves = read_curves(name)
        found, places = audit(curves), {i: f"{name}: curve {c!r}" for i, c in enumerate(curves.table["curve_id"])}
    else:
        table = read(name, by, **how)
        found, places = findings(table), {row: _where(name, place) for row, place in table.places.items()}
    by_place = not (packaged or is_curves(name))
    paragraphs = [
        _paragraph(group[0], places[group[0]["row"]], by_place) if len(group) < FEW else _of_several(group, places)
        for group in grouped(found)
    ]
    text = "\n\n".join([*paragraphs, _sum(found, len(places))])
    return text, bool(found["severity"].eq("error").any())


def _where(path: str, place: str) -> str:
    line = re.match(r"line (\d+)", place)
    return f"{path}:{line[1]}" if line else f"{path}: {place}"


def _with_curves(
    found: pd.DataFrame, places: dict[int, str], curves: Curves, name: str
) -> tuple[pd.DataFrame, dict[int, str]]:
    """Return the findings in the evidence followed by those in the shapes of the curves, whose figures it holds."""
    if not len(curves):
        return found, places
    shapes = audit(curves)
    shapes = shapes[shapes["rule"].isin([rule.name for rule in curve_shapes.RULES])]
    if not len(shapes):
        return found, places
    first = len(places)
    both = pd.concat([found, shapes.assign(row=shapes["row"] + first)], ignore_index=True)
    both.attrs = found.attrs
    return both, places | {first + i: f"{name}: curve {c!r}" for i, c in enumerate(curves.table["curve_id"])}


def _paragraph(finding: Mapping[Hashable, Any], place: str, by_place: bool) -> str:
    """Return a finding; of a file by its line alone, as rows are those of the table that is made of it."""
    message = str(finding["message"])
    message = message.replace(f" (row {finding['row']}): ", ": ", 1) if by_place else message
    return (
        f"{place}: {finding['severity']}: {message} [{finding['rule']}]\n"
        f"    got       {finding['got']}\n    expected  {finding['expected']}\n    fix       {finding['fix']}"
    )


def _of_several(group: Sequence[Mapping[Hashable, Any]], places: Mapping[int, str]) -> str:
    """Return findings that say the same of several rows, which are listed."""
    first = group[0]
    got = [f"{places[one['row']]}: trial {one['trial']!r}: {one['got']}" for one in group]
    return "\n".join(
        [
            f"{len(group)} rows: {first['severity']}: {said(first)} [{first['rule']}]",
            *(f"    {line}" for line in got),
            f"    expected  {first['expected']}\n    fix       {first['fix']}",
        ]
    )


def _sum(found: pd.DataFrame, rows: int) -> str:
    counts = [(int(found["severity"].eq(severity).sum()), severity) for severity in SEVERITIES]
    findings = ", ".join(f"{count} {severity}{'s' * (count != 1)}" for count, severity in counts)
    lacks = found.attrs["not_asked"]
    asked = f"{rows} row{'s' * (rows != 1)}, {len(RULES) - len(lacks)} of {len(RULES)} rules asked"
    questions = found.attrs["questions"]
    unread = [old for old in found.attrs["not_read"] if not any(old in olds for olds in questions)]
    said = [f"the columns of numbers {', '.join(map(repr, unread))}."] * bool(unread)
    said += [f"{', '.join(map(repr, old))}, {why}." for old, why in questions.items()]
    also = "".join(f"\n\nNot read: {text}" for text in said)
    also += f" To say what they are, give {option('columns')}." if said else ""
    also += "".join(f"\n\nLeft out: {text}." for text in found.attrs["left_out"][:_MOST_SAID])
    more = len(found.attrs["left_out"]) - _MOST_SAID
    also += f"\n\nLeft out: {more} more." if more > 0 else ""
    if not len(found) and 4 * len(lacks) > 3 * len(RULES):
        findings = "Nothing found, but little was asked"
    missing = "; the others lack " + ", ".join(dict.fromkeys(c for names in lacks.values() for c in names.split(", ")))
    return f"{findings}. {asked}{missing if lacks else ''}.{also}"


def rules() -> pd.DataFrame:
    """Return the rules of the audit.

    Returns
    -------
    pandas.DataFrame
        One row a rule, indexed by name: its severity, what it asks, and the columns that it needs (sets of columns,
        any of which will do).
    """
    rows = [
        {"rule": r.name, "severity": r.severity, "asks that": r.title,
         "needs": "; or ".join(dict.fromkeys(", ".join(need) for need in r.needs)) or "any column"}
        for r in RULES.values()
    ]  # fmt: skip
    return pd.DataFrame(rows).set_index("rule")
