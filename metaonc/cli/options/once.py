"""How an option that takes values is read: given once, and never empty."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any


class Once(argparse.Action):
    """Store what an option or an argument is given; refuse it given twice, of which one would be ignored, or empty."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Store the values."""
        given: frozenset[str] = getattr(namespace, "given", frozenset())
        if option_string and self.dest in given:
            more = "write all its values behind one" if self.nargs in ("+", "*") else "leave one out"
            raise argparse.ArgumentError(self, f"is given twice: {more}")
        several = values if isinstance(values, list) else [values]
        texts = [value for value in several if isinstance(value, str)]
        if not all(text if self.dest == "sep" else text.strip() for text in texts):  # blanks may separate cells
            raise argparse.ArgumentError(self, "is empty: give it a value, or leave it out")
        namespace.given = given | {self.dest}
        setattr(namespace, self.dest, values)


def refuse_ignored(parser: argparse.ArgumentParser) -> None:
    """Let a parser read the options that are added to it from now on so."""
    for name in (None, "store"):
        parser.register("action", name, Once)
