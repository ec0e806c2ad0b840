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
REPORT = """
from metaonc.cli import main
main(["analyse", "egfr_crc", "--outcome", "pfs", "--by", "kras", "--out", "out", "--report"])
"""
JOBS = {
    "import matplotlib.figure, pandas, scipy.optimize": "import matplotlib.figure, pandas, scipy.optimize",
    "forest plot of 30 trials to PDF": FOREST,
    "analysis of a collection with its report": REPORT,
}


def main() -> None:
    """Print the median time of several fresh interpreters, and the range."""
    for name, code in JOBS.items():
        with tempfile.TemporaryDirectory() as folder:
            times = [_time(code, Path(folder)) for _ in range(RUNS)]
        print(f"{name}: median {statistics.median(times):.2f} s ({min(times):.2f} to {max(times):.2f}, {RUNS} runs)")


def _time(code: str, folder: Path) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
