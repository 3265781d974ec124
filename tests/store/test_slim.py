"""Acts as the graph file keeps them: every text comes back letter by letter, however it is asked for."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from graph_rows import accounts, likes, posts
from killed_writer import write

import graphwatch
from graphwatch.errors import QueryRefused
from graphwatch.model import INTERACTIONS, digest, relation
from graphwatch.model.tables import relation_table, schema_of
from graphwatch.project import Project
from graphwatch.store.copying import table_digest
from graphwatch.store.embedded import slim
from graphwatch.store.embedded.graph import Graph, opened
from graphwatch.store.embedded.store import EmbeddedStore

LIKED = relation("LIKED")
KEY = "0123456789abcdef0123456789abcdef"
ROW = "00112233445566ff:17"
ACT = {
    "from": "x:1",
    "to": "x:p1",
    "id": KEY,
    "kind": "LIKED",
    "at_ms": 1_730_000_000_000,
    "at": "2024-10-27T10:33:20+07:00",
    "content_id": "7123456789012345678",
    "sources": [ROW],
}
PLAIN = ACT | {"id": "r1", "at": "Sunday", "content_id": "C_1", "sources": ["s:1:2", "s:2:3"], "at_ms": None}


def hostile(count: int) -> pa.Table:
    """Acts whose texts are nearly what a few numbers say, and often are not."""
    rng = random.Random(44)

    def time(ms: int) -> str:
        read = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=ms // 1000, hours=rng.choice([0, 7, 8, 9, 5]))
        zone = rng.choice(["Z", "+00:00", "+07:00", "+08:00", "+09:00", "", "", " WIB", "+0700"])
        return read.isoformat(rng.choice(" T"))[: rng.choice([19, 19, 16, 10])] + zone

    rows = []
    for number in range(count):
        ms = rng.choice([rng.randrange(4 * 10**9) * 1000, rng.randrange(10**8) * 60_000, rng.randrange(10**12), -5, 0])
        at = rng.choice([*[time(ms)] * 4, str(ms), str(ms // 1000), None, "", "T" * 16, time(ms).replace("-", "T")])
        key = f"{rng.getrandbits(128):032x}"
        content = ["0", "00", "12", str(2**63 - 1), str(2**63), "-5", "+5", " 5", "5.0", "1e3", "", None]
        source = f"{rng.getrandbits(64):016x}"
        numbers = ["5", "05", "0", "9" * 18, "9" * 19, "-1", ""]
        supplied = [None, [], ["a:1", "b:2"], [f"{source.upper()}:5"], *([f"{source}:{n}"] for n in numbers)]
        said = {
            "id": rng.choice([key, key, f"r{number}", key.upper()]),
            "kind": "LIKED",
            "content_id": rng.choice(content),
        }
        times = {"at": at, "at_ms": rng.choice([ms, ms, ms, None])}
        rows.append({"from": "x:1", "to": "x:p1", **said, **times, "sources": rng.choice(supplied)})
    return pa.Table.from_pylist(rows, schema=schema_of(LIKED))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("slim") / "s.gw"
    tables = [accounts({"id": "x:1"}, {"id": "x:2"}), posts("x:p1")]
    write(EmbeddedStore(folder, create=True), [*tables, likes(ACT, PLAIN)])
    with graphwatch.open(folder) as opened_project:
        yield opened_project


def test_every_text_comes_back_as_it_was(tmp_path: Path) -> None:
    """From the engine, which computes it, and where whole relations are read."""
    told = hostile(600)
    store = EmbeddedStore(tmp_path / "s.gw", create=True)
    write(
        store, [accounts({"id": "x:1"}), posts("x:p1"), relation_table("LIKED", "Account", "Post", told.to_batches())]
    )
    [found] = [table for name, table in store.dump() if name == "LIKED Account-Post"]
    assert table_digest(found) == table_digest(relation_table("LIKED", "Account", "Post", told.to_batches()))
    kept = slim.rows(LIKED, told)
    assert [slim.whole(row) for row in kept.to_pylist()] == told.to_pylist()
    for column in slim.COLUMNS:
        assert 0 < kept[column].null_count < told.num_rows
    assert kept["id"].null_count == told.num_rows - kept["_key"].null_count
    assert store.verify() == {}


def test_a_part_of_many_rows_has_the_texts_of_its_own(tmp_path: Path) -> None:
    """The engine looks at a part of its rows at a time, and at nulls among them."""
    rng, names = random.Random(45), ("id", "content_id", "sources", "at")
    rows = [
        row | {"from": f"x:{rng.randrange(40)}", "to": f"x:p{rng.randrange(20)}"} for row in hostile(3_000).to_pylist()
    ]
    told = pa.Table.from_pylist(rows, schema=schema_of(LIKED))
    store = EmbeddedStore(tmp_path / "s.gw", create=True)
    people = accounts(*({"id": f"x:{i}"} for i in range(40)))
    acts = relation_table("LIKED", "Account", "Post", told.to_batches())
    write(store, [people, posts(*(f"x:p{i}" for i in range(20))), acts])
    parts = {
        "b.id IN ['x:p3', 'x:p5', 'x:p7'] AND a.id IN ['x:1', 'x:4', 'x:9', 'x:16', 'x:25', 'x:36']": lambda row: (
            row["to"] in ("x:p3", "x:p5", "x:p7") and row["from"] in ("x:1", "x:4", "x:9", "x:16", "x:25", "x:36")
        ),
        "r.at_ms % 7 = 0": lambda row: row["at_ms"] is not None and row["at_ms"] % 7 == 0,
        "r.at IS NULL OR r.content_id = '12'": lambda row: row["at"] is None or row["content_id"] == "12",
        "a.id = 'x:7'": lambda row: row["from"] == "x:7",
    }
    returned = ", ".join(f"r.{name} AS {name}" for name in names)
    for where, kept in parts.items():
        answer = store.read(f"MATCH (a:Account)-[r:LIKED]->(b:Post) WHERE {where} RETURN {returned}").to_pylist()
        wanted = [{name: row[name] for name in names} for row in rows if kept(row)]
        assert sorted(answer, key=repr) == sorted(wanted, key=repr), where


def test_a_file_is_made_as_rows_are(tmp_path: Path) -> None:
    told = hostile(100)
    pq.write_table(told.select(["from", "to", "at", "id", "at_ms"]), tmp_path / "it's [1].parquet")
    made, names = slim.file(LIKED, tmp_path / "it's [1].parquet", ["from", "to", "at", "id", "at_ms"], tmp_path)
    kept = pq.read_table(made)
    assert kept.column_names == names == ["from", "to", "at", "id", "at_ms", *slim.COLUMNS]
    assert kept["at"].to_pylist() == slim.rows(LIKED, told)["at"].to_pylist()
    assert kept["_row"].null_count == kept["_content"].null_count == kept.num_rows
    same = slim.file(relation("SUPPORTS"), tmp_path / "a", ["from"], tmp_path)
    assert same == (tmp_path / "a", ["from"])


@pytest.mark.parametrize("as_written", [False, True])
@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (f"r.id = '{KEY}'", [KEY]),
        ("r.id = 'r1'", ["r1"]),
        ("r.at STARTS WITH '2024-10-27T10'", [KEY]),
        ("r.at = 'Sunday'", ["r1"]),
        ("r.content_id = '7123456789012345678'", [KEY]),
        ("size(r.sources) = 1", [KEY]),
        ("size(r.sources) = 2", ["r1"]),
        ("r.content_id IS NOT NULL AND r.at IS NOT NULL", [KEY, "r1"]),
    ],
)
def test_a_condition_finds_what_it_says(
    project: Project, condition: str, found: list[str], *, as_written: bool
) -> None:
    query = f"MATCH (a:Account)-[r:LIKED]->(p:Post) WHERE {condition} RETURN r.id AS id ORDER BY id"
    assert project.query(query, as_written=as_written).to_arrow()["id"].to_pylist() == found


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (:Account)-[r:LIKED]->() RETURN r",
        "MATCH (:Account)-[r]->() RETURN properties(r) AS r",
        "MATCH p = (:Account)-[:LIKED]->() UNWIND relationships(p) AS r RETURN r",
        "MATCH (:Account)-[q:LIKED*1..1]->() UNWIND q AS r RETURN r",
        "MATCH (:Account)-[r:LIKED]->() WITH collect(r) AS q UNWIND q AS r RETURN r",
        "MATCH (:Account)-[r:LIKED|MEMBER_OF]->() RETURN r {.*} AS r",
    ],
)
def test_a_whole_relation_has_what_was_written(project: Project, query: str) -> None:
    rows = [json.loads(text) for text in project.query(query).to_arrow()["r"].to_pylist()]
    found = {row["id"]: {k: v for k, v in row.items() if k != "type"} for row in rows}
    for act in (ACT, PLAIN):
        expected = {k: v for k, v in act.items() if k not in ("from", "to") and v is not None}
        assert found[str(act["id"])] == expected


def test_what_repeats_is_asked_for_each_of_its_acts(project: Project) -> None:
    query = (
        f"MATCH (:Account)-[q:LIKED*1..1 {{id: '{KEY}'}}]->() RETURN [r IN q | r.at] AS at, [r IN q | r.sources] AS s"
    )
    assert project.query(query).to_arrow().to_pylist() == [{"at": [ACT["at"]], "s": [[ROW]]}]


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (:Account)-[r:LIKED]->() WITH collect(r) AS q UNWIND q AS s RETURN s.at AS at",
        "MATCH (:Account)-[r:LIKED]->() RETURN properties(r) AS p",
        "MATCH (:Account)-[r:LIKED {id: 'r1'}]->() RETURN r.at_ms AS at",
        "MATCH (:Account)-[q:LIKED*1..2]->() UNWIND q AS s RETURN s.content_id AS c",
    ],
)
def test_a_text_sent_as_written_is_refused_where_it_would_be_answered_wrongly(project: Project, query: str) -> None:
    with pytest.raises(QueryRefused, match="another form"):
        project.query(query, as_written=True)


def test_a_changed_act_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    """Of an act whose id is a number and of one whose id is not."""
    store = EmbeddedStore(tmp_path / "s.gw", create=True)
    write(store, [accounts({"id": "x:1"}), posts("x:p1"), likes(ACT, PLAIN)])
    store.catch_up()
    write(store, [likes(ACT | {"at": "27/10", "sources": ["b:2"]}, PLAIN | {"content_id": "5"})])
    cypher = (
        "MATCH ()-[r:LIKED]->() RETURN r.id AS id, r.at AS at, r.content_id AS content, r.sources AS rows ORDER BY id"
    )
    assert store.read(cypher).to_pylist() == [
        {"id": KEY, "at": ACT["at"], "content": ACT["content_id"], "rows": [ROW, "b:2"]},
        {"id": "r1", "at": "Sunday", "content": "5", "rows": PLAIN["sources"]},
    ]
    assert store.verify() == {}


def test_a_graph_that_keeps_acts_otherwise_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = EmbeddedStore(tmp_path / "s.gw", create=True)
    with monkeypatch.context() as before:
        before.setattr(slim, "COLUMNS", {})
        before.setattr(slim, "_ACTS", frozenset())
        before.setattr(slim, "_FORM", "wide")
        write(store, [accounts({"id": "x:1"}), posts("x:p1"), likes(ACT)])
        store.catch_up()
        assert store.read("MATCH ()-[r:LIKED]->() RETURN r.id AS id")["id"].to_pylist() == [KEY]
    write(EmbeddedStore(tmp_path / "s.gw"), [likes(ACT | {"sources": ["b:2"]})])
    with opened(tmp_path / "s.gw" / "graph" / "graph.lbug", read_only=True) as graph:
        [saved] = [table for name, table in graph.dump() if name == "LIKED Account-Post"]
        assert [row["id"] for batch in saved.batches for row in batch.to_pylist()] == [KEY]
    again = EmbeddedStore(tmp_path / "s.gw")
    assert again.read("MATCH ()-[r:LIKED]->() RETURN r.sources AS rows").to_pylist() == [{"rows": [ROW, "b:2"]}]
    with opened(tmp_path / "s.gw" / "graph" / "graph.lbug", read_only=True) as graph:
        assert slim.is_slim(graph.state()["model"])
        assert graph.state()["model"].startswith(digest())
        assert _columns(graph) >= {"id", "_key", "_row"}


def test_only_acts_are_kept_otherwise() -> None:
    assert all(slim.columns_of(relation(kind)) for kind in INTERACTIONS)
    assert not slim.columns_of(relation("CO_INTERACTED"))


def _columns(graph: Graph) -> set[str]:
    return set(graph.read("CALL table_info('LIKED') RETURN name")["name"].to_pylist())
