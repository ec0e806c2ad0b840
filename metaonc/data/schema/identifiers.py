"""The form of identifiers of documents."""

from __future__ import annotations

import re

# Name -> its form, and the form in words. A registrant may have parts (10.1000.10); a DOI as a link is none (DOI
# Handbook, 2.2).
FORMS = {
    "pmid": (r"[1-9]\d{0,7}", "one to eight digits"),
    "doi": (r"10\.\d{4,9}(?:\.\d+)*/\S*[^\s.,;]", "10., a registrant, a slash and a suffix, without https://doi.org/"),
}


def has_form(name: str, text: str) -> bool:
    """Return whether a text has the form of a ``pmid`` or a ``doi``."""
    return re.fullmatch(FORMS[name][0], text) is not None
