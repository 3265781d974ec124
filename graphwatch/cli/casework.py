"""`graphwatch complaints`, `graphwatch changes` and `graphwatch watch`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graphwatch.calendar.config import Period
from graphwatch.cli.options import NamesWithDash, Place, config_options, lang_option, opened, store_options
from graphwatch.cli.tables import (
    Form,
    form_options,
    form_or_default,
    json_option,
    print_json,
    show_table,
    write_xlsx,
    xlsx_option,
)
from graphwatch.cli.terminal import note, visible
from graphwatch.common.i18n import text
from graphwatch.settings import TERMINAL_LANGUAGE

if TYPE_CHECKING:
    from graphwatch.casework.changes import Changes

_OF_COMPLAINTS = [
    "complaint",
    "status",
    "deadline",
    "days_left",
    "seen",
    "why",
    "platform",
    "kind",
    "account_ref",
    "accounts",
]


@click.group(invoke_without_command=True)
@click.option("--status", metavar="STATUS", help="new, checking, answered, forwarded or closed. [default: all]")
@click.option("--overdue", is_flag=True, help="Only those that are past their deadline.")
@click.option("--fail-on-findings", is_flag=True, help="Exit with status 1 when one is past its deadline, for cron.")
@lang_option
@form_options
@store_options
@click.pass_context
def complaints(
    context: click.Context,
    status: str | None,
    overdue: bool,
    fail_on_findings: bool,
    lang: str | None,
    form: Form | None,
    place: Place,
) -> None:
    """List the complaints (aduan), the most urgent first, with what the data say to each.

    `graphwatch load FILE --as complaints` loads them. Not seen is not innocent, and confirmed is not guilty: the
    record agrees with the complaint, no more.
    """
    if context.invoked_subcommand is not None:
        return
    form = form_or_default(form)
    with opened(place) as project:
        answer: Any = project.complaints(status=status, overdue=overdue, lang=lang).to_arrow()
        language = project.language(lang, otherwise=TERMINAL_LANGUAGE)
    show_table(answer.select(_OF_COMPLAINTS) if form == "table" else answer, form, language)
    late, unknown = sum(answer["overdue"].to_pylist()), answer["deadline"].null_count
    key = "complaints.undated" if answer.num_rows and unknown == answer.num_rows else "complaints.summary"
    note(text(key, language, complaints=f"{answer.num_rows:,}", late=f"{late:,}"))
    if 0 < unknown < answer.num_rows:
        note(text("complaints.unknown", language, n=f"{unknown:,}"))
    if fail_on_findings and late:
        sys.exit(1)


@complaints.command("set")
@click.argument("complaint", metavar="ID")
@click.option("--status", required=True, metavar="STATUS", help="new, checking, answered, forwarded or closed.")
@store_options
def set_(complaint: str, status: str, place: Place) -> None:
    """Give the complaint ID another status."""
    with opened(place) as project:
        project.set_complaint(complaint, status)
    note(f"Complaint {complaint} is {status}.")


@complaints.command()
@click.argument("complaint", metavar="ID")
@click.option("--reason", required=True, metavar="TEXT", help="Why the vault is opened; it is logged.")
@json_option
@store_options
def complainant(complaint: str, reason: str, as_json: bool, place: Place) -> None:
    """Who made the complaint ID, from the vault. The reason is logged."""
    with opened(place) as project:
        person = project.complainant(complaint, reason=reason)
    if as_json:
        print_json(person)
        return
    click.echo(f"{visible(person.name or '(no name)')}  {visible(person.contact or '(no contact)')}")


# What a terminal has room for; the id of an interaction is in the other forms.
_OF_INTERACTIONS = [
    "watched",
    "account",
    "kind",
    "at",
    "page_handle",
    "class",
    "paslon",
    "post",
    "time_basis",
    "validity",
]


@click.command()
@click.option(
    "--since", default="latest", show_default=True, metavar="RUN|SOURCE|DAY", help="From when on imports count."
)
@click.option("--fail-on-findings", is_flag=True, help="Exit with status 1 when anything is new, for cron.")
@config_options(Period)
@lang_option
@json_option
@xlsx_option
@store_options
def changes(
    since: str,
    fail_on_findings: bool,
    asked: dict[str, Any],
    lang: str | None,
    as_json: bool,
    xlsx: Path | None,
    place: Place,
) -> None:
    """What is new: interactions of roster accounts with paslon's pages, clusters, complaints.

    Interactions and complaints are new where only imports since then supply them. Clusters are compared between the
    last two runs that asked the same.
    """
    with opened(place) as project:
        period = Period(**asked)
        range_ = project.resolve_range(period.from_, period.to, period.phase, period.calendar)
        found = project.changes(since, period=range_)
        language = project.language(lang, otherwise=TERMINAL_LANGUAGE)
    if as_json:
        print_json(found.as_json())
    elif xlsx is not None:
        tables = {"interactions": found.interactions, "clusters": found.clusters, "complaints": found.complaints}
        write_xlsx(xlsx, {text(f"changes.{name}", language): table for name, table in tables.items()}, language)
    else:
        _print_tables(found, language)
    _report(found, language)
    if fail_on_findings and found.findings:
        sys.exit(1)


def _print_tables(found: "Changes", language: str) -> None:
    from graphwatch.common.table import Table

    titled = (
        ("changes.interactions", Table(_called(found.interactions.to_arrow()).select(_OF_INTERACTIONS))),
        ("changes.clusters", found.clusters),
        ("changes.complaints", found.complaints),
    )
    for title, table in titled:
        if len(table):
            click.echo(f"{text(title, language)}: {len(table):,}")
            show_table(table, "table", language)
            click.echo()


def _called(interactions: Any) -> Any:
    """The interactions with accounts called by their handle; one of which none is known has its id."""
    import pyarrow.compute as pc

    at = interactions.schema.get_field_index("account")
    return interactions.set_column(at, "account", pc.coalesce(interactions["handle"], interactions["account"]))


def _report(found: "Changes", language: str) -> None:
    counts = {
        "sources": len(found.sources),
        "interactions": found.acts,
        "complaints": len(found.complaints),
        "clusters": len(found.clusters),
    }
    note(text("changes.summary", language, **{name: f"{n:,}" for name, n in counts.items()}))
    if found.untimed or found.observed:
        beside = {"untimed": f"{found.untimed:,}", "observed": f"{found.observed:,}"}
        note(text("changes.perhaps", language, n=found.untimed + found.observed, **beside))
    if found.cut:
        note(text("changes.cut", language))
    if found.runs is None:
        note(text("changes.not_compared", language))
    note(text("changes.caution", language))


@click.group()
def watch() -> None:
    """The watchlist: roster accounts and pages, and nobody else."""


@watch.command(cls=NamesWithDash)
@click.argument("what", metavar="ID_OR_HANDLE")
@click.option("--reason", required=True, metavar="TEXT", help="Why it is watched.")
@click.option("--platform", metavar="NAME", help="Where a handle needs it.")
@store_options
def add(what: str, reason: str, platform: str | None, place: Place) -> None:
    """Put a roster account or a page on the watchlist."""
    with opened(place) as project:
        done = project.watch(what, reason=reason, platform=platform)
    note(f"{done.kind.capitalize()} {done.id} is watched{'.' if done.changed else ' already.'}")


@watch.command(cls=NamesWithDash)
@click.argument("what", metavar="ID_OR_HANDLE")
@click.option("--platform", metavar="NAME", help="Where a handle needs it.")
@store_options
def remove(what: str, platform: str | None, place: Place) -> None:
    """Take an account or a page off the watchlist."""
    with opened(place) as project:
        done = project.unwatch(what, platform=platform)
    note(f"{done.kind.capitalize()} {done.id} is no longer watched.")


@watch.command("list")
@lang_option
@form_options
@store_options
def list_(lang: str | None, form: Form | None, place: Place) -> None:
    """Show the watchlist."""
    with opened(place) as project:
        answer = project.watched()
        language = project.language(lang, otherwise=TERMINAL_LANGUAGE)
    show_table(answer, form, language)
