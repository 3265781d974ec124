"""Options that say how a table is printed, for the commands that answer with one."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pyarrow as pa


def form_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--table, --csv, --tsv, --json, --jsonl, --markdown and --arrow, which the command gets as one `form`."""

    @click.option("--table", "form", flag_value="table", help="For reading. [default on a terminal]")
    @click.option("--csv", "form", flag_value="csv", help="[default elsewhere]")
    @click.option("--tsv", "form", flag_value="tsv")
    @click.option("--json", "form", flag_value="json")
    @click.option("--jsonl", "form", flag_value="jsonl")
    @click.option("--markdown", "form", flag_value="markdown")
    @click.option("--arrow", "form", flag_value="arrow", help="Arrow IPC stream.")
    @wraps(command)
    def with_form(*words: Any, **others: Any) -> Any:
        return command(*words, **others)

    return with_form


def form_or_default(form: str | None) -> str:
    """That form; without one, for reading on a terminal and CSV elsewhere."""
    return form or ("table" if sys.stdout.isatty() else "csv")


def show_table(table: "pa.Table", form: str | None) -> None:
    """Print a table in that form, see `form_or_default`."""
    from graphwatch.cli.render import render

    chosen = form_or_default(form)
    stream: Any = sys.stdout.buffer if chosen == "arrow" else sys.stdout
    render(table, chosen, stream)
