"""Files of Office, which are zip archives: the same bytes each time."""

from __future__ import annotations

import zipfile
from datetime import datetime
from io import BytesIO

LONG_AGO = datetime(1980, 1, 1)  # the first day a zip archive can hold


def timeless(pack: BytesIO) -> bytes:
    """Return the same zip archive with one time for all its files, and for the change of the document."""
    out = BytesIO()
    with zipfile.ZipFile(pack) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, LONG_AGO.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, _undated(name, old.read(name)))
    return out.getvalue()


def _undated(name: str, content: bytes) -> bytes:
    """Return a part of an Office file; openpyxl writes the time of saving whatever it was told."""
    if name != "docProps/core.xml":
        return content
    start, sign, rest = content.partition(b"<dcterms:modified")
    if not sign:
        return content
    tag, _, rest = rest.partition(b">")
    _, end, rest = rest.partition(b"</dcterms:modified>")
    return start + sign + tag + b">" + f"{LONG_AGO:%Y-%m-%dT%H:%M:%S}Z".encode() + end + rest
