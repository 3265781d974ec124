"""Excel and OpenDocument spreadsheets, numbered as the spreadsheet program shows them."""

import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Final

from graphwatch.errors import InputError
from graphwatch.ingest.binding import bind
from graphwatch.ingest.files import Look
from graphwatch.ingest.mapping import Mapping_
from graphwatch.ingest.quarantine import Quarantine
from graphwatch.ingest.rows import Rows, batched, rows_of
from graphwatch.ingest.worksheet import rows_of_sheet
from graphwatch.settings import BATCH_ROWS

# A sheet is read whole. A million rows take less than this; a bomb takes more.
_UNPACKED_BYTES: Final = 1 << 31


def read_sheet(look: Look, mapping: Mapping_, sheet: str | None, quarantine: Quarantine) -> Iterator[Rows]:
    """The rows of one sheet, the first unless named; its first row that is not blank is the header.

    Raises:
        InputError: if the file is damaged, protected or no spreadsheet, or there is no such sheet.
    """
    records = _records(look, sheet)
    number, header = next(records, (0, None))
    if header is None:
        raise InputError("the sheet is empty", where=str(look.path), remedy="Name another sheet of the file.")
    positions = _bound(mapping, header, look, number)
    names = {p: header[i].strip() for p, i in positions.items()}
    size = look.path.stat().st_size
    for numbers, batch in batched(records, lambda: 0, BATCH_ROWS):
        cells: dict[str, list[str | None]] = {p: [r[i] for r in batch] for p, i in positions.items()}
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


def _records(look: Look, sheet: str | None) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, with their numbers."""
    _refuse_other_archives(look)
    return rows_of_sheet(look.path, sheet)


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


def first_rows(look: Look, sheet: str | None, most: int) -> list[list[str]]:
    """The first rows that are not blank, the header among them, as text."""
    return [row for _, row in islice(_records(look, sheet), most)]
