"""``metaonc check``: what cannot be, or misleads, in a table."""

from __future__ import annotations

import argparse

from .options import reading

NAME = "check"
HELP = "find figures that cannot be, or mislead, in a table of results"
EXAMPLES = (
    "metaonc check mine.csv",
    "metaonc check mine.csv --columns Study=trial --columns 'HR (95% CI)=os.hr'",
    "metaonc check lgsoc",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument(
        "file", metavar="FILE", help="a CSV file or workbook, one set of figures a row, or a packaged collection"
    )
    parser.add_argument("--by", metavar="COLUMN", help="subgroup variable such as kras, or a column of subgroups")
    reading.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Print the findings; return 1 where some are errors."""
    from ..data.audit.listing import check

    text, errors = check(options.file, by=options.by, **reading.reading(options))
    print(text)
    return int(errors)
