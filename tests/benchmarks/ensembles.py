"""Print how often ranges of ensembles hold simulated truths: python tests/benchmarks/ensembles.py [TRIALS [GIVEN ...]]

Two arms of 40 to 199 patients, hazard ratio 0.5 to 1, Weibull times. Nobody is censored; all are who are alive at the
end of follow-up; or some before it too: by a data cut after even entry, by dropout, by dropout of one arm, or by both.
The figure has 700 by 450 pixels, one reading a column, and the table 5 to 15 rows. A reader gets wrong the row (whole
pixels), where the line lies in them (a constant part of one, which the start at 1 shows or does not), and the ends of
both axes. The range of the sets should hold the log hazard ratio of the patients themselves in 90 % of the trials.
"""

from __future__ import annotations

import sys
import warnings

import numpy as np
import pandas as pd

import metaonc as mo

CENSORING = ("nobody", "end", "cut", "dropout", "one arm", "both")
COLUMNS, ROWS = 700, 450
SETS = 40
SEED = 20
AXES = 0.4  # pixels: standard deviation of each end of each axis
GIVEN = ("table", "table and events", "n and events", "n")


def trial(rng: np.random.Generator, censoring: str) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return times and events of the two arms, cut where the figure ends."""
    shape, ratio = rng.uniform(0.8, 1.4), np.exp(rng.uniform(np.log(0.5), 0.0))
    end = 1e9 if censoring == "nobody" else rng.uniform(0.8, 2.2)
    arms = []
    for i in range(2):
        n = int(rng.integers(40, 200))
        time = (rng.exponential(1.0, n) / (ratio if i else 1.0)) ** (1 / shape)
        limit = np.full(n, end)
        if censoring in ("cut", "both"):
            limit = np.minimum(limit, rng.uniform(0.3 * end, 1.2 * end, n))
        if censoring in ("dropout", "both") or (censoring == "one arm" and i):
            limit = np.minimum(limit, rng.exponential(rng.uniform(1.5, 4.0) * end, n))
        arms.append((np.minimum(time, limit), (time <= limit).astype(int)))
    return arms


def trace(rng: np.random.Generator, arms: list, axes: float) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the readings of each arm, one a column of pixels; all lie in one figure, whose axes are off alike.

    `axes` is the standard deviation of each end of each axis, in pixels.
    """
    width = max(float(t.max()) for t, _ in arms) * 1.02
    left, right, top, bottom = rng.normal(0.0, axes, 4)
    phase, shift, hidden = rng.uniform(0.0, 1.0), rng.uniform(-0.4, 0.4), rng.uniform(-0.5, 0.5)
    out = []
    for time, event in arms:
        x = np.arange(COLUMNS) + phase
        t = x / COLUMNS * width
        keep = t <= time.max()
        row = np.round(ROWS * (1.0 - survival(time, event, t[keep])) + hidden)
        row = np.where(row > 0, row + shift, 0.0)
        seen = (t[keep] - left * width / COLUMNS) * (1.0 + (right - left) / COLUMNS)
        height = 1.0 - (row + np.where(row > 0, top, 0.0)) / ROWS * (1.0 + (bottom - top) / ROWS)
        out.append((np.maximum(seen, 0.0), np.clip(height, 0.0, 1.0)))
    return out


def survival(time: np.ndarray, event: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the Kaplan-Meier estimate at the times `at`, from the definition."""
    t = np.unique(time[event == 1])
    s = np.cumprod([1.0 - (time[event == 1] == u).sum() / (time >= u).sum() for u in t])
    return np.append(1.0, s)[np.searchsorted(t, at, side="right")]


def measured(seed: int, number: int, axes: float, given: str, sets: int = SETS) -> dict:
    """Return one row: the trial, its range and whether that holds the truth; `given` is one of `GIVEN`."""
    rng = np.random.default_rng([seed, number])
    censoring = CENSORING[number % len(CENSORING)]
    arms = trial(rng, censoring)
    seen = trace(rng, arms, axes)
    end = max(t.max() for t, _ in arms)
    rows = np.linspace(0.0, end, int(rng.integers(6, 17)))[:-1]
    made = []
    for (time, event), (t, s) in zip(arms, seen, strict=True):
        known = {"events": int(event.sum())} if "events" in given else {}
        known |= {"at_risk": (rows, [int((time >= r).sum()) for r in rows])} if "table" in given else {"n": len(time)}
        made.append(mo.curves.reconstruct_ipd(t, s, points="pixels", accept_unidentified=given == "n", **known))
    parts = [one.ensemble(sets, seed=seed + i) for i, one in enumerate(made)]
    frame = pd.concat([one.frame.assign(arm=i) for i, one in enumerate(parts)])
    got = mo.survival.hazard_ratio_of_ensemble(frame, control=0)
    truth = mo.survival.hazard_ratio(
        pd.concat(pd.DataFrame({"time": t, "event": e, "arm": i}) for i, (t, e) in enumerate(arms)), control=0
    ).estimate
    draws = got.draws["estimate"]
    return {
        "censoring": censoring,
        "n": sum(len(t) for t, _ in arms),
        "held": got.range_low <= truth <= got.range_high,
        "width": got.range_high - got.range_low,
        "z": (truth - draws.mean()) / draws.std(),
        "interval": got.ci_low <= truth <= got.ci_high,
        "off": truth - draws.mean(),
        "events": sum(int(e.sum()) for _, e in arms),
        "events_drawn": float(got.draws[["events_t", "events_c"]].sum(axis=1).mean()),
    }


def main() -> None:
    """Print a line for each way of censoring, with what is given."""
    warnings.simplefilter("ignore")
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    for given in sys.argv[2:] or GIVEN:
        each = range(trials * len(CENSORING))
        rows = pd.DataFrame([measured(SEED, i, AXES, given) for i in each])
        print(given, flush=True)
        for name, part in [*rows.groupby("censoring", sort=False), ("all", rows)]:
            print(
                f"  {name:10s} held {part['held'].sum():4d} of {len(part):4d} ({part['held'].mean():.3f}), "
                f"width {part['width'].median():.3f}, sd of z {part['z'].std():.2f}, "
                f"interval {part['interval'].sum()}",
                flush=True,
            )


if __name__ == "__main__":
    main()
