"""The page of benchmarks, from the history that ``tests/benchmarks/compare.py --store`` keeps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

STORED = Path(__file__).parents[1] / "benchmarks.csv"
HEAD = """# Benchmarks

`python tests/benchmarks/compare.py --against ../other-checkout` prints what steps cost in two checkouts, in turn in one
run: processor times, the least of several rounds, cold ones in a fresh interpreter. Machines differ; read the ratios.
`--store` adds a run to this history. Beside R and other packages: [simulation](../simulation.md),
[survival](../survival.md), [small-study effects](../bias.md).
"""


def lines() -> Iterator[str]:
    """Yield the lines of the page."""
    history = pd.read_csv(STORED)
    yield HEAD
    for day, run in sorted(history.groupby("date"), reverse=True):
        yield f"## {day}"
        yield from ("", "| step | before, ms | then, ms | times faster |", "| --- | --- | --- | --- |")
        for row in run.itertuples():
            yield f"| {row.step} | {row.there:,.2f} | {row.here:,.2f} | {row.there / row.here:.2f} |"
        yield ""


def pages() -> dict[str, str]:
    """Return the text of the page by its file."""
    return {"benchmarks.md": "\n".join(lines())}
