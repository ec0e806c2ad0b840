"""Print what ``import metaonc`` costs beyond numpy, and what it loads: python tests/benchmarks/import_time.py"""

from __future__ import annotations

import statistics
import subprocess
import sys

RUNS = 15
TIMED = "import numpy, time; start = time.perf_counter(); import metaonc; print(time.perf_counter() - start)"
LISTED = "import numpy, sys; before = set(sys.modules); import metaonc; print(*sorted(set(sys.modules) - before))"


def run(code: str) -> str:
    """Return what a fresh interpreter prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def main() -> None:
    """Print the median time of several fresh interpreters, its range, and the modules."""
    times = [1000 * float(run(TIMED)) for _ in range(RUNS)]
    print(f"import metaonc beyond numpy: median {statistics.median(times):.2f} ms "
          f"({min(times):.2f} to {max(times):.2f}, {RUNS} runs)")  # fmt: skip
    print("modules:", run(LISTED))


if __name__ == "__main__":
    main()
