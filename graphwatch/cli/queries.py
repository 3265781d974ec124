"""`graphwatch queries`."""

from pathlib import Path
from typing import Any

import click

from graphwatch.cli.cells import visible
from graphwatch.cli.options import note


class _Listing(click.Group):
    """Lists, unless the first word is another of its commands."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or args[0] not in (*self.commands, *ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


def _categories(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001
    from graphwatch.queries.catalogue import CATEGORIES

    return [category for category in CATEGORIES if category.startswith(incomplete)]


@click.group(cls=_Listing)
def queries() -> None:
    """List, search and check named queries; `list` may be left out.

    \b
    graphwatch queries cluster page
    graphwatch queries --category agencies
    graphwatch queries check our-queries
    """


@queries.command("list")
@click.argument("words", nargs=-1)
@click.option("--category", metavar="NAME", shell_complete=_categories, help="Only those of that category.")
@click.option(
    "--folder", "folders", multiple=True, type=click.Path(path_type=Path), help="Folder of own named queries."
)
def listed(words: tuple[str, ...], category: str | None, folders: tuple[Path, ...]) -> None:
    """List the named queries by category, or those that match all WORDS."""
    from graphwatch.errors import UsageError
    from graphwatch.queries.catalogue import by_category, title_of
    from graphwatch.queries.library import Library

    library = Library(list(folders))
    grouped: list[tuple[str, list[Any]]] = by_category(library.search(words))
    if category is not None:
        known = [name for name, _ in by_category(library.all())]
        if category not in known:
            raise UsageError(f"there is no category {category!r}", remedy=f"Categories: {', '.join(known)}.")
        grouped = [(name, found) for name, found in grouped if name == category]
    if not grouped:
        note("No query matches. `graphwatch queries` lists all of them.")
    width = max((len(q.name) for _, found in grouped for q in found), default=0)
    for name, found in grouped:
        click.echo(visible(f"{title_of(name)} [{name}]"))
        for query in found:
            click.echo(f"  {query.name:{width}}  {visible(query.purpose)}")


@queries.command()
@click.argument("folder", type=click.Path(path_type=Path))
def check(folder: Path) -> None:
    """Check every query of FOLDER: its header, its Cypher, its columns and that both engines answer alike."""
    from graphwatch.analysis.checking import check_queries
    from graphwatch.errors import QueryError

    checked = check_queries(folder)
    for name, warning in checked.warnings:
        click.echo(visible(f"{name}: warning: {warning}"))
    for name, problem in checked.problems:
        click.echo(visible(f"{name}: {problem}"))
    wrong = len({name for name, _ in checked.problems})
    if wrong:
        raise QueryError(f"{wrong} of {checked.queries} queries cannot be used", where=str(folder))
    note(f"{checked.queries} queries are good.")
