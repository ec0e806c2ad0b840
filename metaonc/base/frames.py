"""The boundary of frames: any dataframe in, pandas inside, the caller's own kind out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from os import PathLike
from typing import Any

import pandas as pd

from ..errors import DataError
from .text import refuse_unseen

FEW = 1000  # values that are looked at in less time than they are told apart


def to_pandas(table: Any, *, kept: bool = True) -> pd.DataFrame:
    """Return the table as a pandas DataFrame with rows numbered from 0; a mapping of columns is taken too.

    Parameters
    ----------
    table
        A pandas, polars, pyarrow or other dataframe that narwhals reads, or a mapping of names to columns.
    kept
        Whether columns of it may outlast the call. Otherwise it may be the caller's own, with its index: for reading.

    Raises
    ------
    DataError
        When it is none of these, is empty, names a column twice, or holds characters that no label has.
    """
    frame = _as_pandas(table)
    frame = frame.reset_index(drop=True) if kept else frame
    _columns(frame)
    return frame


def columns_of(table: Any, unread: Collection[Any] = ()) -> dict[Any, pd.Series]:
    """Return the columns of a table by name, for reading alone: of a table that `to_pandas` takes, and by its errors.

    They may be the caller's own, with their index. To ask a frame for one of its columns takes longer than to read the
    numbers of a hundred patients in it.

    Parameters
    ----------
    table
        As of `to_pandas`.
    unread
        Columns of which the caller looks for what is not seen (`refuse_unseen`), among values that it tells apart.
    """
    return _columns(_as_pandas(table), unread)


def _columns(frame: pd.DataFrame, unread: Collection[Any] = ()) -> dict[Any, pd.Series]:
    columns = dict(frame.items())
    if len(columns) < len(frame.columns):
        twice = frame.columns[frame.columns.duplicated()]
        raise DataError(f"column {twice[0]!r} stands in the table more than once; rename one of them.")
    if not len(frame):
        raise DataError("the table has no rows.")
    refuse_unseen(columns, "the header of the table")
    for name, column in columns.items():
        if column.dtype.kind == "O" and name not in unread:  # objects, categories and texts
            refuse_unseen(once(column), f"column {name!r}")
    return columns


def once(column: pd.Series) -> Iterable[Any]:
    """Return the values of a column, those of a long one each once where they can be told apart."""
    if len(column) <= FEW:
        return column.tolist()
    try:
        return iter(column.unique())
    except TypeError:  # lists and the like
        return iter(column)


def rows_of(table: Any, k: int) -> Sequence[int]:
    """Return the numbers of the table's k rows: of a part of a pandas DataFrame those of the whole, else from 0.

    An index that has a name, or that is no set of whole numbers, numbers no rows.
    """
    if not isinstance(table, pd.DataFrame) or isinstance(table.index, pd.MultiIndex) or table.index.name is not None:
        return range(k)
    index = table.index
    if isinstance(index, pd.RangeIndex) and min(index.start, index.stop) >= 0:
        return range(index.start, index.stop, index.step)
    numbered = pd.api.types.is_integer_dtype(index.dtype) and index.is_unique and index.min() >= 0
    return [int(row) for row in index] if numbered else range(k)


def _as_pandas(table: Any) -> pd.DataFrame:
    if isinstance(table, pd.DataFrame):
        return table
    if isinstance(table, Mapping):
        try:
            return pd.DataFrame(dict(table))
        except OverflowError:  # a whole number beyond all floats, which is refused with its row
            return pd.DataFrame(dict(table), dtype=object)
        except ValueError as problem:
            raise DataError(f"the columns do not make a table: {problem}") from None
    import narwhals as nw

    try:
        frame = nw.from_native(table)
    except TypeError:
        formula = isinstance(table, str) and "~" in table
        how = " Formulas of R are columns by name here: the table first, then the columns." if formula else ""
        if isinstance(table, str | PathLike) and not formula:
            how = (
                " Read a file first, as by pandas.read_csv, or by mo.read_trials, which knows what columns are called."
            )
        raise DataError(
            f"a dataframe (pandas, polars, pyarrow, ...) is wanted, not {type(table).__name__}.{how}"
        ) from None
    except nw.exceptions.DuplicateError as problem:
        said = " ".join(str(problem).split())
        raise DataError(f"a column stands in the table more than once; rename one of them. {said}") from None
    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    # column by column: to_pandas() of polars would ask for pyarrow
    return pd.DataFrame({name: eager[name].to_list() for name in eager.columns})


def like(table: Any, frame: pd.DataFrame) -> Any:
    """Return `frame` as the same kind of dataframe as `table`; pandas keeps the caller's own index."""
    if isinstance(table, pd.DataFrame):
        frame.index = table.index
        return frame
    if isinstance(table, Mapping):
        return frame
    import narwhals as nw

    native = nw.from_native(table)
    return nw.from_dict({c: frame[c].to_list() for c in frame.columns}, backend=native.implementation).to_native()
