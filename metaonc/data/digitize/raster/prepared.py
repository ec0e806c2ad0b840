"""An image made ready to have curves read from it: what does not depend on which curves are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ....errors import DataError
from ..limits import Source
from ..options import Options
from .colours import Inks, lines
from .image import Raster, load
from .panel import Panel, panel_of
from .scales import Scales, check_scales, scales_of


@dataclass(frozen=True, eq=False)
class Prepared:
    """An image with its scales and the part of it that curves may take.

    Attributes
    ----------
    source
        Its file.
    part
        The image, or the box of it that the panel is in.
    scales
        Of both axes, with the text that was read, if any was.
    panel
        The inside of the panel.
    """

    source: Source
    part: Raster
    scales: Scales
    panel: Panel

    @cached_property
    def lines(self) -> Inks:
        """The colours of its lines."""
        return lines(self.panel.rgb, self.panel.blurred)


def prepared(source: Source, options: Options) -> Prepared:
    """Return an image with its scales and panel; colours, seeds and the number of curves change nothing of it.

    Raises
    ------
    DataError
        When the image cannot be read, its axes or ticks are not found, or a scale is not given.
    """
    check_scales(source, options)
    image = load(source, options.masks)
    try:
        part = image.within(options.panel) if isinstance(options.panel, tuple) else image
        scales = scales_of(part, options)
        return Prepared(source, part, scales, panel_of(part, scales.x, scales.y, options.kind))
    except DataError as problem:
        raise source.problem(f"cannot be read: {problem}") from None
