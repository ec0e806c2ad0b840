"""Counts of a flow diagram as they are given: by name, or as a table of the R package PRISMA2020."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import pandas as pd

from ....base.frames import to_pandas
from ....base.labels import blank
from ....base.messages.advice import option
from ....base.numbers import number
from ....base.text import refuse_unseen
from ....errors import ColumnError, DataError, OptionError
from .boxes import COUNTS, HEADINGS, PHASES, SPLITS

Parts = tuple[tuple[str, int], ...]
NAMES = (*COUNTS, *SPLITS)


@dataclass(frozen=True, slots=True)
class Given:
    """Counts by name, their parts, and words of the table that replace those of the template."""

    counts: dict[str, int]
    parts: dict[str, Parts]
    words: dict[str, str]


def read(counts: Any, named: Mapping[str, Any]) -> Given:
    """Return the counts given, as `prisma_data` takes them."""
    values, words = _by_name(counts)
    if twice := [name for name in named if name in values]:
        raise OptionError(f"{option(twice[0])} is given twice, in counts too: leave one of them out.")
    found, parts = dict[str, int](), dict[str, Parts]()
    for name, value in {**values, **named}.items():
        if not isinstance(value, Mapping) and blank(value):
            continue
        total, split = _count(name, value)
        of = SPLITS.get(name, name)
        if split:
            if of in parts:
                raise OptionError(f"the parts of {of} are given twice: leave {option(name)} or {option(of)} out.")
            parts[of] = split
        if name == of:
            found[name] = total
    for name, split in parts.items():
        found.setdefault(name, sum(n for _, n in split))
    if not found:
        raise DataError(f"there are no counts: give one or more of {', '.join(NAMES)}.")
    return Given({name: found[name] for name in COUNTS if name in found}, parts, words)


def _by_name(counts: Any) -> tuple[dict[str, Any], dict[str, str]]:
    if counts is None:
        return {}, {}
    if isinstance(counts, Mapping) and not {"data", "n"} <= set(counts):
        values = dict(counts)
        return {_known(name, "counts"): value for name, value in values.items()}, {}
    frame = to_pandas(counts)
    if {"data", "n"} <= set(frame):
        return _of_template(frame)
    if len(frame) != 1:
        raise ColumnError(
            "a table of counts has the columns 'data' (which count) and 'n', as PRISMA2020 of R has them, or one row "
            f"with a column a count; this one has {len(frame)} rows and the columns {', '.join(map(str, frame))}."
        )
    return {_known(name, "counts"): frame[name].iloc[0] for name in frame}, {}


def _of_template(frame: pd.DataFrame) -> tuple[dict[str, Any], dict[str, str]]:
    values, words = dict[str, Any](), dict[str, str]()
    texts = frame["boxtext"] if "boxtext" in frame else pd.Series([None] * len(frame))
    boxes = frame["box"] if "box" in frame else pd.Series([None] * len(frame))
    for row, (name, n, text, box) in enumerate(zip(frame["data"], frame["n"], texts, boxes, strict=True)):
        heading = blank(name) or str(name).strip() in ("NA", *PHASES)
        key = str(box if blank(name) or str(name).strip() == "NA" else name).strip()
        if heading and key not in (*HEADINGS, *PHASES):
            if blank(n):
                continue
            raise DataError(f"row {row}: n={n!r} has no name in column 'data'; name it, or leave n empty.")
        if not heading:
            key = _known(key, f"row {row}, column 'data'")
            if key in values:
                raise DataError(f"row {row}: {key!r} stands in column 'data' more than once; leave one row.")
            values[key] = n
        if not blank(text) and key not in SPLITS:
            words[key] = str(text).strip()
    return values, words


def _known(name: Any, where: str) -> str:
    if name in NAMES:
        return str(name)
    near = get_close_matches(str(name), NAMES, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise DataError(f"{where}: {name!r} is no count of the flow diagram; there are {', '.join(NAMES)}.{hint}")


def _count(name: str, value: Any) -> tuple[int, Parts]:
    """Return a count and its parts, of which it is the sum."""
    may = name in SPLITS or COUNTS[name].parts
    if isinstance(value, str) and may and any(c.isalpha() for c in value):
        value = dict(_named_part(name, part) for part in _split(name, value))
    if not isinstance(value, Mapping):
        if name in SPLITS:
            raise DataError(f"{name}={value!r} names no parts: write them as 'Name, 12; Other name, 3'.")
        return _whole(name, value), ()
    if not may:
        raise DataError(f"{name}={value!r} is several counts: give their sum.")
    refuse_unseen(map(str, value), name)
    if not value or any(blank(part) for part in value):
        raise DataError(f"{name}={dict(value)!r}: give each part a name.")
    parts = tuple((str(part).strip(), _whole(f"{name}[{part!r}]", n)) for part, n in value.items())
    return sum(n for _, n in parts), parts


def _split(name: str, text: str) -> list[str]:
    parts = [part for part in text.split(";") if part.strip()]
    named = [part.rpartition(",")[0].strip() for part in parts]
    if twice := next((part for part in named if part and named.count(part) > 1), None):
        raise DataError(f"{name}={text!r} names {twice!r} twice: give one number for it.")
    return parts


def _named_part(name: str, text: str) -> tuple[str, str]:
    label, comma, n = text.rpartition(",")
    if not comma or not label.strip():
        raise DataError(f"{name}: {text.strip()!r} is no name with its number: write it as 'Name, 12'.")
    return label.strip(), n.strip()


def _whole(name: str, value: Any) -> int:
    found = number(value, name, whole=True)
    if found < 0 or found != int(found):
        raise DataError(f"{name}={value!r} is no count: give a whole number from 0.")
    return int(found)
