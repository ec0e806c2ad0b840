"""From a published figure to coordinates to patients: the names of ``mo.curves``."""

from ...base.lazy import homes_of, lazy

_HOMES = homes_of(
    "metaonc.data",
    {
        "curves.arms": ("ReconstructedArms", "reconstruct_arms"),
        "curves.ensemble": ("Ensemble",),
        "curves.fits.quality": ("Quality",),
        "curves.reconstruct": ("reconstruct_ipd",),
        "curves.reconstruction": ("Reconstruction",),
        "curves.summary": ("ModelledPatients", "ipd_from_summary"),
        "digitize.digitize": ("digitize", "replay"),
        "digitize.imports.pixels": ("from_pixels",),
        "digitize.imports.scale": ("AxisPoint",),
        "digitize.curve": ("DigitizedCurve",),
        "digitize.result": ("Digitized",),
        "digitize.scale.calibration": ("AxisFit", "Calibration"),
    },
)

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
__getattr__, __dir__ = lazy(__name__, _HOMES)
