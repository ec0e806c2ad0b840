"""CONTRIBUTING.md is true as written: the files it names are there; that its code runs is in test_snippets."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def test_the_files_it_names_are_there():
    named = set(re.findall(r"`((?:analysis|report|data|docs|tests|datasets)/[\w./-]+)`", PAGE))
    assert len(named) > 15
    missing = [name for name in named if not (ROOT / name).exists() and not (ROOT / "metaonc" / name).exists()]
    assert missing == []


def test_the_map_shows_every_folder_of_the_house():
    tree = PAGE.split("```text\nmetaonc/\n")[1].split("```")[0]
    for folder in (ROOT / "metaonc").rglob("__init__.py"):
        path = folder.parent.relative_to(ROOT / "metaonc")
        if 0 < len(path.parts) <= 2 and path.name != "fonts":
            assert f"{path.name}/" in tree, path
