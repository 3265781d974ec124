import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from command_outcome import Outcome

Run = Callable[..., Outcome]
NIP = "199001012015031002"
STATED = ("--acquisition", "manual patrol", "--legal-basis", "duty of care")


@pytest.fixture
def store(run: Run, tmp_path: Path) -> Path:
    roster, accounts, acts = (tmp_path / f"{name}.csv" for name in ("roster", "accounts", "acts"))
    roster.write_text(
        "nip,nama,status,opd\n"
        f"'{NIP},Budi Rahasia,PNS,\x1b[31mDinas A\n{NIP[:-1]}3,Siti,PNS,B\n{NIP},Budi,PNS,Dinas A\n"
    )
    accounts.write_text(f"platform,handle,nip,basis\ninstagram,budi,{NIP},verified\n")
    acts.write_text("account,object,kind,at\na,p,like,2024-10-01T08:00:00+07:00\nb,p,like,2024-10-03T08:00:00+07:00\n")
    place = tmp_path / "s.gw"
    for words in (
        (roster, "--as", "roster", "--preset", "roster_asn"),
        (accounts, "--as", "accounts-of-asn"),
        (acts, "--set", "platform=instagram"),
    ):
        outcome = run("load", *words, "--store", place, *STATED)
        assert outcome.status in (0, 1)
        assert NIP not in outcome.err
        assert "Rahasia" not in outcome.err
    return place


def test_coverage_is_told_in_sentences_and_tables(run: Run, store: Path) -> None:
    outcome = run("coverage", "--store", store)
    assert outcome.status == 0
    assert "2 interactions from 2024-10-01 to 2024-10-03 (WIB), 1 of 3 days without any" in outcome.out
    assert "not proof" in outcome.out
    for heading in ("By agency", "By platform", "By basis", "What can be seen", "Days without"):
        assert heading in outcome.out
    assert "\x1b" not in outcome.out


def test_coverage_in_indonesian(run: Run, store: Path) -> None:
    assert "Tidak ditemukan bukan berarti tidak ada." in run("coverage", "--lang", "id", "--store", store).out


def test_coverage_as_json_has_citations(run: Run, store: Path) -> None:
    found = json.loads(run("coverage", "--json", "--store", store).out)
    assert found["days_without"] == 1
    liked = next(k for k in found["kinds"] if k["kind"] == "LIKED")
    assert (liked["seen"], liked["interactions"]) == ("partly", 2)
    assert liked["citation"]


def test_small_agencies_can_be_withheld(run: Run, store: Path) -> None:
    agencies = json.loads(run("coverage", "--json", "--suppress", "--store", store).out)["roster"]["agencies"]
    assert {a["persons"] for a in agencies} == {None}


def test_finding_nothing_comes_with_coverage(run: Run, store: Path) -> None:
    outcome = run("detect", "--store", store)
    assert "No cluster" in outcome.err
    assert "1 of 3 days without any" in outcome.err
    assert "not proof" in outcome.err


def test_terms_stop_a_load_with_status_one(run: Run, store: Path, tmp_path: Path) -> None:
    file = tmp_path / "api.csv"
    file.write_text("account,object,kind\na,p,komentar\n")
    words = ("load", file, "--set", "platform=x", "--acquisition", "x-api", "--store", store)
    outcome = run(*words)
    assert outcome.status == 1
    assert "docs.x.com" in outcome.err
    assert "--terms-approved" in outcome.err
    assert run(*words, "--terms-approved", "X, letter 12").status == 0


def test_tables_are_written_as_workbooks_and_as_csv_that_excel_opens(run: Run, store: Path, tmp_path: Path) -> None:
    outcome = run("coverage", "--lang", "id", "--xlsx", tmp_path / "c.xlsx", "--store", store)
    assert outcome.err.endswith("baris.\n")
    sheets = openpyxl.load_workbook(tmp_path / "c.xlsx")
    assert "Menurut platform" in sheets.sheetnames
    assert sheets["Menurut platform"]["A1"].value == "platform"
    asked = ("query", "RETURN ['a', 'b'] AS x, 0.5 AS y, '=1' AS z", "--store", store, "--lang")
    assert run(*asked, "id", "--csv-excel").out == "\ufeffx;y;z\r\na, b;0,5;'=1\r\n"
    assert run(*asked, "en", "--csv-excel").out == '\ufeffx,y,z\r\n"a, b",0.5,\'=1\r\n'
    outcome = run(*asked, "id", "--xlsx", tmp_path / "q.xlsx")
    assert outcome.out == ""
    assert "q.xlsx: 1 baris." in outcome.err
    assert "Nama akun seperti di dalam penyimpanan" in outcome.err
    assert [c.value for c in openpyxl.load_workbook(tmp_path / "q.xlsx")["q"][2]] == ["a, b", 0.5, "=1"]
    both = run(*asked, "id", "--csv", "--xlsx", tmp_path / "r.xlsx")
    assert (both.status, (tmp_path / "r.xlsx").exists()) == (2, False)
    assert "--xlsx tidak dapat digabung dengan --csv" in both.err
