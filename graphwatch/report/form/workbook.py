"""A document as an Excel workbook: the complete tables, every cell text or number, never a formula."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from graphwatch.common.sanitize import begins_formula, plain
from graphwatch.report.form.document import Document, Lines, Table, Value

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

# Excel's own limits.
_CELL: Final = 32_767
_SHEET_NAME: Final = 31
_NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_WIDTHS: Final = {"text": 28, "number": 11, "code": 40, "time": 24}


def write_workbook(document: Document) -> bytes:
    """The document as .xlsx: a sheet of what it says, then one for each table with all rows and columns."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    taken: set[str] = set()
    _said(document, book.create_sheet(_name(document.stamp.disclaimer, taken)))
    for table in document.tables():
        _tabled(document, table, book.create_sheet(_name(table.name, taken)))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _said(document: Document, sheet: "WriteOnlyWorksheet") -> None:
    sheet.column_dimensions["A"].width = 110
    _prepare(document, sheet)
    stamp = document.stamp
    sheet.append([_cell(sheet, document.title, bold=True)])
    for line in (stamp.disclaimer, document.subtitle, stamp.run, stamp.data, stamp.made, *document.notices):
        sheet.append([_cell(sheet, line)])
    for part in document.parts:
        lines = [line for block in part.blocks if isinstance(block, Lines) for line in block.lines]
        if lines:
            sheet.append([])
            sheet.append([_cell(sheet, part.heading, bold=True)])
            for line in lines:
                sheet.append([_cell(sheet, line)])


def _tabled(document: Document, table: Table, sheet: "WriteOnlyWorksheet") -> None:
    from openpyxl.utils import get_column_letter

    for number, column in enumerate(table.columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS[column.form]
    _prepare(document, sheet)
    # The stamp stands on the sheet too: sheets are copied out of their workbooks.
    sheet.append([_cell(sheet, f"{document.stamp.heading} · {document.stamp.run} · {document.stamp.data}")])
    sheet.append([_cell(sheet, column.heading, bold=True) for column in table.columns])
    for row in table.rows:
        sheet.append(list(_cells(sheet, row)))


def _cells(sheet: "WriteOnlyWorksheet", row: tuple[Value, ...]) -> Iterator[Any]:
    for value in row:
        yield _cell(sheet, value) if isinstance(value, str) else value


def _cell(sheet: "WriteOnlyWorksheet", text: str, *, bold: bool = False) -> Any:
    """A cell of text, whatever the text begins with."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    cell = WriteOnlyCell(sheet)
    cell.value = plain(text, _CELL)
    # openpyxl takes what begins with = for a formula; a number in a text cell stays text.
    cell.data_type = "s"
    if begins_formula(text):
        # Excel's own mark for text, which lasts when the cell is edited.
        cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    elif len(text) > _WIDTHS["text"]:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _prepare(document: Document, sheet: "WriteOnlyWorksheet") -> None:
    """A4 across, with the stamp and the page number on every page."""
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    stamp = document.stamp
    sheet.oddHeader.left.text = _footer(stamp.heading)
    sheet.oddFooter.left.text = f"{_footer(stamp.run)} · {_footer(stamp.data)}"
    sheet.oddFooter.right.text = "&P / &N"


def _footer(text: str) -> str:
    """A text in which an ampersand is none of Excel's codes."""
    return plain(text, 100).replace("&", "&&")


def _name(wanted: str, taken: set[str]) -> str:
    """A name that Excel takes and no other sheet has."""
    base = plain(wanted).translate(_NOT_IN_NAMES).strip()[:_SHEET_NAME] or "-"
    name, number = base, 1
    while name.lower() in taken:
        number += 1
        name = f"{base[: _SHEET_NAME - 3]} {number}"
    taken.add(name.lower())
    return name
