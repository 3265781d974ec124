"""A document as HTML, Markdown and a workbook: what people wrote stays text in each."""

import io
import re
from html.parser import HTMLParser

import openpyxl

from graphwatch.report.document import Column, Document, Lines, Part, Stamp, Table
from graphwatch.report.writers import css_string, write_markdown, write_page, write_workbook

HOSTILE = (
    "<script>alert(1)</script></style>",
    '=HYPERLINK("http://192.0.2.1")',
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "[a](javascript:alert(1)) ![b](http://192.0.2.1/x.png) | `x` | *y*",
    "https://192.0.2.1/ www.example.test someone@example.test",
    "\u202egnp\u0000\x1b[2J\ud800",
    "# heading",
    "1. list",
    "{{ 7 * 7 }}{% raw %}",
    "\u0645\u062d\u0645\u062f: 12 %",
    "n" * 40_000,
)


def document(words: tuple[str, ...] = HOSTILE, shown: tuple[int, ...] | None = None) -> Document:
    table = Table(
        "Daftar: [a]/b?",
        (Column("Nama"), Column("n", "number"), Column("Lampiran", "code", annex=True)),
        tuple((word, n, word) for n, word in enumerate(words)),
        shown,
        None if shown is None else "cut here",
    )
    again = Table("Daftar: [a]/b?", (Column("Nama"),), ((None,),))
    stamp = Stamp('Run "</style><script>', "Data \\22 }", "Made", "dugaan – bukan putusan")
    parts = (Part("part", "Part <b>", (Lines(words), table, again)),)
    return Document("Title </title><script>", "Subtitle", "id", stamp, "Halaman {} dari {}", words[:1], parts)


class Elements(HTMLParser):
    """The names of all elements and attributes, and the text of the style."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}


def elements(page: str) -> Elements:
    found = Elements()
    found.feed(page)
    return found


def test_a_page_has_no_element_or_attribute_that_somebody_wrote() -> None:
    page = write_page(document()).decode()
    found = elements(page)
    assert not found.elements & {"script", "a", "img", "b", "link", "iframe"}
    assert not {name for name in found.attributes if name.startswith("on") or name in ("style", "href", "src")}
    assert page.count("</style>") == page.count("</title>") == 1
    assert "{{ 7 * 7 }}" in page
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_a_page_loads_nothing_and_runs_nothing() -> None:
    page = write_page(document()).decode()
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert "script-src" not in page


def test_what_reads_from_right_to_left_stands_apart() -> None:
    assert "<bdi>\u0645\u062d\u0645\u062f</bdi>: 12 %" in write_page(document()).decode()


def test_strings_of_the_style_cannot_end_it() -> None:
    assert re.fullmatch(r'"(?:[\w .,:;–()-]|\\[0-9a-f]+ )*"', css_string('"}</style>\n\\'))


def test_a_page_shows_a_part_and_says_so() -> None:
    page = write_page(document(shown=(2, 3))).decode()
    assert "cut here" in page
    assert page.count("<tr>") == 2 + 2 + 1
    assert "Lampiran" not in page


def test_markdown_has_no_markup_that_somebody_wrote() -> None:
    text = write_markdown(document()).decode()
    assert not re.search(r"(?<!\\)[\[\]<`]", text.replace("> ", ""))
    assert not re.search(r"(?i)(https?:|www\.)", text)
    table = text.partition("| ---: |\n")[2].partition("\n\n")[0]
    rows = table.splitlines()
    assert len(rows) == len(HOSTILE)
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {3}
    assert "\\# heading" in text


def test_a_workbook_has_no_formula_and_is_complete() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(document(shown=(1,)))))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    names = [sheet.title for sheet in book]
    assert len(names) == len(set(names)) == 3
    rows = list(book[names[1]].iter_rows(min_row=3, values_only=True))
    assert len(rows) == len(HOSTILE)
    assert rows[1][0] == rows[1][2] == HOSTILE[1]
    assert rows[0][1] == 0
    assert all(len(str(row[0])) <= 32_767 for row in rows)
    assert "dugaan – bukan putusan" in str(book[names[1]]["A1"].value)
