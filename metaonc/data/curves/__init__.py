"""From a published figure to coordinates to patients."""

from .arms import ReconstructedArms, reconstruct_arms
from .combine import Combined, combine
from .digitize import AxisFit, Calibration, Digitized, DigitizedCurve, digitize, replay
from .ensemble import Ensemble
from .quality import Quality
from .reconstruct import reconstruct_ipd
from .reconstruction import Reconstruction
from .summary import ModelledPatients, ipd_from_summary

__all__ = [
    "AxisFit",
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
    "ipd_from_summary",
    "reconstruct_arms",
    "reconstruct_ipd",
    "replay",
]
