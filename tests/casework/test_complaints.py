from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from complaint_files import CONTACT, NAME, files_that_hold, filled, sheet

import graphwatch
from graphwatch.errors import InputError, NothingFound, UsageError
from graphwatch.project import Project

LIKE = {"number": "1", "account": "@Budi.S", "platform": "instagram", "kind": "suka"}
POST = "https://www.instagram.com/p/AbC/?igsh=1"


@pytest.fixture
def project(fill_project: Callable[[Any], Project]) -> Project:
    return fill_project(filled)


@pytest.fixture
def small(tmp_path: Path) -> Project:
    return graphwatch.open(tmp_path / "s.gw", create=True)


def load(project: Project, tmp_path: Path, *rows: dict[str, str], name: str = "aduan.csv") -> Any:
    return project.load(sheet(tmp_path / name, rows), kind="complaints", timezone="Asia/Jakarta")


def listed(project: Project, **asked: Any) -> dict[str, dict[str, Any]]:
    rows = project.complaints(**asked).to_arrow().to_pylist()
    return {row["complaint"]: row for row in rows}


def test_what_the_data_say_to_each(project: Project, tmp_path: Path) -> None:
    rows = [
        LIKE | {"post": POST},
        LIKE | {"number": "2", "kind": "share", "post": POST},
        {"number": "3", "account": "https://x.com/sari", "kind": "like", "post": "https://x.com/p/status/2001"},
        {"number": "4", "account": "https://twitter.com/Sari/", "kind": "share", "at": "4 Oktober 2024"},
        {"number": "5", "account": "x.com/sari", "kind": "share", "at": "2024-10-03 10:00"},
        {"number": "6", "account": "sari", "kind": "comment", "post": "1001"},
        {"number": "7", "account": "tidak_ada", "platform": "instagram", "kind": "comment", "post": POST},
        {"number": "8", "account": "instagram.com/budi.s", "kind": "komentar", "post": "https://instagram.com/p/Zz/"},
        {"number": "9", "text": "seorang ASN menyukai unggahan"},
        {"number": "10", "account": "instagram.com/budi.s", "kind": "komentar"},
        {"number": "11", "account": "12", "platform": "instagram", "post": "1001"},
    ]
    done = load(project, tmp_path, *rows)
    assert (done.taken, done.refused) == (11, 0)
    found = listed(project)
    assert {id: row["seen"] for id, row in found.items()} == {
        "1": "confirmed",
        "2": "not seen",
        "3": "not observable",
        "4": "confirmed",
        "5": "not seen",
        "6": "cannot be checked",
        "7": "cannot be checked",
        "8": "cannot be checked",
        "9": "cannot be checked",
        "10": "cannot be checked",
        "11": "confirmed",
    }
    assert found["1"]["accounts"] == ["instagram:11"]
    assert found["1"]["posts"] == ["instagram:1001"]
    assert found["1"]["interaction_at_ms"] == 1_727_920_800_000
    assert found["1"]["interaction_sources"][0].endswith(":2")
    assert "12 June 2024" in found["3"]["why"]
    assert found["6"]["candidates"] == ["instagram:12", "x:21"]
    assert any("complaint 6 may mean any of instagram:12, x:21" in remark for remark in done.notes)
    assert any("not in the data" in remark and "7" in remark for remark in done.notes)
    assert found["7"]["account_ref"] == "tidak_ada"
    assert "post is not in the data" in found["8"]["why"]
    assert found["11"]["interaction_at_ms"] is None


def test_without_a_post_the_day_in_jakarta_decides(project: Project, tmp_path: Path) -> None:
    """A share of 3 October 17:30 UTC is one of the 4th in Jakarta."""
    same = {"account": "https://x.com/sari", "kind": "share"}
    load(project, tmp_path, same | {"number": "1", "at": "4 Oktober 2024"}, same | {"number": "2", "at": "03/10/2024"})
    found = listed(project)
    assert found["1"]["seen"] == "confirmed"
    assert found["2"]["seen"] == "not seen"
    assert found["1"]["at"] == "2024-10-04"


def test_a_confirmed_act_of_another_day_says_so(project: Project, tmp_path: Path) -> None:
    act = {"account": "instagram.com/budi.s", "kind": "suka", "post": POST}
    load(project, tmp_path, act | {"number": "1", "at": "2 Januari 2025"}, act | {"number": "2"})
    found = listed(project)
    timed = found["1"]["interaction_at_ms"] is not None
    assert {row["seen"] for row in found.values()} == {"confirmed"}
    assert ("the day differs: the complaint says 2025-01-02, the data 2024-" in found["1"]["why"]) == timed
    assert timed
    assert "differs" not in found["2"]["why"]


def test_an_account_that_comes_later_is_linked_then(project: Project, tmp_path: Path) -> None:
    load(project, tmp_path, {"number": "1", "account": "@baru", "platform": "tiktok", "kind": "like", "post": "77"})
    assert listed(project)["1"]["accounts"] == []
    later = tmp_path / "later.csv"
    later.write_text("account,account_handle,object,kind,platform\n5,Baru,77,like,tiktok\n", encoding="utf-8")
    assert any("2 links" in remark for remark in project.load(later).notes)
    assert listed(project)["1"]["accounts"] == ["tiktok:5"]
    assert listed(project)["1"]["seen"] == "confirmed"


def test_deadlines_are_seven_days_after_it_was_known_in_three_spellings(small: Project, tmp_path: Path) -> None:
    days = {"1": "2024-09-01", "2": "01/09/2024", "3": "1 September 2024", "4": "8 Agustus 2024", "5": ""}
    load(small, tmp_path, *({"number": n, "text": "x", "known_since": day} for n, day in days.items()))
    found = listed(small, today=date(2024, 9, 6))
    assert [found[n]["deadline"] for n in days] == ["2024-09-08"] * 3 + ["2024-08-15", None]
    assert [found[n]["days_left"] for n in days] == [2, 2, 2, -22, None]
    assert next(iter(found)) == "4"
    assert list(listed(small, today=date(2024, 9, 6), overdue=True)) == ["4"]
    assert list(listed(small, today=date(2024, 9, 8), overdue=True)) == ["4"]
    assert len(listed(small, today=date(2024, 9, 9), overdue=True)) == 4


def test_a_status_is_set_and_survives_the_sheet_loaded_again(small: Project, tmp_path: Path) -> None:
    row = {"number": "12/ADU/2024", "text": "x", "known_since": "2024-09-01"}
    load(small, tmp_path, row)
    small.set_complaint("12/ADU/2024", "forwarded")
    load(small, tmp_path, row | {"channel": "sbt"}, name="again.csv")
    found = listed(small, today=date(2030, 1, 1))["12/ADU/2024"]
    assert (found["status"], found["channel"], found["overdue"]) == ("forwarded", "sbt", False)
    assert len(found["sources"]) == 2
    assert listed(small, status="new") == {}
    with pytest.raises(UsageError, match="new, checking"):
        small.set_complaint("12/ADU/2024", "guilty")
    with pytest.raises(NothingFound):
        small.set_complaint("13", "closed")


def test_who_complained_is_in_the_vault_and_nowhere_else(small: Project, tmp_path: Path) -> None:
    good, bad = {"number": "1", "text": "x"}, {"number": "2", "text": "y", "status": f"{NAME} tahu"}
    unread = {"number": "4", "text": "z", "known_since": f"{NAME} tahu"}
    done = load(small, tmp_path, good, bad, {"number": "3"}, unread)
    assert (done.taken, done.refused) == (2, 2)
    assert set(done.reasons) == {"not a status of a complaint", "a complaint that says nothing"}
    assert any("a cell of 'known_since' left out, its row taken: not a day" in remark for remark in done.notes)
    assert NAME not in " ".join(done.notes)
    assert done.quarantine is not None
    assert "(withheld)" in done.quarantine.read_text(encoding="utf-8")
    small.query("MATCH (n:Complaint) RETURN n")
    assert files_that_hold(tmp_path / "s.gw", (NAME, CONTACT, "RAHASIA", "Rahasia")) == []

    with pytest.raises(UsageError, match="reason"):
        small.complainant("1", reason=" ")
    person = small.complainant("1", reason="klarifikasi")
    assert (person.name, person.contact) == (NAME, CONTACT)
    assert NAME not in repr(person)
    assert "klarifikasi" in (tmp_path / "s.gw" / "access.log").read_text(encoding="utf-8")
    with pytest.raises(NothingFound):
        small.complainant("2", reason="x")


def test_a_row_without_a_number_is_the_same_complaint_when_it_comes_again(small: Project, tmp_path: Path) -> None:
    load(small, tmp_path, {"text": "x", "channel": "surat"})
    load(small, tmp_path, {"text": "x", "channel": "surat", "contact": "other"}, name="again.csv")
    assert len(listed(small)) == 1
    assert next(iter(listed(small))).startswith("C-")


def test_evidence_is_digested_where_it_lies_beside_the_sheet_only(small: Project, tmp_path: Path) -> None:
    folder = tmp_path / "sheet"
    (folder / "bukti").mkdir(parents=True)
    (folder / "bukti" / "a.png").write_bytes(b"picture")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (folder / "link.png").symlink_to(tmp_path / "secret.txt")
    names = ["bukti/a.png", "bukti\\a.png", "../secret.txt", str(tmp_path / "secret.txt"), "link.png", "b.png", "\x00"]
    rows = [{"number": str(n), "text": "x", "evidence": name} for n, name in enumerate(names)]
    done = load(small, folder, *rows)
    digests = [listed(small)[str(n)]["evidence_sha256"] for n in range(len(names))]
    assert digests == [sha256(b"picture").hexdigest()] * 2 + [None] * 5
    assert listed(small)["2"]["evidence"] == "secret.txt"
    assert any("2, 3, 4, 5" in remark for remark in done.notes)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"known_since": "kemarin"}, "not a day"),
        ({"at": "2024-10-03 10:00:61"}, "not a time"),
        ({"kind": "senyum"}, "an unknown kind of interaction"),
    ],
)
def test_bad_cells_are_left_out_and_told(small: Project, tmp_path: Path, more: dict[str, str], said: str) -> None:
    done = load(small, tmp_path, {"number": "1", "text": "x"} | more)
    assert (done.taken, done.refused) == (1, 0)
    assert any(f"'{next(iter(more))}' left out, its row taken: {said}" in remark for remark in done.notes)
    assert not any(value in remark for remark in done.notes for value in more.values())
    assert listed(small)["1"]["deadline"] is None


def test_a_status_that_is_none_is_refused(small: Project, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a status of a complaint") as error:
        load(small, tmp_path, {"number": "1", "text": "x", "status": "bersalah"})
    assert NAME not in str(error.value)


def test_a_complainant_cannot_be_a_constant(small: Project, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="never the same"):
        small.load(sheet(tmp_path / "a.csv", []), kind="complaints", constants={"complainant": NAME})
