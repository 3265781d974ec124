"""Excel and OpenDocument spreadsheets, numbered as the spreadsheet program shows them."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

import python_calamine as calamine

from graphwatch.errors import InputError
from graphwatch.ingest.binding import bind
from graphwatch.ingest.files import Look
from graphwatch.ingest.mapping import Mapping_
from graphwatch.ingest.quarantine import Quarantine
from graphwatch.ingest.rows import Rows, batched, rows_of
from graphwatch.settings import BATCH_ROWS

# A sheet is read whole. A million rows take less than this; a bomb takes more.
_UNPACKED_BYTES: Final = 1 << 31
# Spreadsheets keep 15 digits of a number.
_EXACT: Final = 10**15


def read_sheet(look: Look, mapping: Mapping_, sheet: str | None, quarantine: Quarantine) -> Iterator[Rows]:
    """The rows of one sheet, the first unless named; its first row that is not blank is the header.

    Raises:
        InputError: if the file is damaged, protected or no spreadsheet, or there is no such sheet.
    """
    records = _records(look, sheet)
    number, header = next(records, (0, None))
    if header is None:
        raise InputError("the sheet is empty", where=str(look.path), remedy="Name another sheet of the file.")
    positions = _bound(mapping, [_as_text(c) for c in header], look, number)
    names = {p: _as_text(header[i]).strip() for p, i in positions.items()}
    size = look.path.stat().st_size
    for numbers, batch in batched(records, lambda: 0, BATCH_ROWS):
        cells: dict[str, list[str | None]] = {p: [_as_text(r[i]) for r in batch] for p, i in positions.items()}
        yield rows_of(numbers, cells, size, names, quarantine)


def _bound(mapping: Mapping_, header: list[str], look: Look, number: int) -> dict[str, int]:
    """The positions of the header; where it does not fit and has gaps, merged cells are the likely reason."""
    where = f"{look.path}, line {number}"
    try:
        return bind(mapping, header, where)
    except InputError as error:
        filled = [at for at, name in enumerate(header) if name.strip()]
        if len(filled) == filled[-1] - filled[0] + 1 == len(header):
            raise
        raise InputError(
            f"the header has {len(filled)} names for {len(header)} columns, as a heading of merged cells has; "
            f"{error.what}",
            where=where,
            remedy="Delete headings above the names, split merged cells, and give every column a name in one row.",
        ) from None


def _records(look: Look, sheet: str | None) -> Iterator[tuple[int, list[Any]]]:
    """Rows that are not blank, with their numbers."""
    _refuse_other_archives(look)
    try:
        with calamine.CalamineWorkbook.from_path(str(look.path)) as book:
            name = _sheet_name(book.sheet_names, sheet, look)
            for number, row in enumerate(book.get_sheet_by_name(name).iter_rows(), 1):
                if any(cell != "" for cell in row):
                    yield number, row
    except calamine.PasswordError:
        remedy = "Save it without a password first."
        raise InputError("the spreadsheet has a password", where=str(look.path), remedy=remedy) from None
    except (calamine.CalamineError, OSError) as error:
        remedy = "Open it in a spreadsheet program and save it again, or export it as CSV."
        raise InputError(f"the spreadsheet cannot be read: {error}", where=str(look.path), remedy=remedy) from None


def _refuse_other_archives(look: Look) -> None:
    if not look.sample.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(look.path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError):
        return  # the spreadsheet reader says what is wrong with it
    if not any(part.filename in ("content.xml", "[Content_Types].xml") for part in parts):
        remedy = "Unpack it, and give the files in it."
        raise InputError("this is a zip archive, not a spreadsheet", where=str(look.path), remedy=remedy)
    if sum(part.file_size for part in parts) > _UNPACKED_BYTES:
        remedy = "Export the sheet as CSV."
        raise InputError("the spreadsheet is too large to be read", where=str(look.path), remedy=remedy)


def _sheet_name(names: list[str], wanted: str | None, look: Look) -> str:
    if wanted is not None and wanted in names:
        return wanted
    if wanted is not None or not names:
        remedy = f"The sheets are: {', '.join(names)}."
        raise InputError(f"there is no sheet '{wanted or ''}'", where=str(look.path), remedy=remedy)
    return names[0]


def _as_text(cell: Any) -> str:
    """A cell as text; a number beyond 15 digits has an exponent, so that it is refused as an id.

    >>> _as_text(7.0), _as_text(123456789012345678.0), _as_text(date(2024, 9, 21))
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


def first_rows(look: Look, sheet: str | None, most: int) -> list[list[str]]:
    """The first rows that are not blank, the header among them, as text."""
    return [[_as_text(cell) for cell in row] for _, row in islice(_records(look, sheet), most)]
