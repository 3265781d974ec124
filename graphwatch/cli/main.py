"""The command `graphwatch`: its group of commands, and what becomes of errors."""

import io
import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import click

from graphwatch import __version__
from graphwatch.cli.calendar import calendar, provisions
from graphwatch.cli.casework import changes, complaints, watch
from graphwatch.cli.demo import demo
from graphwatch.cli.detect import detect
from graphwatch.cli.handover import export, report
from graphwatch.cli.leads import explain, review
from graphwatch.cli.limits import coverage, power
from graphwatch.cli.load import load
from graphwatch.cli.metrics import metrics
from graphwatch.cli.query import queries, query, shell
from graphwatch.cli.rights import log
from graphwatch.cli.serve import serve
from graphwatch.cli.store import store
from graphwatch.cli.terminal import guarded_terminals, visible
from graphwatch.cli.trace import neighbours, trace
from graphwatch.common.error_words import place, said
from graphwatch.common.i18n import LANGUAGES, language_of_locale
from graphwatch.errors import GraphwatchError


class Commands(click.Group):
    """The group of commands, which ends quietly when the reader of its output has seen enough (`head`, a pager)."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            outcome = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            # What is still to be written, at exit for one, goes nowhere instead of failing.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        return outcome


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="graphwatch")
def graphwatch() -> None:
    """Find accounts that act together, in lawfully obtained records of public interactions.

    A finding is a lead for a person to weigh, never a verdict (dugaan – bukan putusan).

    The store is --store, else GRAPHWATCH_STORE, else graphwatch.gw in the current folder. Results go to standard
    output, everything else to standard error.
    """


_COMMANDS = (
    demo,
    serve,
    load,
    calendar,
    query,
    queries,
    shell,
    detect,
    power,
    explain,
    coverage,
    complaints,
    changes,
    watch,
    provisions,
    review,
    metrics,
    trace,
    neighbours,
    export,
    report,
    log,
    store,
)

for command in _COMMANDS:
    graphwatch.add_command(command)


def main(arguments: Sequence[str] | None = None) -> Any:
    """Run the command line; exits with 0 done, 1 failed, 2 wrong use, 130 interrupted."""
    with guarded_terminals():
        status = _status(arguments)
    sys.exit(status if isinstance(status, int) else 0)


def _status(arguments: Sequence[str] | None) -> Any:
    """How the command ended, after its errors were told."""
    try:
        status = graphwatch.main(arguments, prog_name="graphwatch", standalone_mode=False)
    except click.ClickException as error:
        told = io.StringIO()
        error.show(told)
        click.echo(_shown(told.getvalue()), err=True, nl=False)
        status = error.exit_code
    except GraphwatchError as error:
        click.echo(_shown(_told(error, _language(sys.argv[1:] if arguments is None else arguments))), err=True)
        status = error.exit_status
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        status = 130
    except (MemoryError, ImportError) as error:
        if os.environ.get("GRAPHWATCH_DEBUG"):
            raise
        click.echo(
            f"Error: there is not enough memory, or a part of the installation is missing: {_shown(str(error))}\n"
            "  Close other programs or allow this one more (ulimit -v); else install graphwatch again.",
            err=True,
        )
        status = 1
    except Exception as error:  # a user never sees a traceback unless they ask for one
        if os.environ.get("GRAPHWATCH_DEBUG"):
            raise
        click.echo(
            f"Error: unexpected {type(error).__name__}: {_shown(str(error))}\n"
            "  This is a fault of graphwatch. Set GRAPHWATCH_DEBUG=1 and run again for a report to send.",
            err=True,
        )
        status = 1
    return status


def _language(arguments: Sequence[str]) -> str:
    """The language that the command was asked in, else that of the locale, else English.

    What is kept for the project is not asked: its store may be what the error is about.
    """
    asked = [after for word, after in pairwise(arguments) if word == "--lang"]
    asked += [word.removeprefix("--lang=") for word in arguments if word.startswith("--lang=")]
    return next((word for word in asked if word in LANGUAGES), None) or language_of_locale(os.environ) or "en"


def _told(error: GraphwatchError, language: str) -> str:
    """An error as `str` has it, in a language."""
    if language == "en":
        return f"Error: {error}"
    where = f"{place(error.where, language)}: " if error.where else ""
    remedy = f"\n  {said(error.remedy, language)}" if error.remedy else ""
    return f"Galat: {where}{said(error.what, language)}{remedy}"


def _shown(message: str) -> str:
    """A message on its lines; names of files and values in it come from outside and may drive a terminal."""
    return "\n".join(map(visible, message.split("\n")))
