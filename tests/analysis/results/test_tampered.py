"""Documents of pools that hold what no pool has."""

import json

import pytest

import metaonc as mo

POOL = mo.pool(
    {"trial": list("ABCD"), "yi": [-0.5, -0.3, 0.1, -0.2], "vi": [0.04, 0.03, 0.05, 0.06]}, study="trial", measure="HR"
)
FIELDS = [
    ("measure", "x", "measure='x' is not an option"),
    ("method", "x", "method='x' is not an option"),
    ("ci", "x", "ci='x' is not an option"),
    ("level", None, "level=nan is not a proportion"),
    ("level", 95, "level=95.0 is not a proportion.*0.95"),
    ("level", 0, "level=0.0 is not a proportion"),
    ("se", -1, "se=-1.0 is below 0"),
    ("tau2", -1, "tau2=-1.0 is below 0"),
    ("k", 99, "k=99, and there are 4 effects"),
    ("k", "4", "k: '4' is no int"),
    ("estimate", 9.0, "estimate=9.0 is outside ci_low"),
    ("ci_low", 5.0, "outside ci_low=5.0"),
    ("ci_high", -5.0, "to ci_high=-5.0"),
    ("prediction_low", 5.0, "prediction_low=5.0 is above prediction_high"),
    ("weights", [1.0], "4 effects and 1 weights"),
]
STUDIES = [
    ("vi", [0.04, 0.03, 0.05], "studies: yi and vi are not one number a row"),
    ("vi", [0.04, 0.03, 0.05, -1.0], "a value that no effect or variance has"),
    ("yi", [0.1, None, 0.2, 0.3], "a value that no effect or variance has"),
    ("yi", None, "studies: yi and vi are not one number a row"),
    ("labels", [], "labels has 0 rows, and yi has 4"),
    ("covariance", [], "covariance is not of 4 rows and columns"),
]


def document(change):
    plain = json.loads(POOL.to_json())
    change(plain)
    return json.dumps(plain)


@pytest.mark.parametrize(("field", "value", "says"), FIELDS)
def test_fields_that_contradict_each_other_are_refused_by_name(field, value, says):
    with pytest.raises(mo.DataError, match=f"MetaResult.*{says}"):
        mo.results.from_json(document(lambda plain: plain.update({field: value})))


@pytest.mark.parametrize(("field", "value", "says"), STUDIES)
def test_trials_that_are_none_are_refused_by_name(field, value, says):
    with pytest.raises(mo.DataError, match=says):
        mo.results.from_json(document(lambda plain: plain["studies"].update({field: value})))


def test_settings_that_are_gone_are_refused():
    with pytest.raises(mo.DataError, match=r"provenance\.settings has no 'tau2'"):
        mo.results.from_json(document(lambda plain: plain["provenance"].update(settings={})))


@pytest.mark.parametrize("source", [5, b"x", None, ["{"]])
def test_what_is_neither_text_nor_path_is_refused(source):
    with pytest.raises(mo.DataError, match="neither JSON as text nor the path of a file"):
        mo.results.from_json(source)


def test_the_document_as_it_was_is_read():
    assert str(mo.results.from_json(document(lambda plain: None))) == str(POOL)
