"""`graphwatch query`."""

import sys
from pathlib import Path
from typing import Any

import click

from graphwatch.cli.cells import visible
from graphwatch.cli.completing import parameters as parameters_of
from graphwatch.cli.completing import query_names
from graphwatch.cli.options import Place, note, note_handles, opened, store_options
from graphwatch.cli.tables import form_options, show_table
from graphwatch.common.text_files import read_text
from graphwatch.errors import InputError, UsageError
from graphwatch.settings import QUERY_ROWS, QUERY_SECONDS


@click.command()
@click.argument("text", required=False, shell_complete=query_names)
@click.option(
    "-p",
    "--param",
    "parameters",
    nargs=2,
    multiple=True,
    metavar="NAME VALUE",
    shell_complete=parameters_of,
    help="Value for a parameter.",
)
@click.option("-f", "--file", type=click.Path(path_type=Path), help="Read the Cypher from a file.")
@click.option(
    "--folder", "folders", multiple=True, type=click.Path(path_type=Path), help="Folder of own named queries."
)
@click.option("--explain", is_flag=True, help="Print purpose, parameters, columns and Cypher, and ask nothing.")
@click.option("--limit", default=QUERY_ROWS, show_default=True, help="Rows after which the answer is cut.")
@click.option("--timeout", default=QUERY_SECONDS, show_default=True, help="Seconds after which the query is stopped.")
@form_options
@store_options
def query(
    text: str | None,
    parameters: tuple[tuple[str, str], ...],
    file: Path | None,
    folders: tuple[Path, ...],
    explain: bool,
    limit: int,
    timeout: float,
    form: str | None,
    place: Place,
) -> None:
    """Ask the graph: TEXT is the name of a query, Cypher, or - for standard input. Read-only.

    \b
    graphwatch query co-interactions --csv
    graphwatch query cluster-members -p cluster 1
    graphwatch query cluster-members --explain
    graphwatch query "MATCH (a:Account) RETURN count(a) AS accounts"
    """
    asked = _text(text, file)
    given = _typed(asked, dict(parameters))
    if explain:
        _explain(asked, folders, given)
        return
    with opened(place) as project:
        answer = project.query(asked, given, limit=limit, timeout=timeout, folders=folders)
    note_handles()
    show_table(answer, form)
    for line in answer.caveats:
        note(line)


def _typed(asked: str, given: dict[str, str]) -> dict[str, Any]:
    """The values as the types that their places in Cypher ask for; named queries declare their own."""
    from graphwatch.queries.binding import typed
    from graphwatch.queries.library import is_name
    from graphwatch.queries.parsing import parse

    return dict(given) if is_name(asked) or not given else typed(parse(asked), given)


def _explain(asked: str, folders: tuple[Path, ...], given: dict[str, Any]) -> None:
    from graphwatch.analysis.querying import explained
    from graphwatch.queries.catalogue import describe, describe_text
    from graphwatch.queries.library import Library, is_name

    text = describe(Library(folders).get(asked)) if is_name(asked) else describe_text(asked) + explained(asked, given)
    for line in text.splitlines():
        click.echo(visible(line))


def _text(text: str | None, file: Path | None) -> str:
    if (text is None) == (file is None):
        raise UsageError("give either a query or --file", remedy="`graphwatch queries` lists the named ones.")
    if text == "-":
        return sys.stdin.read()
    if file is None:
        assert text is not None
        return text
    try:
        return read_text(file)
    except FileNotFoundError:
        raise InputError("there is no such query file", where=str(file), remedy="Check its name.") from None
