"""Journals: how they print numbers and forest plots, and what they ask of a figure's file, one record each."""

from .record import BLUE as BLUE
from .record import DATA as DATA
from .record import Artwork as Artwork
from .record import Journal as Journal
from .record import PStyle as PStyle
from .table import JOURNALS as JOURNALS
from .table import journal_of as journal_of

__all__ = ["BLUE", "DATA", "JOURNALS", "Artwork", "Journal", "PStyle", "journal_of"]
