"""The rows of one sheet, read in a process of its own: what a hostile spreadsheet does to that harms nothing else.

Readers of spreadsheets hold a sheet as a full rectangle, from its first cell to its last: one forgotten cell far away
makes 17 thousand million of them, and then the process ends without an exception that could be caught.
"""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

from graphwatch.common.archives import listed
from graphwatch.common.notes import Note
from graphwatch.errors import InputError
from graphwatch.ingest.files import grows_too_far

# Of address space: a million rows of fifteen columns take a gigabyte, and 40 MB of disk.
_MEMORY: Final = 4 << 30
_MEMORY_OF_SMALL: Final = 768 << 20
_MEMORY_PER_BYTE: Final = 80
# Each is looked up among all of them, and all may be the same rows.
_MOST_SHEETS: Final = 1_000
# Processor time of that process.
_SECONDS_OF_SMALL: Final = 120
_SECONDS_PER_MB: Final = 20
# A sheet is read whole. A million rows take less than this; a bomb takes more.
_UNPACKED_BYTES: Final = 1 << 31
_ROWS_AT_ONCE: Final = 1_000
# Spreadsheets keep 15 digits of a number.
_EXACT: Final = 10**15
# A time of day without a day lies on the day before the first.
_FIRST_YEAR: Final = 1900
# A heading stands among so many first rows.
_TOP_ROWS: Final = 20
# The second reader, which knows how cells are shown, is slow.
_STYLED_CELLS: Final = 2_000_000
_CHILD: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); import {0}; {0}.{1}(sys.argv[2], *sys.argv[3:])"
)


@dataclass(slots=True)
class Beside:
    """What is told of a sheet beside its rows, after the last of them.

    Attributes:
        others: names of the other sheets that are to be seen and have cells.
        merged: empty cells that were filled with what is merged into them from above.
    """

    others: list[str] = field(default_factory=list)
    merged: int = 0


def rows_of_sheet(path: Path, sheet: str | None, beside: Beside | None = None) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, as text, each with its number in the spreadsheet program.

    Args:
        path: an .xlsx, .xlsb, .xls or .ods.
        sheet: the first one when left out.
        beside: takes what is told after the last row.

    Raises:
        InputError: it is damaged, protected or no spreadsheet, too much for the memory, or has no such sheet.
    """
    for message in _asked(path, answer, *([] if sheet is None else [sheet])):
        yield from ((number, row) for number, row in message.get("rows", ()))
        if beside is not None:
            beside.others.extend(message.get("others", ()))
            beside.merged += message.get("merged", 0)


def names_of_sheets(path: Path) -> list[str]:
    """The names of the sheets that are to be seen, in their order.

    Raises:
        InputError: it is damaged, protected or no spreadsheet.
    """
    return [name for message in _asked(path, answer_names) for name in message.get("others", ())]


def _refuse_other_archives(path: Path) -> None:
    """Before a reader unpacks what is no spreadsheet, or far more than one.

    Raises:
        InputError: it is either.
    """
    parts = listed(path)
    if parts is None:
        return  # the spreadsheet reader says what is wrong with it
    if not any(part.filename in ("content.xml", "[Content_Types].xml") for part in parts):
        raise InputError(Note("load.sheet_archive"), where=str(path), remedy=Note("load.sheet_archive_remedy"))
    unpacked = sum(part.file_size for part in parts)
    if unpacked > _UNPACKED_BYTES or grows_too_far(unpacked, path.stat().st_size):
        raise InputError(Note("load.sheet_too_large"), where=str(path), remedy=Note("load.sheet_too_large_remedy"))


def _asked(path: Path, question: Callable[..., None], *words: str) -> Iterator[dict[str, Any]]:
    """What a process of its own says."""
    _refuse_other_archives(path)
    command = [
        sys.executable,
        "-c",
        _CHILD.format(__name__, question.__name__),
        json.dumps(sys.path),
        str(path),
        *words,
    ]
    with subprocess.Popen(  # noqa: S603 - this Python, with a module of this package
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        try:
            assert child.stdout is not None
            yield from _heard(child.stdout, path)
        finally:
            child.kill()  # it may have more to say than anyone wants to hear


def _heard(said: IO[bytes], path: Path) -> Iterator[dict[str, Any]]:
    ended = False
    for line in said:
        message = {}
        with suppress(ValueError):  # it ended in the middle of a line
            message = json.loads(line)
        if "refused" in message:
            key, values = message["refused"]
            raise InputError(Note(key, **values), where=str(path), remedy=Note(f"{key}_remedy", **values))
        ended = ended or "end" in message
        yield message
    if ended:
        return
    raise InputError(Note("load.sheet_damaged"), where=str(path), remedy=Note("load.sheet_damaged_remedy"))


def answer(path: str, sheet: str | None = None) -> None:
    """What the process of its own does: the rows, or what is wrong, as lines of JSON on standard output."""
    with _opened(path) as book:
        names = book.sheet_names
        if sheet not in names and (sheet is not None or not names):
            _say(refused=["load.sheet_unknown", {"sheet": sheet or "", "sheets": ", ".join(names)}])
            return
        name = sheet or names[0]
        cells = book.get_sheet_by_name(name)
        midnights, merged = _Midnights(path, name, cells), _Merged(cells)
        rows = ((number, row) for number, row in enumerate(cells.iter_rows(), 1) if any(cell != "" for cell in row))
        texts = ((number, [midnights.as_text(number, at, c) for at, c in enumerate(row)]) for number, row in rows)
        filled = ((number, merged.filled(number, row)) for number, row in texts)
        while some := list(islice(filled, _ROWS_AT_ONCE)):
            _say(rows=some)
        _say(end=True, merged=merged.count)
        _say(others=[other for other in _visible(book) if other != name and book.get_sheet_by_name(other).height])


def answer_names(path: str) -> None:
    """What the process of its own does: the names of the sheets that are to be seen."""
    with _opened(path) as book:
        _say(others=_visible(book), end=True)


@contextmanager
def _opened(path: str) -> Iterator[Any]:
    """The workbook; whatever stands in the way is said."""
    import python_calamine as calamine

    _limit(path)
    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            if len(book.sheet_names) > _MOST_SHEETS:
                _say(refused=["load.sheet_many", {"most": _MOST_SHEETS}])
            else:
                yield book
    except calamine.PasswordError:
        _say(refused=["load.sheet_password", {}])
    except (calamine.CalamineError, OSError) as error:
        _say(refused=["load.sheet_unread", {"error": str(error)}])


def _visible(book: Any) -> list[str]:
    import python_calamine as calamine

    seen, sheet = calamine.SheetVisibleEnum.Visible, calamine.SheetTypeEnum.WorkSheet
    return [about.name for about in book.sheets_metadata if about.visible == seen and about.typ == sheet]


class _Midnights:
    """Dates that are midnights: their cells show hours, and others of their column have some.

    The reader gives every number without a fraction as a date, whatever its cell shows.
    """

    def __init__(self, path: str, sheet: str, cells: Any) -> None:
        self._path, self._sheet, self._cells = path, sheet, cells

    def as_text(self, number: int, at: int, cell: Any) -> str:
        """A cell as text."""
        if isinstance(cell, date) and not isinstance(cell, datetime) and (number, at) in self._found:
            return f"{cell.isoformat()}T00:00:00"
        return as_text(cell)

    @cached_property
    def _found(self) -> frozenset[tuple[int, int]]:
        """Row and column, counted from the first column that is used; only looked for once there is a date."""
        timed = {at for row in self._cells.iter_rows() for at, cell in enumerate(row) if isinstance(cell, datetime)}
        if not timed or self._cells.height * self._cells.width > _STYLED_CELLS or not zipfile.is_zipfile(self._path):
            return frozenset()
        import openpyxl

        first = self._cells.start[1] + 1
        try:
            sheet = openpyxl.load_workbook(self._path, read_only=True, data_only=True)[self._sheet]
            return frozenset(
                (cell.row, cell.column - first)
                for row in sheet.iter_rows(min_col=first + min(timed), max_col=first + max(timed))
                for cell in row
                if cell.value is not None and cell.column - first in timed and "h" in cell.number_format.lower()
            )
        except Exception:  # a file that only one of two readers understands keeps its dates
            return frozenset()


class _Merged:
    """Cells that are merged over several rows: what stands in the first of them holds for each.

    In a heading of two lines, where a name above stands over several columns, it is the lower line that names them.
    """

    def __init__(self, cells: Any) -> None:
        self.count = 0
        ranges = [(top, left, bottom, right) for (top, left), (bottom, right) in cells.merged_cell_ranges or ()]
        first = cells.start[1] if cells.start else 0
        # Rows of a heading: one of its names stands over several columns, with one below each.
        headings = {top for top, left, bottom, right in ranges if top == bottom and right > left and top < _TOP_ROWS}
        self._begins: dict[int, list[tuple[int, int, bool]]] = {}
        for top, left, bottom, _ in ranges:
            if bottom > top:
                self._begins.setdefault(top + 1, []).append((left - first, bottom + 1, top in headings))
        self._open: dict[int, tuple[int, str, bool]] = {}

    def filled(self, number: int, row: list[str]) -> list[str]:
        """A row, by its number, with what is merged into it from above."""
        for at, (last, text, of_heading) in [*self._open.items()]:
            if number > last:
                del self._open[at]
            elif row[at] == "" and (number == last or not of_heading):
                row[at] = text
                self.count += not of_heading
        for at, last, of_heading in self._begins.get(number, ()):
            if 0 <= at < len(row) and row[at]:
                self._open[at] = (last, row[at], of_heading)
                row[at] = "" if of_heading else row[at]
        return row


def _say(**message: Any) -> None:
    print(json.dumps(message), flush=True)


def _limit(path: str) -> None:
    """Let the process end before it takes more memory or time than such a file can need; Windows has no such limits."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        size = Path(path).stat().st_size
        memory = min(_MEMORY, _MEMORY_OF_SMALL + _MEMORY_PER_BYTE * size)
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        seconds = _SECONDS_OF_SMALL + _SECONDS_PER_MB * size // 1_000_000
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def as_text(cell: Any) -> str:
    """A cell as text; a number beyond 15 digits has an exponent, so that it is refused as an id.

    >>> as_text(7.0), as_text(123456789012345678.0), as_text(date(2024, 9, 21))
    ('7', '1.23456789012346E+17', '2024-09-21')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        if abs(cell) >= _EXACT:
            return f"{cell:.14E}"
        return str(int(cell)) if cell == int(cell) else repr(cell)
    if isinstance(cell, datetime) and cell.year < _FIRST_YEAR:
        return cell.time().isoformat()
    return cell.isoformat() if isinstance(cell, date | datetime) else str(cell)
