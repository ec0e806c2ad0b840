"""Tables and values of every type come back as they went; what JSON has no form for becomes its text."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from metaonc.base.codec.decode import decoded
from metaonc.base.codec.encode import encode
from metaonc.base.columns import TEXT
from metaonc.errors import DataError


def there_and_back(value):
    plain = json.loads(json.dumps({"class": "mapping", "items": [["it", encode(value)]]}, allow_nan=False))
    return decoded({**plain, "format": 1}, lambda name: None, dict)["it"]


COLUMNS = {
    "float": pd.Series([1.5, np.nan, np.inf, -np.inf]),
    "float32": pd.Series([0.1, None], dtype="float32"),
    "int": pd.Series([1, -2]),
    "int8": pd.Series([1, -2], dtype="int8"),
    "uint64": pd.Series([2**64 - 1], dtype="uint64"),
    "bool": pd.Series([True, False]),
    "object": pd.Series(["a", None, 1, 2.5, np.nan, True, (1, "b"), {"k": [1]}], dtype=object),
    "texts": pd.Series(["inf", "nan", ""], dtype=TEXT),
    "string": pd.Series(["a", pd.NA], dtype="string"),
    "Int64": pd.Series([1, pd.NA], dtype="Int64"),
    "Float64": pd.Series([1.5, pd.NA], dtype="Float64"),
    "boolean": pd.Series([True, pd.NA], dtype="boolean"),
    "category": pd.Series(pd.Categorical(["b", None, "a"], categories=["b", "a", "c"])),
    "ordered": pd.Series(pd.Categorical([2, 1], categories=[2, 1], ordered=True)),
    "datetime": pd.Series(pd.to_datetime(["2020-02-29 12:30:00.000001", None])),
    "zoned": pd.Series(pd.to_datetime(["2020-02-29"]).tz_localize("Europe/Berlin")),
    "timedelta": pd.Series(pd.to_timedelta(["1 days 02:00:00", None])),
    "empty": pd.Series([], dtype="float64"),
    "empty texts": pd.Series([], dtype=object),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_keep_their_type(name):
    column = COLUMNS[name].rename(name)
    got = there_and_back(column.to_frame())
    want = column.map(lambda x: {"k": (1,)} if isinstance(x, dict) else x) if name == "object" else column  # frozen
    pd.testing.assert_frame_equal(got, want.to_frame())
    pd.testing.assert_series_equal(there_and_back(column), want)


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"x": [1, 2]}, index=pd.Index(["a", "b"], name="term")),
        pd.DataFrame({"x": [1, 2]}, index=[3, 5]),
        pd.DataFrame({1: [1.0], "1": [2.0], None: [3.0]}),
        pd.DataFrame({("a", 1): [1.0], ("b", 2): [2.0]}),
        pd.DataFrame([[1, "x"]], columns=["twice", "twice"]),
        pd.DataFrame(index=range(3)),
        pd.DataFrame({"x": []}),
        pd.DataFrame({"class": [1], "columns": [2]}),
    ],
    ids=["index", "numbers", "names", "pairs", "twice", "no columns", "no rows", "words of the form"],
)
def test_tables_keep_names_and_index(frame):
    pd.testing.assert_frame_equal(there_and_back(frame), frame, check_index_type="equiv", check_column_type=False)


def test_attrs_stay():
    frame = pd.DataFrame({"x": [1]})
    frame.attrs = {"metaonc": {"roles": {"n": "x"}, "level": 0.95}}
    assert there_and_back(frame).attrs == frame.attrs


@pytest.mark.parametrize(
    "array",
    [
        np.array([1.5, np.nan, -np.inf]),
        np.arange(6.0).reshape(2, 3),
        np.zeros((0, 3)),
        np.array([[1, 2]], dtype=np.int64),
        np.array([True, False]),
        np.array(["a", "bc"]),
        np.array(2.5),
    ],
    ids=["missing", "matrix", "empty", "int", "bool", "text", "number"],
)
def test_arrays_keep_shape_and_type_and_are_read_only(array):
    got = there_and_back(array)
    np.testing.assert_array_equal(got, array)
    assert (got.dtype, got.shape) == (array.dtype, array.shape)
    assert not got.flags.writeable


@pytest.mark.parametrize(
    ("value", "becomes"),
    [
        (None, None),
        (True, True),
        (np.bool_(False), False),
        (np.int64(3), 3),
        (np.float64(0.1), 0.1),
        (float("inf"), float("inf")),
        ([1, [2.5, "a"]], (1, (2.5, "a"))),
        ({"class": "float", "value": "inf"}, {"class": "float", "value": "inf"}),
        ({1: "a", ("b", 2): None}, {1: "a", ("b", 2): None}),
        (Path("a") / "b", str(Path("a") / "b")),
        (pd.NA, None),
        (pd.NaT, None),
        (2**70, 2**70),
    ],
)
def test_values_of_no_declared_type(value, becomes):
    got = there_and_back(value)
    assert got == becomes
    assert type(got) is type(becomes)


def test_intervals_become_text():
    frame = pd.DataFrame({"age": pd.cut([1, 5], [0, 3, 6])})
    got = there_and_back(frame)["age"]
    assert got.tolist() == ["(0, 3]", "(3, 6]"]
    assert got.cat.ordered


@pytest.mark.parametrize(
    ("plain", "says"),
    [
        ({"class": "frame"}, r"items\[0\]\[1\]: 'columns' is missing or no list"),
        ({"class": "frame", "columns": [1]}, "'values' is missing"),
        ({"class": "series", "dtype": "nothing", "values": [1]}, "no column of type 'nothing'"),
        ({"class": "series", "dtype": "int64", "values": [1.5]}, "no column of type 'int64'"),
        ({"class": "series", "dtype": "int8", "values": [300]}, "no column of type 'int8'"),
        ({"class": "series", "dtype": "float64", "values": [1, 2], "index": {"dtype": "int64", "values": [1]}},
         "2 values and an index of 1"),
        ({"class": "series", "dtype": "category", "values": [5], "ordered": False,
          "categories": {"dtype": "object", "values": ["a"]}}, "no column of type 'category'"),
        ({"class": "array", "dtype": "float64", "shape": [2], "values": [1.0]}, "no array of type 'float64' and shape"),
        ({"class": "array", "dtype": "float64", "shape": 2, "values": [1.0]}, r"shape: 2 is no tuple"),
        ({"class": "array", "dtype": "nothing", "shape": [1], "values": [1.0]}, "no array of type 'nothing'"),
        ({"class": "mapping", "items": [[1]]}, "items"),
        ({"class": "mapping", "items": [[{}, 1]]}, "no pairs of a key and a value"),
        ({"class": "float", "value": "many"}, "class='float' is not a kind that can be read"),
        ({"class": None}, "class=None is not a kind"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(plain, says):
    with pytest.raises(DataError, match=says):
        decoded({"class": "mapping", "format": 1, "items": [["it", plain]]}, lambda name: None, dict)
