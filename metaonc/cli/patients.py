"""``metaonc patients``: patients behind the curves of a file or a collection."""

from __future__ import annotations

import argparse

NAME = "patients"
HELP = "patients behind published curves, from their coordinates"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("source", metavar="SOURCE", help="a file of curves (see template --curves) or a collection")
    parser.add_argument("--out", metavar="DIR", required=True, help="folder for patients.csv, reconstructions.csv")


def run(options: argparse.Namespace) -> None:
    """Reconstruct, print how well, and write the tables."""
    from ..workflow.reconstruct_collection import curves_of, derived, listing, write_derived

    tables = derived(curves_of(options.source))
    written = write_derived(tables, options.out)
    print(listing(tables["reconstructions"]), "", *(f"Written: {path}" for path in written), sep="\n")
