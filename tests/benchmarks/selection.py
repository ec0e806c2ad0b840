"""Speed of selection models beside metafor's ``selmodel``, on 65 trials (Pignon 2000, packaged).

    python tests/benchmarks/selection.py

metafor is measured where Rscript finds it with numDeriv, once a weight function: it takes minutes. Processor times in
seconds, ours the least of three.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
import warnings
from pathlib import Path

import metaonc as mo

FUNCTIONS = ("stepfun", "halfnorm", "negexp", "logistic", "power", "beta")
IN_R = """
suppressMessages(library(metafor))
res <- rma(yi, vi, data = read.csv("{file}"), method = "ML")
took <- function(...) system.time(suppressWarnings(try(selmodel(res, alternative = "less", ...), silent = TRUE)))
for (type in c({types})) cat(type, took(type = type{steps})[["user.self"]], "\\n")
"""


def ours(pool: mo.results.MetaResult, function: str) -> float:
    """Return the processor time of a weight function."""
    times = []
    for _ in range(3):
        start = time.process_time()
        p_min = 1e-5 if function in ("beta", "power") else 0.0
        mo.bias.selection_model(pool, function=function, alternative="less", p_min=p_min)
        times.append(time.process_time() - start)
    return min(times)


def metafors(pool: mo.results.MetaResult) -> dict[str, float]:
    """Return the processor times of metafor by weight function; empty without R."""
    if (
        not shutil.which("Rscript")
        or subprocess.run(["Rscript", "-e", "library(numDeriv)"], capture_output=True).returncode
    ):
        return {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "trials.csv"
        file.write_text(
            "yi,vi\n" + "\n".join(f"{y},{v}" for y, v in zip(pool.studies.yi, pool.studies.vi, strict=True))
        )
        found = {}
        for function in FUNCTIONS:
            script = IN_R.format(file=file, types=f'"{function}"', steps=", steps = 0.025" * (function == "stepfun"))
            said = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=True).stdout
            found[function] = float(said.split()[1])
    return found


def main() -> None:
    """Print a line a weight function."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.MetaoncWarning)
        rows = mo.load("pignon2000").evidence
        pool = mo.pool(mo.effect_sizes(rows, measure="HR", o_minus_e="o_minus_e", v="v", study="trial"), ci="wald")
    theirs = metafors(pool)
    print(f"{pool.k} trials; seconds")
    for function in FUNCTIONS:
        own = ours(pool, function)
        beside = f"  metafor {theirs[function]:8.2f}  ratio {theirs[function] / own:6.0f}" if theirs else ""
        print(f"{function:10s} {own:8.4f}{beside}")


if __name__ == "__main__":
    main()
