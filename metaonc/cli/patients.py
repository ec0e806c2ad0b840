"""``metaonc patients``: patients behind the curves of a file or a collection."""

from __future__ import annotations

import argparse

from .options.out import add_out

NAME = "patients"
HELP = "patients behind published curves, from their coordinates"
EXAMPLES = ("metaonc patients curves --out patients",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("source", metavar="SOURCE", help="a file of curves (see template --curves) or a collection")
    add_out(parser, "folder for patients.csv, reconstructions.csv")


def run(options: argparse.Namespace) -> None:
    """Reconstruct, print how well, and write the tables."""
    from ..base.output.folder import refuse_other_run
    from ..workflow.reconstruct_collection import curves_of, derived, listing, write_derived

    refuse_other_run(options.out, force=options.force)  # before any work
    tables = derived(curves_of(options.source))
    written = write_derived(tables, options.out, options.source, force=options.force)
    print(listing(tables["reconstructions"]), "", *(f"Written: {path}" for path in written), sep="\n")
