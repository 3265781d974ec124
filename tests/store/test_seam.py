"""What every engine must do, asked of each."""

from pathlib import Path

import pyarrow as pa
import pytest
from conftest import erase
from graph_rows import HOSTILE, accounts, like, likes, posts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphwatch.errors import QueryError, QueryTimeout, StoreError
from graphwatch.model import elements
from graphwatch.model.scope import Scope
from graphwatch.model.tables import LeftOut, node_table
from graphwatch.queries import parse
from graphwatch.store.address import Address
from graphwatch.store.base import Store
from graphwatch.store.copying import copy_store, table_digest
from graphwatch.store.embedded.store import EmbeddedStore
from graphwatch.store.erasing import Erasure
from graphwatch.store.server.store import ServerStore

HANDLES = "MATCH (a:Account) RETURN a.id AS id, a.handle AS handle ORDER BY id"


def fill(store: Store) -> None:
    """Three accounts, one of them hostile, two posts, three likes of which one has no time."""
    with store.write("load") as writing:
        writing.add(accounts({"id": "x:1", "handle": "budi"}, {"id": "x:2", "handle": HOSTILE}, {"id": "x:3"}))
        writing.add(posts("x:p1", "x:p2"))
        first, second = like("x:1", "x:p1", "r1", 1000), like("x:2", "x:p1", "r2", 2000)
        writing.add(likes(first, second, like("x:3", "x:p2", "r3", None)))


@pytest.fixture
def store(empty_store: Store) -> Store:
    fill(empty_store)
    return empty_store


def handles(store: Store) -> dict[str, str | None]:
    rows = store.read(HANDLES)
    return dict(zip(rows["id"].to_pylist(), rows["handle"].to_pylist(), strict=True))


def test_every_table_of_the_model_can_be_asked_before_anything_is_in_it(store: Store) -> None:
    counts = store.info().counts
    assert set(counts) == {e.name for e in elements()}
    assert (counts["Account"], counts["LIKED"], counts["SHARED"]) == (3, 3, 0)


def test_what_was_written_is_read_back_as_it_was(store: Store) -> None:
    assert handles(store) == {"x:1": "budi", "x:2": HOSTILE, "x:3": None}


def test_writing_the_same_again_changes_nothing(store: Store) -> None:
    before = {name: table_digest(table) for name, table in store.dump()}
    with store.write("load") as writing:
        outcome = writing.add(accounts({"id": "x:1", "handle": "budi"}))
    assert (outcome.new, outcome.changed, outcome.unchanged) == (0, 0, 1)
    assert {name: table_digest(table) for name, table in store.dump()} == before


def test_a_later_value_wins_and_a_later_null_does_not(store: Store) -> None:
    with store.write("load") as writing:
        writing.add(accounts({"id": "x:1", "handle": "budi_baru"}, {"id": "x:2", "name": "Sari", "handle": None}))
    assert handles(store)["x:1"] == "budi_baru"
    assert handles(store)["x:2"] == HOSTILE


def test_a_second_source_is_added_to_an_interaction(store: Store) -> None:
    with store.write("load") as writing:
        outcome = writing.add(likes(like("x:1", "x:p1", "r1", 1000, source="t:9"), like("x:1", "x:p2", "r4", 5)))
    assert (outcome.new, outcome.changed, outcome.unchanged) == (1, 1, 0)
    rows = store.read("MATCH ()-[r:LIKED]->() WHERE r.id = 'r1' RETURN r.sources AS sources, r.at_ms AS at_ms")
    assert rows.to_pylist() == [{"sources": ["s:1", "t:9"], "at_ms": 1000}]


def test_a_revision_is_another_one_after_every_change_by_whomever(store: Store) -> None:
    handles(store)
    # A server's is another one each minute, too.
    assert any(store.revision() == store.revision() is not None for _ in range(2))
    before = store.revision()
    with store.write("decision") as writing:
        writing.add(posts("x:p3"))
        # Half of a batch is on a server only.
        assert store.revision() == (before if store.engine == "embedded" else None)
    after = store.revision()
    assert after not in (before, None)
    assert store.erase(Erasure(0, nodes={"Account": frozenset({"x:1"})}))["Account"] == 1
    assert store.revision() not in (before, after, None)
    if store.engine == "embedded":
        but = store.revision(but=["decision"])
        with store.write("decision") as writing:
            writing.add(posts("x:p4"))
        assert store.revision(but=["decision"]) == but != store.revision()


def test_interactions_come_as_columns_with_the_untimed_counted(store: Store) -> None:
    columns = store.interactions(Scope(("LIKED", "SHARED")), 60_000)
    rows = {
        (columns.accounts[a].as_py(), columns.objects[o].as_py(), int(t))
        for a, o, t in zip(columns.account, columns.object, columns.at_ms, strict=True)
    }
    assert rows == {("x:1", "x:p1", 1000), ("x:2", "x:p1", 2000)}
    assert columns.left_out == LeftOut(untimed=1)
    assert columns.accounts.to_pylist() == ["x:1", "x:2", "x:3"]
    assert columns.objects.to_pylist() == ["x:p1", "x:p2"]


def test_a_relation_without_its_ends_is_refused_with_a_message(store: Store) -> None:
    with pytest.raises(StoreError, match="Nothing"), store.write("load") as writing:
        writing.add(likes(like("x:nobody", "x:p1", "r9")))
    assert store.info().counts["LIKED"] == 3


def test_errors_of_the_engine_are_ours(store: Store) -> None:
    with pytest.raises(QueryError, match="line"):
        store.read("MATCH (n:Account RETURN n")


def test_a_query_that_runs_too_long_is_stopped(store: Store) -> None:
    endless = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN sum(a * b) AS s"
    with pytest.raises(QueryTimeout, match=r"after 0\.2 s"):
        store.answer(parse(endless), timeout=0.2)


def test_a_reading_query_cannot_write(store: Store) -> None:
    with pytest.raises(QueryError, match=r"(?i)read"):
        store.read("CREATE (:Account {id: 'x:evil'})")
    assert "x:evil" not in handles(store)


def test_an_answer_has_one_row_more_than_its_limit_where_there_are_more(store: Store) -> None:
    assert store.answer(parse(HANDLES), limit=1).num_rows == 2
    assert store.answer(parse(HANDLES), limit=3).num_rows == 3


def test_sums_of_whole_numbers_are_whole(store: Store) -> None:
    rows = store.read("MATCH ()-[r:LIKED]->() RETURN sum(r.at_ms) AS s, avg(r.at_ms) AS m")
    assert rows.to_pylist() == [{"s": 3000, "m": 1500.0}]
    assert [str(f.type) for f in rows.schema] == ["int64", "double"]


def test_whole_nodes_and_relations_are_texts_without_internals(store: Store) -> None:
    rows = store.read("MATCH (a:Account)-[r:LIKED]->(p:Post) WHERE r.id = 'r1' RETURN a, r, p").to_pylist()
    assert rows == [
        {
            "a": '{"handle": "budi", "id": "x:1", "label": "Account"}',
            "r": '{"at_ms": 1000, "id": "r1", "kind": "LIKED", "sources": ["s:1"], "type": "LIKED"}',
            "p": '{"id": "x:p1", "label": "Post"}',
        }
    ]


def test_a_copy_holds_the_same_and_copying_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    copy = EmbeddedStore(tmp_path / "copy.gw", create=True)
    copy_store(store, copy)
    again = copy_store(store, copy)
    assert all((w.new, w.changed) == (0, 0) for w in again)
    assert handles(copy) == handles(store)


def test_a_copy_into_a_store_that_holds_more_is_refused(store: Store, tmp_path: Path) -> None:
    small = EmbeddedStore(tmp_path / "small.gw", create=True)
    with small.write("load") as writing:
        writing.add(posts("x:p1"))
    with pytest.raises(StoreError, match="holds more Account"):
        copy_store(small, store)


def test_embedded_to_neo4j_and_back_is_equal(tmp_path: Path, neo4j_address: Address) -> None:
    first, last = (EmbeddedStore(tmp_path / name, create=True) for name in ("first.gw", "last.gw"))
    fill(first)
    server = ServerStore(neo4j_address, create=True)
    try:
        copy_store(first, server)
        copy_store(server, last)
    finally:
        server.close()
    digests = [{name: table_digest(table) for name, table in s.dump()} for s in (first, last)]
    assert digests[0] == digests[1]


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
things = st.dictionaries(st.text("abc", min_size=1, max_size=2), st.none() | words, min_size=1, max_size=4)
ties = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.none() | st.integers(0, 2**40)), max_size=6)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(names=things, again=things, texts=things, acts=ties)
def test_any_graph_is_kept_alike(
    neo4j_address: Address,
    tmp_path_factory: pytest.TempPathFactory,
    names: dict[str, str | None],
    again: dict[str, str | None],
    texts: dict[str, str | None],
    acts: list[tuple[int, int, int | None]],
) -> None:
    """Any names, texts and interactions, loaded in two batches: the same tables, columns and answers."""
    erase(neo4j_address)
    embedded = EmbeddedStore(tmp_path_factory.mktemp("any") / "s.gw", create=True)
    server = ServerStore(neo4j_address, create=True)
    known, objects = sorted(names), sorted(texts)
    ends = [(known[a % len(known)], objects[o % len(objects)], t) for a, o, t in acts]
    answers = []
    for store in (embedded, server):
        with store.write("load") as writing:
            writing.add(accounts(*({"id": i, "handle": h} for i, h in names.items())))
            writing.add(
                node_table("Post", [pa.RecordBatch.from_pylist([{"id": i, "text": t} for i, t in texts.items()])])
            )
            writing.add(likes(*(like(a, o, f"r{n}", t) for n, (a, o, t) in enumerate(ends))))
        with store.write("load") as writing:
            writing.add(accounts(*({"id": i, "handle": h} for i, h in again.items())))
        columns = store.interactions(Scope(("LIKED",)), 60_000)
        answers.append(
            (
                {name: table_digest(table) for name, table in store.dump()},
                store.read(HANDLES).to_pylist(),
                sorted(zip(columns.account.tolist(), columns.object.tolist(), columns.at_ms.tolist(), strict=True)),
                (columns.accounts.to_pylist(), columns.objects.to_pylist(), columns.left_out),
            )
        )
    server.close()
    assert answers[0] == answers[1]
