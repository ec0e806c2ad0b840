"""The page of the command line, from the parser itself."""

import argparse
import os
from unittest.mock import patch

from metaonc.cli.run import COMMANDS, parser


def pages() -> dict[str, str]:
    """Return the text of the page by its file."""
    with patch.dict(os.environ, COLUMNS="100"):  # by which argparse breaks lines
        return {"command_line.md": page()}


def page() -> str:
    """Return what each command says of itself."""
    commands = next(a for a in parser()._actions if isinstance(a, argparse._SubParsersAction)).choices
    parts = ["# Command line", "What `metaonc COMMAND --help` prints."]
    for command in COMMANDS:
        parts += [f"## metaonc {command.NAME}", f"```text\n{commands[command.NAME].format_help().strip()}\n```"]
    return "\n\n".join(parts) + "\n"
