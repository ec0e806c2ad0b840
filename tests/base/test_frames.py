"""Any dataframe in, the caller's own kind out."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

import metaonc as mo
from metaonc.base.frames import columns_of, like, to_pandas
from metaonc.errors import DataError

COLUMNS = {"trial": ["A", "B", "C"], "x": [3, 5, 0], "n": [20, 31, 12]}
SHAPES = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "lazy polars": pl.LazyFrame, "mapping": dict}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_the_same_table(shape):
    frame = to_pandas(SHAPES[shape](COLUMNS))
    pd.testing.assert_frame_equal(frame, pd.DataFrame(COLUMNS))


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_the_same_pool(shape):
    want = mo.pool_glmm(COLUMNS, events="x", n="n")
    got = mo.pool_glmm(SHAPES[shape](COLUMNS), events="x", n="n", study="trial")
    assert (got.estimate, got.ci_low) == (want.estimate, want.ci_low)


def test_polars_in_polars_out():
    es = mo.effect_sizes(pl.DataFrame(COLUMNS), measure="PLO", events="x", n="n")
    assert isinstance(es, pl.DataFrame)
    assert es.columns == ["trial", "x", "n", "yi", "vi", "measure", "route", "inputs"]
    want = mo.effect_sizes(COLUMNS, measure="PLO", events="x", n="n")
    np.testing.assert_array_equal(es["yi"].to_numpy(), want["yi"])
    assert mo.pool(es, study="trial").estimate == mo.pool(want, study="trial").estimate


def test_missing_values_of_polars_are_missing():
    table = pl.DataFrame({"x": [3, None, 5], "n": [20, 31, 12]})
    es = mo.effect_sizes(table, measure="PLO", events="x", n="n")
    assert es["route"].to_list() == ["events/n", "missing: x", "events/n"]


@pytest.mark.parametrize(
    "index", [["r1", "r2", "r3"], [7, 7, 9], pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)])]
)
def test_pandas_keeps_its_index(index):
    table = pd.DataFrame(COLUMNS, index=index)
    es = mo.effect_sizes(table, measure="PLO", events="x", n="n")
    assert es.index.equals(table.index)
    pd.testing.assert_frame_equal(es[["trial", "x", "n"]], table)
    assert mo.pool(es).estimate == mo.pool(es.reset_index(drop=True)).estimate


def test_a_mapping_gives_pandas():
    assert isinstance(mo.effect_sizes(COLUMNS, measure="PLO", events="x", n="n"), pd.DataFrame)


def test_other_columns_pass_through():
    table = pd.DataFrame(COLUMNS).assign(kras=pd.Categorical(["mut", "wt", "mut"]), date=pd.Timestamp("2024-06-01"))
    es = mo.effect_sizes(table, measure="PLO", events="x", n="n")
    pd.testing.assert_frame_equal(es[list(table.columns)], table)


@pytest.mark.parametrize("dtype", ["int64", "Int64", "float32", "object", "string"])
def test_columns_of_any_type_that_holds_numbers(dtype):
    table = pd.DataFrame(COLUMNS).astype({"x": dtype, "n": dtype})
    got = mo.effect_sizes(table, measure="PLO", events="x", n="n")
    np.testing.assert_array_equal(got["yi"], mo.effect_sizes(COLUMNS, measure="PLO", events="x", n="n")["yi"])


@pytest.mark.parametrize("thing", [[1, 2], "trials.csv", 3, None, np.ones((2, 2)), pd.Series([1, 2])])
def test_what_is_no_table_is_refused(thing):
    with pytest.raises(DataError, match=f"is wanted, not {type(thing).__name__}"):
        to_pandas(thing)


@pytest.mark.parametrize("shape", SHAPES)
def test_columns_are_those_of_the_table(shape):
    columns = columns_of(SHAPES[shape](COLUMNS))
    assert {name: column.tolist() for name, column in columns.items()} == COLUMNS


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (pd.DataFrame([[1, 2]], columns=["x", "x"]), "column 'x' stands in the table more than once"),
        (pd.DataFrame({"x": []}), "the table has no rows"),
        ({"x": ["a", "b\u202e"]}, "column 'x' holds"),
        ({"x\x07": [1]}, "the header of the table holds"),
        ([1, 2], "is wanted, not list"),
    ],
    ids=["twice", "no rows", "unseen", "header", "list"],
)
def test_columns_are_refused_as_tables_are(table, said):
    for read in (to_pandas, columns_of):
        with pytest.raises(DataError, match=said):
            read(table)
    if "column 'x' holds" in said:
        assert columns_of(table, ("x",))["x"].tolist() == table["x"]


def test_like_gives_back_the_rows_in_order():
    native = pl.DataFrame(COLUMNS)
    assert like(native, to_pandas(native)).equals(native)
