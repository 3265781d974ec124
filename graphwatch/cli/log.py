"""`graphwatch log`."""

import json
import sys

import click

from graphwatch.cli.options import Place, note, opened, store_options
from graphwatch.cli.tables import show_table
from graphwatch.errors import StoreDamaged


@click.group()
def log() -> None:
    """Show and verify the access log: who opened or erased what, when and why."""


@log.command()
@click.option("--action", metavar="NAME", help="Only one kind: unmask, complainant, about, forget, forgotten, expire.")
@click.option("--last", type=click.IntRange(min=1), metavar="N", help="Only the last N lines.")
@click.option("--json", "to", flag_value="json")
@click.option("--csv", "to", flag_value="csv", help="[default where it is piped]")
@store_options
def show(action: str | None, last: int | None, to: str | None, place: Place) -> None:
    """Show the lines of the access log; exits with 1 where one of them is not what was written."""
    import pyarrow as pa

    names = ("at", "who", "action", "reason", "details")
    with opened(place) as project:
        rows = [
            {"line": row["line"], **{name: _cell(row[name]) for name in names}}
            for row in project.access_log(action=action, last=last)
        ]
        table = pa.Table.from_pylist(rows, pa.schema([("line", pa.int64()), *((n, pa.string()) for n in names)]))
        show_table(table, to)
        try:
            project.verify_log()
        except StoreDamaged as error:
            note(f"Error: {error}")
            sys.exit(1)


@log.command()
@click.option(
    "--noted", metavar="DIGEST", help="Digest of the last line at an earlier time: finds lines cut off since."
)
@store_options
def verify(noted: str | None, place: Place) -> None:
    """Check every line of the access log against the one before, and print the digest of the last.

    Lines cut off at the end can only be found by a digest that was noted elsewhere: keep the one that is printed.
    """
    with opened(place) as project:
        lines, head = project.verify_log(noted=noted)
    click.echo(head)
    note(f"{lines:,} lines are as they were written.")


def _cell(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)
