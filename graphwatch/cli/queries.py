"""`graphwatch queries`."""

from pathlib import Path

import click


@click.command()
@click.argument("words", nargs=-1)
@click.option(
    "--folder", "folders", multiple=True, type=click.Path(path_type=Path), help="Folder of own named queries."
)
def queries(words: tuple[str, ...], folders: tuple[Path, ...]) -> None:
    """List the named queries, or those that match all WORDS."""
    from graphwatch.queries import Library

    library = Library(list(folders))
    found = library.search(words) if words else [library.get(name) for name in library.names()]
    width = max((len(q.name) for q in found), default=0)
    for chosen in found:
        click.echo(f"{chosen.name:{width}}  {chosen.purpose}")
