"""A parametric model before it has data: a distribution, or a spline with so many inner knots on a scale."""

from __future__ import annotations

from typing import Any, NamedTuple

from ...numeric.time_to_event.distributions import DISTRIBUTIONS
from .forms import Data, Form, Parametric, checked_spline
from .rcode import spline_label

SPLINE = "spline"


class Specification(NamedTuple):
    """Which model to fit: `distribution` as in ``parametric``, or ``spline`` with its `knots` and `scale`."""

    distribution: str
    knots: int = 0
    scale: str = ""

    @property
    def label(self) -> str:
        """How readers know the model."""
        if self.distribution == SPLINE:
            return spline_label(self.scale, self.knots)
        return DISTRIBUTIONS[self.distribution].label

    @property
    def parameters(self) -> int:
        """How many are estimated."""
        own = self.knots + 2 if self.distribution == SPLINE else len(DISTRIBUTIONS[self.distribution].parameters)
        return own + 1

    @property
    def verb(self) -> str:
        """The public function that fits it."""
        return "survival.royston_parmar" if self.distribution == SPLINE else "survival.parametric"

    @property
    def settings(self) -> dict[str, Any]:
        """Its options there."""
        if self.distribution == SPLINE:
            return {"knots": self.knots, "scale": self.scale, "time_varying": False}
        return {"distribution": self.distribution, "shape_effect": False}

    def form(self, data: Data) -> Form:
        """Return its form for patients, whose event times place the knots of a spline.

        Raises
        ------
        DataError
            When these have fewer distinct times of events than knots.
        """
        if self.distribution == SPLINE:
            return checked_spline(data, self.knots, self.scale, False)
        return Parametric(self.distribution)
