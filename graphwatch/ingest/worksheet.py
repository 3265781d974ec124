"""The rows of one sheet, read in a process of its own: what a hostile spreadsheet does to that harms nothing else.

Readers of spreadsheets hold a sheet as a full rectangle, from its first cell to its last: one forgotten cell far away
makes 17 thousand million of them, and then the process ends without an exception that could be caught.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

from graphwatch.errors import InputError

# Of address space: a million rows of fifteen columns take a quarter of it.
_MEMORY: Final = 4 << 30
_ROWS_AT_ONCE: Final = 1_000
# Spreadsheets keep 15 digits of a number.
_EXACT: Final = 10**15
_RESAVE: Final = "Open it in a spreadsheet program and save it again, or export it as CSV."
_CHILD: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); import {0}; {0}.answer(sys.argv[2], *sys.argv[3:])"
)


def rows_of_sheet(path: Path, sheet: str | None) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, as text, each with its number in the spreadsheet program.

    Args:
        path: an .xlsx, .xlsb, .xls or .ods.
        sheet: the first one when left out.

    Raises:
        InputError: it is damaged, protected or no spreadsheet, too much for the memory, or has no such sheet.
    """
    command = [sys.executable, "-c", _CHILD.format(__name__), json.dumps(sys.path), str(path)]
    command += [] if sheet is None else [sheet]
    with subprocess.Popen(  # noqa: S603 - this Python, with a module of this package
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        try:
            assert child.stdout is not None
            yield from _heard(child.stdout, path)
        finally:
            child.kill()  # it may have more to say than anyone wants to hear


def _heard(said: IO[bytes], path: Path) -> Iterator[tuple[int, list[str]]]:
    for line in said:
        message = {}
        with suppress(ValueError):  # it ended in the middle of a line
            message = json.loads(line)
        if "refused" in message:
            what, remedy = message["refused"]
            raise InputError(what, where=str(path), remedy=remedy)
        if "end" in message:
            return
        yield from ((number, row) for number, row in message.get("rows", ()))
    raise InputError(
        "the sheet cannot be read: it is damaged, or so large that it does not fit into the memory",
        where=str(path),
        remedy="Ctrl+End shows the last cell: where it lies far from the table, delete what is between and "
        "save. Else export the sheet as CSV.",
    )


def answer(path: str, sheet: str | None = None) -> None:
    """What the process of its own does: the rows, or what is wrong, as lines of JSON on standard output."""
    import python_calamine as calamine

    _limit_memory()
    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            names = book.sheet_names
            if sheet not in names and (sheet is not None or not names):
                _say(refused=[f"there is no sheet '{sheet or ''}'", f"The sheets are: {', '.join(names)}."])
                return
            rows = enumerate(book.get_sheet_by_name(sheet or names[0]).iter_rows(), 1)
            filled = ((number, [as_text(c) for c in row]) for number, row in rows if any(cell != "" for cell in row))
            while some := list(islice(filled, _ROWS_AT_ONCE)):
                _say(rows=some)
    except calamine.PasswordError:
        _say(refused=["the spreadsheet has a password", "Save it without a password first."])
    except (calamine.CalamineError, OSError) as error:
        _say(refused=[f"the spreadsheet cannot be read: {error}", _RESAVE])
    else:
        _say(end=True)


def _say(**message: Any) -> None:
    print(json.dumps(message), flush=True)


def _limit_memory() -> None:
    """Let the process end before the machine's memory does; Windows has no such limit."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
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
    return cell.isoformat() if isinstance(cell, date | datetime) else str(cell)
