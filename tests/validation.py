"""Count the comparisons with pinned references and how near they come: ``python tests/validation.py`` (some minutes).

Runs the test modules that read a file of ``tests/reference``, writes down each number that they hold against another,
and sums up by file in ``docs/validation.json``, from which the page *Validation* of the site is made.
"""

from __future__ import annotations

import datetime
import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
ApproxScalar = type(pytest.approx(1.0))
REFERENCE = ROOT / "tests" / "reference"
OUT = ROOT / "docs" / "validation.json"
NEAR = 1e-6


def modules() -> dict[Path, list[str]]:
    """Return each test module that reads references, with the names of these."""
    names = sorted(path.stem for path in REFERENCE.glob("*.json"))
    found = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text("utf-8")
        if read := [name for name in names if re.search(rf'"{name}(\.json)?"', text) and "reference" in text]:
            found[path] = read
    return found


class Recorder:
    """A plugin of pytest that writes down what is compared in each module."""

    def __init__(self) -> None:
        self.module = ""
        self.differences: dict[str, list[float]] = defaultdict(list)

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Note whose test it is."""
        self.module = str(item.path)

    def note(self, actual: object, expected: object) -> None:
        """Write down how far numbers lie from those expected: relative beyond 1, absolute below."""
        try:
            a, e = np.broadcast_arrays(np.asarray(actual, dtype=float), np.asarray(expected, dtype=float))
        except (TypeError, ValueError):
            return
        told = np.isfinite(a) & np.isfinite(e)
        a, e = a[told], e[told]
        self.differences[self.module] += (np.abs(a - e) / np.maximum(np.abs(e), 1.0)).tolist()


def listen(recorder: Recorder) -> None:
    """Let both ways in which the tests compare numbers tell the recorder."""
    allclose, equal = np.testing.assert_allclose, ApproxScalar.__eq__

    def noted_allclose(actual: object, desired: object, *args: object, **options: object) -> None:
        allclose(actual, desired, *args, **options)
        recorder.note(actual, desired)

    def noted_equal(self: Any, actual: object) -> bool:
        same = equal(self, actual)
        if same and np.ndim(actual) == 0:  # else the test says that they differ
            recorder.note(actual, self.expected)
        return same

    np.testing.assert_allclose = noted_allclose
    ApproxScalar.__eq__ = noted_equal


def programs(name: str) -> list[str]:
    """Return the R packages that a reference was made with."""
    script = REFERENCE / f"{name}.R"
    text = script.read_text("utf-8") if script.exists() else ""
    used = {a or b for a, b in re.findall(r"library\((\w+)\)|(\w+)::", text)}
    return sorted(used - {"jsonlite", "stats", "utils"})


def summary(differences: list[float]) -> dict[str, float | int]:
    """Return how many numbers were compared, how many are near, and the farthest."""
    d = np.array(differences)
    near = int((d <= NEAR).sum())
    return {"compared": int(d.size), "near": near, "median": float(np.median(d)), "worst": float(d.max())}


def main() -> int:
    """Run the modules and write the sums."""
    recorder, found = Recorder(), modules()
    listen(recorder)
    status = pytest.main(["-q", "-n", "0", "-m", "slow or not slow", *map(str, found)], plugins=[recorder])
    by_file: dict[str, list[float]] = defaultdict(list)
    for path, names in found.items():
        for name in names:
            by_file[name] += recorder.differences[str(path)]
    sums = {name: {"programs": programs(name), **summary(d)} for name, d in sorted(by_file.items()) if d}
    said = {"date": datetime.date.today().isoformat(), "near": NEAR, "references": sums}
    OUT.write_text(json.dumps(said, indent=1) + "\n", "utf-8")
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
