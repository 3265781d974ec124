import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from graphwatch.errors import InputError
from graphwatch.ingest import worksheet

LOCAL = datetime(2024, 9, 22, 0, 0, 5)  # noqa: DTZ001 - a spreadsheet knows no zones
HEAD = ["account", "object", "kind", "platform", "at", "text"]


@pytest.fixture
def workbook(tmp_path):
    def write(rows, title="Data", first_row=1):
        book = openpyxl.Workbook()
        book.active.title = "Empty"
        sheet = book.create_sheet(title, 0)
        for at, row in enumerate(rows, first_row):
            for column, value in enumerate(row, 2):
                sheet.cell(at, column, value)
        path = tmp_path / "data.txt"
        book.save(path)
        return path

    return write


def test_rows_have_the_numbers_that_the_program_shows(stage_file, workbook):
    path = workbook(
        [HEAD, ["a1", "p1", "like", "x"], [], ["", "p1", "like", "x"], ["a2", "p1", "like", "x"]], first_row=3
    )
    outcome = stage_file(path)
    assert [row["sources"] for row in outcome.tables["LIKED"]] == [["s0:4"], ["s0:7"]]
    assert outcome.quarantine[0]["line"] == "6"


def test_dates_need_a_zone_and_numbers_stay_whole(stage_file, workbook):
    path = workbook([HEAD, [1234, 5.0, "suka", "x", LOCAL], [2, 5, "suka", "x", None]])
    assert stage_file(path).reasons == {"a time without offset": 1}
    outcome = stage_file(path, timezone="Asia/Jakarta")
    first = next(row for row in outcome.tables["LIKED"] if row["from"] == "x:1234")
    assert (first["to"], first["at_ms"]) == ("x:5", 1_726_938_005_000)


def test_a_date_without_time_of_day_is_refused(stage_file, workbook):
    path = workbook([HEAD, ["a", "p", "like", "x", date(2024, 9, 22)], ["b", "p", "like", "x"]])
    assert stage_file(path, timezone="Asia/Jakarta").reasons == {"a date without a time of day": 1}


@pytest.mark.parametrize("number", [1234567890123456789, 1e15, 1.5e20, -1e16])
def test_ids_that_the_program_has_rounded_are_refused(stage_file, workbook, number):
    path = workbook(
        [HEAD, [number, "p", "like", "x"], ["123456789012345678", "p", "like", "x"], [10**15 - 1, "p", "like", "x"]]
    )
    outcome = stage_file(path)
    assert outcome.reasons == {"an id that a spreadsheet has rounded": 1}
    assert "text" in outcome.quarantine[0]["remedy"]
    assert {row["id"] for row in outcome.tables["Account"]} == {"x:123456789012345678", "x:999999999999999"}


def test_a_sheet_is_named_or_the_first(stage_file, workbook):
    path = workbook([HEAD, ["a", "p", "like", "x"]])
    assert stage_file(path).taken == stage_file(path, sheet="Data").taken == 1
    with pytest.raises(InputError, match="sheet is empty"):
        stage_file(path, sheet="Empty")
    with pytest.raises(InputError, match="no sheet 'Dta'") as caught:
        stage_file(path, sheet="Dta")
    assert caught.value.remedy
    assert "Data, Empty" in caught.value.remedy


def test_an_open_document_spreadsheet_is_read(stage_file, tmp_path):
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>' for c in HEAD[:4]
    )
    row = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>'
        for c in ("a", "p", "like", "x")
    )
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="S"><table:table-row>{cells}</table:table-row>'
        f"<table:table-row>{row}</table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "data.ods"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    assert stage_file(path).taken == 1


def test_broken_and_foreign_archives_are_refused(stage_file, workbook, tmp_path):
    path = workbook([HEAD, ["a", "p", "like", "x"]])
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InputError, match="spreadsheet cannot be read"):
        stage_file(path)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("data.csv", "a,b")
    for reading in (stage_file, worksheet.names_of_sheets):
        with pytest.raises(InputError, match="zip archive"):
            reading(tmp_path / "a.zip")
    with pytest.raises(InputError, match="spreadsheet cannot be read"):
        stage_file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000))


def test_a_spreadsheet_that_unpacks_to_too_much_is_refused(stage_file, workbook, monkeypatch):
    monkeypatch.setattr(worksheet, "_UNPACKED_BYTES", 100)
    with pytest.raises(InputError, match="too large"):
        stage_file(workbook([HEAD, ["a", "p", "like", "x"]]))


@pytest.mark.parametrize("cell", ["XFD1048576", "XFD200000"])
def test_a_cell_far_from_the_table_is_an_error_and_not_the_end_of_the_process(stage_file, tmp_path, cell):
    book = openpyxl.Workbook()
    for row in (HEAD[:4], ["a", "p", "like", "x"]):
        book.active.append(row)
    book.active[cell] = "forgotten"
    book.save(tmp_path / "far.xlsx")
    with pytest.raises(InputError, match="does not fit into the memory") as caught:
        stage_file(tmp_path / "far.xlsx")
    assert caught.value.remedy
    assert "last cell" in caught.value.remedy


def changed(path, part, old, new):
    """Write a workbook again with another text in one of its parts."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new, 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_what_takes_longer_than_such_a_file_can_need_is_an_error(stage_file, workbook, monkeypatch):
    without_end = "{0}._SECONDS_OF_SMALL, {0}._SECONDS_PER_MB, {0}._say = 1, 0, lambda **_: sum(range(10**12)); {0}.{1}"
    monkeypatch.setattr(worksheet, "_CHILD", worksheet._CHILD.replace("{0}.{1}", without_end))
    with pytest.raises(InputError, match="takes too long") as caught:
        stage_file(workbook([HEAD, ["a", "p", "like", "x"]]))
    assert caught.value.remedy


def test_more_sheets_than_anyone_keeps_are_refused_before_they_are_looked_at(stage_file, workbook):
    """Each is looked up among all of them, and all may be the same one."""
    path = workbook([HEAD, ["a", "p", "like", "x"]])
    sheet = b'<sheet name="s%d" sheetId="%d" r:id="rId1"/>'
    changed(path, "xl/workbook.xml", b"</sheets>", b"".join(sheet % (n, n) for n in range(3, 1_010)) + b"</sheets>")
    changed(
        path,
        "xl/workbook.xml",
        b"<sheets>",
        b'<sheets xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">',
    )
    with pytest.raises(InputError, match="more than 1,000 sheets") as caught:
        stage_file(path)
    assert caught.value.remedy


def test_a_reader_that_is_not_heard_to_its_end_leaves_no_process(workbook, monkeypatch):
    import subprocess

    from graphwatch.ingest.worksheet import rows_of_sheet

    begun = []
    whole = subprocess.Popen.__init__

    def seen(self, *args, **words):
        begun.append(self)
        whole(self, *args, **words)

    monkeypatch.setattr(subprocess.Popen, "__init__", seen)
    rows = rows_of_sheet(workbook([HEAD, *(["a" * 1000, "p", "like", "x"] for _ in range(3000))]), None)
    next(rows)
    rows.close()  # type: ignore[attr-defined]  # it is a generator
    assert [child.returncode is not None for child in begun] == [True]


def times(outcome):
    return [row["at_ms"] for row in sorted(outcome.tables["LIKED"], key=lambda row: row["from"])]


def test_titles_and_blank_rows_above_the_names_are_passed_over_and_told(stage_file, workbook):
    above = [["REKAP PATROLI SIBER KABUPATEN"], ["Bulan Oktober 2024"], []]
    outcome = stage_file(workbook([*above, HEAD, ["a", "p", "like", "x", LOCAL]]), timezone="Asia/Jakarta")
    assert outcome.tables["LIKED"][0]["sources"] == ["s0:5"]
    assert "the names of the columns are in line 4; what stands above them was passed over" in outcome.notes


@pytest.fixture
def book_of(tmp_path):
    def write(sheets):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / "book.xlsx")
        return tmp_path / "book.xlsx"

    return write


SUMMARY = [["Tanggal", "Jumlah"], [date(2024, 10, 8), 3]]
ROWS = [HEAD[:4], ["a", "p", "like", "x"]]


def test_where_a_summary_comes_first_the_only_sheet_that_fits_is_read_and_told(stage_file, book_of):
    outcome = stage_file(book_of({"Ringkasan": SUMMARY, "Data": ROWS, "Kosong": []}))
    assert outcome.taken == 1
    assert outcome.notes[:2] == [
        "the first sheet has other columns; 'Data' was read",
        "only one sheet was read; --sheet NAME reads others: Ringkasan",
    ]


def test_where_several_sheets_fit_or_none_they_are_named(stage_file, book_of):
    path = book_of({"Ringkasan": SUMMARY, "Oktober": ROWS, "November": ROWS})
    with pytest.raises(InputError, match="several sheets fit: Oktober, November") as error:
        stage_file(path)
    assert "--sheet NAME" in str(error.value.remedy)
    assert stage_file(path, sheet="November").taken == 1
    with pytest.raises(InputError, match=r"no column (is named like a property|gives)") as error:
        stage_file(book_of({"Ringkasan": SUMMARY, "Catatan": [["x"]]}))
    assert "The sheets are: Ringkasan, Catatan." in str(error.value.remedy)


def test_sheets_that_were_not_read_are_told(stage_file, book_of):
    outcome = stage_file(book_of({"Oktober": ROWS, "November": ROWS}))
    assert (outcome.taken, outcome.notes[0]) == (1, "only one sheet was read; --sheet NAME reads others: November")


def test_days_and_times_of_day_in_two_columns_of_cells(stage_file, workbook):
    clock = datetime(2024, 10, 8, 13, 5, 10)  # noqa: DTZ001 - a spreadsheet knows no zones
    head = [*HEAD[:4], "tanggal", "jam"]
    rows = [["a", "p", "like", "x", clock.date(), clock.time()], ["b", "p", "like", "x", clock.date(), 0.5452546296]]
    outcome = stage_file(workbook([head, *rows]), columns={"tanggal+jam": "at"}, timezone="Asia/Jakarta")
    assert times(outcome) == [1_728_367_510_000] * 2


def test_a_midnight_among_times_is_one_and_a_day_among_times_is_none(stage_file, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(HEAD[:5])
    midnight = LOCAL.replace(second=0)
    for row in (["a", "p", "like", "x", LOCAL], ["b", "p", "like", "x", midnight], ["c", "p", "like", "x", midnight]):
        book.active.append(row)
    book.active["E4"].number_format = "dd/mm/yyyy"
    book.save(tmp_path / "a.xlsx")
    outcome = stage_file(tmp_path / "a.xlsx", timezone="Asia/Jakarta")
    assert times(outcome) == [1_726_938_005_000, 1_726_938_000_000]
    assert outcome.reasons == {"a date without a time of day": 1}
    assert outcome.quarantine[0]["line"] == "4"


def test_a_column_of_midnights_alone_stays_one_of_days(stage_file, workbook):
    rows = [[name, "p", "like", "x", LOCAL.replace(second=0)] for name in "ab"]
    with pytest.raises(InputError, match="a date without a time of day"):
        stage_file(workbook([HEAD, *rows]), timezone="Asia/Jakarta")


def test_numbers_of_days_are_read_as_what_the_spreadsheet_means_and_told(stage_file, workbook):
    rows = [
        ["a", "p", "like", "x", 45573.5452546],
        ["b", "p", "like", "x", 45573],
        ["c", "p", "like", "x", "45573,5452546"],
    ]
    outcome = stage_file(workbook([HEAD, *rows]), timezone="Asia/Jakarta")
    assert times(outcome) == [1_728_367_510_000] * 2
    assert outcome.reasons == {"a date without a time of day": 1}
    assert "2 × a time that is a spreadsheet's number of days, read as that" in outcome.notes
