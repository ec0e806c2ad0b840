"""Write the R script that pins the numbers of R: ``python docs/phrase_book/write.py``, then run it by Rscript."""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

from phrase_book.phrases import R_DATA, SECTIONS  # noqa: E402

SCRIPT = ROOT / "tests" / "reference" / "phrase_book.R"
HEAD = """# Written by docs/phrase_book/write.py from docs/phrase_book/phrases.py; run by Rscript in this folder.
library(jsonlite)
"""
TAIL = """
versions <- list(R = R.version.string, metafor = as.character(packageVersion("metafor")),
                 survival = as.character(packageVersion("survival")))
write(toJSON(list(versions = versions, numbers = found), digits = NA, pretty = TRUE), "phrase_book.json")
"""


def script() -> str:
    """Return the script: the numbers of each phrase by its title."""
    parts = [HEAD + R_DATA, "found <- list()"]
    for phrase in [phrase for section in SECTIONS.values() for phrase in section]:
        parts.append(f"found[[{json.dumps(phrase.title)}]] <- unname(unlist(local({{\n{phrase.r}\n}})))")
    return "\n".join(parts) + "\n" + TAIL


if __name__ == "__main__":
    SCRIPT.write_text(script(), encoding="utf-8")
