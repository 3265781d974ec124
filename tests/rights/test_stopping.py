"""An erasure whose process was killed, at every point of it: it can be finished, and then it is as if it never was."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from forgetting_store import GONE, HANDLE, NAME, NIP, act, everything, fill, rows_of, write
from stopped_process import a_minute_later, killed_at

import graphwatch
from graphwatch.errors import StoreDamaged, StoreLocked
from graphwatch.privacy.redaction import Tombstones
from graphwatch.privacy.vault import Vault
from graphwatch.project import Project
from graphwatch.rights.erasure import Forgotten, Pending
from graphwatch.store.address import Address
from graphwatch.store.embedded.journal import Journal

pytestmark = pytest.mark.long

# What the process is about to do when it is killed, in the order in which an erasure does it.
POINTS = {
    "nothing written": ["open */.forgetting.json.*"],
    "pending not in its place": ["os.rename */forgetting.json"],
    "tombstones not in their place": ["os.rename */tombstones.json"],
    "vault not begun": ["open */vault/persons.lock"],
    "vault not in its place": ["os.rename */persons.vault"],
    "quarantine not in its place": ["os.rename */quarantine/*.csv"],
    "journal not begun": ["os.mkdir */journal.new"],
    "journal half written": ["open */journal.new/000004-load/manifest.json"],
    "journal written": ["os.rename */journal.new */journal.whole"],
    "graph not marked": ["open */graph/applying"],
    "journal still the old one": ["os.rename */journal */journal.old"],
    "no journal at all": ["os.rename */journal.whole */journal"],
    "old journal still there": ["os.rmdir */journal.old"],
    "graph still the old one": ["os.rename */journal.whole */journal", "os.mkdir */graph/replay"],
    "graph half made": ["os.mkdir */graph/replay", "open */journal/000006-run/*"],
    "graph not in its place": ["os.rename */graph/replay/graph.lbug */graph/graph.lbug"],
    "graph made": ["os.remove */graph/applying"],
    "proof not begun": ["os.remove */graph/applying", "open */lock"],
    "proof half done": ["os.remove */graph/applying", "open */journal/000003-load/*"],
    "proof not logged": ["os.remove */graph/applying", "open */access.log"],
    "end not noted": ["os.remove */forgetting.json"],
}
ASKED: Any = {"asn": NIP, "reason": "permintaan 9"}


@dataclass(frozen=True)
class Prepared:
    """A store to be copied, the files that it was filled with, and what it is after an erasure that was not stopped."""

    folder: Path
    files: Path
    before: Any
    after: list[Any]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    files, folder = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("store")
    with graphwatch.open(folder / "s.gw", create=True) as project:
        fill(project, files)
        before = rows_of(project)
    shutil.copytree(folder / "s.gw", folder / "whole.gw")
    with graphwatch.open(folder / "whole.gw") as project:
        done = project.forget(**ASKED)
        assert done.proof
        assert done.proof.found == ()
        assert (done.persons, done.quarantined) == (1, 1)
        return Prepared(folder / "s.gw", files, before, content(project))


def content(project: Project) -> list[Any]:
    """Everything that two stores have in common of which the same was erased at different times."""
    tables = rows_of(project)
    for rows in tables.values():
        for row in rows.values():
            _without_time(row)
    quarantine = {path.name: path.read_text(encoding="utf-8") for path in (project.folder / "quarantine").iterdir()}
    return [tables, recorded_rows(project), quarantine, Vault(project.folder).persons().to_pylist()]


def recorded_rows(project: Project) -> dict[str, list[Any]]:
    """The rows of every file of the journal, whose checksums and chain are good."""
    found = {}
    for entry in Journal(project.folder / "journal").entries():
        entry.check()
        for part in entry.parts:
            rows = [_without_time(row) for table in entry.tables(part) for row in table.to_pylist()]
            found[f"{entry.folder.name}/{part.file}"] = rows
    return found


def _without_time(row: dict[str, Any]) -> dict[str, Any]:
    if "erased_at_ms" in row:
        row["erased_at_ms"] = row["erased_at_ms"] is not None
    return row


def assert_forgotten(project: Project, prepared: Prepared) -> None:
    """Nobody is found again, everything else is there, and the next loads know whom to leave out."""
    assert not project.is_forgetting
    tables, journal, *rest = content(project)
    assert tables == prepared.after[0]
    assert journal == (prepared.after[1] if project.store.engine == "embedded" else {})
    assert rest == prepared.after[2:]
    said = everything(project.folder) + json.dumps(Vault(project.folder).persons().to_pylist())
    for trace in (f'"{GONE}"', f"{HANDLE} ", f'{HANDLE}"', f"@{HANDLE},", f"{GONE[2:]}_", NIP, NAME):
        assert trace not in said
    assert not [p for p in project.folder.rglob(".*") if p.parent.name != "keys"]
    assert not [p for p in project.folder.iterdir() if p.name.startswith("journal.")]
    assert project.verify_log()[0] >= 2
    tombstones = Tombstones(project.folder)
    assert len(tombstones) == 3
    assert tombstones.has("account", GONE)
    assert tombstones.has("handle", f"x:{HANDLE}")


@pytest.mark.parametrize("point", POINTS)
def test_an_erasure_is_finished(prepared: Prepared, tmp_path: Path, point: str) -> None:
    store = tmp_path / "s.gw"
    shutil.copytree(prepared.folder, store)
    assert killed_at(POINTS[point], str(store), store, "forget", **ASKED)
    with graphwatch.open(store) as project:
        begun = project.is_forgetting
        assert begun == (list(POINTS).index(point) > 1)
        half = rows_of(project)
        assert half == prepared.before or GONE not in half["Account"]
        done = project.resume_forgetting() if begun else project.forget(**ASKED)
        assert isinstance(done, Forgotten)
        assert done.proof
        assert done.proof.found == ()
        assert done.proof.files > 30
        assert_forgotten(project, prepared)


@pytest.mark.parametrize("point", ["tombstones not in their place", "no journal at all", "proof not begun"])
def test_the_next_load_finishes_it_first(prepared: Prepared, tmp_path: Path, point: str) -> None:
    store = tmp_path / "s.gw"
    shutil.copytree(prepared.folder, store)
    assert killed_at(POINTS[point], str(store), store, "forget", **ASKED)
    again = write(tmp_path / "again.csv", [act(GONE, "p1", 7, account_handle=HANDLE), act("x:3", "p1", 8)])
    with graphwatch.open(store) as project:
        assert project.load(prepared.files / "acts.csv").already
        assert_forgotten(project, prepared)
        assert project.load(again).forgotten == 1
        assert GONE not in rows_of(project)["Account"]
        assert project.verify() == {}


def test_two_do_not_erase_at_once(prepared: Prepared, tmp_path: Path) -> None:
    store = tmp_path / "s.gw"
    shutil.copytree(prepared.folder, store)
    with graphwatch.open(store) as project, Pending(store).held(), pytest.raises(StoreLocked, match="erasing"):
        project.forget(**ASKED)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"erasure": {"at_ms": 1}}', "\u00e9"])
def test_a_damaged_note_of_what_is_to_be_erased_is_told(prepared: Prepared, tmp_path: Path, text: str) -> None:
    store = tmp_path / "s.gw"
    shutil.copytree(prepared.folder, store)
    (store / "forgetting.json").write_text(text, encoding="utf-8")
    with graphwatch.open(store) as project, pytest.raises(StoreDamaged, match="under way"):
        project.load(prepared.files / "acts.csv")


# On a server an erasure is many transactions: relations go first, then nodes.
SERVER_POINTS = {
    "tombstones not in their place": ["os.rename */tombstones.json"],
    "vault not in its place": ["os.rename */persons.vault"],
    "no transaction yet": ["call Server.change"] * 2,
    "some relations gone": ["call Server.change"] * 6,
    "only some nodes left": ["call _delete"] * 12,
    "proof not begun": ["call search"],
    "end not noted": ["os.remove */forgetting.json"],
}


@pytest.fixture
def on_server(
    prepared: Prepared, neo4j_address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, Path]:
    """The address of a server with the same graph, and a project folder with the rest."""
    monkeypatch.setenv("NEO4J_USERNAME", neo4j_address.username)
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j_address.password)
    folder = tmp_path / "project"
    shutil.copytree(prepared.folder, folder, ignore=shutil.ignore_patterns("graph", "journal", "store.json", "lock"))
    theirs = graphwatch.open(neo4j_address.uri, project=folder, create=True)
    with graphwatch.open(prepared.folder) as ours, theirs:
        ours.copy_to(theirs)
    return neo4j_address.uri, folder


@pytest.mark.parametrize("point", SERVER_POINTS)
def test_an_erasure_on_a_server_is_finished(
    prepared: Prepared, on_server: tuple[str, Path], neo4j_address: Address, point: str
) -> None:
    place, folder = on_server
    assert killed_at(SERVER_POINTS[point], place, folder, "forget", **ASKED)
    a_minute_later(neo4j_address)
    with graphwatch.open(place, project=folder) as project:
        assert project.is_forgetting
        done = project.resume_forgetting()
        assert isinstance(done, Forgotten)
        assert done.proof
        assert done.proof.found == ()
        assert_forgotten(project, prepared)
