"""Options that say how a table is printed, for the commands that answer with one."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    import pyarrow as pa

    from graphwatch.common.table import Table


_FORMS: Final = {
    "table": "For reading. [default on a terminal]",
    "csv": "[default elsewhere]",
    "tsv": None,
    "json": None,
    "jsonl": None,
    "markdown": None,
    "arrow": "Arrow IPC stream.",
}


def form_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--table, --csv, --tsv, --json, --jsonl, --markdown and --arrow, which the command gets as one `form`."""
    for form, said in reversed(_FORMS.items()):
        command = click.option(f"--{form}", "form", flag_value=form, help=said)(command)
    return command


def form_or_default(form: str | None) -> str:
    """That form; without one, for reading on a terminal and CSV elsewhere."""
    return form or ("table" if sys.stdout.isatty() else "csv")


def show_table(table: "pa.Table | Table", form: str | None) -> None:
    """Print a table in that form, see `form_or_default`."""
    from graphwatch.cli.render import render
    from graphwatch.common.table import Table

    chosen = form_or_default(form)
    stream: Any = sys.stdout.buffer if chosen == "arrow" else sys.stdout
    render(table.to_arrow() if isinstance(table, Table) else table, chosen, stream)
