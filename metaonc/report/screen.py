"""Figures on screens: pyplot knows what a user draws, so that notebooks and windows show each figure once.

A figure is pyplot's current one where pyplot is in use, or a notebook shows figures by it; ``plt.show`` and
``plt.savefig`` then do with it what they do with any other. Where figures go to files alone, pyplot holds the last one
only, so that a loop does not fill the memory. Figures of reports, and those drawn in threads, are none of pyplot's.
"""

from __future__ import annotations

import sys
import threading
import weakref
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import import_module
from io import BytesIO
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.registry import BackendFilter, backend_registry
from matplotlib.figure import Figure

_registry: Any = backend_registry  # matplotlib tells no types of it
_FILES = frozenset(_registry.list_builtin(BackendFilter.NON_INTERACTIVE))
_BUILTIN = frozenset(_registry.list_builtin())
_hidden: ContextVar[bool] = ContextVar("hidden", default=False)
_unfinished: ContextVar[list[Figure] | None] = ContextVar("unfinished", default=None)
_last: list[weakref.ref[Figure]] = []  # the one figure that pyplot holds where figures go to files alone


class ScreenFigure(Figure):
    """A figure that a notebook shows where it is named, and then not again at the end of the cell.

    It stays white when it is saved while the caller's style wants another ground.
    """

    def savefig(self, fname: Any, **options: Any) -> None:
        """Save the figure as matplotlib does, on its own ground unless another is asked for."""
        super().savefig(fname, **{"facecolor": "auto", "edgecolor": "auto", **options})

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        if "inline" in _backend():
            _pyplot().close(self)  # else the end of the cell would show it again
            return {}  # IPython has its own pictures of figures, in the formats that the user chose
        if _backend() not in (*_FILES, ""):
            return {}  # a window or a widget shows it
        pixels = BytesIO()
        self.savefig(pixels, format="png")
        return {"image/png": b64encode(pixels.getvalue()).decode("ascii"), "text/plain": str(self)}


class ScreenAxes(Axes):
    """Axes that a notebook shows as their figure."""

    def _ipython_display_(self) -> None:
        if not _notebook():
            raise NotImplementedError  # IPython then prints them, as a terminal wants
        display: Any = import_module("IPython.display").display  # there, as IPython asks
        display(self.get_figure(root=True))


def new_figure(width: float, height: float) -> Figure:
    """Return a new figure of `width` by `height` inches."""
    size, made = (width, height), _unfinished.get()
    if made is None or not _shown():
        figure: Figure = ScreenFigure(figsize=size)
        FigureCanvasAgg(figure)
        return figure
    if _backend() in _FILES:
        for before in _last:
            _pyplot().close(before())
    figure = _pyplot().figure(figsize=size, FigureClass=ScreenFigure)
    _last[:] = [weakref.ref(figure)]
    made.append(figure)
    return figure


@contextmanager
def showing() -> Iterator[None]:
    """Let pyplot know the figures that are made here; what could not be drawn to its end is not shown.

    To be entered under the user's own settings: what shows figures may change them when it is first used.
    """
    if _shown():
        _load(_backend())
    made: list[Figure] = []
    before = _unfinished.set(made)
    try:
        yield
    except BaseException:
        for figure in made:
            _pyplot().close(figure)
        raise
    finally:
        _unfinished.reset(before)


@contextmanager
def hidden() -> Iterator[None]:
    """Draw figures that are for files alone."""
    before = _hidden.set(True)
    try:
        yield
    finally:
        _hidden.reset(before)


def _shown() -> bool:
    """Return whether pyplot is to know a new figure."""
    if _hidden.get() or threading.current_thread() is not threading.main_thread():
        return False
    return "matplotlib.pyplot" in sys.modules or _backend() not in (*_BUILTIN, "")


@cache
def _load(backend: str) -> None:
    """Load what shows figures, which it is not before the first of them."""
    _pyplot().draw_if_interactive()


def _pyplot() -> Any:
    import matplotlib.pyplot as plt  # only where it is in use

    return plt


def _backend() -> str:
    """Return what shows figures, as matplotlib names it; empty where that is not settled."""
    return (matplotlib.get_backend(auto_select=False) or "").lower()


def _notebook() -> bool:
    """Return whether IPython shows more than text."""
    shell = sys.modules["IPython"].get_ipython()
    return shell is not None and "image/png" in shell.display_formatter.active_types
