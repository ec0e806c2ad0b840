"""Partial results of a study on disk: a file that says what it is, and one for each block that was done."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...base.output.writing import reason, write_file
from ...errors import DataError, OptionError
from .performance import Sums

SETTINGS, FORMAT = "study.json", "metaonc simulation study 1"


class Partial:
    """The folder of a study.

    Parameters
    ----------
    folder
        Where it is, or is to be.
    settings
        What decides the numbers. A folder of other ones is refused.
    """

    def __init__(self, folder: str | Path, settings: Mapping[str, Any]) -> None:
        self.folder = Path(folder)
        told = {"format": FORMAT, **settings}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            others = any(self.folder.iterdir())
        except OSError as problem:
            raise DataError(f"the folder {str(folder)!r} cannot be used: {reason(problem)}; give another.") from None
        if (self.folder / SETTINGS).exists():
            self._compare(told)
        elif others:
            raise DataError(
                f"the folder {str(folder)!r} holds other files and no study: give resume= a new or an empty folder."
            )
        else:
            write_file(self.folder / SETTINGS, json.dumps(told, indent=1))

    def _compare(self, told: Mapping[str, Any]) -> None:
        there = _read(self.folder / SETTINGS)
        for name in told if isinstance(there, dict) else ():
            if there.get(name) != json.loads(json.dumps(told[name])):
                raise OptionError(
                    f"the folder {str(self.folder)!r} holds a study of other settings: {name} was {there.get(name)!r} "
                    f"and is {told[name]!r}. Give the same settings, or resume= another folder."
                )
        if not isinstance(there, dict):
            raise _damaged(self.folder / SETTINGS)

    def _file(self, number: int) -> Path:
        return self.folder / f"block-{number:07d}.json"

    def write(self, number: int, found: list[Sums]) -> None:
        """Write the sums of a block, whole or not at all."""
        write_file(self._file(number), json.dumps(found))

    def read(self, analyses: int) -> dict[int, list[Sums]]:
        """Return the blocks that are done."""
        out = {}
        for path in sorted(self.folder.glob("block-*.json")):
            found = _read(path)
            if not (isinstance(found, list) and len(found) == analyses and path.stem[6:].isdigit()):
                raise _damaged(path)
            out[int(path.stem[6:])] = found
        return out


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as problem:
        raise DataError(f"{str(path)!r} cannot be read: {reason(problem)}.") from None
    except ValueError:
        raise _damaged(path) from None


def _damaged(path: Path) -> DataError:
    return DataError(f"{str(path)!r} is not as a study writes it: remove it, and its block is simulated again.")
