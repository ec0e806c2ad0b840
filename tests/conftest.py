"""Settings of hypothesis for all tests: its own deadline is of wall time, and machines are shared. And small files."""

import pytest
from hypothesis import settings

settings.register_profile("tests", deadline=None)
settings.load_profile("tests")


@pytest.fixture
def small_files(monkeypatch):
    """Figures have few pixels and outlines of letters in place of fonts, for tests that ask which files are written.

    To write 600 dots an inch and whole fonts takes longer than all else of an analysis; `tests/report` asks for them.
    """
    from metaonc.report.style import RC

    monkeypatch.setattr("metaonc.report.save.DPI", 100)
    for kind in ("pdf", "ps"):
        monkeypatch.setitem(RC, f"{kind}.fonttype", 3)
