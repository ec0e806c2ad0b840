"""Characters that no label has: files of results cannot hold them (XML 1.0, 2.2), or they turn what stands beside them.

They are refused where tables and figures come in, so that no script, table, figure or report ever meets one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..errors import DataError

# control characters but tab and line breaks, halves of characters, no characters; embeddings, overrides and isolates
# of the direction of writing (Unicode Standard Annex 9)
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


def refuse_unseen(values: Iterable[Any], where: str) -> None:
    """Raise a DataError that names the first text with such a character; `where` says where the texts stand."""
    values = list(values)
    try:
        text = "".join(values)
    except TypeError:  # not all are texts
        values = [value for value in values if isinstance(value, str)]
        text = "".join(values)
    if text.isprintable() or not UNSEEN.search(text):  # of all at once, since some tables are long
        return
    for value in values:
        if found := UNSEEN.search(value):
            raise DataError(
                f"{where} holds {value!r} with the character U+{ord(found.group()):04X}, which is not seen and which "
                "reports, figures and tables cannot hold: remove it."
            )
