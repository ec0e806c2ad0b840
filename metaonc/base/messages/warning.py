"""Warnings that point to the line of the user, however deep in the package they arise."""

from __future__ import annotations

import sys
import warnings
from types import FrameType

_PASSED = (__name__.partition(".")[0], "contextlib")  # the latter runs what follows a with-block


def warn(message: str | Warning, category: type[Warning] | None = None) -> None:
    """Warn of the line that called into the package: the first outside it."""
    level = 2
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] in _PASSED:
        frame, level = frame.f_back, level + 1
    warnings.warn(message, category, stacklevel=level)
