"""Options that several commands share, and the project that they name."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

import click

from graphwatch.common.config import LANGUAGE_HELP
from graphwatch.common.i18n import LANGUAGES
from graphwatch.errors import PasswordMissing

if TYPE_CHECKING:
    from graphwatch.project import Project


@dataclass(frozen=True, slots=True)
class Place:
    """What --store and --project say."""

    store: str | None
    project: str | None


def store_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--store and --project, which the command gets as one `place`."""

    @click.option("--store", metavar="PLACE", help="A folder, or neo4j://host[:port][/database].")
    @click.option("--project", metavar="FOLDER", help="Keys, quarantine and access log beside a server's store.")
    @wraps(command)
    def with_place(*words: Any, store: str | None, project: str | None, **others: Any) -> Any:
        return command(*words, place=Place(store, project), **others)

    return with_place


lang_option: Final = click.option("--lang", type=click.Choice(LANGUAGES), default=None, help=LANGUAGE_HELP)

run_option: Final = click.option(
    "--run", default="latest", show_default=True, metavar="ID", help="Detection run; `query runs` lists them."
)


def opened(place: Place, *, create: bool = False) -> "Project":
    """The store that the options name; on a terminal a missing password is asked for."""
    from graphwatch.project import open

    try:
        return open(place.store, project=place.project, create=create)
    except PasswordMissing:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        os.environ["NEO4J_PASSWORD"] = click.prompt("Password of the server", hide_input=True, err=True)
        return open(place.store, project=place.project, create=create)
