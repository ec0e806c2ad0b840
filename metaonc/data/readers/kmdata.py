"""The kmdata database of reconstructed oncology trials, from a user's own copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from html import escape
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...base.check import one_of, refuse, where
from ...base.files import parsing
from ...base.labels import blank, folded, join_labels
from ...base.messages.arguments import known_arguments
from ...base.numbers import floats
from ...errors import DataError
from .files.rda import Frame, read_rda
from .files.source import TABLES, frame_from, refuse_useless, with_points

_KEY = "kmdata_key"
_OTHERS = (_KEY, "kmdata_demo")  # tables about the trials, not of patients
_COLUMNS = {  # of the key -> here
    "name": "name", "ClinicalTrial": "trial", "Figure": "figure", "Cancer": "cancer", "Subgroups": "subgroup",
    "Outcome": "outcome", "Units": "unit", "Arms": "arms", "HazardRatio": "hr_published",
    "ReportedSampleSize": "n_reported", "QualityPercent": "quality_percent", "TrialRegistration": "registry_id",
    "PubMedID": "pmid", "Journal": "journal", "Year": "year", "Title": "title",
}  # fmt: skip
_NEEDED = ("time", "event", "arm")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Kmdata:
    """Data sets of kmdata; made by ``mo.read_kmdata(path)``.

    Attributes
    ----------
    table
        One row a data set: name, trial, figure, cancer, subgroup, outcome, unit, arms, hr_published (the printed hazard
        ratio; which arm it is of is not said), n_reported (of the whole trial), quality_percent (the authors' score of
        agreement with what was printed), registry_id, pmid, journal, year, title. Where the key of the database is not
        there: name, outcome, unit, arms, quality_percent and title.
    files
        Name -> file, which is read when its patients are asked for.
    reading
        How these files are read, where they are tables.
    """

    table: pd.DataFrame
    files: Mapping[str, Path]
    reading: Mapping[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.table)

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in set(self.table["name"]):
            near = get_close_matches(str(name), self.table["name"].tolist(), n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise DataError(f"there is no data set {name!r}; .table lists the {len(self)} there are.{hint}")
        with parsing(str(self.files[name])):
            return _patients(_read(self.files[name], self.reading), self.files[name])

    def where(self, **columns: Any) -> Kmdata:
        """Return the data sets whose columns have these values, whatever their case: ``where(outcome="OS")``.

        Raises
        ------
        OptionError
            There is no such column.
        DataError
            No data set has the value; the message lists those there are.
        """
        kept = self.table
        for column, value in columns.items():
            one_of("column", column, map(str, kept.columns))
            here = kept[column].astype(str).map(folded) == folded(str(value))
            if not here.any():
                known = ", ".join(map(repr, kept[column].dropna().unique()[:20]))
                raise DataError(f"no data set has {column}={value!r}; there are {known}.")
            kept = kept[here]
        return replace(self, table=kept.reset_index(drop=True))

    def ipd(self) -> pd.DataFrame:
        """Return the patients of all data sets: name, outcome, unit, arm, time, event."""
        about = self.table[["name", "outcome", "unit"]].to_dict("records")
        frames = [self[row["name"]].assign(**{str(k): v for k, v in row.items()}) for row in about]
        return pd.concat(frames, ignore_index=True)[["name", "outcome", "unit", "arm", "time", "event"]]

    def __str__(self) -> str:
        shown = [c for c in ("name", "outcome", "unit", "arms", "hr_published", "quality_percent") if c in self.table]
        listing = self.table[shown].to_string(index=False, max_rows=20)
        return f"kmdata: {len(self)} data set{'s' * (len(self) != 1)} of reconstructed patients\n{listing}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


@known_arguments
def read_kmdata(
    path: str | PathLike[str],
    *,
    sheet: str | None = None,
    header: int | Sequence[int] | None = None,
    skip: Sequence[int] = (),
    sep: str | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
) -> Kmdata:
    r"""Read data sets of kmdata, patients reconstructed from published Kaplan-Meier figures, from your own copy.

    kmdata (Redd, Fell and Rahman; MIT licence; github raredd/kmdata) holds 304 figures of phase 3 trials in breast,
    lung, prostate and colorectal cancer, digitised by hand and reconstructed by Guyot's algorithm. None of it comes
    with metaonc: clone or download the R package.

    Parameters
    ----------
    path : str or path
        The folder of the R package, its folder ``data``, or one ``.rda`` file of it. Needs the library rdata:
        ``pip install "metaonc[kmdata]"``. Or one data set as a CSV file or an Excel workbook, with the columns `time`,
        `event` and `arm`, as R's ``write.csv(ATTENTION_2A, "ATTENTION_2A.csv")`` writes it.
    sheet : str, optional
        Of a CSV file or a workbook, as in ``read_trials``.
    header : int or sequence of int, optional
        Of a CSV file or a workbook, as in ``read_trials``.
    skip : sequence of int, optional
        Of a CSV file or a workbook, as in ``read_trials``.
    sep, decimal, encoding : str, optional
        Of a CSV file or a workbook, as in ``read_trials``.

    Returns
    -------
    Kmdata
        With `table`, one row a data set; ``[name]`` are its patients with columns `arm`, `time` and `event`, and
        ``.ipd()`` those of all.

    Raises
    ------
    DataError
        There are no such files; a file is too large or damaged, or holds no patients of that form. The message names
        the file and, for a value, the row.
    OptionError
        rdata is not installed, or an option is not for this kind of source.

    Notes
    -----
    Nothing in a file is run: rdata makes values of bytes and evaluates no R code. Files over 0.5 MB, or that
    unpack to more than 1 MB, are refused.

    Examples
    --------
    >>> import metaonc as mo
    >>> from pathlib import Path
    >>> _ = Path("TRIAL_2A.csv").write_text("time,event,arm\n1.5,1,A\n2,0,B\n")
    >>> mo.read_kmdata("TRIAL_2A.csv").ipd()[["arm", "time", "event"]].values.tolist()
    [['A', 1.5, 1], ['B', 2.0, 0]]
    """
    reading = {"sheet": sheet, "header": header, "skip": skip, "sep": sep, "decimal": decimal, "encoding": encoding}
    home = Path(path)
    with parsing(str(path)):
        if home.suffix.lower() in TABLES:
            table = pd.DataFrame([_about(_read(home, reading), home.stem, home)])
            return Kmdata(table=table, files={home.stem: home}, reading=reading)
        refuse_useless(home.suffix.lower() or "R", reading)
        return _listed(home)


def _listed(home: Path) -> Kmdata:
    if home.is_file() or home.suffix.lower() == ".rda":
        frame = _read(home)
        name = str(_one(frame, "name") or home.stem)
        return Kmdata(table=pd.DataFrame([_about(frame, name, home)]), files={name: home})
    folder = home / "data" if (home / "data").is_dir() else home
    files = {_name(f.stem): f for f in sorted(folder.glob("*.rda")) if f.stem not in _OTHERS}
    if not files:
        raise DataError(f"there are no .rda files of kmdata in {str(folder)!r}: give the folder of the R package.")
    key = folder / f"{_KEY}.rda"
    table = _key(key) if key.exists() else pd.DataFrame([_about(_read(f), name, f) for name, f in files.items()])
    there = table[table["name"].isin(list(files))].reset_index(drop=True)
    unknown = sorted(set(files) - set(there["name"]))
    if unknown:
        more = [_about(_read(files[name]), name, files[name]) for name in unknown]
        there = pd.concat([there, pd.DataFrame(more)], ignore_index=True)
    return Kmdata(table=there, files=files)


def _name(stem: str) -> str:
    """Return the name of a data set: R puts an X before names that begin with a digit, the key does not."""
    return stem[1:] if stem[:1] == "X" and stem[1:2].isdigit() else stem


def _read(file: Path, reading: Mapping[str, Any] | None = None) -> Frame:
    """Return the one data frame of a file."""
    if file.suffix.lower() in TABLES:
        frame, sheet = frame_from(file, **(reading or {}))
        frame = with_points(frame, sheet.decimal, ("time", "event"))
        return Frame(columns={str(c): frame[c].tolist() for c in frame}, attributes={})
    found = [value for value in read_rda(file).values() if isinstance(value, Frame)]
    if len(found) != 1:
        raise DataError(f"{str(file)!r} holds {len(found)} data frames; a file of kmdata holds one.")
    return found[0]


def _key(file: Path) -> pd.DataFrame:
    columns = _read(file).columns
    missing = [c for c in _COLUMNS if c not in columns]
    if missing:
        raise DataError(f"{str(file)!r} has no column {missing[0]!r}: it is no key of kmdata 1.0.")
    table = pd.DataFrame({new: _plain(columns[old]) for old, new in _COLUMNS.items()})
    return table.assign(pmid=table["pmid"].map(lambda x: None if pd.isna(x) else f"{x:.0f}"))


def _plain(values: Any) -> list[Any]:
    """Return a column with its missing values as None."""
    missing = np.ma.getmaskarray(values) if isinstance(values, np.ndarray) else [v is None for v in values]
    return [None if gone else v for v, gone in zip(np.ma.getdata(values).tolist(), missing, strict=True)]


def _one(frame: Frame, attribute: str) -> Any:
    """Return an attribute that holds one value; None where it is not there."""
    held = frame.attributes.get(attribute)
    return None if held is None or len(held) != 1 else np.asarray(held).tolist()[0]


def _about(frame: Frame, name: str, file: Path) -> dict[str, Any]:
    patients = _patients(frame, file)
    quality = frame.attributes.get("quality")
    held = np.asarray([] if quality is None else quality, dtype=object).tolist()
    score = held[2] if len(held) == 3 and isinstance(held[2], (int, float)) else np.nan
    return {
        "name": name, "outcome": _one(frame, "event"), "unit": _one(frame, "units"),
        "arms": ", ".join(sorted(patients["arm"].unique())),
        "quality_percent": float(score) if np.isfinite(score) else None,
        "title": _one(frame, "title"),
    }  # fmt: skip


def _patients(frame: Frame, file: Path) -> pd.DataFrame:
    """Return the patients of a data set, checked."""
    missing = [c for c in _NEEDED if c not in frame.columns]
    if missing:
        raise DataError(
            f"{str(file)!r} has no column {missing[0]!r} but {', '.join(frame.columns)}: no data set of kmdata."
        )
    held = {c: _plain(frame.columns[c]) for c in _NEEDED}
    if len({len(values) for values in held.values()}) != 1:
        raise DataError(f"{str(file)!r} is damaged: its columns are not of one length.")
    labels, arm = [file.stem] * len(held["time"]), held["arm"]
    t, e = (
        floats(held[c], lambda i, c=c: f"{where(labels, i, 'data set')}: {c}", truths=c == "event")  # type: ignore[misc]
        for c in ("time", "event")
    )
    refuse(~(np.isfinite(t) & (t >= 0)), labels, lambda i: f"time={held['time'][i]!r} is not a time.", "data set")
    refuse(~np.isin(e, (0, 1)), labels, lambda i: f"event={held['event'][i]!r} is not 0 or 1.", "data set")
    refuse(np.array([blank(a) for a in arm], dtype=bool), labels, lambda i: "arm is missing.", "data set")
    table = pd.DataFrame({"arm": pd.Series(arm, dtype=object).astype(str), "time": t, "event": e.astype(int)})
    return join_labels(table, ["arm"]).frame
