"""What only a server can do wrong, and what only it needs."""

import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import neo4j
import neo4j.exceptions
import pytest
from graph_rows import accounts, like, likes, posts

import graphwatch
from graphwatch.errors import KeyMissing, KeyWrong, StoreError, StoreLocked, StoreMissing, StoreNewer
from graphwatch.model import MODEL_VERSION
from graphwatch.model.tables import GraphTable, node_rows
from graphwatch.privacy.keys import project_key
from graphwatch.privacy.pseudonyms import Pseudonyms
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


def test_a_password_that_has_expired_is_said_with_how_to_change_it(neo4j_server: Address) -> None:
    with neo4j.GraphDatabase.driver(neo4j_server.uri, auth=(neo4j_server.username, neo4j_server.password)) as driver:
        driver.execute_query("CREATE USER late IF NOT EXISTS SET PASSWORD 'late-password'", database_="system")
        with pytest.raises(StoreError, match="ALTER CURRENT USER SET PASSWORD") as refused:
            Server(replace(neo4j_server, username="late", password="late-password"))
        driver.execute_query("DROP USER late", database_="system")
    assert "the password has expired" in str(refused.value)


def test_tls_that_the_server_does_not_speak_is_said(neo4j_server: Address) -> None:
    with pytest.raises(StoreError, match=r"does not speak TLS there[^\0]*without \+s"):
        Server(replace(neo4j_server, uri=neo4j_server.uri.replace("bolt://", "bolt+s://")))


def test_an_interruption_is_said_in_one_line_and_may_be_repeated(neo4j_server: Address) -> None:
    connection = Server(neo4j_server)
    with pytest.raises(StoreError, match="Repeating is safe") as refused, connection._translated():
        raise neo4j.exceptions.SessionExpired("Failed to read\n  from defunct connection")
    assert refused.value.what == "the server was interrupted: Failed to read from defunct connection"
    connection.close()


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
    monkeypatch.setattr("graphwatch.store.server.project_node.LOCK_WAIT_SECONDS", 0)
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
    with store.write("load", of="likes.csv") as writing:
        writing.add(node_table("Account", rows(lambda i: {"id": f"x:{i}", "handle": "budi"})))
        writing.add(node_table("Post", rows(lambda i: {"id": f"x:p{i}"})))
        writing.add(relation_table("LIKED", "Account", "Post", rows(
            lambda i: {"from": f"x:{i}", "to": f"x:p{i}", "id": f"r{i}", "kind": "LIKED", "sources": ["s:1"]})))
    store.close()
"""


def assert_half_there_is_told(address: Address, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers are told of the file, by Python and by the command line."""
    use(address, monkeypatch)
    with graphwatch.open(address.uri, project=folder / "p") as project:
        assert [half.of for half in project.info().unfinished] == ["likes.csv"]
        [told] = project.query("MATCH (a:Account) RETURN count(a) AS n").unfinished
        assert "Only a part of likes.csv is in the store" in told
    said = run_command("query", "MATCH (a:Account) RETURN count(a) AS n", "--store", address.uri)
    assert said.count("Only a part of likes.csv is in the store") == 1


def use(address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the environment say who one is on the server."""
    monkeypatch.setenv("NEO4J_USERNAME", address.username)
    monkeypatch.setenv("NEO4J_PASSWORD", address.password)


def run_command(*words: str) -> str:
    """What a command that ends well says to the person."""
    from click.testing import CliRunner

    from graphwatch.cli.main import graphwatch as command

    outcome = CliRunner().invoke(command, words, catch_exceptions=False)
    assert outcome.exit_code == 0
    return outcome.stderr


def write(store: ServerStore, of: str, *tables: GraphTable) -> None:
    with store.write("load", of=of) as writing:
        for table in tables:
            writing.add(table)


def test_a_batch_that_is_whole_leaves_no_note_and_one_that_failed_does(store: ServerStore) -> None:
    assert store.unfinished() == ()
    with pytest.raises(StoreError, match="Nothing of this piece"):
        write(store, "a.csv", accounts({"id": "x:3"}), likes(like("x:nobody", "x:p1", "r9")))
    write(store, "b.csv", accounts({"id": "x:4"}))
    [half] = store.unfinished()
    assert (half.of, half.under_way) == ("a.csv", False)
    assert "a.csv" in half.told("id")
    with store.write("load", of="a.csv") as writing:
        writing.add(accounts({"id": "x:3"}))
        writing.add(node_rows("Source", [{"id": "s:1"}]))
        assert store.unfinished() == ()  # all of a load is there with its Source
    assert store.unfinished() == ()


def test_a_run_says_that_it_counted_a_part_of_a_file(
    store: ServerStore, neo4j_address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(neo4j_address, monkeypatch)
    acts = [like(f"x:{a}", f"x:p{p}", f"r{a}{p}", 1000 * a) for a in (1, 2) for p in (1, 2)]
    write(store, "a.csv", posts("x:p2"), likes(*acts))
    with pytest.raises(StoreError, match="Nothing of this piece"):
        write(store, "b.csv", accounts({"id": "x:3"}), likes(like("x:nobody", "x:p1", "r9")))
    with graphwatch.open(neo4j_address.uri, project=tmp_path / "p") as project:
        [told] = project.detect(min_objects=2, fdr=None).unfinished
    assert "Only a part of b.csv" in told


def test_a_constraint_that_was_dropped_is_made_again_by_the_next_writer(store: ServerStore) -> None:
    store._server.define("DROP CONSTRAINT graphwatch_liked")
    with store.write("load") as writing:
        writing.add(likes(like("x:1", "x:p1", "r1")))
    names = store._server.read("SHOW CONSTRAINTS YIELD name RETURN name")["name"].to_pylist()
    assert "graphwatch_liked" in names


def test_a_writer_whose_place_was_taken_writes_nothing_more(store: ServerStore) -> None:
    with store.write("load") as writing:
        store._server.execute("MATCH (p:GraphwatchProject) SET p.holder = 'another'")
        with pytest.raises(StoreLocked, match="another one took its place"):
            writing.add(posts("x:p9"))
    assert store.info().counts["Post"] == 1


def test_a_locked_store_is_told_before_a_file_is_looked_at(
    store: ServerStore, neo4j_address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(neo4j_address, monkeypatch)
    monkeypatch.setattr("graphwatch.store.server.project_node.LOCK_WAIT_SECONDS", 0)
    with (
        graphwatch.open(neo4j_address.uri, project=tmp_path / "p") as project,
        store.write("run"),
        pytest.raises(StoreLocked, match=r"\(run\)"),
    ):
        project.load(tmp_path / "no such file.csv")


def test_two_folders_do_not_make_different_pseudonyms(
    store: ServerStore, neo4j_address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(neo4j_address, monkeypatch)
    first, second = (graphwatch.open(neo4j_address.uri, project=tmp_path / name) for name in ("first", "second"))
    name = first.workspace.pseudonyms.account("x:1")
    with pytest.raises(KeyMissing, match=r"keys/pseudonyms\.key"):
        _ = second.workspace.pseudonyms
    assert not (tmp_path / "second" / "keys").exists()
    project_key(tmp_path / "second")
    with pytest.raises(KeyWrong, match="pseudonyms of this store"):
        _ = second.workspace.pseudonyms
    shutil.rmtree(tmp_path / "second")
    shutil.copytree(tmp_path / "first" / "keys", tmp_path / "second" / "keys")
    assert second.workspace.pseudonyms.account("x:1") == name
    first.close()
    second.close()


def test_a_copy_on_a_server_has_its_folder_and_wants_the_key_of_the_first(
    neo4j_address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(neo4j_address, monkeypatch)
    ours = EmbeddedStore(tmp_path / "ours.gw", create=True)
    with ours.write("load") as writing:
        writing.add(accounts({"id": "x:1"}))
    key = project_key(tmp_path / "ours.gw")
    run_command("store", "copy", str(ours.folder), neo4j_address.uri, "--project", str(tmp_path / "theirs"))
    with graphwatch.open(neo4j_address.uri, project=tmp_path / "theirs") as theirs:
        assert theirs.store.unfinished() == ()
        with pytest.raises(KeyMissing):
            _ = theirs.workspace.pseudonyms
        shutil.copytree(tmp_path / "ours.gw" / "keys", tmp_path / "theirs" / "keys")
        assert theirs.workspace.pseudonyms.account("x:1") == Pseudonyms(key).account("x:1")


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
    assert [(u.kind, u.of, u.under_way) for u in half.unfinished()] == [("load", "likes.csv", True)]
    half._server.execute("MATCH (p:GraphwatchProject) SET p.holder_until_ms = 0")  # a minute has passed
    assert_half_there_is_told(neo4j_address, tmp_path, monkeypatch)
    subprocess.run(command, check=True, capture_output=True, env=environment)
    assert half.unfinished() == ()
    whole = EmbeddedStore(tmp_path / "whole.gw", create=True)
    with whole.write("load") as writing:
        writing.add(accounts(*({"id": f"x:{i}", "handle": "budi"} for i in range(20_000))))
        writing.add(posts(*(f"x:p{i}" for i in range(20_000))))
        rows = (like(f"x:{i}", f"x:p{i}", f"r{i}", None) for i in range(20_000))
        writing.add(likes(*rows))
    expected = {name: table_digest(table) for name, table in whole.dump()}
    assert {name: table_digest(table) for name, table in half.dump()} == expected
    half.close()
