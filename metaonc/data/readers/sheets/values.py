"""What the values of a column say of it: whether they are numbers, rates, or in which unit its name puts them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .forms import FIELDS, is_figure
from .published import UNIT_WORDS

GENERIC = "effect."  # before the parts of an effect whose measure another column says


def unit_in(name: str) -> str | None:
    """Return the unit that the name of a column says; the level of an interval is none."""
    without = re.sub(r"\d\s*%", " ", name.casefold())
    words = {UNIT_WORDS[w] for w in re.findall(r"[a-z]+|%", without) if w in UNIT_WORDS}
    return words.pop() if len(words) == 1 else None


def says_time(value: Any) -> bool:
    """Whether a cell is a time with its unit, as in "8.2 months (6.1-10.4)"."""
    found = re.match(r"\s*\d+(?:[.,\u00b7]\d+)?\s*([a-z]+)", str(value), re.I)
    return found is not None and UNIT_WORDS.get(found[1].lower(), "percent") != "percent"


def are_rates(values: Sequence[Any]) -> bool:
    """Whether what should be ratios are percentages or counts: signs of percent, or whole numbers above 1 alone."""
    texts = [str(v).strip() for v in values]
    whole = [float(t) for t in texts if re.fullmatch(r"\d+(\.0*)?", t)]
    return any("%" in t for t in texts) or (len(whole) == len(texts) > 1 and max(whole) > 1)


def not_read(names: Sequence[str], held: Callable[[str], list[Any]], read: Mapping[str, str]) -> list[str]:
    """Return the columns that hold numbers and were not read as figures."""
    figures = {n for n, t in read.items() if is_figure(t.rpartition(".")[2]) or t in FIELDS or t.startswith(GENERIC)}
    return [n for n in names if n not in figures and numeric(held(n))]


def numeric(values: Sequence[Any]) -> bool:
    """Whether at least half of the values are numbers, or begin with one."""
    numbers = [v for v in values if re.match(r"\s*[<>≤≥]?\s*[-+−]?[\d.,·]*\d(?!\d|(?:st|nd|rd|th)\b)", str(v))]
    return bool(values) and 2 * len(numbers) >= len(values)
