"""Notebooks that are downloaded stand alone: their links lead to the site, or name its page where it has no address."""

import json
import posixpath
import re
from collections.abc import Mapping
from pathlib import Path

LINK = re.compile(r"(?<!!)\[([^]]+)\]\((?!\w+:)([^)\s#]+)\.md(#[^)\s]*)?\)")
FILE = re.compile(r"\{(?:nb-)?download\}`([^`<]+?)(?: <[^`]+>)?`")  # what MyST offers for download


def standing_alone(text: str, page: str, titles: Mapping[str, str], site: str) -> str:
    """Return the text of a page, of which `titles` has the name and those of all others, as it stands elsewhere."""

    def link(match: re.Match[str]) -> str:
        words, to, anchor = match[1], posixpath.normpath(f"{posixpath.dirname(page)}/{match[2]}"), match[3] or ""
        there = f"{site.rstrip('/')}/{to}.html{anchor}"
        return f"[{words}]({there})" if site else f"{words} (page “{titles[to]}” of the documentation)"

    return LINK.sub(link, FILE.sub(r"`\1`", text))


def rewrite(app, exception: Exception | None) -> None:
    """Rewrite the notebooks of pages, which have been copied to where they are offered."""
    pages = {posixpath.basename(page): page for page in app.env.all_docs if page.startswith("start/")}
    titles = {page: title.astext() for page, title in app.env.titles.items()}
    for file in () if exception else Path(app.outdir, "_downloads").glob("*/*.ipynb"):
        if file.stem in pages:
            book = json.loads(file.read_text(encoding="utf-8"))
            for cell in book["cells"]:
                if cell["cell_type"] == "markdown":
                    text = standing_alone("".join(cell["source"]), pages[file.stem], titles, app.config.html_baseurl)
                    cell["source"] = text
            file.write_text(json.dumps(book, indent=1, ensure_ascii=False), encoding="utf-8")


def setup(app) -> dict[str, bool]:
    """Register what is done when all is written."""
    app.connect("build-finished", rewrite)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
