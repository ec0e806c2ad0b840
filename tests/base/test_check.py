"""Names of rows, as messages write and read them."""

import numpy as np
import pytest

from metaonc.base.check import labels_of, named_in, where


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
