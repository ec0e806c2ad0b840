"""The house style is the same whatever the caller's settings are, and leaves them alone."""

import matplotlib as mpl
import matplotlib.style

import metaonc as mo

TRIALS = {"trial": ["A", "B", "C"], "yi": [0.1, 0.2, 0.5], "vi": [0.1, 0.2, 0.05]}


def drawn(path):
    mo.save(mo.plot.forest(mo.pool(TRIALS, study="trial", measure="HR")), path)
    return path.read_bytes()


def test_settings_of_the_caller_change_no_figure(tmp_path):
    plain = drawn(tmp_path / "plain.svg")
    theirs = {
        "axes.grid": True,
        "savefig.bbox": "tight",
        "font.size": 20,
        "axes.spines.left": False,
        "lines.marker": "o",
    }
    with mpl.style.context("dark_background"), mpl.rc_context(theirs):
        before = dict(mpl.rcParams)
        assert drawn(tmp_path / "theirs.svg") == plain
        assert dict(mpl.rcParams) == before
