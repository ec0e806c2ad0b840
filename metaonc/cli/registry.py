"""``metaonc registry``: the results in records of ClinicalTrials.gov."""

from __future__ import annotations

import argparse

NAME = "registry"
HELP = "results in downloaded records of ClinicalTrials.gov, and what of them was not read"
EXAMPLES = (
    "metaonc registry NCT02296125.json",
    "metaonc registry NCT02296125.json --csv > rows.csv",
    "metaonc registry NCT02296125.json --unread",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument(
        "file",
        metavar="FILE",
        nargs="+",
        help="a record as JSON (version 2), a file of several, or a folder or ZIP archive of them",
    )
    parser.add_argument("--csv", action="store_true", help="as CSV with all columns, for a file")
    parser.add_argument(
        "--unread", action="store_true", help="what was not read, with the reasons, in place of the rows"
    )


def run(options: argparse.Namespace) -> None:
    """Print the rows, or what was not read."""
    from ..data.readers.ctgov import read_ctgov
    from ..data.readers.ctgov.listing import listing

    print(listing(read_ctgov(options.file), unread=options.unread, csv=options.csv))
