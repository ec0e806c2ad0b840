"""The program ``metaonc``: its commands, and how it ends."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Sequence

from .._version import __version__
from ..errors import MetaoncError, MetaoncWarning
from . import analyse, check, datasets, patients, reconstruct, template

COMMANDS = (datasets, check, analyse, template, reconstruct, patients)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, 1 where `check` found errors, or 2 after one line that says what is wrong."""
    options = _parser().parse_args(arguments)
    status = 0
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", MetaoncWarning)
            status = options.run(options) or 0
            sys.stdout.flush()
        for warning in caught:
            if issubclass(warning.category, MetaoncWarning):
                print(f"metaonc: warning: {warning.message}", file=sys.stderr)
    except MetaoncError as problem:
        print(f"metaonc: error: {' '.join(str(problem).split())}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="metaonc", description="Meta-analysis of survival and response in oncology.")
    parser.add_argument("--version", action="version", version=f"metaonc {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        added = commands.add_parser(command.NAME, help=command.HELP, epilog=getattr(command, "EPILOG", None))
        command.add_arguments(added)
        added.set_defaults(run=command.run)
    return parser
