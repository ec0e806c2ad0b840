"""The bytes of a file as text, and archives within limits."""

from __future__ import annotations

import codecs
import zipfile
import zlib
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from ....base.files import MOST_BYTES, read_bytes
from ....base.messages.advice import option, setting
from ....errors import DataError, OptionError

_KINDS = (
    (b"PK\x03\x04", "is a ZIP archive or an Excel workbook: give it its own ending, .xlsx or .zip"),
    (b"\xd0\xcf\x11\xe0", "is an old Excel file (.xls), or one with a password: save it as an Excel workbook (.xlsx)"),
    (b"%PDF", "is a PDF: its tables must be typed or copied into a spreadsheet"),
)
_PIECE = 65_536
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CSV_UTF8 = "save it as 'CSV UTF-8 (comma delimited)'"


def read_text(path: Path, encoding: str | None = None, most: int = MOST_BYTES) -> str:
    """Return a file as text.

    Parameters
    ----------
    path
        The file.
    encoding
        Its encoding; UTF-8, with or without byte-order mark, when not given.
    most
        Bytes that are read at most.

    Raises
    ------
    OptionError
        An encoding that does not exist.
    DataError
        A file that is no text of that encoding; the message says which it may be.
    """
    return decode(read_bytes(path, most), str(path), encoding)


def decode(data: bytes, name: str, encoding: str | None = None) -> str:
    """Return bytes as text, or say what they are instead; `name` is what messages call them."""
    for start, what in _KINDS:
        if data.startswith(start):
            raise DataError(f"{name!r} {what}.")
    try:
        text = data.decode(encoding or "utf-8-sig")
    except LookupError:
        raise OptionError(
            f"{setting('encoding', encoding)} does not exist; 'utf-8', 'cp1252' and 'utf-16' do."
        ) from None
    except UnicodeError as problem:
        raise DataError(f"{name!r} is not {encoding or 'UTF-8'} text{_fix(data, problem, encoding)}.") from None
    if encoding is not None and _is_utf8(data) and text != data.decode("utf-8-sig"):
        raise DataError(f"{name!r} is UTF-8 text, not {encoding}: leave {option('encoding')} out.")
    if "\0" in text:
        raise DataError(f"{name!r} is not text{_fix(data, None, encoding)}.")
    return text.removeprefix("\ufeff")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _fix(data: bytes, problem: UnicodeError | None, encoding: str | None) -> str:
    if data.startswith(_UTF16):
        return f"; it begins as UTF-16 ('Unicode text'): give {option('encoding', 'utf-16')}, or {_CSV_UTF8}"
    if b"\0" in data:
        return f"; it holds zero bytes, as UTF-16 without its mark does: {_CSV_UTF8}"
    if not isinstance(problem, UnicodeDecodeError):
        return ""
    where = f" (byte {problem.start}: 0x{data[problem.start]:02x}"
    try:
        line = data[: problem.start].count(b"\n") + 1
        seen = data.decode("cp1252").splitlines()[line - 1].strip()
    except (UnicodeError, IndexError):
        return f"{where}): {_CSV_UTF8}"
    if encoding is not None:
        return f"{where}, line {line})"
    fix = f"if {seen[:60]!r} reads well, give {option('encoding', 'cp1252')}, otherwise {_CSV_UTF8}"
    return f"{where}, line {line}); {fix}"


def open_zip(data: bytes, name: str) -> zipfile.ZipFile:
    """Open an archive."""
    try:
        return zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as problem:
        raise DataError(f"{name!r} is no ZIP archive that can be opened: {problem}.") from None


def check_members(archive: zipfile.ZipFile, members: Iterable[zipfile.ZipInfo], name: str, most: int) -> None:
    """Raise a DataError where members are locked, damaged, or unpack to more than `most` bytes or than they promise."""
    wanted = list(members)
    unpacked = sum(member.file_size for member in wanted)
    if unpacked > most:
        raise DataError(f"{name!r} would unpack to {unpacked:,} bytes; more than {most:,} is not opened.")
    for member in wanted:
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others unpack without bound
            raise DataError(f"{name!r}: {member.filename!r} is packed in a way that is not opened: save it anew.")
    if any(member.flag_bits & 1 for member in wanted):
        raise DataError(f"{name!r} is locked with a password: save it without one.")
    for member in wanted:
        try:
            with archive.open(member) as content:
                while content.read(_PIECE):  # in pieces: what is more than promised is never unpacked
                    pass
        except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError, NotImplementedError) as problem:
            raise DataError(f"{name!r}: {member.filename!r} cannot be unpacked: {problem}.") from None
