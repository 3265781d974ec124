"""Sheets as offices have them, from the file to the right instants, by the command line."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from command_outcome import Outcome

import graphwatch

Run = Callable[..., Outcome]
AT = 1_728_367_500_000  # 8 October 2024, 06:05:00 UTC
MAPPED = (
    *("--map", "nama akun=account", "--map", "tautan postingan=object", "--map", "jenis=kind"),
    *("--set", "platform=instagram"),
)
POST = "https://www.instagram.com/p/DAbtDE4kGZp/"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "s.gw"


def instants(store: Path) -> dict[str, int]:
    with graphwatch.open(store) as project:
        table = project.query("MATCH (a:Account)-[i:LIKED]->() RETURN a.id AS id, i.at_ms AS at").to_arrow()
    ids = (id.partition(":")[2].removeprefix("@") for id in table["id"].to_pylist())
    return dict(zip(ids, table["at"].to_pylist(), strict=True))


def test_the_sheet_of_a_patrol_with_a_title_a_summary_and_day_and_hour_apart(
    run: Run, store: Path, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Rekap"
    book.active.append(["Paslon", "Jumlah"])
    sheet = book.create_sheet("Patroli")
    for row in (
        ["PATROLI SIBER"],
        [],
        ["No", "Tanggal", "Jam", "Nama Akun", "Tautan Postingan", "Jenis"],
        [1, "8 Oktober 2024", "13.05 WIB", "ani", POST, "suka"],
        [2, "8 Okt 2024", "15.05 WIT", "budi", POST, "suka"],
        [3, "8 Okt 2024", "13.05", "citra", POST, "suka"],
        [4, "8 Okt 2024", "", "dewi", POST, "suka"],
    ):
        sheet.append(row)
    book.save(tmp_path / "patroli.xlsx")
    file, times = tmp_path / "patroli.xlsx", ("--map", "Tanggal+Jam=at", "--timezone", "WIB")
    outcome = run("load", file, *MAPPED, *times, "--store", store)
    assert outcome.status == 0, outcome.err
    assert "3 rows taken, 1 refused" in outcome.err
    assert "the first sheet has other columns; 'Patroli' was read" in outcome.err
    assert "the names of the columns are in line 3" in outcome.err
    assert "--sheet NAME reads others: Rekap" in outcome.err
    assert instants(store) == dict.fromkeys(("ani", "budi", "citra"), AT)


def test_a_comma_separated_sheet_with_a_sep_line_and_words_for_months(run: Run, store: Path, tmp_path: Path) -> None:
    file = tmp_path / "suka.csv"
    file.write_text(
        "sep=;\nAKUN;Kiriman;Waktu\nani;p1;8 Okt 2024 13.05\nbudi;p1;8 Okt 2024 06:05 UTC\ncitra;p1;8/10/2024 13.05\n",
        encoding="utf-8",
    )
    given = ("--map", "akun=account", "--map", "kiriman=object", "--map", "waktu=at", "--set", "kind=like")
    outcome = run("load", file, *given, "--set", "platform=instagram", "--timezone", "Asia/Jakarta", "--store", store)
    assert "2 rows taken, 1 refused" in outcome.err
    assert "refused: 1 × a date whose day and month could change places" in outcome.err
    assert instants(store) == {"ani": AT, "budi": AT}


def test_a_sep_line_and_a_title_do_not_hide_the_columns_from_a_guess(run: Run, tmp_path: Path) -> None:
    for above in ("sep=;\n", "Rekap;;;\n"):
        (tmp_path / "likes.csv").write_text(f"{above}account;object;kind;platform\nani;p1;like;x\n", encoding="utf-8")
        assert (
            "Columns that tell: account, object, kind, platform." in run("load", tmp_path / "likes.csv", "--guess").out
        )


@pytest.mark.parametrize("form", [(), ("--time-format", "%Y-%m-%d %H:%M:%S %Z")])
def test_a_zone_that_is_written_is_never_overruled(
    run: Run, store: Path, tmp_path: Path, form: tuple[str, ...]
) -> None:
    file = tmp_path / "utc.csv"
    file.write_text(
        "account,object,kind,platform,at\na1,p1,like,x,2024-10-08 06:05:00 UTC\na2,p1,like,x,2024-10-08 13:05:00 WIB\n"
        "a3,p1,like,x,2024-10-08 01:05:00 EST\n",
        encoding="utf-8",
    )
    outcome = run("load", file, *form, "--timezone", "Asia/Jayapura", "--store", store)
    assert "2 rows taken, 1 refused" in outcome.err
    assert "refused: 1 × a time zone that is not known, or a word that several places share" in outcome.err
    assert instants(store) == {"a1": AT, "a2": AT}
