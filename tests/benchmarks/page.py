"""Print what one change on the page of a figure costs: python tests/benchmarks/page.py [ARMS ...]

Pictures of two, three and four arms of 120 to 400 patients, drawn by matplotlib with their marks as PNG of 150 dots an
inch, read by axes and colours that are stated, with a table of numbers at risk and without. Each change is answered
by a page of its own that has answered what was there before, as a browser asks it: seconds of the processor, the least
of three rounds.
"""

from __future__ import annotations

import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np

import metaonc as mo
from metaonc.data.digitize.hand.record import Hand, Printed
from metaonc.workflow.page.opening import hand_of
from metaonc.workflow.page.session import Session

ARMS = (2, 3, 4)
SEED = 12
ROUNDS = 3
MONTHS = 36.0
ROWS = np.arange(0.0, MONTHS, 6.0)
COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd")
MOST = 0.3  # seconds that a change may take

Arms = list[tuple[np.ndarray, np.ndarray]]


def patients(rng: np.random.Generator, count: int) -> Arms:
    """Return times and events of arms that enter evenly over 20 months and are followed to the end."""
    arms = []
    for i in range(count):
        n = int(rng.integers(120, 400))
        died, left = rng.exponential(10.0 * 1.5**i, n), rng.uniform(MONTHS - 20, MONTHS, n)
        arms.append((np.minimum(died, left), (died <= left).astype(int)))
    return arms


def drawn(arms: Arms, path: Path) -> dict:
    """Write the picture; return what `digitize` is told of it."""
    from matplotlib import pyplot as plt

    fig, ax = plt.subplots(figsize=(6.5, 4.6), dpi=150)
    for (time_, event), colour in zip(arms, COLOURS, strict=False):
        t = np.unique(time_)
        s = np.cumprod([1.0 - ((time_ == u) & (event == 1)).sum() / (time_ >= u).sum() for u in t])
        ax.step(np.append(0.0, t), np.append(1.0, s), where="post", color=colour, lw=1.4)
        marks = np.unique(time_[event == 0])
        ax.plot(marks, s[np.searchsorted(t, marks)], ls="", marker="|", ms=7, mew=1.2, color=colour)
    ax.set(xlim=(0, MONTHS), ylim=(0, 1.05))
    fig.savefig(path)
    (x0, y0), (x1, y1) = ax.transData.transform([(0, 0), (MONTHS, 1)])
    high = fig.bbox.height - 0.5
    plt.close(fig)
    axes = {"x_axis": [(x0 - 0.5, 0), (x1 - 0.5, MONTHS)], "y_axis": [(high - y1, 1), (high - y0, 0)]}
    return axes | {"colours": list(COLOURS[: len(arms)]), "n_curves": len(arms), "ocr": False}


def typed(path: Path, arms: Arms, told: dict, *, table: bool) -> Hand:
    """Return the record of the figure with n of every arm, and the table or the totals of events."""
    found = mo.curves.digitize(path, **told)
    hand = hand_of(found, found.calibration)
    curves = []
    for curve in hand.curves:
        t, event = arms[COLOURS.index(curve.colour)]
        known = {"n_risk": tuple(int((t >= row).sum()) for row in ROWS)} if table else {"events": int(event.sum())}
        curves.append(replace(curve, n=len(t), **known))
    return replace(hand, curves=tuple(curves), risk_times=tuple(ROWS) if table else (), unconfirmed=())


def changes(hand: Hand) -> Iterator[tuple[str, Hand]]:
    """Yield what may be changed next, and the record with it."""
    first, *others = hand.curves
    x0, (x1, last) = hand.x_axis

    def with_first(**new) -> Hand:
        return replace(hand, curves=(replace(first, **new), *others))

    yield "n of an arm", with_first(n=first.n + 5, n_risk=(first.n + 5, *first.n_risk[1:]) if first.n_risk else ())
    if first.n_risk:
        yield "a row of the table", with_first(n_risk=(*first.n_risk[:2], first.n_risk[2] - 1, *first.n_risk[3:]))
        yield "a total beside the table", with_first(events=first.n // 2)
    else:
        yield "the total of an arm", with_first(events=first.events - 2)
        yield "a total that does not fit", with_first(events=first.events // 3)
    if first.marks:
        yield "a mark", with_first(marks=first.marks[1:])
    names = {"control": first.label, "treatment": others[0].label}
    yield "a printed ratio", replace(hand, printed=Printed(hr=0.8, ci_low=0.6, ci_high=1.0, **names))
    yield "an axis, of which all curves are", replace(hand, x_axis=(x0, (x1 + 0.3, last)))


def seconds(path: Path, hand: Hand, other: Hand, folder: Path) -> float:
    """Return what the answer to a change takes."""
    took = []
    for i in range(ROUNDS):
        session = Session(path, out=folder / f"{path.stem}-{i}", force=True)
        session.answer("solve", {"hand": hand.plain()})
        asked = {"hand": other.plain()}
        start = time.process_time()
        answer = session.answer("solve", asked)
        took.append(time.process_time() - start)
        assert all("problem" not in curve for curve in answer["solved"]["curves"]), answer
    return min(took)


def main(counts: Sequence[int]) -> None:
    """Print a line for each change of each figure."""
    warnings.simplefilter("ignore")
    mpl.use("Agg")
    slow = 0
    with tempfile.TemporaryDirectory() as folder:
        for count in counts:
            arms = patients(np.random.default_rng([SEED, count]), count)
            path = Path(folder) / f"arms-{count}.png"
            told = drawn(arms, path)
            for table in (True, False):
                hand = typed(path, arms, told, table=table)
                print(f"{count} arms, {'table' if table else 'totals of events'}", flush=True)
                for name, other in changes(hand):
                    took = seconds(path, hand, other, Path(folder))
                    slow += took >= MOST
                    print(f"  {name:34s} {took:6.3f} s", flush=True)
    print(f"{slow} of these changes take {MOST} s or more")


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or ARMS)
