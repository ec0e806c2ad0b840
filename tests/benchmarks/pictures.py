"""Print how often ranges hold truths read from pictures: python tests/benchmarks/pictures.py [TRIALS [GIVEN ...]]

Two arms of 60 to 398 patients, Weibull times, hazard ratio 0.5 to 1.2 or curves that cross. Censored are all who are
alive at the end, and some before it: by a data cut after even entry, by dropout of both arms or of one, or by both; in
a third of the arms times are rounded to 0.1. matplotlib draws the curves with their marks as a PNG of 100 to 200 dots
an inch, ``digitize`` reads it by axes and colours that are stated, and sets are drawn with n and what is `GIVEN`. Their
range should hold the log hazard ratio of the patients themselves in 90 % of the trials.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd

import metaonc as mo

KINDS = ("cut", "dropout", "both", "one arm", "crossing")
GIVEN = ("n", "marks", "marks and events")
COLOURS = ("#1f77b4", "#d62728")
SETS = 40
SEED = 9
MONTHS = 12.0

Arms = list[tuple[np.ndarray, np.ndarray]]


def trial(rng: np.random.Generator, kind: str) -> Arms:
    """Return times and events of the two arms."""
    shape, ratio = rng.uniform(0.8, 1.4), np.exp(rng.uniform(np.log(0.5), np.log(1.2)))
    end, first = rng.uniform(0.8, 2.2), int(rng.integers(60, 200))
    arms = []
    for i, n in enumerate((first, first * int(rng.choice([1, 2])))):
        own = shape * (rng.uniform(0.6, 0.8) if kind == "crossing" and i else 1.0)
        died = (rng.exponential(1.0, n) / (ratio if i else 1.0)) ** (1 / own)
        limit = np.full(n, end)
        if kind in ("cut", "both", "crossing"):
            limit = np.minimum(limit, rng.uniform(0.3 * end, 1.2 * end, n))
        if kind in ("dropout", "both") or (kind == "one arm" and i):
            limit = np.minimum(limit, rng.exponential(rng.uniform(1.5, 4.0) * end, n))
        time = np.minimum(died, limit) * MONTHS
        if rng.random() < 0.3:
            time = np.maximum(np.round(time, 1), 0.1)
        arms.append((time, (died <= limit).astype(int)))
    return arms


def staircase(time: np.ndarray, event: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct times from 0 on, and the Kaplan-Meier estimate from each on, from the definition."""
    t = np.unique(time)
    s = np.cumprod([1.0 - ((time == u) & (event == 1)).sum() / (time >= u).sum() for u in t])
    return np.append(0.0, t), np.append(1.0, s)


def drawn(rng: np.random.Generator, arms: Arms, path: Path) -> dict:
    """Write the picture; return the points of its axes, as `digitize` takes them."""
    from matplotlib import pyplot as plt

    dpi, width = int(rng.choice([100, 150, 200])), rng.uniform(1.2, 2.5)
    sign, size = str(rng.choice(["+", "|"])), rng.uniform(6, 11)
    fig, ax = plt.subplots(figsize=(6.5, 4.6), dpi=dpi)
    last = float(np.ceil(max(t.max() for t, _ in arms) / 6) * 6)
    for (time, event), colour in zip(arms, COLOURS, strict=True):
        t, s = staircase(time, event)
        ax.step(t, s, where="post", color=colour, lw=width, solid_capstyle="butt")
        left = np.unique(time[event == 0])
        level = s[np.searchsorted(t, left, side="right") - 1]
        ax.plot(left, level, ls="", marker=sign, ms=size, mew=width, color=colour)
    ax.set(xlim=(0, last), ylim=(0, 1.05))
    if rng.random() < 0.5:
        ax.spines[["top", "right"]].set_visible(False)
    fig.savefig(path)
    (x0, y0), (x1, y1) = ax.transData.transform([(0, 0), (last, 1)])
    high = fig.bbox.height - 0.5
    plt.close(fig)
    return {"x_axis": [(x0 - 0.5, 0), (x1 - 0.5, last)], "y_axis": [(high - y1, 1), (high - y0, 0)]}


def measured(seed: int, number: int, given: str, folder: Path) -> dict | None:
    """Return one row: the trial, its range and whether that holds the truth; None where the picture is refused."""
    rng = np.random.default_rng([seed, number])
    kind = KINDS[number % len(KINDS)]
    arms = trial(rng, kind)
    path = folder / f"{number}.png"
    axes = drawn(rng, arms, path)
    try:
        read = mo.curves.digitize(path, n_curves=2, colours=list(COLOURS), ocr=False, **axes)
    except mo.errors.DataError:
        return None
    parts = []
    curves = sorted(read.curves, key=lambda c: int(c.colour[1:3], 16))  # the blue one first
    for (time, event), curve in zip(arms, curves, strict=True):
        known = {"n": len(time), "accept_unidentified": True}
        known |= {"censor_times": curve.censor_times} if "marks" in given else {}
        known |= {"events": int(event.sum())} if "events" in given else {}
        one = mo.curves.reconstruct_ipd(curve.time, curve.survival, points=curve.points, **known)
        parts.append(one.ensemble(SETS, seed=seed))
    sets = pd.concat([one.frame.assign(arm=i) for i, one in enumerate(parts)])
    got = mo.survival.hazard_ratio_of_ensemble(sets, control=0)
    patients = pd.concat(pd.DataFrame({"time": t, "event": e, "arm": i}) for i, (t, e) in enumerate(arms))
    truth = mo.survival.hazard_ratio(patients, control=0).estimate
    return {
        "kind": kind,
        "held": got.range_low <= truth <= got.range_high,
        "width": got.range_high - got.range_low,
        "interval": got.ci_low <= truth <= got.ci_high,
        "censored": sum(int((e == 0).sum()) for _, e in arms),
        "marks": sum(len(curve.censor_times) for curve in curves),
    }


def main() -> None:
    """Print a line for each way of censoring, with what is given."""
    warnings.simplefilter("ignore")
    mpl.use("Agg")
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    for given in sys.argv[2:] or GIVEN:
        with tempfile.TemporaryDirectory() as folder:
            found = [measured(SEED, i, given, Path(folder)) for i in range(trials)]
        rows = pd.DataFrame([row for row in found if row is not None])
        print(
            f"{given}: {trials - len(rows)} refused, {rows['marks'].sum()} marks of {rows['censored'].sum()} censored"
        )
        for name, part in [*rows.groupby("kind", sort=False), ("all", rows)]:
            print(
                f"  {name:10s} held {part['held'].sum():3d} of {len(part):3d} ({part['held'].mean():.3f}), "
                f"width {part['width'].median():.3f}, interval {part['interval'].sum()}",
                flush=True,
            )


if __name__ == "__main__":
    main()
