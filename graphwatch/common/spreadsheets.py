"""Tables as spreadsheets open them: workbooks, and CSV as Excel reads it without being told anything."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from graphwatch.common.files import drafted
from graphwatch.common.sanitize import begins_formula, plain, plain_value, spreadsheet_text
from graphwatch.errors import UsageError

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

# Excel's own limits.
_ROWS, _COLUMNS, _CELL, _SHEET_NAME = 1_048_576, 16_384, 32_767, 31
_NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
# It counts in floating point: of a longer number it keeps the first fifteen digits and puts zeros for the rest.
_DIGITS: Final = 15
_LONGER: Final = re.compile(rf"\d{{{_DIGITS + 1},}}|0\d+")
# What it takes for an error of its own, and not for text.
_ERROR: Final = re.compile(r"#(?:N/A|NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|GETTING_DATA|SPILL!|CALC!|BLOCKED!)")
# How wide columns are made by their first rows, in characters.
_LOOKED_AT, _NARROWEST, _WIDEST = 50, 8, 60

Row = Sequence[Any]


def list_separator(language: str) -> str:
    """What a spreadsheet in that language has between cells: a semicolon where the comma is in numbers.

    >>> list_separator("id"), list_separator("en")
    (';', ',')
    """
    return ";" if language == "id" else ","


def cell_of(value: Any) -> str | int | float | bool | None:
    """A value as a cell: numbers and truth as they are, all else as text on one line; lists joined by `, `.

    Numbers of more digits than a spreadsheet keeps are text, too; nodes and maps are JSON.

    >>> cell_of(["a", "b"]), cell_of(1840000000000000001), cell_of({"id": "x:1"}), cell_of(-3), cell_of(float("nan"))
    ('a, b', '1840000000000000001', '{"id": "x:1"}', -3, None)
    """
    if value is None:  # most cells of most tables
        return None
    if isinstance(value, list | tuple) and not any(isinstance(item, list | dict | tuple) for item in value):
        value = ", ".join("" if item is None else str(item) for item in value)
    elif isinstance(value, list | dict | tuple):
        value = json.dumps(value, ensure_ascii=False, default=str)
    elif hasattr(value, "isoformat"):
        value = value.isoformat()
    if isinstance(value, str):
        return plain(value, _CELL)
    found: str | int | float | bool | None = plain_value(value)
    return str(found) if isinstance(found, int) and abs(found) >= 10**_DIGITS else found


def write_workbook(path: str | Path, sheets: Mapping[str, tuple[Sequence[str], Iterable[Row]]]) -> None:
    """Write an Excel workbook, a sheet for each name with its columns and rows; no cell of it is computed.

    Raises:
        UsageError: a sheet has more rows or columns than Excel takes.
        GraphwatchError: the file cannot be written.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    taken: set[str] = set()
    with drafted(path) as draft:
        try:
            for name, (columns, rows) in sheets.items():
                _fill(book.create_sheet(_free_name(name, taken)), columns, rows, str(path))
        except BaseException:
            # Sheets wait for more rows until they are closed.
            for sheet in book.worksheets:
                sheet.close()
            raise
        book.save(draft)


def _fill(sheet: "WriteOnlyWorksheet", columns: Sequence[str], rows: Iterable[Row], where: str) -> None:
    from openpyxl.utils import get_column_letter

    remedy = "Ask for less, or write CSV: a sheet of Excel has no more."
    if len(columns) > _COLUMNS:
        raise UsageError(f"a sheet takes {_COLUMNS:,} columns", where=where, remedy=remedy)
    left = iter(rows)
    first = [columns, *islice(left, _LOOKED_AT)]
    for number, cells in enumerate(zip(*first, strict=True), 1):
        widest = max(len(str(cell_of(cell) or "")) for cell in cells) + 2
        sheet.column_dimensions[get_column_letter(number)].width = min(max(widest, _NARROWEST), _WIDEST)
    sheet.freeze_panes = "A2"
    for number, row in enumerate(chain(first, left)):
        if number == _ROWS:
            raise UsageError(f"a sheet takes {_ROWS:,} rows", where=where, remedy=remedy)
        sheet.append([_cell(sheet, cell_of(value), bold=number == 0) for value in row])


def _cell(sheet: "WriteOnlyWorksheet", value: Any, *, bold: bool) -> Any:
    """A value, or a cell of text where the library would make another thing of it."""
    computed = isinstance(value, str) and (begins_formula(value) or _ERROR.match(value) is not None)
    if not (bold or computed):
        return value
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"
        # Excel's own mark for text, which lasts when the cell is edited.
        cell.quotePrefix = computed
    if bold:
        cell.font = Font(bold=True)
    return cell


def _free_name(wanted: str, taken: set[str]) -> str:
    """A name as a sheet may have it, unlike those that are taken."""
    name = wanted.translate(_NOT_IN_NAMES).strip()[:_SHEET_NAME] or "graphwatch"
    number = 1
    while name.casefold() in taken:
        number += 1
        name = f"{wanted.translate(_NOT_IN_NAMES)[: _SHEET_NAME - len(str(number)) - 1].strip()} {number}"
    taken.add(name.casefold())
    return name


def write_excel_csv(stream: IO[str], columns: Sequence[str], rows: Iterable[Row], language: str) -> None:
    r"""Write CSV that Excel in a language opens in columns: with a byte order mark, its separator and decimal comma.

    Text that it would compute, or make another number of, has an apostrophe before it.

    >>> import io
    >>> out = io.StringIO()
    >>> write_excel_csv(out, ["akun", "q", "nip"], [["@ani", 0.25, "198001012005011001"]], "id")
    >>> out.getvalue()
    "\ufeffakun;q;nip\r\n'@ani;0,25;'198001012005011001\r\n"
    """
    separator = list_separator(language)
    special = re.compile(f'["\r\n{separator}]|^ | $')

    def line(values: Row) -> str:
        cells = (excel_text(value, language) for value in values)
        return separator.join('"' + c.replace('"', '""') + '"' if special.search(c) else c for c in cells) + "\r\n"

    stream.write("\ufeff")
    stream.write(line(columns))
    stream.writelines(map(line, rows))


def excel_text(value: Any, language: str) -> str:
    """A cell of such a file.

    >>> excel_text(-0.5, "id"), excel_text("=1+1", "id"), excel_text(None, "en"), excel_text(True, "en")
    ('-0,5', "'=1+1", '', 'true')
    """
    cell = cell_of(value)
    if cell is None or isinstance(cell, bool):
        return "" if cell is None else str(cell).lower()
    if isinstance(cell, float):
        return str(cell).replace(".", ",") if language == "id" else str(cell)
    if isinstance(cell, int):
        return str(cell)
    return f"'{cell}" if _LONGER.fullmatch(cell) else spreadsheet_text(cell)
