"""``metaonc doctor``: what this machine has, what does not work, and what can be done about it."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from ..base.versions import EXTRAS, NEEDED, NOT_INSTALLED, PROGRAMS, program, show_versions, version

NAME = "doctor"
HELP = "say what is installed, what does not work and how to mend it; a bug report can begin with it"
EXAMPLES = ("metaonc doctor",)
PURPOSES = {
    "kmdata": "patients of R's kmdata",
    "excel": "workbooks, read and written",
    "word": "tables and reports in Word",
    "digitize": "Kaplan-Meier figures in PDF or SVG",
    "ocr": "figures that are pictures, without a word about their axes",
    "completion": "completion of the command line",
    "parallel": "simulations on all cores or a cluster",
    "browser": "tests in a browser",
    "R": "a second programmer's check of the R scripts; metaonc itself does not use it",
    "Chromium": "tests in a browser; any browser shows reports and pages",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing: the command takes no options."""


def run(_: argparse.Namespace) -> int:
    """Print the versions and what was found; return 1 where something needed does not work."""
    show_versions()
    broken, lacking = list(_broken()), list(_lacking())
    print("\nAll that is needed works." if not broken else "\n".join(["\nDoes not work:", *broken]))
    if lacking:
        print("\n".join(["\nMay be added:", *lacking]))
    return 1 if broken else 0


def _lacking() -> Iterator[str]:
    for extra, names in EXTRAS.items():
        if any(version(name) == NOT_INSTALLED for name in names):
            yield f"  {extra}, for {PURPOSES[extra]}: pip install 'metaonc[{extra}]'"
    for name in PROGRAMS:
        if program(name) == NOT_INSTALLED:
            yield f"  {name}, for {PURPOSES[name]}"


def _broken() -> Iterator[str]:
    for name in NEEDED:
        if version(name) == NOT_INSTALLED:
            yield f"  {name} is not installed: pip install {name}"
    for what, works in CHECKS.items():
        try:
            works()
        except Exception as problem:  # whatever it is, it is what the user came to hear
            yield f"  {what} fails: {type(problem).__name__}: {problem}"


def _collections() -> None:
    from ..data.collections.collection import load, names

    for name in names():
        load(name)


def _figure() -> None:
    from matplotlib.font_manager import findfont

    from ..report.style import add_fonts

    add_fonts()
    findfont("Liberation Sans", fallback_to_default=False)


def _folder() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "file").write_text("metaonc", encoding="utf-8")


CHECKS: dict[str, Callable[[], None]] = {
    "reading the packaged collections": _collections,
    "the font of the figures": _figure,
    "writing to the folder for temporary files": _folder,
}
