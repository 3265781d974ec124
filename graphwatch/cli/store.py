"""`graphwatch store`."""

import sys
from pathlib import Path
from typing import Final

import click

from graphwatch.cli.options import Place, lang_option, opened, store_options
from graphwatch.cli.rights import about, expire, forget, remove
from graphwatch.cli.tables import json_option, print_json
from graphwatch.cli.terminal import note
from graphwatch.common.i18n import LANGUAGES, text
from graphwatch.settings import TERMINAL_LANGUAGE
from graphwatch.store.address import is_server

# The choice that leaves the language to the locale.
_OF_LOCALE: Final = "auto"


@click.group()
def store() -> None:
    """Look after a store."""


for command in (about, expire, forget, remove):
    store.add_command(command)


@store.command()
@json_option
@store_options
def info(as_json: bool, place: Place) -> None:
    """What the store holds."""
    with opened(place) as project:
        about = project.info()
    if as_json:
        print_json(about)
        return
    size = "" if about.bytes is None else f", {about.bytes / 1e6:,.1f} MB"
    click.echo(f"{about.place}: {about.engine}, model {about.model_version}{size}")
    if about.head is not None:
        click.echo(f"journal: {about.head} entries applied")
    for name, count in about.counts.items():
        if count:
            click.echo(f"{name:>14}  {count:,}")


@store.command()
@json_option
@store_options
def verify(as_json: bool, place: Place) -> None:
    """Check the journal's checksums, replay it, and compare the graph with the outcome."""
    with opened(place) as project:
        differing = project.verify()
        unfinished = project.is_forgetting
    if as_json:
        tables = {name: {"graph": graph, "journal": journal} for name, (graph, journal) in differing.items()}
        print_json({"differing": tables, "unfinished_erasure": unfinished})
    else:
        for table, (graph, journal) in differing.items():
            click.echo(f"{table}: the graph has {graph}, the journal says {journal}")
    if differing:
        note("The graph differs from its record. `graphwatch store rebuild` makes it again.")
        sys.exit(1)
    if unfinished:
        note("An erasure was stopped in the middle: `graphwatch store forget --resume` finishes it.")
        sys.exit(1)
    note("The journal is whole, and the graph holds what it says.")


@store.command()
@json_option
@store_options
def rebuild(as_json: bool, place: Place) -> None:
    """Make the graph again from the journal, and bring a store of an older version over."""
    with opened(place) as project:
        done = project.rebuild()
    if as_json:
        acts = {kind: {"before": before, "after": after} for kind, (before, after) in done.acts.items()}
        print_json({"entries": done.entries} | ({"acts": acts} if acts else {}))
    for kind, (before, after) in done.acts.items():
        one = f": {before - after:,} were of one that another row speaks of" if after < before else ""
        note(f"  {kind}: {before:,} before, {after:,} now{one}")
    if done.acts:
        note("The store was brought over. Runs keep the numbers of before: `graphwatch detect` makes new ones.")
    if done.entries:
        note(f"The graph was made again from {done.entries:,} journal entries.")


@store.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--project", metavar="FOLDER", help="Keys, quarantine and access log beside the one on a server.")
@json_option
def copy(source: str, target: str, project: str | None, as_json: bool) -> None:
    """Copy the store FROM into the store TO, and show that both hold the same.

    The graph is copied, not the folder beside it: a copy on a server wants the key of the pseudonyms, if any were made.

    \b
    graphwatch store copy office.gw neo4j://graph.office.example --project office-project
    """
    ours_at, theirs_at = (Place(place, project if is_server(place) else None) for place in (source, target))
    with opened(ours_at) as ours, opened(theirs_at, create=True) as theirs:
        copied = ours.copy_to(theirs)
    if as_json:
        print_json(copied)
    else:
        for written in copied:
            if written.new or written.changed:
                click.echo(f"{written.element:>14}  {written.new:,} new, {written.changed:,} changed")
    note("Both stores hold the same: every table has the same rows and the same digest.")


@store.command("import-files")
@click.argument("source", metavar="FROM")
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option("--database", default="neo4j", show_default=True, metavar="NAME", help="Its name on the server.")
@lang_option
@json_option
def import_files(source: str, folder: Path, database: str, lang: str | None, as_json: bool) -> None:
    """Write the store FROM as files for neo4j-admin, and print the command that makes a store of them on a server.

    For a first load of millions of acts: neo4j-admin writes the server's files directly, while the server stands still.
    The files hold public handles: delete them afterwards.

    \b
    graphwatch store import-files office.gw /srv/import
    """
    with opened(Place(source, None)) as project:
        command = project.write_import_files(folder, database=database)
        language = project.language(lang, otherwise=TERMINAL_LANGUAGE)
    if as_json:
        print_json({"command": command, "folder": str(folder)})
    else:
        click.echo(command)
    note(text("store.import_files", language, source=source))


@store.command()
@click.argument("language", required=False, type=click.Choice([*LANGUAGES, _OF_LOCALE]))
@json_option
@store_options
def language(language: str | None, as_json: bool, place: Place) -> None:
    """Show or set the language of documents, pages and explanations: id, en, or auto.

    --lang of a command wins over it; auto is the language of the locale (LC_ALL, LC_MESSAGES, LANG), else Indonesian.

    \b
    graphwatch store language
    graphwatch store language id
    """
    with opened(place, create=True) as project:
        if language is not None:
            project.set_language(None if language == _OF_LOCALE else language)  # type: ignore[arg-type]  # its choices
        spoken = project.language()
    if as_json:
        print_json({"lang": spoken})
    else:
        click.echo(spoken)
