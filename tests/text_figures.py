"""Figures whose text is recognised: drawn with a table and a hazard ratio, and what an engine would find in them."""

from __future__ import annotations

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
from curve_renders import PIXEL_LOOKS, curve
from figure_checks import visible_texts

from metaonc.data.digitize.ocr.engine import Piece

MONTHS = range(0, 43, 6)
HR = "HR 0.71 (95% CI 0.55-0.92)"
DPI = 130


def at_risk(data):
    return [[int((time >= t).sum()) for t in MONTHS] for time, _ in data]


def draw(path, data, *, colours=("C0", "C3"), dpi=DPI, look=PIXEL_LOOKS["plain"], printed=(HR,), turned=False):
    """Draw a figure with a table and lines of printed results; return its pieces of text, and the true scales."""
    unit = 100 if look.percent else 1
    fig, ax = plt.subplots(figsize=(6, 5), layout="none")
    fig.subplots_adjust(bottom=0.34, left=0.2)
    for i, (arm, colour) in enumerate(zip(data, colours, strict=True)):
        t, _, _, s = curve(*arm)
        name = ("Drug A", "Placebo")[i]
        ax.plot(np.append(0, t), unit * np.append(1, s), drawstyle="steps-post", color=colour, lw=1.6, label=name)
        for at, n in zip(MONTHS, at_risk(data)[i], strict=True):
            ax.text(at, -0.36 - 0.07 * i, str(n), ha="center", transform=ax.get_xaxis_transform())
        ax.text(-9, -0.36 - 0.07 * i, name, transform=ax.get_xaxis_transform())
    ax.text(-9, -0.28, "Number at risk", transform=ax.get_xaxis_transform())
    for i, line in enumerate(printed):
        ax.text(2, (0.05 + 0.06 * i) * unit, line)
    ax.set(xlim=(0, 44), ylim=(0, 1.03 * unit), xlabel="Months", xticks=list(MONTHS))
    ax.legend(loc="upper right")
    if turned:
        plt.setp(ax.get_yticklabels(), rotation=90, va="center")
    fig.set_dpi(dpi)
    texts = visible_texts(fig)
    high = fig.bbox.height
    pieces = [
        Piece(
            text.get_text().replace("\N{MINUS SIGN}", "-"),
            (box.x0 - 3, high - box.y1 - 3, box.x1 + 3, high - box.y0 + 3),
            0.99,
            True,
        )
        for text, box in texts
        if text.get_rotation() == 0
    ]
    place = {name: ax.transData.transform((a, b)) for name, (a, b) in {"low": (0, 0), "high": (42, unit)}.items()}
    fig.savefig(path, dpi=dpi)
    plt.close(fig)
    scale = {
        "x": [(place["low"][0] - 0.5, 0), (place["high"][0] - 0.5, 42)],
        "y": [(high - place["low"][1] - 0.5, 0), (high - place["high"][1] - 0.5, unit)],
    }
    return pieces, scale


def recognised_as(monkeypatch, pieces, shape, again=None):
    """Let the engine find what it is told; the image it gets may be enlarged or cut from below a row."""
    calls = []

    def pieces_of(rgb):
        calls.append(rgb.shape)
        by = rgb.shape[1] / shape[1]
        top = shape[0] - rgb.shape[0] / by
        now = pieces if len(calls) == 1 or again is None else again
        moved = [(p, tuple(by * (v - top * (k % 2)) for k, v in enumerate(p.box))) for p in now]
        return [replace(p, box=box) for p, box in moved if box[1] > -3]

    monkeypatch.setattr("metaonc.data.digitize.ocr.words.pieces_of", pieces_of)
    monkeypatch.setattr("metaonc.data.digitize.raster.scales.is_installed", lambda: True)
    monkeypatch.setattr("metaonc.data.digitize.ocr.text.version", lambda: "told")


def shape_of(path):
    """Return rows and columns of an image."""
    return plt.imread(path).shape[:2]
