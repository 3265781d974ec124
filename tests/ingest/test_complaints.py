"""Complaints at the pii_filter: what a sheet may look like, and that nobody who complained gets past it."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from graphwatch.errors import InputError
from graphwatch.ingest.complaints import ComplainantFilter, _deduped
from graphwatch.ingest.mapping import mapping_for
from graphwatch.ingest.staging import stage
from graphwatch.platforms.naming import account_reference, post_reference

NAME, CONTACT = "Saksi Rahasia", "0812-RAHASIA"
NAMES = ["number", "known_since", "text", "complainant", "contact"]


def workbook(path: Path, *rows: list[Any], merged: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    book.save(path)
    return path


def staged(path: Path, **mapping: Any) -> tuple[list[dict[str, Any]], ComplainantFilter]:
    rows, pii_filter, _ = staged_with_notes(path, **mapping)
    return rows, pii_filter


def staged_with_notes(path: Path, **mapping: Any) -> tuple[list[dict[str, Any]], ComplainantFilter, str]:
    pii_filter = ComplainantFilter()
    with stage(
        path,
        mapping_for("complaints", **mapping),
        source="s0",
        folder=path.parent,
        quarantine=path.parent / "quarantine.csv",
        now_ms=1_767_225_600_000,
        pii_filter=pii_filter,
    ) as done:
        return done.rows().to_pylist(), pii_filter, "\n".join(done.notes)


def test_days_come_as_dates_as_text_in_three_formats_and_as_numbers_never(tmp_path: Path) -> None:
    days = [
        date(2024, 9, 1),
        datetime(2024, 9, 1),  # noqa: DTZ001 - as a cell has it
        "2024-09-01",
        "01/09/2024",
        "1 September 2024",
        "1 Sept 2024",
    ]
    rows = [[str(n), day, "x", NAME, CONTACT] for n, day in enumerate(days)]
    rows.append(["9", 45536, "x", NAME, CONTACT])
    path = workbook(tmp_path / "a.xlsx", NAMES, *rows, ["10", days[0], None, NAME, CONTACT])
    found, pii_filter, notes = staged_with_notes(path)
    assert [row["known_since"] for row in found] == [*["2024-09-01"] * len(days), None]
    assert {(row["complainant"], row["contact"]) for row in found} == {(None, None)}
    assert pii_filter.complainants().to_pylist()[0] == {"id": "0", "name": NAME, "contact": CONTACT}
    assert NAME not in repr(pii_filter)
    refused = (tmp_path / "quarantine.csv").read_text(encoding="utf-8")
    assert "not a day" in notes
    for told in (notes, refused):
        assert "Rahasia" not in told
        assert "45536" not in told


def test_the_last_day_that_is_counted_has_no_deadline_behind_it() -> None:
    rows = [{"number": "1", "row": 1, "known_since": day, "platform": "x"} for day in ("9999-12-31", "2024-09-01")]
    far, usual = (_deduped([row], "s")[0] for row in rows)
    assert (far["known_at"], far["deadline"], usual["deadline"]) == ("9999-12-31", None, "2024-09-08")


def test_a_heading_of_merged_cells_is_passed_over_and_told(tmp_path: Path) -> None:
    title = ["DAFTAR ADUAN NETRALITAS", None, None, None, None]
    path = workbook(tmp_path / "a.xlsx", title, NAMES, ["1", "x", "y", NAME, CONTACT], merged=("A1:E1",))
    found, _, notes = staged_with_notes(path)
    assert [(row["number"], row["complainant"]) for row in found] == [("1", None)]
    assert "the names of the columns are in line 2" in notes


def test_merged_headings_over_two_rows_are_read_where_the_sheet_has_them_merged_and_told_where_not(
    tmp_path: Path,
) -> None:
    first, second = ["No", "Pelapor", None, "Uraian"], [None, "Nama", "Kontak", None]
    columns = {"No": "number", "Nama": "complainant", "Kontak": "contact", "Uraian": "text"}
    row = ["1", NAME, CONTACT, "x"]
    found, pii_filter = staged(
        workbook(tmp_path / "a.xlsx", first, second, row, merged=("B1:C1", "A1:A2", "D1:D2")), columns=columns
    )
    assert [(row["number"], row["text"], row["complainant"]) for row in found] == [("1", "x", None)]
    assert pii_filter.complainants().to_pylist() == [{"id": "1", "name": NAME, "contact": CONTACT}]
    with pytest.raises(InputError, match="merged cells") as error:
        staged(workbook(tmp_path / "b.xlsx", first, second, row), columns=columns)
    assert "Rahasia" not in str(error.value)


def test_a_sheet_without_a_header_says_so_without_repeating_who_complained(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column is named like a property") as error:
        staged(workbook(tmp_path / "a.xlsx", ["1", "2024-09-01", "x", NAME, CONTACT], ["2", "", "y", NAME, CONTACT]))
    assert "Rahasia" not in str(error.value)


def test_a_broken_line_of_text_does_not_get_into_the_quarantine(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = [",".join(NAMES), f'1,,"x"y,{NAME},{CONTACT}', f"2,,x,{NAME},{CONTACT},{NAME}", f"3,,x,{NAME},{CONTACT}"]
    path.write_text("\n".join(lines), encoding="utf-8")
    found, _ = staged(path)
    assert [row["number"] for row in found] == ["3"]
    assert "Rahasia" not in (tmp_path / "quarantine.csv").read_text(encoding="utf-8")


def test_a_time_needs_its_zone_and_a_day_needs_none(tmp_path: Path) -> None:
    names = ["number", "text", "at"]
    rows = [["1", "x", "3 Oktober 2024"], ["2", "x", "2024-10-03T09:00:00+07:00"], ["3", "x", "2024-10-03 09:00"]]
    found, _, notes = staged_with_notes(workbook(tmp_path / "a.xlsx", names, *rows))
    assert [(row["at"], row["at_ms"]) for row in found] == [
        ("2024-10-03", None),
        ("2024-10-03T09:00:00+07:00", 1_727_920_800_000),
        (None, None),
    ]
    assert "1 × a cell of 'at' left out, its row taken: a time without offset." in notes
    found, _ = staged(workbook(tmp_path / "b.xlsx", names, *rows), timezone="Asia/Jakarta")
    assert found[2]["at_ms"] == 1_727_920_800_000


@pytest.mark.parametrize(
    ("text", "platform", "native", "handle"),
    [
        ("https://www.tiktok.com/@Budi.S/video/7?lang=id", "tiktok", "budi.s", "budi.s"),
        ("HTTPS://M.FACEBOOK.COM/profile.php?id=1000", "facebook", "1000", None),
        ("http://mobile.twitter.com/Budi", "x", "budi", "budi"),
        ("youtube.com/channel/UC_x", "youtube", "UC_x", None),
        ("https://x.com/i/user/99", "x", "99", None),
        ("https://x.com/i/status/99", "x", None, None),
        ("https://instagram.com/p/AbC/", "instagram", None, None),
        ("https://blog.example/budi", None, "budi", "budi"),
        (" @Budi ", None, "Budi", "budi"),
        ("x:12", None, "x:12", "x:12"),
        ("https://[broken", None, "https://[broken", "https://[broken"),
    ],
)
def test_accounts_as_people_name_them(text: str, platform: str, native: str, handle: str) -> None:
    found = account_reference(text)
    assert (found.platform, found.native, found.handle) == (platform, native, handle)


@pytest.mark.parametrize(
    ("text", "platform", "native"),
    [
        ("https://twitter.com/a/status/18?s=20", "x", "18"),
        ("https://www.instagram.com/budi/reel/AbC/", "instagram", "AbC"),
        ("https://www.youtube.com/watch?v=dQw&t=1", "youtube", "dQw"),
        ("https://youtu.be/dQw", "youtube", "dQw"),
        ("https://facebook.com/permalink.php?story_fbid=5&id=6", "facebook", "5"),
        ("https://tiktok.com/@a/photo/8", "tiktok", "8"),
        ("12345", None, "12345"),
    ],
)
def test_posts_as_people_name_them(text: str, platform: str, native: str) -> None:
    found = post_reference(text)
    assert (found.platform, found.native) == (platform, native)
