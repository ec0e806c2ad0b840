"""From a figure's file to the coordinates of its curves."""

from .calibration import AxisFit, Calibration
from .figure import digitize, replay
from .result import Digitized, DigitizedCurve

__all__ = ["AxisFit", "Calibration", "Digitized", "DigitizedCurve", "digitize", "replay"]
