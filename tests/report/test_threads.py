"""Figures drawn in threads are those drawn in turn, and matplotlib's settings stay the caller's."""

from concurrent.futures import ThreadPoolExecutor

import matplotlib
import pytest
from figure_kinds import FIGURES

import metaonc as mo

KINDS = list(FIGURES)


@pytest.mark.slow
def test_figures_of_threads_are_the_same_files(tmp_path):
    def draw(i):
        return mo.save(FIGURES[KINDS[i % len(KINDS)]](), tmp_path / f"{i}.svg").read_bytes()

    before = dict(matplotlib.rcParams)
    want = [draw(i) for i in range(len(KINDS))]
    assert dict(matplotlib.rcParams) == before
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(draw, range(len(KINDS), 3 * len(KINDS))))
    assert [i % len(KINDS) for i, got in enumerate(found) if got != want[i % len(KINDS)]] == []
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize(
    "suffix", [pytest.param("pdf", marks=pytest.mark.slow), "png", pytest.param("tif", marks=pytest.mark.slow)]
)
def test_files_of_every_format_are_the_same_in_threads(tmp_path, suffix):
    def draw(i):
        return mo.save(FIGURES[("km", "funnel")[i % 2]](), tmp_path / f"{i}.{suffix}", dpi=80).read_bytes()

    want = [draw(0), draw(1)]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(draw, range(2, 10))) == want * 4
