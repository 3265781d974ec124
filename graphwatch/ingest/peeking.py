"""The first records of a file, whatever its layout: to guess what it is, or to map it."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from graphwatch.errors import InputError
from graphwatch.ingest.binding import DELIMITERS
from graphwatch.ingest.files import Format, Look, look_at
from graphwatch.ingest.json import Record, flat, found, unnested
from graphwatch.ingest.layout import Layout
from graphwatch.ingest.lines import Lines

_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Peek:
    """The beginning of a file: its columns, and records by column; objects as they are where it is `nested` JSON."""

    header: tuple[str, ...]
    records: tuple[Record, ...]
    nested: bool = False

    def under(self, layout: Layout) -> "Peek":
        """The same as a preset of that layout sees it, with the columns inside arrays that it looks at."""
        if not self.nested:
            return self
        records = tuple(flat(one) for top in self.records for one in unnested(top, layout.records, layout.each))
        inside = [name for name in layout.columns() if any(found(record, name) is not None for record in records)]
        return Peek(tuple(dict.fromkeys([*(name for record in records for name in record), *inside])), records)

    def words(self, column: str) -> Iterator[str]:
        """What the records have in that column, without empty cells."""
        for record in self.records:
            value = found(record, column)
            if value not in (None, ""):
                yield str(value)


def peek(path: Path, encoding: str | None = None, delimiter: str | None = None, sheet: str | None = None) -> Peek:
    """Look at the beginning of a file.

    Raises:
        InputError: if it cannot be read, or is empty.
    """
    look = look_at(path)
    if look.format is Format.PARQUET:
        from graphwatch.ingest.parquet import first_rows

        return _table(look, first_rows(look, _MOST))
    if look.format is Format.SHEETS:
        from graphwatch.ingest.sheets import first_rows as first_rows_of_sheet

        return _table(look, first_rows_of_sheet(look, sheet, _MOST))
    from graphwatch.ingest.json import first_objects, is_json_lines

    lines = Lines(look, encoding)
    if delimiter is None and is_json_lines(look, lines.first()):
        try:
            objects = tuple(first_objects(look, lines, _MOST))
            header = dict.fromkeys(name for record in objects for name in flat(record))
        except RecursionError:
            remedy = "Write plain records, one JSON object on each line."
            raise InputError("the JSON is nested too deeply", where=str(path), remedy=remedy) from None
        return Peek(tuple(header), objects, nested=True)
    return _table(look, _delimited(look, lines, delimiter))


def _delimited(look: Look, lines: Lines, delimiter: str | None) -> list[list[str]]:
    """The first records, with the delimiter that splits the header most."""
    text = look.sample.decode(lines.encoding, "replace").removeprefix("\ufeff")
    first = lines.first()
    delimiter = delimiter or max(DELIMITERS, key=lambda d: len(next(csv.reader([first], delimiter=d), [])))
    try:
        filled = (row for row in csv.reader(text.splitlines(keepends=True), delimiter=delimiter) if row)
        return list(islice(filled, _MOST))
    except csv.Error:  # a quote that does not end: the header is enough
        return list(csv.reader([first], delimiter=delimiter))


def _table(look: Look, rows: list[list[Any]]) -> Peek:
    if not rows:
        raise InputError("the file is empty", where=str(look.path), remedy="Export it again.")
    header = tuple(str(name).strip() for name in rows[0])
    return Peek(header, tuple(dict(zip(header, row, strict=False)) for row in rows[1:]))
