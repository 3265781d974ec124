"""What is asked right after a load is read from the record, and is what the graph says."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from graph_rows import HOSTILE, accounts
from store.test_scoping import SCOPES, fill

import graphwatch
from graphwatch.errors import StoreDamaged
from graphwatch.model.scope import Scope
from graphwatch.model.tables import InteractionColumns, relation_rows
from graphwatch.project import Project
from graphwatch.store import scoping
from graphwatch.store.base import Store
from graphwatch.store.embedded.graph import Graph
from graphwatch.store.embedded.record_expressions import NotOfRecord
from graphwatch.store.embedded.record_reading import Reading
from graphwatch.store.embedded.store import EmbeddedStore
from graphwatch.store.erasing import Erasure

LIKES = "MATCH (a:Account)-[r:LIKED]->(o:Post) RETURN a.id AS account, o.id AS post, r.at_ms AS at_ms ORDER BY r.id"


def through_graph(store: Store, scope: Scope, window_ms: int) -> InteractionColumns:
    """The columns that Cypher alone gives."""

    def ask(begin: scoping.Clause, returned: Mapping[str, str]) -> pa.Table:
        end = ", ".join(f"{of} AS {name}" for name, of in returned.items())
        return store.read(f"{begin.cypher} RETURN {end}", begin.parameters)

    def place(variable: str) -> str:
        return f"offset(id({variable}))"

    def timed(kind: str) -> pa.Table:
        returned = {"account": place("a"), "object": place("o"), "at_ms": "r.at_ms"}
        return ask(scoping.timed(scope, kind, window_ms), returned)

    return scoping.columns_of(scope, window_ms, ask, place, timed)


def told(columns: InteractionColumns) -> tuple[Any, ...]:
    """All that columns say, in one order of the rows."""
    parts: list[Any] = [columns.account, columns.object, columns.kind, columns.at_ms, columns.post_of_row]
    order = np.lexsort([part.astype(np.int64) for part in parts])
    names = [ids.to_pylist() for ids in (columns.accounts, columns.objects, columns.post_ids)]
    others = columns.kinds, columns.published_ms.tolist(), columns.left_out_of, columns.graded
    return *([part[order].tolist() for part in parts]), *names, *others


def changed(store: EmbeddedStore) -> None:
    """Corrections, times of all sorts, rows that come again, an erasure, and small entries that became one."""
    fill(store)
    more: list[dict[str, object]] = [
        {"from": "x:1", "to": "x:p1", "id": "r0", "kind": "LIKED", "at_ms": 11, "sources": ["t:0"]},
        {"from": "x:2", "to": "x:p2", "id": "r2", "kind": "LIKED", "at_ms": 35, "basis": "derived", "sources": ["t:1"]},
        {"from": "x:1", "to": "x:p3", "id": "n1", "kind": "LIKED", "at_ms": 30, "basis": "observed"},
        {"from": "x:2", "to": "x:p3", "id": "n2", "kind": "LIKED", "at_ms": 31, "precision_ms": 60_000},
        {"from": "x:3", "to": "x:p3", "id": "n3", "kind": "LIKED", "at_ms": 32, "precision_ms": 86_400_000},
        {"from": "x:3", "to": "x:p1", "id": "n4", "kind": "LIKED", "at_ms": 33},
    ]
    with store.write("load") as writing:
        writing.add(accounts({"id": "x:3", "handle": "c"}, {"id": "x:1", "handle": "a"}, {"id": "x:0"}))
        writing.add(relation_rows("LIKED", "Account", "Post", more))
    again = [{**more[0], "at_ms": 12, "sources": ["u:0"]}, {**more[5], "text": HOSTILE}]
    with store.write("load") as writing:
        writing.add(relation_rows("LIKED", "Account", "Post", again))
    store.erase(Erasure(0, nodes={"Account": frozenset({"x:2"})}))
    for number in range(20):
        late = {**more[5], "id": f"l{number}", "at_ms": 20 + number, "sources": [f"l:{number}"]}
        with store.write("load") as writing:
            writing.add(relation_rows("LIKED", "Account", "Post", [late]))


def test_columns_from_the_record_are_those_from_the_graph(store: EmbeddedStore) -> None:
    changed(store)
    with store.session():
        for number, scope in enumerate(SCOPES[::5]):
            window_ms = (60_000, 1_000)[number % 2]
            ours, theirs = store.interactions(scope, window_ms), through_graph(store, scope, window_ms)
            assert told(ours) == told(theirs), (scope, window_ms)


def behind(store: Path, folder: Path) -> Path:
    """A copy of a store whose graph is not there."""
    copy = Path(shutil.copytree(store, folder))
    (copy / "graph" / "graph.lbug").unlink()
    return copy


def without_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("the graph was opened")

    monkeypatch.setattr(Graph, "__init__", refused)


WORKS: dict[str, Callable[[Project], Any]] = {
    "dry-run": lambda project: replace(project.estimate(window=45), seconds=0.0),
    "detection": lambda project: _without_project(project.detect(window=45)),
    "again": lambda project: _without_project(project.detect(window=45)),
    "on pages": lambda project: _without_project(project.detect(window=45, paslon_pages=True, object="hashtag")),
    "power": lambda project: project.power(run="latest", sizes=[5], posts=[8], repeats=2).power,
    "kept power": lambda project: project.kept_power().power,  # type: ignore[union-attr]
    "coverage": lambda project: project.coverage(),
    "changes": lambda project: _of_changes(project),
    "compat": lambda project: project.compat("coortweet", window=10).to_arrow().num_rows,
}


def _without_project(detected: Any) -> Any:
    return {name: getattr(detected, name) for name in detected.__slots__ if name not in ("project", "slowness")}


def _of_changes(project: Project) -> Any:
    return project.changes("2020-01-01", period=project.resolve_range("2024-10-01", "2024-12-31")).as_json()


def test_whoever_asks_right_after_a_load_waits_for_no_graph(
    demo_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with graphwatch.open(Path(shutil.copytree(demo_store, tmp_path / "whole.gw"))) as project:
        expected = {name: work(project) for name, work in WORKS.items()}
    without_graph(monkeypatch)
    lacking = behind(demo_store, tmp_path / "lacking.gw")
    with graphwatch.open(lacking) as project:
        for name, work in WORKS.items():
            assert work(project) == expected[name], name
    monkeypatch.undo()
    with graphwatch.open(lacking) as project:
        runs = project.query("MATCH (r:Run) RETURN r.id AS id ORDER BY id").to_arrow()["id"].to_pylist()
        assert expected["detection"]["run"] in runs
        assert project.store.verify() == {}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "cypher",
    [
        LIKES,
        "MATCH (o:Post) OPTIONAL MATCH (a:Account)-[:LIKED]->(o) "
        "RETURN o.id AS post, count(DISTINCT a.id) AS n ORDER BY post",
        "MATCH (a:Account) WHERE NOT EXISTS { MATCH (a)-[:SHARED]->(:Post) } "
        "RETURN a.id AS i, a.handle AS h ORDER BY i",
        "MATCH (o:Post) RETURN sum(o.at_ms) AS s, min(o.id) AS least, count(*) AS n, max(o.id) AS most",
        "MATCH (o:Post) WITH o, coalesce(o.at_ms, -7) AS t WHERE t < $less "
        "RETURN DISTINCT (o.at_ms - 10) / 3 AS t ORDER BY t DESC",
        "UNWIND $ids AS i MATCH (a:Account)-[r:LIKED|SHARED]->(o:Post {id: 'x:p2'}) WHERE a.id = i "
        "RETURN a.id AS who, r.kind AS k, r.text AS t ORDER BY who, k LIMIT 2",
        "MATCH (p:Page)-[:PUBLISHED]->(o:Post)<-[r:LIKED]-(a:Account) WHERE p.id IN ['x:g1', 'x:g2'] OR a.id IN $ids "
        "RETURN p.id AS page, count(r) AS n ORDER BY n, page",
    ],
)
def test_a_question_has_one_answer(store: EmbeddedStore, cypher: str) -> None:
    changed(store)
    given = {name: value for name, value in {"less": 8, "ids": ["x:1", HOSTILE]}.items() if f"${name}" in cypher}
    rows = Reading(store._upkeep.record(), store.folder).answered(cypher, given)
    assert rows.num_rows
    assert rows.to_pylist() == store.read(cypher, given).to_pylist()


@pytest.mark.parametrize(
    "cypher",
    [
        "MATCH (a:Account)-[r]-(o:Post) RETURN r.id",
        "MATCH (a:Account)-[:LIKED]->(o:Post)<-[:LIKED]-(b:Account) RETURN count(*) AS n",
        "MATCH (a:Account)-[:LIKED*1..2]->(o) RETURN count(*) AS n",
        "MATCH (a:Account) RETURN a",
        "MATCH (a) RETURN a.id",
        "MATCH (a:Account) RETURN toString(a.handle)",
        "CREATE (a:Account)",
    ],
)
def test_what_has_another_form_is_left_to_the_graph(store: EmbeddedStore, cypher: str) -> None:
    changed(store)
    with pytest.raises(NotOfRecord):
        Reading(store._upkeep.record(), store.folder).answered(cypher)


def test_a_session_of_the_record_goes_on_with_the_graph_where_only_that_has_an_answer(store: EmbeddedStore) -> None:
    changed(store)
    with store.session(of_record=True):
        likes = store.read(LIKES).to_pylist()
        assert not store._upkeep.open_current()
        whole = store.read("MATCH (a:Account) WHERE a.id = 'x:1' RETURN a").to_pylist()
        assert store._open is not None
        assert store.read(LIKES).to_pylist() == likes
    assert "x:1" in whole[0]["a"]
    with store.write("load") as writing:
        writing.add(accounts({"id": "x:8"}))
    assert store.read("MATCH (a:Account) RETURN count(a) AS n").to_pylist()[0]["n"] == 5


def test_acts_are_not_read_from_a_file_that_was_changed(store: EmbeddedStore) -> None:
    changed(store)
    [file, *_] = sorted((store.folder / "journal").rglob("*LIKED*insert.parquet"))
    whole = file.read_bytes()
    file.write_bytes(whole[:40] + bytes([whole[40] ^ 1]) + whole[41:])
    with pytest.raises(StoreDamaged, match="rows of LIKED"):
        store.interactions(Scope(("LIKED",)), 60_000)
    with pytest.raises(StoreDamaged, match="rows of LIKED"), store.session(of_record=True):
        store.read(LIKES)
