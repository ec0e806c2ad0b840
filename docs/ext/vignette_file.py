"""A vignette knows its file, as when it is run as a script: it reads what lies beside it."""

import builtins
from pathlib import Path

VIGNETTES = Path(__file__).parents[2] / "vignettes"


def names_its_file(_settings: object, script: str) -> None:
    """Give the code of a vignette the name of its file."""
    builtins.__file__ = str(VIGNETTES / Path(script).name)  # type: ignore[attr-defined]
