"""From a published figure to coordinates to patients."""

from .arms import ReconstructedArms, reconstruct_arms
from .digitize import (
    AxisFit,
    AxisPoint,
    Calibration,
    Digitized,
    DigitizedCurve,
    digitize,
    from_pixels,
    replay,
)
from .quality import Quality
from .reconstruct import Reconstruction, reconstruct_ipd
from .summary import ModelledPatients, ipd_from_summary

__all__ = [
    "AxisFit",
    "AxisPoint",
    "Calibration",
    "Digitized",
    "DigitizedCurve",
    "ModelledPatients",
    "Quality",
    "ReconstructedArms",
    "Reconstruction",
    "digitize",
    "from_pixels",
    "ipd_from_summary",
    "reconstruct_arms",
    "reconstruct_ipd",
    "replay",
]
