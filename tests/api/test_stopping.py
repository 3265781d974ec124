"""An erasure whose process was killed, at every point of it: it can be finished, and then it is as if it never was."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from forgetting_store import GONE, HANDLE, NAME, NIP, act, everything, fill, rows_of, write
from stopped_process import killed_at

import graphwatch
from graphwatch.api import Desk
from graphwatch.privacy import Vault
from graphwatch.store.address import Address

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
    "journal still the old one": ["os.rename */journal */journal.old"],
    "no journal at all": ["os.rename */journal.whole */journal"],
    "old journal still there": ["os.rmdir */journal.old"],
    "graph still the old one": ["open */graph/applying"],
    "graph half removed": ["os.remove */graph/graph.lbug.wal"],
    "graph half made": ["os.remove */graph/graph.lbug.wal", "open */journal/000006-run/*"],
    "graph made": ["os.remove */graph/applying"],
    "proof not begun": ["os.remove */graph/applying", "open */lock"],
    "proof half done": ["os.remove */graph/applying", "open */journal/000003-load/*"],
    "proof not logged": ["os.remove */graph/applying", "open */access.log"],
    "end not noted": ["os.remove */forgetting.json"],
}
ASKED = {"asn": NIP, "reason": "permintaan 9"}


@dataclass(frozen=True)
class Prepared:
    """A store to be copied, the files that it was filled with, and what it is after an erasure that was not stopped."""

    folder: Path
    files: Path
    before: Any
    after: Any


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    files, folder = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("store")
    with graphwatch.open(folder / "s.gw", create=True) as desk:
        fill(desk, files)
        before = rows_of(desk)
    shutil.copytree(folder / "s.gw", folder / "whole.gw")
    with graphwatch.open(folder / "whole.gw") as desk:
        done = desk.forget(**ASKED)
        assert done.proof.found == ()
        assert (done.persons, done.quarantined) == (1, 1)
        return Prepared(folder / "s.gw", files, before, content(desk))


def content(desk: Desk) -> Any:
    """Everything that two stores have in common of which the same was erased at different times."""
    tables = rows_of(desk)
    for rows in tables.values():
        for row in rows.values():
            if "erased_at_ms" in row:
                row["erased_at_ms"] = row["erased_at_ms"] is not None
    quarantine = {path.name: path.read_text(encoding="utf-8") for path in (desk.folder / "quarantine").iterdir()}
    return tables, quarantine, Vault(desk.folder).persons().to_pylist()


def assert_forgotten(desk: Desk, prepared: Prepared) -> None:
    """Nobody is found again, everything else is there, and no load brings anybody back."""
    assert not desk.is_forgetting
    assert content(desk) == prepared.after
    said = everything(desk.folder) + json.dumps(Vault(desk.folder).persons().to_pylist())
    for trace in (f'"{GONE}"', f"{HANDLE} ", f'{HANDLE}"', f"@{HANDLE},", f"{GONE[2:]}_", NIP, NAME):
        assert trace not in said
    assert not [p for p in desk.folder.rglob(".*") if p.parent.name != "keys"]
    assert desk.verify_log()[0] >= 2
    assert desk.load(prepared.files / "acts.csv").already
    again = write(desk.folder.parent / "again.csv", [act(GONE, "p1", 7, account_handle=HANDLE), act("x:3", "p1", 8)])
    assert desk.load(again).forgotten == 1
    assert desk.load(again).already
    assert GONE not in rows_of(desk)["Account"]


@pytest.mark.parametrize("point", POINTS)
def test_an_erasure_is_finished(prepared: Prepared, tmp_path: Path, point: str) -> None:
    store = tmp_path / "s.gw"
    shutil.copytree(prepared.folder, store)
    assert killed_at(POINTS[point], str(store), store, "forget", **ASKED)
    with graphwatch.open(store) as desk:
        begun = desk.is_forgetting
        assert begun == (list(POINTS).index(point) > 1)
        half = rows_of(desk)
        assert half == prepared.before or GONE not in half["Account"]
        done = desk.resume_forgetting() if begun else desk.forget(**ASKED)
        assert done.proof.found == ()
        assert done.proof.files > 30
        assert desk.verify() == {}
        assert not [p for p in store.iterdir() if p.name.startswith("journal.")]
        assert_forgotten(desk, prepared)
