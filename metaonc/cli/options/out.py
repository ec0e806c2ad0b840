"""Where commands that make several files write them."""

from __future__ import annotations

import argparse


def add_out(parser: argparse.ArgumentParser, what: str) -> None:
    """Add the folder, and what may become of the files of another run in it."""
    parser.add_argument("--out", metavar="DIR", required=True, help=what)
    kept = "remove the files that another run wrote into DIR, but for those changed since"
    parser.add_argument("--force", action="store_true", help=kept)
