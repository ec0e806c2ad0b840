"""The level of a line where marks stand beside what it does."""

import numpy as np
import pytest
from matplotlib.figure import Figure

import metaonc as mo


def drawn(path, mark, before, *, falls=True):
    """Draw a line that ends with a drop to 0, or level, a mark `before` its end, in months; return its last level."""
    rng = np.random.default_rng(3)
    times = np.sort(rng.exponential(8, 40))
    level = 100 * (1 - np.arange(1, 41) / 43)
    end = times[-1] + 3
    figure = Figure(figsize=(6, 4), dpi=150)
    ax = figure.subplots()
    ax.step(
        [0, *times, end, end],
        [100, *level, level[-1], 0 if falls else level[-1]],
        where="post",
        color="#1f4e9c",
        lw=1.5,
    )
    on = np.arange(4, 40, 6)
    ax.plot(times[on] + 0.1, level[on], mark, color="#1f4e9c", ms=6, mew=1)
    ax.plot(end - before, level[-1], mark, color="#1f4e9c", ms=6, mew=1)
    ax.set(xlim=(0, 48), ylim=(0, 100), xticks=range(0, 49, 12))
    figure.savefig(path)
    return level[-1] / 100


@pytest.mark.parametrize(
    ("mark", "before"), [("+", 0.2), ("+", 0.5), ("|", 0.2), ("|", 0.5), ("x", 0.2), ("x", 0.3), ("x", 0.5)]
)
@pytest.mark.filterwarnings("ignore::metaonc.errors.DataWarning")
def test_a_drop_beside_the_last_mark_is_the_end_of_the_line(tmp_path, mark, before):
    drawn(tmp_path / "figure.png", mark, before)
    found = mo.curves.digitize(tmp_path / "figure.png", x_ticks=(0, 48), y_ticks=(0, 100))
    line = found.points[found.points["point"] != "censored"]
    assert line["survival"].min() == pytest.approx(0, abs=0.007)  # the lower half of the line lies under the axis


@pytest.mark.filterwarnings("ignore::metaonc.errors.DataWarning")
def test_a_mark_at_the_end_is_no_drop(tmp_path):
    last = drawn(tmp_path / "figure.png", "|", 0.0, falls=False)
    found = mo.curves.digitize(tmp_path / "figure.png", x_ticks=(0, 48), y_ticks=(0, 100))
    line = found.points[found.points["point"] != "censored"]
    assert line["survival"].min() == pytest.approx(last, abs=0.002)


def ended(path, *, falls):
    """Draw a line with a mark at its end, just after a last drop or without it; return its last level."""
    level = 1 - np.arange(1, 21) / 30
    last = level[-1] - 0.08 * falls
    figure = Figure(figsize=(6, 4), dpi=100)
    ax = figure.subplots()
    look = {"color": "#1f4e9c", "ms": 16, "mew": 1.44, "ls": "none"}
    ax.step([*range(21), 21.9, 22], [1, *level, last, last], where="post", color="#1f4e9c", lw=1.44)
    ax.plot(np.arange(3.5, 19, 3), level[2:18:3], "|", **look)
    ax.plot(22, last, "|", **look)
    ax.set(xlim=(0, 24), ylim=(0, 1.02), xticks=range(0, 25, 6))
    figure.savefig(path)
    return last


@pytest.mark.filterwarnings("ignore::metaonc.errors.DataWarning")
@pytest.mark.parametrize("falls", [True, False])
def test_a_mark_on_the_level_after_the_last_drop_is_no_drop(tmp_path, falls):
    last = ended(tmp_path / "figure.png", falls=falls)
    found = mo.curves.digitize(tmp_path / "figure.png", x_ticks=(0, 24), y_ticks=(0, 1), n_curves=1)
    assert found.curves[0].survival[-1] == pytest.approx(last, abs=0.005)
