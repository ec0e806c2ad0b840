"""The folder of one run: its files come together or not at all, and a manifest tells them from the user's."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..._version import __version__
from ...errors import DataError, DataWarning
from .writing import as_bytes, partial_name, reason, staged, write_file, write_new

MANIFEST = "manifest.json"
FORMAT = "metaonc files of a run 1"
_PLAIN = re.compile(r"[^/\\:\0]+")  # a name in the folder itself, on every system
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a run wrote into its folder.

    Attributes
    ----------
    run
        What was run, for a reader.
    files
        Name and SHA-256 of each file. While a run takes the place of another, those of both.
    complete
        False from the first file that is put in its place until the last one is.
    """

    run: str
    files: tuple[tuple[str, str], ...]
    complete: bool = True

    def text(self) -> str:
        """Return it as JSON."""
        files = [{"name": name, "sha256": sha256} for name, sha256 in self.files]
        record = {"format": FORMAT, "run": self.run, "metaonc": __version__, "complete": self.complete, "files": files}
        return f"{json.dumps(record, indent=1, ensure_ascii=False)}\n"


def refuse_other_run(folder: str | Path, *, force: bool = False) -> Manifest | None:
    """Refuse a folder that holds the files of a run, unless they may be removed; return their manifest.

    Raises
    ------
    DataError
        The folder holds the files of a run and `force` is False, a manifest of something else, or cannot be read.
    """
    shown, home = str(folder), _home(folder)
    there = next((place for place in (home, *home.parents) if os.path.lexists(place)), home)
    if not there.is_dir():
        raise DataError(
            f"the folder {shown!r} cannot be written to: File exists, {str(there)!r}, which is no folder: give another."
        )
    try:
        found = _read(home / MANIFEST) if os.path.lexists(home / MANIFEST) else None
    except OSError as problem:
        raise DataError(f"the folder {shown!r} cannot be read: {reason(problem)}.") from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise DataError(
            f"the folder {shown!r} has a {MANIFEST} that no run of metaonc wrote: move it, or give another folder."
        ) from None
    if found is not None and not force:
        whose = f"a run ({found.run})" if found.complete else f"a run that was not finished ({found.run})"
        raise DataError(
            f"the folder {shown!r} holds the files of {whose}: give another folder, or remove them with --force."
        )
    return found


def write_folder(folder: str | Path, files: Mapping[str, str | bytes], *, run: str, force: bool = False) -> list[Path]:
    """Write the files of a run into a folder, all or none; return their paths, the manifest's last.

    A new folder gets its name when all is in it. In one that is there, files are put in their places when all are
    written, and until the last of them is, the manifest says that the run is not complete.

    Parameters
    ----------
    folder
        Made when it is not there.
    files
        Name -> content.
    run
        What was run, for the reader of a manifest.
    force
        Whether the files of another run, which its manifest lists, are removed. Those changed since stay.

    Raises
    ------
    DataError
        The folder holds the files of a run and `force` is False, or a file of the user where one is to be written:
        nothing is changed then. Or it cannot be written to: nothing is changed, or the manifest says "not complete".

    Warns
    -----
    DataWarning
        Files of another run stay, because they were changed.
    """
    old = refuse_other_run(folder, force=force)
    shown, home = Path(folder), _home(folder)
    try:
        contents = {name: as_bytes(content) for name, content in files.items()}
        new = Manifest(run, tuple((name, _sha256(content)) for name, content in contents.items()))
        if home.exists():
            _fill(shown, contents, new, old)
        else:
            _make(home, contents, new)
    except (OSError, UnicodeError) as problem:
        raise DataError(f"the folder {str(folder)!r} cannot be written to: {reason(problem)}.") from None
    return [shown / name for name in (*files, MANIFEST)]


def _home(folder: str | Path) -> Path:
    """Return where a folder is, links followed."""
    try:
        return Path(os.path.realpath(folder))
    except ValueError as problem:  # a zero byte
        raise DataError(f"the folder {str(folder)!r} cannot be written to: {problem}.") from None


def _make(home: Path, files: Mapping[str, bytes], new: Manifest) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    aside = home.with_name(partial_name())
    aside.mkdir()
    try:
        for name, content in {**files, MANIFEST: new.text().encode()}.items():
            write_new(aside / name, content)
        aside.rename(home)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _fill(shown: Path, files: Mapping[str, bytes], new: Manifest, old: Manifest | None) -> None:
    own, changed = _state(shown, () if old is None else old.files)
    for name in files:
        if name in changed:
            raise DataError(f"{str(shown / name)!r} was changed since a run wrote it: move it, or give another folder.")
        if name not in own and os.path.lexists(shown / name):
            raise DataError(f"{str(shown / name)!r} is there, and no run is on record as having written it: move it, "
                            "or give another folder.")  # fmt: skip
    with staged({shown / name: content for name, content in files.items()}) as put:
        write_file(shown / MANIFEST, Manifest(new.run, (*own.items(), *new.files), complete=False).text())
        put()
    for name in own.keys() - files.keys():
        (shown / name).unlink()
    write_file(shown / MANIFEST, new.text())
    if changed:
        named = ", ".join(map(repr, sorted(changed)))
        said = f"the folder {str(shown)!r}: changed since a run wrote them, so they stay: {named}."
        warnings.warn(said, DataWarning, stacklevel=4)


def _state(folder: Path, listed: Iterable[tuple[str, str]]) -> tuple[dict[str, str], set[str]]:
    """Return the files of a manifest that are as it lists them, and the names of those that are not."""
    own: dict[str, str] = {}
    there: set[str] = set()
    for name, sha256 in listed:
        path = folder / name
        if os.path.lexists(path):
            there.add(name)
            if path.is_file() and not path.is_symlink() and _sha256(path.read_bytes()) == sha256:
                own[name] = sha256
    return own, there - own.keys()


def _read(path: Path) -> Manifest:
    record = json.loads(path.read_text(encoding="utf-8"))
    files = tuple((file["name"], file["sha256"]) for file in record["files"])
    plain = all(_PLAIN.fullmatch(name) and _SHA256.fullmatch(sha256) for name, sha256 in files)
    if record["format"] != FORMAT or not plain or {".", "..", MANIFEST}.intersection(name for name, _ in files):
        raise ValueError
    return Manifest(str(record["run"]), files, record["complete"] is True)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
