"""Records of ClinicalTrials.gov: rules by which their results become evidence."""

from .read import read_ctgov as read_ctgov
from .registry import Registry as Registry
from .words.titles import ctgov_outcome as ctgov_outcome

__all__ = ["Registry", "ctgov_outcome", "read_ctgov"]
