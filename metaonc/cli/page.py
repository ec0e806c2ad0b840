"""``metaonc page``: a figure on a page in the browser, to read by hand."""

from __future__ import annotations

import argparse

NAME = "page"
HELP = "a figure on a page in the browser: point, click and type what cannot be read, and see its patients"
EXAMPLES = (
    "metaonc page figure.pdf --html figure.html",
    "metaonc page figure.pdf --out patients",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("figure", metavar="FIGURE", help="a PNG, JPEG, TIFF, WebP, GIF, PDF or SVG")
    parser.add_argument("--out", metavar="DIR", help="folder for the files; the figure's name with _patients else")
    parser.add_argument("--html", metavar="FILE", help="write the page to a file that needs no server")
    parser.add_argument("--page", type=int, default=1, help="page of a PDF, from 1")
    kept = "remove the files that another run wrote into DIR, but for those changed since"
    parser.add_argument("--force", action="store_true", help=kept)


def run(options: argparse.Namespace) -> None:
    """Show the page until it is closed, or write it."""
    from ..workflow.page.page import page

    given = {"out": options.out, "html": options.html, "page": options.page, "force": options.force}
    written = page(options.figure, **given)
    print(f"Written: {written}" if options.html else f"Kept in: {written}")
