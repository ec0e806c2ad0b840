"""Medians and rates of the evidence as points of curves that nobody digitised: labelled so, and never reconstructed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from ..schema.curve_fields import COORDINATES, TIMES
from ..schema.dates import cut_dates
from ..schema.fields import MONTHS
from ..schema.row_rules import RATES
from ..schema.tables import TABLES, VERIFICATIONS
from .published_curves import CURVE, PUBLISHED_POINTS, Curves

_PATIENTS = ("arm_id", "subgroup_variable", "subgroup_level")
_POINT = ("curve_id", "time", "survival", "what", "time_low", "time_high", "survival_low", "survival_high", "row_id",
          "verification")  # fmt: skip


def collected(tables: Mapping[str, pd.DataFrame], arms: pd.DataFrame, evidence: pd.DataFrame) -> Curves:
    """Return the curves of a collection, and the published points of those that nobody digitised.

    Parameters
    ----------
    tables
        The tables curves, points, at_risk and censor_marks of the collection, typed; without rows where it has none.
    arms, evidence
        Those of the collection, or of a part of it: only curves of arms and subgroups that it reports are kept.
    """
    reported = evidence.to_dict("records")
    there = {(_text(row[arm]), *_key(row, *_PATIENTS[1:])) for row in reported for arm in ("arm_id", "comparator")}
    about = tables["curves"]
    kept = [_key(row, *_PATIENTS) in there for row in about.to_dict("records")]
    about = about[pd.Series(kept, index=about.index, dtype=bool)].assign(kind=CURVE)
    drawn = {_key(row, *_PATIENTS, "outcome") for row in about.to_dict("records")}
    sets = [rows for key, rows in _sets(evidence) if key[:4] not in drawn]
    table = pd.DataFrame([*about.to_dict("records"), *(_about(rows) for rows in sets)])
    columns = [*TABLES["curves"].names(), "kind", "verification"]
    table = table.reindex(columns=columns).merge(arms[["arm_id", "arm"]], on="arm_id", how="left")
    read = {name: tables[name][tables[name]["curve_id"].isin(about["curve_id"])] for name in COORDINATES}
    points = [*read["points"].to_dict("records"), *(point for rows in sets for point in _points(rows))]
    return Curves(
        table=table[["curve_id", "trial", "arm", *(c for c in columns if c not in ("curve_id", "trial"))]],
        points=pd.DataFrame(points, columns=list(_POINT)),
        at_risk=read["at_risk"].reset_index(drop=True),
        censor_marks=read["censor_marks"].reset_index(drop=True),
    )


def _key(row: Mapping[Any, Any], *columns: str) -> tuple[str, ...]:
    return tuple(_text(row[c]) for c in columns)


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _endpoint(outcome: str) -> str:
    return outcome.removesuffix("_rate")


def _sets(evidence: pd.DataFrame) -> Iterator[tuple[tuple[str, ...], list[dict[Any, Any]]]]:
    """Return the rows that report points of one curve: of one arm, subgroup, endpoint, assessor and data cut."""
    sets: dict[tuple[str, ...], list[dict[Any, Any]]] = {}
    evidence = evidence.assign(cut=cut_dates(evidence))
    for row in evidence[evidence["outcome"].isin((*RATES, *TIMES)) & evidence["estimate"].notna()].to_dict("records"):
        key = (*_key(row, *_PATIENTS), _endpoint(row["outcome"]), *_key(row, "assessor", "cut"))
        sets.setdefault(key, []).append(row)
    yield from sets.items()


def _about(rows: list[dict[Any, Any]]) -> dict[str, Any]:
    """Return the row of the table of curves about a set of points; its name is that of the first row of evidence."""
    first = rows[0]
    median = next((r["estimate"] * MONTHS[r["unit"]] for r in rows if r["outcome"] in TIMES), None)
    same = {c: first[c] if all(r[c] == first[c] for r in rows) else None for c in ("n", "source_id")}
    events = [r["events"] for r in rows if r["outcome"] in TIMES]
    return {c: first[c] for c in ("trial", *_PATIENTS, "data_cut")} | same | {
        "curve_id": first["row_id"], "outcome": _endpoint(first["outcome"]), "unit": "months", "median": median,
        "events": events[0] if events else None, "kind": PUBLISHED_POINTS,
        "verification": max((r["verification"] for r in rows), key=VERIFICATIONS.index),
    }  # fmt: skip


def _points(rows: list[dict[Any, Any]]) -> list[dict[str, Any]]:
    name = rows[0]["row_id"]
    return sorted((_point(row) | {"curve_id": name} for row in rows), key=lambda p: (p["time"], -p["survival"]))


def _point(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a median as the time at which survival is 0.5, a rate as survival at its time; each with its interval."""
    held = {"row_id": row["row_id"], "verification": row["verification"]}
    if row["outcome"] in RATES:
        low, high = row["ci_low"] / 100, row["ci_high"] / 100
        at = {"time": row["time_months"], "survival": row["estimate"] / 100, "what": "rate"}
        return held | at | {"survival_low": low, "survival_high": high}
    scale = MONTHS[row["unit"]]
    low, high = row["ci_low"] * scale, row["ci_high"] * scale
    return held | {
        "time": row["estimate"] * scale,
        "survival": 0.5,
        "what": "median",
        "time_low": low,
        "time_high": high,
    }
