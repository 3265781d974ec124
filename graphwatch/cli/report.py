"""`graphwatch report`."""

from pathlib import Path
from typing import Any, Final

import click

from graphwatch.cli.configs import config_options
from graphwatch.cli.options import Place, note, opened, store_options, told_names
from graphwatch.report.config import ReportConfig

# What names somebody; some reports name nobody.
_NAMING: Final = ("unmask", "off_roster", "reason")


@click.group()
def report() -> None:
    """Write a document to be handed on and printed: under pseudonyms, and a lead, never a verdict.

    HTML is laid out for A4 and printed from a browser; the workbook is its complete annex.
    """


_out_option = click.option(
    "--out", "path", required=True, metavar="FILE", type=click.Path(path_type=Path), help="The file to write."
)


@report.command()
@click.argument("id")
@_out_option
@config_options(ReportConfig)
@store_options
def cluster(id: str, path: Path, asked: dict[str, Any], place: Place) -> None:
    """A cluster: what was found, on what evidence, and what speaks against it. ID is its number or id."""
    _write(place, "cluster", id, path, asked)


@report.command()
@click.argument("id")
@_out_option
@config_options(ReportConfig)
@store_options
def account(id: str, path: Path, asked: dict[str, Any], place: Place) -> None:
    """An account: its interactions with pages of paslon, one by one. ID is its id, handle or pseudonym."""
    _write(place, "account", id, path, asked)


@report.command()
@click.argument("id")
@_out_option
@config_options(ReportConfig, without=("run", *_NAMING))
@store_options
def agency(id: str, path: Path, asked: dict[str, Any], place: Place) -> None:
    """An agency in numbers, for instruction: nobody in particular, and no number below five. ID is its id or name."""
    _write(place, "agency", id, path, asked)


@report.command()
@_out_option
@config_options(ReportConfig, without=_NAMING)
@store_options
def summary(path: Path, asked: dict[str, Any], place: Place) -> None:
    """A run as a whole: clusters, decisions, complaints, and what could be seen at all."""
    _write(place, "summary", None, path, asked)


def _write(place: Place, subject: str, id: str | None, path: Path, asked: dict[str, Any]) -> None:
    with opened(place) as project:
        written = project.report(subject, id, path=path, **asked)  # type: ignore[arg-type]  # the name of one of the commands
    names = "names nobody" if subject in ("agency", "summary") else "under pseudonyms"
    if not written.masked:
        names = f"{told_names(written.persons)}, {written.still_masked:,} accounts off the roster still masked"
    of = f" of run {written.run}" if written.run else ""
    note(f"{written.path}: {subject}{of}, {names}.")
    if written.shown < written.evidence:
        note(f"It shows {written.shown:,} of {written.evidence:,} interactions; --to xlsx writes them all.")
    if written.later:
        note(f"A later run has superseded this cluster: {written.later}. The document says so.")
