"""show_versions: what a bug report should say of the machine."""

from __future__ import annotations

import platform
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


def show_versions() -> Text:
    """Print the versions of metaonc, Python, the system and the packages in use, for a bug report.

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
    rows |= {name: _version(name) for name in NEEDED}
    rows |= {f"{name} (extra {extra})": _version(name) for extra, names in EXTRAS.items() for name in names}
    width = max(map(len, rows))
    text = Text("\n".join(f"{name:{width}}  {version}" for name, version in rows.items()))
    print(text)
    return text


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"
