"""Docstrings of public names have what ``tests/docstrings.py`` asks; without numpydoc, lint alone says so."""

import inspect

import pytest

docstrings = pytest.importorskip("docstrings", reason="numpydoc, of the extra dev", exc_type=ImportError)


def test_docstrings_have_what_readers_need():
    names = docstrings.documented()
    assert len(names) > 250
    assert [f"{name}: {one}" for name in names for one in docstrings.problems(name)] == []


def test_a_default_that_is_another_is_found(monkeypatch):
    def verb(level=0.95, *, method="REML", ci=None, tau2):
        """Do it.

        Parameters
        ----------
        level : float, default 0.9
        method : str, default "REML"
        ci : str
        tau2 : float, optional
        """

    monkeypatch.setattr(docstrings, "of", lambda name: verb)
    doc = docstrings.NumpyDocString(inspect.getdoc(verb))
    assert list(docstrings.defaults("verb", doc)) == [
        "level is not 0.9 by default but 0.95",
        "ci is optional",
        "tau2 is not optional",
    ]
