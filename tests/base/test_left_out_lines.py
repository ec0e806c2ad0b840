"""What a printed result says of rows left out: each of a few, a line a reason of many."""

import warnings

import pytest

import metaonc as mo


def pooled(lacking):
    table = {"trial": [f"S{i}" for i in range(5 + lacking)], "a": [4] * 5 + [None] * lacking, "m": [20] * (5 + lacking)}
    table["a"][-1], table["m"][-1] = 4, None
    with pytest.warns(mo.DataWarning):
        return mo.pool_glmm(table, events="a", n="m", study="trial")


def test_each_of_a_few():
    said = str(pooled(3))
    assert said.count("Left out: ") == 3
    assert "Left out: trial 'S6' (row 6): missing: " in said


def test_a_line_a_reason_of_many():
    r = pooled(60)
    said = str(r)
    assert said.count("Left out: ") == 2
    assert "Left out: 59 rows, missing: a (S5, S6, S7, S8, S9 and 54 more)" in said
    assert "All 60 rows left out are listed in provenance.dropped" in said
    assert len(r.provenance.dropped) == 60
    assert "and 54 more (number of events not reported)" in str(mo.results_text(r))


def test_what_was_left_out_is_said_once():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.DataWarning)
        pool = mo.pool({"trial": list("ABE"), "yi": [0.1, 0.2, None], "vi": [0.1, 0.1, None],
                        "route": ["x", "y", "left out: no events in both arms"]}, study="trial")  # fmt: skip
    assert "Left out: trial 'E' (row 2): no events in both arms\n" in str(pool)
