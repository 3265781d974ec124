"""`graphwatch store`."""

import sys

import click

from graphwatch.cli.notes import note
from graphwatch.cli.options import Place, opened, store_options
from graphwatch.cli.rights import about, expire, forget


@click.group()
def store() -> None:
    """Look after a store."""


for command in (about, expire, forget):
    store.add_command(command)


@store.command()
@store_options
def info(place: Place) -> None:
    """What the store holds."""
    with opened(place) as project:
        about = project.info()
    size = "" if about.bytes is None else f", {about.bytes / 1e6:,.1f} MB"
    click.echo(f"{about.place}: {about.engine}, model {about.model_version}{size}")
    if about.head is not None:
        click.echo(f"journal: {about.head} entries applied")
    for name, count in about.counts.items():
        if count:
            click.echo(f"{name:>14}  {count:,}")


@store.command()
@store_options
def verify(place: Place) -> None:
    """Check the journal's checksums, replay it, and compare the graph with the outcome."""
    with opened(place) as project:
        differing = project.verify()
        unfinished = project.is_forgetting
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
@store_options
def rebuild(place: Place) -> None:
    """Make the graph again from the journal."""
    with opened(place) as project:
        entries = project.rebuild()
    note(f"The graph was made again from {entries:,} journal entries.")


@store.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy(source: str, target: str) -> None:
    """Copy the store FROM into the store TO, and show that both hold the same."""
    with opened(Place(source, None)) as ours, opened(Place(target, None), create=True) as theirs:
        for written in ours.copy_to(theirs):
            if written.new or written.changed:
                click.echo(f"{written.element:>14}  {written.new:,} new, {written.changed:,} changed")
    note("Both stores hold the same: every table has the same rows and the same digest.")
