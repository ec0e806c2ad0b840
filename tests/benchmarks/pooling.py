"""Speed of pooling beside its peers, as ratios in one run on the same data and core.

    python tests/benchmarks/pooling.py

Peers are measured where they are installed (``pip install pimeta PyMARE PyMetaAnalysis``; metafor where Rscript is) and
left out where not; pin the process to one core (``taskset -c 0`` on Linux).
Times are the least processor time of several repeats, in microseconds a call.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import metaonc as mo
from metaonc.analysis.numeric import normal_likelihood as likelihood

SIZES = (10, 100, 1000)
BATCH = 100_000
Calls = dict[str, Callable[[], object]]
IN_R = """
suppressMessages(library(metafor))
for (k in c(%s)) {
  d <- read.csv(file.path("%s", paste0(k, ".csv")))
  n <- max(1, round(300 / k))
  t <- replicate(3, system.time(for (j in 1:n) rma(yi, vi, data = d))[["user.self"]] / n)
  cat(k, min(t) * 1e6, "\\n")
}
"""


def data(k: int) -> pd.DataFrame:
    """Return k effects with variances, the same each time."""
    rng = np.random.default_rng(k)
    v = rng.uniform(0.02, 0.4, k)
    return pd.DataFrame({"yi": rng.normal(0.2, np.sqrt(v + 0.1)), "vi": v})


def microseconds(call: Callable[[], object], budget: float = 0.4) -> float:
    """Return the least processor time of a call over repeats that fill the budget in seconds."""
    call()
    start = time.process_time()
    call()
    once = max(time.process_time() - start, 1e-6)
    inner = max(int(budget / 8 / once), 1)
    best = np.inf
    for _ in range(5):
        start = time.process_time()
        for _ in range(inner):
            call()
        best = min(best, (time.process_time() - start) / inner)
    return best * 1e6


def ours(d: pd.DataFrame) -> Calls:
    """Return our calls on one data set."""
    y, v = d["yi"].to_numpy(), d["vi"].to_numpy()
    return {
        "metaonc kernel, REML": lambda: likelihood.maximise(y, v, None, True),
        "metaonc pool, REML": lambda: mo.pool(d),
        "metaonc pool, DL": lambda: mo.pool(d, method="DL"),
    }


def peers(d: pd.DataFrame) -> Calls:
    """Return the peers' calls on the same data, of those that are installed."""
    calls: Calls = {}
    y, v = d["yi"].to_numpy(), d["vi"].to_numpy()
    try:
        import pimeta

        calls["pimeta rma, REML"] = lambda: pimeta.rma(y.tolist(), v.tolist(), method="REML")
    except ImportError:
        pass
    try:
        import meta_analyze

        calls["PyMetaAnalysis, REML"] = lambda: meta_analyze.meta_analysis(
            d, effect="yi", variance="vi", tau2_method="REML", ci_method="normal"
        )
    except ImportError:
        pass
    try:
        from pymare import Dataset
        from pymare.estimators import VarianceBasedLikelihoodEstimator

        calls["PyMARE, REML"] = lambda: VarianceBasedLikelihoodEstimator(method="REML").fit_dataset(
            Dataset(y=y[:, None], v=v[:, None])
        )
    except ImportError:
        pass
    try:
        from statsmodels.stats.meta_analysis import combine_effects

        calls["statsmodels, DL"] = lambda: combine_effects(y, v, method_re="dl")
    except ImportError:
        pass
    return calls


def metafor(sizes: tuple[int, ...]) -> dict[int, float]:
    """Return metafor's time for REML by size, where Rscript and the package are there."""
    if shutil.which("Rscript") is None:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        for k in sizes:
            data(k).to_csv(Path(folder) / f"{k}.csv", index=False)
        script = IN_R % (",".join(map(str, sizes)), Path(folder).as_posix())
        run = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=False)
    rows = [line.split() for line in run.stdout.splitlines()]
    return {int(k): float(t) for k, t in rows}


def batch() -> float:
    """Return the time of one REML analysis of ten trials in a call of many, in microseconds."""
    rng = np.random.default_rng(0)
    v = rng.uniform(0.02, 0.4, (BATCH, 10))
    y = rng.normal(0.2, np.sqrt(v + 0.1))
    best = np.inf
    for _ in range(3):
        start = time.process_time()
        likelihood.maximise(y, v, None, True)
        best = min(best, time.process_time() - start)
    return best / BATCH * 1e6


def models() -> Calls:
    """Return calls of the models that are no inverse-variance pools."""
    x = [11, 24, 179, 82, 60, 11, 99, 9, 88, 17, 26, 23, 40]
    n = [29, 33, 326, 240, 110, 29, 244, 17, 215, 26, 138, 55, 54]
    counts = pd.DataFrame({"x": x, "n": n})
    return {
        "pool_glmm PLO, 13 trials": lambda: mo.pool_glmm(counts, events="x", n="n"),
        "pool_bayes, k = 10": lambda: mo.pool_bayes(data(10)),
    }


def main() -> None:
    """Print the tables."""
    in_r = metafor(SIZES)
    base = microseconds(ours(data(10))["metaonc pool, REML"])
    print(
        f"{'call':28s}" + "".join(f"{'k = ' + str(k):>14s}" for k in SIZES) + "   ratio to metaonc pool at the same k"
    )
    table: dict[str, dict[int, float]] = {}
    for k in SIZES:
        d = data(k)
        for name, call in {**ours(d), **peers(d)}.items():
            table.setdefault(name, {})[k] = microseconds(call)
    if in_r:
        table["metafor rma, REML"] = in_r
    for name, times in table.items():
        ratios = "  ".join(f"{times[k] / table['metaonc pool, REML'][k]:8.2f}" for k in SIZES if k in times)
        print(f"{name:28s}" + "".join(f"{times.get(k, np.nan):14.0f}" for k in SIZES) + f"   {ratios}")
    print(f"\npool at k = 1000 over k = 10: {table['metaonc pool, REML'][1000] / base:.2f}")
    print(f"{BATCH} REML analyses of k = 10 in one call: {batch():.2f} us each")
    for name, call in models().items():
        print(f"{name}: {microseconds(call) / 1000:.2f} ms")
    print(json.dumps({"python": sys.version.split()[0], "numpy": np.__version__, "metaonc": mo.__version__}))


if __name__ == "__main__":
    main()
