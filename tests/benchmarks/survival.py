"""Speed of survival of one trial and of several, beside R and lifelines in one run on the same patients and core.

    taskset -c 0 python tests/benchmarks/survival.py

Times are the least processor time of several repeats, in milliseconds a call. R is measured where Rscript and its
package survival are; coxme and survRM2 where they are installed (R_LIBS names where). survRM2 takes one horizon a call,
and prints nothing here; the thousand trials are 9 of its trials, taken 1000 / 9 times as long. All numbers of rmst are
worked out in the call; its table, its cautions on odd patients, and what of pool_ipd coxme does not give (limits of
tau², each trial by itself, two stages beside it), are made when they are read, and are timed with the call in a line of
their own.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np
import pandas as pd
from pooling import microseconds

import metaonc as mo
from metaonc.analysis.numeric.time_to_event import fractional
from metaonc.analysis.synthesis.one_stage import fit
from metaonc.analysis.synthesis.one_stage.evidence import read_trials
from metaonc.analysis.synthesis.one_stage.likelihoods.laplace import laplace, on_grid
from metaonc.analysis.synthesis.one_stage.likelihoods.tabulated import tabulated
from metaonc.analysis.synthesis.trials import read_trials as read_arms

S = mo.survival
HORIZONS = [6.0, 12.0, 18.0]
DENSE = np.linspace(2, 8, 24)
TAUS = np.linspace(0.01, 1.0, 100)
MANY = 1_000_000
IN_R = """
suppressMessages(library(survival))
d <- read.csv("{folder}/trials.csv"); big <- read.csv("{folder}/many.csv"); one <- subset(d, trial == "T1")
cells <- read.csv("{folder}/cells.csv")
time <- function(name, f, n) {{
  f(); t <- min(replicate(5, system.time(for (j in seq_len(n)) f())[["user.self"]] / n))
  cat(name, t * 1e3, sep = "\\t"); cat("\\n")
}}
time("rmst", function() for (h in c(6, 12, 18))
  survival:::survmean(survfit(Surv(time, event) ~ arm, data = one), rmean = h), 10)
powers <- c(-2, -1, -0.5, 0, 0.5, 1, 2, 3)
time("fractional", function() for (x in split(cells, cells$trial)) for (p in powers) {{
  x$f <- if (p == 0) log(x$time) else x$time^p
  glm(events ~ arm * f + offset(log(exposure)), poisson, data = x)
}}, 1)
time("stratified", function() coxph(Surv(time, event) ~ arm + strata(trial), data = d), 10)
time("million", function() survfit(Surv(time, event) ~ 1, data = big), 1)
if (requireNamespace("survRM2", quietly = TRUE)) {{
  means <- function(x, h) for (tau in h) survRM2::rmst2(x$time, x$event, x$arm, tau = tau)
  time("rmst at 1 horizon", function() means(one, 12), 10)
  time("rmst at 3 horizons", function() means(one, c(6, 12, 18)), 5)
  time("rmst at 24 horizons", function() means(one, seq(2, 8, length.out = 24)), 2)
  trials <- split(d, d$trial)
  t <- system.time(for (x in trials) means(x, seq(2, 8, length.out = 24)))[["user.self"]]
  cat("rmst of 1000 trials at 24 horizons", t * 1e3 * 1000 / length(trials), sep = "\t"); cat("\n")
}}
if (requireNamespace("coxme", quietly = TRUE)) {{
  random <- function(x, ...) coxme::coxme(Surv(time, event) ~ arm + (0 + arm | trial) + strata(trial), data = x, ...)
  time("laplace", function() random(d), 1)
  time("profile", function() for (v in seq(0.01, 1, length.out = 100)^2) random(d, vfixed = v), 1)
  time("left out", function() for (t in unique(d$trial)) random(subset(d, trial != t)), 1)
}}
"""


def trials(k: int = 9, n: int = 120) -> pd.DataFrame:
    """Return patients of k trials, the same each time."""
    rng = np.random.default_rng(3)
    trial, arm = np.repeat(np.arange(k), n), np.tile([0, 1], k * n // 2)
    effect = rng.normal(-0.4, 0.3, k)[trial]
    died = rng.weibull(1.2, k * n) * 14 * np.exp(-effect * arm / 1.2)
    left = rng.uniform(8, 36, k * n)
    time = np.maximum(np.minimum(died, left).round(2), 0.01)
    return pd.DataFrame({"trial": [f"T{i + 1}" for i in trial], "arm": arm, "time": time,
                         "event": (died <= left).astype(int)})  # fmt: skip


def curves(k: int = 27) -> pd.DataFrame:
    """Return survival of k trials at 12 times with the patients at risk."""
    rng, times = np.random.default_rng(5), np.arange(3.0, 39.0, 3.0)
    rows = []
    for i in range(k):
        s = np.exp(-0.04 * np.exp(rng.normal(0, 0.3)) * times)
        rows.append(pd.DataFrame({"trial": f"T{i}", "time": times, "s": s.round(4),
                                  "n": np.maximum((rng.integers(60, 300) * s).astype(int), 1)}))  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def many() -> pd.DataFrame:
    """Return a million patients, with times of three decimals."""
    rng = np.random.default_rng(1)
    died, left = rng.exponential(12, MANY), rng.uniform(3, 60, MANY)
    return pd.DataFrame({"time": np.minimum(died, left).round(3), "event": (died <= left).astype(int)})


def ours(d: pd.DataFrame, big: pd.DataFrame) -> dict[str, Callable[[], object]]:
    """Return our calls by name."""
    one, points, thousand = d[d["trial"] == "T1"], curves(), trials(1000)
    of = read_trials(d, study="trial", time="time", event="event", arm="arm", control=0, ties="efron").trials
    terms, null = [t.terms for t in of], [t.null for t in of]
    tables = tabulated(terms, null)
    arms = read_arms(d, study="trial", time="time", event="event", arm="arm", control=0).trials
    pairs = [(t.treatment, t.control) for t in arms]
    cells = fractional.cells(pairs, 1.0)
    whole = S.pool_ipd(d, control=0, method="laplace")
    return {
        "rmst": lambda: S.rmst(one, control=0, horizons=HORIZONS),
        "rmst at 1 horizon": lambda: S.rmst(one, control=0, horizons=12.0),
        "rmst at 1 horizon, with its table": lambda: S.rmst(one, control=0, horizons=12.0).estimates,
        "rmst at 1 horizon, with its cautions": lambda: S.rmst(one, control=0, horizons=12.0).provenance.cautions,
        "rmst at 3 horizons": lambda: S.rmst(one, control=0, horizons=HORIZONS),
        "rmst at 3 horizons, with its table": lambda: S.rmst(one, control=0, horizons=HORIZONS).estimates,
        "rmst at 24 horizons": lambda: S.rmst(one, control=0, horizons=DENSE),
        "rmst at 24 horizons, with its table": lambda: S.rmst(one, control=0, horizons=DENSE).estimates,
        "rmst of 1000 trials at 24 horizons": lambda: S.rmst_by_trial(thousand, control=0, horizons=DENSE).table,
        "pooled curve of 27 trials": lambda: S.pool_curves(points, survival="s", n_risk="n"),
        "stratified": lambda: S.pool_ipd(d, control=0, treatment="common"),
        "stratified, all read": lambda: read(S.pool_ipd(d, control=0, treatment="common")),
        "laplace": lambda: S.pool_ipd(d, control=0, method="laplace"),
        "laplace, all read": lambda: read(S.pool_ipd(d, control=0, method="laplace")),
        "laplace, patients read": lambda: fit.point(tabulated(terms, null), "laplace"),
        "profile": lambda: laplace(tables, TAUS),
        "left out": lambda: fit.points_without_each(tables, on_grid(tables)),
        "left out, from the result": whole.leave_one_out,
        "fractional": lambda: fractional.fit(cells),
        "fractional, with cells": lambda: fractional.fit(fractional.cells(pairs, 1.0)),
        "fractional, pooled and chosen": lambda: S.pool_flexible(d, control=0),
        "million": lambda: S.kaplan_meier(big),
    }


def read(pool: object) -> list[object]:
    """Return all fields of a result, those among them that are worked out when they are read."""
    return [getattr(pool, field.name) for field in fields(pool)]  # type: ignore[arg-type]


def lifelines(d: pd.DataFrame, big: pd.DataFrame) -> dict[str, Callable[[], object]]:
    """Return calls of lifelines, where it is installed."""
    try:
        from lifelines import CoxPHFitter, KaplanMeierFitter
    except ImportError:
        return {}
    columns = d[["trial", "arm", "time", "event"]]
    return {
        "stratified": lambda: CoxPHFitter().fit(columns, "time", "event", strata=["trial"]),
        "million": lambda: KaplanMeierFitter().fit(big["time"], big["event"]),
    }


def in_r(d: pd.DataFrame, big: pd.DataFrame) -> dict[str, float]:
    """Return R's times by name, in milliseconds."""
    if shutil.which("Rscript") is None:
        return {}
    parts = []
    for t in read_arms(d, study="trial", time="time", event="event", arm="arm", control=0).trials:
        middle, events, exposure = fractional.cells([(t.treatment, t.control)], 1.0)
        table = pd.DataFrame({"time": np.tile(middle, 2), "arm": np.repeat([0.0, 1.0], len(middle)),
                              "events": events.ravel(), "exposure": exposure.ravel()})  # fmt: skip
        parts.append(table[table["exposure"] > 0].assign(trial=t.label))
    with tempfile.TemporaryDirectory() as folder:
        d.to_csv(Path(folder) / "trials.csv", index=False)
        big.to_csv(Path(folder) / "many.csv", index=False)
        pd.concat(parts).to_csv(Path(folder) / "cells.csv", index=False)
        script = Path(folder) / "peers.R"
        script.write_text(IN_R.format(folder=Path(folder).as_posix()), encoding="utf-8")
        run = subprocess.run(["Rscript", str(script)], capture_output=True, text=True, check=False)
    if run.returncode:
        print(f"R stopped: {run.stderr.strip()[-300:]}")
    return {name: float(t) for name, t in (line.split("\t") for line in run.stdout.splitlines() if "\t" in line)}


def main() -> None:
    """Print a line a task: our time, and how many times as long the others take."""
    d, big = trials(), many()
    peers = {"R": in_r(d, big), "lifelines": {name: microseconds(f) / 1e3 for name, f in lifelines(d, big).items()}}
    out = {}
    for name, call in ours(d, big).items():
        own = microseconds(call) / 1e3
        beside = {who: times[name.split(",")[0]] for who, times in peers.items() if name.split(",")[0] in times}
        out[name] = {"metaonc": own, **beside}
        said = ", ".join(f"{who} {time:.3g} ms ({time / own:.3g} times)" for who, time in beside.items())
        print(f"{name}: {own:.3g} ms{f'; {said}' if said else ''}")
    print(json.dumps(out))


if __name__ == "__main__":
    main()
