"""Rows that were not taken, each with the reason and what to do about it."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, NamedTuple, Self

from graphwatch.common.files import open_kept, read_kept, write_atomic
from graphwatch.common.notes import Note, said
from graphwatch.common.sanitize import spreadsheet_text
from graphwatch.errors import StoreError

# The last two are reason and remedy in Indonesian: whoever corrects the rows may not be who loaded them.
_COLUMNS: Final = ("file", "line", "column", "value", "reason", "remedy", "alasan", "saran")
_VALUE_CHARACTERS: Final = 200
_WITHHELD: Final = "(withheld)"
# More than anybody reads; where so many are refused, the mapping or the file is wrong as a whole.
_MOST_ROWS: Final = 200_000


class Problem(NamedTuple):
    """Why a cell or row cannot be taken; the same words for every row, so that they can be counted."""

    reason: str
    remedy: str


def problem(name: str, **values: str) -> Problem:
    """The problem of that name among the words, as `refused.NAME`: English as a text, and Indonesian if asked.

    >>> from graphwatch.common.notes import said
    >>> problem("no_offset").reason, said(problem("no_offset").reason, "id")
    ('a time without offset', 'waktu tanpa zona')
    """
    return Problem(Note(f"refused.{name}", **values), Note(f"refused.{name}.remedy", **values))


class Refused(NamedTuple):
    """One refused row as its file has it; no value stands there where it may name somebody."""

    line: int
    column: str
    value: str
    reason: str
    remedy: str


def refused_rows(path: Path, most: int) -> list[Refused]:
    """The first rows of a file of refused rows; none where it is gone.

    Raises:
        StoreError: it cannot be read.
    """
    try:
        with io.TextIOWrapper(open_kept(path), encoding="utf-8", errors="replace", newline="") as file:
            rows = islice(csv.DictReader(file), most)
            return [Refused(int(r["line"]), r["column"], r["value"], r["reason"], r["remedy"]) for r in rows]
    except FileNotFoundError:
        return []
    except (OSError, csv.Error, ValueError, KeyError, TypeError) as error:
        remedy = "Load the file again for a new one."
        raise StoreError(f"the refused rows cannot be read: {error}", where=str(path), remedy=remedy) from None


class Quarantine:
    """A CSV file of refused rows, written as they come; there is no file until there is a row.

    All are counted, and the first 200,000 written.

    `left_out` counts, by column and problem, the cells that were left out of rows that were taken.

    With `withheld` no value is written: cells of a roster say who somebody is.
    """

    def __init__(self, path: Path, file: str, *, withheld: bool = False) -> None:
        self._path, self._file, self._withheld = path, file, withheld
        self._out: IO[str] | None = None
        self._writer: Any = None
        self._rows = 0
        self.reasons: Counter[str] = Counter()
        self.remedies: dict[str, str] = {}
        self._in_indonesian: dict[Problem, tuple[str, str]] = {}
        self.left_out: Counter[tuple[str, Problem]] = Counter()

    @property
    def path(self) -> Path | None:
        """Where the refused rows are, or None while there are none."""
        return self._path if self.reasons else None

    def refuse(self, line: int, column: str | None, value: str | None, problem: Problem) -> None:
        """Write one refused row down."""
        if self._out is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._out = self._path.open("w", encoding="utf-8", newline="")
            self._writer = csv.writer(self._out)
            self._writer.writerow(_COLUMNS)
        self.reasons[problem.reason] += 1
        self.remedies[problem.reason] = problem.remedy
        self._rows += 1
        if self._rows > _MOST_ROWS:
            return
        shown = _WITHHELD if self._withheld else _inert(value)
        if problem not in self._in_indonesian:
            self._in_indonesian[problem] = said(problem.reason, "id"), said(problem.remedy, "id")
        told = (*problem, *self._in_indonesian[problem])
        self._writer.writerow((_inert(self._file), line, _inert(column), shown, *told))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._out is not None:
            self._out.close()


def withhold(path: Path, gives_away: Callable[[str], bool]) -> int:
    """Withhold the values in a quarantine file that identify a person; returns how many there were.

    The file is written whole beside the old one, then given its name. Damage in it stops nothing: bytes that are no
    text are kept as they are.

    Raises:
        StoreError: the file cannot be read or written.
    """
    try:
        text = read_kept(path).decode("utf-8", "surrogateescape")
    except OSError as error:
        remedy = "Check that the file belongs to you, then run the same command again."
        raise StoreError(f"the file cannot be read: {error.strerror}", where=str(path), remedy=remedy) from error
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    rows = list(csv.reader(io.StringIO(text, newline="")))
    # The first row has the names of columns, unless the beginning is lost.
    whole = rows[:1] if rows[:1] == [list(_COLUMNS)] else []
    kept = [*whole, *([_WITHHELD if gives_away(cell) else cell for cell in row] for row in rows[len(whole) :])]
    changed = sum(a != b for before, after in zip(rows, kept, strict=True) for a, b in zip(before, after, strict=True))
    if changed:
        out = io.StringIO(newline="")
        csv.writer(out).writerows(kept)
        write_atomic(path, out.getvalue().encode("utf-8", "surrogateescape"))
    return changed


def printable(text: str) -> str:
    r"""Text that can be written anywhere: undecodable bytes and control characters are spelt out.

    >>> printable("a\udcff\x00")
    'a\\udcff\\x00'
    """
    safe = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(c if c.isprintable() or c in "\t\r\n" else c.encode("unicode_escape").decode() for c in safe)


def _inert(value: str | None) -> str:
    if value is None:
        return ""
    return spreadsheet_text(printable(value[:_VALUE_CHARACTERS]))[:_VALUE_CHARACTERS]
