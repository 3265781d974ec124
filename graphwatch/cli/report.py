"""`graphwatch report`."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final

import click

from graphwatch.cli.options import Place, note, opened, run_option, store_options, told_names, unmask_option
from graphwatch.errors import UsageError

# The formats by the ends of file names.
_FORMATS: Final = {".html": "html", ".htm": "html", ".xlsx": "xlsx", ".md": "md"}


@click.group()
def report() -> None:
    """Write a document to be handed on and printed: under pseudonyms, and a lead, never a verdict.

    HTML is laid out for A4 and printed from a browser; the workbook is its complete annex.
    """


def _writing(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every report has."""

    @click.option("--to", type=click.Choice(["html", "xlsx", "md"]), help="By default what --out ends with, else html.")
    @click.option("--out", required=True, metavar="FILE", type=click.Path(path_type=Path), help="The file to write.")
    @click.option("--lang", "language", type=click.Choice(["id", "en"]), default="id", show_default=True)
    @click.option("--calendar", metavar="NAME", help="Election calendar whose day of determination counts.")
    @wraps(command)
    def with_options(*words: Any, to: str | None, out: Path, **others: Any) -> Any:
        return command(*words, to=to or _format(out), path=out, **others)

    return with_options


def _format(out: Path) -> str:
    """What the end of a file's name says; a name without one is HTML, and another end is not what would be in it."""
    found = _FORMATS.get(out.suffix.lower(), None if out.suffix else "html")
    if found is None:
        raise UsageError(
            f"there is no report in the form {out.suffix}",
            where=str(out),
            remedy=f"End the name with {', '.join(_FORMATS)}, or say --to html, xlsx or md.",
        )
    return found


def _opening(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that open handles."""
    for option in (
        click.option("--reason", metavar="TEXT", help="Why handles are opened."),
        click.option("--off-roster", is_flag=True, help="With --unmask: accounts off the roster, too."),
        unmask_option("Handles of accounts on the roster"),
    ):
        command = option(command)
    return command


@report.command()
@click.argument("id")
@_writing
@run_option
@_opening
@store_options
def cluster(id: str, place: Place, **options: Any) -> None:
    """A cluster: what was found, on what evidence, and what speaks against it. ID is its number or id."""
    _write(place, "cluster", id, options)


@report.command()
@click.argument("id")
@_writing
@run_option
@_opening
@store_options
def account(id: str, place: Place, **options: Any) -> None:
    """An account: its interactions with pages of paslon, one by one. ID is its id, handle or pseudonym."""
    _write(place, "account", id, options)


@report.command()
@click.argument("id")
@_writing
@store_options
def agency(id: str, place: Place, **options: Any) -> None:
    """An agency in numbers, for instruction: nobody in particular, and no number below five. ID is its id or name."""
    _write(place, "agency", id, options)


@report.command()
@_writing
@run_option
@store_options
def summary(place: Place, **options: Any) -> None:
    """A run as a whole: clusters, decisions, complaints, and what could be seen at all."""
    _write(place, "summary", None, options)


def _write(place: Place, subject: str, id: str | None, options: dict[str, Any]) -> None:
    with opened(place) as project:
        written = project.report(subject, id, **options)  # type: ignore[arg-type]  # the name of one of the commands
    names = "names nobody" if subject in ("agency", "summary") else "under pseudonyms"
    if not written.masked:
        names = f"{told_names(written.persons)}, {written.still_masked:,} accounts off the roster still masked"
    of = f" of run {written.run}" if written.run else ""
    note(f"{written.path}: {subject}{of}, {names}.")
    if written.shown < written.evidence:
        note(f"It shows {written.shown:,} of {written.evidence:,} interactions; --to xlsx writes them all.")
    if written.later:
        note(f"A later run has superseded this cluster: {written.later}. The document says so.")
