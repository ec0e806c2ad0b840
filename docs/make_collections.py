"""Write the page of each packaged collection: ``python docs/make_collections.py`` (a test compares)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

import metaonc as mo
from metaonc.data.collections.collection import Collection, _package
from metaonc.data.schema.tables import VERIFICATIONS

PAGES = Path(__file__).parent / "collections"
ARMS = ["trial", "registry_id", "arm", "regimen", "population", "line", "nested_in"]
CURVES = ["curve_id", "trial", "arm", "subgroup_level", "outcome", "unit", "points", "figure_file", "digitized_with"]
FIGURES = {
    "events/n": ("events", "n"),
    "comparator": ("events_comparator", "n_comparator"),
}
INTERVALS = {"estimate": ("estimate", "ci_low", "ci_high"), "HR": ("hr", "hr_low", "hr_high")}
INTERVALS["OR"] = ("odds_ratio", "or_low", "or_high")
PAIRS = {"O - E, V": ("o_minus_e", "v"), "log HR, SE": ("log_hr", "log_hr_se")}


def pages() -> dict[str, str]:
    """Return file name -> text of every page, and of their index."""
    names = list(mo.datasets().index)
    return {"README.md": index(), **{f"{name}.md": page(mo.load(name)) for name in names}}


def index() -> str:
    """Return the list of the collections."""
    table = mo.datasets().reset_index()
    table["name"] = [f"[{name}]({name}.md)" for name in table["name"]]
    head = "# Collections\n\nPublished evidence that `metaonc.load(name)` reads; how it was extracted: "
    return f"{head}[datasets/README.md](../../datasets/README.md).\n\n{_table(table)}\n"


def page(c: Collection) -> str:
    """Return the page of one collection."""
    evidence = c.evidence
    about = next(one for one in _package()["collections"] if one["name"] == c.name)
    parts = [
        f"# {c.name}",
        f"{c.title}.",
        *([about["description"]] if "description" in about else []),
        f"```text\n{c}\n```",
        *_readings(c, about),
        "## Evidence",
        "Superseded cuts are in it, marked by the row that replaces them: `metaonc.select` says which "
        "rows may stand together in one pool.",
        _table(_figures(evidence)),
        "## Arms",
        _table(c.trials[ARMS].dropna(axis=1, how="all")),
        "## Sources",
        _table(c.sources.dropna(axis=1, how="all")),
    ]
    parts += _curves(c)
    parts += _findings(evidence)
    if evidence["note"].notna().any():
        notes = evidence.loc[evidence["note"].notna(), ["row_id", "note"]]
        parts += ["## Notes", "\n".join(f"- `{row.row_id}`: {row.note}" for row in notes.itertuples())]
    return "\n\n".join(parts) + "\n"


def _readings(c: Collection, about: Mapping[str, Any]) -> list[str]:
    """Return how many rows were read at first and after the second reading, where there was one."""
    if "first_reading" not in about:
        return []
    counts = c.evidence["verification"].value_counts()
    now = {"rows": len(c.evidence), **{v: int(counts.get(v, 0)) for v in VERIFICATIONS}}
    partly = (c.evidence["verification"].eq("unverified") & c.evidence["read_fields"].notna()).sum()
    table = pd.DataFrame([about["first_reading"], now], index=["first", "second"]).rename_axis("reading").reset_index()
    said = (
        f"Of the {now['unverified']} unverified rows, {partly} have figures that were read (`read_fields` names them)."
    )
    return ["## Readings", _table(table), said]


def _findings(evidence: pd.DataFrame) -> list[str]:
    """Return the section about what the audit finds: a finding that is new does not stand here."""
    found = mo.audit(evidence)
    if not len(found):
        return []
    said = (
        "What `metaonc.audit` says of these rows, none of it an error. They stand as published: that a subgroup was "
        "reported alone, what a paper left out and what it printed twice cannot be mended here."
    )
    assert (found["severity"] != "error").all()
    return ["## Audit", said, _table(pd.DataFrame(found)[["severity", "rule", "trial", "message"]])]


def _curves(c: Collection) -> list[str]:
    """Return the section about curves that were digitised, and how their reconstructions agree with them."""
    curves = c.curves.digitized()
    if not len(curves):
        return []
    about = curves.table[CURVES].dropna(axis=1, how="all")
    about["figure_file"] = [f"[{file}](../../datasets/{c.name}/{file})" for file in about["figure_file"]]
    quality = curves.quality().drop(columns=["points", "bias", "max_abs"]).round({"median": 2})
    quality["rmse"] = [f"{x:.0e}" for x in quality["rmse"]]
    counts = ["n", "events", "events_given", "at_risk_rows", "at_risk_max_difference", "censor_marks"]
    quality[counts] = quality[counts].astype("Int64")
    return [
        "## Curves",
        f"`metaonc.load({c.name!r}).curves`: coordinates read from figures, and what is printed beside them.",
        _table(about),
        "Patients are derived from them by `metaonc patients`; how they agree with curve and table:",
        _table(quality),
    ]


def _figures(evidence: pd.DataFrame) -> pd.DataFrame:
    newer = {old: row for row, olds in zip(evidence["row_id"], evidence["supersedes"].fillna(""), strict=True)
             for old in str(olds).split()}  # fmt: skip
    shown = evidence[["row_id", "trial", "subgroup_variable", "subgroup_level", "outcome"]].copy()
    for name, (count, total) in FIGURES.items():
        shown[name] = [_joined("/", *pair) for pair in zip(evidence[count], evidence[total], strict=True)]
    for name, columns in INTERVALS.items():
        shown[name] = [_interval(*values) for values in zip(*(evidence[column] for column in columns), strict=True)]
    for name, columns in PAIRS.items():
        shown[name] = [_joined(", ", *values) for values in zip(*(evidence[column] for column in columns), strict=True)]
    shown["unit"] = evidence["unit"]
    shown["data_cut"] = evidence["data_cut"]
    shown["published"] = evidence["published"]
    shown["replaced by"] = evidence["row_id"].map(newer)
    shown["source"] = evidence["source_id"]
    shown["read"] = [_read(row) for row in evidence.to_dict("records")]
    shown["verification"] = evidence["verification"]
    return shown.replace("", pd.NA).dropna(axis=1, how="all")


def _read(row: Mapping[Any, Any]) -> str:
    """Return which figures were read, where only some were."""
    return str(row["read_fields"]) if row["verification"] != "read" and pd.notna(row["read_fields"]) else ""


def _joined(sign: str, *values: float) -> str:
    return "" if all(pd.isna(v) for v in values) else sign.join("?" if pd.isna(v) else f"{v:g}" for v in values)


def _interval(value: float, low: float, high: float) -> str:
    if pd.isna(value):
        return ""
    limits = _joined(" to ", low, high)
    return f"{value:g}" + (f" ({limits})" if limits else "")


def _table(table: pd.DataFrame) -> str:
    """Return a Markdown table; a bar in a cell would end it."""
    cells = [[str(c) for c in table.columns], ["---"] * len(table.columns)]
    cells += [["" if pd.isna(v) else str(v).replace("|", "\\|") for v in row] for row in table.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def main() -> None:
    """Write them."""
    PAGES.mkdir(exist_ok=True)
    for name, text in pages().items():
        (PAGES / name).write_bytes(text.encode())


if __name__ == "__main__":
    main()
