"""Documents, what is new, the watchlist, the log and requests of persons, in the browser."""

import json
from pathlib import Path

import pytest
from desk.conftest import Visitor, at_own_desk
from desk.test_loading import followed

import graphwatch


@pytest.fixture(scope="module")
def office(desk_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    """A desk with a store of its own, from which somebody may be erased."""
    return at_own_desk(desk_store, tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def on_roster(office: Visitor) -> dict[str, str]:
    with graphwatch.open(office.desk.place) as project:
        return next(act for act in project.roster_interactions() if act["handle"])


def test_a_document_is_shown_as_it_prints_apart_from_the_desk(office: Visitor, on_roster: dict[str, str]) -> None:
    asked = {"subject": "cluster", "id": "1", "lang": "id"}
    assert "/documents/preview?subject=cluster&amp;id=1" in office.get("/documents", params=asked).text
    shown = office.get("/documents/preview", params=asked)
    policy = shown.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-downloads; default-src 'none'")
    assert "script" not in policy
    assert '<html lang="id"' in shown.text
    account = {"subject": "account", "id": on_roster["account"], "to": "md", "lang": "en"}
    assert on_roster["handle"] not in office.get("/documents/file", params=account | {"to": "html"}).text
    masked = office.get("/documents/file", params=account)
    assert masked.headers["content-disposition"] == 'attachment; filename="graphwatch-account.md"'
    assert on_roster["handle"] not in masked.text
    assert office.get("/documents/file", params={"subject": "agency", "id": "nowhere"}).status_code == 404
    for attack in ("../../etc/passwd", "</title><script>alert(1)</script>"):
        answer = office.get("/documents", params={"subject": "cluster", "id": attack, "to": attack, "lang": attack})
        assert answer.status_code == 200
        assert "<script" not in answer.text


def test_opening_needs_a_name_and_a_reason_and_is_logged(office: Visitor, on_roster: dict[str, str]) -> None:
    asked = {"subject": "account", "id": on_roster["account"], "to": "html", "unmask": "handles"}
    office.person.name = ""
    assert office.post("/documents/unmasked", **asked, reason="clarification").status_code == 400
    office.post("/name", name="Sari W", back="/")
    assert office.post("/documents/unmasked", **asked, reason=" ").status_code == 400
    assert office.post("/documents/unmasked", subject="summary", reason="clarification").status_code == 400
    opened = office.post("/documents/unmasked", **asked, reason="clarification 12")
    assert opened.status_code == 200
    assert on_roster["handle"] in opened.text
    with graphwatch.open(office.desk.place) as project:
        assert project.access_log(action="unmask")[-1]["reason"] == "clarification 12"
    assert "clarification 12" in office.get("/records").text


def test_what_is_new_and_what_is_watched(office: Visitor, on_roster: dict[str, str]) -> None:
    office.post("/name", name="Sari W", back="/")
    assert on_roster["account"] in office.get("/news", params={"since": "2024-01-01"}).text
    assert 'role="alert"' in office.get("/news", params={"since": "<script>"}).text
    office.post("/news/unwatch", what=on_roster["account"])
    assert office.post("/news/watch", what=on_roster["account"], reason="").status_code == 400
    assert office.post("/news/watch", what=on_roster["account"], reason="<b>case 3</b>").status_code == 303
    assert "&lt;b&gt;case 3" in office.get("/news").text
    with graphwatch.open(office.desk.place) as project:
        assert [row["added_by"] for row in project.watched() if row["id"] == on_roster["account"]] == ["Sari W"]
    office.post("/news/unwatch", what=on_roster["account"])
    assert "case 3" not in office.get("/news").text


def test_a_person_is_told_what_is_stored_and_then_erased(office: Visitor, on_roster: dict[str, str]) -> None:
    office.post("/name", name="Sari W", back="/")
    whose = {"account": on_roster["account"]}
    assert office.post("/records/about", **whose, reason="").status_code == 400
    assert "interactions (" in office.post("/records/about", **whose, reason="request 7").text
    file = office.post("/records/about", **whose, reason="request 7", do="file")
    assert json.loads(file.content)["interactions"]
    would = office.post("/records/forget", **whose, reason="request 8").text
    assert 'name="sure"' in would
    with graphwatch.open(office.desk.place) as project:
        assert project.search(on_roster["account"])
    erased = followed(office, office.post("/records/forget", **whose, reason="request 8", sure="1")).text
    assert "Proof: 0 found" in erased
    with graphwatch.open(office.desk.place) as project, pytest.raises(graphwatch.errors.NothingFound):
        project.search(on_roster["account"])
    assert "request 8" in office.get("/records").text
    office.post("/records/settings", lang="en")
    with graphwatch.open(office.desk.place) as project:
        assert project.language() == "en"


def test_an_office_has_its_letterhead_and_its_addressees(office: Visitor) -> None:
    office.post("/records/settings", lang="en", letterhead="Dinas Kominfo <Fiktif>\n\n Jalan  Contoh 1 ")
    asked = {"subject": "summary", "lang": "en"}
    assert "<address>Dinas Kominfo &lt;Fiktif&gt;<br>Jalan Contoh 1</address>" in (
        office.get("/documents/preview", params=asked).text
    )
    assert "Jalan Contoh 1" in office.get("/documents/file", params=asked | {"to": "md"}).text
    assert office.post("/records/settings", lang="en", letterhead="x\n" * 9).status_code == 400
    named = {"name_id.0": "Inspektorat", "name_en.0": 'The "inspectorate" <b>', "role_id.0": "", "role_en.0": ""}
    assert office.post("/records/addressees", **named, **{"id.0": "../x"}).status_code == 400
    assert office.post("/records/addressees", **named, **{"id.0": "inspektorat"}).status_code == 303
    shown = office.get("/records").text
    assert "The &#34;inspectorate&#34; &lt;b&gt;" in shown
    assert 'value="bkn"' not in shown
    assert office.post("/records/addressees").status_code == 303
    assert 'value="bkn"' in office.get("/records").text
    office.post("/records/settings", lang="en", letterhead="")
    assert "<address>" not in office.get("/documents/preview", params=asked).text
