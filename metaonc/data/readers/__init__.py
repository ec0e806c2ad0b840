"""Readers of what people have: tables of trials, Cochrane reviews, tables made for R, patients of one trial."""

from .adtte import read_adtte as read_adtte
from .escalc import read_escalc as read_escalc
from .revman import read_revman as read_revman
from .trials import read_trials as read_trials

__all__ = ["read_adtte", "read_escalc", "read_revman", "read_trials"]
