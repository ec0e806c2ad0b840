"""Make the teaching curves anew: ``python docs/make_curves.py [--draw]``.

Real patients that lifelines ships are drawn as papers print them (``--draw`` only, since the bytes of a figure change
with matplotlib's version), and every curve that datasets/curves/curves.csv lists is read back from its figure into
points.csv, at_risk.csv and censor_marks.csv. Then the patients are brought up to date as datasets/README.md says,
with ``python tests/refresh_datapackage.py`` before it and after it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from lifelines.datasets import load_gbsg2, load_leukemia, load_lung
from matplotlib.axes import Axes

import metaonc as mo

HOME = Path(__file__).parents[1] / "datasets" / "curves"
MONTH = 30.4375  # days
DIGITS = 6  # of a coordinate: far below what any figure holds
PLAIN = {"svg.fonttype": "none", "svg.hashsalt": "metaonc", "pdf.fonttype": 42, "path.simplify": False,
         "font.size": 8, "font.family": "DejaVu Sans"}  # fmt: skip


def lung(column: str, names: Mapping[int, str]) -> pd.DataFrame:
    """Return the patients of the lung cancer study in groups, in months; those of no group are left out."""
    data = load_lung()
    patients = pd.DataFrame(
        {"time": data["time"] / MONTH, "event": data["status"], "arm": data[column].map(dict(names))}
    )
    return patients.dropna().reset_index(drop=True)


def breast(menopause: str | None = None) -> pd.DataFrame:
    """Return the patients of the breast cancer trial by hormone therapy, in months."""
    data = load_gbsg2()
    data = data if menopause is None else data[data["menostat"] == menopause]
    arm = data["horTh"].map({"yes": "Hormone therapy", "no": "No hormone therapy"})
    return pd.DataFrame({"time": data["time"] / MONTH, "event": data["cens"], "arm": arm}).reset_index(drop=True)


def leukaemia() -> pd.DataFrame:
    """Return the patients of the leukaemia trial by treatment, in weeks."""
    data = load_leukemia()
    return pd.DataFrame({"time": data["t"], "event": data["status"], "arm": data["Rx"].map({0: "6-MP", 1: "Placebo"})})


PATIENTS: dict[str, Callable[[], pd.DataFrame]] = {  # figure -> the patients behind it
    "lung_sex.svg": lambda: lung("sex", {1: "Men", 2: "Women"}),
    "lung_ecog.pdf": lambda: lung("ph.ecog", {0: "ECOG 0", 1: "ECOG 1", 2: "ECOG 2"}),
    "gbsg2_hormone.pdf": breast,
    "gbsg2_premenopausal.svg": lambda: breast("Pre"),
    "gbsg2_postmenopausal.svg": lambda: breast("Post"),
    "leukaemia.svg": leukaemia,
}


def draw() -> None:
    """Draw the figures."""
    house = mo.survival.kaplan_meier(PATIENTS["lung_sex.svg"](), by="arm", unit="months")
    ax = mo.plot.km(house, hazard_ratio=mo.survival.hazard_ratio(PATIENTS["lung_sex.svg"](), control="Men"))
    ax.set_ylabel("Overall survival")
    mo.save(ax, HOME / "figures" / "lung_sex.svg")
    with mpl.rc_context(PLAIN):
        _grey_and_percent()
        _rising()
        _subgroup("gbsg2_premenopausal.svg")
        _subgroup("gbsg2_postmenopausal.svg")
        _without_table()


def _grey_and_percent() -> None:
    """Print black lines, whole and dashed, survival in percent, and the table beneath."""
    looks = {"Hormone therapy": {"color": "black"}, "No hormone therapy": {"color": "black", "dashes": (4, 2)}}
    figure, ax = plt.subplots(figsize=(5.2, 4.2))
    figure.subplots_adjust(left=0.3, right=0.96, top=0.96, bottom=0.3)
    _curves(ax, PATIENTS["gbsg2_hormone.pdf"](), looks, np.arange(0, 85, 12), scale=100, table=True)
    ax.set(xlabel="Months since randomisation", ylabel="Recurrence-free survival (%)", ylim=(0, 105))
    ax.set_yticks(range(0, 101, 20))
    ax.legend(frameon=False, loc="lower left")
    ax.text(36, 95, _ratio("gbsg2_hormone.pdf"))
    _write(figure, "gbsg2_hormone.pdf")


def _rising() -> None:
    """Print the share of patients who died, rising, by performance status."""
    colours = dict(zip(("ECOG 0", "ECOG 1", "ECOG 2"), ("#1b7837", "#762a83", "#b35806"), strict=True))
    figure, ax = plt.subplots(figsize=(5.2, 4.2))
    figure.subplots_adjust(left=0.2, right=0.96, top=0.96, bottom=0.33)
    looks = {name: {"color": colour} for name, colour in colours.items()}
    _curves(ax, PATIENTS["lung_ecog.pdf"](), looks, np.arange(0, 31, 6), rising=True, table=True)
    ax.set(xlabel="Months", ylabel="Cumulative incidence of death", ylim=(0, 1.02))
    medians = mo.survival.kaplan_meier(PATIENTS["lung_ecog.pdf"](), by="arm").medians["median"]
    ax.text(15, 0.3, "Median " + ", ".join(f"{m:.1f}" for m in medians) + " months")
    ax.legend(frameon=False, loc="lower right")
    _write(figure, "lung_ecog.pdf")


def _subgroup(name: str) -> None:
    """Print one of two subgroups with its table."""
    looks = {"Hormone therapy": {"color": "#0072b2"}, "No hormone therapy": {"color": "#d55e00"}}
    figure, ax = plt.subplots(figsize=(5.2, 3.8))
    figure.subplots_adjust(left=0.3, right=0.96, top=0.96, bottom=0.3)
    _curves(ax, PATIENTS[name](), looks, np.arange(0, 85, 24), table=True)
    ax.set(xlabel="Months", ylabel="Recurrence-free survival", ylim=(0, 1.03))
    ax.text(34, 0.95, _ratio(name))
    ax.legend(frameon=False, loc="lower left")
    _write(figure, name)


def _ratio(name: str) -> str:
    ratio = mo.survival.hazard_ratio(PATIENTS[name](), control="No hormone therapy")
    low, high = np.exp([ratio.ci_low, ratio.ci_high])
    return f"Hazard ratio {ratio.hr:.2f} (95% CI {low:.2f} to {high:.2f})"


def _without_table() -> None:
    """Print a small trial without numbers at risk; patients and events stand in the legend."""
    looks = {"6-MP": {"color": "#0072b2"}, "Placebo": {"color": "#000000"}}
    counts = PATIENTS["leukaemia.svg"]().groupby("arm")["event"].agg(["sum", "size"])
    figure, ax = plt.subplots(figsize=(4.6, 3.2))
    figure.subplots_adjust(left=0.13, right=0.96, top=0.96, bottom=0.14)
    _curves(ax, PATIENTS["leukaemia.svg"](), looks, np.arange(0, 36, 5))
    ax.set(xlabel="Weeks", ylabel="In remission", ylim=(0, 1.03))
    names = [f"{arm}, {counts['sum'][arm]} of {counts['size'][arm]} relapsed" for arm in looks]
    ax.legend(ax.get_lines()[::2], names, frameon=False, loc="upper right")
    _write(figure, "leukaemia.svg")


def _curves(
    ax: Axes, patients: pd.DataFrame, looks: Mapping[str, Any], ticks: Any, *, scale: float = 1, rising: bool = False,
    table: bool = False,
) -> None:  # fmt: skip
    """Draw steps and marks, and print who is at risk below the ticks."""
    found = mo.survival.kaplan_meier(patients, by="arm").curves
    for name, look in looks.items():
        curve = found[name]
        height = scale * (1 - curve.survival if rising else curve.survival)
        ax.step(curve.time, height, where="post", label=name, linewidth=0.9, **look)
        gone = curve.n_censor > 0
        ax.plot(curve.time[gone], height[gone], "|", color=look["color"], markersize=5, markeredgewidth=0.6)
    ax.set_xticks(ticks)
    ax.set_xlim(0, 1.03 * max(c.time[-1] for c in found.values()))
    ax.spines[["top", "right"]].set_visible(False)
    if not table:
        return
    place = ax.get_xaxis_transform()
    ax.text(0, -0.25, "No. at risk", transform=place, ha="right", va="center", fontweight="bold")
    for row, name in enumerate(looks):
        y = -0.32 - 0.07 * row
        ax.text(-0.08 * ax.get_xlim()[1], y, name, transform=place, ha="right", va="center")
        for tick, count in zip(ticks, found[name].at(ticks)["n_risk"], strict=True):
            ax.text(tick, y, f"{count:.0f}", transform=place, ha="center", va="center")


def _write(figure: Any, name: str) -> None:
    date = {"Date": None} if name.endswith(".svg") else {"CreationDate": None}
    figure.savefig(HOME / "figures" / name, metadata=date)
    plt.close(figure)


def read_back() -> dict[str, pd.DataFrame]:
    """Return what the figures hold: file name -> its table."""
    curves = pd.read_csv(HOME / "curves.csv", dtype=str, keep_default_na=False)
    tables: dict[str, list[pd.DataFrame]] = {"points": [], "at_risk": [], "censor_marks": []}
    for (file, options), rows in curves.groupby(["figure_file", "digitize_options"], sort=False):
        read = mo.curves.digitize(HOME / str(file), **json.loads(str(options) or "{}"))
        by_label = {c.label: c for c in read.curves}
        assert set(by_label) == set(rows["figure_label"]), (sorted(by_label), list(rows["figure_label"]))
        for curve_id, label in zip(rows["curve_id"], rows["figure_label"], strict=True):
            curve = by_label[label]
            tables["points"].append(pd.DataFrame({"time": curve.time, "survival": curve.survival}))
            tables["at_risk"].append(
                pd.DataFrame(columns=["time", "n_risk"]) if curve.at_risk is None else curve.at_risk
            )
            tables["censor_marks"].append(pd.DataFrame({"time": curve.censor_times}))
            for frames in tables.values():
                frames[-1] = frames[-1].assign(curve_id=curve_id)
    return {name: _joined(frames) for name, frames in tables.items()}


def _joined(frames: list[pd.DataFrame]) -> pd.DataFrame:
    whole = pd.concat([f for f in frames if len(f)], ignore_index=True)
    return whole[["curve_id", *whole.columns.drop("curve_id")]].round(DIGITS)


def main() -> None:
    """Draw where asked, read and write."""
    if "--draw" in sys.argv[1:]:
        draw()
    for name, table in read_back().items():
        (HOME / f"{name}.csv").write_bytes(table.to_csv(index=False).encode())


if __name__ == "__main__":
    main()
