"""The program ``metaonc``: its commands, and how it ends."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Iterable, Sequence
from types import ModuleType

from .._version import __version__
from ..base.messages.advice import spoken
from ..errors import MetaoncError, MetaoncWarning
from . import analyse, check, datasets, doctor, page, patients, reconstruct, registry, template
from .completion import add_completion
from .options.once import refuse_ignored
from .options.reading import spread
from .options.spoken import form_of
from .updates import compare

COMMANDS = (datasets, check, registry, analyse, compare, template, reconstruct, page, patients, doctor)
STATUS = """exit status:
  0  it went well; there may be warnings on stderr
  1  `metaonc check` found errors in the table, `metaonc reconstruct` could not read one of several figures,
     or `metaonc doctor` found something broken
  2  the command line is wrong, or a file cannot be used: one line on stderr says what to do
  3  a fault of metaonc itself, with a traceback"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status, as ``STATUS`` says."""
    try:
        try:
            return _run(arguments)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(arguments: Sequence[str] | None) -> int:
    options = parser().parse_args(spread(sys.argv[1:] if arguments is None else arguments))
    status = 0
    try:
        with warnings.catch_warnings(record=True) as caught, spoken(options.form):
            warnings.simplefilter("always", MetaoncWarning)
            status = options.run(options) or 0
            sys.stdout.flush()
        for warning in caught:
            if issubclass(warning.category, MetaoncWarning):
                print(f"metaonc: warning: {warning.message}", file=sys.stderr)
    except MetaoncError as problem:
        print(f"metaonc: error: {' '.join(str(problem).split())}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        raise
    except Exception:  # a script must tell it from errors that `check` finds
        sys.excepthook(*sys.exc_info())
        return 3
    return status


def parser() -> argparse.ArgumentParser:
    """Return the parser of the program, with one of each command."""
    made = argparse.ArgumentParser(
        prog="metaonc",
        description="Meta-analysis of survival and response in oncology.",
        epilog=f"examples:\n{_listed(command.EXAMPLES[0] for command in COMMANDS)}\n\n{STATUS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--version", action="version", version=f"metaonc {__version__}")
    add_completion(made)
    commands = made.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        _add(commands, command)
    return made


def _add(commands: argparse._SubParsersAction[argparse.ArgumentParser], command: ModuleType) -> None:
    added = commands.add_parser(
        command.NAME,
        help=command.HELP,
        description=f"{command.HELP[0].upper()}{command.HELP[1:]}.",
        epilog=f"examples:\n{_listed(command.EXAMPLES)}\n\n{STATUS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    refuse_ignored(added)
    command.add_arguments(added)
    added.set_defaults(run=command.run, form=form_of(added))


def _listed(examples: Iterable[str]) -> str:
    return "\n".join(f"  {example}" for example in examples)
