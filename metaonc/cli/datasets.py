"""``metaonc datasets``: the packaged evidence."""

from __future__ import annotations

import argparse

NAME = "datasets"
HELP = "list the packaged collections"
EXAMPLES = ("metaonc datasets", "metaonc datasets lgsoc")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("name", nargs="?", help="show one collection")


def run(options: argparse.Namespace) -> None:
    """Print the collections, or one."""
    from ..data.collections.collection import datasets, load

    print(load(options.name) if options.name else datasets().to_string())
