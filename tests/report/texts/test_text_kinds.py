"""Every class of result has words, or an error that lists what has; in every journal's way, and readable."""

import importlib
import inspect
import pkgutil
import re

import pytest
from combinations import combined
from result_kinds import EVERY, MADE, WITHOUT, is_of_the_package

import metaonc as mo
from metaonc.base.result import Result
from metaonc.errors import DataError
from metaonc.report.kinds import kind_of

every = pytest.mark.parametrize("make", [make for _, make in EVERY], ids=[name for name, _ in EVERY])


def classes():
    """Return all classes of results that can be made, wherever the package has them."""
    for module in pkgutil.walk_packages(mo.__path__, "metaonc."):
        if "pdf_worker" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found, rest = {}, [Result]
    while rest:
        rest += (own := rest.pop().__subclasses__())
        found |= {c.__name__: c for c in own if is_of_the_package(c) and not inspect.isabstract(c)}
    return found


@pytest.fixture
def made(make):
    return make()


def test_no_class_of_results_is_forgotten():
    have = set(MADE)
    assert have | WITHOUT == set(classes())
    assert not have & WITHOUT


@pytest.mark.parametrize("name", sorted(WITHOUT - {"LogHazardRatio", "TwoArmHazardRatio"}))
def test_what_has_no_words_says_what_has(name):
    thing = object.__new__(classes()[name])
    for verb in (mo.methods_text, mo.results_text):
        with pytest.raises(DataError, match=rf"as of .*pool_multivariate.*kaplan_meier.*; this is of type {name}"):
            verb(thing)


@pytest.mark.parametrize("name", ["LogHazardRatio", "TwoArmHazardRatio"])
def test_a_base_class_has_the_words_of_none(name):
    with pytest.raises(DataError, match=f"this is of type {name}"):
        mo.methods_text(object.__new__(classes()[name]))


def test_the_error_lists_functions_that_exist():
    for name in MADE:
        for verb in kind_of(object.__new__(classes()[name])).verbs.split(", "):
            thing = mo
            for part in verb.split("."):
                thing = getattr(thing, part)
            assert callable(thing)


def test_a_table_is_no_result_also_where_it_is_of_one():
    table = mo.sensitivity.leave_one_out(MADE["MetaResult"][0]()).table
    for verb in (mo.methods_text, mo.results_text):
        with pytest.raises(DataError, match="this is of type DataFrame"):
            verb(table)


@every
def test_texts_read_well(made):
    methods, results = str(mo.methods_text(made)), str(mo.results_text(made))
    for paragraph in (methods + "\n\n" + results).split("\n\n"):
        assert paragraph.endswith(".")
        assert not re.search(r"\bnan\b|None|  | ,|\.\.|\( |;\.|\bthe the\b| \.|,,", paragraph), paragraph
        assert not re.search(r"C\(|\[T\.|\[[a-z]\]|\bintercept\b", paragraph), paragraph
        assert not re.search(r"\b1 (trials|rows|patients|subgroups|units)\b", paragraph), paragraph
        assert not re.search(r"\b([2-9]|\d\d+) (trial|row|patient|subgroup|unit)\b", paragraph), paragraph
    assert re.search(rf"metaonc {re.escape(mo.__version__)} \(Python [\d.]+, numpy [\d.]+", methods)
    if "pooled" not in methods and "regressed" not in methods:
        return
    assert "The effect measure" in methods


@combined("name, journal", dict(EVERY), mo.plot.JOURNALS)
def test_journals_print_numbers_their_way(name, journal):
    made = dict(EVERY)[name]()
    methods = str(mo.methods_text(made, journal=journal)).split("\n\n")
    sentences = [p for p in methods if not p.startswith(("Analyses were made", "References"))]
    sentences.append(str(mo.results_text(made, journal=journal)))
    wrong = {"Lancet": r"\d\.\d", "JAMA": r"\d·\d|\bp [=<>]|P [=<>] 0\."}.get(journal, r"\d·\d")
    for text in sentences:
        assert not re.search(wrong, text), text


def test_names_keep_their_points():
    r = mo.pool({"trial": ["v1.2", "x"], "yi": [0.1, 0.5], "vi": [0.1, 0.1]}, study="trial", method="CE", ci="wald")
    text = str(mo.results_text(r, journal="Lancet"))
    assert "(v1.2)" in text
    assert "0·30" in text


APART = {"yi": [0.1, 0.5, 0.3, -0.2], "vi": [0.1, 0.1, 0.2, 0.1], "g": list("aabb")}


def test_texts_and_forest_plot_name_a_statistic_alike():
    for journal, symbol in (("default", "Q"), ("JAMA", "χ²"), ("BMJ", "χ²"), ("Lancet", "Q")):
        r = MADE["SubgroupResult"][0]()
        said = str(mo.results_text(r, journal=journal))
        shown = mo.table(r, journal=journal).footnotes[0].replace("\u00a0", " ")
        assert shown.startswith("Test between subgroups (F with one τ², its scale at least 1): F = ")
        assert shown.removesuffix(".") in said
        common = mo.pool_subgroups(APART, by="g", method="CE", ci="wald")  # whose test is chi-square
        assert f"Test between subgroups: {symbol} = " in str(mo.results_text(common, journal=journal)).replace(
            "\u00a0", " "
        )
        assert f"({symbol})" in str(mo.methods_text(common, journal=journal))
        assert f"Cochran's {symbol}" in str(mo.methods_text(r, journal=journal))
