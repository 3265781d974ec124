"""What commands say on standard error: notes, and the progress of long work on terminals."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from graphwatch.store.base import Written


def note(text: str) -> None:
    """Tell the person, not the pipe."""
    click.echo(text, err=True)


def note_handles() -> None:
    """Tell who sends an answer elsewhere that it names accounts."""
    if not sys.stdout.isatty():
        note("Handles are as in the store; `graphwatch export` makes files under pseudonyms.")


def note_written(tables: "Iterable[Written]") -> None:
    """Tell what a batch did to each table of the graph."""
    for table in tables:
        note(f"  {table.element}: {table.new:,} new, {table.changed:,} changed, {table.unchanged:,} unchanged")


def told_names(persons: int | None) -> str:
    """What an opened file has instead of pseudonyms.

    >>> told_names(None), told_names(2)
    ('with public handles (logged)', 'with public handles and names of persons: 2 (logged)')
    """
    return f"with public handles{'' if persons is None else f' and names of persons: {persons:,}'} (logged)"


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Say what is being done while it is not known how long it takes."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield


@contextmanager
def progress_shown() -> Iterator[Callable[[str, int, int | None], None]]:
    """A function to call with what is being done, how much is done and the whole; silent where nobody watches."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("")

        def show(what: str, done: int, whole: int | None) -> None:
            counted = what if whole else f"{what}: {done:,} rows"
            bar.update(task, description=counted, completed=done if whole else None, total=whole)

        yield show
