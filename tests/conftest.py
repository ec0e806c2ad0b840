"""Settings of hypothesis for all tests: its own deadline is of wall time, and machines are shared. And small files."""

import gc
import os

import pytest
from hypothesis import settings

# before numpy is loaded: tests run in as many processes as processors, whose threads would wait for each other
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Keep the thousands of tests, which all live to the end, out of every search for garbage."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)  # what tests leave is small, and searched for less often


@pytest.fixture
def small_files(monkeypatch):
    """Figures have few pixels and outlines of letters in place of fonts, for tests that ask which files are written.

    To write 600 dots an inch and whole fonts takes longer than all else of an analysis; `tests/report` asks for them.
    """
    from metaonc.report.style import RC

    monkeypatch.setattr("metaonc.report.save.DPI", 100)
    for kind in ("pdf", "ps"):
        monkeypatch.setitem(RC, f"{kind}.fonttype", 3)
