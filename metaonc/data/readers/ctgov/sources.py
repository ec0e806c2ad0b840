"""Records in files: one, many, a folder, an archive; within limits, read one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, cast
from zipfile import ZipFile, ZipInfo

from ....base.files import json_of, read_bytes
from ....errors import DataError
from ..files.bytes import check_members, open_zip

MOST_BYTES = 200_000_000  # of one file
MOST_UNPACKED = 500_000_000  # of an archive
MOST_MEMBER = 50_000_000
MOST_FILES = 100_000
Document = tuple[str, Callable[[], bytes]]


def documents(source: str | PathLike[str] | Sequence[str | PathLike[str]]) -> Iterator[Document]:
    """Return the name of each file of records, in order, and what reads it.

    What reads it raises a DataError where a file is not there or is too large, an archive cannot be opened, or a folder
    holds no such file.

    Raises
    ------
    DataError
        What is given is no path, or there is none.
    """
    sequence = isinstance(source, Iterable) and not isinstance(source, (str, PathLike, bytes, Mapping))
    given: list[Any] = list(cast(Iterable[Any], source)) if sequence else [source]
    for path in given:
        if not isinstance(path, (str, PathLike)):
            raise DataError(
                f"{path!r:.60} is no path: give that of a record, of a folder or of a ZIP archive of records."
            )
    if not given:
        raise DataError("no file is named: give the path of a record, of a folder or of a ZIP archive of records.")
    for path in map(Path, given):
        yield from _each(path)


def _each(path: Path) -> Iterator[Document]:
    """Return the documents of a path; of one that cannot be looked into, what says why."""
    try:
        yield from _of(path)
    except DataError as problem:
        yield str(path), partial(_refuse, problem)


def _refuse(problem: DataError) -> bytes:
    raise problem


def _of(path: Path) -> Iterator[Document]:
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if p.suffix.lower() in (".json", ".zip") and not p.is_dir())
        if not files:
            raise DataError(f"{str(path)!r} holds no .json or .zip file: give the folder of the downloaded records.")
        _refuse_many(len(files), str(path))
        for file in files:
            yield from _each(file)
    elif path.suffix.lower() == ".zip":
        yield from _unpacked(path)
    else:
        yield str(path), partial(read_bytes, path, MOST_BYTES)


def _refuse_many(count: int, name: str) -> None:
    if count > MOST_FILES:
        raise DataError(f"{name!r} holds {count:,} files; more than {MOST_FILES:,} are not read: read it in parts.")


def _unpacked(path: Path) -> Iterator[Document]:
    archive = open_zip(read_bytes(path, MOST_BYTES), str(path))
    wanted = [m for m in archive.infolist() if m.filename.lower().endswith(".json") and not m.is_dir()]
    if not wanted:
        raise DataError(f"{str(path)!r} holds no .json file: give the archive of records as the registry packs it.")
    check_members(archive, wanted, str(path), MOST_UNPACKED)
    _refuse_many(len(wanted), str(path))
    for member in wanted:
        name = f"{path}/{member.filename}"
        yield name, partial(_member, archive, member, name)


def _member(archive: ZipFile, member: ZipInfo, name: str) -> bytes:
    if member.file_size > MOST_MEMBER:
        raise DataError(f"{name!r} holds {member.file_size:,} bytes; more than {MOST_MEMBER:,} are not read.")
    return archive.read(member)


def studies(name: str, data: bytes) -> list[Mapping[str, Any]]:
    """Return the records of a file: one, a list of them, or an answer of the registry's API.

    Raises
    ------
    DataError
        It is no JSON, nested too deeply, names a key twice, holds a number without end, or is no record of version 2.
    """
    held = json_of(data.removeprefix(b"\xef\xbb\xbf"), name, unique=True)
    found = held.get("studies") if isinstance(held, dict) and "studies" in held else held
    each: list[Any] = found if isinstance(found, list) else [found]
    if not each:
        raise DataError(f"{name!r} holds no record.")
    for study in each:
        if not isinstance(study, dict) or not isinstance(study.get("protocolSection"), dict):
            raise DataError(f"{name!r} is no record of ClinicalTrials.gov of version 2{_what(study)}.")
    return each


def _what(study: object) -> str:
    old = isinstance(study, dict) and {"FullStudy", "FullStudiesResponse", "Study", "StudyFieldsResponse"} & set(study)
    fix = "download it anew as JSON, as https://clinicaltrials.gov/api/v2/studies/NCT... gives it"
    return f": it is of the older API; {fix}" if old else f": it has no protocolSection; {fix}"
