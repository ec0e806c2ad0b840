"""Print what the files of a manuscript cost in fresh processes: python tests/benchmarks/reporting.py"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 9
FOREST = """
import numpy as np, metaonc as mo
rng = np.random.default_rng(1)
trials = {"trial": [f"Trial {i}" for i in range(30)], "yi": rng.normal(-0.3, 0.3, 30), "vi": rng.uniform(0.02, 0.1, 30)}
mo.save(mo.plot.forest(mo.pool(trials, study="trial", measure="HR")), "forest.pdf")
"""
REPORT = ["-m", "metaonc", "analyse", "egfr_crc", "--outcome", "pfs", "--by", "kras", "--out", "out", "--report"]
JOBS = {"python alone": ["-c", ""], "import matplotlib.figure, pandas": ["-c", "import matplotlib.figure, pandas"],
        "forest plot of 30 trials to PDF": ["-c", FOREST], "analysis of a collection with its report": REPORT}  # fmt: skip


def main() -> None:
    """Print the median time of several fresh interpreters, and the range."""
    for name, job in JOBS.items():
        with tempfile.TemporaryDirectory() as folder:
            times = [_time(job, Path(folder)) for _ in range(RUNS)]
        print(f"{name}: median {statistics.median(times):.2f} s ({min(times):.2f} to {max(times):.2f}, {RUNS} runs)")


def _time(job: list[str], folder: Path) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *job], cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
