"""What a figure prints, and what its user says that the paper prints, beside the patients behind its curves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..analysis.survival.cox.hazard_ratio import hazard_ratio
from ..analysis.survival.published import PublishedCheck, check_published
from ..base.digits import in_percent
from ..base.labels import find
from ..base.messages.advice import option
from ..base.numbers import known_number
from ..data.curves.arms import ReconstructedArms
from ..data.digitize.ocr.printed import PrintedRatio
from ..data.digitize.result import Digitized
from ..errors import MetaoncError

_RATIO = ("hr", "ci_low", "ci_high", "control", "treatment", "level")
_LEVEL = 0.95  # of an interval that is printed without one


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCheck:
    """Printed numbers beside those of the patients.

    Attributes
    ----------
    check
        The comparison; None where nothing can be compared.
    remarks
        What was printed and not compared, and how what was compared was taken, a sentence each.
    """

    check: PublishedCheck | None
    remarks: tuple[str, ...]


def compared(
    digitized: Digitized, patients: ReconstructedArms, published: Mapping[str, Any] | None = None
) -> PrintedCheck:
    """Compare patients with what is stated of their paper, and else with what their figure was read to print.

    Parameters
    ----------
    digitized
        The curves as read, with what the figure prints.
    patients
        What was made of them.
    published
        Options of `check_published`. What is stated here is taken in place of what was read; `control` alone says of
        which arm the hazard ratio is that was read.

    Raises
    ------
    DataError
        When what is stated cannot be compared.
    """
    stated = {name: value for name, value in (published or {}).items() if value is not None}
    level, levels = _level_of(digitized, stated)
    stated |= level
    stated_medians = dict(stated.get("medians") or {})
    checked = check_published(patients, **stated) if "hr" in stated or stated_medians else None
    medians, remarks = _medians(digitized, patients, stated_medians)
    ratio, said = ({}, levels) if "hr" in stated else _ratio(digitized, patients, stated.get("control"))
    if set(stated) - {"control", "treatment"} and checked is None and not ratio:
        check_published(patients, **stated)  # which says what is missing
    if not medians and not ratio:
        return PrintedCheck(check=checked, remarks=(*remarks, *said))
    own = {name: value for name, value in stated.items() if name in _RATIO or name == "tolerance"}
    both = {"medians": stated_medians | medians} if stated_medians or medians else {}
    try:
        check = check_published(patients, **(own | ratio | both))
    except MetaoncError as problem:  # of numbers that a program read
        return PrintedCheck(
            check=checked, remarks=(*remarks, *said, f"What the figure prints could not be compared: {problem}")
        )
    return PrintedCheck(check=check, remarks=(*remarks, *said))


def _level_of(digitized: Digitized, stated: Mapping[str, Any]) -> tuple[dict[str, float], list[str]]:
    """Return the level that the figure prints with the ratio that is stated without one, and what is said of it."""
    if "hr" not in stated or "level" in stated:
        return {}, []
    given = [known_number(stated.get(name), name) for name in ("hr", "ci_low", "ci_high")]
    same = [one for one in digitized.printed.ratios if one.level is not None and one.hr == given[0]]
    for one in same:
        if [one.ci_low, one.ci_high] == given[1:]:
            return {"level": one.level or _LEVEL}, [
                f"The level of the stated interval is as the figure prints it: {one}."
            ]
    own = f"The stated interval was taken as a {in_percent(_LEVEL)} % interval; the figure prints another"
    return {}, [
        f"{own}: {one}. Where the stated one has that level, give {option('level', one.level)}." for one in same
    ]


def _medians(
    digitized: Digitized, patients: ReconstructedArms, stated: Mapping[str, Any]
) -> tuple[dict[str, str | None], list[str]]:
    """Return the medians that were read of curves and not stated, and what is said of them."""
    labels = [curve.label for curve in digitized.curves]
    taken, said = dict[str, str | None](), list[str]()
    own = ", ".join(f"{name!r} {_shown(arm.numbers['median'])}" for name, arm in patients.arms.items())
    for one in digitized.printed.medians:
        if one.curve is None:
            said.append(f"Printed in the figure and not compared: {one}; the patients have {own}.")
        elif labels[one.curve] not in stated:
            taken[labels[one.curve]] = one.median
            said.append(f"Printed in the figure, for {labels[one.curve]!r}: {one}.")
    return taken, said


def _ratio(digitized: Digitized, patients: ReconstructedArms, stated: Any) -> tuple[dict[str, Any], list[str]]:
    """Return the hazard ratio that was read and what is said of it: to the control stated, else the nearer way."""
    found, arms = digitized.printed.ratios, list(patients.arms)
    if not found:
        return {}, []
    if len(arms) != 2:
        return {}, [f"Printed in the figure and not compared, as it is not said of which arms: {one}." for one in found]
    log_hr = float(hazard_ratio(patients.ipd, control=arms[0]).estimate)  # of the second arm to the first
    beside = f"the patients have {np.exp(log_hr):.3g} ({arms[1]!r} to {arms[0]!r}) or {np.exp(-log_hr):.3g}"
    if len(found) > 1 or not _is_whole(found[0]):
        why = "as it has no interval" if len(found) == 1 else "as several are printed"
        return {}, [f"Printed in the figure and not compared, {why}: {one}; {beside}." for one in found]
    one, printed = found[0], float(np.log(found[0].hr))
    if (control := find(stated, arms)) is not None:
        treatment = next(arm for arm in arms if arm != control)
        return _taken(one, control, treatment), [f"Printed in the figure: {one}; {beside}."]
    turned = abs(printed + log_hr) < abs(printed - log_hr)
    control, treatment = (arms[1], arms[0]) if turned else (arms[0], arms[1])
    level = "" if one.level is not None else " and as a 95 % interval"
    said = (
        f"Printed in the figure: {one}; {beside}. The figure does not say of which arm it is: it was taken as "
        f"{treatment!r} to {control!r}, to which it is nearer{level}."
    )
    return _taken(one, control, treatment), [said]


def _taken(one: PrintedRatio, control: str, treatment: str) -> dict[str, Any]:
    """Return a ratio as `check_published` takes it."""
    limits = {"ci_low": one.ci_low, "ci_high": one.ci_high, "level": one.level or _LEVEL}
    return {"hr": one.hr, "control": control, "treatment": treatment, **limits}


def _is_whole(one: PrintedRatio) -> bool:
    return one.ci_low is not None and one.hr > 0


def _shown(median: float) -> str:
    return f"{median:.4g}" if np.isfinite(median) else "not reached"
