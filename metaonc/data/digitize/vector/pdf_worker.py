"""Lists what a page of a PDF draws, or draws it, as JSON. Run in a process of its own, which bounds time and memory.

Reads the file from its input; the argument says what of it, and its limits. It imports nothing of this package.
"""

from __future__ import annotations

import ctypes
import io
import json
import math
import sys
from contextlib import suppress
from typing import Any

Matrix = tuple[float, float, float, float, float, float]
_LINE, _BEZIER, _MOVE = 0, 1, 2  # kinds of path segments in pdfium
_SAME = 0.01  # points by which boxes of one letter differ


class Refused(Exception):
    """What is wrong with the file."""


def times(a: Matrix, b: Matrix) -> Matrix:
    """Return the matrix that applies `a`, then `b`."""
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


def onto(m: Matrix, x: float, y: float) -> tuple[float, float]:
    """Return where a matrix puts a point."""
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def display(left: float, bottom: float, right: float, top: float, quarters: int) -> Matrix:
    """Return the matrix from the page's own coordinates to those seen: turned clockwise, y down."""
    return (
        (1, 0, 0, -1, -left, top),
        (0, 1, 1, 0, -bottom, -left),
        (-1, 0, 0, 1, right, -bottom),
        (0, -1, -1, 0, top, right),
    )[quarters % 4]


class Page:
    """What one page draws; `limits` are the most objects, points and characters, and the greatest depth of forms."""

    def __init__(self, raw: Any, page: Any, limits: tuple[int, int, int, int]) -> None:
        self.raw, self.page = raw, page
        self.objects, self.points, self.characters, self.depth = limits
        self.paths: list[dict[str, Any]] = []
        self.images: list[list[float]] = []
        self.strings: list[tuple[Any, Matrix]] = []

    def walk(self, get: Any, count: int, matrix: Matrix, depth: int = 0) -> None:
        """List the objects of the page or of a form, forms within it included."""
        if depth > self.depth:
            raise Refused("nests its drawings too deeply.")
        for i in range(count):
            self.objects -= 1
            if self.objects < 0:
                raise Refused("draws more objects than any figure needs.")
            item = get(i)
            kind = self.raw.FPDFPageObj_GetType(item)
            own = self.raw.FS_MATRIX()
            self.raw.FPDFPageObj_GetMatrix(item, own)
            m = times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
            if kind == self.raw.FPDF_PAGEOBJ_FORM:
                inner = self.raw.FPDFFormObj_CountObjects(item)
                self.walk(lambda j, form=item: self.raw.FPDFFormObj_GetObject(form, j), inner, m, depth + 1)
            elif kind == self.raw.FPDF_PAGEOBJ_PATH:
                self.path(item, m, matrix)
            elif kind == self.raw.FPDF_PAGEOBJ_TEXT:
                self.strings.append((item, matrix))
            elif kind == self.raw.FPDF_PAGEOBJ_IMAGE:
                self.images.append(box_of([onto(m, x, y) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))]))

    def path(self, item: Any, m: Matrix, parent: Matrix) -> None:
        """List one path."""
        raw = self.raw
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(item, fill, stroke)
        pieces = self.pieces(m, raw.FPDFPath_CountSegments(item), lambda k: raw.FPDFPath_GetPathSegment(item, k))
        if not (fill.value or stroke.value) or not pieces:
            return
        width = ctypes.c_float()
        raw.FPDFPageObj_GetStrokeWidth(item, width)
        scale = math.sqrt(abs(m[0] * m[3] - m[1] * m[2]))
        dashes = max(raw.FPDFPageObj_GetDashCount(item), 0)
        dash = (ctypes.c_float * dashes)()
        raw.FPDFPageObj_GetDashArray(item, dash, dashes)
        self.paths.append(
            {
                "pieces": pieces,
                "colour": self.colour(raw.FPDFPageObj_GetStrokeColor, item) if stroke.value else None,
                "fill": self.colour(raw.FPDFPageObj_GetFillColor, item) if fill.value else None,
                "width": width.value * scale,
                "dash": [d * scale for d in dash],
                "clip": self.clip(item, parent),
            }
        )

    def pieces(self, m: Matrix, count: int, get: Any) -> list[dict[str, Any]]:
        """Return the subpaths: points, whether closed, whether with Bezier curves."""
        self.points -= count
        if self.points < 0:
            raise Refused("draws more points than any figure needs.")
        out: list[dict[str, Any]] = []
        x, y, bezier = ctypes.c_float(), ctypes.c_float(), 0
        for k in range(count):
            segment = get(k)
            kind = self.raw.FPDFPathSegment_GetType(segment)
            self.raw.FPDFPathSegment_GetPoint(segment, x, y)
            if kind == _MOVE or not out:
                out.append({"points": [], "closed": False, "curved": False})
            bezier = bezier + 1 if kind == _BEZIER else 0
            if bezier % 3 == 0:  # of a Bezier curve's three points the last is its end
                out[-1]["points"].append(onto(m, x.value, y.value))
            out[-1]["curved"] |= bezier > 0
            out[-1]["closed"] |= bool(self.raw.FPDFPathSegment_GetClose(segment))
        return [piece for piece in out if len(piece["points"]) > 1]

    def clip(self, item: Any, m: Matrix) -> list[float] | None:
        """Return the box that all clip paths leave."""
        raw, box = self.raw, None
        clip = raw.FPDFPageObj_GetClipPath(item)
        for i in range(max(raw.FPDFClipPath_CountPaths(clip), 0) if clip else 0):
            count = max(raw.FPDFClipPath_CountPathSegments(clip, i), 0)
            pieces = self.pieces(m, count, lambda k, i=i: raw.FPDFClipPath_GetPathSegment(clip, i, k))
            if points := [p for piece in pieces for p in piece["points"]]:
                new = box_of(points)
                box = new if box is None else [*map(max, box[:2], new[:2]), *map(min, box[2:], new[2:])]
        return box

    def colour(self, get: Any, item: Any) -> str | None:
        """Return a colour as it looks on white, None when it cannot be seen."""
        r, g, b, a = (ctypes.c_uint() for _ in range(4))
        get(item, r, g, b, a)
        return seen(r.value, g.value, b.value, a.value)

    def text(self, m: Matrix) -> list[list[Any]]:
        """Return the characters: text, box, angle in degrees, colour; an empty text where a word ends."""
        raw = self.raw
        handle = raw.FPDFText_LoadPage(self.page)
        count = raw.FPDFText_CountChars(handle)
        if count > self.characters:
            raise Refused("has more text than any figure needs.")
        out: list[list[Any]] = []
        box = raw.FS_RECTF()
        r, g, b, a = (ctypes.c_uint() for _ in range(4))
        for i in range(count):
            char = chr(raw.FPDFText_GetUnicode(handle, i))
            if raw.FPDFText_IsGenerated(handle, i) == 1 or not char.strip() or not char.isprintable():
                out.append(["", 1 if char in "\r\n" else 0])
                continue
            raw.FPDFText_GetLooseCharBox(handle, i, box)
            corners = [onto(m, box.left, box.bottom), onto(m, box.right, box.top)]
            raw.FPDFText_GetFillColor(handle, i, r, g, b, a)
            angle = math.degrees(raw.FPDFText_GetCharAngle(handle, i))
            out.append([char, box_of(corners), angle, seen(r.value, g.value, b.value, a.value)])
        out += self.unlisted(handle, [c for c in out if c[0]])
        raw.FPDFText_ClosePage(handle)
        return out

    def unlisted(self, handle: Any, listed: list[list[Any]]) -> list[list[Any]]:
        """Return letters that the list of characters lacks, as it does where one is printed almost on its like.

        Such a string is empty there; it is the letter of another string of one letter with the same size and colour.
        """
        whole = [(self.string(item, handle), self.bounds(item, m), item) for item, m in self.strings]
        missing = [(box, item) for text, box, item in whole if not text]
        known = [(box, item, text) for text, box, item in whole if len(text) == 1] if missing else []
        out: list[list[Any]] = []
        for box, item in missing:
            for like, other, text in known:
                if not (same_size(box, like) and self.fill(item) == self.fill(other)):
                    continue
                x, y = middle(like)
                alike = [c for c in listed if c[0] == text]
                near = min(alike, key=lambda c: math.dist(middle(c[1]), (x, y)), default=None)
                if near is not None:
                    dx, dy = middle(box)[0] - x, middle(box)[1] - y
                    moved = [near[1][0] + dx, near[1][1] + dy, near[1][2] + dx, near[1][3] + dy]
                    out += [["", 1], [text, moved, *near[2:]]]
                    break
        return out

    def string(self, item: Any, handle: Any) -> str:
        """Return the text of a string as the list of characters has it."""
        size = self.raw.FPDFTextObj_GetText(item, handle, None, 0)
        buffer = ctypes.create_string_buffer(max(size, 2))
        self.raw.FPDFTextObj_GetText(item, handle, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
        return buffer.raw.decode("utf-16le", "ignore").split("\0")[0].strip()

    def bounds(self, item: Any, m: Matrix) -> list[float]:
        """Return the box of an object as it is seen."""
        sides = [ctypes.c_float() for _ in range(4)]
        self.raw.FPDFPageObj_GetBounds(item, *sides)
        left, bottom, right, top = (side.value for side in sides)
        return box_of([onto(m, left, bottom), onto(m, right, top)])

    def fill(self, item: Any) -> str | None:
        """Return the colour that an object is filled with."""
        return self.colour(self.raw.FPDFPageObj_GetFillColor, item)


def seen(r: int, g: int, b: int, a: int) -> str | None:
    """Return a colour of the given opacity on white; None when it cannot be seen."""
    return None if a == 0 else "#" + "".join(f"{round(255 - (255 - c) * a / 255):02x}" for c in (r, g, b))


def middle(box: list[float]) -> tuple[float, float]:
    """Return the middle of a box."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def same_size(a: list[float], b: list[float]) -> bool:
    """Return whether two boxes are equally wide and high."""
    return abs((a[2] - a[0]) - (b[2] - b[0])) < _SAME and abs((a[3] - a[1]) - (b[3] - b[1])) < _SAME


def box_of(points: list[tuple[float, float]]) -> list[float]:
    """Return the smallest box around points."""
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return [min(xs), min(ys), max(xs), max(ys)]


def page_of(data: bytes, number: int) -> Any:
    """Return a page, from 1."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as problem:
        locked = "assword" in str(problem) or "ecurity" in str(problem)
        raise Refused(
            "is encrypted; save it without a password." if locked else "is not a PDF that can be opened; it may be cut."
        ) from None
    if not 1 <= number <= len(document):
        raise Refused(f"has {len(document)} pages, and page {number} was asked for.")
    try:
        return document[number - 1]
    except pypdfium2.PdfiumError:
        raise Refused(f"has a damaged page {number}.") from None


def image(page: Any, scale: float, most: int) -> dict[str, str]:
    """Return a page as PNG, by pixels a point and the most pixels."""
    width, height = page.get_size()
    out = io.BytesIO()
    scale = min(scale, (most / max(width * height, 1.0)) ** 0.5)
    page.render(scale=scale, draw_annots=False).to_pil().convert("RGB").save(out, "PNG")
    return {"png": out.getvalue().hex()}


def contents(page: Any, limits: tuple[int, int, int, int]) -> dict[str, Any]:
    """Return what a page draws."""
    import pypdfium2.raw as raw

    left, bottom, right, top = page.get_bbox()
    quarters = page.get_rotation() // 90
    m = display(left, bottom, right, top, quarters)
    seen_page = Page(raw, page.raw, limits)
    seen_page.walk(lambda i: raw.FPDFPage_GetObject(page.raw, i), raw.FPDFPage_CountObjects(page.raw), m)
    size = (right - left, top - bottom)
    return {
        "size": size if quarters % 2 == 0 else size[::-1],
        "quarters": quarters,
        "paths": seen_page.paths,
        "characters": seen_page.text(m),
        "images": seen_page.images,
    }


def main() -> None:
    """Answer with what is asked of the page, or with what is wrong."""
    asked = json.loads(sys.argv[1])
    with suppress(ImportError, ValueError, OSError):  # without such limits, the caller's limit of time remains
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (asked["memory"], asked["memory"]))
        resource.setrlimit(resource.RLIMIT_CPU, (asked["seconds"], asked["seconds"] + 1))  # told, then ended
    try:
        page = page_of(sys.stdin.buffer.read(), asked["page"])
        answer = image(page, *asked["image"]) if "image" in asked else contents(page, asked["limits"])
    except (Refused, MemoryError) as problem:
        known = isinstance(problem, Refused)
        answer = {"refused": str(problem) if known else "asks for more memory than any figure needs."}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
