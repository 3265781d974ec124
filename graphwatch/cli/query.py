"""`graphwatch query`."""

import sys
from pathlib import Path
from typing import Any

import click

from graphwatch.cli.options import Place, note, opened, store_options
from graphwatch.cli.tabular import form_options, show
from graphwatch.errors import InputError, UsageError
from graphwatch.settings import QUERY_ROWS, QUERY_SECONDS


@click.command()
@click.argument("text", required=False)
@click.option(
    "-p", "--param", "parameters", nargs=2, multiple=True, metavar="NAME VALUE", help="Value for a parameter."
)
@click.option("-f", "--file", type=click.Path(path_type=Path), help="Read the Cypher from a file.")
@click.option(
    "--folder", "folders", multiple=True, type=click.Path(path_type=Path), help="Folder of own named queries."
)
@click.option("--limit", default=QUERY_ROWS, show_default=True, help="Rows after which the answer is cut.")
@click.option("--timeout", default=QUERY_SECONDS, show_default=True, help="Seconds after which the query is stopped.")
@form_options
@store_options
def query(
    text: str | None,
    parameters: tuple[tuple[str, str], ...],
    file: Path | None,
    folders: tuple[Path, ...],
    limit: int,
    timeout: float,
    form: str | None,
    place: Place,
) -> None:
    """Ask the graph: TEXT is the name of a query, Cypher, or - for standard input. Read-only.

    \b
    graphwatch query co-interactions --csv
    graphwatch query cluster-members -p cluster 1
    graphwatch query "MATCH (a:Account) RETURN count(a) AS accounts"
    """
    asked = _text(text, file)
    with opened(place) as desk:
        answer = desk.query(asked, dict(parameters), limit=limit, timeout=timeout, folders=folders, to="arrow")
    if not sys.stdout.isatty():
        note("Handles are as in the store; `graphwatch export` makes files under pseudonyms.")
    show(answer, form)
    _say_if_cut(answer, limit)


def _say_if_cut(answer: Any, limit: int) -> None:
    from graphwatch.api.querying import CUT

    cut = (answer.schema.metadata or {}).get(CUT)
    if cut:
        note(f"The answer was cut: {cut.decode()}. --limit above {limit:,} shows more.")


def _text(text: str | None, file: Path | None) -> str:
    if (text is None) == (file is None):
        raise UsageError("give either a query or --file", remedy="`graphwatch queries` lists the named ones.")
    if text == "-":
        return sys.stdin.read()
    if file is None:
        assert text is not None
        return text
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the query file cannot be read: {error}", where=str(file)) from error
