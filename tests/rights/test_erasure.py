"""Of who was forgotten no trace remains, everything else stays as it was, and no load brings them back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from forgetting_store import GONE, HANDLE, NAME, NIP, OTHER_NIP, act, everything, fill, rows_of, write

import graphwatch
from graphwatch.errors import InputError, KeyMissing, NothingFound, StoreDamaged, UsageError
from graphwatch.privacy.access_log import AccessLog
from graphwatch.privacy.vault import Vault
from graphwatch.project import Project
from graphwatch.store.copying import table_digest


@pytest.fixture
def project(fill_project: Callable[[Any], Project]) -> Project:
    """A filled store on each engine."""
    return fill_project(fill)


def test_an_account_goes_without_a_trace_and_everything_else_stays(project: Project) -> None:
    before = rows_of(project)
    done = project.forget(account=f"@{HANDLE}", platform="x", reason="permintaan 1")
    after = rows_of(project)

    assert done.proof is not None
    assert done.proof.found == ()
    assert done.proof.files > 0
    said = everything(project.folder) + json.dumps(after)
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
                elif (name, column) == ("Burst", "interactions"):
                    gone = {i for n in before if n.startswith("COMMENTED") for i in before[n].keys() - after[n].keys()}
                    assert value == [act for act in was[column] if act not in gone], id
                elif name not in stamped and name not in ("Post", "Complaint", "Decision"):
                    assert value == was[column], (name, column)
    mine = {
        name: {i for i, r in rows.items() if GONE in (r["id"], r.get("from"), r.get("to"))}
        for name, rows in before.items()
    }
    for name, rows in before.items():
        lost = set(rows) - set(after[name]) - mine[name]
        assert lost <= {"D-2", "x:own2", f"x:{GONE[2:]}_77"} or name == "PUBLISHED Account-Post"


def test_the_journal_gives_the_same_graph_again(copied_project: Callable[[Any], Project]) -> None:
    project = copied_project(fill)
    project.forget(account=GONE, reason="permintaan 1")
    assert project.verify() == {}
    kept = {name: table_digest(table) for name, table in project.store.dump()}
    project.rebuild()
    assert {name: table_digest(table) for name, table in project.store.dump()} == kept


def test_a_person_goes_with_the_accounts_that_are_theirs_alone(project: Project) -> None:
    done = project.forget(asn=NIP, reason="permintaan 2")
    assert done.shared == ("x:3",)
    assert done.persons == 1
    assert done.proof is not None
    assert done.proof.found == ()
    after = rows_of(project)
    assert GONE not in after["Account"]
    assert "x:3" in after["Account"]
    assert len(after["Asn"]) == len(after["WORKS_AT Asn-Agency"]) == len(after["BELONGS_TO Account-Asn"]) == 1
    assert Vault(project.folder).persons()["nip"].to_pylist() == [OTHER_NIP]
    with pytest.raises(NothingFound) as raised:
        project.forget(asn=NIP, reason="permintaan 2")
    assert NIP not in str(raised.value)


def test_no_load_brings_them_back(project: Project, tmp_path: Path) -> None:
    project.forget(asn=NIP, reason="permintaan 3")
    files = tmp_path / "again"
    files.mkdir()
    acts = [act(GONE, "p1", 1, account_handle=HANDLE), act("x:3", "p1", 2)]
    acts.append({**act("x:3", GONE[2:], 3), "kind": "follow", "object_type": "account"})
    done = project.load(write(files / "acts.csv", acts))
    assert (done.taken, done.forgotten, done.refused) == (1, 2, 0)
    roster = [{"nip": NIP, "name": NAME, "agency": "b"}, {"nip": OTHER_NIP, "name": "Budi", "agency": "b"}]
    assert project.load(write(files / "roster.csv", roster), kind="roster").forgotten == 1
    links = [
        {"platform": "x", "handle": HANDLE.upper(), "account": "", "nip": OTHER_NIP, "basis": "verified"},
        {"platform": "x", "handle": "", "account": "3", "nip": OTHER_NIP, "basis": "verified"},
    ]
    assert project.load(write(files / "links.csv", links), kind="accounts-of-asn").forgotten == 1
    complaints = [
        {"number": f"B{n}", "account": a} for n, a in enumerate((f"https://x.com/{HANDLE}", "https://x.com/budi"))
    ]
    assert project.load(write(files / "complaints.csv", complaints), kind="complaints").forgotten == 1
    with pytest.raises(InputError, match="forgotten"):
        project.load(write(files / "only.csv", [act(GONE, "p9", 1)]))
    after = rows_of(project)
    assert GONE not in after["Account"]
    assert len(after["Asn"]) == 1
    assert Vault(project.folder).persons().num_rows == 1
    assert HANDLE not in json.dumps(after).replace(f"{HANDLE}9", "")


def test_no_spelling_of_a_handle_brings_back_who_was_forgotten(tmp_path: Path) -> None:
    opened = graphwatch.open(tmp_path / "s.gw", create=True)

    def load(name: str, *accounts: str) -> int:
        rows = [f"{account},p1,like,instagram,2024-10-08T01:00:00Z\n" for account in accounts]
        path = tmp_path / name
        path.write_text("account,object,kind,platform,at\n" + "".join(rows))
        return opened.load(path).forgotten

    assert load("a.csv", "@Budi.S", "sari") == 0
    opened.forget(account="budi.s", reason="permintaan 3")
    assert load("b.csv", "sari", "BUDI.S", "@budi.s", "https://www.instagram.com/Budi.S/?hl=id") == 3
    assert opened.query("MATCH (a:Account) RETURN a.id AS id").to_pandas()["id"].tolist() == ["instagram:sari"]


def test_a_dry_run_counts_what_then_goes(project: Project) -> None:
    before = rows_of(project)
    counted = project.forget(account=GONE, reason="permintaan 4", dry_run=True)
    assert counted.proof is None
    assert rows_of(project) == before
    assert counted.erased == project.forget(account=GONE, reason="permintaan 4").erased


def test_what_is_logged_names_nobody_and_says_what_was_done(project: Project) -> None:
    with pytest.raises(UsageError, match="names whom"):
        project.forget(account=GONE, reason=f"permintaan @{HANDLE}")
    with pytest.raises(UsageError, match="reason"):
        project.forget(account=GONE, reason=" ")
    AccessLog(project.folder / "access.log").record("export", f"tentang @{HANDLE}", "sari", {})
    done = project.forget(account=GONE, reason="permintaan 5")
    assert done.proof is not None
    assert done.proof.logged == (1,)
    lines = project.access_log()
    assert [line["action"] for line in lines] == ["export", "forget", "forgotten"]
    assert lines[2]["details"]["found"] == 0
    assert project.verify_log()[0] == 3


def test_a_trace_in_a_file_of_somebody_else_is_found(project: Project) -> None:
    (project.folder / "notes.txt").write_text(f"lihat @{HANDLE}", encoding="utf-8")
    done = project.forget(account=GONE, reason="permintaan 6")
    assert done.proof is not None
    assert done.proof.found == ("notes.txt",)


def test_without_the_key_of_the_tombstones_nothing_is_loaded(project: Project, tmp_path: Path) -> None:
    project.forget(account=GONE, reason="permintaan 7")
    (project.folder / "keys" / "pseudonyms.key").unlink()
    with pytest.raises(KeyMissing):
        project.load(write(tmp_path / "more.csv", [act(GONE, "p9", 1), act("x:3", "p9", 2)]))


def test_a_damaged_journal_is_not_written_again(copied_project: Callable[[Any], Project]) -> None:
    project = copied_project(fill)
    part = next((project.folder / "journal").glob("000001-*/*.parquet"))
    part.write_bytes(part.read_bytes()[:-1] + b"x")
    with pytest.raises(StoreDamaged):
        project.forget(account=GONE, reason="permintaan 8")
    assert project.is_forgetting


def test_bursts_lose_what_was_erased_and_those_without_two_members_go(
    copied_project: Callable[[Any], Project], tmp_path: Path
) -> None:
    project = copied_project(fill)
    project.load(write(tmp_path / "two.csv", [act(account, "two", 30) for account in (GONE, "x:3")]))
    run = project.detect(fdr=None, min_objects=2).run
    cypher = "MATCH (b:Burst) WHERE b.run = $run RETURN b.object AS post, b.interactions AS acts ORDER BY post"
    before = {row["post"]: row["acts"] for row in project.store.read(cypher, {"run": run}).to_pylist()}
    assert {post: len(acts) for post, acts in before.items()} == {**{f"x:p{n}": 3 for n in range(6)}, "x:two": 2}
    own = {row["id"] for row in project.about(account=GONE)["interactions"]}
    project.forget(account=GONE, reason="permintaan 1")
    after = {row["post"]: row["acts"] for row in project.store.read(cypher, {"run": run}).to_pylist()}
    assert after == {f"x:p{n}": [id for id in before[f"x:p{n}"] if id not in own] for n in range(6)}
    assert all(len(acts) == 2 for acts in after.values())
    assert [row["number"] for row in project.about(account="x:3")["bursts"] if row["run"] == run] == [1, 2, 3, 4, 5, 6]
    assert project.verify() == {}
