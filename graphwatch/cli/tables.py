"""Results for people and programs: tables in several forms, and JSON, with the options that choose one.

Values are written by the people under watch. None of them may move the cursor of a terminal, become a
formula in a spreadsheet, or become markup.
"""

import io
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import click

from graphwatch.cli.terminal import json_text, note, shown, text_of, visible
from graphwatch.common.i18n import text
from graphwatch.common.sanitize import spreadsheet_text
from graphwatch.errors import UsageError
from graphwatch.settings import TERMINAL_LANGUAGE

if TYPE_CHECKING:
    import pyarrow as pa

    from graphwatch.common.table import Table

FORMATS: Final = ("table", "csv", "csv-excel", "tsv", "json", "jsonl", "markdown", "arrow")
# What a person chose: one of these, or the workbook that is to be written.
Form = str | Path
_BATCH: Final = 10_000
_NARROWEST: Final = 3

_MARKUP: Final = re.compile(r"([\\`*_\[\]<>|~&$#])")


def render(
    table: "pa.Table",
    format: str,
    stream: IO[Any],
    *,
    width: int | None = None,
    inert: bool = True,
    language: str = TERMINAL_LANGUAGE,
) -> None:
    r"""Write a table to a stream, batch by batch, in UTF-8 with \n at the ends of lines; `csv-excel` as Excel opens it.

    Null is empty in table, CSV, TSV and Markdown and null in JSON, as NaN and infinity are. Lists are joined
    by `, ` and nodes or maps are JSON text where a cell must be text. Text in CSV and TSV that a
    spreadsheet would compute has an apostrophe before it; numbers stay numbers.

    Args:
        table: the answer.
        format: one of `FORMATS`.
        stream: a text stream, or a binary one for `arrow`.
        width: columns of the terminal that a `table` is cut to; by default those of the terminal.
        inert: whether text in CSV and TSV gets that apostrophe; not where another tool's table is given as it is.
        language: whose separator and decimal sign `csv-excel` has.

    Raises:
        UsageError: there is no such format.

    >>> import pyarrow, sys
    >>> render(pyarrow.table({"handle": ["=1+1", None], "n": [-1, 2]}), "csv", sys.stdout)
    handle,n
    '=1+1,-1
    ,2
    """
    if format not in FORMATS:
        raise UsageError(f"there is no format {format!r}", remedy=f"Formats: {', '.join(FORMATS)}.")
    if format == "arrow":
        _write_arrow(table, stream)
        return
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", newline="\n")
    if format == "table":
        _write_table(table, stream, width or shutil.get_terminal_size((120, 24)).columns)
        return
    writers: dict[str, Callable[[pa.Table, IO[str]], None]] = {
        "csv": lambda t, s: _write_separated(t, s, ",", inert),
        "csv-excel": lambda t, s: _write_for_excel(t, s, language),
        "tsv": lambda t, s: _write_separated(t, s, "\t", inert),
        "json": _write_json,
        "jsonl": _write_json_lines,
        "markdown": _write_markdown,
    }
    writers[format](table, stream)


def _rows(table: "pa.Table") -> Iterator[tuple[Any, ...]]:
    """The rows as Python values; only one batch of them is held."""
    for batch in table.to_batches(max_chunksize=_BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _names(table: "pa.Table") -> list[str]:
    """The column names, numbered where one repeats, so that no column hides another."""
    names: list[str] = []
    for name in table.column_names:
        candidate, number = name, 1
        while candidate in names:
            number += 1
            candidate = f"{name}_{number}"
        names.append(candidate)
    return names


def _write_arrow(table: "pa.Table", stream: IO[bytes]) -> None:
    import pyarrow as pa

    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table, max_chunksize=_BATCH)


def _write_separated(table: "pa.Table", stream: IO[str], separator: str, inert: bool) -> None:
    # The csv module of Python 3.11 leaves a lone carriage return unquoted when lines end in \n.
    special = re.compile(f'["\r\n{separator}]|^ | $')
    on_terminal = stream.isatty()

    def cell(value: Any) -> str:
        text = text_of(value)
        if isinstance(value, int | float):
            return text
        text = visible(text) if on_terminal else text
        text = spreadsheet_text(text, exact=True) if inert else text
        return '"' + text.replace('"', '""') + '"' if special.search(text) else text

    def line(values: Sequence[Any]) -> str:
        # An empty line would be no row at all.
        return (separator.join(map(cell, values)) or '""') + "\n"

    stream.write(line(_names(table)))
    for row in _rows(table):
        stream.write(line(row))


def _write_for_excel(table: "pa.Table", stream: IO[str], language: str) -> None:
    from graphwatch.common.spreadsheets import write_excel_csv

    out = io.StringIO() if stream.isatty() else stream
    write_excel_csv(out, _names(table), _rows(table), language)
    if isinstance(out, io.StringIO) and out is not stream:
        # A terminal is no spreadsheet: it shows the lines, and not the mark before them.
        stream.write(visible(out.getvalue().lstrip("\ufeff")) + "\n")


def _write_json(table: "pa.Table", stream: IO[str]) -> None:
    names = _names(table)
    stream.write("[")
    separator = "\n"
    for row in _rows(table):
        stream.write(separator + json_text(dict(zip(names, row, strict=True))))
        separator = ",\n"
    stream.write("\n]\n")


def _write_json_lines(table: "pa.Table", stream: IO[str]) -> None:
    names = _names(table)
    for row in _rows(table):
        stream.write(json_text(dict(zip(names, row, strict=True))) + "\n")


def _write_markdown(table: "pa.Table", stream: IO[str]) -> None:
    def cell(value: Any) -> str:
        return _MARKUP.sub(r"\\\1", visible(text_of(value)))

    def line(values: Sequence[Any]) -> str:
        return f"| {' | '.join(map(cell, values))} |" + "\n"

    stream.write(line(_names(table)))
    stream.write("|" + "".join("---:|" if number else "---|" for number in _numeric(table)) + "\n")
    for row in _rows(table):
        stream.write(line(row))


def _numeric(table: "pa.Table") -> list[bool]:
    import pyarrow as pa

    return [pa.types.is_integer(f.type) or pa.types.is_floating(f.type) for f in table.schema]


def _write_table(table: "pa.Table", stream: IO[str], width: int) -> None:
    """Columns of text under a rule; too wide ones are cut, the widest first."""
    from rich.cells import cell_len, set_cell_size

    names = [visible(name) for name in _names(table)]
    widest = [cell_len(name) for name in names]
    for row in _rows(table):
        widest = [max(w, cell_len(shown(v))) for w, v in zip(widest, row, strict=True)]
    widths = _fitted(widest, width)
    numeric = _numeric(table)

    def cell(text: str, size: int, number: bool) -> str:
        length = cell_len(text)
        if length > size:
            return set_cell_size(text, size - 1) + "…"
        space = " " * (size - length)
        return space + text if number else text + space

    def line(texts: Sequence[str]) -> str:
        cells = "  ".join(map(cell, texts, widths, numeric))
        return (set_cell_size(cells, width) if cell_len(cells) > width else cells).rstrip() + "\n"

    stream.write(line(names))
    stream.write(line(["─" * w for w in widths]))
    for row in _rows(table):
        stream.write(line([shown(value) for value in row]))


def _fitted(widest: list[int], width: int) -> list[int]:
    """Widths of columns that fit side by side with two blanks between: the widest give way first.

    >>> _fitted([5, 40, 60], 60)
    [5, 25, 26]
    """
    room = width - 2 * (len(widest) - 1)
    widths = [max(w, 1) for w in widest]
    order = sorted(range(len(widths)), key=lambda column: widths[column])
    for place, column in enumerate(order):
        share = max(room // (len(order) - place), min(_NARROWEST, widths[column]))
        widths[column] = min(widths[column], share)
        room -= widths[column]
    return widths


_FORMS: Final = {
    "table": "Columns for reading. [default on a terminal]",
    "csv": "Comma-separated. [default elsewhere]",
    "csv-excel": "CSV that Excel opens in columns: marked as UTF-8, with semicolons where the language is Indonesian.",
    "tsv": "Tab-separated.",
    "json": "A JSON list of rows.",
    "jsonl": "A JSON object per row and line.",
    "markdown": "A Markdown table.",
    "arrow": "Arrow IPC stream.",
}


def form_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--table, --csv, --xlsx FILE and the others, which the command gets as one `form`."""

    @wraps(command)
    def with_form(*words: Any, form: str | None, xlsx: Path | None, **others: Any) -> Any:
        if form and xlsx:
            raise UsageError(f"--xlsx cannot be combined with --{form}", remedy="Leave one of the two out.")
        return command(*words, form=xlsx or form, **others)

    made: Callable[..., Any] = xlsx_option(with_form)
    for form, said in reversed(_FORMS.items()):
        made = click.option(f"--{form}", "form", flag_value=form, help=said)(made)
    return made


xlsx_option: Final = click.option(
    "--xlsx", type=click.Path(path_type=Path), metavar="FILE", help="Write an Excel workbook instead."
)


json_option: Final = click.option(
    "--json", "as_json", is_flag=True, help="The result as one JSON document, for programs."
)


def print_json(value: Any) -> None:
    """Print a result that is no table as JSON on lines that a person can read, too; see `json_text`."""
    click.echo(json_text(value, indent=1))


def form_or_default(form: Form | None) -> Form:
    """That form; without one, for reading on a terminal and CSV elsewhere."""
    return form or ("table" if sys.stdout.isatty() else "csv")


def show_table(table: "pa.Table | Table", form: Form | None, language: str, *, inert: bool = True) -> None:
    """Print a table in that form, see `form_or_default`, or write it as a workbook; `inert` as for `render`."""
    chosen, rows = form_or_default(form), _arrow(table)
    if isinstance(chosen, Path):
        write_xlsx(chosen, {chosen.stem: rows}, language)
        return
    stream: Any = sys.stdout.buffer if chosen == "arrow" else sys.stdout
    render(rows, chosen, stream, inert=inert, language=language)


def write_xlsx(path: Path, tables: "Mapping[str, pa.Table | Table]", language: str) -> None:
    """Write tables as one workbook, a sheet for each by its name, and say so.

    Raises:
        UsageError: one has more rows than a sheet takes.
        GraphwatchError: the file cannot be written.
    """
    from graphwatch.common.spreadsheets import write_workbook

    sheets = {name: _arrow(table) for name, table in tables.items()}
    write_workbook(path, {name: (_names(rows), _rows(rows)) for name, rows in sheets.items()})
    note(text("table.written", language, file=visible(str(path)), n=sum(rows.num_rows for rows in sheets.values())))


def _arrow(table: "pa.Table | Table") -> "pa.Table":
    from graphwatch.common.table import Table

    return table.to_arrow() if isinstance(table, Table) else table
