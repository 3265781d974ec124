"""What only a server can do wrong, and what only it needs."""

import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from graph_rows import accounts, like, likes, posts

from graphwatch.errors import StoreError, StoreLocked, StoreMissing, StoreNewer
from graphwatch.model import MODEL_VERSION
from graphwatch.store.address import Address
from graphwatch.store.copying import table_digest
from graphwatch.store.embedded.store import EmbeddedStore
from graphwatch.store.server.connection import Server
from graphwatch.store.server.store import ServerStore


@pytest.fixture
def store(neo4j_address: Address) -> Iterator[ServerStore]:
    made = ServerStore(neo4j_address, create=True)
    with made.write("load") as writing:
        writing.add(accounts({"id": "x:1"}, {"id": "x:2"}))
        writing.add(posts("x:p1"))
    yield made
    made.close()


def test_no_server_is_said_with_its_address() -> None:
    with pytest.raises(StoreError, match="no server answers") as refused:
        Server(Address("bolt://127.0.0.1:9", None, "neo4j", "secret-word"))
    assert "bolt://127.0.0.1:9" in str(refused.value)
    assert "secret-word" not in str(refused.value)


def test_a_wrong_password_is_said(neo4j_server: Address) -> None:
    with pytest.raises(StoreError, match="NEO4J_PASSWORD"):
        Server(replace(neo4j_server, password="wrong-password"))


def test_a_wrong_database_is_said(neo4j_server: Address) -> None:
    with pytest.raises(StoreError, match="NEO4J_DATABASE"):
        Server(replace(neo4j_server, database="nowhere"))


def test_a_server_that_is_too_old_is_refused_and_says_which_it_is(
    neo4j_server: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphwatch.store.server.connection.OLDEST", (99, 1))
    with pytest.raises(StoreError, match=r"the server is Neo4j 5\.\d+.*99\.1 or newer"):
        Server(neo4j_server)


def test_an_empty_server_is_no_store_until_something_is_loaded(neo4j_address: Address) -> None:
    with pytest.raises(StoreMissing, match="graphwatch load"):
        ServerStore(neo4j_address)


def test_a_database_of_other_things_does_not_become_a_store(neo4j_address: Address) -> None:
    connection = Server(neo4j_address)
    connection.execute("CREATE (:Holiday {photo: 1})")
    connection.close()
    store = ServerStore(neo4j_address, create=True)
    with pytest.raises(StoreError, match="holds other data"), store.write("load") as writing:
        writing.add(posts("x:p1"))
    store.close()


def test_a_store_of_a_newer_version_is_refused(store: ServerStore, neo4j_address: Address) -> None:
    store._server.execute("MATCH (p:GraphwatchProject) SET p.model_version = $v", v=MODEL_VERSION + 1)
    with pytest.raises(StoreNewer, match="Update graphwatch"):
        ServerStore(neo4j_address)


def test_a_second_writer_is_refused_and_the_first_is_named(
    store: ServerStore, neo4j_address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphwatch.store.server.store.LOCK_WAIT_SECONDS", 0)
    other = ServerStore(neo4j_address)
    with store.write("load"), pytest.raises(StoreLocked, match=r"process \d+ on .*\(load\)"), other.write("run"):
        pytest.fail("two writers")
    with other.write("run"):
        pass
    other.close()


def test_a_writer_that_was_killed_is_forgotten(store: ServerStore) -> None:
    store._server.execute(
        "MATCH (p:GraphwatchProject) SET p.holder = 'gone', p.holder_name = 'gone', p.holder_until_ms = timestamp() - 1"
    )
    with store.write("load") as writing:
        writing.add(posts("x:p2"))


def test_an_unfinished_run_is_removed_by_the_next_writer(store: ServerStore) -> None:
    store._server.execute(
        "MATCH (a:Account {id: 'x:1'}), (b:Account {id: 'x:2'}) "
        "CREATE (r:Run {id: 'R-half', status: 'writing'}), (c:Cluster {id: 'R-half:1', run: 'R-half'}), "
        "(c)-[:FOUND_IN {id: 'f', run: 'R-half'}]->(r), (a)-[:MEMBER_OF {id: 'm', run: 'R-half'}]->(c), "
        "(a)-[:CO_INTERACTED {id: 'c', run: 'R-half'}]->(b)"
    )
    with store.write("load"):
        pass
    counts = store.info().counts
    assert {n: counts[n] for n in ("Run", "Cluster", "CO_INTERACTED", "MEMBER_OF", "FOUND_IN")} == dict.fromkeys(
        ("Run", "Cluster", "CO_INTERACTED", "MEMBER_OF", "FOUND_IN"), 0
    )
    assert counts["Account"] == 2


LOADER = """
    import os, sys
    import pyarrow as pa
    from graphwatch.store.address import Address
    from graphwatch.store.server.store import ServerStore
    from graphwatch.model.tables import node_table, relation_table

    def rows(what):
        for begin in range(0, 20_000, 2_500):
            yield pa.RecordBatch.from_pylist([what(i) for i in range(begin, begin + 2_500)])
            print(begin, flush=True)

    store = ServerStore(Address(sys.argv[1], None, "neo4j", os.environ["PASSWORD"]), create=True)
    with store.write("load") as writing:
        writing.add(node_table("Account", rows(lambda i: {"id": f"x:{i}", "handle": "budi"})))
        writing.add(node_table("Post", rows(lambda i: {"id": f"x:p{i}"})))
        writing.add(relation_table("LIKED", "Account", "Post", rows(
            lambda i: {"from": f"x:{i}", "to": f"x:p{i}", "id": f"r{i}", "kind": "LIKED", "sources": ["s:1"]})))
    store.close()
"""


def test_a_load_that_was_killed_and_run_again_ends_as_if_never_stopped(
    neo4j_address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {"PASSWORD": neo4j_address.password, "PATH": "", "PYTHONPATH": ":".join(sys.path)}
    command = [sys.executable, "-c", textwrap.dedent(LOADER), neo4j_address.uri]
    killed = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert killed.stdout is not None
    with killed.stdout as said:
        for _ in range(21):  # in the middle of the relations
            said.readline()
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    half = ServerStore(neo4j_address)
    reached = half.info().counts["LIKED"]
    assert 0 < reached < 20_000
    half._server.execute("MATCH (p:GraphwatchProject) SET p.holder_until_ms = 0")  # a minute has passed
    subprocess.run(command, check=True, capture_output=True, env=environment)
    whole = EmbeddedStore(tmp_path / "whole.gw", create=True)
    with whole.write("load") as writing:
        writing.add(accounts(*({"id": f"x:{i}", "handle": "budi"} for i in range(20_000))))
        writing.add(posts(*(f"x:p{i}" for i in range(20_000))))
        rows = (like(f"x:{i}", f"x:p{i}", f"r{i}", None) for i in range(20_000))
        writing.add(likes(*rows))
    expected = {name: table_digest(table) for name, table in whole.dump()}
    assert {name: table_digest(table) for name, table in half.dump()} == expected
    half.close()
