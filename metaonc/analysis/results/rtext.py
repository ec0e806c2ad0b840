"""R as text: comments, strings, vectors and data frames, in which no label can write code."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from typing import Any

ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\ufffd"}
BREAKING = ("Cc", "Cf", "Zl", "Zp", "Cs")  # Unicode's control characters, line and paragraph breaks, lone surrogates


def comment(text: str) -> str:
    """Return a text as one line of comment: without line breaks and control characters, it cannot become code."""
    return f"# {''.join(' ' if unicodedata.category(c) in BREAKING else c for c in text)}"


def string(text: str) -> str:
    """Return a text as an R string."""
    return f'"{"".join(map(_character, text))}"'


def _character(c: str) -> str:
    if c in ESCAPED:
        return ESCAPED[c]
    kind = unicodedata.category(c)
    if kind == "Cs":  # no character, and no file can hold it
        return "\\ufffd"
    return c if kind not in BREAKING else f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}"


def vector(values: Iterable[Any]) -> str:
    """Return values as an R vector, numbers in full precision."""
    return f"c({', '.join(_atom(v) for v in values)})"


def _atom(value: Any) -> str:
    return string(value) if isinstance(value, str) else number(value)


def number(value: Any) -> str:
    """Return a number in full precision."""
    x = float(value)
    if math.isnan(x):
        return "NA"
    return repr(x).removesuffix(".0") if math.isfinite(x) else "Inf" if x > 0 else "-Inf"


def data_frame(name: str, columns: dict[str, Iterable[Any]]) -> str:
    """Return the R statement that makes a data frame."""
    body = ",\n".join(f"  {column} = {vector(values)}" for column, values in columns.items())
    return f"{name} <- data.frame(\n{body}\n)"
