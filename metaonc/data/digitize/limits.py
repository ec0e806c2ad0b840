"""What a file may ask for: figures come from anywhere, and reading one ends in bounded time and memory."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...base.files import read_bytes
from ...errors import DataError

SVG_BYTES = 20_000_000  # text, about 50 bytes a point
PIXELS = 40_000_000  # a page of A4 at 600 dots an inch has 35 million; what is larger than lines take is shrunk first
COLOUR_PIXELS = 50_000_000  # pixels of a panel, once for each colour of its lines
OBJECTS = 100_000  # paths of a page, or elements of an SVG after its symbols are drawn
POINTS = 2_000_000  # of all paths together
COMMANDS = 300_000  # letters in the path data of an SVG, each of which takes longer than the points behind it
CHARACTERS = 200_000  # of a page
DEPTH = 60  # elements or forms within each other
CURVES = 50  # staircases of a panel
SHAPES = 50_000  # kinds of small shapes in a panel, once for each curve: they may be marks
AXES = 20_000  # rows of ticks by columns of ticks: each pair may be the axes of a panel
PANELS = 50
TICKS = 300  # of an axis, with numbers
SECONDS = 30  # of a processor, for the whole of a PDF page
CLOCK_SECONDS = 120  # for the same by the clock: other programs run too
MEMORY_BYTES = 2_000_000_000  # for the same; where the system can enforce it


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read.

    Attributes
    ----------
    path
        Where it was.
    data
        Its bytes.
    sha256
        Their checksum.
    """

    path: Path
    data: bytes
    sha256: str

    def problem(self, what: str) -> DataError:
        """Return the error that says what is wrong with the file and how to mend it."""
        return DataError(f"{str(self.path)!r} {what}")

    def named(self, problem: DataError) -> DataError:
        """Return an error that names the file, if it does not yet."""
        return problem if repr(str(self.path)) in str(problem) else self.problem(f"cannot be read: {problem}")


def read_source(path: str | Path) -> Source:
    """Read a file whole.

    Raises
    ------
    DataError
        When it does not exist, is a folder, is empty or larger than `MOST_BYTES`.
    """
    path = Path(path)
    data = read_bytes(path)
    source = Source(path, data, hashlib.sha256(data).hexdigest())
    if not data:
        raise source.problem("is empty.")
    return source


def listed(items: Sequence[object], most: int = 8) -> str:
    """Return the items as one text, the first of them when they are many."""
    shown = ", ".join(str(item) for item in items[:most])
    return f"{shown} and {len(items) - most} more" if len(items) > most else shown
