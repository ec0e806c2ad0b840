"""A record of a digitisation that can be done again."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...base.files import json_of, read_bytes
from ...base.result import Provenance
from ...errors import DataError
from .curve import DigitizedCurve

FORMAT = "metaonc digitised figure 1"
SAME = 1e-9  # coordinates of two runs differ by less


def project_text(
    curves: Sequence[DigitizedCurve], warnings: Sequence[str], provenance: Provenance, folder: Path
) -> str:
    """Return the record of what was found in a figure as JSON, the path of the figure as seen from a folder."""
    settings = provenance.settings
    if settings["file"] is None:
        raise DataError("these points were given by hand: there is no file whose reading could be done again.")
    source = Path(settings["file"]).resolve()
    record = {
        "format": FORMAT,
        "file": _relative(source, folder.resolve()),
        "sha256": settings["sha256"],
        "options": settings["options"],
        **({"by_hand": settings["by_hand"]} if "by_hand" in settings else {}),
        "versions": dict(provenance.versions),
        "warnings": list(warnings),
        "curves": _plain(curves),
    }
    return json.dumps(record, indent=1)


def hand_text(hand: dict[str, Any], source: Path, sha256: str, folder: Path) -> str:
    """Return the record of a figure that is being read by hand as JSON: what was placed and typed, curves or not."""
    record = {
        "format": FORMAT,
        "file": _relative(source.resolve(), folder.resolve()),
        "sha256": sha256,
        "by_hand": hand,
    }
    return json.dumps(record, indent=1)


def read_project(path: Path) -> tuple[Path, dict[str, Any]]:
    """Return the path of the figure and the record.

    Raises
    ------
    DataError
        When the file cannot be read, or is no record of this kind.
    """
    record = json_of(read_bytes(path), str(path))
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise DataError(f"{str(path)!r} is not a project that Digitized.to_project wrote.")
    wanted = ("file", "sha256") if "by_hand" in record else ("file", "sha256", "options", "curves")
    missing = [key for key in wanted if key not in record]
    if missing:
        raise DataError(f"{str(path)!r} lacks {missing[0]!r}; write the project anew.")
    return path.parent / str(record["file"]), record


def differences(curves: Sequence[DigitizedCurve], record: dict[str, Any]) -> list[str]:
    """Return a sentence for each curve that differs from the record; none where a page alone has made it, by hand."""
    if "curves" not in record:
        return []
    was, now = record["curves"], _plain(curves)
    if len(was) != len(now):
        return [f"{len(now)} curves were found, {len(was)} are on record"]
    return [f"curve {b['label']!r} is not what is on record" for a, b in zip(was, now, strict=True) if not _same(a, b)]


def _plain(curves: Sequence[DigitizedCurve]) -> list[dict[str, Any]]:
    return [
        {
            "label": c.label,
            "points": c.points,
            "time": c.time.tolist(),
            "survival": c.survival.tolist(),
            "censor_times": c.censor_times.tolist(),
            "at_risk": None if c.at_risk is None else c.at_risk.to_numpy(dtype=float).tolist(),
        }
        for c in curves
    ]


def _same(a: dict[str, Any], b: dict[str, Any]) -> bool:
    if (a["label"], a["points"], a["at_risk"] is None) != (b["label"], b["points"], b["at_risk"] is None):
        return False
    for key in ("time", "survival", "censor_times", "at_risk"):
        x, y = np.asarray(a[key] or [], dtype=float), np.asarray(b[key] or [], dtype=float)
        if x.shape != y.shape or not np.allclose(x, y, rtol=SAME, atol=SAME):
            return False
    return True


def _relative(source: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(source, folder)).as_posix()
    except ValueError:  # another drive
        return source.as_posix()
