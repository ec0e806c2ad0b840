"""From a published figure to coordinates to patients."""

from .arms import ReconstructedArms, reconstruct_arms
from .combine import Combined, combine
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
from .ensemble import Ensemble
from .quality import Quality
from .reconstruct import reconstruct_ipd
from .reconstruction import Reconstruction
from .summary import ModelledPatients, ipd_from_summary

__all__ = [
    "AxisFit",
    "AxisPoint",
    "Calibration",
    "Combined",
    "Digitized",
    "DigitizedCurve",
    "Ensemble",
    "ModelledPatients",
    "Quality",
    "ReconstructedArms",
    "Reconstruction",
    "combine",
    "digitize",
    "from_pixels",
    "ipd_from_summary",
    "reconstruct_arms",
    "reconstruct_ipd",
    "replay",
]
