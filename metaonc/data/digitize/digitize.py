"""The public verb: from a figure's file to the coordinates of its curves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ...base.files import parsing
from ...base.messages.arguments import known_arguments
from ...base.messages.warning import warn
from ...base.result import Provenance
from ...errors import DataError, DataWarning
from .curve import Found, relabelled
from .hand.curves import by_hand
from .hand.reading import read_hand
from .imports.engauge import read_engauge
from .imports.tables import read_table
from .imports.wpd import read_json, read_tar
from .limits import Source, listed, read_source
from .options import Options, check_options
from .project import differences, read_project
from .raster.figure import read_raster
from .result import Digitized, collected
from .vector.figure import read_pdf, read_svg

_BLANK = b"\xef\xbb\xbf \t\r\n"  # before the first sign of a text
HEAD = 65536  # bytes that tell what a file is: an SVG may begin with long comments


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file, known by its content whatever its name.

    Attributes
    ----------
    name
        As messages name it.
    is_it
        Whether the first bytes of a file are those of this kind.
    read
        Reader of the curves.
    """

    name: str
    is_it: Callable[[bytes], bool]
    read: Callable[[Source, Options], Found]


def _starts(*magics: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(magics)


KINDS = (
    FileKind("PDF", lambda head: b"%PDF-" in head[:1024], read_pdf),
    FileKind("SVG", lambda head: head.lstrip(_BLANK).startswith(b"<") and b"<svg" in head, read_svg),
    FileKind("PNG", _starts(b"\x89PNG\r\n\x1a\n"), read_raster),
    FileKind("JPEG", _starts(b"\xff\xd8\xff"), read_raster),
    FileKind("TIFF", _starts(b"II*\x00", b"MM\x00*"), read_raster),
    FileKind("WebP", lambda head: head.startswith(b"RIFF") and head[8:12] == b"WEBP", read_raster),
    FileKind("GIF", _starts(b"GIF87a", b"GIF89a"), read_raster),
    FileKind("project of WebPlotDigitizer", lambda head: head.lstrip(_BLANK).startswith(b"{"), read_json),
    FileKind("tar file of WebPlotDigitizer", lambda head: head[257:262] == b"ustar", read_tar),
    FileKind(
        "document of Engauge", lambda head: head.lstrip(_BLANK).startswith(b"<") and b"<Document" in head, read_engauge
    ),
    FileKind("table of points", lambda head: b"\x00" not in head and b"<" not in head[:1], read_table),
)


@known_arguments
def digitize(
    path: str | Path,
    *,
    page: int = 1,
    panel: int | tuple[float, float, float, float] | None = None,
    x_ticks: tuple[float, float] | None = None,
    y_ticks: tuple[float, float] | None = None,
    x_axis: Sequence[tuple[float, float]] | None = None,
    y_axis: Sequence[tuple[float, float]] | None = None,
    n_curves: int | None = None,
    colours: Sequence[str] | None = None,
    kind: Literal["survival", "event", "percent"] | None = None,
    masks: Sequence[tuple[float, float, float, float]] = (),
    seeds: Sequence[Sequence[tuple[float, float]]] = (),
    ocr: bool | None = None,
    labels: Mapping[str, str] | None = None,
) -> Digitized:
    """Read the Kaplan-Meier curves of a figure, or the points of its curves that were clicked in another program.

    Parameters
    ----------
    path : str or path
        A PDF or SVG whose curves are drawn as lines, or a PNG, JPEG, TIFF, WebP or GIF of one panel, told by its
        content. Or a project of WebPlotDigitizer (JSON or tar, versions 3 and 4), a document of Engauge Digitizer (6.3
        or later), or a table of points as these and others export it: pairs of columns x and y, or one column x and a
        column a curve.
    page : int, default 1
        Page of a PDF, counted from 1.
    panel : int or (float, float, float, float), optional
        Which of the page's panels, counted from 1 along rows; needed where there are several. Of an image, the box
        around one panel with its labels: left, top, right, bottom in pixels.
    x_ticks, y_ticks : (float, float), optional
        Values of the first (left, bottom) and last labelled tick, where the labels are not text that can be read;
        needed for pixels, unless the axis is stated or its labels are recognised (`ocr`).
    x_axis, y_axis : sequence of (float, float), optional
        The axis, stated by two points or more, each its position and the value there: ``x_axis=[(57, 0), (612, 60)]``.
        Positions are pixels of an image, or points of a page, from its left (x) or from its top (y). Nothing is then
        asked of the ticks in the figure. The further apart the points, the better; three or more must lie on one
        straight line within half a percent of the axis, which no logarithmic axis does.
    n_curves : int, optional
        Number of curves there must be: any other number is an error that lists those found.
    colours : sequence of str, optional
        Colours of the curves to read, as ``"#rrggbb"``; the nearest are taken.
    kind : {"survival", "event", "percent"}, optional
        What the y axis shows, where it is not to be inferred: ``"survival"`` or ``"event"`` (1 - S) as the numbers of
        the axis say it, ``"percent"`` when they are percent although no number on it is above 1.
    masks : sequence of (float, float, float, float), optional
        Boxes of an image that are not read, such as a key or an inset: left, top, right, bottom in pixels.
    seeds : sequence of sequence of (float, float), optional
        Of an image, for each curve points (time, survival as a proportion) that it passes through: they name the curves
        where colours do not, as of black lines told by dashes. Points after each crossing say which goes on as which.
    ocr : bool, optional
        Whether characters of a picture are recognised (``pip install "metaonc[ocr]"``): labels of the axes that are not
        given, numbers at risk, names and printed hazard ratios. None does so where a scale is not given and the
        library is installed.
    labels : mapping of str to str, optional
        Name of a curve as it is read here, or its colour -> its name: ``{"Curve 1": "Placebo"}``.

    Returns
    -------
    Digitized
        Curves, numbers at risk, calibration and warnings. The same file gives the same result.

    Raises
    ------
    DataError
        When the file cannot be read, asks for more than a figure needs, or holds no panel, no linear scale or no
        curve that can be trusted; the message says what to give.
    OptionError
        When an option is not of its form.

    Warns
    -----
    DataWarning
        When something may make a number wrong; the same sentences are in ``warnings`` of the result.

    Notes
    -----
    A vector file holds the corners of the staircase themselves: they are read to the precision of the file. The scale
    of each axis is the straight line through its ticks at the numbers beside them; ticks that are off it by more
    than a thousandth of the axis are an error.

    In an image each colour's line is followed from survival 1 by the falling path through most of its pixels; its level
    is the middle of its two edges, each moved by half the line's width to where the line drops. One reading a column
    of pixels is returned (``points="pixels"``). Censoring marks that touch count as one. Lines of one colour that meet
    are told apart by their shade or by the lengths of their dashes; those of one look that meet again are refused, and
    so are lines that could be off by more than 0.012 (root mean square) if all that their dashes leave open were
    answered wrongly. PNG is read better than JPEG.

    Recognised labels make a scale where three or more lie on one straight line, within half the height of their type;
    the ticks beside them then place it. Labels off it are left out of it. Numbers at risk are read twice, at two sizes:
    what differs, is unsure, rises or contradicts the curve is left out and named in a warning. Everything read is in
    ``text``, with its confidence.

    Examples
    --------
    >>> import metaonc as mo
    >>> figure = mo.curves.digitize("figure2.pdf", page=3)  # doctest: +SKIP
    >>> arm = figure.curves[0]  # doctest: +SKIP
    >>> mo.curves.reconstruct_ipd(arm.time, arm.survival, points=arm.points, at_risk=arm.at_risk)  # doctest: +SKIP
    """
    options = check_options(
        page=page, panel=panel, x_ticks=x_ticks, y_ticks=y_ticks, x_axis=x_axis, y_axis=y_axis, n_curves=n_curves,
        colours=colours, kind=kind, masks=masks, seeds=seeds, ocr=ocr, labels=labels,
    )  # fmt: skip
    with parsing(str(path)):
        source = read_source(path)
        found = relabelled(kind_of(source).read(source, options), options.labels)
    if found.warnings:
        warn(f"{str(path)!r}: {' '.join(found.warnings)}", DataWarning)
    points = sum(len(curve.time) for curve in found.curves)
    settings = {"file": str(path), "sha256": source.sha256, "options": options.plain()}
    return collected(
        found,
        Provenance(verb="curves.digitize", settings=settings, rows_in=points, rows_used=points, notes=found.notes),
    )


@known_arguments
def replay(path: str | Path, *, figure: str | Path | None = None) -> Digitized:
    """Do again what ``Digitized.to_project`` recorded: same figure, same options, same result.

    Parameters
    ----------
    path : str or path
        The project file. Of one that ``mo.page`` wrote, the points that were placed by hand are taken.
    figure : str or path, optional
        The figure, where it is no longer where the project says.

    Returns
    -------
    Digitized
        As of `digitize`, at the time.

    Raises
    ------
    DataError
        When the figure is not the one on record (by checksum), or its curves come out otherwise.

    Warns
    -----
    DataWarning
        As `digitize`.

    Examples
    --------
    >>> import metaonc as mo
    >>> patients = {"time": [1, 2, 2, 3, 4, 5, 6, 8] * 2, "event": [1, 1, 0, 1] * 4, "arm": ["A"] * 8 + ["B"] * 8}
    >>> curves = mo.survival.kaplan_meier(patients, by="arm", unit="months")
    >>> _ = mo.save(mo.plot.km(curves), "figure.pdf")
    >>> _ = mo.curves.digitize("figure.pdf").to_project("figure.json")
    >>> [curve.label for curve in mo.curves.replay("figure.json").curves]
    ['A']
    """
    path = Path(path)
    with parsing(str(path)):
        recorded, record = read_project(path)
        source = read_source(recorded if figure is None else figure)
        if source.sha256 != record["sha256"]:
            named = str(source.path)
            raise DataError(f"{named!r} is not the file that {str(path)!r} was made from: its checksum differs.")
        hand = read_hand(record["by_hand"]) if "by_hand" in record else None
        options = {} if hand else _options(record["options"], path)
    result = by_hand(hand, source) if hand else digitize(source.path, **options)
    if hand and result.warnings:
        warn(f"{str(path)!r}: {' '.join(result.warnings)}", DataWarning)
    with parsing(str(path)):
        unlike = differences(result.curves, record)
    if unlike:
        was = record.get("versions", {}).get("metaonc", "?")
        raise DataError(f"{str(path)!r} (made by metaonc {was}) does not come out again: {listed(unlike)}.")
    return result


def _options(given: Any, path: Path) -> dict[str, Any]:
    if not isinstance(given, dict) or (unknown := set(given) - set(Options().plain())):
        what = f"the options {sorted(unknown)}" if isinstance(given, dict) else "options that are none"
        raise DataError(f"{str(path)!r} has {what}; write the project anew.")
    return given


def kind_of(source: Source) -> FileKind:
    """Return what kind of file it is, by its content.

    Raises
    ------
    DataError
        When it is none of `KINDS`.
    """
    head = source.data[:HEAD]
    for kind in KINDS:
        if kind.is_it(head):
            return kind
    known = ", ".join(kind.name for kind in KINDS)
    raise source.problem(f"is none of {known}, going by its content. Save another kind of image as PNG.")
