"""Print how lines of near colours are read, by kind: python tests/benchmarks/shades.py [KIND ...]

Two to four arms of known patients, lines of 1 to 3 pixels, as PNG and as JPEG of quality 75, censoring ticks on every
second figure. Read right is within 0.01 of survival (root mean square), its end within a twentieth of the follow-up;
else it is wrong, and silent unless a warning names the curve.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from collections import Counter
from itertools import permutations, product
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))
from curve_renders import curve, patients, root_mean_square

import metaonc as mo

KINDS = {
    "black and greys": (("#000000", "-"), ("#808080", "-"), ("#b0b0b0", "-"), ("#505050", "-")),
    "black, dashed": (("#000000", "-"), ("#000000", "--"), ("#000000", ":"), ("#000000", "-.")),
    "black and grey, dashed": (("#000000", "-"), ("#808080", "--"), ("#000000", ":"), ("#808080", "-.")),
    "dark hues": (("#1a1a4d", "-"), ("#4d1a1a", "-"), ("#1a4d1a", "-"), ("#4d4d1a", "-")),
    "near blues": (("#1f77b4", "-"), ("#6baed6", "-"), ("#08306b", "-"), ("#17becf", "-")),
    "near reds": (("#d62728", "-"), ("#ff7f0e", "-"), ("#8c1515", "-"), ("#e377c2", "-")),
    "pale": (("#a6cee3", "-"), ("#fdbf6f", "-"), ("#b2df8a", "-"), ("#cab2d6", "-")),
    "black and colours": (("#000000", "-"), ("#1f77b4", "-"), ("#7f7f7f", "-"), ("#d62728", "-")),
    "two colours, dashed": (("#1f77b4", "-"), ("#1f77b4", "--"), ("#d62728", "-"), ("#d62728", "--")),
}
DPI, TOLERANCE, END = 150, 0.01, 0.05


def drawn(path: Path, data: list, looks: tuple, width: int, quality: int | None, ticks: bool) -> Path:
    """Draw a figure."""
    figure, ax = plt.subplots(figsize=(5.5, 4.0))
    for (colour, line), arm in zip(looks, data, strict=False):
        t, _, _, s = curve(*arm)
        ax.plot(np.append(0, t), np.append(1, s), drawstyle="steps-post", color=colour, ls=line, lw=width * 72 / DPI)
        if ticks:
            at = np.unique(arm[0][arm[1] == 0])
            ax.plot(at, s[np.searchsorted(t, at)], "|", color=colour, ms=6)
    ax.set(xlim=(0, 44), ylim=(0, 1.02), xticks=range(0, 43, 6))
    figure.savefig(path, dpi=DPI)
    plt.close(figure)
    if quality is None:
        return path
    with Image.open(path) as image:
        image.convert("RGB").save(path.with_suffix(".jpg"), quality=quality)
    return path.with_suffix(".jpg")


def outcome(path: Path, data: list) -> tuple[str, list[float]]:
    """Return what became of a figure, and the root mean square error of each arm."""
    try:
        found = mo.curves.digitize(path, x_ticks=(0, 42), y_ticks=(0, 1), n_curves=len(data))
    except mo.MetaoncError:
        return "refused", []
    true = [curve(*arm) for arm in data]
    errors = np.array([[root_mean_square(c, t, s, t[-1]) for t, _, _, s in true] for c in found.curves])
    order = min(permutations(range(len(data))), key=lambda o: errors[range(len(data)), o].sum())
    mine = errors[range(len(data)), order]
    late = [abs(c.time[-1] / true[k][0][-1] - 1) > END for c, k in zip(found.curves, order, strict=True)]
    wrong = [i for i, off in enumerate(mine, 1) if off > TOLERANCE or late[i - 1]]
    said = [w for w in found.warnings if w.startswith("curve ")]
    if any(not any(w.startswith(f"curve {i} ") for w in said) for i in wrong):
        return "wrong, silent", mine.tolist()
    return "wrong, said" if wrong else "right, said" if said else "right", mine.tolist()


def main() -> None:
    """Print a line for each kind."""
    warnings.simplefilter("ignore")
    for kind in sys.argv[1:] or KINDS:
        count, errors = Counter(), []
        for i, (arms, quality, width) in enumerate(product((2, 3, 4), (None, 75), (1, 2, 3))):
            data = patients(arms, 7000 + 100 * list(KINDS).index(kind) + i)
            with tempfile.TemporaryDirectory() as folder:
                path = drawn(Path(folder) / "figure.png", data, KINDS[kind], width, quality, bool(i % 2))
                what, off = outcome(path, data)
            count[what] += 1
            errors += off if what.startswith("right") else []
        rmse = f"RMSE {np.median(errors):.4f}, at most {max(errors):.4f}" if errors else ""
        print(f"{kind:24s} {dict(count)} {rmse}", flush=True)


if __name__ == "__main__":
    main()
