"""What every result has: a record of how it came about, and the same few ways to read it."""

from __future__ import annotations

import dataclasses
import platform
from abc import ABC, abstractmethod
from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from .._version import __version__


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How a result came about.

    Attributes
    ----------
    verb
        The public function that made it.
    settings
        The methods and options in force, defaults included.
    rows_in, rows_used
        Rows of the table given, and rows that the result rests on.
    dropped, corrected
        One sentence for each row left out or changed (a continuity correction), with the reason.
    notes
        What a reader must know to use the result: limits of the method on these data.
    versions
        metaonc, Python, numpy and pandas.
    """

    verb: str
    settings: Mapping[str, Any]
    rows_in: int
    rows_used: int
    dropped: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    versions: Mapping[str, str] = dataclasses.field(default_factory=lambda: versions())


def versions() -> dict[str, str]:
    """Return the versions that a methods section names."""
    return {
        "metaonc": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "pandas": pd.__version__,
    }


class Text(str):
    """Text that shows itself as it prints, so that a summary reads well at the prompt."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class Result(ABC):
    """A result: complete when made, on the analysis scale, never changed.

    Subclasses are frozen dataclasses; ``transform=True`` is the one door to the natural scale.
    """

    __slots__ = ()
    provenance: Provenance

    @abstractmethod
    def tidy(self, *, transform: bool = False) -> pd.DataFrame:
        """Return one row a study and a pooled estimate."""

    @abstractmethod
    def glance(self) -> pd.DataFrame:
        """Return one row for the whole: sizes, heterogeneity, fit."""

    @abstractmethod
    def _lines(self) -> list[str]:
        """Return the lines of the summary, without the notes."""

    def summary(self) -> Text:
        """Return the result as text, notes included."""
        p = self.provenance
        remarks = [f"Left out: {d}" for d in p.dropped]
        remarks += [f"Corrected: {c}" for c in p.corrected] + [f"Note: {n}" for n in p.notes]
        return Text("\n".join(self._lines() + ([""] if remarks else []) + remarks))

    def __str__(self) -> str:
        return str(self.summary())

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self.summary()))}</pre>"

    def to_dict(self) -> dict[str, Any]:
        """Return the whole result as plain lists, numbers and texts, ready for JSON (NaN becomes None)."""
        plain = _plain(self)
        assert isinstance(plain, dict)
        return plain


def _plain(x: Any) -> Any:
    if dataclasses.is_dataclass(x) and not isinstance(x, type):
        return {f.name: _plain(getattr(x, f.name)) for f in dataclasses.fields(x) if f.repr}
    if isinstance(x, pd.DataFrame):
        return {str(c): _plain(x[c].tolist()) for c in x.columns}
    if isinstance(x, Mapping):
        return {str(k): _plain(v) for k, v in x.items()}
    if isinstance(x, np.ndarray):
        return _plain(x.tolist())
    if isinstance(x, (list, tuple)):
        return [_plain(v) for v in x]
    if isinstance(x, np.generic):
        return _plain(x.item())
    if isinstance(x, float):
        return x if np.isfinite(x) else (None if np.isnan(x) else ("inf" if x > 0 else "-inf"))
    return x if isinstance(x, (str, int, bool, type(None))) else str(x)
