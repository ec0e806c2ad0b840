"""Patients from an analysis data set of times to event (CDISC ADaM, ADTTE)."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...base.check import Floats, columns_exist, refuse, time_unit
from ...base.files import parsing, read_bytes
from ...base.frames import to_pandas
from ...base.labels import folded, join_labels, repeated, spelling
from ...base.messages.advice import option
from ...base.messages.arguments import known_arguments
from ...base.messages.warning import warn
from ...base.numbers import numbers
from ...errors import ColumnError, DataError, DataWarning, OptionError
from .files.delimited import Extent
from .files.source import TABLES, frame_from, is_path, name_of, refuse_useless, with_points

MOST_BYTES = 100_000_000
_MOST = Extent(size=MOST_BYTES, rows=1_000_000, cells=5_000_000)
_MEMBER = b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!"
_ZERO = 16.0**-65  # what pandas makes of a 0 in a transport file, whose floats are of base 16
_UNITS = {  # words of AVALU and PARAM -> units of survival.kaplan_meier
    **dict.fromkeys(("day", "days"), "days"),
    **dict.fromkeys(("week", "weeks", "wk", "wks"), "weeks"),
    **dict.fromkeys(("month", "months", "mo", "mos", "mths"), "months"),
    **dict.fromkeys(("year", "years", "yr", "yrs"), "years"),
}
_ARMS = ("TRTP", "TRT01P", "ARM", "TRTA", "TRT01A", "ACTARM")
_RENAMED = {"USUBJID": "patient", "STUDYID": "study", "PARAMCD": "parameter"}
_NUMBERS = ("aval", "cnsr")
_OURS = ("patient", "study", "parameter", "time", "event", "arm")


@known_arguments
def read_adtte(
    source: str | PathLike[str] | Any,
    *,
    parameter: str | None = None,
    where: Mapping[str, object] | None = None,
    arm: str | None = None,
    unit: str | None = None,
    sheet: str | None = None,
    header: int | Sequence[int] | None = None,
    skip: Sequence[int] = (),
    sep: str | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
) -> pd.DataFrame:
    """Read the patients of one time to event, ready for ``survival.kaplan_meier``.

    CNSR is 0 where the event happened and above 0 where follow-up was censored: ``event`` is its opposite.

    Parameters
    ----------
    source : path or dataframe
        A SAS transport file (.xpt, version 5), a CSV file, an Excel workbook (needs openpyxl), or a dataframe; one row
        a patient and parameter.
    parameter : str, optional
        PARAMCD of the time to event, such as ``"OS"``; may be left out when the file has only one.
    where : mapping of str to object, optional
        Column -> value that rows must have, such as ``{"ITTFL": "Y"}``.
    arm : str, optional
        Column of the treatment; the first of TRTP, TRT01P, ARM, TRTA, TRT01A and ACTARM that is there, when not
        given.
    unit : str, optional
        Unit of AVAL ("days", "weeks", "months" or "years") where neither AVALU nor PARAM says it.
    sheet : str, optional
        Of a workbook or a CSV file, as in ``read_trials``.
    header : int or sequence of int, optional
        Of a workbook or a CSV file, as in ``read_trials``.
    skip : sequence of int, optional
        Of a workbook or a CSV file, as in ``read_trials``.
    sep, decimal : str, optional
        Of a workbook or a CSV file, as in ``read_trials``.
    encoding : str, optional
        Encoding of a CSV file or of the texts of a transport file, such as "cp1252"; UTF-8 when not given.

    Returns
    -------
    pandas.DataFrame
        One row a patient: patient (USUBJID), study (STUDYID), parameter (PARAMCD), time (AVAL), event (1 or 0), arm, as
        far as they are there, then the other columns under their own names. ``attrs["reading"]`` holds the source, the
        names changed, the unit and where it was read, and labels that were joined.

    Raises
    ------
    DataError
        A file that cannot be read; a patient twice; AVAL or CNSR missing or impossible; units that contradict each
        other: names patient, row and value.
    ColumnError
        AVAL, CNSR or a column named is not there.
    OptionError
        Several parameters and none, or none of them, named; a unit that does not exist; an option that this kind of
        source has no use for.

    Warns
    -----
    DataWarning
        Nothing says what unit the times have; arms that differ by what no reader sees were joined; cells or numbers of
        a file are not separated or written in the usual way.

    References
    ----------
    CDISC, The ADaM Basic Data Structure for Time-to-Event Analyses, 2012 (not read; the rule for CNSR is as R's
    admiral documents it).

    Examples
    --------
    >>> import metaonc as mo
    >>> table = {"USUBJID": ["01", "02"], "PARAM": "Overall Survival (Months)", "PARAMCD": "OS", "AVAL": [8.1, 12.0],
    ...          "CNSR": [0, 1], "TRTP": ["A", "B"]}
    >>> patients = mo.read_adtte(table)
    >>> patients[["patient", "time", "event", "arm"]].values.tolist(), patients.attrs["reading"]["unit"]
    ([['01', 8.1, 1, 'A'], ['02', 12.0, 0, 'B']], 'months')
    """
    time_unit(unit, source)
    name = name_of(source)
    with parsing(name):
        reading = {"sheet": sheet, "header": header, "skip": skip, "sep": sep, "decimal": decimal, "encoding": encoding}
        frame, form = _table(source, reading)
        table = _read(frame, name, parameter, where or {}, arm, unit)
    said = [f"read with {form}"] if form else []
    if table.attrs["reading"]["unit"] is None:
        said.append(f"nothing says what unit AVAL has; give unit, such as {option('unit', 'days')}")
    if said:
        warn(f"{name}: {'. '.join(said)}.", DataWarning)
    return table


def _read(
    frame: pd.DataFrame, name: str, parameter: str | None, where: Mapping[str, object], arm: str | None,
    unit: str | None,
) -> pd.DataFrame:  # fmt: skip
    frame = _upper(frame)
    wanted = {"AVAL": "AVAL", "CNSR": "CNSR", "arm": arm, **{f"where[{c!r}]": c for c in where}}
    columns_exist([str(c) for c in frame], wanted)
    frame = _chosen(frame, where, parameter, name)
    treatment = arm or next((c for c in _ARMS if c in frame), None)
    frame, joined = join_labels(frame, ["STUDYID", treatment])
    labels = [str(v) for v in frame["USUBJID"]] if "USUBJID" in frame else [str(i) for i in range(len(frame))]
    time, event = _numbers(frame, "AVAL", labels), _events(frame, labels)
    refuse(time < 0, labels, lambda i: f"AVAL={time[i]:g} is below 0.", "patient")
    if "USUBJID" in frame:
        _refuse_twice(labels)
    unit, said_by = _unit(frame, unit)
    renamed = {**_RENAMED, **({treatment: "arm"} if treatment else {})}
    table = frame.rename(columns=renamed).drop(columns=["AVAL", "CNSR"]).assign(time=time, event=event)
    table = table[[*(c for c in _OURS if c in table), *(str(c) for c in table if c not in _OURS)]]
    columns = {**{old: new for old, new in renamed.items() if old in frame}, "AVAL": "time", "CNSR": "event"}
    table.attrs["reading"] = {"source": name, "columns": columns, "unit": unit, "unit_said_by": said_by,
                              "joined": list(joined)}  # fmt: skip
    return table


def _table(source: Any, reading: Mapping[str, Any]) -> tuple[pd.DataFrame, str]:
    """Return the table of a source as it stands there, and how it was read where that is not the usual way."""
    if not is_path(source):
        refuse_useless("dataframe", {name: said for name, said in reading.items() if name not in ("skip", "decimal")})
        frame = _without(to_pandas(source), reading["skip"])
        return with_points(frame, reading["decimal"] or ".", _NUMBERS), ""
    path = Path(source)
    kind = path.suffix.lower()
    if kind == ".xpt":
        refuse_useless(kind, {name: said for name, said in reading.items() if name != "encoding"})
        frame = _transport(read_bytes(path, MOST_BYTES), str(path), reading["encoding"] or "utf-8")
        if not len(frame):
            raise DataError(f"{str(path)!r} has no rows.")
        return frame, ""
    if kind not in TABLES:
        fix = (
            ": write it as a transport file (proc copy, or haven::write_xpt(version = 5))"
            if kind == ".sas7bdat"
            else ""
        )
        raise DataError(f"{str(path)!r} is neither a SAS transport file (.xpt) nor a CSV file or a workbook{fix}.")
    frame, sheet = frame_from(source, **reading, most=_MOST)
    return with_points(frame, sheet.decimal, _NUMBERS), sheet.form


def _without(frame: pd.DataFrame, skip: Sequence[int]) -> pd.DataFrame:
    unknown = sorted(set(skip) - set(range(len(frame))))
    if unknown:
        raise DataError(f"skip={unknown[0]} is no row of the table, whose rows are 0 to {len(frame) - 1}.")
    return frame.drop(index=frame.index[list(skip)]) if skip else frame


def _transport(data: bytes, name: str, encoding: str) -> pd.DataFrame:
    if data.startswith(b"HEADER RECORD*******LIBV8"):
        raise DataError(f"{name!r} is a transport file of version 8: write it in version 5, as agencies ask for.")
    members = data.count(_MEMBER)
    if members > 1:
        raise DataError(f"{name!r} holds {members} data sets: write the one of times to event into a file of its own.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a file that does not end as it should
            frame: pd.DataFrame = pd.read_sas(io.BytesIO(data), format="xport", encoding=encoding)
    except UnicodeDecodeError as problem:
        raise DataError(
            f"{name!r} is not {encoding} text ({problem.reason}): give encoding, such as 'cp1252'."
        ) from None
    except LookupError:
        raise OptionError(f"encoding={encoding!r} does not exist; 'utf-8' and 'cp1252' do.") from None
    except Exception as problem:  # whatever a damaged file makes of the parser
        raise DataError(f"{name!r} is no SAS transport file that can be read: {problem}.") from None
    numbers = frame.select_dtypes("number")
    return frame.assign(**numbers.mask(numbers == _ZERO, 0.0))


def _upper(frame: pd.DataFrame) -> pd.DataFrame:
    names = [str(c).upper().strip() for c in frame]
    twice = next((n for n in names if names.count(n) > 1), None)
    if twice is not None:
        raise ColumnError(f"column {twice!r} stands in the table more than once; rename one of them.")
    return frame.set_axis(names, axis=1)


def _chosen(frame: pd.DataFrame, where: Mapping[str, object], parameter: str | None, name: str) -> pd.DataFrame:
    for column, value in where.items():
        kept = _spelled(frame[column]) == spelling(str(value))
        if not kept.any():
            raise DataError(f"no row of {name} has {column}={value!r}; there are {_listed(frame[column])}.")
        frame = frame[kept]
    if "PARAMCD" not in frame:
        if parameter is not None:
            raise ColumnError(f"parameter={parameter!r} needs the column PARAMCD; the table has {list(frame)}.")
        return frame.reset_index(drop=True)
    codes = _spelled(frame["PARAMCD"])
    if parameter is None and codes.nunique() > 1:
        raise OptionError(f"{name} has several times to event: give parameter, one of {_listed(codes)}.")
    chosen = frame[codes == spelling(parameter)] if parameter is not None else frame
    if not len(chosen):
        raise OptionError(f"parameter={parameter!r} is not in {name}; choose from {_listed(codes)}.")
    return chosen.reset_index(drop=True)


def _spelled(column: pd.Series) -> pd.Series:
    """Return a column as labels are compared; each different value is looked at once."""
    texts = column.astype(str)
    return texts.map({text: spelling(text) for text in texts.unique()})


def _listed(values: pd.Series) -> str:
    return ", ".join(f"{str(v)!r} ({n} rows)" for v, n in values.value_counts(sort=False).head(20).items())


def _numbers(frame: pd.DataFrame, column: str, labels: list[str], *, whole: bool = False) -> Floats:
    values = numbers(frame[column], column, labels, whole=whole, what="patient")
    refuse(np.isnan(values), labels, lambda i: f"{column} is blank.", "patient")
    refuse(np.isinf(values), labels, lambda i: f"{column} is infinite.", "patient")
    return values


def _events(frame: pd.DataFrame, labels: list[str]) -> NDArray[np.int64]:
    censored = _numbers(frame, "CNSR", labels, whole=True)
    bad = (censored < 0) | (censored % 1 != 0)
    refuse(bad, labels, lambda i: f"CNSR={censored[i]:g} is neither 0 (event) nor 1, 2, ... (censored).", "patient")
    return np.where(censored == 0, 1, 0).astype(np.int64)


def _refuse_twice(labels: list[str]) -> None:
    fix = "choose one record a patient, as in where={'ANL01FL': 'Y'}"

    def say(i: int) -> str:
        first = next(label for label in labels if folded(label) == folded(labels[i]))
        written = "" if first == labels[i] else f", as {first!r}"
        return f"USUBJID={labels[i]!r} stands in an earlier row too{written}: {fix}."

    refuse(repeated(labels), labels, say, "patient")


def _unit(frame: pd.DataFrame, asked: str | None) -> tuple[str | None, str | None]:
    """Return the unit of the times and what says it; all that say one must agree."""
    said = {"unit": asked} if asked else {}
    for column in ("AVALU", "PARAM"):
        texts = dict.fromkeys(str(v).strip() for v in frame[column].dropna().unique()) if column in frame else {}
        for text in texts:
            word = text if column == "AVALU" else next(iter(re.findall(r"[(\[]([A-Za-z]+)[)\]]\s*$", text)), "")
            found = _UNITS.get(word.lower())
            other = next(((by, u) for by, u in said.items() if found and u != found), None)
            if other:
                raise DataError(f"{column}={text!r} says {found}, but {other[0]} says {other[1]}: correct one of them.")
            if found:
                said[column] = found
    return next(((u, by) for by, u in said.items()), (None, None))
