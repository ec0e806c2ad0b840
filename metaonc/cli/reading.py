"""How the commands read a file: one table of options, which are those of ``read_trials``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from ..errors import OptionError

if TYPE_CHECKING:
    from ..data.readers.trials import Reading

_OPTIONS: dict[str, dict[str, Any]] = {
    "columns": {
        "metavar": "THERE=HERE", "action": "append",
        "help": "what a column is, as in Study=trial, HR=os.hr or Deaths=death.events; may be repeated",
    },
    "sheet": {"metavar": "NAME", "help": "sheet of a workbook"},
    "header": {"metavar": "ROW", "type": int, "nargs": "+", "help": "row or rows that hold the names"},
    "skip": {"metavar": "ROW", "type": int, "nargs": "+", "help": "rows to leave out, as the sheet numbers them"},
    "sep": {"metavar": "SIGN", "help": "what separates cells of a CSV file; as its lines show when not given"},
    "decimal": {"metavar": "MARK", "help": "decimal mark of numbers that are texts: a point or a comma"},
    "encoding": {"metavar": "NAME", "help": "encoding of a CSV file, such as cp1252; UTF-8 when not given"},
    "constants": {
        "metavar": "COLUMN=VALUE", "action": "append",
        "help": "what all rows have, as in unit=months or time_months=24; may be repeated",
    },
}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of a command that reads a file."""
    group = parser.add_argument_group("how the file is read")
    for name, how in _OPTIONS.items():
        group.add_argument(f"--{name}", **how)


def reading(options: argparse.Namespace) -> Reading:
    """Return what was said of the file, as ``read_trials`` takes it."""
    said: dict[str, Any] = {name: value for name in _OPTIONS if (value := getattr(options, name)) is not None}
    for name in ("columns", "constants"):
        if name in said:
            said[name] = dict(_pair(name, text) for text in said[name])
    if "sep" in said:
        said["sep"] = said["sep"].encode().decode("unicode_escape")  # a shell writes a tab as \\t
    if "constants" in said:
        said["constants"] = {name: _number(value) for name, value in said["constants"].items()}
    return said  # type: ignore[return-value]


def _pair(option: str, text: str) -> tuple[str, str]:
    before, sign, after = text.rpartition("=") if option == "columns" else text.partition("=")
    if not (before and sign and after):
        raise OptionError(f"--{option} {text!r} is not {_OPTIONS[option]['metavar']}.")
    return before, after


def _number(text: str) -> str | float:
    from ..base.numbers import NotANumber, number_of

    try:
        return number_of(text)
    except NotANumber:
        return text
