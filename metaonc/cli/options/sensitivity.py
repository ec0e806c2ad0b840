"""Options of ``metaonc analyse`` on single trials, and on small ones."""

from __future__ import annotations

import argparse
from typing import Any


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what is asked of the pool beside its estimate."""
    group = parser.add_argument_group("what the pool hangs on (the pool of all trials)")
    group.add_argument("--leave-one-out", action="store_true", help="the pool without each trial, as table and figure")
    group.add_argument(
        "--bias", nargs="?", const="default", type=str.lower, metavar="TEST",
        help="test of asymmetry, trim and fill, and funnel plot; TEST is egger, thompson, macaskill, peters, harbord "
        "or deeks (harbord of odds ratios with counts, else egger)",
    )  # fmt: skip


def asked(options: argparse.Namespace) -> dict[str, Any]:
    """Return what ``sensitivity`` takes."""
    return {"leave_one_out": options.leave_one_out, "bias": options.bias}
