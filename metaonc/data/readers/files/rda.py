"""R's .rda files as plain tables: unpacked within limits, parsed by the rdata library, nothing in them run.

rdata turns the bytes into Python values and has no evaluator: functions, calls and promises of a file stay data. What a
file could still do is grow, so that its size, its unpacked size and its compact sequences are limited here.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from ....base.files import read_bytes
from ....errors import DataError, OptionError

MOST_BYTES = 500_000  # of a file; those of kmdata hold up to 21,000
MOST_UNPACKED = 1_000_000  # those of kmdata unpack to up to 150,000
MOST_VALUES = 200_000  # of all sequences that are stored as their ends
_PIECE = 65_536


class Frame(NamedTuple):
    """A data frame of R: its columns, and its attributes."""

    columns: Mapping[str, Any]
    attributes: Mapping[str, Any]


class _Kinds(dict[str, Any]):
    """What makes values of R's classes; a class that is not read is refused: a date is no number of days."""

    def get(self, kind: str, default: Any = None) -> Any:
        if kind not in self:
            raise DataError(
                f"holds values of R's class {str(kind)!r}: data sets of kmdata have numbers, texts and factors."
            )
        return self[kind]


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


def read_rda(path: Path) -> dict[str, Any]:
    """Return the objects of a file by name: data frames as `Frame`, factors as lists of text, vectors as arrays.

    Raises
    ------
    OptionError
        The rdata library is not installed.
    DataError
        The file is missing, too large, or no such file.
    """
    try:
        import rdata
    except ImportError:
        raise OptionError('files of R need the library rdata: pip install "metaonc[kmdata]".') from None
    data = _unpacked(read_bytes(path, MOST_BYTES), str(path))
    if data[:5] not in (b"RDX2\n", b"RDX3\n"):
        raise DataError(f"{str(path)!r} is no .rda file of R (written by save()): give one, or the folder of kmdata.")
    known = dict(rdata.parser.DEFAULT_ALTREP_MAP)
    room = [MOST_VALUES]
    known |= {name: _within(known[name], room) for name in (b"compact_intseq", b"compact_realseq")}
    kinds: Any = _Kinds(kmdata=_frame, factor=_factor, ordered=_factor, table=lambda values, _: values)
    kinds["data.frame"] = _frame
    try:
        parsed = rdata.parser.parse_data(data, altrep_constructor_dict=known, extension=".rda")
        found = rdata.conversion.convert(parsed, constructor_dict=kinds)
    except DataError as problem:
        raise DataError(f"{str(path)!r} {problem}") from None
    except Exception as problem:  # whatever bytes that are no R object make the library raise
        raise DataError(f"{str(path)!r} is damaged, or holds what is not read: {type(problem).__name__}.") from None
    if not isinstance(found, dict):
        raise DataError(f"{str(path)!r} holds no named objects, as save() of R writes them.")
    return found


def _unpacked(data: bytes, name: str) -> bytes:
    """Return the bytes of a file that may be compressed, at most `MOST_UNPACKED`."""
    unpacker: _Unpacker
    if data.startswith(b"\x1f\x8b"):
        unpacker = zlib.decompressobj(wbits=31)
    elif data.startswith(b"BZh"):
        unpacker = bz2.BZ2Decompressor()
    elif data.startswith(b"\xfd7zXZ"):
        unpacker = lzma.LZMADecompressor(memlimit=100_000_000)
    else:
        return data
    try:
        out = unpacker.decompress(data, MOST_UNPACKED + 1)
    except (zlib.error, OSError, EOFError, lzma.LZMAError) as problem:
        raise DataError(f"{name!r} cannot be unpacked: {problem}.") from None
    if len(out) > MOST_UNPACKED:
        raise DataError(f"{name!r} unpacks to more than {MOST_UNPACKED:,} bytes, the most that is read.")
    if not unpacker.eof:
        raise DataError(f"{name!r} ends too early: it was not copied whole.")
    return out


def _within(expand: Any, room: list[int]) -> Any:
    """Return what expands a sequence, as long as there is room for it; `room` is used up by all of a file."""

    def expanded(state: Any) -> Any:
        length = float(state.value[0])
        if not 0 <= length <= room[0]:
            raise ValueError("sequences are too long")
        room[0] -= int(length)
        return expand(state)

    return expanded


def _frame(columns: Mapping[str, Any], attributes: Mapping[str, Any]) -> Frame:
    for name, values in columns.items():
        plain = not isinstance(values, np.ndarray) or (values.ndim == 1 and values.dtype.kind in "biufUSO")
        if not plain:
            raise DataError(f"has a column {str(name)!r} that is none of numbers, texts or a factor.")
    return Frame(columns, attributes)


def _factor(codes: Any, attributes: Mapping[str, Any]) -> list[str | None]:
    levels = list(attributes["levels"])
    missing = np.ma.getmaskarray(codes)
    return [None if gone else str(levels[int(code) - 1]) for code, gone in zip(codes, missing, strict=True)]
