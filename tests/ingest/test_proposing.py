from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from graphwatch.ingest.guessing import Peek, guesses_of, peek
from graphwatch.ingest.presets import preset_of
from graphwatch.ingest.proposing import likely_kind, preset_text, proposal, proposed, telling_sheet
from graphwatch.ingest.telling import is_chat, is_matrix


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


POST = "https://www.instagram.com/p/DAxGhNuRkAA/"


@pytest.mark.parametrize(
    ("header", "cells", "columns", "stated"),
    [
        # In two languages, and with a remark in brackets.
        (
            ("Akun / Account", "Tautan / Link", "Jenis / Type", "Waktu (WIB)"),
            ("@ani", POST, "suka", "2024-10-07 19:30"),
            {"account": "Akun / Account", "object": "Tautan / Link", "kind": "Jenis / Type", "at": "Waktu (WIB)"},
            {"platform": "instagram"},
        ),
        # The accounts that acted, and not pages that published: a column says what they did.
        (
            ("Akun Instagram", "Link Unggahan", "Jenis"),
            ("@ani", POST, "Like"),
            {"account": "Akun Instagram", "object": "Link Unggahan", "kind": "Jenis"},
            {"platform": "instagram"},
        ),
        (
            ("Nama", "No. HP", "Akun TikTok", "Link Video", "Komentar"),
            ("Ani", "0812", "@ani.s", "https://www.tiktok.com/@p/video/7421234567890123456", "mantap"),
            {"account": "Akun TikTok", "object": "Link Video", "text": "Komentar", "account_name": "Nama"},
            {"kind": "comment", "platform": "tiktok"},
        ),
        # Several people have one name; the address of a profile is one's.
        (
            ("Nama Akun", "Link Akun", "Link Postingan", "Jenis"),
            ("Ani S", "https://www.facebook.com/profile.php?id=11", "https://www.facebook.com/p/posts/12", "Suka"),
            {"account": "Link Akun", "object": "Link Postingan", "kind": "Jenis"},
            {"platform": "facebook"},
        ),
        (
            ("Link Unggahan", "Akun yang menyukai"),
            (POST, "@ani"),
            {"account": "Akun yang menyukai", "object": "Link Unggahan"},
            {"kind": "like", "platform": "instagram"},
        ),
    ],
)
def test_sheets_of_acts_are_proposed_as_acts(header, cells, columns, stated):
    found = proposed(Peek(header, (dict(zip(header, cells, strict=True)),)))
    assert found is not None
    assert (found.kind, found.columns, found.stated) == ("interactions", columns, stated)


def test_columns_named_like_properties_with_a_kind_are_no_posts():
    seen = Peek(("username", "post", "kind", "platform", "at"), ({"username": "ani", "post": POST, "kind": "like"},))
    assert not [guess for guess in guesses_of(seen) if guess.fits]
    found = proposed(seen)
    assert found is not None
    assert found.columns["account"] == "username"


@pytest.mark.parametrize(
    ("lines", "is_such"),
    [
        ("07/10/24 19.30 - Ani: @budi like\n", is_chat),
        ("Diteruskan\nDaftar akun:\n1. @ani - https://www.instagram.com/p/DAxGhNuRkAA/\n2. @budi\n", is_chat),
        ("Akun,https://x.com/a/status/1,https://x.com/a/status/2\n@ani,v,\n", is_matrix),
    ],
)
def test_what_is_no_table_of_acts_is_known(tmp_path: Path, lines: str, is_such: Callable[[Peek], bool]) -> None:
    (tmp_path / "a.csv").write_text(lines)
    seen = peek(tmp_path / "a.csv")
    assert is_such(seen)
    assert proposed(seen) is None
