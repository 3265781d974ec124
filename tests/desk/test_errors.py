"""What hinders a screen is said in the language of who looks at it."""

from html import unescape
from pathlib import Path

import pytest
from desk.conftest import Visitor
from desk.test_loading import bring


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/accounts?q=x:0&to=nobody", "tidak ada akun, halaman, unggahan, paslon, atau instansi bernama 'x:0'"),
        ("/queries/nope", "tidak ada kueri bernama 'nope'"),
        ("/cypher?cypher=MATCH+(n)+RETURN", "diperlukan nama, tetapi kueri berakhir"),
        ("/cypher?cypher=MATCH+(n)+RETURN", "baris 1, kolom 17"),
        ("/cypher?cypher=CREATE+(n)", "Kueri hanya membaca. Muat data dengan `graphwatch load`"),
        ("/cypher?cypher=RETURN+1/0+AS+n", "kueri tidak dapat dihitung: bilangan bulat dibagi nol"),
    ],
)
def test_an_error_is_told_in_indonesian_to_who_reads_it(desk_store: Path, path: str, told: str) -> None:
    visitor = Visitor(desk_store).enter()
    visitor.post("/language", lang="id", back="/queries")
    assert told in unescape(visitor.get(path).text)
    visitor.post("/language", lang="en", back="/queries")
    assert told not in unescape(visitor.get(path).text)


def test_what_is_wrong_with_a_file_is_told_in_indonesian(tmp_path: Path) -> None:
    visitor = Visitor(tmp_path / "kantor.gw").enter()
    visitor.post("/language", lang="id", back="/queries")
    picture = visitor.get(bring(visitor, ("likes.csv", b"\x89PNG\r\n\x1a\n")).headers["location"])
    assert "ini gambar, bukan tabel" in picture.text
    assert "Berikan CSV, TSV, baris JSON" in picture.text
    assert "berkas ini kosong" in bring(visitor, ("likes.csv", b"")).text
