"""Where the names of the columns stand in a text file, and how its rows fit them: titles above, row names before."""

import csv
from collections.abc import Iterable, Sequence
from itertools import islice, pairwise
from typing import Final

from graphwatch.errors import InputError
from graphwatch.ingest.binding import DELIMITERS, bind, wanted_columns
from graphwatch.ingest.lines import Lines, declared_delimiter
from graphwatch.ingest.mapping import Mapping_

# Titles, dates and blank rows that people put above a table.
MOST_ABOVE: Final = 20
_LOOKED_AT: Final = 100


def find_header(lines: Lines, mapping: Mapping_, delimiter: str | None, where: str) -> tuple[int, str]:
    """The number of the line that names the columns, and the delimiter.

    The first line with something in it, unless it lacks columns and one of the next has them all.

    Args:
        lines: the file.
        mapping: which column gives which property.
        delimiter: as given; None where a line `sep=` or the names are to tell.
        where: the file, for messages.
    """
    filled = [(number, line) for number, line in lines.beginning() if line.strip()]
    declared = declared_delimiter(filled[0][1]) if filled else None
    filled = filled[1:] if declared else filled
    delimiter = delimiter or declared
    if not filled:
        return 1, delimiter or DELIMITERS[0]
    first = delimiter or _sniffed(filled[0][1], mapping)
    for number, line in filled[: MOST_ABOVE + 1]:
        for tried in (first,) if delimiter or number == filled[0][0] else DELIMITERS:
            if binds(mapping, _cells(line, tried), where):
                if number != filled[0][0]:
                    lines.notes.append(passed_over(number))
                return number, tried
    return filled[0][0], first


def binds(mapping: Mapping_, header: Sequence[str], where: str) -> bool:
    """Whether a row has the names of all columns that are needed."""
    try:
        bind(mapping, header, where)
    except InputError:
        return False
    return True


def without_titles(rows: list[list[str]]) -> list[list[str]]:
    """The rows from the first on that is filled as widely as a header: where no mapping says which it is.

    >>> without_titles([["Rekap", "", ""], ["akun", "jenis", "waktu"], ["ani", "suka", ""]])
    [['akun', 'jenis', 'waktu'], ['ani', 'suka', '']]
    """
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows[: MOST_ABOVE + 1]]
    return rows[next((at for at, count in enumerate(filled) if 2 * count > max(filled)), 0) :]


def passed_over(number: int) -> str:
    """What is said of titles above the names of the columns."""
    return f"the names of the columns are in line {number}; what stands above them was passed over"


def fitted(header: list[str], number: int, lines: Lines, delimiter: str, where: str) -> list[str]:
    """The header, with a name of nothing for the one cell that each row has more.

    R writes the number of a row before its cells, and some programs a delimiter behind the last.

    Raises:
        InputError: every row has one cell more, and it is not plain which of them has no name.
    """
    below = (f"{line}\n" for at, line in lines.beginning() if at > number)
    rows = [row for row in islice(_rows(below, delimiter), _LOOKED_AT) if row]
    if not rows or any(len(row) != len(header) + 1 for row in rows):
        return header
    numbered, open_ended = _counts(row[0] for row in rows), not any(row[-1].strip() for row in rows)
    if numbered and not open_ended:
        lines.notes.append("every row has one cell more than the header: its first is taken for the row's number")
        return ["", *header]
    if open_ended and not numbered:
        return [*header, ""]
    if len(rows) == 1:  # a stray delimiter will do for one
        return header
    raise InputError(
        "every row has one cell more than the header, as where R or pandas writes the names of rows",
        where=f"{where}, line {number}",
        remedy="Give that column a name in the header too (for R: col.names = NA), or write the file without it.",
    )


def _counts(cells: Iterable[str]) -> bool:
    """Whether the cells are numbers that only grow, as those of rows do."""
    texts = [cell.strip() for cell in cells]
    if not all(text.isdecimal() and text.isascii() and len(text) < 10 for text in texts):
        return False
    return all(int(one) < int(other) for one, other in pairwise(texts))


def _rows(lines: Iterable[str], delimiter: str) -> Iterable[list[str]]:
    try:
        yield from csv.reader(lines, delimiter=delimiter)
    except csv.Error:
        return


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _sniffed(header: str, mapping: Mapping_) -> str:
    """The delimiter that finds most of the mapped columns in the header; then the one that splits it most."""

    def merit(delimiter: str) -> tuple[int, int]:
        columns = next(csv.reader([header], delimiter=delimiter), [])
        names = {name.strip() for name in columns}
        wanted = wanted_columns(mapping, list(names)).values()
        return len(names.intersection(wanted)), len(columns)

    return max(DELIMITERS, key=merit)
