"""``metaonc analyse``: one outcome pooled, with its figure, tables, scripts and report."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping

from ..errors import OptionError
from .out import add_out

NAME = "analyse"
HELP = "pool one outcome and write figure, tables, R script and report"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("source", metavar="SOURCE", help="a packaged collection, a CSV file or an Excel workbook")
    parser.add_argument("--outcome", type=str.lower, required=True, help="such as orr, dcr, pfs, os or dor")
    parser.add_argument("--by", metavar="COLUMN", help="subgroup variable such as kras, or a column")
    parser.add_argument("--measure", type=str.upper, help="OR, PLO, HR or MEDLN; otherwise the first reported")
    parser.add_argument(
        "--where",
        metavar="COLUMN=VALUE",
        action="append",
        default=[],
        help="only rows with this value; may be repeated",
    )
    parser.add_argument(
        "--report",
        nargs="*",
        choices=("html", "docx"),
        help="write a report: one self-contained page of HTML, a Word document, or both; html when not said",
    )
    add_out(parser, "folder for the files")


def run(options: argparse.Namespace) -> None:
    """Pool, print what came out, and write the files."""
    from ..base.output.folder import refuse_other_run
    from ..workflow.analyse import analyse
    from ..workflow.analysis_files import write

    where = dict(_pair(text) for text in options.where)
    refuse_other_run(options.out, force=options.force)  # before any work
    found = analyse(
        options.source, outcome=options.outcome, by=options.by, measure=options.measure, where=where or None
    )
    written = write(found, options.out, _stem(options, where), options.report or ("html",), force=options.force)
    print(found.text(), "", *(f"Written: {path}" for path in written), sep="\n")


def _stem(options: argparse.Namespace, where: Mapping[str, str]) -> str:
    """Return a beginning of file names that tells one question from another."""
    by = f"by_{options.by}" if options.by else ""
    asked = (options.outcome, options.measure or "", by, *(part for pair in where.items() for part in pair))
    return re.sub(r"[^\w.-]+", "-", "_".join(filter(None, asked)).lower())


def _pair(text: str) -> tuple[str, str]:
    column, sign, value = text.partition("=")
    if not (column and sign):
        raise OptionError(f"--where {text!r} is not COLUMN=VALUE.")
    return column, value
