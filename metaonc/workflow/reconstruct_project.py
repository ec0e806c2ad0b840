"""From the project of a figure to its patients: what a page or `digitize` recorded, done again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..base.files import json_of, parsing, read_bytes
from ..data.curves.arms import reconstruct_arms
from ..data.digitize.digitize import replay
from ..data.digitize.hand.reading import read_hand
from ..data.digitize.hand.record import NOT_REACHED, Hand
from ..data.digitize.result import Digitized
from .printed_check import compared
from .reconstruct_figure import FigurePatients


def reconstruct_project(path: str | Path, figure: str | Path | None = None) -> FigurePatients:
    """Return the patients of a project that ``mo.page`` wrote or that its page without a server exported.

    Parameters
    ----------
    path
        The project. Of one that ``Digitized.to_project`` wrote, the numbers at risk must be in the figure.
    figure
        The figure, where it is no longer where the project says.

    Raises
    ------
    DataError
        When the figure is not the one on record, or a curve lacks what its patients are made of; it names the curve.

    Examples
    --------
    >>> import metaonc as mo
    >>> from metaonc.workflow.reconstruct_project import reconstruct_project
    >>> patients = {"time": [1, 2, 2, 3, 4, 5, 6, 8] * 2, "event": [1, 1, 0, 1] * 4, "arm": ["A"] * 8 + ["B"] * 8}
    >>> curves = mo.survival.kaplan_meier(patients, by="arm", unit="months")
    >>> _ = mo.save(mo.plot.km(curves), "figure.pdf")
    >>> _ = mo.curves.digitize("figure.pdf").to_project("figure.json")
    >>> reconstruct_project("figure.json").patients.ipd["event"].sum()
    np.int64(6)
    """
    digitized = replay(path, figure=figure)
    record = json_of(read_bytes(Path(path)), str(path))
    with parsing(str(path)):
        hand = read_hand(record["by_hand"]) if "by_hand" in record else Hand()
        return patients_of(digitized, hand)


def patients_of(digitized: Digitized, hand: Hand) -> FigurePatients:
    """Return the patients of curves that were read, by what was typed of each, with the check by what is printed."""
    counts = {
        name: {c.label: value for c in hand.curves if (value := getattr(c, name)) is not None}
        for name in ("n", "events")
    }
    patients = reconstruct_arms(digitized, n=counts["n"], events=counts["events"])
    beside = compared(digitized, patients, printed_of(hand))
    return FigurePatients(digitized=digitized, patients=patients, check=beside.check, remarks=beside.remarks)


def printed_of(hand: Hand) -> dict[str, Any]:
    """Return what `check_published` takes; nothing where nothing printed was typed."""
    printed = hand.printed
    medians = {c.label: None if c.median == NOT_REACHED else c.median for c in hand.curves if c.median is not None}
    ratio: dict[str, Any] = {}
    if printed.hr is not None and not printed.waits:
        ratio = {
            "hr": printed.hr,
            "ci_low": printed.ci_low,
            "ci_high": printed.ci_high,
            "control": printed.control,
            "treatment": printed.treatment,
        }
    return ratio | ({"medians": medians} if medians else {})
