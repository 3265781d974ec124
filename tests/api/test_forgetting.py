"""Of who was forgotten no trace remains, everything else stays as it was, and no load brings them back."""

import csv
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import graphwatch
from graphwatch.api import Desk
from graphwatch.errors import InputError, KeyMissing, NothingFound, StoreDamaged, UsageError
from graphwatch.privacy import AccessLog, Vault
from graphwatch.store.digest import table_digest
from graphwatch.tables import node_table, relation_table

NIP, OTHER_NIP = "199001012015031002", "198505052010012003"
NAME = "Fulanah binti Contoh"
# The account to be forgotten, and one whose number and handle only begin alike.
GONE, ALIKE = "x:81234567", "x:812345678"
HANDLE = "fulanah_88"


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)))
        out.writeheader()
        out.writerows(rows)
    return path


def act(account: str, post: str, second: int, **more: object) -> dict[str, object]:
    native = account.partition(":")[2]
    at = f"2024-10-01T10:00:{second:02}+07:00"
    return {"account": native, "object": post, "kind": "comment", "platform": "x", "at": at, **more}


def fill(desk: Desk, folder: Path) -> None:
    """Accounts that comment together, a roster, complaints, a run, a decision, a watch, refused rows."""
    rows = [
        act(account, f"p{n}", n, account_handle=handle, text=f"hai @{HANDLE} dan @{HANDLE}9")
        for n in range(6)
        for account, handle in ((GONE, HANDLE), (ALIKE, f"{HANDLE}9"), ("x:3", "budi"))
    ]
    rows += [act("x:5", "own1", 5), act("x:3", "own1", 9), {**act(f"bad {HANDLE}", "p1", 1), "at": f"@{HANDLE}"}]
    desk.load(write(folder / "acts.csv", rows))
    posts = [
        {"post": f"own{n}", "account": GONE[2:], "platform": "x", "text": f"oleh {HANDLE}", "at": "2024-10-01T01:00Z"}
        for n in (1, 2)
    ]
    posts.append({"post": f"{GONE[2:]}_77", "account": ALIKE[2:], "platform": "x", "text": "", "at": ""})
    desk.load(write(folder / "posts.csv", posts), kind="posts")
    roster = [
        {"nip": NIP, "name": NAME, "agency": "dinas-a"},
        {"nip": OTHER_NIP, "name": "Budi C", "agency": "dinas-a"},
    ]
    desk.load(write(folder / "roster.csv", roster), kind="roster")
    links = [
        {"platform": "x", "account": id[2:], "nip": nip, "basis": "verified"}
        for id, nip in ((GONE, NIP), ("x:3", NIP), ("x:3", OTHER_NIP))
    ]
    desk.load(write(folder / "links.csv", links), kind="accounts-of-asn")
    complaints = [
        {"number": "A1", "text": f"akun @{HANDLE}", "account": f"@{HANDLE}", "platform": "x", "received": "2024-10-02"},
        {"number": "A2", "text": f"bukan {HANDLE}", "account": "@budi", "platform": "x", "received": "2024-10-02"},
    ]
    desk.load(write(folder / "complaints.csv", complaints), kind="complaints")
    desk.detect(fdr=None, min_objects=3)
    desk.watch(GONE, reason="contoh")
    cluster = desk.store.read("MATCH (c:Cluster) RETURN c.id AS id")["id"][0].as_py()
    decisions = [
        {"id": "D-1", "lead": cluster, "lead_kind": "cluster", "accounts": [GONE, "x:3"], "reason": f"@{HANDLE} lucu"},
        {"id": "D-2", "lead": GONE, "lead_kind": "account", "accounts": [GONE], "reason": "kebetulan"},
    ]
    schema = node_table("Decision", []).schema
    with desk.store.write("decision") as writing:
        writing.add(node_table("Decision", [pa.RecordBatch.from_pylist(decisions, schema=schema)]))
        link = {"from": "D-2", "to": GONE, "id": "d2"}
        writing.add(relation_table("CONCERNS", "Decision", "Account", [pa.RecordBatch.from_pylist([link])]))


@pytest.fixture
def desk(empty_desk: Desk, tmp_path: Path) -> Desk:
    """A filled store on each engine."""
    (tmp_path / "files").mkdir()
    fill(empty_desk, tmp_path / "files")
    return empty_desk


def rows_of(desk: Desk) -> dict[str, dict[str, dict[str, object]]]:
    """Every row of every table, by id."""
    return {
        name: {row["id"]: row for batch in table.batches for row in batch.to_pylist()}
        for name, table in desk.store.dump()
    }


def everything(folder: Path) -> str:
    """All that can be read below a folder, Parquet in plain."""
    said = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        said.append(path.name)
        if path.suffix == ".parquet":
            with pq.ParquetFile(path) as file:
                said.append(json.dumps(file.read().to_pylist()))
        else:
            said.append(path.read_bytes().decode("utf-8", "replace"))
    return "\n".join(said)


def test_an_account_goes_without_a_trace_and_everything_else_stays(desk: Desk) -> None:
    before = rows_of(desk)
    done = desk.forget(account=f"@{HANDLE}", platform="x", reason="permintaan 1")
    after = rows_of(desk)

    assert done.proof is not None
    assert done.proof.found == ()
    assert done.proof.files > 0
    said = everything(desk.folder) + json.dumps(after)
    for trace in (f'"{GONE}"', f"{HANDLE} ", f'{HANDLE}"', f"{GONE[2:]}_"):
        assert trace not in said
    assert done.erased["Account"] == 1
    assert done.erased["COMMENTED"] == 6
    # The post that only they had is gone, with the one whose id names them; the other is an empty place.
    assert "x:own2" not in after["Post"]
    assert f"x:{GONE[2:]}_77" not in after["Post"]
    assert after["Post"]["x:own1"]["text"] is None
    assert after["Complaint"]["A1"]["account_ref"] is after["Complaint"]["A1"]["text"] is None
    assert after["Complaint"]["A1"]["received_at"] == "2024-10-02"
    assert after["Complaint"]["A2"]["text"] == "bukan [dihapus]"
    assert set(after["Decision"]) == {"D-1"}
    assert after["Decision"]["D-1"]["accounts"] == ["x:3"]
    assert after["Decision"]["D-1"]["reason"] == "@[dihapus] lucu"
    assert after["Watch"] == {}
    assert all(row["erased_at_ms"] for row in [*after["Run"].values(), *after["Cluster"].values()])

    stamped = {"Run", "Cluster"}
    for name, rows in after.items():
        for id, row in rows.items():
            was = {**before[name][id]}
            for column, value in row.items():
                if isinstance(value, str) and value != was[column]:
                    assert "[dihapus]" in value, (name, column)
                elif name not in stamped and name not in ("Post", "Complaint", "Decision"):
                    assert value == was[column], (name, column)
    mine = {
        name: {i for i, r in rows.items() if GONE in (r["id"], r.get("from"), r.get("to"))}
        for name, rows in before.items()
    }
    for name, rows in before.items():
        lost = set(rows) - set(after[name]) - mine[name]
        assert lost <= {"D-2", "x:own2", f"x:{GONE[2:]}_77"} or name == "PUBLISHED Account-Post"


def test_the_journal_gives_the_same_graph_again(tmp_path: Path) -> None:
    with graphwatch.open(tmp_path / "s.gw", create=True) as desk:
        fill(desk, tmp_path)
        desk.forget(account=GONE, reason="permintaan 1")
        assert desk.verify() == {}
        kept = {name: table_digest(table) for name, table in desk.store.dump()}
        desk.rebuild()
        assert {name: table_digest(table) for name, table in desk.store.dump()} == kept


def test_a_person_goes_with_the_accounts_that_are_theirs_alone(desk: Desk) -> None:
    done = desk.forget(asn=NIP, reason="permintaan 2")
    assert done.shared == ("x:3",)
    assert done.persons == 1
    assert done.proof is not None
    assert done.proof.found == ()
    after = rows_of(desk)
    assert GONE not in after["Account"]
    assert "x:3" in after["Account"]
    assert len(after["Asn"]) == len(after["WORKS_AT Asn-Agency"]) == len(after["BELONGS_TO Account-Asn"]) == 1
    assert Vault(desk.folder).persons()["nip"].to_pylist() == [OTHER_NIP]
    with pytest.raises(NothingFound) as raised:
        desk.forget(asn=NIP, reason="permintaan 2")
    assert NIP not in str(raised.value)


def test_no_load_brings_them_back(desk: Desk, tmp_path: Path) -> None:
    desk.forget(asn=NIP, reason="permintaan 3")
    files = tmp_path / "again"
    files.mkdir()
    acts = [act(GONE, "p1", 1, account_handle=HANDLE), act("x:3", "p1", 2)]
    acts.append({**act("x:3", GONE[2:], 3), "kind": "follow", "object_type": "account"})
    done = desk.load(write(files / "acts.csv", acts))
    assert (done.taken, done.forgotten, done.refused) == (1, 2, 0)
    roster = [{"nip": NIP, "name": NAME, "agency": "b"}, {"nip": OTHER_NIP, "name": "Budi", "agency": "b"}]
    assert desk.load(write(files / "roster.csv", roster), kind="roster").forgotten == 1
    links = [
        {"platform": "x", "handle": HANDLE.upper(), "account": "", "nip": OTHER_NIP, "basis": "verified"},
        {"platform": "x", "handle": "", "account": "3", "nip": OTHER_NIP, "basis": "verified"},
    ]
    assert desk.load(write(files / "links.csv", links), kind="accounts-of-asn").forgotten == 1
    complaints = [
        {"number": f"B{n}", "account": a} for n, a in enumerate((f"https://x.com/{HANDLE}", "https://x.com/budi"))
    ]
    assert desk.load(write(files / "complaints.csv", complaints), kind="complaints").forgotten == 1
    with pytest.raises(InputError, match="forgotten"):
        desk.load(write(files / "only.csv", [act(GONE, "p9", 1)]))
    after = rows_of(desk)
    assert GONE not in after["Account"]
    assert len(after["Asn"]) == 1
    assert Vault(desk.folder).persons().num_rows == 1
    assert HANDLE not in json.dumps(after).replace(f"{HANDLE}9", "")


def test_a_dry_run_counts_what_then_goes(desk: Desk) -> None:
    before = rows_of(desk)
    counted = desk.forget(account=GONE, reason="permintaan 4", dry_run=True)
    assert counted.proof is None
    assert rows_of(desk) == before
    assert counted.erased == desk.forget(account=GONE, reason="permintaan 4").erased


def test_what_is_logged_names_nobody_and_says_what_was_done(desk: Desk) -> None:
    with pytest.raises(UsageError, match="names whom"):
        desk.forget(account=GONE, reason=f"permintaan @{HANDLE}")
    with pytest.raises(UsageError, match="reason"):
        desk.forget(account=GONE, reason=" ")
    AccessLog(desk.folder / "access.log").record("export", f"tentang @{HANDLE}", "sari", {})
    done = desk.forget(account=GONE, reason="permintaan 5")
    assert done.proof is not None
    assert done.proof.logged == (1,)
    lines = desk.access_log()
    assert [line["action"] for line in lines] == ["export", "forget", "forgotten"]
    assert lines[2]["details"]["found"] == 0
    assert desk.verify_log()[0] == 3


def test_a_trace_in_a_file_of_somebody_else_is_found(desk: Desk) -> None:
    (desk.folder / "notes.txt").write_text(f"lihat @{HANDLE}", encoding="utf-8")
    done = desk.forget(account=GONE, reason="permintaan 6")
    assert done.proof is not None
    assert done.proof.found == ("notes.txt",)


def test_without_the_key_of_the_tombstones_nothing_is_loaded(desk: Desk, tmp_path: Path) -> None:
    desk.forget(account=GONE, reason="permintaan 7")
    (desk.folder / "keys" / "pseudonyms.key").unlink()
    with pytest.raises(KeyMissing):
        desk.load(write(tmp_path / "more.csv", [act(GONE, "p9", 1), act("x:3", "p9", 2)]))


def test_a_damaged_journal_is_not_written_again(tmp_path: Path) -> None:
    with graphwatch.open(tmp_path / "s.gw", create=True) as desk:
        fill(desk, tmp_path)
        part = next((desk.folder / "journal").glob("000001-*/*.parquet"))
        part.write_bytes(part.read_bytes()[:-1] + b"x")
        with pytest.raises(StoreDamaged):
            desk.forget(account=GONE, reason="permintaan 8")
        assert desk.is_forgetting


# Where a writer dies: each function is called, and the process is gone before or after it.
DEATHS = [
    "graphwatch.api.protection.forgetting.Pending.begin",
    "graphwatch.api.protection.forgetting.Tombstones.add",
    "graphwatch.store.embedded.rewrite",
    "graphwatch.store.rewriting.write_manifest",
    "graphwatch.store.embedded.settle",
    "pathlib.Path.rename",
    "graphwatch.store.embedded.EmbeddedStore._rebuild",
    "graphwatch.api.protection.forgetting.search",
]
KILLED = """
import importlib, os, sys
from pathlib import Path
import graphwatch
folder, target, when = sys.argv[1:]
with graphwatch.open(folder) as desk:
    desk.store.read("MATCH (n:Run) RETURN n.id AS id")
    module, _, name = target.rpartition(".")
    owner = importlib.import_module(module) if module.islower() else None
    if owner is None:
        outer, _, inner = module.rpartition(".")
        owner = getattr(importlib.import_module(outer), inner)
    real = getattr(owner, name)
    def dying(*words, **more):
        if when == "after":
            real(*words, **more)
        os.kill(os.getpid(), 9)
    setattr(owner, name, dying)
    desk.forget(account="x:81234567", reason="permintaan 9")
"""


@pytest.mark.parametrize("target", DEATHS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_who_dies_in_the_middle_can_be_finished(tmp_path: Path, target: str, when: str) -> None:
    store = tmp_path / "s.gw"
    with graphwatch.open(store, create=True) as desk:
        fill(desk, tmp_path)
        before = rows_of(desk)
    words = [sys.executable, "-c", textwrap.dedent(KILLED), str(store), target, when]
    dead = subprocess.run(words, cwd=Path(__file__).parents[2], env=os.environ, capture_output=True, check=False)
    assert dead.returncode == -9, dead.stderr
    with graphwatch.open(store) as desk:
        half = rows_of(desk)
        assert half == before or GONE not in half["Account"]
        done = desk.resume_forgetting() or desk.forget(account=GONE, reason="permintaan 9")
        assert done.proof is not None
        assert done.proof.found == ()
        assert not desk.is_forgetting
        assert GONE not in rows_of(desk)["Account"]
        assert desk.verify() == {}
        assert f'"{GONE}"' not in everything(desk.folder)
        assert not [p for p in store.iterdir() if p.name.startswith("journal.")]
