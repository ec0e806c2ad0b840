"""How the commands read a file: one table of options, which are those of ``read_trials``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...errors import OptionError

if TYPE_CHECKING:
    from ...data.readers.trials import Reading

_OPTIONS: dict[str, dict[str, Any]] = {
    "columns": {
        "metavar": "THERE=HERE", "action": "append",
        "help": "what a column is, as in Study=trial, HR=os.hr or Deaths=death.events; the others are recognised as "
        "without it; THERE= alone leaves a column unread; several, or repeated",
    },
    "sheet": {"metavar": "NAME", "help": "sheet of a workbook"},
    "header": {"metavar": "ROW", "type": int, "nargs": "+", "help": "row or rows that hold the names"},
    "skip": {"metavar": "ROW", "type": int, "nargs": "+", "help": "rows to leave out, as the sheet numbers them"},
    "sep": {"metavar": "SIGN", "help": "what separates cells of a CSV file; as its lines show when not given"},
    "decimal": {"metavar": "MARK", "help": "decimal mark of numbers that are texts: a point or a comma"},
    "encoding": {"metavar": "NAME", "help": "encoding of a CSV file, such as cp1252; UTF-8 when not given"},
    "constants": {
        "metavar": "COLUMN=VALUE", "action": "append",
        "help": "what all rows have, as in unit=months or time_months=24; several, or repeated",
    },
}  # fmt: skip
_PAIRS = ("--columns", "--constants")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of a command that reads a file."""
    group = parser.add_argument_group("how the file is read")
    for name, how in _OPTIONS.items():
        group.add_argument(f"--{name}", **how)


def spread(arguments: Sequence[str]) -> list[str]:
    """Return a command line in which each pair behind ``--columns`` or ``--constants`` has the option of its own.

    So they take several, as other lists do, and a file may still follow them.
    """
    found: list[str] = []
    option, has_value = "", False
    for text in arguments:
        name, sign, _ = text.partition("=")
        if text.startswith("--"):
            option, has_value = name if name in _PAIRS else "", bool(sign)
        elif has_value and not sign:
            option = ""
        elif option:
            found += [option] * has_value
            has_value = True
        found.append(text)
    return found


def reading(options: argparse.Namespace) -> Reading:
    """Return what was said of the file, as ``read_trials`` takes it."""
    said: dict[str, Any] = {name: value for name in _OPTIONS if (value := getattr(options, name)) is not None}
    for name in (pair.lstrip("-") for pair in _PAIRS):
        if name in said:
            said[name] = pairs(name, _OPTIONS[name]["metavar"], said[name], empty=name == "columns")
    if "columns" in said:
        said["columns"] = {there: here or None for there, here in said["columns"].items()}
    if "sep" in said:
        said["sep"] = _one_sign(said["sep"])
    if "constants" in said:
        said["constants"] = {name: _number(value) for name, value in said["constants"].items()}
    return said  # type: ignore[return-value]


def pairs(option: str, form: str, texts: Sequence[str], *, empty: bool = False) -> dict[str, str]:
    """Return what an option says that may be repeated, each time of another column.

    Parameters
    ----------
    option, form
        Its name, and what one text of it looks like; names there may have an equals sign, names of ours have none.
    texts
        What was given.
    empty
        Whether nothing may stand behind the sign.

    Raises
    ------
    OptionError
        A text of another form, or two that say different things of one column.
    """
    said: dict[str, str] = {}
    for text in texts:
        before, sign, after = text.rpartition("=") if form.startswith("THERE") else text.partition("=")
        before, after = before.strip(), after.strip()
        if not (before and sign and (after or empty)):
            raise OptionError(f"--{option} {text!r} is not {form}.")
        if said.setdefault(before, after) != after:
            raise OptionError(
                f"--{option} says {before}={said[before]} and {before}={after}: one column is one thing; leave one out."
            )
    return said


def _one_sign(text: str) -> str:
    """Return what separates cells; a shell writes a tab as a backslash and a t."""
    return "\t" if text in ("\\t", "tab") else text


def _number(text: str) -> str | float:
    from ...base.numbers import NotANumber, number_of

    try:
        return number_of(text)
    except NotANumber:
        return text
