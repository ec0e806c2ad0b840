"""Every speed that robustness checks are to have, in one run, beside R's metafor and pimeta.

    python tests/benchmarks/robustness.py [--only WORD] [--peer PYTHON] [--n 1000000]

Seconds of the processor, ours the least of three; of studies on several workers those on the clock. What others take is
measured in the same run on a part of the work, and scaled to the whole: metafor where Rscript finds it,
pimeta by the interpreter that `--peer` names; `--n` is the size of the study of coverage.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from joblib.externals.loky import get_reusable_executor

import metaonc as mo

S = mo.simulation
IN_R = """suppressMessages(library(metafor)); set.seed(1)
yi <- c({y}); vi <- c({v}); g <- rep(c("a", "b", "c"), length.out = {k})
cat(system.time(invisible({work}))[["user.self"]])"""
IN_PYTHON = """import time, warnings; warnings.simplefilter("ignore")
import numpy as np, pimeta
yi, vi = np.array({y}), np.array({v})
{work}
c = time.process_time()
{work}
print(time.process_time() - c)"""


@dataclass(frozen=True)
class Target:
    """What is timed: our work, its limit in seconds, and the same of others with how much of the work that is."""

    name: str
    limit: float
    work: Callable[[], Any]
    k: int
    r: str = ""
    r_part: float = 1.0
    peer: str = ""
    peer_part: float = 1.0


@lru_cache
def trials(k: int) -> Any:
    """Return made-up trials in three groups."""
    rng = np.random.default_rng(k)
    v = rng.uniform(0.01, 0.12, k)
    return {"yi": rng.normal(-0.3, np.sqrt(v + 0.04)).round(4), "vi": v.round(4), "g": np.resize(list("abc"), k),
            "trial": [f"T{i}" for i in range(k)]}  # fmt: skip


@lru_cache
def pool(k: int, **options: Any) -> Any:
    """Return their pool as metafor makes it by default."""
    return mo.pool(trials(k), study="trial", measure="HR", **{"ci": "wald"} | options)


@lru_cache
def groups(k: int) -> Any:
    """Return the pools of the groups."""
    return mo.pool_subgroups(trials(k), by="g", study="trial", measure="HR")


@lru_cache
def many(n: int) -> Any:
    """Return simulated meta-analyses of ten trials."""
    return mo.simulate(S.EffectTrials(k=10, tau=0.2), n=n, seed=1)


def selected(function: str) -> Callable[[], Any]:
    """Return the fit of a selection model; beta's p-values are cut off where metafor cuts them off."""
    p_min = 1e-5 if function in ("beta", "power") else 0.0
    return lambda: mo.bias.selection_model(pool(65, method="ML"), function=function, alternative="less", p_min=p_min)


def targets() -> list[Target]:
    """Return all targets but the study of coverage."""
    sens = mo.sensitivity
    fit = "rma(yi, vi, control = list(threshold = 1e-10))"
    fits = [
        Target("100,000 pools of 10 trials, REML, in one call", 0.6, lambda: mo.pool_many(many(100_000).yi,
               many(100_000).vi), 10, f"for (i in 1:100) {fit}", 1e-3, "for i in range(100): pimeta.rma(yi, vi)", 1e-3),
        Target("GOSH of 13 trials, 8,191 REML fits", 0.1, lambda: sens.gosh(pool(13)), 13,
               f"gosh({fit}, subsets = 200, progbar = FALSE)", 200 / 8191),
        Target("All 2^20 subsets of 20 trials, REML", 10, lambda: sens.gosh(pool(20)), 20,
               f"gosh({fit}, subsets = 200, progbar = FALSE)", 200 / 2**20),
        Target("10,000 permutations of a pool of 20", 0.3, lambda: sens.permutation_test(pool(20), n=10_000, seed=1),
               20, f"permutest({fit}, iter = 100, progbar = FALSE)", 1e-2),
        Target("10,000 permutations of three subgroups", 0.3, lambda: sens.permutation_test(groups(20), n=10_000,
               seed=1), 20, 'permutest(rma(yi, vi, mods = ~ g, test = "knha"), iter = 100, progbar = FALSE)', 1e-2),
        Target("influence of 65 trials", 0.01, lambda: sens.influence(pool(65)), 65, f"influence({fit})"),
        Target("prediction interval NNF of 10 trials, 100 times", 0.1, lambda: [nnf() for _ in range(100)], 10),
    ]  # fmt: skip
    model = 'selmodel(rma(yi, vi, method = "ML"), type = "{}", alternative = "less")'
    return fits + [
        Target(f"selection model {name} of 65 trials", np.nan, selected(name), 65,
               f"try({model.format(name)}, silent = TRUE)")
        for name in ("halfnorm", "negexp", "logistic", "power", "beta")
    ]  # fmt: skip


def nnf() -> Any:
    """Return one interval, as the pool makes it."""
    record = mo.PREDICTION_METHODS["NNF"]
    assert record.own_limits is not None
    return record.own_limits(trials(10)["yi"], trials(10)["vi"], 0.95)


def ours(work: Callable[[], Any], rounds: int = 3) -> float:
    """Return the least processor time of some rounds."""
    work()
    found = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def metafor(t: Target) -> float:
    """Return what metafor takes; NaN without it."""
    if not t.r or not shutil.which("Rscript"):
        return np.nan
    y, v = (", ".join(map(str, trials(t.k)[name])) for name in ("yi", "vi"))
    done = subprocess.run(["Rscript", "-e", IN_R.format(y=y, v=v, k=t.k, work=t.r)], capture_output=True, text=True)
    return float(done.stdout) / t.r_part if done.returncode == 0 else np.nan


def pimeta(t: Target, python: str | None) -> float:
    """Return what pimeta takes by that interpreter; NaN without it."""
    if not t.peer or python is None:
        return np.nan
    code = IN_PYTHON.format(y=trials(t.k)["yi"].tolist(), v=trials(t.k)["vi"].tolist(), work=t.peer)
    done = subprocess.run([python, "-c", code], capture_output=True, text=True)
    return float(done.stdout) / t.peer_part if done.returncode == 0 else np.nan


def shown(seconds: float) -> str:
    """Return seconds, or nothing where they are not known."""
    return f"{seconds:10.3g}" if np.isfinite(seconds) else " " * 10


def spent() -> float:
    """Return the processor time of this process and of workers that have ended."""
    get_reusable_executor().shutdown(wait=True)
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(u.ru_utime + u.ru_stime for u in used)


def coverage(n: int) -> None:
    """Print how long a study of coverage takes on one worker and on two.

    Processor time of both workers over two is what they take where nobody else is at work.
    """
    took = {}
    for jobs in (1, 2):
        before, start = spent(), time.perf_counter()
        S.study(S.EffectTrials(k=10, tau=0.2), S.Pool(), n=n, seed=1, n_jobs=jobs)
        took[jobs] = time.perf_counter() - start
        print(f"study of {n:,} meta-analyses, {jobs} worker{'s' * (jobs > 1)}: {took[jobs]:.1f} s on the clock, "
              f"{spent() - before:.1f} s of processors, both with the start of workers")  # fmt: skip
    print(f"one worker takes {took[1] / took[2]:.2f} times as long as two; limit of two: {60 * n / 1e6:.3g} s")


def main() -> None:
    """Print a line a target."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", default="", help="of the targets whose names have this word")
    parser.add_argument("--peer", help="a Python that has pimeta")
    parser.add_argument("--n", type=int, default=1_000_000, help="meta-analyses of the study of coverage; 0 for none")
    asked = parser.parse_args()
    warnings.simplefilter("ignore", mo.MetaoncWarning)
    print(json.dumps({"processors": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}))
    print(f"{'':52s}{'limit':>10s}{'ours':>10s}{'metafor':>10s}{'pimeta':>10s}  metafor/ours")
    for t in targets():
        if asked.only not in t.name:
            continue
        own, r, peer = ours(t.work), metafor(t), pimeta(t, asked.peer)
        ratio = f"{r / own:14.0f}" if np.isfinite(r) else ""
        print(f"{t.name:52s}{shown(t.limit)}{shown(own)}{shown(r)}{shown(peer)}{ratio}", flush=True)
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2g} GB")
    if asked.n and asked.only in "study of coverage":
        coverage(asked.n)


if __name__ == "__main__":
    main()
