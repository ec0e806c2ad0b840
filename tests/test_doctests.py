"""The examples in the documentation of every module run and say what they show."""

import doctest
import importlib
import pkgutil

import pytest

import metaonc

MODULES = [
    "metaonc",
    *(m.name for m in pkgutil.walk_packages(metaonc.__path__, "metaonc.") if "__main__" not in m.name),
]


@pytest.mark.usefixtures("small_files")
@pytest.mark.parametrize("name", MODULES)
def test_examples(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # an example may write a file
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0, f"{result.failed} of {result.attempted} examples of {name} fail; see above"
