"""``metaonc compare``: what changed between two tables of evidence, and what moved the pool, by trial."""

from __future__ import annotations

import argparse
import json

from ..analyse import POOLING, add_choice, add_pooling
from ..options import reading

NAME = "compare"
HELP = "tell what changed between two tables, and what moved the pool, by trial"
EXAMPLES = (
    "metaonc compare mine-2024.csv mine.csv",
    "metaonc compare mine-2024.csv mine.csv --outcome os --method DL --ci wald",
    "metaonc compare mine-2024.csv mine.csv --outcome os --json | python -m json.tool",
)
_JSON = "what changed as one JSON document on stdout; warnings go to stderr"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    for name, which in (("old", "before"), ("new", "after")):
        what = f"evidence {which}: a CSV file, an Excel workbook, or a packaged collection"
        parser.add_argument(name, metavar=name.upper(), help=what)
    parser.add_argument(
        "--outcome", type=str.lower, help="pool this outcome in both; without it rows are compared alone"
    )
    parser.add_argument("--by", metavar="COLUMN", help="subgroup variable such as kras, or a column of subgroups")
    parser.add_argument("--measure", type=str.upper, help="OR, RR, PLO, HR or MEDLN; otherwise that of the newer table")
    parser.add_argument(
        "--where", metavar="COLUMN=VALUE", action="append", default=[],
        help="only rows with this value; may be repeated for other columns, all of which must then agree",
    )  # fmt: skip
    add_choice(parser)
    add_pooling(parser)
    reading.add_arguments(parser)
    parser.add_argument("--json", action="store_true", help=_JSON)


def run(options: argparse.Namespace) -> None:
    """Print what changed."""
    from ...workflow.updates.compare import compare
    from ...workflow.updates.document import document

    where = reading.pairs("where", "COLUMN=VALUE", options.where)
    found = compare(
        options.old,
        options.new,
        outcome=options.outcome,
        by=options.by,
        measure=options.measure,
        where=where or None,
        routes=options.routes,
        alone=options.alone,
        **{name: getattr(options, name) for name in (*POOLING, "level")},
        **reading.reading(options),
    )
    print(json.dumps(document(found), indent=1, ensure_ascii=False, allow_nan=False) if options.json else found)
