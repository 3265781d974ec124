import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from graph_rows import HOSTILE, accounts, like, likes, posts

from graphwatch.common.locks import locked
from graphwatch.errors import QueryError, QueryTimeout, StoreDamaged, StoreError, StoreLocked, StoreMissing, StoreNewer
from graphwatch.model import MODEL_VERSION, elements
from graphwatch.model.scope import Scope
from graphwatch.model.tables import LeftOut
from graphwatch.queries import parse
from graphwatch.store.copying import table_digest
from graphwatch.store.embedded.graph import opened
from graphwatch.store.embedded.store import EmbeddedStore

HANDLES = "MATCH (a:Account) RETURN a.id AS id, a.handle AS handle ORDER BY id"


def handles(store: EmbeddedStore) -> dict[str, str | None]:
    rows = store.read(HANDLES)
    return dict(zip(rows["id"].to_pylist(), rows["handle"].to_pylist(), strict=True))


def test_every_table_of_the_model_can_be_asked_before_anything_is_in_it(filled: EmbeddedStore) -> None:
    assert set(filled.info().counts) == {e.name for e in elements()}


def test_what_was_written_is_read_back_as_it_was(filled: EmbeddedStore) -> None:
    assert handles(filled) == {"x:1": "budi", "x:2": HOSTILE, "x:3": None}


def test_writing_the_same_again_changes_nothing(filled: EmbeddedStore) -> None:
    before = filled.info()
    with filled.write("load") as writing:
        outcome = writing.add(accounts({"id": "x:1", "handle": "budi"}))
    assert (outcome.new, outcome.changed, outcome.unchanged) == (0, 0, 1)
    assert filled.info() == before


def test_a_later_value_wins_and_a_later_null_does_not(filled: EmbeddedStore) -> None:
    with filled.write("load") as writing:
        writing.add(accounts({"id": "x:1", "handle": "budi_baru"}, {"id": "x:2", "name": "Sari", "handle": None}))
    assert handles(filled)["x:1"] == "budi_baru"
    assert handles(filled)["x:2"] == HOSTILE


def test_a_replaced_value_is_kept_in_the_journal(filled: EmbeddedStore) -> None:
    with filled.write("load") as writing:
        writing.add(accounts({"id": "x:1", "handle": "budi_baru"}))
    entry = filled._upkeep.journal.entries()[-1]
    logged = [t.to_pylist() for p in entry.parts if p.operation == "log" for t in entry.tables(p)]
    assert logged == [
        [{"element": "Account", "id": "x:1", "property": "handle", "before": "budi", "after": "budi_baru"}]
    ]


def test_a_second_source_is_added_to_an_interaction(filled: EmbeddedStore) -> None:
    with filled.write("load") as writing:
        writing.add(likes(like("x:1", "x:p1", "r1", 1000, source="t:9")))
    rows = filled.read("MATCH ()-[r:LIKED]->() WHERE r.id = 'r1' RETURN r.sources AS sources, r.at_ms AS at_ms")
    assert rows.to_pylist() == [{"sources": ["s:1", "t:9"], "at_ms": 1000}]
    assert filled.info().counts["LIKED"] == 3


def test_interactions_come_as_columns_with_the_untimed_counted(filled: EmbeddedStore) -> None:
    columns = filled.interactions(Scope(("LIKED", "SHARED")), 60_000)
    rows = {
        (columns.accounts[a].as_py(), columns.objects[o].as_py(), int(t))
        for a, o, t in zip(columns.account, columns.object, columns.at_ms, strict=True)
    }
    assert rows == {("x:1", "x:p1", 1000), ("x:2", "x:p1", 2000)}
    assert columns.left_out == LeftOut(untimed=1)
    assert columns.accounts.to_pylist() == sorted(columns.accounts.to_pylist())


def test_a_batch_that_fails_half_way_leaves_nothing(filled: EmbeddedStore) -> None:
    before = filled.info().counts

    class StopError(Exception):
        pass

    with pytest.raises(StopError), filled.write("load") as writing:  # noqa: PT012 - the block is the batch
        writing.add(accounts({"id": "x:9"}))
        raise StopError
    assert filled.info().counts == before
    assert filled.verify() == {}


def test_a_relation_without_its_ends_is_taken_back_with_a_message(filled: EmbeddedStore) -> None:
    with pytest.raises(StoreError, match="rolled back"), filled.write("load") as writing:
        writing.add(likes(like("x:nobody", "x:p1", "r9")))
    assert filled.info().counts["LIKED"] == 3
    assert filled.verify() == {}


def test_the_graph_can_be_made_again_and_is_the_same(filled: EmbeddedStore) -> None:
    with filled.write("load") as writing:
        writing.add(accounts({"id": "x:1", "name": "Budi"}))
        writing.add(likes(like("x:1", "x:p1", "r1", 1000, source="t:9")))
    with filled._reading() as graph:
        before = {name: table_digest(rows) for name, rows in graph.dump()}
    assert filled.rebuild().entries == 2
    with filled._reading() as graph:
        assert {name: table_digest(rows) for name, rows in graph.dump()} == before


def test_a_missing_graph_file_is_made_again_on_opening(filled: EmbeddedStore) -> None:
    filled._upkeep.graph_file.unlink()
    assert handles(EmbeddedStore(filled.folder))["x:1"] == "budi"


def test_a_graph_file_of_rubbish_is_made_again_on_opening(filled: EmbeddedStore) -> None:
    filled._upkeep.graph_file.write_bytes(b"rubbish" * 1000)
    assert handles(EmbeddedStore(filled.folder))["x:1"] == "budi"


def test_a_graph_behind_the_journal_catches_up_on_opening(filled: EmbeddedStore, tmp_path: Path) -> None:
    old = filled._upkeep.graph_file.read_bytes()
    with filled.write("load") as writing:
        writing.add(accounts({"id": "x:4", "handle": "late"}))
    filled._upkeep.graph_file.write_bytes(old)
    assert handles(EmbeddedStore(filled.folder))["x:4"] == "late"


def test_a_graph_found_half_way_through_a_large_batch_is_made_again(filled: EmbeddedStore) -> None:
    with opened(filled._upkeep.graph_file, read_only=False) as graph:
        graph._execute("MATCH (a:Account {id: 'x:1'}) SET a.handle = 'half-way'")
    filled._upkeep._marker.touch()
    assert handles(EmbeddedStore(filled.folder))["x:1"] == "budi"


def test_verify_names_the_table_that_differs(filled: EmbeddedStore) -> None:
    with opened(filled._upkeep.graph_file, read_only=False) as graph:
        graph._execute("MATCH (a:Account {id: 'x:1'}) SET a.handle = 'tampered'")
    assert list(filled.verify()) == ["Account"]


def test_a_flipped_byte_in_the_journal_is_named(filled: EmbeddedStore) -> None:
    part = next(filled._upkeep.journal.entries()[0].folder.glob("*Account*.parquet"))
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)
    with pytest.raises(StoreDamaged, match=part.name):
        filled.verify()


def test_a_missing_journal_entry_is_noticed(filled: EmbeddedStore) -> None:
    with filled.write("load") as writing:
        writing.add(accounts({"id": "x:4"}))
    first = filled._upkeep.journal.entries()[0].folder
    first.rename(first.with_name(".gone"))
    with pytest.raises(StoreDamaged, match="does not follow"):
        handles(EmbeddedStore(filled.folder))


def test_a_store_of_a_newer_version_is_refused(filled: EmbeddedStore) -> None:
    note = filled.folder / "store.json"
    note.write_text(json.dumps({**json.loads(note.read_text()), "format": 99}))
    with pytest.raises(StoreNewer, match="Update graphwatch"):
        EmbeddedStore(filled.folder)


def test_a_journal_of_a_newer_model_is_refused(store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphwatch.store.embedded.entries.MODEL_VERSION", MODEL_VERSION + 1)
    with store.write("load") as writing:
        writing.add(accounts({"id": "x:4"}))
    monkeypatch.undo()
    with pytest.raises(StoreNewer, match="Update graphwatch"):
        handles(EmbeddedStore(store.folder))


def test_no_store_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="graphwatch load"):
        EmbeddedStore(tmp_path / "none.gw")


def test_a_folder_of_other_things_does_not_become_a_store(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").touch()
    store = EmbeddedStore(tmp_path, create=True)
    with pytest.raises(StoreError, match="holds other files"), store.write("load") as writing:
        writing.add(posts("x:1"))
    assert [f.name for f in tmp_path.iterdir()] == ["holiday.jpg"]


def test_a_store_opened_to_be_made_is_made_by_its_first_batch(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "new.gw", create=True)
    assert not store.folder.exists()
    with store.write("load") as writing:
        writing.add(posts("x:p1"))
    assert EmbeddedStore(store.folder).info().counts["Post"] == 1


def test_errors_of_the_engine_are_ours(filled: EmbeddedStore) -> None:
    with pytest.raises(QueryError, match="Nowhere"):
        filled.read("MATCH (n:Nowhere) RETURN n")
    with pytest.raises(QueryError, match="line: 1"):
        filled.read("MATCH (n:Account RETURN n")


def test_a_query_that_runs_too_long_is_stopped(filled: EmbeddedStore) -> None:
    endless = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN sum(a * b) AS s"
    with pytest.raises(QueryTimeout, match=r"after 0\.2 s"):
        filled.answer(parse(endless), timeout=0.2)


def test_a_reading_store_cannot_be_written_by_any_query(filled: EmbeddedStore) -> None:
    with pytest.raises(QueryError, match="read-only"):
        filled.read("CREATE (:Account {id: 'x:evil'})")


def test_the_holder_of_the_lock_is_named(filled: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["graphwatch", "load", "secret.csv"])
    with locked(filled.folder, exclusive=True):
        named = rf"process {os.getpid()} \(graphwatch load, writing since"
        with pytest.raises(StoreLocked, match=named), locked(filled.folder, exclusive=False, wait=0):
            pytest.fail("two holders")
        with pytest.raises(StoreLocked), locked(filled.folder, exclusive=True, wait=0):
            pytest.fail("two writers")


def test_readers_share_the_lock(filled: EmbeddedStore) -> None:
    with locked(filled.folder, exclusive=False), locked(filled.folder, exclusive=False, wait=0):
        assert handles(filled)["x:1"] == "budi"


WRITER = """
    import sys
    from pathlib import Path
    import pyarrow as pa
    from graphwatch.store.embedded.store import EmbeddedStore
    from graphwatch.model.tables import LeftOut, node_table

    store = EmbeddedStore(Path(sys.argv[1]))
    for batch in range(1000):
        rows = [{"id": f"x:{batch}-{row}"} for row in range(500)]
        with store.write("load") as writing:
            writing.add(node_table("Account", [pa.RecordBatch.from_pylist(rows)]))
        print(batch, flush=True)
"""


@pytest.mark.parametrize("accepted", [1, 2, 4])
def test_kill_loses_nothing_that_was_accepted(filled: EmbeddedStore, accepted: int) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITER), str(filled.folder)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    with writer.stdout as said:
        for _ in range(accepted):
            said.readline()
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        reported = accepted + len(said.read().split())
    again = EmbeddedStore(filled.folder)
    counts = again.info().counts["Account"] - 3
    # At most one batch can have been published in the instant before it was reported.
    assert counts in (reported * 500, (reported + 1) * 500)
    assert again.verify() == {}


def test_a_large_batch_is_applied_outside_a_transaction_and_is_whole(
    filled: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphwatch.store.embedded.graph.TRANSACTION_ROWS", 2)
    with filled.write("load") as writing:
        writing.add(accounts(*({"id": f"y:{i}"} for i in range(10))))
    filled.catch_up()
    assert not filled._upkeep._marker.exists()
    assert filled.verify() == {}
    with pytest.raises(StoreError, match="rolled back"), filled.write("load") as writing:  # noqa: PT012 - the batch
        writing.add(accounts(*({"id": f"z:{i}"} for i in range(10))))
        writing.add(likes(like("x:nobody", "x:p1", "r9")))
    assert filled.info().counts["Account"] == 13
    assert filled.verify() == {}


def test_a_folder_with_quotes_in_its_name_is_a_store_like_any_other(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / 'it\'s \\ a "store"', create=True)
    with store.write("load") as writing:
        writing.add(accounts({"id": "x:1", "handle": "budi"}))
    assert handles(store) == {"x:1": "budi"}
    assert store.verify() == {}


def test_a_journal_of_an_older_and_of_a_richer_model_is_still_read(filled: EmbeddedStore) -> None:
    part = next(p for p in filled._upkeep.journal.entries()[0].parts if p.element == "Account")
    file = filled._upkeep.journal.entries()[0].file(part)
    rows = pq.read_table(file)
    richer = rows.drop_columns(["url"]).append_column("shoe_size", pa.array([42] * rows.num_rows))
    staged = filled._upkeep.journal.begin("load")
    writer = staged.part("Account", None, None, "insert", richer.schema)
    index = richer.schema.get_field_index("id")
    writer.write(richer.set_column(index, "id", pa.array(["y:1", "y:2", "y:3"])))
    writer.close()
    filled._upkeep.journal.publish(staged)
    assert handles(EmbeddedStore(filled.folder))["y:1"] == "budi"
