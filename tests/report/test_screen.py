"""Figures show once: in notebooks, in windows and by pyplot; and a loop does not keep them."""

import gc
import subprocess
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor

import matplotlib as mpl
import nbformat
import pytest
from nbclient import NotebookClient

import metaonc as mo

START = """
import warnings
warnings.simplefilter("ignore")
import metaonc as mo
r = mo.pool({"trial": ["A", "B"], "yi": [-0.5, -0.1], "vi": [0.04, 0.05]}, study="trial", measure="HR")
"""
CELLS = {  # what stands in a cell -> how many pictures it shows
    "mo.plot.forest(r)": 1,
    "ax = mo.plot.funnel(r)": 1,
    "ax": 1,
    "ax.figure": 1,
    "named = mo.plot.forest(r)\nnamed": 1,
    "mo.plot.forest(r).figure": 1,
    "mo.save(mo.plot.forest(r), 'forest.pdf')": 1,
    "mo.write_report(r, 'report.html')": 0,
    "try:\n    mo.plot.forest(r, width=1)\nexcept mo.OptionError:\n    pass": 0,
    "import matplotlib.pyplot as plt\nfor _ in range(2):\n    mo.plot.forest(r)\n    plt.show()": 2,
    "mo.plot.drapery(r)\nplt.show()": 1,
    "mo.plot.forest(r)\nplt.savefig('current.png')": 1,
    "figure, places = plt.subplots(1, 2, figsize=(14, 4))\nfor place in places:\n    mo.plot.forest(r, ax=place)": 1,
    "figure, place = plt.subplots(figsize=(8, 4))\nmo.plot.forest(r, ax=place)": 1,
    "mo.plot.forest(r)\nNone": 1,
    "plt.plot([1, 2]);": 1,
    "assert plt.get_fignums() == []": 0,
}


@pytest.fixture
def result():
    return mo.pool({"trial": ["A", "B"], "yi": [-0.5, -0.1], "vi": [0.04, 0.05]}, study="trial", measure="HR")


@pytest.fixture
def plt():
    import matplotlib.pyplot as plt

    before = plt.get_backend()
    plt.close("all")
    plt.switch_backend("agg")
    yield plt
    plt.close("all")
    plt.switch_backend(before)


def executed(cells, folder):
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(book, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    return book.cells


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the clients of Jupyter
def test_a_notebook_shows_each_figure_once(tmp_path, monkeypatch):
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    _, *cells, result, words, listed = executed(
        [START, *CELLS, "r", "mo.table(r)", "mo.sensitivity.leave_one_out(r)"], tmp_path
    )
    pictures = {c.source: sum("image/png" in o.get("data", {}) for o in c.outputs) for c in cells}
    assert pictures == CELLS
    assert (tmp_path / "current.png").stat().st_size > 10_000
    for cell in (result, words, listed):
        (shown,) = cell.outputs
        assert "<table>" in shown.data["text/html"]
        assert shown.data["text/plain"]


def test_a_figure_is_the_current_one_of_pyplot(plt, result, tmp_path):
    ax = mo.plot.forest(result)
    assert plt.gcf() is ax.figure
    plt.savefig(tmp_path / "current.png")
    ax.figure.savefig(tmp_path / "own.png")
    assert (tmp_path / "current.png").read_bytes() == (tmp_path / "own.png").read_bytes()
    plt.close("all")
    ax.figure.savefig(tmp_path / "closed.pdf")
    assert mo.save(ax, tmp_path / "closed.svg").exists()


def test_a_loop_keeps_no_figure_but_the_last(plt, result):
    figures = [weakref.ref(mo.plot.forest(result).figure) for _ in range(25)]
    gc.collect()
    assert [figure() is not None for figure in figures] == [False] * 24 + [True]
    assert len(plt.get_fignums()) == 1


def test_figures_of_the_user_stay(plt, result):
    own = plt.figure()
    for _ in range(2):
        mo.plot.forest(result)
    assert own.number in plt.get_fignums()


def test_what_cannot_be_drawn_is_not_shown(plt, result):
    with pytest.raises(mo.OptionError):
        mo.plot.forest(result, width=1)
    assert plt.get_fignums() == []


def test_reports_and_threads_show_nothing(plt, result, tmp_path):
    mo.write_report(result, tmp_path / "report.html")
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _: mo.plot.forest(result), range(2)))
    assert plt.get_fignums() == []


def test_without_pyplot_there_is_none():
    code = (
        "import sys, metaonc as mo\n"
        "assert not {'matplotlib', 'IPython', 'pandas'} & set(sys.modules)\n"
        "r = mo.pool({'yi': [-0.5, -0.1, 0.1, 0.2], 'vi': [0.04, 0.05, 0.1, 0.1]}, measure='HR')\n"
        "ax = mo.plot.forest(r)\n"
        "assert not {'matplotlib.pyplot', 'IPython'} & set(sys.modules)\n"
        "assert 'image/png' in ax.figure._repr_mimebundle_()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=None)


def test_the_picture_of_a_notebook_without_its_own(result):
    from base64 import b64decode

    shown = mo.plot.forest(result).figure._repr_mimebundle_()
    assert b64decode(shown["image/png"]).startswith(b"\x89PNG")


def test_windows_show_their_figures_themselves(result, monkeypatch):
    figure = mo.plot.forest(result).figure
    monkeypatch.setattr(mpl, "get_backend", lambda **_: "qtagg")
    assert figure._repr_mimebundle_() == {}


def test_marimo_shows_axes_by_their_figure(result):
    """It gives all artists a ``_mime_`` that draws their figure; what precedes it, ``_display_``, must not be there."""
    ax = mo.plot.forest(result)
    assert not hasattr(ax, "_display_")
    assert ax.figure.canvas.figure is ax.figure
    assert "<table" in result._repr_html_()
