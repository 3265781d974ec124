"""Delimited text, read so that one broken quote costs one row."""

import csv
from collections import deque
from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv as pa_csv

from graphwatch.common.notes import Note
from graphwatch.errors import InputError, UsageError
from graphwatch.ingest.beside import refuse_beside
from graphwatch.ingest.files import Look
from graphwatch.ingest.heading import DELIMITERS, at_line, bind, find_header, fitted, labelled, rows_below
from graphwatch.ingest.lines import RECORD_CHARACTERS, Lines, text_of
from graphwatch.ingest.mapping import Mapping_
from graphwatch.ingest.quarantine import Problem, Quarantine, problem
from graphwatch.ingest.rows import Rows, rows_of
from graphwatch.settings import CELL_BYTES

# Each costs reading up to a record's length again.
_RESUMPTIONS: Final = 1_000

_UNCLOSED: Final = problem("quote_open")
_AFTER_QUOTE: Final = problem("after_quote")
_LONG: Final = problem("long_cell", most=str(CELL_BYTES))
_FIELDS: Final = problem("cells")


class _TooLongError(Exception):
    """A record goes on for longer than any record does."""


class _Tape:
    """Lines for the csv reader, which can be wound back to the second line of the current record."""

    def __init__(self, blocks: Iterator[list[bytes]]) -> None:
        self._blocks = blocks
        self._block: list[bytes] = []
        self._at = 0
        self._again: deque[str] = deque()
        self._characters = 0
        self.record: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._again:
            line = self._again.popleft()
        else:
            if self._at >= len(self._block):
                self._block, self._at = next(self._blocks), 0
            line = text_of(self._block[self._at])
            self._at += 1
        self.record.append(line)
        self.number += 1
        self._characters += len(line)
        if self._characters > RECORD_CHARACTERS:
            raise _TooLongError
        return line

    def start_record(self) -> int:
        """Forget the last record; the number of the line that comes next."""
        self.record.clear()
        self._characters = 0
        return self.number + 1

    def pass_over(self, count: int) -> None:
        """Go on to the line behind the next `count` ones."""
        for _ in range(count if self.has_more() else 0):
            next(self)
        self.start_record()

    def rewind(self) -> None:
        """Go back to after the first line of the current record."""
        self._again.extendleft(reversed(self.record[1:]))
        self.number -= len(self.record) - 1

    def has_more(self) -> bool:
        """Whether any line is left; gets the next block if need be."""
        if not self._again and self._at >= len(self._block):
            self._block, self._at = next(self._blocks, []), 0
        return bool(self._again or self._block)

    def left_in_block(self) -> int:
        """Lines before the next block has to be got."""
        return len(self._again) + len(self._block) - self._at

    def unquoted_rest(self) -> bytes | None:
        """The rest of the block if it holds no quote: then each line of it is a record."""
        rest = b"".join(self._block[self._at :])
        return None if self._again or b'"' in rest else rest

    def skip_rest(self) -> None:
        """The rest of the block has been read by other means."""
        self.number += len(self._block) - self._at
        self._at = len(self._block)


class _Records:
    """Records that can be parsed and have as many cells as the first; the others go to the quarantine."""

    def __init__(self, tape: _Tape, delimiter: str, where: str, quarantine: Quarantine) -> None:
        self._tape, self._delimiter, self._where, self._quarantine = tape, delimiter, where, quarantine
        self._resumptions = 0
        self.width = self.undoubled = 0
        self._reader = csv.reader(tape, delimiter=delimiter, strict=True)

    def next(self) -> tuple[int, list[str]] | None:
        """The next good record with the number of its first line; None after a bad or blank one.

        Raises:
            InputError: where broken quotes do not end.
            StopIteration: at the end.
        """
        first = self._tape.start_record()
        try:
            record = next(self._reader)
        except (csv.Error, _TooLongError) as error:
            cells = _with_undoubled_quotes(self._tape.record[0].rstrip("\r\n"), self._delimiter)
            if cells and len(cells) == self.width and max(map(len, cells)) <= CELL_BYTES:
                self.undoubled += 1
                self._resume()
                return first, cells
            self._refuse(first, _problem_of(error))
            return None
        if not record:
            return None
        self.width = self.width or len(record)
        if len(record) != self.width:
            self._refuse(first, _FIELDS)
            return None
        return first, record

    def _refuse(self, first: int, problem: Problem) -> None:
        record = self._tape.record
        self._quarantine.refuse(first, None, record[0].rstrip("\r\n"), problem)
        self._resumptions += len(record) > 1
        if self._resumptions > _RESUMPTIONS:
            raise InputError(
                f"more than {_RESUMPTIONS} records have broken quotes",
                where=f"{self._where}, line {first}",
                remedy="Export the file again with quotes inside cells doubled, or check the delimiter.",
            )
        self._resume()

    def _resume(self) -> None:
        """Go on at the line after the first of the current record."""
        self._tape.rewind()
        self._reader = csv.reader(self._tape, delimiter=self._delimiter, strict=True)


def read_delimited(
    look: Look, lines: Lines, mapping: Mapping_, delimiter: str | None, quarantine: Quarantine
) -> Iterator[Rows]:
    """The rows of a delimited text file; its first record is the header.

    A record that cannot be parsed is refused with its first line, and reading goes on at the line after
    that one, so that a stray quote never swallows the good rows that follow.

    Raises:
        InputError: for a header that does not fit, or where broken quotes do not end.
        UsageError: for a delimiter that is not one of , ; tab |
    """
    if delimiter is not None and delimiter not in DELIMITERS:
        remedy = "Use a comma, a semicolon, a tab or a vertical bar."
        raise UsageError(f"'{delimiter}' is not a delimiter that can be read", remedy=remedy)
    # The limit is the process's own: never lower what somebody else has set.
    csv.field_size_limit(max(csv.field_size_limit(), CELL_BYTES))
    line, delimiter = find_header(lines, mapping, delimiter, str(look.path))
    tape = _Tape(lines.blocks())
    tape.pass_over(line - 1)
    records = _Records(tape, delimiter, str(look.path), quarantine)
    number, header = _header(tape, records, str(look.path))
    header = fitted(header, tape.number, lines, delimiter, str(look.path))
    records.width = len(header)
    bound = bind(mapping, header, at_line(look.path, number))
    refuse_beside(header, rows_below(lines, tape.number, delimiter), bound.values(), at_line(look.path, number))
    positions = labelled(bound)
    names = {p: header[i].strip() for p, i in positions.items()}
    while tape.has_more():
        first, rest = tape.number + 1, tape.unquoted_rest()
        columns = rest and _parsed_at_once(rest, tape.left_in_block(), delimiter, len(header), positions)
        if columns:
            tape.skip_rest()
            yield Rows(range(first, tape.number + 1), columns, lines.position)
        else:
            numbers, cells = _parsed_singly(tape, records, positions)
            yield rows_of(numbers, cells, lines.position, names, quarantine)
    if records.undoubled:
        lines.notes.append(Note("load.undoubled", n=records.undoubled))


def _header(tape: _Tape, records: _Records, where: str) -> tuple[int, list[str]]:
    while tape.has_more():
        found = records.next()
        if found:
            return found
    raise InputError("the file is empty", where=where, remedy="Export it again.")


def _parsed_singly(
    tape: _Tape, records: _Records, positions: dict[str, int]
) -> tuple[list[int], dict[str, list[str | None]]]:
    """The records that begin in the present block."""
    numbers: list[int] = []
    cells: dict[str, list[str | None]] = {property: [] for property in positions}
    wanted = [(cells[property].append, at) for property, at in positions.items()]
    left = tape.left_in_block()
    while 0 < tape.left_in_block() <= left:
        left = tape.left_in_block()
        found = records.next()
        if found:
            numbers.append(found[0])
            for append, at in wanted:
                append(found[1][at])
    return numbers, cells


def _parsed_at_once(
    text: bytes, count: int, delimiter: str, width: int, positions: dict[str, int]
) -> dict[str, Any] | None:
    """Columns of text without quotes, if each of its `count` lines is a record as it should be; else None."""
    wanted = {property: str(at) for property, at in positions.items()}
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(text),
            read_options=pa_csv.ReadOptions(
                column_names=[str(at) for at in range(width)], block_size=len(text) + 1, use_threads=False
            ),
            parse_options=pa_csv.ParseOptions(delimiter=delimiter, quote_char=False),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(wanted.values(), pa.string()),
                include_columns=list(dict.fromkeys(wanted.values())),
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != count:
        return None
    return {property: table.column(at).combine_chunks() for property, at in wanted.items()}


def _with_undoubled_quotes(line: str, delimiter: str) -> list[str] | None:
    """The cells of a line, where a quote ends a cell only before a delimiter or at the end; None if that fails.

    >>> _with_undoubled_quotes('a;"so "called" ones; yes"', ";")
    ['a', 'so "called" ones; yes']
    """
    cells, at = [], 0
    while at <= len(line):
        if line.startswith('"', at):
            end = line.find(f'"{delimiter}', at + 1)
            end = len(line) - 1 if end < 0 else end
            if end <= at or line[end] != '"':
                return None
            cells.append(line[at + 1 : end].replace('""', '"'))
            at = end + 2
        else:
            end = line.find(delimiter, at)
            end = len(line) if end < 0 else end
            if '"' in line[at:end]:
                return None
            cells.append(line[at:end])
            at = end + 1
    return cells


def _problem_of(error: Exception) -> Problem:
    message = str(error)
    if "expected after" in message:
        return _AFTER_QUOTE
    return _UNCLOSED if "unexpected end" in message else _LONG
