"""Figures drawn in threads are those drawn in turn, and matplotlib's settings stay the caller's."""

from concurrent.futures import ThreadPoolExecutor

import matplotlib
import numpy as np

import metaonc as mo


def test_figures_of_threads_are_the_same_files(tmp_path):
    rng = np.random.default_rng(5)
    km = mo.survival.kaplan_meier(
        {"time": rng.exponential(9, 60), "event": [1, 0] * 30, "arm": list("ab") * 30}, by="arm"
    )
    pooled = mo.pool({"yi": [-0.4, -0.1, 0.2], "vi": [0.05, 0.02, 0.04]}, measure="HR")
    drawings = [lambda: mo.plot.km(km), lambda: mo.plot.forest(pooled), lambda: mo.plot.funnel(pooled)]

    def draw(i):
        return mo.save(drawings[i % 3](), tmp_path / f"{i}.svg").read_bytes()

    before = dict(matplotlib.rcParams)
    want = [draw(i) for i in range(3)]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(draw, range(3, 15))) == want * 4
    assert dict(matplotlib.rcParams) == before
