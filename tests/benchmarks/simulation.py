"""How fast many pools and studies of coverage are, and how they scale from one worker to two.

    python tests/benchmarks/simulation.py [--n 1000000]

A study of `--n` meta-analyses of 10 trials (DerSimonian-Laird and REML, Hartung-Knapp) by one process and by two of
joblib, 100,000 pools in one call, and one prediction interval NNF. Seconds on the clock; processor time of this process
beside it, as others may be at work.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import metaonc as mo

S = mo.simulation


def timed(what: str, work: Callable[[], Any]) -> None:
    """Print how long something took."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{what}: {wall:.3g} s (of this process {cpu:.3g} s)", flush=True)


def main() -> None:
    """Print the timings."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--n", type=int, default=1_000_000)
    n = parser.parse_args().n
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.2g}")
    s = mo.simulate(S.EffectTrials(k=10, tau=0.2), n=100_000, seed=1)
    mo.pool_many(s.yi[:100], s.vi[:100])
    timed("100,000 pools (DL, Wald) in one call", lambda: mo.pool_many(s.yi, s.vi, method="DL", ci="wald"))
    timed("100,000 pools (REML, Hartung-Knapp) in one call", lambda: mo.pool_many(s.yi, s.vi))
    for way in (S.Pool(method="DL"), S.Pool()):
        for jobs in (1, 2):
            S.study(S.EffectTrials(k=10), way, n=20_000, seed=1, n_jobs=jobs)  # workers are there before the clock runs
            many = partial(S.study, S.EffectTrials(k=10, tau=0.2), way, n=n, seed=1, n_jobs=jobs)
            timed(f"study of {n:,} meta-analyses, {way.label}, {jobs} worker{'s' * (jobs > 1)}", many)
    for k in (10, 100, 1000):
        rng = np.random.default_rng(1)
        v = rng.uniform(0.01, 0.12, k)
        way = S.Pool(prediction="NNF")
        y = rng.normal(0, np.sqrt(v + 0.04), (20, k))
        vs = np.broadcast_to(v, y.shape)
        way.pooled(y[:1], vs[:1], 0.95)
        timed(f"20 prediction intervals NNF, k = {k}", lambda y=y, vs=vs, way=way: way.pooled(y, vs, 0.95))


if __name__ == "__main__":
    main()
