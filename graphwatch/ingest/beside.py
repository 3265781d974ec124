"""Two tables side by side in one sheet: their rows have nothing to do with each other."""

from collections.abc import Collection, Sequence
from typing import Final

from graphwatch.common.notes import Note
from graphwatch.errors import InputError

# Rows that are looked at; a blank column within one table has something in one of them.
_LOOKED_AT: Final = 20


def tables_beside(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[range]:
    """The positions of each table: columns without a name and without a cell stand between them.

    >>> tables_beside(["Akun", "Link", "", "NIP"], [["@ani", "a", "", "19"], ["@budi", "b", "", ""]])
    [range(0, 2), range(3, 4)]
    >>> tables_beside(["Akun", "", "NIP"], [["@ani", "Bu Ani", "19"]])
    [range(0, 3)]
    """
    blank = [
        not name.strip() and not any(len(row) > at and row[at].strip() for row in rows[:_LOOKED_AT])
        for at, name in enumerate(header)
    ]
    tables, begin = [], 0
    for at in range(len(header) + 1):
        if at == len(header) or blank[at]:
            if at > begin:
                tables.append(range(begin, at))
            begin = at + 1
    return tables


def refuse_beside(header: Sequence[str], rows: Sequence[Sequence[str]], positions: Collection[int], where: str) -> None:
    """Refuse columns that are of several tables: what stands in one row of two is not said together.

    Raises:
        InputError: they are.
    """
    touched = [table for table in tables_beside(header, rows) if any(at in table for at in positions)]
    if len(touched) < 2:
        return
    parts = tuple(", ".join(header[at].strip() for at in table if header[at].strip()) for table in touched)
    raise InputError(
        Note("load.beside", first=parts[0], second=parts[1]), where=where, remedy=Note("load.beside_remedy")
    )
