"""Tables made for R: the column names of metafor's ``escalc`` and of meta become those of metaonc."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from os import PathLike
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...base.check import columns_exist, one_of, refuse
from ...base.files import parsing
from ...base.labels import blank
from ...base.messages.advice import option
from ...base.messages.arguments import known_arguments
from ...base.messages.left_out import rows_by_outcome
from ...base.messages.warning import warn
from ...base.missing import not_stated
from ...base.numbers import NotANumber, number_of
from ...errors import ColumnError, DataError, DataWarning
from .counts import COUNTS, check_counts
from .files.grid import Cell, Grid, text_of
from .files.layout import Irregular
from .files.source import grid_from, name_of, other_column
from .r_names import NAMES, recognised
from .sheets.published import dash, writes_zero
from .sheets.totals import of_whole_trials

_ONLY_FOR_N = "non_events"
_NA = ("NA", "NaN")
_MOST_SAID = 5  # cells that a warning names
_SAME = 1e-6  # relative; R writes 15 digits


class Derived(NamedTuple):
    """A column that follows from others: its name, theirs, how, and in words."""

    name: str
    needs: tuple[str, ...]
    compute: Callable[..., Any]
    said: str


_DERIVED = (
    Derived("n", ("events", "non_events"), lambda x, m: x + m, "n = {events} + {non_events}"),
    Derived("n_t", ("events_t", "non_events_t"), lambda a, b: a + b, "n_t = {events_t} + {non_events_t}"),
    Derived("n_c", ("events_c", "non_events_c"), lambda c, d: c + d, "n_c = {events_c} + {non_events_c}"),
    Derived("vi", ("se",), lambda se: se**2, "vi = {se} squared"),
)


@known_arguments
def read_escalc(
    source: str | PathLike[str] | Any,
    *,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    header: int | Sequence[int] | None = None,
    skip: Sequence[int] = (),
    sep: str | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
) -> pd.DataFrame:
    """Read a table whose columns bear the names of R's metafor or meta.

    metafor: ai, bi, ci, di, n1i, n2i; x1i, x2i, t1i, t2i; m1i, sd1i, n1i, m2i, sd2i, n2i; xi, mi, ni, ti; yi, vi, sei,
    ci.lb, ci.ub; slab. meta: event.e, n.e, event.c, n.c; time.e, time.c; mean.e, sd.e, mean.c, sd.c; event, n, time;
    TE, seTE, lower, upper; studlab. Upper and lower case count, as in R. In a table without any of them, and without
    `columns`, counts are recognised by what people call them (``cases``, ``total``, ``Events 1``, ...), where that
    means one thing only; ``metaonc.read_as`` says what each column was read as. Other columns pass through.

    Parameters
    ----------
    source : path or dataframe
        A CSV file as R's ``write.csv`` or ``write.csv2`` writes it, an Excel workbook (needs openpyxl), or a dataframe.
    columns : mapping of str to str, optional
        Name of a column there -> its name in R's call, as in ``{"tpos": "ai", "author": "slab"}``.
    sheet : str, optional
        Sheet of the workbook; the only one when not given.
    header : int or sequence of int, optional
        Rows that hold the names, and rows to leave out, as in ``read_trials``.
    skip : sequence of int, optional
        Rows that hold the names, and rows to leave out, as in ``read_trials``.
    sep, decimal, encoding : str, optional
        Of a CSV file: what separates cells, the decimal mark (``sep=";", decimal=","`` for ``write.csv2``), and the
        encoding; as the file shows, and UTF-8, when not given.

    Returns
    -------
    pandas.DataFrame
        The table under the names that ``effect_sizes`` and ``pool`` take: study; events_t, n_t, events_c, n_c; time_t,
        time_c; mean_t, sd_t, mean_c, sd_c; events, n, time; yi, vi, se, ci_low, ci_high. Where there are none, n_t is
        ai + bi, n_c is ci + di, n is xi + mi, and vi is the square of sei or seTE. ``attrs["reading"]`` holds the
        source, the names changed, and what was worked out.

    Raises
    ------
    ColumnError
        No name that is known, two columns that become one, or a column that is not there.
    OptionError
        A name in `columns` that neither package has.
    DataError
        A value that is no number, a count that is not whole, more events than patients, or numbers that contradict each
        other, such as vi and sei: names row and value.

    Warns
    -----
    DataWarning
        Columns were recognised, or told apart by their place where they have one name; cells were read as blank, or
        numbers left out that are of whole trials.

    Notes
    -----
    yi is on the scale of analysis, as both packages keep it: the logarithm of a ratio. So are ci.lb, ci.ub, lower and
    upper; as limits of a hazard ratio they would be wrong.

    References
    ----------
    Viechtbauer 2010, doi:10.18637/jss.v036.i03 (metafor).

    Examples
    --------
    >>> import metaonc as mo
    >>> table = {"studlab": ["A", "B"], "TE": [-0.3, -0.1], "seTE": [0.2, 0.1]}
    >>> es = mo.read_escalc(table)
    >>> es[["study", "yi", "vi"]].round(3).values.tolist()
    [['A', -0.3, 0.04], ['B', -0.1, 0.01]]
    """
    with parsing(name_of(source)):
        grid = grid_from(source, sheet=sheet, header=header, skip=skip, sep=sep, encoding=encoding, decimal=decimal)
        frame, parts = _read(grid, columns or {})
    if parts:
        warn(f"{grid.source}: {'. '.join(parts)}.", DataWarning)
    return frame


def _read(grid: Grid, columns: Mapping[str, str]) -> tuple[pd.DataFrame, list[str]]:
    """Return the checked table, and what is to be said of it."""
    asked = {" ".join(old.split()): new for old, new in columns.items()}
    known, unread = recognised(grid, asked)
    roles = _roles(grid.names, {**known, **asked})
    said = list[str]()
    frame = _frame(grid, roles, said)
    said += _blank_totals(frame)
    labels = frame["study"].astype(str).tolist() if "study" in frame else [str(i) for i in range(len(frame))]
    _check_limits(frame, labels)
    derived = _derive(frame, roles, labels)
    check_counts(frame, labels, {new: old for old, new in roles.items()})
    frame = frame.drop(columns=[str(c) for c in frame if str(c).startswith(_ONLY_FOR_N)])
    frame.attrs["reading"] = {
        "source": grid.source,
        "columns": {old: new for old, new in roles.items() if not new.startswith(_ONLY_FOR_N)},
        "derived": derived,
        "left_out": list(grid.left_out),
        "no_data": list(grid.no_data),
        "rows": rows_by_outcome(frame),
        "form": grid.form,
        "read_as": roles,
        "how": {old: "asked" if old in asked else "recognised" if old in known else "own name" for old in roles},
        "not_read": dict.fromkeys(unread, "not read"),
    }
    return frame, _told(grid, known, said)


def _blank_totals(frame: pd.DataFrame) -> list[str]:
    """Leave a number of patients blank where it is that of a trial of several rows; return what was left out."""
    said = []
    for n, events in (("n", "events"), ("n_t", "events_t"), ("n_c", "events_c")):
        if not {"study", n, events} <= set(frame):
            continue
        trials = frame["study"].astype(str).tolist()
        rows = of_whole_trials(trials, frame[n].notna().tolist(), frame[events].notna().tolist())
        said += [f"{n}={frame[n][i]:g} in row {i} is that of all rows of {trials[i]!r}, and was left out" for i in rows]
        frame.loc[rows, n] = math.nan
    return said


def _told(grid: Grid, known: Mapping[str, str], said: list[str]) -> list[str]:
    words = [f"{old!r} as {NAMES[new]}" for old, new in known.items()]
    return [
        *([f"read with {grid.form}"] if grid.form else []),
        *grid.told_apart,
        *([f"recognised: {', '.join(words)}"] if words else []),
        *(
            [f"{'; '.join(said[:_MOST_SAID])}{f' and {len(said) - _MOST_SAID} more' * (len(said) > _MOST_SAID)}"]
            * bool(said)
        ),
        *([f"left out: {'; '.join(grid.left_out)}"] if grid.left_out else []),
    ]


def _roles(names: Sequence[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Return name there -> name here, of the columns that have one."""
    columns_exist(names, {f"columns[{old!r}]": old for old in columns})
    for old, new in columns.items():
        one_of(f"columns[{old!r}]", new, NAMES)
    called = {name: columns.get(name, name) for name in names if name in columns or name not in columns.values()}
    roles = {name: NAMES[code] for name, code in called.items() if code in NAMES}
    if "xi" not in called.values():  # mi then is the mean of one group
        roles = {name: role for name, role in roles.items() if role != "non_events"}
    if not set(roles.values()) - {"study", "ci_low", "ci_high"}:
        raise ColumnError(
            f"no column bears a name of metafor or meta: the table has {list(names)}. Known are {', '.join(NAMES)}; to "
            "say which column is which, give columns, as in {'tpos': 'ai'}."
        )
    for name in names:
        both = [old for old, new in roles.items() if new == roles.get(name, name)]
        other = next((old for old in both if old != name), None)
        if other is not None:
            raise ColumnError(
                f"columns {name!r} and {other!r} would both be {roles.get(name, name)!r}: drop one of them."
            )
    return roles


def _frame(grid: Grid, roles: Mapping[str, str], said: list[str]) -> pd.DataFrame:
    table = {}
    for j, name in enumerate(grid.names):
        cells = [row[j] for row in grid.rows]
        role = roles.get(name)
        if role is None or role == "study":
            table[role or name] = other_column([_held(c) for c in cells], grid.decimal)
        else:
            table[role] = pd.Series(_numbers(cells, name, grid.decimal, said, whole=role in COUNTS), dtype=float)
    return pd.DataFrame(table)


def _numbers(cells: Sequence[Cell], name: str, decimal: str, said: list[str], *, whole: bool) -> list[float]:
    dashes = writes_zero(c.value for c in cells)
    out = []
    for cell in cells:
        nothing = isinstance(cell.value, str) and (not_stated(cell.value) or (dashes and dash(cell.value)))
        if isinstance(cell.value, Irregular) and cell.value.kind == "merged" and not_stated(str(cell.value.value)):
            nothing = True
        if nothing and _held(cell) is not None:
            said.append(f"{name}={text_of(cell.value)!r} read as blank ({cell.place})")
        out.append(math.nan if nothing else _number(cell, name, decimal, whole=whole))
    return out


def _held(cell: Cell) -> Any:
    value = cell.value.value if isinstance(cell.value, Irregular) else cell.value
    return None if blank(value) or value in _NA else value


def _number(cell: Cell, name: str, decimal: str, *, whole: bool) -> float:
    value = cell.value
    if isinstance(value, Irregular):
        raise DataError(f"{name}={value.text!r} is not a number ({cell.place}): write its value in the cell.")
    try:
        return number_of(_held(cell), whole=whole, decimal=decimal)
    except NotANumber as problem:
        comma = decimal == "." and isinstance(value, str) and "," in value
        mend = f": give {option('decimal', ',')} ({cell.place})" if comma else f" ({cell.place}): {problem}"
        raise DataError(f"{name}={value!r} is not a number{mend}.") from None


def _derive(frame: pd.DataFrame, roles: Mapping[str, str], labels: list[str]) -> list[str]:
    """Add the columns that follow from others; return what was done. Where both are there, they must agree."""
    said, old = [], {new: name for name, new in roles.items()}
    for d in _DERIVED:
        if any(need not in frame for need in d.needs):
            continue
        given = [frame[need].to_numpy() for need in d.needs]
        text = d.said.format_map(old)
        with np.errstate(over="ignore"):  # said of the row
            values = d.compute(*given)
        beyond = np.isinf(values) & np.all([np.isfinite(x) for x in given], axis=0)
        refuse(beyond, labels, partial(_beyond, text, old, d.needs, given))
        if d.name in frame:
            _check_same(text, frame[d.name].to_numpy(), values, labels)
        else:
            frame[d.name] = values
            said.append(text)
    return said


def _beyond(text: str, old: Mapping[str, str], needs: tuple[str, ...], given: Sequence[Any], row: int) -> str:
    said = ", ".join(f"{old[need]}={x[row]:g}" for need, x in zip(needs, given, strict=True))
    return f"{text} is larger than a number can be at {said}; mend it."


def _check_same(text: str, own: Any, values: Any, labels: list[str]) -> None:
    known = ~np.isnan(own) & ~np.isnan(values)
    bad = known & ~np.isclose(own, values, rtol=_SAME, atol=1e-12)
    refuse(bad, labels, lambda i: f"{text} is {values[i]:g}, but the table has {own[i]:g}: correct one of them.")


def _check_limits(frame: pd.DataFrame, labels: list[str]) -> None:
    """Refuse limits that do not hold the effect: those of a ratio beside its logarithm."""
    if {"yi", "ci_low", "ci_high"} <= set(frame):
        yi, low, high = (frame[c].to_numpy() for c in ("yi", "ci_low", "ci_high"))
        refuse((low > yi) | (yi > high), labels, lambda i: (
            f"yi={yi[i]:g} lies outside its interval ({low[i]:g}, {high[i]:g}): is one of them a ratio, and the other "
            "its logarithm?"))  # fmt: skip
