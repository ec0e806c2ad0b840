"""Documents of Engauge Digitizer: the XML that it saves since version 6.3."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import numpy as np

from ....base.files import xml_of
from ....errors import DataError
from ..curve import Found
from ..limits import POINTS, Source
from ..options import Options
from .scale import AxisPoint, fit_scale
from .series import Series, found, problem_of

_PROGRAM = "Engauge Digitizer"


def read_engauge(source: Source, options: Options) -> Found:
    """Read the curves of a document.

    Raises
    ------
    DataError
        When it is no document of this kind, its axes are not plain and linear, or it has several coordinate systems.
    """
    root = xml_of(source.data, str(source.path))
    document = root if root.tag == "Document" else root.find(".//Document")
    if document is None:
        raise source.problem(f"is XML, but no document of {_PROGRAM}.")
    systems = document.findall("CoordSystem") or [document]
    filled = [s for s in systems if s.find(".//CurvesGraphs//Point") is not None]
    if len(filled) > 1:
        raise source.problem(f"has {len(filled)} coordinate systems with points; save one figure a document.")
    if not filled:
        raise source.problem("has no points of curves.")
    try:
        series = _series(filled[0])
    except DataError as problem:
        raise problem_of(source, problem) from None
    except (TypeError, ValueError, AttributeError):
        raise source.problem(f"is not as {_PROGRAM} writes a document; save it again.") from None
    return found(source, series, options, _PROGRAM)


def _series(system: Element) -> list[Series]:
    coords = system.find("Coords")
    if coords is not None:
        looks = [coords.get(name, usual) for name, usual in (("TypeString", "Cartesian"),
                 ("ScaleXThetaString", "Linear"), ("ScaleYRadiusString", "Linear"))]  # fmt: skip
        if looks != ["Cartesian", "Linear", "Linear"]:
            raise DataError(
                f"its axes are {', '.join(looks).lower()}; Cartesian axes with linear scales only are read."
            )
    axes = next((c for c in system.iter("Curve") if c.get("CurveName") == "Axes"), None)
    halves = axes is not None and any(p.get("IsXOnly") == "True" for p in axes.iter("Point"))
    points = [_axis_point(p, halves) for p in ([] if axes is None else axes.iter("Point"))]
    scale = fit_scale(points)
    graphs = system.find(".//CurvesGraphs")
    curves = [] if graphs is None else list(graphs.iter("Curve"))
    out, count = [], 0
    for curve in curves:
        count += sum(1 for _ in curve.iter("Point"))
        if count > POINTS:
            raise DataError("it has more points than any figure needs.")
        pixels = np.array([_screen(p) for p in curve.iter("Point")]).reshape(-1, 2)
        values = scale.values(pixels)
        out.append(Series(curve.get("CurveName", ""), values[:, 0], values[:, 1]))
    return out


def _axis_point(point: Element, halves: bool) -> AxisPoint:
    """Return a point of the axes; where some say x alone (`halves`), the others say y alone."""
    right, down = _screen(point)
    x, y = _place(point, "PositionGraph")
    if not halves:
        return AxisPoint(right, down, x, y)
    return AxisPoint(right, down, x=x) if point.get("IsXOnly") == "True" else AxisPoint(right, down, y=y)


def _screen(point: Element) -> tuple[float, float]:
    return _place(point, "PositionScreen")


def _place(point: Element, name: str) -> tuple[float, float]:
    place = point.find(name)
    x, y = ("", "") if place is None else (place.get("X", ""), place.get("Y", ""))
    try:
        return float(x), float(y)
    except ValueError:
        raise DataError(f"a point has no {name} in numbers, but {x!r} and {y!r}; save it again.") from None
