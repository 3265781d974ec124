"""A document as one HTML page to be printed, as Markdown, and as a workbook with everything."""

import base64
import io
import re
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from graphwatch.common.sanitize import begins_formula, plain
from graphwatch.report.document import Block, Document, Drawing, Lines, Table, Value

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet


# Longer words are cut by an ellipsis; the workbook has them whole.
_LENGTH: Final = 600
_PSEUDONYM: Final = re.compile(r"[AP]-[A-Z2-7]{16}")
_LETTERS: Final = r"\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001eeff"
_FROM_RIGHT: Final = re.compile(rf"([{_LETTERS}](?:[{_LETTERS}\s\d.,'’-]*[{_LETTERS}])?)")


def write_page(document: Document) -> bytes:
    """The document as HTML; printed by a browser that knows page margins, every page carries the stamp."""
    from jinja2 import DictLoader, Environment, StrictUndefined
    from markupsafe import Markup, escape

    environment = Environment(
        loader=DictLoader({"page": _read("page.html.j2")}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Names are made plain in one place, so that no template can forget it.
        finalize=_shown,
    )
    environment.tests |= {"lines": _is(Lines), "table": _is(Table), "drawing": _is(Drawing), "pseudonym": _is_pseudonym}
    style = _read("page.css") + _margins(document)
    policy = f"default-src 'none'; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
    stamp = document.stamp
    title = " · ".join((plain(document.title, 80), stamp.heading, stamp.run, stamp.data))
    # Markup: title and policy are escaped or without markup; style and drawings are this package's own.
    page = environment.get_template("page").render(
        document=document,
        title=Markup(escape(plain(title, _LENGTH))),  # noqa: S704
        policy=Markup(policy),  # noqa: S704
        style=Markup(style),  # noqa: S704
        markup=Markup,
    )
    return page.encode("utf-8")


def css_string(text: str) -> str:
    r"""A CSS string with every character written by number that could end it or the style it stands in.

    >>> css_string('a"b</style>')
    '"a\\22 b\\3c \\2f style\\3e "'
    """
    kept = " .,:;-–()"
    return '"' + "".join(c if c.isalnum() or c in kept else f"\\{ord(c):x} " for c in plain(text)) + '"'


def _margins(document: Document) -> str:
    """The stamp in the margins of every printed page."""
    stamp = document.stamp
    before, between, after = document.page.split("{}")
    number = f"{css_string(before)} counter(page) {css_string(between)} counter(pages) {css_string(after)}"
    boxes = {
        "@top-left": css_string(stamp.heading),
        "@top-right": css_string(document.title[:60]),
        "@bottom-left": f'{css_string(stamp.run)} "\\a " {css_string(stamp.data)}',
        "@bottom-right": f'{number} "\\a " {css_string(stamp.disclaimer)}',
    }
    return "@page {\n" + "".join(f"  {box} {{ content: {content}; }}\n" for box, content in boxes.items()) + "}\n"


def _shown(value: Any) -> Any:
    """Text made plain; what reads from right to left cannot turn what stands beside it."""
    from markupsafe import Markup, escape

    if type(value) is not str:
        return value
    text = plain(value, _LENGTH)
    # Every part is escaped; the text of a match is escaped like the text between.
    marked = (f"<bdi>{escape(p)}</bdi>" if n % 2 else str(escape(p)) for n, p in enumerate(_FROM_RIGHT.split(text)))
    return Markup("".join(marked))  # noqa: S704


def _is_pseudonym(value: Any) -> bool:
    return isinstance(value, str) and _PSEUDONYM.fullmatch(value) is not None


def _is(kind: type) -> Any:
    return lambda block: isinstance(block, kind)


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(content.encode('utf-8')).digest()).decode('ascii')}'"


@cache
def _read(name: str) -> str:
    # HTML parsers turn line ends into \n before they compare hashes.
    return files("graphwatch.report").joinpath(f"template/{name}").read_text(encoding="utf-8").replace("\r\n", "\n")


# What has a meaning inside a line, and what begins one; an address or a mention would become a link by itself.
_INSIDE: Final = re.compile(r"([\\`*_{}\[\]<>|#~&@$^])")
_BEGINNING: Final = re.compile(r"^(\s*)([-+=:]|\d+(?=[.)]))")
_ADDRESS: Final = re.compile(r"(?i)(https?|ftp|mailto|xmpp|www)([:.])")


def write_markdown(document: Document) -> bytes:
    """The document as Markdown; drawings are named by their captions only."""
    return ("\n".join(_lines(document)) + "\n").encode("utf-8")


def escaped(value: Value) -> str:
    r"""A value as Markdown shows it letter by letter.

    >>> escaped("# [a](http://b) | 1*2"), escaped("- a")
    ('\\# \\[a\\](http\\://b) \\| 1\\*2', '\\- a')
    """
    if value is None:
        return "–"
    text = _INSIDE.sub(r"\\\1", plain(str(value), 2_000))
    return _BEGINNING.sub(lambda m: m[1] + _begun(m[2]), _ADDRESS.sub(r"\1\\\2", text))


def _begun(mark: str) -> str:
    # A number before a full stop or a bracket begins a list: a joiner between would be invisible, an entity is not.
    return f"{mark[:-1]}&#{ord(mark[-1])};" if mark.isdigit() else f"\\{mark}"


def _lines(document: Document) -> Iterator[str]:
    stamp = document.stamp
    if document.letterhead:
        yield from (f"{escaped(line)}  " for line in document.letterhead)
        yield ""
    yield f"# {escaped(document.title)}"
    yield ""
    yield f"**{escaped(stamp.heading)}**"
    yield ""
    for line in (document.subtitle, stamp.run, stamp.data, stamp.made):
        yield f"{escaped(line)}  "
    yield ""
    for notice in document.notices:
        yield f"> {escaped(notice)}"
        yield ">"
    for part in document.parts:
        yield from ("", f"## {escaped(part.heading)}", "")
        for block in part.blocks:
            yield from _block(block)
    yield from ("", "---", "", f"{escaped(stamp.run)} · {escaped(stamp.data)} · {escaped(stamp.heading)}")


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Lines):
        mark = "- " if block.listed and len(block.lines) > 1 else ""
        for line in block.lines:
            yield mark + escaped(line)
            if not mark:
                yield ""
    elif isinstance(block, Drawing):
        yield f"*{escaped(block.caption)}*"
    else:
        yield from _table(block)
    yield ""


def _table(table: Table) -> Iterator[str]:
    if table.cut:
        yield from (f"**{escaped(table.cut)}**", "")
    yield _row([escaped(column.heading) for column in table.headings])
    yield _row(["---:" if column.form == "number" else "---" for column in table.headings])
    yield from (_row([escaped(value) for value in row]) for row in table.page_rows)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


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
    for line in document.letterhead:
        sheet.append([_cell(sheet, line)])
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
