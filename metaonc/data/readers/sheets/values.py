"""What the values of a column say of it: whether they are numbers, rates, or in which unit its name puts them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .forms import FIELDS, is_figure
from .numerals import whole
from .published import UNIT_WORDS

NON_EVENTS = {"non_events": "n", "non_events_comparator": "n_comparator"}  # patients without an event -> all of them
GENERIC = "effect."  # before the parts of an effect whose measure another column says


def unit_in(name: str) -> str | None:
    """Return the unit that the name of a column says; the level of an interval is none."""
    without = re.sub(r"\d\s*%|\bmOS", " ", name).casefold()  # mOS is a median, mos are months
    words = {UNIT_WORDS[w] for w in re.findall(r"[a-z]+|%", without) if w in UNIT_WORDS}
    return words.pop() if len(words) == 1 else None


def says_time(value: Any) -> bool:
    """Whether a cell is a time with its unit, as in "8.2 months (6.1-10.4)"."""
    found = re.match(r"\s*\d+(?:[.,\u00b7]\d+)?\s*([a-z]+)", str(value), re.I)
    return found is not None and UNIT_WORDS.get(found[1].lower(), "percent") != "percent"


def are_fractions(values: Sequence[Any]) -> bool:
    """Whether all cells hold a count of a number of patients, as in 25/57."""
    return bool(values) and all(re.search(r"\d\s*/\s*\d", str(v)) for v in values)


def are_counts(values: Sequence[Any]) -> bool:
    """Whether at least half of the values are whole numbers."""
    fractions = [v for v in values if re.match(r"\s*\d*[.\u00b7]\d*[1-9](?!\d*,)", str(v)) and _far(str(v))]
    return 2 * len(fractions) <= len(values)


def _far(text: str) -> bool:
    """Whether a number with a point is far from a whole one; counts that were worked out from a rate are close."""
    found = re.match(r"\s*\d*[.\u00b7]\d+", text)
    number = float(found[0].replace("\u00b7", ".")) if found else 0.0
    return number < 1 or (whole(number) is None and not re.match(r"\s*\d{1,3}\.\d{3}(?!\d)", text))


def with_percentages(values: Sequence[Any]) -> bool:
    """Whether all cells hold a count with its percentage behind, as in 25 (44%)."""
    cell = re.compile(r"\s*\d+\s*[(\[]\s*\d+([.,\u00b7]\d+)?\s*%\s*[)\]]\s*")
    return bool(values) and all(cell.fullmatch(str(v)) for v in values)


def are_percentages(values: Sequence[Any], limited: bool) -> bool:
    """Whether figures are percentages: none is above 100, and they have a sign, decimals or, by `limited`, limits."""
    found = [re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*(%?)(\s*[(\[].*)?", str(v).strip()) for v in values]
    if not found or not all(found):
        return False
    numbers = [float(m[1].replace(",", ".")) for m in found if m]
    shown = any(m[2] for m in found if m) or limited or any(v % 1 for v in numbers)
    return shown and 1 < max(numbers) <= 100


def one_unit(known: Mapping[str, str], held: Callable[[str], list[Any]]) -> str | None:
    """Return a blank where a column says the unit of each row, otherwise nothing."""
    column = next((n for n, t in known.items() if t == "unit"), None)
    return "" if column is not None and held(column) else None


def are_rates(values: Sequence[Any]) -> bool:
    """Whether what should be ratios are percentages or counts: signs of percent, or whole numbers above 1 alone."""
    texts = [str(v).strip() for v in values]
    whole = [float(t) for t in texts if re.fullmatch(r"\d+(\.0*)?", t)]
    return any("%" in t for t in texts) or (len(whole) == len(texts) > 1 and max(whole) > 1)


def not_read(names: Sequence[str], held: Callable[[str], list[Any]], read: Mapping[str, str]) -> list[str]:
    """Return the columns that hold numbers and were not read as figures."""
    figures = {n for n, t in read.items() if is_figure(t.rpartition(".")[2]) or t in FIELDS or t.startswith(GENERIC)}
    figures |= {n for n, t in read.items() if t.rpartition(".")[2] in NON_EVENTS}
    return [n for n in names if n not in figures and numeric(held(n))]


def numeric(values: Sequence[Any]) -> bool:
    """Whether at least half of the values are numbers, or begin with one."""
    numbers = [v for v in values if re.match(r"\s*[<>≤≥]?\s*[-+−]?[\d.,·]*\d(?!\d|(?:st|nd|rd|th)\b)", str(v))]
    return bool(values) and 2 * len(numbers) >= len(values)
