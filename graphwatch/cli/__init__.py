"""The command line: options, one call of `graphwatch.api`, rendering. Heavy modules are imported late."""

from graphwatch.cli.main import main

__all__ = ["main"]
