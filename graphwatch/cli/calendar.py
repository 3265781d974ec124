"""`graphwatch calendar` and `graphwatch provisions`."""

from pathlib import Path

import click

from graphwatch.cli.options import Place, lang_option, opened, store_options
from graphwatch.cli.tables import Form, form_options, json_option, print_json, show_table
from graphwatch.cli.terminal import note, note_written
from graphwatch.common.i18n import text
from graphwatch.errors import UsageError
from graphwatch.settings import TERMINAL_LANGUAGE


@click.group()
def calendar() -> None:
    """The election calendar: its phases, in days of Asia/Jakarta."""


@calendar.command()
@click.argument("file", metavar="NAME_OR_FILE", default="pilkada-2024")
@lang_option
@store_options
def load(file: str, lang: str | None, place: Place) -> None:
    r"""Put a calendar and the provisions that depend on it into the graph.

    NAME_OR_FILE is a shipped calendar (by default pilkada-2024) or a TOML file like it.
    """
    with opened(place, create=True) as project:
        loaded = project.load_calendar(file)
        language = project.language(lang, otherwise=TERMINAL_LANGUAGE)
    note(text("calendar.loaded", language, id=loaded.calendar.id, phases=len(loaded.calendar.phases)))
    note_written(loaded.written, language)
    if loaded.left:
        note("  " + text("calendar.left", language, phases=", ".join(loaded.left)))


@calendar.command()
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--id", "name", metavar="NAME", help="Short name of the election. [default: the file's]")
@click.option("--title", metavar="TEXT", help="What it is called. [default: its short name]")
def new(file: Path, name: str | None, title: str | None) -> None:
    """Make FILE, a calendar without days, to be filled in and loaded.

    Nobody's dates are in it: of coming elections write those of the regulation, and where it can be read.

    \b
    graphwatch calendar new pilkada-kota.toml --title "Pilkada Kota"
    graphwatch calendar load pilkada-kota.toml
    """
    from graphwatch.calendar.phases import empty_calendar
    from graphwatch.common.files import write_atomic

    if file.exists():
        raise UsageError(f"{file} is there already", remedy="Choose another name, or take it away first.")
    id = name or file.stem
    if ":" in id:
        raise UsageError(f"the id '{id}' has a colon", remedy="Use letters, digits and dashes.")
    write_atomic(file, empty_calendar(id, title or id).encode(), mode=0o644)
    note(f"{file} has the phases without days: fill in days and sources, then `graphwatch calendar load {file}`.")


@calendar.command()
@click.argument("name", required=False)
@lang_option
@json_option
@store_options
def show(name: str | None, lang: str | None, as_json: bool, place: Place) -> None:
    """Show a calendar: the one in the store, or one by NAME or file."""
    with opened(place, create=True) as project:
        shown = project.calendar(name)
        language = project.language(lang, otherwise=TERMINAL_LANGUAGE)
    if as_json:
        print_json(shown)
        return
    width = max(len(phase.title) for phase in shown.phases)
    click.echo(text("calendar.days", language, title=shown.title))
    for phase in shown.phases:
        click.echo(f"{phase.title:{width}}  {phase.first_day}  {phase.last_day}  {phase.citation or ''}")
        if phase.note:
            click.echo(f"{'':{width}}  {phase.note}")


@click.command()
@click.option("--kind", metavar="KIND", help="LIKED, COMMENTED, SHARED, MENTIONED, FOLLOWED or PUBLISHED.")
@click.option("--at", metavar="DAY", help="Day of the act in Asia/Jakarta, or a time with its offset.")
@click.option("--calendar", metavar="NAME", help="Whose day of determination counts. [default: the store's, else 2024]")
@lang_option
@form_options
@store_options
def provisions(
    kind: str | None, at: str | None, calendar: str | None, lang: str | None, form: Form | None, place: Place
) -> None:
    """The kinds of violation that a reviewer would have to weigh for an act, with their sources; never a sanction.

    Where sources disagree about acts before or after determination, both are shown. An act on the day of
    determination itself needs study.
    """
    with opened(place, create=True) as project:
        answer = project.provisions(kind, at, calendar=calendar)
        language = project.language(lang, otherwise=TERMINAL_LANGUAGE)
    show_table(answer, form, language)
    note(text("provisions.caution", language))
