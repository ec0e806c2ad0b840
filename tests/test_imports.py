"""The public names: they resolve, type checkers are told the same, and importing them costs next to nothing."""

import ast
import inspect
import subprocess
import sys
from importlib.util import resolve_name
from pathlib import Path

import pytest

import metaonc as mo
from metaonc.report import plot

STUB, PLOTS = Path(mo.__file__).with_suffix(".pyi"), Path(plot.__file__).with_suffix(".pyi")
HEAVY = ("pandas", "scipy", "matplotlib", "lifelines", "statsmodels", "formulaic", "narwhals", "numpy.testing")


def stub_names():
    """Return name -> module it comes from, of the stub's imports ``from .module import name as name``."""
    out = {}
    for node in ast.parse(STUB.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                assert alias.asname == alias.name, (
                    f"{alias.name} is not re-exported: write `{alias.name} as {alias.name}`"
                )
                out[alias.name] = "metaonc" + (f".{node.module}" if node.module else "")
    return out


def test_stub_and_table_of_names_agree():
    names = stub_names()
    assert sorted(names) == sorted(mo.__all__)
    for name, home in mo._HOME.items():
        assert names[name] == home, f"{name} is at home in {home}"
    for name, module in mo._MODULES.items():
        assert f"{names[name]}.{name}" == module


@pytest.mark.parametrize("name", mo.__all__)
def test_every_public_name_is_there_and_documented(name):
    value = getattr(mo, name)
    assert name in dir(mo)
    if name != "__version__":
        assert inspect.getdoc(value)


def test_stub_of_figures_agrees_with_their_table():
    told = {
        alias.asname: (resolve_name(f"{'.' * node.level}{node.module}", "metaonc.report"), alias.name)
        for node in ast.parse(PLOTS.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert told == plot._HOME


@pytest.mark.parametrize("name", [name for name in plot.__all__ if name.islower()])  # others are records
def test_every_figure_is_there_and_documented(name):
    assert inspect.getdoc(getattr(plot, name))
    assert name in dir(plot)


@pytest.mark.parametrize(("module", "name"), [(mo, "poool"), (plot, "forrest")])
def test_an_unknown_name_is_an_attribute_error(module, name):
    with pytest.raises(AttributeError, match=f"module '{module.__name__}' has no attribute '{name}'"):
        getattr(module, name)


def test_importing_metaonc_loads_nothing_heavy():
    code = f"import sys, metaonc; print([m for m in {HEAVY!r} if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"


def test_pooling_loads_neither_plots_nor_scipy_stats():
    code = (
        "import sys, metaonc; metaonc.pool({'yi': [0.1, 0.2], 'vi': [0.1, 0.1]}); "
        "print([m for m in ('matplotlib', 'lifelines', 'statsmodels', 'formulaic', 'scipy.stats') if m in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"
