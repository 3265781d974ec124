"""A regular lag as a lead of its own: stored, listed, explained, decided on, and written down, on both engines."""

import csv
import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from desk.conftest import Visitor
from graph_rows import HOSTILE

import graphwatch
from graphwatch.cli.main import graphwatch as command
from graphwatch.errors import NothingFound
from graphwatch.explain.lag_words import lead_sections
from graphwatch.project import Project
from graphwatch.store.address import Address

pytestmark = pytest.mark.long

BOT, PEOPLE, POSTS = "x:bot_rekaan", 12, 30
BEGAN = datetime(2024, 10, 1, 8, 0, 7, tzinfo=ZoneInfo("Asia/Jakarta"))


def write(folder: Path) -> dict[str, Path]:
    """Posts of two pages, people who like them within the hour, and a bot that does so after 37 ± 1 s."""
    random.seed(7)
    published = [BEGAN + timedelta(hours=7 * n, seconds=n) for n in range(POSTS)]
    rows: dict[str, list[list[str]]] = {
        "pages": [["page", "name"], ["p0", HOSTILE], ["p1", "Warta"]],
        "posts": [["post", "page", "at"]],
        "interactions": [["account", "object", "kind", "at", "handle"]],
    }
    for n, at in enumerate(published):
        rows["posts"].append([f"k{n}", f"p{n % 2}", at.isoformat()])
        acts = [("bot_rekaan", 37 + n % 3)]
        acts += [(f"orang{p}", min(3_500, int(random.lognormvariate(5.5, 1.0)))) for p in range(PEOPLE)]
        for account, lag in acts:
            then = (at + timedelta(seconds=lag)).isoformat()
            rows["interactions"].append([account, f"k{n}", "like", then, HOSTILE.replace(" ", "_")[:40]])
    files = {kind: folder / f"{kind}.csv" for kind in rows}
    for kind, file in files.items():
        with file.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerows(rows[kind])
    return files


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("lags")
    with pytest.MonkeyPatch.context() as patched:
        where: dict[str, object] = {}
        place: str | Path = folder / "s.gw"
        if request.param == "neo4j":
            server: Address = request.getfixturevalue("neo4j_server")
            patched.setenv("NEO4J_USERNAME", server.username)
            patched.setenv("NEO4J_PASSWORD", server.password)
            place, where = server.uri, {"project": folder}
        with graphwatch.open(place, create=True, **where) as opened:  # type: ignore[arg-type]
            for kind, file in write(folder).items():
                opened.load(file, kind=kind, constants={"platform": "x"})
            opened.detect()
            yield opened
        if request.param == "neo4j":
            from conftest import erase

            erase(server)


def test_the_bot_is_a_lead_and_the_people_are_none(project: Project) -> None:
    detected = project.detect()
    assert detected.already
    assert detected.lags == {"accounts": PEOPLE + 1, "regular": 1, "shared": 0}
    (found,) = project.query("regular-lags").to_arrow().to_pylist()
    assert (found["account"], found["posts"], found["shortest_s"], found["longest_s"]) == (BOT, POSTS, 37.0, 39.0)
    assert found["q"] <= 0.05
    assert found["expected"] < POSTS / 2
    acts = project.query("account-lags", {"account": BOT}).to_arrow().to_pylist()
    assert [act["lag_s"] for act in acts] == [37.0 + n % 3 for n in range(POSTS)]
    assert json.loads(project.query("runs").to_arrow()["lags"][0].as_py()) == detected.lags
    members = project.query("MATCH (a:Account)-[:MEMBER_OF]->(k:Cluster) RETURN a.id AS id").to_arrow()
    assert BOT not in members["id"].to_pylist()


def test_it_is_explained_in_both_languages(project: Project) -> None:
    told = project.explain_lag(BOT)
    assert told is not None
    assert (told.posts, told.window_s, told.tested, len(told.acts)) == (POSTS, (37.0, 39.0), PEOPLE + 1, POSTS)
    for language, words in (("en", "37–39 s after publication"), ("id", "37–39 detik setelah terbit")):
        sections = {section.key: section.lines for section in lead_sections(told, language)}
        assert list(sections) == ["lead", "seen", "tests", "acts", "innocent", "limits"]
        assert words in sections["seen"][0]
        assert len(sections["acts"]) == 11
    assert not any("page" in reason.text for reason in told.innocent)  # it acts on two pages alike
    assert project.explain_lag("x:orang1") is None
    with pytest.raises(NothingFound, match="no cluster, pair or regular lag"):
        project.explain("x:orang1")


def test_it_is_decided_on_like_an_account(project: Project) -> None:
    leads = {row["lead"]: row for row in project.leads()}
    assert leads[BOT]["kind"] == "lag"
    assert leads[BOT]["status"] == "open"
    project.decide(BOT, "dismissed", reviewer="Sari", reason="alat redaksi")
    again = [row for row in project.leads() if row["lead"] == BOT]
    assert [(row["kind"], row["status"]) for row in again] == [("lag", "dismissed")]
    assert project.lead(BOT).run == project.detect().run
    assert project.lead("x:orang1").run is None


def test_a_document_tells_it_and_under_pseudonyms_no_lag(project: Project, tmp_path: Path) -> None:
    for language, withheld in (("en", "how long is withheld"), ("id", "berapa lama tidak disebut")):
        masked = project.report("account", BOT, path=tmp_path / "m.md", lang=language).path.read_text()
        assert withheld in masked
        assert "37" not in masked.partition(withheld)[0].rpartition("##")[2]
        assert BOT not in masked
    opened = project.report(
        "account", BOT, path=tmp_path / "o.md", lang="en", unmask=True, off_roster=True, reason="perkara 12"
    )
    assert "37–39 s after publication" in opened.path.read_text()
    summary = project.report("summary", path=tmp_path / "s.md", lang="en").path.read_text()
    assert "1 account acts with a regular lag" in summary
    assert "13 accounts were tested, 1 found" in summary


def test_what_is_stored_about_an_account_has_it(project: Project) -> None:
    found = project.about(account=BOT)["regular_lags"]
    assert [(row["account"], row["posts"], row["shortest_s"]) for row in found] == [(BOT, POSTS, 37.0)]


def test_the_terminal_and_the_desk_show_it(project: Project) -> None:
    if project.store.engine != "embedded":
        pytest.skip("the terminal and the desk ask the verbs above")
    place = str(project.folder)
    detect = CliRunner().invoke(command, ["detect", "--store", place, "--lang", "en"])
    assert "1 of 13 accounts with eight known lags or more" in detect.stderr
    for words in (["explain", BOT], ["review", "show", BOT]):
        shown = CliRunner().invoke(command, [*words, "--store", place, "--lang", "en"])
        assert shown.exit_code == 0, shown.stderr
        assert "37–39 s after publication" in " ".join(shown.stdout.split())
    as_json = CliRunner().invoke(command, ["explain", BOT, "--json", "--store", place])
    assert json.loads(as_json.stdout)["window_s"] == [37.0, 39.0]
    desk = Visitor(Path(place)).enter()
    inbox = desk.get("/leads?lang=en").text
    assert f"/leads/{BOT.replace(':', '%3A')}" in inbox
    page = desk.get(f"/leads/{BOT}").text
    assert "37–39" in page
    assert 'id="evidence"' in page
    assert "<script>alert" not in page
