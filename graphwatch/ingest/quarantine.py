"""Rows that were not taken, each with the reason and what to do about it."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, NamedTuple, Self

from graphwatch.common.files import write_atomic
from graphwatch.common.sanitize import spreadsheet_text

_COLUMNS: Final = ("file", "line", "column", "value", "reason", "remedy")
_VALUE_CHARACTERS: Final = 200
_WITHHELD: Final = "(withheld)"


class Problem(NamedTuple):
    """Why a cell or row cannot be taken; the same words for every row, so that they can be counted."""

    reason: str
    remedy: str


class Quarantine:
    """A CSV file of refused rows, written as they come; there is no file until there is a row.

    `left_out` counts, by column and problem, the cells that were left out of rows that were taken.

    With `withheld` no value is written: cells of a roster say who somebody is.
    """

    def __init__(self, path: Path, file: str, *, withheld: bool = False) -> None:
        self._path, self._file, self._withheld = path, file, withheld
        self._out: IO[str] | None = None
        self._writer: Any = None
        self.reasons: Counter[str] = Counter()
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
        shown = _WITHHELD if self._withheld else _inert(value)
        self._writer.writerow((_inert(self._file), line, _inert(column), shown, problem.reason, problem.remedy))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._out is not None:
            self._out.close()


def withhold(path: Path, gives_away: Callable[[str], bool]) -> int:
    """Withhold the values in a quarantine file that identify a person; returns how many there were.

    The file is written whole beside the old one, then given its name.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    kept = [rows[0], *([_WITHHELD if gives_away(cell) else cell for cell in row] for row in rows[1:])] if rows else []
    changed = sum(a != b for before, after in zip(rows, kept, strict=True) for a, b in zip(before, after, strict=True))
    if changed:
        out = io.StringIO(newline="")
        csv.writer(out).writerows(kept)
        write_atomic(path, out.getvalue().encode("utf-8"))
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
