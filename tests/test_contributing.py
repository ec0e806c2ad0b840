"""The recipes of CONTRIBUTING.md are true as written: their code runs, and the files they name are there."""

import re
from pathlib import Path

import pandas as pd
import pytest

import metaonc as mo
from metaonc.data.audit import RULES
from metaonc.report import kinds

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
TABLES = (mo.TAU2_METHODS, mo.CI_METHODS, mo.MEASURES, mo.JOURNALS, kinds._registered, RULES)
TRIALS = pd.DataFrame(
    {
        "trial": list("ABCDEF"),
        "yi": [-0.39, -0.24, 0.1, -0.66, -0.05, -0.31],
        "vi": [0.02, 0.01, 0.04, 0.02, 0.03, 0.05],
    }
)
ARMS = {"trial": list("ABCD"), "a": [3, 5, 1, 9], "na": [30, 31, 28, 40], "c": [6, 7, 4, 10], "nc": [30, 29, 30, 41]}


@pytest.fixture(autouse=True)
def _tables_as_they_were():
    before = [dict(table) for table in TABLES]
    yield
    for table, was in zip(TABLES, before, strict=True):
        table.clear()
        table.update(was)


def test_the_code_of_the_recipes_runs():
    blocks = re.findall(r"```python\n(.*?)```", PAGE, flags=re.S)
    assert len(blocks) == 6
    space = {"mo": mo, "TRIALS": TRIALS, "ARMS": ARMS, "__name__": "recipes"}
    for block in blocks:
        exec(compile(block, "CONTRIBUTING.md", "exec"), space)


def test_the_files_it_names_are_there():
    named = set(re.findall(r"`((?:analysis|report|data|docs|tests|datasets)/[\w./-]+)`", PAGE))
    assert len(named) > 15
    missing = [name for name in named if not (ROOT / name).exists() and not (ROOT / "metaonc" / name).exists()]
    assert missing == []


def test_the_map_shows_every_folder_of_the_house():
    tree = PAGE.split("```\nmetaonc/\n")[1].split("```")[0]
    for folder in (ROOT / "metaonc").rglob("__init__.py"):
        path = folder.parent.relative_to(ROOT / "metaonc")
        if 0 < len(path.parts) <= 2 and path.name != "fonts":
            assert f"{path.name}/" in tree, path
