"""Files written whole or not at all: aside first, then put in their places by renaming."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from ...errors import DataError


def write_file(path: str | Path, content: str | bytes) -> Path:
    """Write a file, over one that is there, so that whatever stops it leaves the one before or none; return its path.

    Parameters
    ----------
    path
        Where to. A link stays, and the file that it leads to is renewed; so do the permissions of a file.
    content
        Text is written as UTF-8 with its own ends of lines.

    Raises
    ------
    DataError
        When it cannot be written; names file and reason.
    """
    write_files({Path(path): content})
    return Path(path)


def write_files(contents: Mapping[Path, str | bytes]) -> None:
    """Write files as `write_file`, none of them in its place before all are written."""
    with staged(contents) as put:
        put()


@contextmanager
def staged(contents: Mapping[Path, str | bytes]) -> Iterator[Callable[[], None]]:
    """Write files beside their places, give the function that puts them there, and remove what was not put.

    Raises
    ------
    DataError
        When one cannot be written or put in its place; names file and reason.
    """
    places: dict[Path, tuple[Path, Path]] = {}

    def put() -> None:
        for aside, (path, place) in places.items():
            with _named(path):
                os.replace(aside, place)

    try:
        for path, content in contents.items():
            with _named(path):
                _stage(path, as_bytes(content), places)
        yield put
    finally:
        for aside in places:
            with suppress(OSError):
                aside.unlink(missing_ok=True)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet."""
    with path.open("xb") as file:
        file.write(content)


def as_bytes(content: str | bytes) -> bytes:
    """Return text as UTF-8, bytes as they are."""
    return content.encode() if isinstance(content, str) else content


def partial_name() -> str:
    """Return a name, of its own each time, of something that is not whole yet."""
    return f".metaonc-{secrets.token_hex(6)}.partial"


def reason(problem: Exception) -> str:
    """Return what the system says of a failure."""
    return str(getattr(problem, "strerror", None) or problem)


def _stage(path: Path, content: bytes, places: dict[Path, tuple[Path, Path]]) -> None:
    place = Path(os.path.realpath(path))
    if place.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    mode = place.stat().st_mode if place.exists() else None
    if mode is not None and not stat.S_ISREG(mode):
        place.write_bytes(content)  # a pipe or a device is written to, and a folder says what it is
        return
    if mode is not None and not os.access(place, os.W_OK):  # renaming would not ask
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    aside = place.with_name(partial_name())
    places[aside] = path, place
    write_new(aside, content)
    if mode is not None:
        aside.chmod(stat.S_IMODE(mode))


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as problem:  # ValueError: a path with a zero byte, text that is no Unicode
        raise DataError(f"{str(path)!r} cannot be written: {reason(problem)}.") from None
