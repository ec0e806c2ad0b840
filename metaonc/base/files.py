"""Files from anywhere: their bytes within limits, and whatever makes a parser fail as one error that names them."""

from __future__ import annotations

import json
import stat
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import numpy as np

from ..errors import DataError, MetaoncError, MetaoncWarning

MOST_BYTES = 50_000_000  # of a file; tables of trials, reviews and patients are far smaller
MOST_TAGS = 2_000_000  # of XML, each of a hundred bytes in memory
MOST_DEPTH = 100
_DIGITS = bytes.maketrans(b"0123456789", b"0" * 10)
_LONG = b"0" * 300
_MOST_DIGITS = 400  # of a whole number: a float holds up to 309
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """Return what a file holds; a DataError says why it cannot be read, or that it is too large."""
    try:
        about = path.stat()  # before it is opened: a pipe would wait for its writer
        if not stat.S_ISREG(about.st_mode):
            what = next((name for is_it, name in _KINDS if is_it(about.st_mode)), "no file")
            raise DataError(f"{str(path)!r} cannot be read: it is {what}.")
        size = about.st_size
        if size <= most:
            with path.open("rb") as file:
                data = file.read(size + 1)
                if len(data) > size:  # it has grown, or does not know its size
                    data += file.read(most + 1 - len(data))
            size = max(size, len(data))
        if size > most:
            raise DataError(f"{str(path)!r} holds {size:,} bytes; more than {most:,} are not read.")
    except FileNotFoundError:
        raise DataError(f"there is no file {str(path)!r} (looked in {str(Path.cwd())!r}).") from None
    except OSError as problem:
        raise DataError(f"{str(path)!r} cannot be read: {problem.strerror}.") from None
    except ValueError as problem:
        if isinstance(problem, MetaoncError):
            raise
        raise DataError(f"{str(path)!r} is no path of a file: {problem}.") from None
    return data


@contextmanager
def parsing(name: str) -> Iterator[None]:
    """Raise as a DataError that names the file whatever its content makes a parser raise, an overflow included.

    Errors of the package, and its warnings where they are errors, pass as they are; others keep their traceback as
    the cause.
    """
    try:
        with np.errstate(over="raise", invalid="raise", divide="raise"), warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            yield
    except (MetaoncError, MetaoncWarning):
        raise
    except (RecursionError, MemoryError) as problem:
        what = "is nested too deeply" if isinstance(problem, RecursionError) else "asks for more memory than there is"
        raise DataError(f"{name!r} cannot be read: it {what}.") from problem
    except Exception as problem:
        said = " ".join(str(problem).split())
        what = type(problem).__name__ + (f": {said}" if said else "")
        raise DataError(
            f"{name!r} cannot be read: it is damaged, or not as programs write files of its kind ({what})."
        ) from problem


def json_of(text: str | bytes, name: str, *, unique: bool = False) -> Any:
    """Return the content of JSON, whose numbers are numbers that a float can hold.

    Parameters
    ----------
    text
        The JSON.
    name
        What messages call it.
    unique
        Whether an object that names a key twice, of which one value would be lost, is refused.

    Raises
    ------
    DataError
        When it is no JSON, is nested too deeply, or holds a number without end, such as 1e999 or Infinity.
    """
    pairs = _unique if unique else None
    whole = _whole if _may_be_endless(text) else int  # the usual way is the fast one
    try:
        return json.loads(text, parse_int=whole, parse_float=_finite, parse_constant=_finite, object_pairs_hook=pairs)
    except RecursionError:
        raise DataError(f"{name!r} is not JSON that can be read: it is nested too deeply.") from None
    except UnicodeDecodeError as problem:
        raise DataError(
            f"{name!r} is not JSON that can be read: byte {problem.start} is not {problem.encoding.upper()}; save it "
            "as UTF-8."
        ) from None
    except ValueError as problem:
        raise DataError(f"{name!r} is not JSON that can be read: {problem}.") from None


def _may_be_endless(text: str | bytes) -> bool:
    """Tell whether JSON may hold a whole number that is longer than a float holds; of two bytes a sign it may."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return b"\0" in data or _LONG in data.translate(_DIGITS)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise ValueError(f"an object names the key {twice[:60]!r} twice")
    return made


def xml_of(data: bytes, name: str) -> Element:
    """Return the outermost element of XML without entities, which could grow without bound or name other files.

    Raises
    ------
    DataError
        When it is no XML, declares entities, or has more than `MOST_TAGS` tags or `MOST_DEPTH` levels.
    """
    if data.count(b"<") > MOST_TAGS:
        raise DataError(f"{name!r} has more than {MOST_TAGS:,} tags, the most that is read.")
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root: Element = fromstring(data)
    except DefusedXmlException:
        raise DataError(f"{name!r} declares XML entities, which no file of its kind needs: it is not read.") from None
    except (ParseError, LookupError, ValueError) as problem:
        raise DataError(
            f"{name!r} is not the XML that its first line says ({problem}): it may be cut, or was saved anew; "
            "export it again."
        ) from None
    level = [root]
    for _ in range(MOST_DEPTH):
        level = [child for element in level for child in element]
    if level:
        raise DataError(f"{name!r} nests its elements more deeply than any file of its kind needs.")
    return root


def _whole(digits: str) -> int:
    _finite(digits)
    return int(digits)


def _finite(digits: str) -> float:
    value = float(digits) if len(digits) <= _MOST_DIGITS else np.inf
    if not np.isfinite(value):
        raise ValueError(f"it holds the number {digits[:40]}, which no scale has")
    return value
