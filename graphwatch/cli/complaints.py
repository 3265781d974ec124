"""`graphwatch complaints`."""

import sys
from typing import Any

import click

from graphwatch.cli.cells import visible
from graphwatch.cli.options import Place, note, opened, store_options
from graphwatch.cli.tables import form_or_default, show_table

_SHORT = ["complaint", "status", "deadline", "days_left", "seen", "why", "platform", "kind", "account_ref", "accounts"]


@click.group(invoke_without_command=True)
@click.option("--status", metavar="STATUS", help="new, checking, answered, forwarded or closed. [default: all]")
@click.option("--overdue", is_flag=True, help="Only those that are past their deadline.")
@click.option("--fail-on-findings", is_flag=True, help="Exit with status 1 when one is past its deadline, for cron.")
@click.option("--json", "to", flag_value="json")
@click.option("--csv", "to", flag_value="csv", help="Every column. [default where it is piped]")
@store_options
@click.pass_context
def complaints(
    context: click.Context, status: str | None, overdue: bool, fail_on_findings: bool, to: str | None, place: Place
) -> None:
    """List the complaints (aduan), the most urgent first, with what the data say to each.

    `graphwatch load FILE --as complaints` loads them. Not seen is not innocent, and confirmed is not guilty: the
    record agrees with the complaint, no more.
    """
    if context.invoked_subcommand is not None:
        return
    form = form_or_default(to)
    with opened(place) as project:
        answer: Any = project.complaints(status=status, overdue=overdue).to_arrow()
    show_table(answer.select(_SHORT) if form == "table" else answer, form)
    late = sum(answer["overdue"].to_pylist())
    note(f"{answer.num_rows:,} complaints, {late:,} past their deadline.")
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
@store_options
def complainant(complaint: str, reason: str, place: Place) -> None:
    """Who made the complaint ID, from the vault. The reason is logged."""
    with opened(place) as project:
        person = project.complainant(complaint, reason=reason)
    click.echo(f"{visible(person.name or '(no name)')}  {visible(person.contact or '(no contact)')}")
