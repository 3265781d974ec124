"""The header of a file: where it stands, how the rows below fit it, and which column gives which property."""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence, Sized
from functools import reduce
from itertools import islice, pairwise
from typing import Final

from graphwatch.common.notes import Meaning, Note, Sentences
from graphwatch.errors import InputError
from graphwatch.ingest.layout import RAW
from graphwatch.ingest.lines import Lines, declared_delimiter
from graphwatch.ingest.mapping import Mapping_, nearest
from graphwatch.ingest.quarantine import printable

DELIMITERS: Final = (",", ";", "\t", "|")
_SHOWN: Final = 40
# As many as a sheet has room for.
MOST_COLUMNS: Final = 16_384
# What columns of rosters are called, in lower case.
_USUAL: Final = frozenset(
    (
        *("account", "agency", "akun", "handle", "instansi", "jabatan", "jenis", "keterangan", "nama", "nama lengkap"),
        *("nama pegawai", "name", "nip", "no", "no.", "nomor", "opd", "pangkat", "platform", "satuan kerja", "skpd"),
        *("status", "tmt", "unit", "unit kerja"),
    )
)


def bind(mapping: Mapping_, header: Sequence[str], where: str) -> dict[str, int]:
    """Property to position in the header.

    Args:
        mapping: which column gives which property.
        header: names of the columns.
        where: file and line of the header.

    Raises:
        InputError: if a mapped column is missing or there twice, a required property has no column, or
            the delimiter looks wrong; or there are more columns than a table has.

    >>> from graphwatch.ingest.mapping import mapping_for
    >>> bind(mapping_for("paslon", columns={"no": "number"}), ["paslon", "no"], "a.csv, line 1")
    {'number': 1, 'paslon': 0}
    >>> bind(mapping_for("paslon", columns={"no": "number"}), [" Paslon", "NO"], "a.csv, line 1")
    {'number': 1, 'paslon': 0}
    """
    refuse_endless(header, where)
    header = [name.strip() for name in header]
    wanted = wanted_columns(mapping, header)
    present, alike = Counter(header), Counter(map(str.casefold, header))
    asked = {*dict(mapping.columns).values(), *mapping.layout.columns(), *(f.name for f in mapping.load.fields)}
    _check_cells(mapping, header, where)
    for property, column in wanted.items():
        if column not in present:
            what = Note("load.no_column", column=f"'{column}'", property=property)
            raise _missing(what, column, mapping, header, where)
        twice = present[column] > 1 if column in asked else alike[column.casefold()] > 1
        if twice and not mapping.layout.last:
            raise InputError(
                Note("load.column_twice", column=column), where=where, remedy=Note("load.column_twice_remedy")
            )
    given = {*wanted, *dict(mapping.constants), *dict(mapping.layout.cells)}
    for field in mapping.load.fields:
        if field.required and field.name not in given:
            what = Note("load.nothing_gives", property=field.name, meaning=Meaning(field.meaning))
            raise _missing(what, field.name, mapping, header, where)
    if not wanted and not mapping.constants:
        raise _missing(Note("load.no_property"), mapping.load.fields[0].name, mapping, header, where)
    at = {name: position for position, name in enumerate(header)}
    return {property: at[column] for property, column in wanted.items()}


# The first cells of rows where no property is made of them: a row of totals says there what it is.
LABEL: Final = "(first column)"


def labelled(positions: dict[str, int]) -> dict[str, int]:
    """The columns that are read: those that give a property, and the first.

    >>> labelled({"account": 1}), labelled({"account": 0})
    ({'account': 1, '(first column)': 0}, {'account': 0})
    """
    return positions if 0 in positions.values() else {**positions, LABEL: 0}


def refuse_endless(header: Sized, where: str) -> None:
    """Refuse a header that no table has, before each of its columns is compared with what is known.

    Raises:
        InputError: it has too many columns.
    """
    if len(header) > MOST_COLUMNS:
        raise InputError(
            f"there are more than {MOST_COLUMNS:,} columns",
            where=where,
            remedy="Check the delimiter, or write only the columns that are to be loaded.",
        )


def wanted_columns(mapping: Mapping_, header: Sequence[str]) -> dict[str, str]:
    """Property to column: those mapped, and with `by_name` those of the header called like a property.

    Columns of the header that the layout looks at come with RAW before their names. Names are as the header spells
    them; capitals do not matter where it has none that is the same.
    """
    spelt = _Spelling(header)
    wanted = {property: spelt.of(column) for property, column in mapping.columns}
    wanted |= {RAW + name: spelt.of(name) for name in mapping.layout.columns() if spelt.has(name)}
    if mapping.by_name:
        taken = {*wanted, *dict(mapping.constants), *dict(mapping.layout.cells)}
        names = (f.name for f in mapping.load.fields if f.name not in taken)
        wanted |= {name: spelt.of(name) for name in names if spelt.has(name)}
    return wanted


class _Spelling:
    """How a header spells names."""

    def __init__(self, header: Sequence[str]) -> None:
        self._exact = set(header)
        self._alike = {name.casefold(): name for name in reversed(header)}

    def has(self, name: str) -> bool:
        return name in self._exact or name.casefold() in self._alike

    def of(self, name: str) -> str:
        """The name in the header, or as it is where the header has none like it."""
        return name if name in self._exact else self._alike.get(name.casefold(), name)


def _check_cells(mapping: Mapping_, header: Sequence[str], where: str) -> None:
    spelt = _Spelling(header)
    names = {*header, *(name for name in mapping.layout.columns() if spelt.has(name))}
    for property, cell in mapping.layout.cells:
        missing = cell.missing(names)
        if missing:
            what = Note("load.no_column", column=_either(missing), property=property)
            raise _missing(what, missing[0], mapping, header, where)
    for column, _ in mapping.layout.when:
        if column not in names:
            what = Note("load.no_column_of_meaning", column=column)
            raise _missing(what, column, mapping, header, where)


def _either(names: Sequence[str]) -> str:
    first, *others = [f"'{name}'" for name in names]
    return reduce(lambda one, other: Note("load.either", one=one, other=other), others, first)


def at_line(path: object, number: int) -> Note:
    """A line of a file, as messages name it."""
    return Note("load.at_line", file=str(path), line=str(number))


def shown_header(mapping: Mapping_, header: Sequence[str]) -> list[str]:
    """The names of columns as a message may repeat them.

    Where a list of persons has no header, its first person stands there: then only usual names of columns are
    repeated.

    >>> from graphwatch.ingest.mapping import mapping_for
    >>> shown_header(mapping_for("roster"), ["NIP", "Budi Santoso"])
    ['NIP', '(not shown)']
    """
    if not mapping.load.of_persons:
        return list(header)
    named = {c.lower() for c in (*dict(mapping.columns).values(), *mapping.layout.columns())}
    usual = {f.name for f in mapping.load.fields} | named | _USUAL
    return [name if name.lower() in usual else "(not shown)" for name in header]


def _missing(what: Note, name: str, mapping: Mapping_, header: Sequence[str], where: str) -> InputError:
    names = shown_header(mapping, header)
    shown = ", ".join(printable(column)[:80] for column in names[:_SHOWN])
    sentences = [Note("load.columns_are", columns=f"{shown}{', …' if len(header) > _SHOWN else ''}")]
    if near := nearest(name, names):
        sentences.append(Note("load.did_you_mean", name=near))
    others = [d for d in DELIMITERS if len(header) == 1 and d in header[0]]
    if others:
        shown_delimiter = "tab" if others[0] == "\t" else others[0]
        remedy = Note("load.wrong_delimiter", delimiter=shown_delimiter)
    else:
        remedy = Note("load.map_or_set")
    return InputError(Note("load.misses", what=what, found=Sentences(sentences)), where=where, remedy=remedy)


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


def passed_over(number: int) -> Note:
    """What is said of titles above the names of the columns."""
    return Note("load.passed_over", line=str(number))


def fitted(header: list[str], number: int, lines: Lines, delimiter: str, where: str) -> list[str]:
    """The header, with a name of nothing for the one cell that each row has more.

    R writes the number of a row before its cells, and some programs a delimiter behind the last.

    Raises:
        InputError: every row has one cell more, and it is not plain which of them has no name.
    """
    rows = rows_below(lines, number, delimiter)
    if not rows or any(len(row) != len(header) + 1 for row in rows):
        return header
    numbered, open_ended = _counts(row[0] for row in rows), not any(row[-1].strip() for row in rows)
    if numbered and not open_ended:
        lines.notes.append(Note("load.row_names"))
        return ["", *header]
    if open_ended and not numbered:
        return [*header, ""]
    if len(rows) == 1:  # a stray delimiter will do for one
        return header
    raise InputError(
        "every row has one cell more than the header, as where R or pandas writes the names of rows",
        where=at_line(where, number),
        remedy="Give that column a name in the header too (for R: col.names = NA), or write the file without it; where "
        "names hold commas, put them in quotes.",
    )


def rows_below(lines: Lines, number: int, delimiter: str) -> list[list[str]]:
    """The first rows below a line that are not empty."""
    below = (f"{line}\n" for at, line in lines.beginning() if at > number)
    return [row for row in islice(_rows(below, delimiter), _LOOKED_AT) if row]


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
