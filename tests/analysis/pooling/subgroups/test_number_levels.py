"""Levels that are whole numbers are called so, whatever type their column has."""

import pytest

import metaonc as mo

ROWS = {"trial": list("ABCD"), "yi": [0.1, 0.2, 0.3, 0.1], "vi": [0.1] * 4}


@pytest.mark.parametrize(
    ("levels", "names"),
    [([0.0, 1.0, 0.0, 1.0], ["0", "1"]), ([0, 1, 0, 1], ["0", "1"]), ([0.5, 1.0, 0.5, 1.0], ["0.5", "1.0"])],
)
def test_whole_numbers_print_as_such(levels, names):
    r = mo.pool_subgroups(ROWS | {"g": levels}, by="g", study="trial")
    assert list(r.groups) == names
