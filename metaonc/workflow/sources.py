"""Where evidence comes from: a packaged collection, a file, or a table that is there."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from ..base.frames import to_pandas
from ..base.messages.advice import option
from ..data.collections.collection import Collection, load, names
from ..data.readers.trials import Reading, read_trials
from ..errors import DataError, OptionError


class Source(NamedTuple):
    """Evidence, with its name, what it is about, and its documents, None where none are listed."""

    name: str
    about: str
    evidence: pd.DataFrame
    documents: pd.DataFrame | None


def source_of(source: Any, reading: Reading) -> Source:
    """Return the evidence of a packaged collection, of a file, or of a table.

    Raises
    ------
    OptionError
        How a file is read is said of what is none.
    DataError
        Neither a file nor a collection of that name.
    """
    if not isinstance(source, (str, PathLike)):
        _refuse_reading(reading, "a table")
        return _table(source)
    packaged = names()
    if str(source) in packaged and not Path(source).is_file():
        _refuse_reading(reading, f"{str(source)!r} is a packaged collection", is_clause=True)
        return _table(load(str(source)))
    path = Path(source)
    if not path.exists():
        raise DataError(f"{str(source)!r} is neither a file nor a packaged collection ({', '.join(packaged)}).")
    return Source(path.stem, path.name, read_trials(path, **reading), None)


def _table(table: Any) -> Source:
    if isinstance(table, Collection):
        return Source(table.name, table.title, table.evidence, table.sources)
    frame = to_pandas(getattr(table, "evidence", getattr(table, "used", table)))
    return Source("evidence", "the evidence", frame if "outcome" in frame else frame.assign(outcome=None), None)


def _refuse_reading(reading: Reading, what: str, *, is_clause: bool = False) -> None:
    if reading:
        said = what if is_clause else f"the source is {what}"
        raise OptionError(f"{option(next(iter(reading)))} is for files, and {said}.")


def about(source: Source, outcome: str) -> Source:
    """Return the source; a table that names no outcome is about the one that is asked for."""
    evidence = source.evidence
    return source if evidence["outcome"].notna().any() else source._replace(evidence=evidence.assign(outcome=outcome))
