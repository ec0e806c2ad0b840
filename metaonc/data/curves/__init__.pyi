"""The public names, for type checkers and editors; ``__init__.py`` loads them when first used."""

from ..digitize.curve import DigitizedCurve as DigitizedCurve
from ..digitize.digitize import digitize as digitize
from ..digitize.digitize import replay as replay
from ..digitize.imports.pixels import from_pixels as from_pixels
from ..digitize.imports.scale import AxisPoint as AxisPoint
from ..digitize.result import Digitized as Digitized
from ..digitize.scale.calibration import AxisFit as AxisFit
from ..digitize.scale.calibration import Calibration as Calibration
from .arms import ReconstructedArms as ReconstructedArms
from .arms import reconstruct_arms as reconstruct_arms
from .ensemble import Ensemble as Ensemble
from .fits.quality import Quality as Quality
from .reconstruct import reconstruct_ipd as reconstruct_ipd
from .reconstruction import Reconstruction as Reconstruction
from .summary import ModelledPatients as ModelledPatients
from .summary import ipd_from_summary as ipd_from_summary

__all__ = [
    "AxisFit",
    "AxisPoint",
    "Calibration",
    "Digitized",
    "DigitizedCurve",
    "Ensemble",
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
