"""`graphwatch shell`: an interactive prompt for Cypher and named queries, read-only."""

from graphwatch.cli.shell.command import shell

__all__ = ["shell"]
