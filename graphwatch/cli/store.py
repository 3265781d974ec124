"""`graphwatch store`."""

import sys

import click

from graphwatch.cli.options import note, opened, store_option


@click.group()
def store() -> None:
    """Look after a store."""


@store.command()
@store_option
def info(store: str | None) -> None:
    """What the store holds."""
    with opened(store) as desk:
        about = desk.info()
    click.echo(f"{about.place}: {about.engine}, model {about.model_version}, {about.bytes / 1e6:,.1f} MB")
    click.echo(f"journal: {about.head} entries applied")
    for name, count in about.counts.items():
        if count:
            click.echo(f"{name:>14}  {count:,}")


@store.command()
@store_option
def verify(store: str | None) -> None:
    """Check the journal's checksums, replay it, and compare the graph with the outcome."""
    with opened(store) as desk:
        differing = desk.verify()
    for table, (graph, journal) in differing.items():
        click.echo(f"{table}: the graph has {graph}, the journal says {journal}")
    if differing:
        note("The graph differs from its record. `graphwatch store rebuild` makes it again.")
        sys.exit(1)
    note("The journal is whole, and the graph holds what it says.")


@store.command()
@store_option
def rebuild(store: str | None) -> None:
    """Make the graph again from the journal."""
    with opened(store) as desk:
        entries = desk.rebuild()
    note(f"The graph was made again from {entries:,} journal entries.")
