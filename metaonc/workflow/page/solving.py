"""From what was placed and typed to what a page shows: patients, their curves, and what they say beside the paper."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import replace
from typing import Any

import numpy as np

from ...analysis.survival.cox.of_patients import ratio_of_patients
from ...analysis.survival.published import check_published
from ...base.digits import p_said, plain
from ...base.digits import ratio as as_ratio
from ...data.curves.arms import reconstruct_arms, side_by_side_arms
from ...data.curves.reconstruction import Reconstruction
from ...data.digitize.hand.curves import by_hand, cautions_of, scales
from ...data.digitize.hand.record import Hand, HandCurve
from ...data.digitize.limits import Source
from ...data.digitize.scale.calibration import Calibration
from ...errors import MetaoncError
from ..reconstruct_project import printed_of

_MOST_KEPT = 64  # reconstructions


class Solver:
    """Reconstructs the curves of one figure, those anew that have changed."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._kept: dict[Hashable, Reconstruction] = {}

    def solve(self, hand: Hand) -> dict[str, Any]:
        """Return what the page shows, as plain values.

        Keys: `problems` and `cautions`, sentences; `curves`, one record each, with a `problem` or with n, events,
        median, rmse, max_abs, `notes`, the patients' Kaplan-Meier curve `km` as positions in the figure, and
        `residuals` (position across, reconstructed minus read); `ratio`, or None; `check`, rows beside what is printed.
        """
        try:
            scale = scales(hand)
        except MetaoncError as problem:
            return _nothing(hand, [str(problem)])
        curves, arms = [], {}
        for curve in hand.curves:
            try:
                arm = self._arm(hand, curve)
            except MetaoncError as problem:
                curves.append({"label": curve.label, "problem": str(problem)})
            else:
                arms[curve.label] = arm
                curves.append(_shown(curve, arm, scale))
        problems = list[str]()
        ratio = _tried(problems, lambda: _ratio(hand, arms))
        check, unlike = _tried(problems, lambda: _check(hand, arms)) or ([], ())
        cautions = [*cautions_of(hand), *unlike]
        return {"problems": problems, "cautions": cautions, "curves": curves, "ratio": ratio, "check": check}

    def _arm(self, hand: Hand, curve: HandCurve) -> Reconstruction:
        """Return the patients of one curve, kept as long as nothing of theirs changes."""
        bare = replace(curve, cautions=(), median=None, colour="#000000")
        key = (hand.x_axis, hand.y_axis, hand.kind, hand.risk_times, bare)
        if key not in self._kept:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            n, events = ({} if v is None else {curve.label: v} for v in (curve.n, curve.events))
            made = reconstruct_arms(by_hand(replace(hand, curves=(bare,)), self.source), n=n, events=events)
            self._kept[key] = made.arms[curve.label]
        return self._kept[key]


def _nothing(hand: Hand, problems: list[str]) -> dict[str, Any]:
    curves = [{"label": curve.label} for curve in hand.curves]
    return {"problems": problems, "cautions": list(hand.cautions), "curves": curves, "ratio": None, "check": []}


def _tried(problems: list[str], what: Any) -> Any:
    try:
        return what()
    except MetaoncError as problem:
        problems.append(str(problem))
        return None


def _shown(curve: HandCurve, arm: Reconstruction, scale: Calibration) -> dict[str, Any]:
    numbers, table, off = arm.numbers, arm.life_table, arm.residuals
    return {
        "label": curve.label,
        "n": numbers["n"],
        "events": numbers["events"],
        "median": _text(numbers["median"]),
        "rmse": numbers["rmse"],
        "max_abs": numbers["max_abs"],
        "notes": list(arm.quality.flags),
        "km": _staircase(table["time"].to_numpy(float), table["survival"].to_numpy(float), scale),
        "residuals": np.round(
            np.column_stack([_across(scale, off["time"].to_numpy(float)), off["residual"]]), 5
        ).tolist(),
    }


def _staircase(t: Any, s: Any, scale: Calibration) -> list[list[float]]:
    """Return the corners of a Kaplan-Meier curve as positions in the figure."""
    time, level = np.append(0.0, np.repeat(t, 2)), np.append(np.repeat(np.append(1.0, s[:-1]), 2), s[-1])
    shown = (1.0 - level if scale.kind == "event" else level) * (100.0 if scale.percent else 1.0)
    down = (shown - scale.y.intercept) / scale.y.slope
    keep = np.append(True, np.diff(time) + np.abs(np.diff(level)) > 0)
    return np.round(np.column_stack([_across(scale, time), down])[keep], 2).tolist()  # type: ignore[no-any-return]


def _across(scale: Calibration, time: Any) -> Any:
    return (time - scale.x.intercept) / scale.x.slope


def _ratio(hand: Hand, arms: dict[str, Reconstruction]) -> dict[str, Any] | None:
    """Return the hazard ratio of the two arms asked for, the last as control where none is chosen of two."""
    names = list(arms)
    control = hand.printed.control or (names[-1] if len(names) == 2 else None)
    others = [name for name in names if name != control]
    treatment = hand.printed.treatment or (others[0] if len(others) == 1 else None)
    if control not in arms or treatment not in arms or control == treatment:
        return None
    ipd = side_by_side_arms({name: arms[name] for name in (treatment, control)}, {}).ipd
    found = ratio_of_patients(ipd, control=control, time="time", event="event", arm="arm", ties="efron", level=0.95)
    low, high = found.confidence_interval(transform=True)
    return {
        "treatment": treatment,
        "control": control,
        "text": "{} ({} to {})".format(*as_ratio.of(found.hr, low, high)),
        "logrank": p_said(found.logrank_p),
    }


def _check(hand: Hand, arms: dict[str, Reconstruction]) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Return the rows of the check by what the paper prints, and a sentence on each that does not agree."""
    known = replace(hand, curves=tuple(c for c in hand.curves if c.label in arms))
    published = printed_of(known)
    if not published or not arms or ("hr" in published and len(arms) < 2):
        return [], ()
    check = check_published(side_by_side_arms(arms, {}), **published)
    rows = [
        {
            "quantity": row["term"],
            "arm": row["arm"],
            "published": _text(row["published"]),
            "reconstructed": _text(row["estimate"]),
            "agrees": bool(row["agrees"]),
        }
        for row in check.tidy(transform=True).to_dict("records")
    ]
    return rows, check.provenance.notes


def _text(value: float) -> str:
    return plain(value) if math.isfinite(value) else "not reached"
