"""`graphwatch changes` and `graphwatch watch`."""

import sys
from typing import TYPE_CHECKING, Any

import click

from graphwatch.calendar.config import Period
from graphwatch.cli.configs import config_options
from graphwatch.cli.options import Place, note, opened, store_options
from graphwatch.cli.tables import show_table

if TYPE_CHECKING:
    from graphwatch.casework.changes import Changes

_SHORT = ["watched", "handle", "kind", "at", "page_handle", "class", "paslon", "post", "validity", "interaction"]


@click.command()
@click.option(
    "--since", default="latest", show_default=True, metavar="RUN|SOURCE|DAY", help="From when on imports count."
)
@click.option("--fail-on-findings", is_flag=True, help="Exit with status 1 when anything is new, for cron.")
@click.option("--json", "form", flag_value="json", help="One JSON object with every column.")
@config_options(Period)
@store_options
def changes(since: str, fail_on_findings: bool, form: str | None, asked: dict[str, Any], place: Place) -> None:
    """What is new: interactions of roster accounts with paslon's pages, clusters, complaints.

    Interactions and complaints are new where only imports since then supply them. Clusters are compared between the
    last two runs that asked the same.
    """
    with opened(place) as project:
        period = Period(**asked)
        range_ = project.resolve_range(period.from_, period.to, period.phase, period.calendar)
        found = project.changes(since, period=range_)
    if form == "json":
        _print_json(found)
    else:
        _print_tables(found)
    _report(found)
    if fail_on_findings and found.findings:
        sys.exit(1)


def _print_json(found: "Changes") -> None:
    import json

    click.echo(json.dumps(found.as_json(), ensure_ascii=True))


def _print_tables(found: "Changes") -> None:
    from graphwatch.common.table import Table

    titled = (
        ("Interactions of roster accounts", Table(found.interactions.to_arrow().select(_SHORT))),
        ("Clusters", found.clusters),
        ("Complaints", found.complaints),
    )
    for title, table in titled:
        if len(table):
            click.echo(f"{title}: {len(table):,}")
            show_table(table, "table")
            click.echo()


def _report(found: "Changes") -> None:
    note(
        f"{len(found.sources):,} imports: {len(found.interactions):,} new interactions of roster accounts, "
        f"{len(found.complaints):,} new complaints; {len(found.clusters):,} clusters changed."
    )
    if found.cut:
        note("Only the first interactions are shown: --from, --to or --phase narrow them down.")
    if found.runs is None:
        note("Clusters were not compared: there are no two complete runs with the same parameters.")
    note("These are single records to look at, never a verdict; what was not collected is not here.")


@click.group()
def watch() -> None:
    """The watchlist: roster accounts and pages, and nobody else."""


@watch.command()
@click.argument("what", metavar="ID_OR_HANDLE")
@click.option("--reason", required=True, metavar="TEXT", help="Why it is watched.")
@click.option("--platform", metavar="NAME", help="Where a handle needs it.")
@store_options
def add(what: str, reason: str, platform: str | None, place: Place) -> None:
    """Put a roster account or a page on the watchlist."""
    with opened(place) as project:
        done = project.watch(what, reason=reason, platform=platform)
    note(f"{done.kind.capitalize()} {done.id} is watched{'.' if done.changed else ' already.'}")


@watch.command()
@click.argument("what", metavar="ID_OR_HANDLE")
@click.option("--platform", metavar="NAME", help="Where a handle needs it.")
@store_options
def remove(what: str, platform: str | None, place: Place) -> None:
    """Take an account or a page off the watchlist."""
    with opened(place) as project:
        done = project.unwatch(what, platform=platform)
    note(f"{done.kind.capitalize()} {done.id} is no longer watched.")


@watch.command("list")
@click.option("--json", "to", flag_value="json")
@click.option("--csv", "to", flag_value="csv")
@store_options
def list_(to: str | None, place: Place) -> None:
    """Show the watchlist."""
    with opened(place) as project:
        answer = project.watched()
    show_table(answer, to)
