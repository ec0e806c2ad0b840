"""What a workbook may ask for: its parts that are read, within limits, and none of the others.

Sheets are cut down to their cells, columns and merged cells before they are opened. Links, validations, formats and
names refer to ranges, and a range of a few letters names 17 billion cells.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from xml.parsers import expat

from ....errors import DataError
from .bytes import check_members, open_zip

MOST_UNPACKED = 20_000_000  # bytes of all parts
MOST_CELLS = 200_000
_MOST_TAGS = 2_000_000
_MOST_DEPTH = 100
_MOST_FORMULA = 2_000_000  # characters of shared formulas, written out for each cell that shares them
_PARTS = re.compile(r".*\.xml|_rels/\.rels|xl/_rels/[^/]+\.rels")
_UNREAD = re.compile(r"(docProps|xl/(charts|chartsheets|comments|drawings|externalLinks|pivot\w*|tables|theme))\b.*")
_MOST_READ = 4 * MOST_CELLS  # of all sheets, if each were as large as the largest: several may name one part
_READ_OF = {
    "worksheet": ("sheetPr", "sheetFormatPr", "cols", "sheetData", "mergeCells"),
    "workbook": ("fileVersion", "workbookPr", "bookViews", "sheets", "calcPr"),
}
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")


def pruned(data: bytes, name: str) -> bytes:
    """Return a workbook with what is read of it alone.

    Raises
    ------
    DataError
        When it is no archive, unpacks to too much, or has more cells, merged cells, tags or formulas than any table.
    """
    archive = open_zip(data, name)
    check_members(archive, archive.infolist(), name, MOST_UNPACKED)
    out, tally, largest = BytesIO(), _Tally(name), 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as kept:
        for part in dict.fromkeys(archive.namelist()):
            if _PARTS.fullmatch(part) and not _UNREAD.fullmatch(part):
                before, content = tally.cells, _cut_down(archive.read(part), part, tally)
                kept.writestr(part, content)
                largest = max(largest, tally.cells - before)
    if largest * tally.sheets > _MOST_READ:
        raise DataError(f"{name!r} has {tally.sheets:,} sheets: copy the sheet into a workbook of its own.")
    return out.getvalue()


class _Tally:
    """What the parts of a workbook have together."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cells = self.tags = self.formulas = self.sheets = 0

    def tag(self, tag: str, attributes: Mapping[str, str], depth: int) -> None:
        """Count an element."""
        self.tags += 1
        if tag == "mergeCell":
            self.cells += self.area(attributes.get("ref", ""))
        self.cells += tag in ("c", "r")  # the runs of a formatted text take as long as cells
        self.sheets += tag == "sheet"
        if self.cells > MOST_CELLS:
            most = f"{MOST_CELLS:,} cells, the most that is read"
            raise DataError(f"{self.name!r} has more than {most}: copy the sheet into a workbook of its own.")
        if self.tags > _MOST_TAGS or depth > _MOST_DEPTH:
            raise DataError(f"{self.name!r} has more, or more deeply nested, elements than any table needs.")

    def formula(self, length: int) -> None:
        """Count the characters of a formula that a cell shares."""
        self.formulas += length
        if self.formulas > _MOST_FORMULA:
            raise DataError(f"{self.name!r} shares longer formulas than any table needs: save its values alone.")

    def area(self, reference: str) -> int:
        """Return how many cells a range has."""
        found = _RANGE.fullmatch(reference)
        if not found:
            raise DataError(f"{self.name!r} merges cells {reference[:40]!r}, which is no range.")
        left, top, right, bottom = found.groups()
        first, last = (
            sum(26**k * (ord(c) - 64) for k, c in enumerate(reversed(side or left))) for side in (left, right)
        )
        height: int = abs(int(bottom or top) - int(top)) + 1
        width: int = abs(last - first) + 1
        return width * height


class _Cut:
    """The places of a part that are left out, found by an XML parser that keeps nothing else."""

    def __init__(self, content: bytes, tally: _Tally) -> None:
        self.content, self.tally = content, tally
        self.path: list[str] = []
        self.left_out: list[tuple[int, int]] = []
        self.begin: int | None = None  # of what is being left out, up to the next element that is read
        self.sharing = ""  # the shared formula that is being read
        self.shared: dict[str, int] = {}  # their lengths
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.EntityDeclHandler = self.entity
        self.parser.Parse(content, True)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Note where an element begins."""
        tag = tag.rpartition(":")[2]
        self.path.append(tag)
        self.tally.tag(tag, attributes, len(self.path))
        if len(self.path) == 2:
            self.cut(self.path[0] in _READ_OF and tag not in _READ_OF[self.path[0]])
        elif len(self.path) > 2 and self.begin is None and tag == "f" and attributes.get("t") == "shared":
            self.sharing = attributes.get("si", "")
            self.tally.formula(self.shared.get(self.sharing, 0))
            self.shared.setdefault(self.sharing, 0)

    def end(self, tag: str) -> None:
        """Note the end of the part."""
        self.path.pop()
        if not self.path:
            self.cut(False)
        self.sharing = ""

    def text(self, text: str) -> None:
        """Note how long a shared formula is."""
        if self.sharing:
            self.shared[self.sharing] += len(text)
            self.tally.formula(len(text))

    def entity(self, *_: object) -> None:
        """Refuse what no workbook has."""
        raise DataError(f"{self.tally.name!r} defines XML entities, which no workbook needs: it is not read.")

    def cut(self, unread: bool) -> None:
        """Note that from here on the part is not read, or is."""
        at = self.parser.CurrentByteIndex
        if self.begin is not None and not unread:
            self.left_out.append((self.begin, at))
        self.begin = (at if self.begin is None else self.begin) if unread else None


def _cut_down(content: bytes, part: str, tally: _Tally) -> bytes:
    try:
        found = _Cut(content, tally)
    except (expat.ExpatError, ValueError, LookupError) as problem:
        if isinstance(problem, DataError):
            raise
        raise DataError(f"{tally.name!r} is no Excel workbook that can be read ({part}: {problem}).") from None
    kept, at = [], 0
    for begin, end in found.left_out:
        kept.append(content[at:begin])
        at = end
    return b"".join([*kept, content[at:]])
