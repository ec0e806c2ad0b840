"""Figures as Encapsulated PostScript, which has no transparency: what is clear gets the colour it has on white."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import Collection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from ..base.messages.warning import warn
from ..errors import FigureWarning

COLOURS = ("color", "facecolor", "edgecolor", "markerfacecolor", "markeredgecolor")
DATE = re.compile(rb"^%%CreationDate: .*\n", flags=re.MULTILINE)


def eps(figure: Figure) -> bytes:
    """Return a figure as EPS with its fonts in it and no date.

    Warns
    -----
    FigureWarning
        When something is transparent; names it.
    """
    pack = BytesIO()
    clear = [part for part in figure.findobj(Artist) if part.get_visible() and _is_clear(part)]
    if clear:
        named = ", ".join(dict.fromkeys(map(_name, clear)))
        warn(
            f"EPS has no transparency: {named} cover what lies under them, in the colour that they have on white. "
            "Look at the file, or save a PDF.",
            FigureWarning,
        )
    with ExitStack() as stack:
        for part in clear:
            stack.enter_context(_on_white(part))
        figure.savefig(pack, format="eps", metadata={"Creator": "metaonc"})
    return DATE.sub(b"", pack.getvalue(), count=1)


def _is_clear(part: Any) -> bool:
    if not isinstance(part, (Line2D, Patch, Collection, Text)):
        return False
    alpha = part.get_alpha()
    if alpha is not None:
        return bool(np.any(np.asarray(alpha) < 1))
    return any(0 < colour[3] < 1 for name in _own(part) for colour in _rgba(getattr(part, f"get_{name}")()))


@contextmanager
def _on_white(part: Any) -> Iterator[None]:
    """Give an artist the opaque colours that look the same on white, and its own again afterwards."""
    alpha, before = part.get_alpha(), dict(vars(part))  # setters would not give "none" back where there is an alpha
    seen = {name: [_blend(c, alpha) for c in _rgba(getattr(part, f"get_{name}")())] for name in _own(part)}
    try:
        part.set_alpha(None)
        for name, colours in seen.items():
            if colours:
                getattr(part, f"set_{name}")(colours if isinstance(part, Collection) else colours[0])
        yield
    finally:
        vars(part).update(before)


def _own(part: Any) -> list[str]:
    own = COLOURS[1:3] if isinstance(part, (Patch, Collection)) else COLOURS
    return [name for name in own if hasattr(part, f"get_{name}")]


def _rgba(value: Any) -> Iterable[tuple[float, float, float, float]]:
    several = isinstance(value, np.ndarray) and value.ndim == 2
    return [to_rgba(colour) for colour in (value if several else [value])]


def _blend(colour: tuple[float, ...], alpha: float | None) -> tuple[float, ...]:
    share = colour[3] if alpha is None or colour[3] == 0 else float(alpha)
    if share == 0:
        return (0.0, 0.0, 0.0, 0.0)
    return (*(1 - share * (1 - x) for x in colour[:3]), 1.0)


def _name(part: Any) -> str:
    label = str(part.get_label())
    kind = "bands" if isinstance(part, Collection) else "lines or points" if isinstance(part, Line2D) else "areas"
    return kind if not label or label.startswith("_") else f"{label!r}"
