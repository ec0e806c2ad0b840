"""Rows of one unit that differ are a caution where the model has no level for them."""

import pandas as pd
import pytest

import metaonc as mo

ROWS = pd.DataFrame({
    "t": list("aaabbbcccdddeee"), "c": [1, 2, 3] * 5, "vi": [0.01] * 15,
    "yi": [0.1, 0.9, 0.5, -0.3, 0.6, 0.4, 0.8, 0.0, 0.2, 0.9, 0.1, -0.2, 0.4, 1.0, 0.3],
})  # fmt: skip
TEXT = "effects within a unit of t differ by more than their errors, and there is no level for that"


def texts(result):
    return [caution.text for caution in result.cautions]


def test_it_names_the_level_to_add_wherever_the_numbers_stand():
    r = mo.pool_multilevel(ROWS, levels=["t"])
    assert TEXT in texts(r)
    assert "a level of c within t takes it up" in str(r)
    assert "levels=['t', 'c'] has effects of rows within t vary." in str(r)
    assert "ffects within a unit of t differ" in str(mo.results_text(r))
    assert TEXT not in texts(mo.pool_multilevel(ROWS, levels=["t", "c"]))
    assert TEXT not in texts(r.robust(cluster="t"))  # whose errors do not rest on that


def test_where_no_column_tells_rows_apart_one_is_to_be_made():
    said = str(mo.pool_multilevel(ROWS.drop(columns="c").assign(n=50), levels=["t"]))
    assert "a level of its rows within t takes it up" in said
    assert "levels=['t', 'row'], of a column 'row' that numbers the rows, has effects of rows within t vary." in said


@pytest.mark.parametrize(("q", "told"), [(11.0, False), (11.1, True)])
def test_it_is_asked_of_q_within_units(q, told):
    """Two rows in each of 5 units, each d off their mean: Q is 10 d^2 / v; chi-square of 5 df is 11.07 at 0.05."""
    d = (0.02 * q / 10) ** 0.5
    centre = [0.1, 0.3, 0.2, 0.5, 0.4]
    rows = pd.DataFrame({"t": [t for t in "abcde" for _ in "xy"], "row": ["x", "y"] * 5, "vi": 0.02,
                         "yi": [m + s * d for m in centre for s in (-1, 1)]})  # fmt: skip
    assert (TEXT in texts(mo.pool_multilevel(rows, levels=["t"]))) is told
