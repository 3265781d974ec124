"""What an unknown file is: its first records, and which preset reads it and why."""

import csv
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from graphwatch.errors import InputError
from graphwatch.ingest.beside import tables_beside
from graphwatch.ingest.files import Format, Look, look_at
from graphwatch.ingest.heading import DELIMITERS, MOST_COLUMNS, refuse_endless, without_titles
from graphwatch.ingest.json import Record, flat, unnested
from graphwatch.ingest.json import found as cell_of
from graphwatch.ingest.layout import Layout
from graphwatch.ingest.lines import Lines, declared_delimiter, text_of
from graphwatch.ingest.loads import LOADS
from graphwatch.ingest.mapping import Mapping_
from graphwatch.ingest.presets import PRESETS, Preset, Statement
from graphwatch.ingest.worksheet import rows_of_sheet

_MOST: Final = 200
_MOST_SHEETS: Final = 20
# A record has hardly more; a quote that does not end would swallow the file.
_MOST_LINES: Final = 50


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
        inside = [name for name in layout.columns() if any(cell_of(record, name) is not None for record in records)]
        return Peek(tuple(dict.fromkeys([*(name for record in records for name in record), *inside])), records)

    def words(self, column: str) -> Iterator[str]:
        """What the records have in that column, without empty cells."""
        return self.texts((column,))

    def texts(self, columns: Sequence[str]) -> Iterator[str]:
        """What the records have in these columns together, without empty cells."""
        for record in self.records:
            values = [cell_of(record, column) for column in columns]
            if text := " ".join(str(value) for value in values if value not in (None, "")):
                yield text


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
        # Where ids are the names of members, there may be any number.
        return Peek(tuple(islice(header, MOST_COLUMNS)), objects, nested=True)
    return _table(look, _delimited(look, lines, delimiter))


def peek_for(look: Look, mapping: Mapping_) -> Peek:
    """Look at the beginning of the sheet of a workbook that a mapping reads where none is named.

    Raises:
        InputError: if it cannot be read, or no sheet or several have the columns.
    """
    from graphwatch.ingest.sheets import first_rows_for

    return _table(look, first_rows_for(look, mapping, _MOST))


def _delimited(look: Look, lines: Lines, delimiter: str | None) -> list[list[str]]:
    """The first records, with the delimiter that splits the header most."""
    text = look.sample.decode(lines.encoding, "replace").removeprefix("\ufeff")
    declared = declared_delimiter(next(iter(text.splitlines()), ""))
    delimiter = delimiter or _delimiter(lines, declared)
    try:
        filled = (row for row in csv.reader(text.splitlines(keepends=True), delimiter=delimiter) if row)
        if declared:
            next(filled, None)
        return without_titles(list(islice(filled, _MOST)))
    except csv.Error:  # a quote that does not end: the header is enough
        return list(csv.reader([lines.first()], delimiter=delimiter))


def _delimiter(lines: Lines, declared: str | None) -> str:
    first = lines.first()
    return declared or max(DELIMITERS, key=lambda d: len(next(csv.reader([first], delimiter=d), [])))


def rows_numbered(path: Path, numbers: Collection[int], sheet: str | None = None) -> dict[int, list[str]]:
    """The cells of single rows as they stand, by the number under which a row is refused.

    Args:
        path: the file.
        numbers: line of a text file, or row of a sheet.
        sheet: of a spreadsheet; the first one when left out.

    Returns:
        Those that are there; none of JSON and Parquet, whose rows are no lines of cells.

    Raises:
        InputError: it cannot be read.
    """
    from graphwatch.ingest.json import is_json_lines

    look, wanted = look_at(path), frozenset(numbers)
    if look.format is Format.SHEETS:
        return {number: row for number, row in rows_of_sheet(path, sheet) if number in wanted}
    if look.format is Format.PARQUET or not wanted:
        return {}
    lines = Lines(look, None)
    if is_json_lines(look, lines.first()):
        return {}
    delimiter = _delimiter(lines, declared_delimiter(next((line for _, line in lines.beginning()), "")))
    found: dict[int, list[str]] = {}
    below = enumerate((text_of(line) for block in lines.blocks() for line in block), 1)
    for number, line in below:
        if number > max(wanted):
            break
        if number in wanted:
            # A quoted cell may have the lines below in it.
            record = next(csv.reader(_record(line, below), delimiter=delimiter), [])
            found[number] = [cell.encode("utf-8", "replace").decode() for cell in record]
    return found


def _record(line: str, below: Iterator[tuple[int, str]]) -> list[str]:
    lines = [line]
    while sum(one.count('"') for one in lines) % 2 and len(lines) < _MOST_LINES:
        lines.append(next(below, (0, '"'))[1])
    return lines


def _table(look: Look, rows: list[list[Any]]) -> Peek:
    if not rows:
        raise InputError("the file is empty", where=str(look.path), remedy="Export it again.")
    refuse_endless(rows[0], str(look.path))
    header = tuple(str(name).strip() for name in rows[0])
    texts = [[str(cell) for cell in row] for row in rows[1:]]
    found = [Peek(header[t.start : t.stop], _records(header, rows[1:], t)) for t in tables_beside(header, texts)]
    # Of tables side by side that is looked at which has most columns.
    return max(found, key=lambda one: len(one.header), default=Peek(header, ()))


def _records(header: tuple[str, ...], rows: list[list[Any]], table: range) -> tuple[Record, ...]:
    part = slice(table.start, table.stop)
    cut = (row[part] for row in rows)
    return tuple(
        dict(zip(header[part], row, strict=False)) for row in cut if any(cell not in (None, "") for cell in row)
    )


@dataclass(frozen=True, slots=True)
class Guess:
    """How well a preset fits a file.

    Attributes:
        preset: the preset.
        kinds: what its rows say.
        matched: its columns that the file has.
        missing: its columns that the file lacks, and signs that it is another layout.
        to_give: properties that every row needs and the caller must give.
    """

    preset: Preset
    kinds: tuple[str, ...]
    matched: tuple[str, ...]
    missing: tuple[str, ...]
    to_give: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether the preset reads the file; one column that it knows is too little to say so."""
        return not self.missing and len(self.matched) > 1


def sheets_of(path: Path) -> list[str]:
    """The names of the first sheets of a workbook, as many as are looked at; none of another file."""
    if look_at(path).format is not Format.SHEETS:
        return []
    from graphwatch.ingest.worksheet import names_of_sheets

    return names_of_sheets(path)[:_MOST_SHEETS]


def guesses(
    path: Path | str, *, encoding: str | None = None, delimiter: str | None = None, sheet: str | None = None
) -> list[Guess]:
    """The presets that have columns of a file, those that read it first.

    Args:
        path: the file.
        encoding, delimiter, sheet: where they are not found by looking.

    Raises:
        InputError: if the file cannot be read.
    """
    return guesses_of(peek(Path(path), encoding, delimiter, sheet))


def guesses_of(seen: Peek) -> list[Guess]:
    """The same of what has been seen of a file."""
    found = [_plain(seen), *(_fit(preset, seen) for preset in PRESETS.values() if preset.statements)]
    return sorted((g for g in found if g.matched), key=lambda g: (not g.fits, len(g.missing) - len(g.matched)))


def _fit(preset: Preset, seen: Peek) -> Guess:
    matched: dict[str, None] = {}
    missing: dict[str, None] = {}
    for at, statement in enumerate(preset.statements):
        under = seen.under(statement.layout)
        names = {*under.header, *(c for c in statement.columns.values() if any(under.words(c)))}
        cells = statement.cells().values()
        matched |= dict.fromkeys(name for cell in cells for name in cell.names if name in names)
        # Acts of a second kind need not occur among the first objects; columns of a table are all there.
        if at == 0 or not seen.nested:
            missing |= dict.fromkeys(name for cell in cells for name in cell.missing(names))
            missing |= dict.fromkeys(column for column, _ in statement.layout.when if column not in names)
    first = seen.under(preset.statements[0].layout)
    for column, words in preset.marks:
        if column not in first.header:
            missing[column] = None
        elif words and not any(word.lower() in words for word in first.words(column)):
            missing[f"{column} = {' or '.join(words)}"] = None
        else:
            matched[column] = None
    return Guess(preset, preset.kinds, tuple(matched), tuple(missing), _to_give(preset.statements[0]))


def _to_give(statement: Statement) -> tuple[str, ...]:
    given = {*statement.cells(), *statement.constants}
    return tuple(f.name for f in LOADS[statement.kind].fields if f.required and f.name not in given)


def _plain(seen: Peek) -> Guess:
    """How well columns are named like properties, of the kind of load that they fit best."""

    def fit(kind: str) -> Guess:
        fields = LOADS[kind].fields
        matched = tuple(f.name for f in fields if f.name in seen.header)
        return Guess(PRESETS["generic"], (kind,), matched, _lacking(kind, seen.header))

    # What a row did is said of acts only.
    kinds = ("interactions",) if "kind" in seen.header and "number" not in seen.header else tuple(LOADS)
    return min(map(fit, kinds), key=lambda g: (not g.fits, len(g.missing) - len(g.matched)))


def _lacking(kind: str, header: Iterable[str]) -> tuple[str, ...]:
    load, names = LOADS[kind], set(header)
    lacking = tuple(f.name for f in load.fields if f.required and f.name not in names)
    if lacking or not load.one_of:
        return lacking
    # Columns that any list of posts may have, too, say nothing of what a row is.
    elsewhere = {f.name for other in ("interactions", "posts") for f in LOADS[other].fields}
    telling = tuple(f.name for f in load.fields if f.name not in elsewhere)
    return () if names & set(load.one_of) and names & set(telling) else telling
