"""How often intervals hold what they are to hold, and how often tests reject: the table of docs/coverage.md.

    python tests/benchmarks/coverage.py effects [--n 4000] [--slow 1000] [--seed 1] [--n-jobs 1] [--resume FOLDER]

Parts: effects (intervals of the mean), bayes, prediction, subgroups, counts (mixed models of rare responses).
All go through ``mo.simulation.study``; `--slow` is the number of repeats of what is fitted one by one. Limits by the
profile likelihood, five times as slow, have half as many.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

import metaonc as mo

S = mo.simulation
EVEN: Any = (0.01, 0.12)
TAUS = (0.0, 0.2, 0.45)  # tau² of 0, .04 and .2


def uneven(k: int) -> list[float]:
    """Return variances of one large trial among small ones."""
    return [0.005] + [0.12] * (k - 1)


def trials(sizes: Iterable[int] = (2, 3, 5, 10, 20)) -> list[Any]:
    """Return trials with variances alike and with one large trial."""
    return [S.EffectTrials(k=k, tau=tau, variances=v) for k in sizes for tau in TAUS for v in (EVEN, uneven(k))]


def shown(t: pd.DataFrame, measure: str, columns: Sequence[str]) -> str:
    """Return a table in Markdown: a row an analysis and kind of trials, a column k and tau."""
    cells = t.assign(cell=t[list(columns)].astype(str).agg(", ".join, axis=1))
    wide = cells.pivot(index=["trials", "analysis"], columns="cell", values=measure)
    wide = wide.reindex(cells.drop_duplicates(["trials", "analysis"]).set_index(["trials", "analysis"]).index)
    wide = wide[cells["cell"].unique()]
    lines = ["| trials | analysis | " + " | ".join(wide.columns) + " |", "|---" * (len(wide.columns) + 2) + "|"]
    lines += [f"| {a} | {b} | " + " | ".join("–" if np.isnan(x) else f"{x:.3f}" for x in row) + " |" for (a, b), row in
              zip(wide.index, wide.to_numpy(), strict=True)]  # fmt: skip
    return "\n".join(lines)


def with_kinds(r: Any) -> pd.DataFrame:
    """Return the table of a study with what the trials are."""
    one_large = r.table["scenario"].str.contains("variances")
    tau = r.table["tau"].map(lambda x: f"τ {x:g}")
    return r.table.assign(trials=np.where(one_large, "one large", "alike"), size=r["k"].map(lambda k: f"k {k}"),
                          spread=tau)  # fmt: skip


def tables(part: str, a: argparse.Namespace) -> Iterable[str]:
    """Yield the tables of a part."""

    def run(name: str, scenarios: Any, analyses: Any, n: int) -> Any:
        folder = Path(a.resume) / name if a.resume else None
        return S.study(scenarios, analyses, n=n, seed=a.seed, n_jobs=a.n_jobs, resume=folder)

    if part == "effects":
        fast = run("effects", trials(), S.grid(S.Pool, ci=["wald", "t", "HKSJ", "HKSJ-adhoc", "KR"]), a.n)
        for measure in ("coverage", "width"):
            yield shown(with_kinds(fast), measure, ["size", "spread"])
    elif part == "bayes":
        slow = run("bayes", trials(), S.PoolBayes(), a.slow)
        for measure in ("coverage", "width", "prediction_coverage", "prediction_width"):
            yield shown(with_kinds(slow), measure, ["size", "spread"])
    elif part == "prediction":
        how = [S.Pool(prediction="t"), S.Pool(ci="wald", prediction="t"), S.Pool(ci="wald", prediction="wald"),
               S.Pool(prediction="HTS"), S.Pool(prediction="HK-PR")]  # fmt: skip
        fast = run("prediction", trials(), how, a.n)
        slow = run("nnf", trials(), S.Pool(prediction="NNF"), a.slow)
        t = pd.concat([with_kinds(fast), with_kinds(slow)])
        yield shown(t, "prediction_coverage", ["size", "spread"])
        yield shown(t, "prediction_width", ["size", "spread"])
    elif part == "subgroups":
        between = [S.EffectTrials(k=2 * k, tau=tau, split="between") for k in (2, 3, 5, 10) for tau in TAUS]
        how = [S.BetweenSubgroups(), S.BetweenSubgroups(test="F-floor"), S.BetweenSubgroups(test="chi-square"),
               S.BetweenSubgroups(test="chi-square", ci="wald")]  # fmt: skip
        yield shown(with_kinds(run("subgroups", between, how, a.n)), "rejection", ["size", "spread"])
    else:
        rare = [
            S.ResponseTrials(k=k, rate=rate, tau=tau, n=(20, 80)) for k in (3, 5, 10) for rate in (0.03, 0.1)
            for tau in (0.0, 0.7)
        ]  # fmt: skip
        fast = run("counts", rare, [*S.grid(S.PoolGlmm, ci=["wald", "t"]), S.Pool()], a.slow)
        slow = run("profile", rare, S.PoolGlmm(ci="profile"), a.slow // 2)
        r = pd.concat([fast.table, slow.table])
        rate = r["mean"].map(lambda x: f"rate {special.expit(x):g}")
        t = r.assign(trials="20 to 80 patients", size=r["k"].map(lambda k: f"k {k}"), rate=rate,
                     spread=r["tau"].map(lambda x: f"τ {x:g}"))  # fmt: skip
        for measure in ("coverage", "width", "failed"):
            yield shown(t, measure, ["size", "rate", "spread"])


def main() -> None:
    """Print the tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("part", choices=["effects", "bayes", "prediction", "subgroups", "counts"])
    parser.add_argument("--n", type=int, default=4000)
    parser.add_argument("--slow", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--n-jobs", type=int, default=1)
    parser.add_argument("--resume", help="folder for partial results")
    asked = parser.parse_args()
    for table in tables(asked.part, asked):
        print(f"{table}\n", flush=True)


if __name__ == "__main__":
    main()
