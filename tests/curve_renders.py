"""Kaplan-Meier figures of known patients, drawn in journals' styles, and how far a reading is from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

from metaonc.data.digitize.options import apart

matplotlib.use("Agg")

COLOURS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728")
GREYS = (("0.0", "-"), ("0.0", "--"), ("0.4", ":"), ("0.4", "-."))
FORMATS = {
    "pdf-type3": {"pdf.fonttype": 3},
    "pdf-truetype": {"pdf.fonttype": 42},
    "svg-text": {"svg.fonttype": "none"},
    "svg-paths": {"svg.fonttype": "path"},
    "image": {},
}
VECTOR = [form for form in FORMATS if form != "image"]
DASHES = ("-", "--", (0, (5, 1, 1, 1)), ":")


@dataclass(frozen=True)
class Look:
    """How a figure is drawn."""

    mark: str = ""
    band: bool = False
    grid: bool = False
    percent: bool = False
    event: bool = False
    bottom: float = 0.0
    grey: bool = False
    dashed: bool = False
    panel: bool = False
    minor: bool = False
    margin: float = 0.0
    width: float = 1.4
    legend: str = "upper right"
    table: bool = False
    rc: dict[str, Any] = field(default_factory=dict)


LOOKS = {
    "plain": Look(),
    "bars": Look(mark="|"),
    "crosses": Look(mark="+"),
    "diagonal crosses": Look(mark="x"),
    "dots": Look(mark="o"),
    "bands": Look(mark="|", band=True),
    "grid": Look(mark="|", grid=True),
    "percent": Look(mark="|", percent=True),
    "events": Look(mark="|", event=True, legend="lower right"),
    "truncated": Look(mark="|", bottom=0.4),
    "grey": Look(grey=True),
    "table": Look(mark="|", table=True),
    "hard": Look(mark="+", band=True, grid=True, percent=True, legend="lower left", table=True),
}
PIXEL_LOOKS = {
    **LOOKS,
    "dashed colours": Look(dashed=True),
    "open axes": Look(mark="|", margin=0.05, rc={"axes.spines.top": False, "axes.spines.right": False}),
    "ticks inside": Look(mark="|", rc={"xtick.direction": "in", "ytick.direction": "in"}),
    "ticks all round": Look(
        rc={"xtick.direction": "in", "ytick.direction": "in", "xtick.top": True, "ytick.right": True}
    ),
    "minor ticks": Look(minor=True),
    "grey panel": Look(mark="|", panel=True, margin=0.05),
    "thick": Look(mark="|", width=2.5),
    "thin": Look(mark="|", width=0.7),
}
EASY = ("plain", "open axes", "ticks inside", "ticks all round", "minor ticks", "thick", "thin", "events", "percent")


def patients(arms: int, seed: int, size: int | None = None) -> list[tuple[np.ndarray, np.ndarray]]:
    """Arms of 40 to 250 patients with exponential times, even entry and loss to follow-up."""
    rng = np.random.default_rng(seed)
    out = []
    for i in range(arms):
        n = size or int(rng.integers(40, 251))
        time, end = rng.exponential(14 + 7 * i, n), np.minimum(rng.uniform(18, 42, n), rng.exponential(80, n))
        out.append((np.minimum(time, end), (time <= end).astype(int)))
    return out


def curve(time, event):
    """Distinct times, numbers at risk, events and survival, straight from the definition."""
    t = np.unique(time)
    n = np.array([(time >= u).sum() for u in t])
    d = np.array([event[time == u].sum() for u in t])
    return t, n, d, np.cumprod(1 - d / n)


def draw(data, look: Look, path, form: str, *, simplify: bool = False, dpi: float = 100):
    """Draw the figure."""
    with plt.rc_context({**FORMATS[form], "path.simplify": simplify, **look.rc}):
        fig, ax = plt.subplots(figsize=(5.5, 4.6 if look.table else 4.0), layout="none")
        if look.table:
            fig.subplots_adjust(bottom=0.34, left=0.2)
        for i, arm in enumerate(data):
            _draw_arm(ax, arm, i, look)
        unit = 100 if look.percent else 1
        ax.set_xlim(-44 * look.margin, 44)
        ax.set_ylim((look.bottom - look.margin) * unit, (1.02 + look.margin) * unit)
        ax.set_xticks(range(0, 43, 6))
        ax.grid(look.grid)
        if look.minor:
            ax.minorticks_on()
        if look.panel:
            ax.set(facecolor="0.92", axisbelow=True)
            ax.grid(True, color="white")
            ax.spines[:].set_visible(False)
        ax.set(xlabel="Months", ylabel="Survival")
        ax.legend(loc=look.legend)
        if look.table:
            _draw_table(ax, data)
        fig.savefig(path, dpi=dpi)
        plt.close(fig)


def render(data, look: Look, path, dpi: float = 150, quality: int | None = None):
    """Draw the figure as pixels: a JPEG of that quality, or what the path's ending says."""
    draw(data, look, path if quality is None else path.with_suffix(".png"), "image", dpi=dpi)
    if quality is not None:
        with Image.open(path.with_suffix(".png")) as image:
            image.convert("RGB").save(path, format="JPEG", quality=quality)


def _draw_arm(ax, arm, i, look):
    t, n, d, s = curve(*arm)
    x, y = np.append(0, t), np.append(1, s)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = 1.96 * y * np.sqrt(np.append(0, np.cumsum(d / (n * (n - d)))))
    unit = 100 if look.percent else 1
    shown = [unit * (1 - v if look.event else v) for v in (y, y - error, y + error)]
    colour, line = GREYS[i] if look.grey else (f"C{i}", DASHES[i] if look.dashed else "-")
    ax.plot(
        x, shown[0], drawstyle="steps-post", color=colour, ls=line, lw=look.width, label=f"Arm {'ABCD'[i]}", markevery=1
    )
    if look.band:
        ax.fill_between(x, shown[1], shown[2], step="post", color=colour, alpha=0.2, lw=0)
    if look.mark:
        at = np.unique(arm[0][arm[1] == 0])
        level = shown[0][np.searchsorted(x, at, side="right") - 1]
        ax.plot(at, level, look.mark, color=colour, ms=4 if look.mark == "o" else 6)


def _draw_table(ax, data):
    ax.text(-9, -0.29, "Number at risk", transform=ax.get_xaxis_transform())
    for i, (time, _) in enumerate(data):
        y = -0.36 - 0.065 * i
        ax.text(-9, y, f"Arm {'ABCD'[i]}", transform=ax.get_xaxis_transform())
        for at in range(0, 43, 6):
            ax.text(at, y, str((time >= at).sum()), ha="center", transform=ax.get_xaxis_transform())


def root_mean_square(digitized, t, s, end):
    """Root mean square difference of two staircases from 0 to `end`, by the exact integral over every step."""
    times = digitized.time
    if digitized.points == "pixels":  # a drop between two columns is read in their middle
        times = np.append(times[0], (times[1:] + times[:-1]) / 2)
    edges = np.unique(np.clip(np.concatenate([[0, end], t, times]), 0, end))
    middle, width = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    truth = np.append(1, s)[np.searchsorted(t, middle, side="right")]
    read = digitized.survival[np.maximum(np.searchsorted(times, middle, side="right") - 1, 0)]
    return float(np.sqrt(np.sum(width * (truth - read) ** 2) / end))


def reading_error(digitized, arm, bottom: float = 0.0):
    """Root mean square error of survival along time, and the share of true corners found, where the figure shows it."""
    t, _, d, s = curve(*arm)
    lost = np.flatnonzero(s < bottom)
    end = t[lost[0]] if len(lost) else t[-1]
    rmse = root_mean_square(digitized, t, s, end)
    drops, after = t[(d > 0) & (s >= bottom)], s[(d > 0) & (s >= bottom)]
    near = (np.abs(digitized.time[:, None] - drops) < 0.01) & (np.abs(digitized.survival[:, None] - after) < 5e-4)
    return rmse, float(near.any(axis=0).mean()) if len(drops) else 1.0


def in_order(curves, data, look: Look):
    """Return the curves in the order of the arms: by matplotlib's colours, of grey ones those that fit best."""
    if look.grey:
        errors = np.array([[reading_error(c, arm, look.bottom)[0] for c in curves] for arm in data])
        orders = permutations(range(len(curves)), len(data))
        return [curves[k] for k in min(orders, key=lambda o: errors[np.arange(len(data)), o].sum())]
    return [min(curves, key=lambda c: apart(c.colour, colour)) for colour in COLOURS[: len(data)]]


def ticks_of(look: Look) -> dict[str, Any]:
    """What a user says of the axes when their labels are no text."""
    unit = 100 if look.percent else 1
    return {"x_ticks": (0, 42), "y_ticks": (look.bottom * unit, unit)}
