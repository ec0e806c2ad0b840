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

HEAVY = ("pandas", "scipy", "matplotlib", "lifelines", "statsmodels", "formulaic", "narwhals", "numpy.testing")
SPACES = [mo, mo.bias, mo.curves, mo.survival, mo.sensitivity, mo.simulation, mo.plot, mo.results]


def stub_names(space):
    """Return name -> (module, name there), of the stub's imports ``from .module import theirs as name``."""
    stub = Path(space.__file__).with_suffix(".pyi")
    package = space.__name__ if stub.stem == "__init__" else space.__name__.rpartition(".")[0]
    out = {}
    for node in ast.parse(stub.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                assert alias.asname, f"{alias.name} is not re-exported: write `{alias.name} as {alias.name}`"
                out[alias.asname] = (resolve_name(f"{'.' * node.level}{node.module}", package), alias.name)
    return out


@pytest.mark.parametrize("space", SPACES, ids=lambda space: space.__name__)
def test_stub_and_table_of_names_agree(space):
    told = stub_names(space)
    homes = {name: home if home[1] else tuple(home[0].rsplit(".", 1)) for name, home in space._HOMES.items()}
    told.pop("__version__", None)
    assert told == homes
    assert sorted(space.__all__) == sorted({*homes, *(["__version__"] if space is mo else [])})


@pytest.mark.parametrize("space", SPACES, ids=lambda space: space.__name__)
def test_completion_shows_the_public_names_only(space):
    for name in space.__all__:
        getattr(space, name)
    assert sorted(dir(space)) == sorted(space.__all__)


@pytest.mark.parametrize("name", mo.__all__)
def test_every_public_name_is_there_and_documented(name):
    value = getattr(mo, name)
    assert name in dir(mo)
    if name != "__version__" and not name.isupper():
        assert inspect.getdoc(value)


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


@pytest.mark.parametrize(
    ("code", "unused"),
    [
        ("r", ("matplotlib", "lifelines", "statsmodels", "formulaic", "scipy.stats", "scipy.optimize")),
        ("mo.methods_text(r)", ("matplotlib", "lifelines", "statsmodels", "scipy.stats", "scipy.optimize")),
    ],
    ids=["pool", "methods_text"],
)
def test_what_is_slow_to_import_waits_for_its_use(code, unused):
    pooled = "import sys, metaonc as mo; r = mo.pool({'yi': [0.1, 0.2, 0.4], 'vi': [0.1, 0.1, 0.1]})"
    code = f"{pooled}; {code}; print([m for m in {unused!r} if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"


def test_texts_and_tables_load_no_plots():
    code = (
        "import sys, metaonc as mo; r = mo.pool({'yi': [0.1, 0.2], 'vi': [0.1, 0.1]}); "
        "mo.methods_text(r); mo.results_text(r); mo.table(r); mo.JOURNALS; print('matplotlib' in sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "False"
