"""The command line: options, one call of `Project`, rendering. Heavy modules are imported late."""

import sys

try:
    from graphwatch.cli.main import main
except KeyboardInterrupt:  # before there is anything that could answer it
    print("Interrupted.", file=sys.stderr)
    raise SystemExit(130) from None

__all__ = ["main"]
