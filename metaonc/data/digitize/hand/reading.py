"""Records of figures read by hand, checked as they come from a page or a file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ....base.check import one_of
from ....base.numbers import count_of, known_count, known_number, number
from ....base.text import refuse_unseen
from ....errors import DataError
from ..limits import CURVES, POINTS
from ..options import KINDS_OF_CURVE, Mask, Pair
from .record import NOT_REACHED, PARTS, READ, AxisPoints, Hand, HandCurve, Part, Printed, Read

_TEXT = 2_000  # characters of a label or a sentence
_COLOUR = re.compile("#[0-9a-fA-F]{6}")
_ROWS = 1_000  # of masks, marks' sentences and times of a table


def read_hand(record: Any) -> Hand:
    """Return the record that a page or a file holds as plain values.

    Raises
    ------
    DataError
        Names what is not of its form, what was given, and what is wanted.
    """
    known = _mapping(record, "the record of a figure read by hand", Hand)
    curves = tuple(_curve(one, k) for k, one in enumerate(_list(known, "curves", "curves", CURVES), 1))
    labels = [curve.label for curve in curves]
    if twice := next((label for label in labels if labels.count(label) > 1), None):
        raise DataError(f"two curves are named {twice!r}: name each for its arm.")
    hand = Hand(
        page=count_of(known.get("page", 1), "page"),
        x_axis=_axis(known, "x"),
        y_axis=_axis(known, "y"),
        kind=_kind(known.get("kind")),
        panel=None if known.get("panel") is None else _box(known["panel"], "panel"),
        masks=tuple(_box(box, "a mask") for box in _list(known, "masks", "masks", _ROWS)),
        risk_times=tuple(
            number(t, "a time of the numbers at risk") for t in _list(known, "risk_times", "times", _ROWS)
        ),
        curves=curves,
        printed=_printed(known.get("printed") or {}),
        cautions=_sentences(known),
        unconfirmed=_parts(known),
    )
    for curve in curves:
        if len(curve.n_risk) > len(hand.risk_times):
            raise DataError(
                f"{curve.label!r} has {len(curve.n_risk)} numbers at risk for {len(hand.risk_times)} times: give one "
                "time for each."
            )
    return hand


def _curve(record: Any, place: int) -> HandCurve:
    known = _mapping(record, f"curve {place}", HandCurve)
    label = _text(known.get("label"), f"the name of curve {place}")
    of = f"of {label!r}"
    median = known.get("median")
    if median != NOT_REACHED:
        value = known_number(median, f"median {of}")
        median = median.strip() if isinstance(median, str) and value is not None else value  # its last digit counts
    points = _list(known, "points", f"points {of}", POINTS)
    return HandCurve(
        label=label,
        colour=_colour(known.get("colour", "#000000"), of),
        read=_read(known.get("read", "clicks")),
        points=tuple(_pair(point, f"point {k} {of}") for k, point in enumerate(points, 1)),
        marks=tuple(number(x, f"a mark {of}") for x in _list(known, "marks", f"marks {of}", POINTS)),
        n=known_count(known.get("n"), f"n {of}"),
        events=known_count(known.get("events"), f"events {of}"),
        n_risk=tuple(
            known_count(k, f"a number at risk {of}")
            for k in _list(known, "n_risk", f"numbers at risk {of}", _ROWS)
        ),
        median=median,
        cautions=_sentences(known),
    )  # fmt: skip


def _printed(record: Any) -> Printed:
    known = _mapping(record, "what the paper prints", Printed)
    hr, low, high = (known_number(known.get(name), f"printed {name}") for name in ("hr", "ci_low", "ci_high"))
    control, treatment = (
        None if known.get(name) is None else _text(known[name], f"the {name} arm") for name in ("control", "treatment")
    )
    return Printed(hr=hr, ci_low=low, ci_high=high, control=control, treatment=treatment)


def _mapping(record: Any, what: str, kind: type) -> Mapping[str, Any]:
    names = kind.__dataclass_fields__  # type: ignore[attr-defined]
    if not isinstance(record, Mapping):
        raise DataError(f"{what} is {type(record).__name__}, no table of names and values; write the project anew.")
    if unknown := sorted(set(record) - set(names)):
        raise DataError(f"{what} holds {str(unknown[0])!r}, which is none of {', '.join(names)}.")
    return record


def _list(known: Mapping[str, Any], key: str, what: str, most: int) -> Sequence[Any]:
    found = known.get(key) or ()
    if isinstance(found, str) or not isinstance(found, Sequence):
        raise DataError(f"{what}: {found!r} is no list.")
    if len(found) > most:
        raise DataError(f"{what}: {len(found)} are given, and no figure has more than {most}.")
    return found


def _axis(known: Mapping[str, Any], name: str) -> AxisPoints | None:
    if (given := known.get(f"{name}_axis")) is None:
        return None
    try:
        (a, v), (b, w) = given
    except (TypeError, ValueError):
        raise DataError(
            f"the {name} axis, {given!r}, is not two points, each its position and the value there."
        ) from None
    place, value = f"the position of a point of the {name} axis", f"the value of a point of the {name} axis"
    return (number(a, place), known_number(v, value)), (number(b, place), known_number(w, value))


def _pair(value: Any, what: str) -> Pair:
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != 2:
        raise DataError(f"{what} is {value!r}, not a position (right, down).")
    return number(value[0], what), number(value[1], what)


def _box(value: Any, what: str) -> Mask:
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != 4:
        raise DataError(f"{what} is {value!r}, not a box (left, top, right, bottom).")
    left, top, right, bottom = (number(side, what) for side in value)
    if not (left < right and top < bottom):
        raise DataError(
            f"{what} is {value!r}, whose left is not before its right or whose top is not above its bottom."
        )
    return left, top, right, bottom


def _kind(value: Any) -> str | None:
    return None if value is None else one_of("kind", value, KINDS_OF_CURVE)


def _read(value: Any) -> Read:
    name = one_of("read", value, READ)
    return next(known for known in READ if known == name)


def _parts(known: Mapping[str, Any]) -> tuple[Part, ...]:
    """Return the parts that nobody has confirmed, in their order."""
    named = {
        one_of("unconfirmed", one, PARTS) for one in _list(known, "unconfirmed", "what is unconfirmed", len(PARTS))
    }
    return tuple(part for part in PARTS if part in named)


def _colour(value: Any, of: str) -> str:
    if not isinstance(value, str) or not _COLOUR.fullmatch(value):
        raise DataError(f"the colour {of} is {value!r}; write it as '#rrggbb', such as '#d62728'.")
    return value.lower()


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > _TEXT:
        raise DataError(f"{what} is {value!r}: give a name.")
    refuse_unseen([value], what)
    return value.strip()


def _sentences(known: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(_text(one, "a caution") for one in _list(known, "cautions", "cautions", _ROWS))
