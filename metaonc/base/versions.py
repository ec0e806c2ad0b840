"""show_versions: what a bug report should say of the machine."""

from __future__ import annotations

import platform
import shutil
import subprocess
from importlib import metadata

from .._version import __version__
from .result import Text

NEEDED = (
    *("numpy", "scipy", "pandas", "matplotlib", "lifelines", "statsmodels", "formulaic", "narwhals", "pillow"),
    "defusedxml",
)
EXTRAS = {
    "kmdata": ("rdata",),
    "excel": ("openpyxl",),
    "word": ("python-docx",),
    "digitize": ("pypdfium2", "svgelements"),
    "ocr": ("rapidocr", "onnxruntime"),
    "completion": ("shtab",),
    "parallel": ("joblib", "dask", "distributed", "tqdm"),
    "browser": ("playwright",),
}
PROGRAMS = {  # outside of Python, that users may have: their names on the path, the first that is there counts
    "R": ("Rscript",),
    "Chromium": ("chromium", "chromium-browser", "google-chrome", "chrome"),
}
NOT_INSTALLED = "not installed"


def show_versions() -> Text:
    """Print the versions of metaonc, Python, the system, the packages in use, R and Chromium, for a bug report.

    ``metaonc doctor`` prints the same and says what can be done about what is not there.

    Returns
    -------
    Text
        What is printed, one line a package; an extra that is not installed says so.

    Examples
    --------
    >>> import metaonc as mo
    >>> text = mo.show_versions()  # doctest: +ELLIPSIS
    metaonc ...
    >>> "numpy" in text
    True
    """
    rows = {"metaonc": __version__, "python": platform.python_version(), "system": platform.platform()}
    rows |= {name: version(name) for name in NEEDED}
    rows |= {f"{name} (extra {extra})": version(name) for extra, names in EXTRAS.items() for name in names}
    rows |= {name: program(name) for name in PROGRAMS}
    width = max(map(len, rows))
    text = Text("\n".join(f"{name:{width}}  {version}" for name, version in rows.items()))
    print(text)
    return text


def version(name: str) -> str:
    """Return the version of a package, or that it is not installed."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return NOT_INSTALLED


def program(name: str) -> str:
    """Return what one of ``PROGRAMS`` says of its version, or that it is not installed."""
    path = next(filter(None, map(shutil.which, PROGRAMS[name])), None)
    if path is None:
        return NOT_INSTALLED
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as problem:
        return f"{path} does not answer: {problem}"
    return next(iter((said.stdout or said.stderr).splitlines()), path).strip()
