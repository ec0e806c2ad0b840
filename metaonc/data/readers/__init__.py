"""Readers of what people have: tables of trials, Cochrane reviews, tables made for R, curves, patients."""

from .adtte import read_adtte as read_adtte
from .ctgov import Registry as Registry
from .ctgov import ctgov_outcome as ctgov_outcome
from .ctgov import read_ctgov as read_ctgov
from .curves import read_curves as read_curves
from .escalc import read_escalc as read_escalc
from .kmdata import read_kmdata as read_kmdata
from .revman import read_revman as read_revman
from .risk_of_bias import read_risk_of_bias as read_risk_of_bias
from .sheets.reading import read_as as read_as
from .trials import read_trials as read_trials

__all__ = [
    *("Registry", "ctgov_outcome", "read_adtte", "read_as", "read_ctgov", "read_curves", "read_escalc", "read_kmdata"),
    *("read_revman", "read_risk_of_bias", "read_trials"),
]
