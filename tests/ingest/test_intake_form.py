"""The form by which civil servants declare their accounts loads as it is, once it is filled in."""

from pathlib import Path

import openpyxl

import graphwatch

FORM = Path(__file__).resolve().parents[2] / "examples" / "formulir-akun-asn.xlsx"
DECLARED = (
    ("199001012015031002", "instagram", "@satu_fiktif", None, "deklarasi_mandiri", None, None),
    ("199001012015031002", "tiktok", "satu.fiktif", None, "deklarasi_mandiri", "1 Agustus 2024", "petugas 1"),
    ("198502022010012003", "x", "dua_fiktif", "502", "konfirmasi_atasan", "01/08/2024", "petugas 2"),
)


def test_it_loads_as_it_is(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(FORM)
    sheet = book.active
    header = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "nip")
    for number, row in enumerate(DECLARED, header + 1):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column, value)
    book.save(tmp_path / "akun.xlsx")
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        loaded = project.load(tmp_path / "akun.xlsx", preset="akun_asn")
        links = project.query(
            "MATCH (a:Account)-[b:BELONGS_TO]->(n:Asn) "
            "RETURN a.id AS account, b.basis AS basis, b.checked_at AS checked_at ORDER BY account"
        )
        rows = [tuple(row.values()) for row in links]
    assert (loaded.taken, loaded.refused) == (3, 0)
    assert rows == [
        ("instagram:satu_fiktif", "self-declared", None),
        ("tiktok:satu.fiktif", "self-declared", "2024-08-01"),
        ("x:502", "confirmed-by-superior", "2024-08-01"),
    ]


def test_what_is_printed_has_the_columns_of_the_sheet() -> None:
    book = openpyxl.load_workbook(FORM)
    printed = FORM.with_suffix(".html").read_text(encoding="utf-8")
    columns = [cell.value for row in book.active.iter_rows(min_row=5, max_row=5) for cell in row]
    assert len(columns) == 7
    assert all(f"<th>{column}" in printed for column in columns)
