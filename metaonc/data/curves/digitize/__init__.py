"""From a figure's file to the coordinates of its curves."""

from .calibration import AxisFit, Calibration
from .figure import digitize, replay
from .imports.pixels import from_pixels
from .imports.scale import AxisPoint
from .result import Digitized, DigitizedCurve

__all__ = ["AxisFit", "AxisPoint", "Calibration", "Digitized", "DigitizedCurve", "digitize", "from_pixels", "replay"]
