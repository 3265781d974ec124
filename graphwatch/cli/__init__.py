"""The command line: options, one call of `Project`, rendering. Heavy modules are imported late."""

from graphwatch.cli.main import main

__all__ = ["main"]
