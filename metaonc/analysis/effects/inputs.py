"""Which columns effects came from, told in the table itself: written by ``effect_sizes``, read by what takes its table.

An ordinary column, the same text in every row, survives what tables go through: a merge, a CSV file, another kind of
dataframe.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd

from ...base.messages.advice import option
from .measures import Measure
from .roles import Roles

INPUTS = "inputs"
LOST = (
    "single trials then have Wald's intervals, not exact ones or those reported, and a forest plot shows no columns of "
    "these numbers"
)


class Inputs(NamedTuple):
    """What a table says of its columns.

    Attributes
    ----------
    roles
        Column keyword of ``effect_sizes`` -> column.
    level
        Level of the reported intervals, a number or a column; None where it is not known.
    notes
        A sentence on what is not known though ``effect_sizes`` knew it; nothing where all is.
    """

    roles: dict[str, str]
    level: float | str | None
    notes: tuple[str, ...]


def written(roles: Mapping[str, str], level: float | str | None, study: str | None = None) -> str:
    """Return the text that each row carries, as in ``hr='hr', se='se', level=0.95, study='trial'``."""
    asked: dict[str, Any] = dict(roles)
    if level is not None:
        asked["level"] = level if isinstance(level, str) else float(level)
    if study is not None:
        asked["study"] = study
    return ", ".join(f"{name}={value!r}" for name, value in asked.items())


def study_of(frame: pd.DataFrame, study: str | None) -> str | None:
    """Return the column that names the trials: the one given, or the one that the table says ``effect_sizes`` took.

    None where it says none, where its rows differ over it, and where the column is gone: ``read`` says so.
    """
    if study is not None:
        return study
    told = _told_studies(frame)
    return told[0] if len(told) == 1 and told[0] in frame.columns else None


def _told_studies(frame: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(row["study"] for text in _texts(frame) if (row := _parsed(text)) and "study" in row))


def read(frame: pd.DataFrame, record: Measure, study: str | None = None) -> Inputs:
    """Return which columns of a table of effects hold what.

    A column holds the same in all rows: what one row says is true of the table, unless another contradicts it. Rows
    that say nothing, such as those of a trial whose effect was not computed here, contradict nothing.

    Parameters
    ----------
    frame
        The rows with effects.
    record
        Their measure.
    study
        The column by which their trials are named.
    """
    texts = _texts(frame)
    if not texts:
        lost = _had_inputs(frame, record)
        return Inputs({}, None, (_note(f"the table has lost the column {INPUTS!r} of its effects"),) if lost else ())
    rows = [_parsed(text) for text in texts]
    said = [{name: value for name, value in row.items() if name != "study"} for row in rows if row is not None]
    pairs = dict.fromkeys(pair for row in said for pair in row.items())
    clear = {name: value for name, value in pairs if not any(_contradicts(row, name, value) for row in said)}
    held = {name: value for name, value in clear.items() if not isinstance(value, str) or value in frame.columns}
    why = [
        *(f"{text!r} in the column {INPUTS!r} is not as it was written"
          for text, row in zip(texts, rows, strict=True) if row is None),
        *(f"rows differ in the column {INPUTS!r} over {name!r}" for name, _ in pairs if name not in clear),
        *(f"the column {value!r} that {INPUTS!r} names is not in the table"
          for name, value in clear.items() if name not in held),
    ]  # fmt: skip
    level = held.pop("level", None)
    notes = (*map(_note, why[:1]), *_unnamed(frame, study))
    return Inputs({name: str(column) for name, column in held.items()}, level, notes)


def _unnamed(frame: pd.DataFrame, study: str | None) -> tuple[str, ...]:
    """Return why trials have no names though ``effect_sizes`` knew them."""
    told = [] if study is not None else _told_studies(frame)
    if not told:
        return ()
    names = " and ".join(map(repr, told))
    gone = f"the column {names} of their names is not in the table"
    why = f"rows differ over the column of their names, {names}" if len(told) > 1 else gone
    return (f"trials are numbered by their rows, since {why}: name it by {option('study', 'trial')}.",)


def _texts(frame: pd.DataFrame) -> list[str]:
    if INPUTS not in frame.columns:
        return []
    return list(dict.fromkeys(text for text in frame[INPUTS].tolist() if isinstance(text, str) and text.strip()))


def _contradicts(row: Mapping[str, Any], name: str, value: Any) -> bool:
    """Return whether a row says something else of a role, or of the column that holds it."""
    return row.get(name, value) != value or (value in row.values() and name not in row)


def _note(why: str) -> str:
    return f"which columns hold the reported numbers is not fully known, since {why}: {LOST}."


def _had_inputs(frame: pd.DataFrame, record: Measure) -> bool:
    """Return whether a route is one that ``effect_sizes`` writes of reported numbers; others have no inputs."""
    if "route" not in frame.columns or not record.roles:
        return False
    starts = tuple(route.label.partition("{")[0] for route in record.routes) or ("/".join(record.roles[:2]),)
    return any(str(text).startswith(starts) for text in frame["route"])


@lru_cache(maxsize=64)
def _parsed(text: str) -> dict[str, Any] | None:
    """Return what a text of ``written`` says, None where it is none."""
    try:
        (call,) = ast.parse(f"inputs({text})").body
        said = {str(k.arg): ast.literal_eval(k.value) for k in call.value.keywords}  # type: ignore[attr-defined]
    except (SyntaxError, ValueError, AttributeError):
        return None
    typed = all(isinstance(value, (str, float) if name == "level" else str) for name, value in said.items())
    return said if said and typed and said.keys() <= {*Roles.__annotations__, "level", "study"} else None
