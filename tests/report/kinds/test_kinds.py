"""The table of kinds: its lines name what exists, and only the kind that is asked for is loaded."""

import importlib
import subprocess
import sys

import pytest
from result_kinds import MADE

from metaonc.analysis.results.homes import KINDS
from metaonc.base.result import Result
from metaonc.errors import DataError
from metaonc.report.kinds import Kind, kinds
from metaonc.report.kinds.pool.words import words_of

FOREST = """
import sys, metaonc as mo
r = {make}
rows = mo.plot.forest_rows(r)
print([m.removeprefix("metaonc.report.kinds.") for m in sys.modules if m.startswith("metaonc.report.kinds.")])
"""
MODULES = {home.partition(":")[0] for home in KINDS.values()}


@pytest.mark.parametrize("name", KINDS)
def test_each_line_names_a_class_and_a_kind(name):
    module, _, cls = name.rpartition(".")
    assert issubclass(getattr(importlib.import_module(module), cls), Result)
    home, _, kind = KINDS[name].partition(":")
    assert isinstance(getattr(importlib.import_module(f"metaonc.report.kinds.{home}"), kind), Kind)


def test_every_kind_is_listed_once():
    assert len(set(KINDS.values())) == len(KINDS) <= len(kinds())
    assert len(MADE) >= len(KINDS)


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        ("mo.pool_bayes({'yi': [0.1, 0.3], 'vi': [0.1, 0.1]})", "pool.bayes"),
        ("mo.sensitivity.cumulative(mo.pool({'yi': [0.1, 0.3], 'vi': [0.1, 0.1]}))", "sensitivity.subsets"),
    ],
)
def test_a_figure_of_one_kind_waits_for_no_other(make, kind):
    code = FOREST.format(make=make)
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert kind in loaded
    assert not [other for other in MODULES - {kind} if f"'{other}'" in loaded]


def test_what_is_no_pool_has_no_words_as_one():
    with pytest.raises(DataError, match="no words for MultivariateResult as a pool of trials"):
        words_of(MADE["MultivariateResult"][0]())
