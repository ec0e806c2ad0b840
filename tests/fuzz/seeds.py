"""Valid files of every reader, small ones, and the reader that takes each."""

from __future__ import annotations

import base64
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from reference.pinned import load

import metaonc as mo
from metaonc.data.audit import audit
from metaonc.workflow.reconstruct_figure import _read_table

FILES = Path(__file__).parents[1] / "data" / "files"
FIGURES = Path(__file__).parents[1] / "data" / "digitize" / "figures"
TRIALS = (
    "trial,outcome,n,events,estimate,ci_low,ci_high,unit,arm\n"
    'A,orr,57,25,,,,,drug\nB,orr,52,9,,,,,"x, y"\nC,pfs,40,,12.9 (8.1-NE),,,months,drug\n'
)
ESCALC = "slab,ai,n1i,ci,n2i,yi,vi\nA,5,20,7,21,-0.3,0.04\nB,6,30,9,29,1e-2,0.05\n"
ADTTE = 'USUBJID,PARAM,PARAMCD,AVAL,CNSR,TRTP\n01,"OS (Months)",OS,8.1,0,A\n02,"OS (Months)",OS,12,1,B\n'
AT_RISK = "label,time,n\ndrug,0,40\ndrug,6,31\nplacebo,0,41\nplacebo,6,20\n"
POINTS = "drug,,placebo,\nx,y,x,y\n0,1,0,1\n3.5,0.8,2.5,0.7\n9,0.4,8,0.2\n"
PROJECT = {
    "version": [4, 2],
    "axesColl": [{"name": "XY", "type": "XYAxes", "isLogX": False, "isLogY": False, "calibrationPoints": [
        {"px": 100, "py": 500, "dx": "0", "dy": "0"}, {"px": 700, "py": 500, "dx": "60", "dy": "0"},
        {"px": 100, "py": 500, "dx": "0", "dy": "0"}, {"px": 100, "py": 100, "dx": "0", "dy": "1"}]}],
    "datasetColl": [{"name": "drug", "axesName": "XY", "colorRGB": [200, 0, 0, 255], "data": [
        {"x": 100, "y": 100, "value": [0, 1]}, {"x": 400, "y": 300, "value": [30, 0.5]}]}],
}  # fmt: skip
AXES = "".join(
    f'<path d="M{100 + 80 * i} 350v5" stroke="black"/><path d="M100 {350 - 60 * i}h-5" stroke="black"/>'
    f'<text x="{100 + 80 * i}" y="366" text-anchor="middle" font-size="10">{12 * i}</text>'
    f'<text x="92" y="{353.5 - 60 * i}" text-anchor="end" font-size="10">{i / 5}</text>'
    for i in range(6)
)
STEPS = "".join(f"H{150 + 50 * i}V{100 + 40 * i}" for i in range(5))
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400"><style>.c{fill:none;stroke:#c00}</style>'
    f'<g>{AXES}</g><path class="c" d="M100 50{STEPS}"/><path d="M450 80h20" stroke="#c00"/>'
    '<text x="475" y="84" font-size="10">drug</text></svg>'
)
ENGAUGE = (
    "<Document><CoordSystem><Coords TypeString='Cartesian' ScaleXThetaString='Linear' ScaleYRadiusString='Linear'/>"
    "<Curve CurveName='Axes'><CurvePoints>{}</CurvePoints></Curve><CurvesGraphs><Curve CurveName='drug'><CurvePoints>{}"
    "</CurvePoints></Curve></CurvesGraphs></CoordSystem></Document>"
)
PLACE = "<PositionScreen X='{}' Y='{}'/><PositionGraph X='{}' Y='{}'/>"


def _registry() -> dict[str, Any]:
    """A record of a registry with what its rules look at: classes, categories, analyses of two kinds."""
    from data.readers.registry_records import analysis, categories, klass, measure, record

    return record(
        measure(
            *("Overall Survival", "Months", "MEDIAN"),
            klass(("12", "10", "14"), ("NA", "8", None), title="KRAS mutant (n=40,38)"),
            klass(("24", "20", "30"), ("18", "15", "22"), title="Final analysis: all participants"),
            analyses=[analysis("0.7", "0.5", "0.98", estimateComment="Drug over Control", pValue="<0.05")],
        ),
        measure(
            *("Best Overall Response", "Participants", "COUNT_OF_PARTICIPANTS"),
            categories(CR=("4", "1"), PR=("30", "20"), SD=("40", "50")),
            analyses=[analysis("1.7", None, "3.2", param="Log Odds Ratio", level="97.5", sides="ONE_SIDED")],
        ),
    )


def _engauge() -> bytes:
    axes = [(100, 500, 0, 0), (700, 500, 60, 0), (100, 100, 0, 1)]
    points = [(100, 100, 0, 1), (300, 200, 0, 0), (500, 400, 0, 0)]
    made = ("".join(f"<Point>{PLACE.format(*p)}</Point>" for p in part) for part in (axes, points))
    return ENGAUGE.format(*made).encode()


def _workbook() -> bytes:
    book, out = Workbook(), io.BytesIO()
    book.active.append(["trial", "outcome", "n", "events"])
    for row in (["A", "orr", 57, 25], ["B", "orr", 52, 9]):
        book.active.append(row)
    book.active.merge_cells("F1:G2")
    book.save(out)
    return out.getvalue()


def _transport() -> bytes:
    """Return the patients that haven wrote: tests/reference/readers.R."""
    return base64.b64decode(load("readers")["adtte"]["xpt"])


def _tar() -> bytes:
    out, content = io.BytesIO(), json.dumps(PROJECT).encode()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as pack:
        about = tarfile.TarInfo("figure/wpd.json")
        about.size, about.pax_headers = len(content), {"comment": "x"}
        pack.addfile(about, io.BytesIO(content))
    return out.getvalue()


def _package() -> bytes:
    settings = pd.DataFrame([{
        "Analysis group": "1", "Analysis number": "1", "Analysis name": "Response", "Analysis group name": "drug",
        "Data type": "Dichotomous", "Log-scale data": "false", "Statistical method": "MH", "Effect measure": "RR",
        "Analysis model": "Random effects", "Swap event and non-event": "false", "Experimental group label": "drug",
        "Control group label": "placebo"}])  # fmt: skip
    rows = pd.DataFrame([{
        "Analysis group": "1", "Analysis number": "1", "Subgroup": "", "Study": name, "Study year": "2001",
        "GIV Mean": "", "GIV SE": "", "Experimental mean": "", "Experimental SD": "", "Experimental cases": cases,
        "Experimental N": "40", "Control mean": "", "Control SD": "", "Control cases": "9", "Control N": "41",
        "O-E": "", "Variance": "", "Mean": "", "CI start": "", "CI end": ""}
        for name, cases in (("A", "12"), ("B", "15"))])  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("CD1-overall-estimates-and-settings.csv", settings.to_csv(index=False))
        pack.writestr("CD1-data-rows.csv", rows.to_csv(index=False))
    return out.getvalue()


def _curves(path: Path) -> Any:
    path.with_name(f"{path.stem}_points{path.suffix}").write_text("curve_id,time,survival\nA,0,1\nA,5,0.4\n")
    return mo.read_curves(path)


def _digitized(path: Path) -> Any:
    return mo.curves.digitize(
        path, **({"x_ticks": (0, 30), "y_ticks": (0, 1), "n_curves": 2} if path.suffix in (".png", ".jpg") else {})
    )


def _replayed(path: Path) -> Any:
    figure = path.with_name("figure.csv")
    figure.write_text(POINTS)
    return mo.curves.replay(path)


def _record(folder: Path) -> bytes:
    figure = folder / "figure.csv"
    figure.write_text(POINTS)
    return mo.curves.digitize(figure).to_project(folder / "seed.json").read_bytes()


def seeds(folder: Path) -> dict[str, tuple[Callable[[Path], Any], bytes]]:
    """Name, which ends as the file must -> its reader and its bytes."""
    result = mo.pool({"yi": [0.1, 0.3, 0.2], "vi": [0.02, 0.03, 0.05]}).to_json()
    return {
        "trials.csv": (mo.read_trials, TRIALS.encode()),
        "trials.xlsx": (mo.read_trials, _workbook()),
        "escalc.csv": (mo.read_escalc, ESCALC.encode()),
        "curves.csv": (_curves, b"curve_id,trial,arm,outcome,unit,points,n,events\nA,T,drug,os,months,corners,4,2\n"),
        "review.rm5": (mo.read_revman, (FILES / "review.rm5").read_bytes()),
        "review.zip": (mo.read_revman, _package()),
        "record.json": (mo.read_ctgov, json.dumps(_registry()).encode()),
        "adtte.csv": (mo.read_adtte, ADTTE.encode()),
        "adtte.xpt": (lambda path: mo.read_adtte(path, parameter="OS"), _transport()),
        "trial.rda": (lambda path: mo.read_kmdata(path).ipd(), (FILES / "kmdata" / "data" / "TOY_1A.rda").read_bytes()),
        "audit.csv": (audit, TRIALS.encode()),
        "at_risk.csv": (_read_table, AT_RISK.encode()),
        "points.csv": (_digitized, POINTS.encode()),
        "project.json": (_digitized, json.dumps(PROJECT).encode()),
        "project.tar": (_digitized, _tar()),
        "document.dig": (_digitized, _engauge()),
        "figure.svg": (_digitized, SVG.encode()),
        "figure.pdf": (_digitized, (FIGURES / "base.pdf").read_bytes()),
        "figure.png": (_digitized, (FIGURES / "base.png").read_bytes()),
        "figure.jpg": (_digitized, (FIGURES / "base.jpg").read_bytes()),
        "replay.json": (_replayed, _record(folder)),
        "result.json": (mo.results.from_json, result.encode()),
    }
