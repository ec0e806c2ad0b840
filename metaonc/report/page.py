"""The figure that plots are drawn on when they are given no axes."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure


class Page(Figure):
    """A figure that stays white when it is saved while the caller's style wants another ground."""

    def savefig(self, fname: Any, **options: Any) -> None:
        """Save the figure as matplotlib does, on its own ground unless another is asked for."""
        super().savefig(fname, **{"facecolor": "auto", "edgecolor": "auto", **options})
