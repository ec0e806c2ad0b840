"""Registry records as text: their rows, and what was not read."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ....base.output.csv import csv_text
from .registry import Registry

_SHOWN = ("registry_id", "arm", "subgroup", "outcome", "n", "figure", "contrast", "p")
_ARM = 34  # characters of an arm that a line shows


def listing(registry: Registry, *, unread: bool = False, csv: bool = False) -> str:
    """Return the rows of records as text.

    Parameters
    ----------
    registry
        What was read.
    unread
        What was not read, with its reasons, in place of the rows.
    csv
        As CSV with all columns; else as a table for the eye, followed by what was not read.
    """
    if csv:
        return csv_text(registry.unread if unread else registry.evidence).rstrip("\n")
    if unread:
        return _left(registry.unread)
    rows = pd.DataFrame([_line(row) for row in registry.evidence.to_dict("records")], columns=list(_SHOWN))
    table = _aligned(rows[[c for c in rows if rows[c].ne("").any()]]) if len(rows) else "No rows."
    return f"{registry}\n\n{table}\n\nNot read:\n{_left(registry.unread)}"


def _aligned(rows: pd.DataFrame) -> str:
    lines = [list(map(str, rows.columns)), *rows.values.tolist()]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(x.ljust(w) for x, w in zip(line, widths, strict=True)).rstrip() for line in lines)


def _line(row: dict[Any, Any]) -> dict[str, str]:
    arm = str(row["arm"])
    return {
        "registry_id": str(row["registry_id"]),
        "arm": arm if len(arm) <= _ARM else f"{arm[: _ARM - 1]}…",
        "subgroup": " ".join(str(row[c]) for c in ("subgroup_variable", "subgroup_level") if pd.notna(row.get(c))),
        "outcome": _outcome(row),
        "n": _number(row, "n"),
        "figure": _figure(row),
        "contrast": _contrast(row),
        "p": _number(row, "p_value") or ("" if pd.isna(row.get("p_bound")) else str(row["p_bound"])),
    }


def _outcome(row: dict[Any, Any]) -> str:
    """Return the outcome with what tells it from another of the same arm: its time, assessor and data cut."""
    time = _number(row, "time_months")
    words = [str(row["outcome"]) + (f" at {float(time):.3g} months" if time and row["outcome"] != "dcr" else "")]
    words += [str(row["assessor"])] if row["assessor"] in ("BICR", "investigator") else []
    return ", ".join([*words, *([str(row["cut"])] if pd.notna(row.get("cut")) else [])])


def _number(row: dict[Any, Any], column: str) -> str:
    value = row.get(column)
    return "" if value is None or pd.isna(value) else f"{value:.10g}"


def _figure(row: dict[Any, Any]) -> str:
    """Return the estimate with its interval, or the number of events."""
    if _number(row, "events"):
        return f"{_number(row, 'events')} events"
    unit = {"percent": "%"}.get(str(row["unit"]), str(row["unit"]))
    value = _number(row, "estimate") or "not reached"
    return f"{value} {unit}{_interval(row, 'ci_low', 'ci_high', 'ci_level')}"


def _contrast(row: dict[Any, Any]) -> str:
    for name, low, high, level in (
        ("hr", "hr_low", "hr_high", "hr_level"),
        ("odds_ratio", "or_low", "or_high", "or_level"),
    ):
        if _number(row, name):
            return f"{'HR' if name == 'hr' else 'OR'} {float(_number(row, name)):.4g}{_interval(row, low, high, level)}"
    return ""


def _interval(row: dict[Any, Any], low: str, high: str, level: str) -> str:
    ends = [f"{float(x):.4g}" if (x := _number(row, c)) else "..." for c in (low, high)]
    if ends == ["...", "..."] or not _number(row, level):
        return ""
    return f" ({float(_number(row, level)):.4%}".rstrip("%").rstrip("0").rstrip(".") + f" %: {ends[0]} to {ends[1]})"


def _left(unread: pd.DataFrame) -> str:
    """Return a line for each thing that was not read, those of one measure together."""
    lines = []
    for (nct, measure, title), parts in (
        unread.astype(object).where(unread.notna(), "").groupby(["registry_id", "measure_number", "title"], sort=False)
    ):
        head = " ".join(str(x) for x in (nct, f"[{measure}]" if measure != "" else "", str(title)[:100]) if x)
        lines.append(head)
        lines += [f"  {part['what']}: {part['reason']}" for part in parts.to_dict("records")]
    return "\n".join(lines) or "nothing"
