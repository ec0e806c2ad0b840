"""How a result is shown in a document."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...base.caution import Caution
from ..blocks import Drawing

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a result is shown.

    Attributes
    ----------
    journal, effect, unit
        As in ``write_report``.
    name
        Heading of the result, empty without one.
    words
        What the figure shows, for those who do not see it.
    forest
        The forest plot of the result, where it is drawn already.
    said
        Cautions that stand whole above the figure.
    """

    journal: str | None
    effect: str | None
    unit: str
    name: str
    words: str
    forest: Axes | None = None
    said: Collection[Caution] = ()

    def drawing(self, axes: Axes, kind: str) -> Drawing:
        """Return a figure of this kind with its caption and description."""
        return Drawing(axes, f"{kind}: {self.name}" if self.name else kind, self.words)
