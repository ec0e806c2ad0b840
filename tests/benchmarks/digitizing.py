"""Print how far figures of pixels are read from the truth: python tests/benchmarks/digitizing.py [STYLE ...]"""

from __future__ import annotations

import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))
from curve_renders import EASY, PIXEL_LOOKS, in_order, patients, reading_error, render, ticks_of

import metaonc as mo

IMAGES = {"png 100": (100, None), "png 200": (200, None), "png 300": (300, None)} | {
    f"jpeg {quality} {dpi}": (dpi, quality) for quality, dpi in ((60, 150), (75, 200), (90, 150))
}
ARMS, SEEDS = (1, 2, 3, 4), 3
ROWS = np.arange(0, 43, 6)


def main() -> None:
    """Print a line for each style and kind of image."""
    warnings.simplefilter("ignore")
    print(f"{'style':18s} {'image':12s}  n failed   RMSE median    p90     max   |log HR| p90  marks  s/figure")
    everything = []
    for name in sys.argv[1:] or PIXEL_LOOKS:
        for image in IMAGES:
            rows = pd.concat([_measured(name, image, arms, seed) for arms in ARMS for seed in range(SEEDS)])
            everything.append(rows.assign(style=name))
            _print(name, image, rows)
    table = pd.concat(everything)
    easy = table["style"].isin(EASY)
    for group, rows in (("plain", table[easy]), ("hard", table[~easy]), ("all", table)):
        if len(rows):
            _print(group, "", rows)


def _measured(name: str, image: str, arms: int, seed: int) -> pd.DataFrame:
    """Return one row an arm."""
    look, (dpi, quality) = PIXEL_LOOKS[name], IMAGES[image]
    data = patients(arms, 1000 * arms + seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figure.png"
        render(data, look, path, dpi, quality)
        start = time.perf_counter()
        try:
            found = mo.curves.digitize(path, **ticks_of(look), n_curves=arms, kind="event" if look.event else None)
        except mo.errors.DataError as problem:
            print("   ", name, image, arms, seed, str(problem).partition("' ")[2][:150])
            return pd.DataFrame({"failed": [True] * arms})
        seconds = time.perf_counter() - start
    curves = in_order(found.curves, data, look)
    rows = [
        {
            "failed": False,
            "rmse": reading_error(got, arm, look.bottom)[0],
            "marks": len(got.censor_times) / len(np.unique(arm[0][arm[1] == 0])) if look.mark else np.nan,
            "seconds": seconds,
            "log_hr": np.nan,
        }
        for got, arm in zip(curves, data, strict=True)
    ]
    worst = max(row["rmse"] for row in rows)
    if worst > 0.012:
        print("   ", name, image, arms, seed, "rmse", [round(row["rmse"], 4) for row in rows])
    if arms == 2 and not look.bottom and worst < 0.1:
        rows[0]["log_hr"] = abs(_log_hr(_back(curves, data)) - _log_hr(_truth(data)))
    return pd.DataFrame(rows)


def _back(curves, data) -> pd.DataFrame:
    frames = []
    for i, (got, (times, _)) in enumerate(zip(curves, data, strict=True)):
        table = {"time": ROWS, "n_risk": [int((times >= row).sum()) for row in ROWS]}
        back = mo.curves.reconstruct_ipd(got.time, got.survival, points=got.points, at_risk=table)
        frames.append(back.ipd.assign(arm=i))
    return pd.concat(frames)


def _truth(data) -> pd.DataFrame:
    return pd.concat(pd.DataFrame({"time": t, "event": e, "arm": i}) for i, (t, e) in enumerate(data))


def _log_hr(ipd: pd.DataFrame) -> float:
    return float(np.log(mo.survival.hazard_ratio(ipd, control=0).hr))


def _print(name: str, image: str, rows: pd.DataFrame) -> None:
    good = rows[~rows["failed"].astype(bool)]
    if not len(good):
        print(f"{name:18s} {image:12s} {len(rows):3d} all failed")
        return
    q = good["rmse"].quantile
    print(
        f"{name:18s} {image:12s} {len(rows):3d} {int(rows['failed'].sum()):5d}       {q(0.5):.4f}   {q(0.9):.4f}   "
        f"{q(1):.4f}     {good['log_hr'].quantile(0.9):8.4f}     {good['marks'].median():5.2f}   "
        f"{good['seconds'].median():.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
