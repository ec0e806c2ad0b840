"""The command line, one module a command."""

from .run import main as main

__all__ = ["main"]
