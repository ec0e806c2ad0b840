"""Names of rows, as messages write and read them."""

import numpy as np
import pytest

import metaonc as mo
from metaonc.base.check import labels_of, named_in, where
from metaonc.errors import DataError


@pytest.mark.parametrize("name", ["OPUS", "O'Hara 2", 'the "A" trial', "a\nb", "back\\slash", "(row 3): missing"])
def test_a_sentence_about_a_row_gives_its_name_back(name):
    labels = labels_of(["first", name], [0, 7])
    assert named_in(f"{where(labels, 1)}: missing: vi (row 9): x") == (name, "missing: vi (row 9): x")


def test_a_sentence_about_no_row_has_no_name():
    said = "2 rows of kras 'G12C': not in levels"
    assert named_in(said) == ("", said)


@pytest.mark.parametrize("missing", [None, float("nan"), np.nan])
def test_a_row_without_a_name_is_called_by_its_number(missing):
    assert labels_of(["A", missing, "C"], [4, 5, 9]) == ("A", "6", "C")
    assert labels_of(None, [4, 5, 9]) == ("5", "6", "10")


def test_a_row_without_a_name_is_not_taken_for_the_trial_named_as_its_number():
    assert labels_of(["A", None, ""], [0, 1, 2]) == ("A", "2", "3")
    with pytest.raises(DataError, match="row 2 names no trial, and by its number, 3, it would be taken for the trial"):
        labels_of(["3", "1", None], [0, 1, 2])
    trials = {"trial": ["3", "1", None, "2"], "yi": [-0.5, -0.3, 0.1, -0.2], "vi": [0.04] * 4}
    with pytest.raises(DataError, match="row 2 names no trial"):
        mo.pool(trials, study="trial")
