"""What options of figures may be: a table of checks by name, since a name means the same in every figure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

import numpy as np

from ..base.check import confidence_level, one_of
from ..base.messages.advice import option, setting
from ..base.messages.arguments import known_arguments
from ..base.numbers import number, sequence
from ..data.risk_of_bias.assessment import RiskOfBias
from ..errors import DataError, OptionError
from .journals.record import WIDTHS

P = ParamSpec("P")
R = TypeVar("R")
Check = Callable[[str, Any], Any]  # (name, value) -> the value to draw with; or an OptionError

WIDEST = 5000.0  # mm
MOST_DIGITS = 6  # decimals
MOST_SAID = 60  # characters of a value that a message repeats


def said(name: str, value: object) -> str:
    """Return an option with its value, as far as a message has room for it."""
    text = setting(name, value)
    return text if len(text) <= MOST_SAID and "\n" not in text else f"{option(name)} is a {type(value).__name__}, which"


def text(name: str, value: Any) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise OptionError(f"{said(name, value)} is no text: write it in quotes.")
    return value


def text_or_none(name: str, value: Any) -> str | None:
    """Return a text, or None where the figure chooses."""
    return None if value is None else text(name, value)


def truth(name: str, value: Any) -> bool:
    """Return True or False."""
    if not isinstance(value, (bool, np.bool_)):
        raise OptionError(f"{said(name, value)} must be True or False.")
    return bool(value)


def truth_or_none(name: str, value: Any) -> bool | None:
    """Return True, False, or None where the figure chooses."""
    if value is not None and not isinstance(value, (bool, np.bool_)):
        raise OptionError(f"{said(name, value)} must be True, False or None.")
    return None if value is None else bool(value)


def digits(name: str, value: Any) -> int | None:
    """Return a number of decimals, or None where the figure chooses."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not 0 <= value <= MOST_DIGITS:
        raise OptionError(f"{said(name, value)} must be a whole number from 0 to {MOST_DIGITS}.")
    return int(value)


def names(name: str, value: Any) -> tuple[str, ...] | None:
    """Return texts, or None where the figure chooses; a text alone is not taken for its letters."""
    if value is None:
        return None
    if isinstance(value, str):
        raise OptionError(f"{said(name, value)} is one text: give a list, {option(name, [value])}.")
    return tuple(text(f"{name}[{i}]", each) for i, each in enumerate(_each(name, value, "a list of names")))


def points_named(name: str, value: Any) -> Any:
    """Return which points bear their names: a word for it, or names of trials."""
    if isinstance(value, str):
        return value
    wanted = "'outlying', 'all', 'none' or a list of names"
    return [text(f"{name}[{i}]", each) for i, each in enumerate(_each(name, value, wanted))]


def two_texts(name: str, value: Any) -> tuple[str, str] | None:
    """Return two texts, such as the labels of direction; None where there are none."""
    if value is None:
        return None
    wanted = "two texts, such as ('favours treatment', 'favours control')"
    each = [] if isinstance(value, str) else list(_each(name, value, wanted))
    if len(each) != 2 or not all(isinstance(one, str) for one in each):
        raise OptionError(f"{said(name, value)} is not {wanted}.")
    return each[0], each[1]


def width_or_none(name: str, value: Any) -> float | str | None:
    """Return a width, or None where the journal has it."""
    return None if value is None else width(name, value)


def width(name: str, value: Any) -> float | str:
    """Return a width in mm, or a name for one."""
    return one_of(name, value, WIDTHS) if isinstance(value, str) else length(name, value)


def length(name: str, value: Any) -> float:
    """Return a length in mm."""
    mm = size(name, value)
    if not 0 < mm <= WIDEST:
        raise OptionError(f"{said(name, value)} must be above 0 mm, and {WIDEST:g} mm at most.")
    return mm


def size(name: str, value: Any) -> float:
    """Return a finite number."""
    try:
        return number(value, name)
    except DataError as problem:
        raise OptionError(str(problem) if len(repr(value)) <= MOST_SAID else f"{said(name, value)} is no number.") \
            from None  # fmt: skip


def size_or_none(name: str, value: Any) -> float | None:
    """Return a finite number, or None where the figure chooses."""
    return None if value is None else size(name, value)


def sizes(name: str, value: Any) -> tuple[float, ...]:
    """Return finite numbers; one alone is a list of one."""
    alone = [value] if np.isscalar(value) and not isinstance(value, (str, bytes)) else value
    try:
        return tuple(sequence(alone, name).tolist())
    except (DataError, TypeError) as problem:
        if isinstance(problem, DataError) and len(str(problem)) <= 2 * MOST_SAID:
            raise OptionError(str(problem)) from None
        raise OptionError(f"{said(name, value)} is not a list of numbers.") from None


def axes(name: str, value: Any) -> Any:
    """Return the axes to draw into; None for a figure of its own."""
    if value is None:
        return None
    from matplotlib.axes import Axes

    own = f"or leave {option(name)} out for a figure of its own"
    if isinstance(value, (np.ndarray, list, tuple)):
        raise OptionError(f"{option(name)} is a list of axes: give one of them, such as ax[0], {own}.")
    if not isinstance(value, Axes):
        raise OptionError(
            f"{said(name, value)} is not axes of matplotlib: give some, such as plt.subplots()[1], {own}."
        )
    if value.name in ("polar", "3d") or value.figure is None:
        raise OptionError(
            f"{option(name)}: axes that are removed, polar or 3d take no such figure: give others, {own}."
        )
    return value


def judgements(name: str, value: Any) -> RiskOfBias | None:
    """Return an assessment of risk of bias, or None where none is shown."""
    if value is not None and not isinstance(value, RiskOfBias):
        raise OptionError(f"{said(name, value)} is no assessment: give what read_risk_of_bias returned.")
    return value


def _each(name: str, value: Any, wanted: str) -> Iterable[Any]:
    try:
        if isinstance(value, (bytes, Mapping, set, frozenset)):
            raise TypeError
        return list(value)
    except TypeError:
        raise OptionError(f"{said(name, value)} is not {wanted}.") from None


# Option -> its check, in every figure that does not say otherwise.
CHECKS: Mapping[str, Check] = {
    "ax": axes,
    "width": width,
    "height": length,
    "journal": text_or_none,
    "title": text,
    "effect": text_or_none,
    "unit": text,
    "response": text,
    "moderator_label": text_or_none,
    "subgroup_label": text_or_none,
    "sort": text_or_none,
    "favours": two_texts,
    "left": names,
    "right": names,
    "labels": points_named,
    "trial": text_or_none,
    "digits": digits,
    "risk_of_bias": judgements,
    "common": truth,
    "shrinkage": truth,
    "prediction": truth_or_none,
    "contours": sizes,
    "level": lambda name, value: confidence_level(value, name),
    "percent": truth,
    "censor_marks": truth_or_none,
    "direct_labels": truth,
    "reconstructed": truth,
    "bands": truth_or_none,
    "log_rank": truth_or_none,
    "reference": text_or_none,
    "until": size_or_none,
    "rmst": size_or_none,
    "fade_below": size_or_none,
    "landmarks": sizes,
}


def checked(more: Iterable[str] = (), **own: Check) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return what makes the verb of a figure refuse arguments that it lacks, and values that an option cannot have.

    Parameters
    ----------
    more
        Names that its ``**`` takes.
    own
        Option -> its check, where it means something else in this figure.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        call = known_arguments(function, more)
        there = signature(function).parameters
        checks = {name: check for name, check in {**CHECKS, **own}.items() if name in there}

        @wraps(function)
        def draw(*args: P.args, **options: P.kwargs) -> R:
            asked: Any = options
            for name in [name for name in asked if name in checks]:
                asked[name] = checks[name](name, asked[name])
            return call(*args, **options)

        return draw

    return decorate
