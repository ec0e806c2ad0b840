"""``metaonc --print-completion``: a script by which a shell completes commands, options and their values."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any

from ..errors import OptionError

SHELLS = ("bash", "zsh", "tcsh")


def add_completion(parser: argparse.ArgumentParser) -> None:
    """Add the option that prints the script of a shell."""
    help_ = "print a script of completion for this shell and exit (needs the extra 'completion')"
    parser.add_argument("--print-completion", choices=SHELLS, action=_Print, help=help_)


class _Print(argparse.Action):
    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        try:
            print(script(parser, str(values)))
        except OptionError as problem:
            parser.exit(2, f"metaonc: error: {problem}\n")
        parser.exit()


def script(parser: argparse.ArgumentParser, shell: str) -> str:
    """Return the script, with the values that options of a table of records take."""
    try:
        import shtab
    except ImportError:
        raise OptionError("shtab is not installed: pip install 'metaonc[completion]'.") from None
    from ..analysis.methods.intervals import CI_METHODS, PREDICTION_METHODS
    from ..analysis.methods.tau2 import TAU2_METHODS
    from ..data.collections.collection import names
    from ..report.journals import JOURNALS

    known: dict[str, Iterable[str]] = {
        "method": TAU2_METHODS, "ci": CI_METHODS, "prediction": PREDICTION_METHODS, "journal": JOURNALS,
    }  # fmt: skip
    for command in _commands(parser):
        for action in command._actions:
            if action.dest in known and action.nargs is None:
                action.choices = list(known[action.dest])
            elif action.dest in ("source", "old", "new", "since", "file", "figure", "at_risk", "out"):
                action.complete = shtab.DIRECTORY if action.metavar == "DIR" else shtab.FILE  # type: ignore[attr-defined]
            elif action.dest == "name":
                action.choices = names()
    return str(shtab.complete(parser, shell=shell))


def _commands(parser: argparse.ArgumentParser) -> Iterable[argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.values()
