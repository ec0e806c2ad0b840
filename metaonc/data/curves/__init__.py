"""From a published figure to coordinates to patients."""

from .digitize import AxisFit, Calibration, Digitized, DigitizedCurve, digitize, replay
from .quality import Quality
from .reconstruct import Reconstruction, reconstruct_ipd

__all__ = [
    "AxisFit",
    "Calibration",
    "Digitized",
    "DigitizedCurve",
    "Quality",
    "Reconstruction",
    "digitize",
    "reconstruct_ipd",
    "replay",
]
