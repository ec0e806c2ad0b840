"""Print what the slow steps cost here and in another checkout of metaonc, in turn in one run.

    python tests/benchmarks/compare.py --against PATH [--rounds 5] [--only WORD] [--store]

Processor times, the least of several rounds. Each step runs in a fresh interpreter: a cold one is that whole process,
a warm one repeated calls after the first. Both checkouts are byte-compiled, in a folder for the time of the run.
Machines that do other work change both alike; read the ratio.
"""

from __future__ import annotations

import argparse
import datetime
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
STORED = HERE / "docs" / "benchmarks.csv"
DATA = """
import time, warnings
import numpy as np, pandas as pd, metaonc as mo
warnings.simplefilter("ignore")

def effects(k):
    rng = np.random.default_rng(k)
    v = rng.uniform(0.02, 0.4, k)
    return pd.DataFrame({"yi": rng.normal(0.2, np.sqrt(v + 0.1)), "vi": v, "dose": rng.normal(size=k)})

def ratios(k):
    d, se = effects(k), 0.2
    limits = {name: np.exp(d["yi"] + z * se) for name, z in (("hr", 0), ("low", -1.96), ("high", 1.96))}
    return pd.DataFrame(limits).round(3).assign(trial=[f"Trial {i}" for i in range(k)])

def alike(k):
    d = effects(k)
    return d.assign(yi=0.3 * d["yi"])  # no variance between trials

def arms():
    return alike(10).assign(trial=list("aabbccddee"), arm=[1, 2] * 5)

def halves(k):
    return alike(2 * k).assign(trial=np.arange(2 * k) // 2, kras=["mut", "wt"] * k)

def patients(n):
    rng = np.random.default_rng(n)
    return pd.DataFrame({"time": rng.exponential(10, n).round(3), "event": rng.integers(0, 2, n)})

def labelled(k):
    return effects(k).assign(trial=[f"Trial {min(i, k - 2)}" for i in range(k)])
"""
HR = "mo.effect_sizes(d, measure='HR', hr='hr', ci_low='low', ci_high='high', study='trial')"
COUNTS = "{'x': [11, 24, 179, 82, 60, 11, 99, 9, 88, 17], 'n': [29, 33, 326, 240, 110, 29, 244, 17, 215, 26]}"
WARM = {  # name -> (data, call)
    "load a collection": ("None", "mo.load('lgsoc')"),
    "effect_sizes HR, 10 rows": ("ratios(10)", HR),
    "effect_sizes HR, 10^5 rows": ("ratios(100_000)", HR),
    "effect_sizes PLO, 10 rows": (COUNTS, "mo.effect_sizes(d, measure='PLO', events='x', n='n')"),
    "pool REML, k = 10": ("effects(10)", "mo.pool(d)"),
    "pool DL, k = 10": ("effects(10)", "mo.pool(d, method='DL', ci='wald')"),
    "pool DL, k = 10^4": ("effects(10_000)", "mo.pool(d, method='DL', ci='wald')"),
    "pool, a late label of 10^4 twice": ("labelled(10_000)", "mo.pool(d, method='DL', ci='wald', study='trial')"),
    "pool, NNF, k = 10": ("effects(10)", "mo.pool(d, method='DL', prediction='NNF')"),
    "pool, NNF, k = 1000": ("effects(1000)", "mo.pool(d, method='DL', prediction='NNF')"),
    "regress, k = 10": ("effects(10)", "mo.regress(d, '~ dose')"),
    "pool_multilevel, k = 10": ("arms()", "mo.pool_multilevel(d, levels=['trial', 'arm'])"),
    "interaction, 10 trials": ("halves(10)", "mo.interaction(d, study='trial', by='kras', contrast=('mut', 'wt'))"),
    "pool_glmm, 10 trials": (COUNTS, "mo.pool_glmm(d, events='x', n='n')"),
    "pool_bayes, k = 10": ("effects(10)", "mo.pool_bayes(d)"),
    "leave_one_out, k = 10": ("mo.pool(effects(10))", "mo.sensitivity.leave_one_out(d)"),
    "leave_one_out, k = 1000": ("mo.pool(effects(1000))", "mo.sensitivity.leave_one_out(d)"),
    "kaplan_meier, n = 200": ("patients(200)", "mo.survival.kaplan_meier(d)"),
    "kaplan_meier, n = 10^6": ("patients(1_000_000)", "mo.survival.kaplan_meier(d)"),
    "cumulative, k = 1000": ("mo.pool(effects(1000))", "mo.sensitivity.cumulative(d)"),
}
POOL = "import metaonc as mo; r = mo.pool({'yi': [-0.5, -0.3, -0.1], 'vi': [0.04, 0.03, 0.05]})"
ANALYSE = """
from metaonc.cli import main
main("analyse lgsoc --outcome orr --by kras --out out --report".split())
"""
COLD = {
    "import metaonc": "import metaonc",
    "first pool": POOL,
    "import pandas": "import pandas",
    "first kaplan_meier": "import metaonc as mo; mo.survival.kaplan_meier({'time': [2, 4, 5], 'event': [1, 0, 1]})",
    "methods_text": f"{POOL}; mo.methods_text(r)",
    "forest of 3 trials to PDF": f"{POOL}; mo.save(mo.plot.forest(r), 'forest.pdf')",
    "metaonc analyse --report": ANALYSE,
}
REPEATED = """
d = {data}
call = lambda: {call}
call()
best, spent, calls = np.inf, 0.0, 1
while spent < 0.5:
    start = time.process_time()
    for _ in range(calls):
        call()
    taken = time.process_time() - start
    best, spent = min(best, taken / calls), spent + taken
    calls = max(calls, int(0.05 * calls / max(taken, 1e-4)))
print(best)
"""


def cost(checkout: Path, name: str, compiled: str) -> float:
    """Return the processor seconds of a step in a checkout."""
    code = COLD[name] if name in COLD else DATA + REPEATED.format(data=WARM[name][0], call=WARM[name][1])
    settings = os.environ | {"PYTHONPATH": str(checkout), "OPENBLAS_NUM_THREADS": "1"}
    settings |= {"PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}
    with tempfile.TemporaryDirectory() as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run = subprocess.run(
            [sys.executable, "-c", code], cwd=folder, env=settings, check=True, capture_output=True, text=True
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if name in WARM:
        return float(run.stdout)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def store(name: str, there: float, here: float) -> None:
    """Add a line to the history: day, step, milliseconds of the other checkout and of this one."""
    with STORED.open("a", encoding="utf-8") as file:
        file.write(f'{datetime.date.today()},"{name}",{there:.2f},{here:.2f}\n')


def main() -> None:
    """Print one line a step: both times in milliseconds, and how many times faster this checkout is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", type=Path, required=True, metavar="PATH", help="the other checkout")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", metavar="WORD", help="only steps that have this in their name")
    parser.add_argument("--store", action="store_true", help=f"add the times to {STORED.name}, the history in the docs")
    options = parser.parse_args()
    print(f"{'milliseconds':34s}{'there':>12s}{'here':>12s}{'there / here':>14s}")
    with tempfile.TemporaryDirectory() as compiled:
        for name in (name for name in (*COLD, *WARM) if options.only in name):
            rounds = range(options.rounds + (name in COLD))  # the first of a cold one compiles
            pairs = [[cost(checkout, name, compiled) for checkout in (options.against, HERE)] for _ in rounds]
            there, here = (1000 * min(times) for times in zip(*pairs, strict=True))
            print(f"{name:34s}{there:12.2f}{here:12.2f}{there / here:14.2f}", flush=True)
            if options.store:
                store(name, there, here)


if __name__ == "__main__":
    main()
