"""Arrays and tables as lists, and back with their types; a missing number is None."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...errors import DataError
from ..columns import TEXT

Cell = Callable[[Any], Any]  # one value of any type to its plain form, or back


def listed(values: NDArray[Any]) -> Any:
    """Return an array of numbers as nested lists: NaN as None, infinity as a text."""
    if values.dtype.kind != "f" or np.isfinite(values).all():
        return values.tolist()
    out = values.astype(object)
    out[np.isnan(values)], out[values == np.inf], out[values == -np.inf] = None, "inf", "-inf"
    return out.tolist()


def array(plain: Any, dtype: Any, at: str) -> NDArray[Any]:
    """Return nested lists as an array that cannot be written to."""
    try:
        out = np.array(plain, dtype=dtype)
    except (TypeError, ValueError, OverflowError):
        raise DataError(
            f"{at}: no array of {np.dtype(dtype)}; it has a value that is none, or rows of unequal length."
        ) from None
    out.flags.writeable = False
    return out


def frame_plain(frame: pd.DataFrame, cell: Cell) -> dict[str, Any]:
    """Return a table as a list of columns with name, dtype and values, and the index unless it numbers the rows."""
    out: dict[str, Any] = {"columns": [column_plain(frame.iloc[:, i], cell) for i in range(frame.shape[1])]}
    if frame.columns.empty or not _numbered(frame.index):
        out["index"] = column_plain(frame.index.to_series(), cell)
    return out | ({"attrs": cell(frame.attrs)} if frame.attrs else {})


def series_plain(series: pd.Series, cell: Cell) -> dict[str, Any]:
    """Return a named column of numbers with its index."""
    out = column_plain(series, cell)
    return out if _numbered(series.index) else out | {"index": column_plain(series.index.to_series(), cell)}


def column_plain(values: pd.Series, cell: Cell) -> dict[str, Any]:
    """Return the values of a column with its name and dtype."""
    dtype: Any = values.dtype
    head = {"name": cell(values.name), "dtype": str(dtype)}
    if isinstance(dtype, pd.CategoricalDtype):
        categories = column_plain(dtype.categories.to_series(), cell)
        return head | {"categories": categories, "ordered": bool(dtype.ordered), "values": values.cat.codes.tolist()}
    if dtype.kind == "f" and isinstance(dtype, np.dtype):
        return head | {"values": listed(values.to_numpy())}
    if dtype.kind in "mM":
        return head | {"values": [None if pd.isna(x) else str(x) for x in values]}
    if dtype.kind not in "iubf" and not isinstance(dtype, (np.dtype, pd.StringDtype)):
        head["dtype"] = "object"  # what JSON has no form for becomes its text
    return head | {"values": [cell(x) for x in values.tolist()]}


def frame(plain: Any, cell: Cell, at: str) -> pd.DataFrame:
    """Return the table of what `frame_plain` gave."""
    columns = _part(plain, "columns", list, at)
    made = [column(one, cell, f"{at}.columns[{i}]") for i, one in enumerate(columns)]
    index = column(plain["index"], cell, f"{at}.index") if "index" in plain else None
    lengths = {len(one) for one in made} | (set() if index is None else {len(index)})
    if len(lengths) > 1:
        raise DataError(f"{at}: the columns are not of one length but of {sorted(lengths)}.")
    out = pd.concat(made, axis=1) if made else pd.DataFrame(index=range(0 if index is None else len(index)))
    out.columns = pd.Index([one.name for one in made])
    if index is not None:
        out.index = pd.Index(index, name=index.name)
    if "attrs" in plain:
        out.attrs = dict(cell(_part(plain, "attrs", dict, at)))
    return out


def series(plain: Any, cell: Cell, at: str) -> pd.Series:
    """Return the column of what `series_plain` gave."""
    out = column(plain, cell, at)
    if "index" in plain:
        index = column(plain["index"], cell, f"{at}.index")
        if len(index) != len(out):
            raise DataError(f"{at}: {len(out)} values and an index of {len(index)}.")
        out.index = pd.Index(index, name=index.name)
    return out


def column(plain: Any, cell: Cell, at: str) -> pd.Series:
    """Return the column of what `column_plain` gave."""
    values, dtype = _part(plain, "values", list, at), _part(plain, "dtype", str, at)
    try:
        cells = [cell(x) for x in values] if any(isinstance(x, (dict, list)) for x in values) else values
        kind: Any = TEXT if dtype == "str" else dtype  # as pandas 3 has texts
        if "categories" in plain:
            categories = pd.Index(column(plain["categories"], cell, f"{at}.categories"), name=None)
            kind = pd.CategoricalDtype(categories, ordered=_part(plain, "ordered", bool, at))
            cells = pd.Categorical.from_codes(cells, dtype=kind)
        return pd.Series(cells, dtype=kind, name=cell(plain.get("name")))
    except DataError:
        raise
    except (TypeError, ValueError, OverflowError) as problem:
        raise DataError(f"{at}: the values are no column of type {dtype!r} ({problem}).") from None


def _part(plain: Any, name: str, kind: type, at: str) -> Any:
    found = plain.get(name) if isinstance(plain, dict) else None
    if not isinstance(found, kind):
        raise DataError(f"{at}: {name!r} is missing or no {kind.__name__}.")
    return found


def _numbered(index: pd.Index) -> bool:
    return isinstance(index, pd.RangeIndex) and index.start == 0 and index.step == 1 and index.name is None
