"""The house keeps to its own measures: no long module, no full folder, tests where their modules are."""

from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1] / "metaonc"
FOLDERS = sorted(path.parent for path in HOUSE.rglob("__init__.py"))


def modules(folder):
    return [path for path in folder.glob("*.py") if path.stem != "__init__"]


def test_modules_have_300_lines_at_most():
    lines = {str(path.relative_to(HOUSE)): path.read_text("utf-8").count("\n") for path in HOUSE.rglob("*.py")}
    assert {name: n for name, n in lines.items() if n > 300} == {}


def test_folders_have_15_modules_at_most():
    assert {str(folder.relative_to(HOUSE)): n for folder in FOLDERS if (n := len(modules(folder))) > 15} == {}


@pytest.mark.parametrize("layer", ["analysis", "base", "cli", "data", "report", "workflow"])
def test_tests_stand_where_their_modules_do(layer):
    """A folder of tests has a folder of the house for it, but for those of files to read."""
    here = Path(__file__).parent / layer
    tested = {path.parent.relative_to(here.parent) for path in here.rglob("test_*.py")}
    assert {str(folder) for folder in tested if not (HOUSE / folder).is_dir()} == set()
