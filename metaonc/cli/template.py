"""``metaonc template``: an empty table to fill in."""

from __future__ import annotations

import argparse

NAME = "template"
HELP = "write an empty table of trials, or of curves, to fill in"
EXAMPLES = ("metaonc template trials.xlsx", "metaonc template trials.csv", "metaonc template curves.csv --curves")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("out", metavar="OUT", help="an Excel workbook (.xlsx) or a CSV file (.csv)")
    parser.add_argument("--curves", action="store_true", help="of published curves: CSV files with one name")


def run(options: argparse.Namespace) -> None:
    """Write the template."""
    from ..data.readers.template import write_curves_template, write_template

    write = write_curves_template if options.curves else write_template
    print(*(f"Written: {path}" for path in write(options.out)), sep="\n")
