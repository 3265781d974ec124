from pathlib import Path

import openpyxl
import pytest

from graphwatch.ingest.guessing import peek
from graphwatch.ingest.presets import preset_of
from graphwatch.ingest.proposing import likely_kind, preset_text, proposal, telling_sheet


def test_columns_are_proposed_by_what_presets_and_people_call_them():
    assert proposal("interactions", "at", ["Nama", "WAKTU"]) == "WAKTU"
    assert proposal("interactions", "content_id", ["comment_id"]) == "comment_id"
    assert proposal("posts", "hashtags", ["hashtag"]) == "hashtag"
    assert proposal("roster", "agency", ["Satuan Kerja"]) == "Satuan Kerja"
    assert proposal("paslon", "region", ["isi"]) is None


def test_the_likely_kind_is_proposed(tmp_path):
    for header, kind in (("Akun,Tautan,Waktu", "interactions"), ("NIP,Nama,OPD", "roster")):
        (tmp_path / "a.csv").write_text(header + "\n")
        assert likely_kind(peek(tmp_path / "a.csv")) == kind


@pytest.mark.parametrize("name", ['a"b', "tab\there", "\x7f\\u0041", "'", "é\u2028", "]]\n[statements"])
def test_whatever_a_column_is_called_a_saved_preset_has_it(name):
    text = preset_text("paslon", name, {"paslon": name}, {"region": name}, None, None, "a.toml")
    made = preset_of("a", text, "a.toml")
    assert dict(made.statements[0].columns) == {"paslon": name}
    assert (made.meaning, dict(made.statements[0].constants)) == (name, {"region": name})


def test_all_sheets_of_a_workbook_are_looked_at(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Ringkasan"
    book.active.append(["Rekap patroli"])
    for title, rows in {
        "Kosong": [],
        "Data": [["No", "Akun", "Tautan", "Aksi"], [1, "@ani", "https://www.instagram.com/p/DA1/", "like"]],
    }.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    assert telling_sheet(tmp_path / "a.xlsx") == "Data"
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    assert telling_sheet(tmp_path / "a.csv") is None
