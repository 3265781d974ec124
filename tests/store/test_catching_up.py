"""A load ends when the record has it; the graph takes it in before it is asked, and answers as if it always had."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from graph_rows import accounts, like, likes, posts
from killed_writer import write

import graphwatch
from graphwatch.errors import QueryError, StoreError
from graphwatch.model.tables import GraphTable, every_table, node_rows, relation_rows
from graphwatch.settings import MOST_REGISTERED
from graphwatch.store.base import Store
from graphwatch.store.copying import table_digest
from graphwatch.store.embedded import graph
from graphwatch.store.embedded.graph import Graph
from graphwatch.store.embedded.store import EmbeddedStore

HANDLES = "MATCH (a:Account) RETURN a.id AS id, a.handle AS handle ORDER BY id"


def digests(store: EmbeddedStore) -> dict[str, str]:
    return {name: table_digest(table) for name, table in store.dump()}


def fill(store: EmbeddedStore, *, at_once: bool) -> dict[str, str]:
    """Four batches, which bring rows, change rows of before, and change what one of themselves brought."""
    batches = [
        [posts("x:p1"), accounts(*({"id": f"x:{i}", "handle": "old"} for i in range(20)))],
        [
            accounts({"id": "x:1", "handle": "new"}, {"id": "x:90", "handle": "a"}),
            likes(like("x:1", "x:p1", "r1", 1000)),
        ],
        [accounts({"id": "x:90", "handle": "b"}), likes(like("x:1", "x:p1", "r1", 1000, source="s:9:1"))],
        [accounts({"id": "x:1", "handle": "newest"}), likes(like("x:90", "x:p1", "r2", 2000))],
    ]
    for n, tables in enumerate(batches):
        write(store, [node_rows("Source", [{"id": f"s:{n}"}]), *tables])
        if at_once or n == 0:
            store.catch_up()
    return digests(store)


def test_what_was_taken_in_together_is_what_was_taken_in_one_by_one(tmp_path: Path) -> None:
    lazy, at_once = (EmbeddedStore(tmp_path / name, create=True) for name in ("lazy.gw", "at_once.gw"))
    assert fill(lazy, at_once=False) == fill(at_once, at_once=True)
    assert lazy.verify() == {}
    lazy.rebuild()
    assert digests(lazy) == digests(at_once)


@pytest.mark.parametrize("label", ["Account", "Watch"])
def test_few_nodes_and_many_are_taken_in_alike(tmp_path: Path, label: str) -> None:
    """Whether their table has an index of ids or not: into an empty one, beside others, and in place of others."""
    store = EmbeddedStore(tmp_path / "s.gw", create=True)
    kept: dict[str, dict[str, str]] = {}
    for number, ids in enumerate((range(2), range(1, 5), range(3, 1_300), range(1_299, 1_302))):
        rows = [{"id": f"n'{i}", "platform" if label == "Account" else "reason": f"{number}"} for i in ids]
        kept |= {row["id"]: row for row in rows}
        write(store, [node_rows(label, rows)])
        store.catch_up()
    found = store.rows(label, list(rows[0]))
    asked = store.read(f"MATCH (n:{label}) RETURN {', '.join(f'n.{name} AS {name}' for name in rows[0])}")
    by_id = sorted(kept.values(), key=lambda row: row["id"])
    for table in (found, asked):
        assert sorted(table.to_pylist(), key=lambda row: row["id"]) == by_id
    assert store.read(f"MATCH (n:{label} {{id: $id}}) RETURN count(*) AS n", {"id": "n'7"})["n"][0].as_py() == 1
    assert store.info().counts[label] == len(kept)
    assert store.verify() == {}


def test_relations_are_counted_over_all_that_they_end_at(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "s.gw", create=True)
    about = [{"id": f"{c}{to}", "from": c, "to": to} for c, to in (("C-1", "x:1"), ("C-2", "x:1"), ("C-1", "x:p"))]
    ends = [relation_rows("ABOUT", "Complaint", "Account", about[:2])]
    ends.append(relation_rows("ABOUT", "Complaint", "Post", about[2:]))
    write(store, [accounts({"id": "x:1"}), posts("x:p"), node_rows("Complaint", [{"id": "C-1"}, {"id": "C-2"}]), *ends])
    told = {name: n for name, n in store.info().counts.items() if n}
    assert told == {"Account": 1, "Post": 1, "Complaint": 2, "ABOUT": 3}
    dumped = {name: sum(batch.num_rows for batch in table.batches) for name, table in store.dump()}
    assert set(dumped) == {name for name, *_ in every_table()}
    assert {name: n for name, n in dumped.items() if n} == {
        "Account": 1,
        "Post": 1,
        "Complaint": 2,
        "ABOUT Complaint-Account": 2,
        "ABOUT Complaint-Post": 1,
    }


def test_an_answer_of_many_pieces_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = EmbeddedStore(tmp_path / "s.gw", create=True)
    write(store, [accounts(*({"id": f"x:{i}", "handle": f"h{i}"} for i in range(100)))])
    whole = store.read(HANDLES)
    monkeypatch.setattr(graph, "_PIECE_VALUES", 14)
    assert store.read(HANDLES).equals(whole)
    assert whole.num_rows == 100
    assert store.read("MATCH (a:Account) WHERE a.id = 'nobody' RETURN a.id AS id").num_rows == 0


def test_a_load_asks_the_record_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it names accounts by handle, and complaints wait for accounts that are not there."""

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("the graph was opened")

    acts, complaints = tmp_path / "acts.csv", tmp_path / "complaints.csv"
    head = "account,account_handle,object,kind,platform\n"
    complaints.write_text("number,account,platform,text\nC-1,nobody,instagram,a\n", encoding="utf-8")
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        project.load(complaints, kind="complaints")
        monkeypatch.setattr(Graph, "__init__", refused)
        for rows in ("17,ani,p1,like,instagram\n", "ani,,p2,like,instagram\n", "18,budi,p1,like,instagram\n"):
            acts.write_text(head + rows, encoding="utf-8")
            loaded = project.load(acts)
            assert project.load(acts).already
            assert project.rehearse(acts).already
        assert loaded.taken == 1
        acted = project.store.rows("LIKED", ("from", "to"), ends=("Account", "Post"))
        monkeypatch.undo()
        assert sorted(acted["from"].to_pylist()) == ["instagram:17", "instagram:17", "instagram:18"]
        assert project.query("MATCH (a:Account)-[r:LIKED]->() RETURN r.id AS id").to_arrow().num_rows == 3
        assert project.store.verify() == {}  # type: ignore[attr-defined]


def test_pages_rosters_and_complaints_ask_the_record_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last of each tells what the store holds of the others before it."""

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("the graph was opened")

    nip = "198001012005011001"
    files = {
        "interactions": ["account,account_handle,object,kind,platform", "17,ani,p1,like,instagram"],
        "pages": ["platform,page,paslon,registered", *(f"x,page{n},1,yes" for n in range(MOST_REGISTERED + 1))],
        "roster": ["nip,name,agency,agency_name", f"{nip},Budi,A,Dinas A"],
        "accounts-of-asn": [
            "platform,account,handle,nip,agency,basis",
            f"x,1,,{nip},,verified",
            "x,1,,,A,",
            "x,2,,198002022005012002,,verified",
        ],
        "complaints": ["number,account,platform,text", "C-1,@Ani,instagram,a", "C-2,page0,x,a", "C-3,nobody,x,a"],
    }
    notes = {}
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        monkeypatch.setattr(Graph, "__init__", refused)
        for kind, lines in files.items():
            path = tmp_path / f"{kind}.csv"
            path.write_text("\n".join([*lines, ""]), encoding="utf-8")
            notes[kind] = " ".join(project.load(path, kind=kind).notes)
        monkeypatch.undo()
        about = project.query("MATCH (c:Complaint)-[:ABOUT]->(a:Account) RETURN c.id AS c, a.id AS a").to_arrow()
        assert about.to_pylist() == [{"c": "C-1", "a": "instagram:17"}]
    assert f"{MOST_REGISTERED + 1}" in notes["pages"]
    assert "x:1 (rows " in notes["accounts-of-asn"]
    assert "C-2" in notes["complaints"]
    assert "C-3" in notes["complaints"]


def test_a_complaint_is_linked_when_what_it_names_comes(tmp_path: Path) -> None:
    acts, complaints = tmp_path / "acts.csv", tmp_path / "complaints.csv"
    complaints.write_text("number,account,platform,text\nC-1,@Ani,instagram,a\n", encoding="utf-8")
    acts.write_text("account,account_handle,object,kind,platform\n17,ani,p1,like,instagram\n", encoding="utf-8")
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        project.load(complaints, kind="complaints")
        assert any("now linked" in note for note in project.load(acts).notes)


def test_columns_are_read_alike_on_both_engines(empty_store: Store) -> None:
    with empty_store.write("load") as writing:
        writing.add(accounts({"id": "x:1", "handle": "a"}, {"id": "x:2"}))
        writing.add(posts("x:p1"))
        writing.add(likes(like("x:1", "x:p1", "r1", 1000)))
    with empty_store.write("load") as writing:
        writing.add(accounts({"id": "x:1", "handle": "b"}))
    assert sorted(map(str, empty_store.rows("Account", ("handle", "id")).to_pylist())) == [
        "{'handle': 'b', 'id': 'x:1'}",
        "{'handle': None, 'id': 'x:2'}",
    ]
    assert empty_store.rows("Account", ("handle",), ids=["x:1", "x:9"]).to_pylist() == [{"handle": "b"}]
    ends = empty_store.rows("LIKED", ("from", "to", "at_ms"), ends=("Account", "Post")).to_pylist()
    assert ends == [{"from": "x:1", "to": "x:p1", "at_ms": 1000}]
    assert empty_store.rows("LIKED", ("id",), ends=("Account", "Page")).num_rows == 0


def test_what_is_read_while_a_batch_is_written_is_all_before_it(filled: EmbeddedStore) -> None:
    write(filled, [accounts({"id": "x:9", "handle": "late"})])
    with filled.write("decision") as writing:
        assert "x:9" in filled.read(HANDLES)["id"].to_pylist()
        assert filled.rows("Account", ("id",), ids=["x:9"]).num_rows == 1
        writing.add(accounts({"id": "x:10"}))
    assert "x:10" in filled.read(HANDLES)["id"].to_pylist()
    assert filled.verify() == {}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([likes(like("x:1", "x:nowhere", "r9"))], "LIKED leads to Post x:nowhere, which is not there"),
        ([posts("x:new"), posts("x:new")], "a new Post is there twice"),
    ],
)
def test_what_the_graph_would_refuse_is_refused_before_it_is_accepted(
    filled: EmbeddedStore, rows: list[GraphTable], told: str
) -> None:
    entries = len(filled._upkeep.journal.entries())
    with pytest.raises(StoreError, match=told):
        write(filled, rows)
    assert len(filled._upkeep.journal.entries()) == entries


def test_a_graph_that_the_engine_cannot_bring_on_is_made_again(
    filled: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise QueryError("the engine refused the query: Runtime exception: of its own")

    monkeypatch.setattr(Graph, "replace", refused)
    write(filled, [accounts({"id": "x:1", "handle": "changed"})])
    assert filled.read(HANDLES)["handle"].to_pylist()[0] == "changed"
    assert filled.verify() == {}


def test_somebody_is_told_how_much_is_taken_in(filled: EmbeddedStore) -> None:
    told: list[int] = []

    @contextmanager
    def telling(rows: int) -> Iterator[object]:
        told.append(-rows)
        yield told.append

    filled.telling = telling  # type: ignore[assignment]
    write(filled, [accounts({"id": "x:8"}, {"id": "x:9"}), likes(like("x:9", "x:p1", "r9"))])
    assert told == []
    filled.read(HANDLES)
    filled.read(HANDLES)
    assert told == [-3, 2, 1]
