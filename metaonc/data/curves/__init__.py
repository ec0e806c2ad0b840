"""From a published figure to coordinates to patients."""

from .quality import Quality
from .reconstruct import Reconstruction, reconstruct_ipd

__all__ = ["Quality", "Reconstruction", "reconstruct_ipd"]
