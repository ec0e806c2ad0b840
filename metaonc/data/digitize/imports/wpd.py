"""Projects of WebPlotDigitizer: JSON of versions 3 and 4, alone or in the tar file that it saves."""

from __future__ import annotations

import io
import tarfile
from typing import Any

import numpy as np

from ....base.files import MOST_BYTES, json_of
from ....base.numbers import number
from ....errors import DataError
from ..curve import Found
from ..limits import POINTS, Source, listed
from ..options import Options
from .scale import AxisPoint, Scale, fit_scale, unturned
from .series import Series, found, problem_of

_PROGRAM = "WebPlotDigitizer"
_MEMBERS = 1000  # of a tar file: a project has its JSON and some pictures
_SAME = 1e-6  # of an axis: values on record and those by its points differ by rounding alone


def read_tar(source: Source, options: Options) -> Found:
    """Read the project in a tar file; nothing is unpacked to disk.

    Raises
    ------
    DataError
        When it holds no project, or is damaged.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(source.data)) as pack:
            for count, member in enumerate(pack):
                if count > _MEMBERS:
                    raise source.problem("holds more files than a project does.")
                if member.isfile() and member.name.rsplit("/")[-1] == "wpd.json":
                    if member.size > MOST_BYTES:
                        raise source.problem("holds a project larger than any figure needs.")
                    file = pack.extractfile(member)
                    assert file is not None
                    return _read(source, file.read(), options)
    except (tarfile.TarError, EOFError, OSError):
        raise source.problem("is a damaged tar file.") from None
    raise source.problem(f"is a tar file without wpd.json: no project of {_PROGRAM}.")


def read_json(source: Source, options: Options) -> Found:
    """Read a project."""
    return _read(source, source.data, options)


def _read(source: Source, data: bytes, options: Options) -> Found:
    project = json_of(data, str(source.path))
    try:
        series = _old(project["wpd"]) if isinstance(project, dict) and "wpd" in project else _new(project)
    except DataError as problem:
        raise problem_of(source, problem) from None
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError):
        raise source.problem(f"is JSON, but no project of {_PROGRAM} that can be read.") from None
    return found(source, series, options, _PROGRAM)


def _new(project: dict[str, Any]) -> list[Series]:
    """Return the curves of version 4: axes by name, and datasets on them."""
    scales = {axes["name"]: axes for axes in project["axesColl"]}
    used = [d for d in project["datasetColl"] if d["data"]]
    return [
        _series(d["name"], d["data"], _scale(scales[d["axesName"]], f"axes {d['axesName']!r}"), d.get("colorRGB"))
        for d in used
    ]


def _old(project: dict[str, Any]) -> list[Series]:
    """Return the curves of version 3: one pair of axes."""
    how = project.get("axesParameters") or {}
    axes = {"type": project["axesType"], "calibrationPoints": project["calibration"], **how}
    scale = _scale(axes, "the axes")
    return [_series(d["name"], d["data"], scale, d.get("colorRGB")) for d in project["dataSeries"] if d["data"]]


def _scale(axes: dict[str, Any], name: str) -> Scale:
    if axes["type"] != "XYAxes":
        raise DataError(f"{name} are {axes['type']}: curves are read on a plain x and y axis (XYAxes).")
    log = [which for which in "XY" if axes.get(f"isLog{which}") is True]
    if log:
        raise DataError(f"{name} are logarithmic ({listed(log)}); linear axes only are read.")
    first, second, third, fourth = axes["calibrationPoints"]
    points = [AxisPoint(float(p["px"]), float(p["py"]), x=_value(p["dx"], name)) for p in (first, second)]
    points += [AxisPoint(float(p["px"]), float(p["py"]), y=_value(p["dy"], name)) for p in (third, fourth)]
    return fit_scale(unturned(points) if axes.get("noRotation") is True else points)


def _value(told: Any, name: str) -> float:
    try:
        return number(told, name)
    except DataError:
        raise DataError(
            f"{name} are calibrated by {told!r}, which is no number: dates and clock times are not read."
        ) from None


def _series(name: str, data: list[dict[str, Any]], scale: Scale, colour: list[int] | None) -> Series:
    """Return a curve by its pixels, which must agree with the values that the project has on record."""
    if len(data) > POINTS:
        raise DataError(f"dataset {name!r} has more points than any figure needs.")
    values = scale.values(np.array([[float(p["x"]), float(p["y"])] for p in data]))
    told = [i for i, p in enumerate(data) if p.get("value")]
    if told:
        kept = np.array([[float(v) for v in data[i]["value"][:2]] for i in told])
        off = np.abs(kept - values[told]).max(axis=0)
        if (off > _SAME * np.maximum(np.ptp(kept, axis=0), np.abs(kept).max(axis=0))).any():
            raise DataError(
                f"the values on record of dataset {name!r} are not those of its pixels on its axes: it was calibrated "
                "anew, or is in dates. Save the project again."
            )
    shade = "#000000" if colour is None else "#" + "".join(f"{int(c) & 255:02x}" for c in colour[:3])
    return Series(str(name), values[:, 0], values[:, 1], shade)
