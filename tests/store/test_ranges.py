"""What is many on a server is read in ranges by several sessions: all of it, and nothing twice."""

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from graph_rows import HOSTILE, accounts, like, likes, posts

from graphwatch.errors import QueryError
from graphwatch.model.scope import Scope
from graphwatch.model.tables import InteractionColumns
from graphwatch.store.address import Address
from graphwatch.store.base import Store
from graphwatch.store.copying import table_digest
from graphwatch.store.embedded.store import EmbeddedStore
from graphwatch.store.server.connection import Server
from graphwatch.store.server.ranges import WHOLE, Range, at_once, ranges
from graphwatch.store.server.store import ServerStore

# Orders of texts differ in case, in what is longer, and above the first plane of Unicode.
STRANGE = [
    "",
    " ",
    "A",
    "a",
    "aa",
    "a\x00",
    "Z",
    "é",
    "e\u0301",
    "\ud7ff",
    "\ue000",
    "\uffff",
    "\U00010000",
    "😀",
    HOSTILE,
]
ACCOUNTS = [f"x:{name}{n}" for name in STRANGE for n in range(5)]
POSTS = [f"x:{name}-" for name in STRANGE]


@pytest.fixture
def few_in_a_range(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphwatch.store.server.store._READ_ROWS", 4)
    monkeypatch.setattr("graphwatch.store.server.store._READ_TIMES", 9)
    monkeypatch.setattr("graphwatch.store.server.ranges._SAMPLED", 2)


@pytest.fixture
def server_store(neo4j_address: Address, few_in_a_range: None) -> Iterator[ServerStore]:
    store = ServerStore(neo4j_address, create=True)
    yield store
    store.close()


def fill(store: Store) -> None:
    acts = [
        like(account, post, f"{a}{HOSTILE}{p}", None if (a + p) % 7 == 0 else 1000 * a + p)
        for a, account in enumerate(ACCOUNTS)
        for p, post in enumerate(POSTS)
        if (a * p) % 3 == 0
    ]
    with store.write("load") as writing:
        writing.add(accounts(*({"id": id, "handle": HOSTILE} for id in ACCOUNTS)))
        writing.add(posts(*POSTS))
        writing.add(likes(*acts))


def acts_of(columns: InteractionColumns) -> Counter[tuple[str, str, int]]:
    ids, objects = columns.accounts.to_pylist(), columns.objects.to_pylist()
    rows = zip(columns.account, columns.object, columns.at_ms, strict=True)
    return Counter((ids[a], objects[o], int(at_ms)) for a, o, at_ms in rows)


@pytest.mark.parametrize("has_constraints", [True, False])
def test_every_row_is_read_once_whatever_ids_are_called(
    server_store: ServerStore, tmp_path: Path, has_constraints: bool
) -> None:
    embedded = EmbeddedStore(tmp_path / "s.gw", create=True)
    for store in (embedded, server_store):
        fill(store)
    server = server_store._server
    if not has_constraints:
        for name in ("graphwatch_account", "graphwatch_post", "graphwatch_liked"):
            server.define(f"DROP CONSTRAINT {name}")
    assert len(ranges(server, "()-[e:LIKED]->()", 4)) > 50
    assert len(ranges(server, "(e:Account)", 4)) > 10
    expected = {name: table_digest(table) for name, table in embedded.dump()}
    assert {name: table_digest(table) for name, table in server_store.dump()} == expected
    ours, theirs = (store.interactions(Scope(), 60_000) for store in (embedded, server_store))
    assert acts_of(theirs) == acts_of(ours)
    assert theirs.left_out_of == ours.left_out_of


def test_what_was_there_is_read_once_while_somebody_writes(
    server_store: ServerStore, neo4j_address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(server_store)
    monkeypatch.setattr("graphwatch.store.server.writing._RELATION_ROWS", 10)
    written, done = list[str](), threading.Event()

    def write() -> None:
        other = ServerStore(neo4j_address)
        for n in range(10_000):
            if done.is_set():
                break
            # What was there comes again and is changed; what is new is among it in the order of ids.
            again = [like(ACCOUNTS[a], POSTS[0], f"{a}{HOSTILE}0", 1000 * a, source=f"s:{n}") for a in range(1, 5)]
            with other.write("load") as writing:
                writing.add(accounts({"id": f"x:e{n}"}))
                writing.add(likes(*again, like(f"x:e{n}", POSTS[1], f"{n % 7}{n}", n)))
            written.append(f"{n % 7}{n}")
        other.close()

    writer = threading.Thread(target=write)
    before = acts_of(server_store.interactions(Scope(), 60_000))
    writer.start()
    try:
        for _ in range(4):
            there = set(written)
            found = acts_of(server_store.interactions(Scope(), 60_000))
            assert set(found.values()) == {1}
            assert before <= found
            assert len(found) >= len(before) + len(there)
            there = set(written)
            [rows] = [table.batches for name, table in server_store.dump() if name == "LIKED Account-Post"]
            ids = [id for batch in rows for id in batch["id"].to_pylist()]
            assert len(ids) == len(set(ids)) >= sum(before.values()) + len(there)
            assert there <= set(ids)
    finally:
        done.set()
        writer.join()
    assert written


def test_what_one_session_is_refused_is_told(neo4j_address: Address) -> None:
    server = Server(neo4j_address)
    with pytest.raises(QueryError, match="the engine refused"):
        list(at_once(lambda part: server.gathered(f"RETURN {part.first}"), [Range("[1]", None), Range("no", None)]))
    server.close()


def test_few_ranges_are_read_before_they_are_asked_for() -> None:
    begun: list[int] = []
    for _ in at_once(lambda part: begun.append(int(part.first or 0)), [Range(str(n), None) for n in range(100)]):
        break
    assert 0 < len(begun) < 10


def test_what_is_small_or_empty_is_one_range(neo4j_address: Address) -> None:
    server = Server(neo4j_address)
    assert ranges(server, "(e:Account)", 4) == [WHOLE]
    server.execute("UNWIND range(1, 4) AS n CREATE (:Account {id: toString(n)})")
    assert ranges(server, "(e:Account)", 4) == [WHOLE]
    assert ranges(server, "(e:Account)", 4, rows=9) != [WHOLE]
    server.close()
