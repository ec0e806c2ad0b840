"""The findings of an audit as text, one paragraph a finding, and the rules as a table for the documentation."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any, Unpack

import pandas as pd

from ...base.messages.advice import option
from ..collections.collection import load, names
from ..collections.published_curves import Curves
from ..readers.curves import is_curves, read_curves
from ..readers.trials import Reading
from . import RULES, SEVERITIES, audit
from .files import read_printed
from .rules import curve_shapes


def check(name: str, **reading: Unpack[Reading]) -> tuple[str, bool]:
    """Return the findings in a file, or in a packaged collection, as text, and whether there is an error among them.

    Parameters
    ----------
    name
        Path of a file, or name of a collection.
    **reading
        How the file is read, as ``read_trials`` takes it.

    Raises
    ------
    DataError
        The file cannot be read; see `read_printed` and `audit`.
    """
    if not Path(name).exists() and name in names():
        collection = load(name)
        found, places = audit(collection), [name] * len(collection.evidence)
        found, places = _with_curves(found, places, collection.curves, name)
    elif is_curves(name):
        curves = read_curves(name)
        found, places = audit(curves), [f"{name}: curve {c!r}" for c in curves.table["curve_id"]]
    else:
        columns = {" ".join(old.split()): new for old, new in reading.get("columns", {}).items()}
        frame, places = read_printed(name, **{option: said for option, said in reading.items() if option != "columns"})  # type: ignore[arg-type]
        found = audit(frame, columns=columns)
    paragraphs = [_paragraph(f, places[f["row"]]) for f in found.to_dict("records")]
    text = "\n\n".join([*paragraphs, _sum(found, len(places))])
    return text, bool(found["severity"].eq("error").any())


def _with_curves(found: pd.DataFrame, places: list[str], curves: Curves, name: str) -> tuple[pd.DataFrame, list[str]]:
    """Return the findings in the evidence followed by those in the shapes of the curves, whose figures it holds."""
    if not len(curves):
        return found, places
    shapes = audit(curves)
    shapes = shapes[shapes["rule"].isin([rule.name for rule in curve_shapes.RULES])]
    if not len(shapes):
        return found, places
    both = pd.concat([found, shapes.assign(row=shapes["row"] + len(places))], ignore_index=True)
    both.attrs = found.attrs
    return both, places + [f"{name}: curve {c!r}" for c in curves.table["curve_id"]]


def _paragraph(finding: Mapping[Hashable, Any], place: str) -> str:
    return (
        f"{place}: {finding['severity']}: {finding['message']} [{finding['rule']}]\n"
        f"    got       {finding['got']}\n    expected  {finding['expected']}\n    fix       {finding['fix']}"
    )


def _sum(found: pd.DataFrame, rows: int) -> str:
    counts = [(int(found["severity"].eq(severity).sum()), severity) for severity in SEVERITIES]
    findings = ", ".join(f"{count} {severity}{'s' * (count != 1)}" for count, severity in counts)
    lacks = found.attrs["not_asked"]
    asked = f"{rows} row{'s' * (rows != 1)}, {len(RULES) - len(lacks)} of {len(RULES)} rules asked"
    unread = found.attrs["not_read"]
    also = f"\n\nNot read: the columns of numbers {', '.join(map(repr, unread))}." if unread else ""
    also += f" To say what they are, give {option('columns')}." if unread else ""
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
