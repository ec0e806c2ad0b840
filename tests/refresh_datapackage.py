"""Write the types, sizes and checksums of datasets/ into datasets/datapackage.json.

Run ``python tests/refresh_datapackage.py`` after a change to a CSV file or to the schema; a test compares the two.
Titles, licence and sources are kept by hand in the file itself.
"""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

from metaonc.data.schema.tables import TABLES, Field, Table

ROOT = Path(__file__).parents[1] / "datasets"
TYPES = {"number": "number", "count": "integer", "text": "string", "words": "string", "date": "string"}
FIGURES = {".svg": "image/svg+xml", ".pdf": "application/pdf"}
DATE = r"^\d{4}(-\d{2}(-\d{2})?)?$"


def field(f: Field, table: Table) -> dict[str, Any]:
    limits = {
        "required": f.required or None,
        "unique": (f.name == table.key) or None,
        "enum": list(f.allowed) if f.kind == "text" and f.allowed else None,
        "minimum": f.minimum,
        "maximum": f.maximum,
        "pattern": DATE if f.kind == "date" else None,
    }
    constraints = {k: v for k, v in limits.items() if v is not None}
    out: dict[str, Any] = {"name": f.name, "type": TYPES[f.kind], "description": f.description}
    return out | ({"constraints": constraints} if constraints else {})


def schema(table: Table, folder: str, columns: list[str]) -> dict[str, Any]:
    keys = []
    for column, target in table.refers.items():
        if column not in columns:
            continue
        name, key = target.split(".")
        resource = "" if name == table.name else f"{folder}-{name}"
        keys.append({"fields": column, "reference": {"resource": resource, "fields": key}})
    out: dict[str, Any] = {
        "fields": [field(f, table) for f in table.fields if f.name in columns],
        "missingValues": [""],
    }
    return out | ({"primaryKey": table.key} if table.key else {}) | ({"foreignKeys": keys} if keys else {})


def figure(path: Path) -> dict[str, Any]:
    """Return the entry of a figure that curves were read from."""
    content = path.read_bytes()
    return {
        "name": f"{path.parts[-3]}-{path.stem.replace('_', '-')}",
        "path": path.relative_to(ROOT).as_posix(),
        "format": path.suffix[1:],
        "mediatype": FIGURES[path.suffix],
        "bytes": len(content),
        "hash": "sha256:" + hashlib.sha256(content).hexdigest(),
    }


def described(package: dict[str, Any]) -> dict[str, Any]:
    """Return the package with the resources as the files and the schema say."""
    resources = []
    for path in sorted(ROOT.glob("*/*.csv")):
        table, folder, content = TABLES[path.stem], path.parent.name, path.read_bytes()
        columns = next(csv.reader([content.decode().partition("\n")[0].strip()]))
        resources.append(
            {
                "name": f"{folder}-{path.stem}",
                "title": table.title,
                "path": f"{folder}/{path.name}",
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(content),
                "hash": "sha256:" + hashlib.sha256(content).hexdigest(),
                "schema": schema(table, folder, columns),
            }
        )
    resources += [figure(path) for path in sorted(ROOT.glob("*/figures/*"))]
    return package | {"resources": resources}


def main() -> None:
    path = ROOT / "datapackage.json"
    text = json.dumps(described(json.loads(path.read_text("utf-8"))), indent=1, ensure_ascii=False)
    path.write_bytes(f"{text}\n".encode())


if __name__ == "__main__":
    main()
