"""Workbooks and CSV that a spreadsheet opens: what is there stays what it is, and nothing of it is computed."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.common import spreadsheets
from graphwatch.common.spreadsheets import cell_of, excel_text, write_excel_csv, write_workbook
from graphwatch.errors import UsageError

HOSTILE = ["=1+1", "+62812", "@ani", "#N/A", "#REF!", "'=1", "\x01a", "-5", "0812", "a\nb"]


def test_texts_of_a_workbook_are_what_they_are(tmp_path: Path) -> None:
    rows = [[text, 1840000000000000001, ["a", "b"], None, True, 0.5, {"id": "x:1"}] for text in HOSTILE]
    write_workbook(tmp_path / "t.xlsx", {"isi: [1]/2": (["=a", *"bcdefg"], rows), "ISI   1  2": (["a"], [])})
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    sheet = book.worksheets[0]
    cells = list(sheet.iter_rows(min_row=2))
    assert not {cell.data_type for row in sheet.iter_rows() for cell in row} & {"f", "e"}
    assert [row[0].value for row in cells] == [t.replace("\x01", "⟨U+0001⟩").replace("\n", " ") for t in HOSTILE]
    assert [c.value for c in cells[0][1:]] == ["1840000000000000001", "a, b", None, True, 0.5, '{"id": "x:1"}']
    assert [c.value for c in sheet[1]] == ["=a", *"bcdefg"]
    assert [sheet.title for sheet in book] == ["isi   1  2", "ISI   1  2 2"]


def test_a_sheet_that_is_too_long_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "_ROWS", 3)
    write_workbook(tmp_path / "t.xlsx", {"t": (["a"], [[1], [2]])})
    with pytest.raises(UsageError, match="a sheet takes 3 rows"):
        write_workbook(tmp_path / "u.xlsx", {"t": (["a"], [[1], [2], [3]])})
    assert [path.name for path in tmp_path.iterdir()] == ["t.xlsx"]


@pytest.mark.parametrize(("language", "separator", "half"), [("id", ";", "0,5"), ("en", ",", "0.5")])
def test_csv_that_excel_opens_in_columns(language: str, separator: str, half: str) -> None:
    out = io.StringIO()
    write_excel_csv(out, ["a", "b"], [["x;y,z", 0.5], ['"q"', None]], language)
    text = out.getvalue()
    assert text.startswith("\ufeffa" + separator)
    assert text.count("\r\n") == 3
    read = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator)
    assert list(read) == [["a", "b"], ["x;y,z", half], ['"q"', ""]]


@given(st.text(), st.sampled_from(["id", "en"]))
def test_no_text_is_computed_or_becomes_another_number(text: str, language: str) -> None:
    cell = excel_text(text, language)
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "|", "%"))
    assert not set(cell) & set("\t\r\n\0\ufeff")


def test_numbers_that_excel_would_round_are_text() -> None:
    assert [excel_text(text, "en") for text in ("198001012005011001", "0812", "12", "0")] == [
        "'198001012005011001",
        "'0812",
        "12",
        "0",
    ]
    assert [cell_of(n) for n in (10**15 - 1, 10**15, -(10**15))] == [10**15 - 1, str(10**15), str(-(10**15))]
    # A number itself is one, whatever is before it.
    assert [excel_text(n, "en") for n in (-5, -0.25, 10**15)] == ["-5", "-0.25", f"'{10**15}"]
