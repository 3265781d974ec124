"""The rows of given ids are found in the record as they were accepted last, whatever the files are called."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from graph_rows import accounts, like, likes, posts
from killed_writer import write

from graphwatch.errors import StoreDamaged
from graphwatch.model import key_hash, node, relation
from graphwatch.model.scope import Scope
from graphwatch.store.embedded import id_index
from graphwatch.store.embedded.record import Record
from graphwatch.store.embedded.store import EmbeddedStore


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    """Three batches; the second and the third change what the first brought. Its folder looks like a pattern."""
    store = EmbeddedStore(tmp_path_factory.mktemp("record") / "kasus=[1] *, it's" / "s.gw", create=True)
    write(store, [posts("x:p1"), accounts({"id": "x:1", "handle": "a"}, {"id": "x:2", "handle": "b"})])
    write(store, [accounts({"id": "x:1", "handle": "a2"}), likes(like("x:1", "x:p1", "r1", 1000, source="s:1"))])
    write(store, [accounts({"id": "x:1", "handle": "a3"}), likes(like("x:1", "x:p1", "r1", 1000, source="s:2"))])
    return store


@pytest.fixture
def record(store: EmbeddedStore) -> Record:
    return store._upkeep.record()


def ids(*wanted: str) -> pa.Table:
    return pa.table({"id": pa.array(wanted, pa.string())})


def test_the_last_row_of_an_id_counts(record: Record) -> None:
    found = record.known(node("Account"), None, None, ids("x:1", "x:2", "x:3")).to_pylist()
    assert {row["id"]: row["handle"] for row in found} == {"x:1": "a3", "x:2": "b"}
    [act] = record.known(relation("LIKED"), "Account", "Post", ids("r1", "r2")).to_pylist()
    assert (act["from"], act["to"], act["sources"]) == ("x:1", "x:p1", ["s:1", "s:2"])


def test_nothing_is_known_of_what_was_never_written(record: Record) -> None:
    assert record.is_empty(relation("SHARED"), "Account", "Post")
    assert not record.is_empty(node("Account"), None, None)
    assert record.known(relation("SHARED"), "Account", "Post", ids("r1")).num_rows == 0
    assert record.known(node("Account"), None, None, ids("x:9")).num_rows == 0
    assert record.known(node("Account"), None, None, ids()).num_rows == 0


def test_a_row_is_found_in_any_of_its_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphwatch.store.embedded.journal._ROW_GROUP", 10)
    store = EmbeddedStore(tmp_path / "s.gw", create=True)
    write(store, [accounts(*({"id": f"x:{i:02}", "handle": f"h{i}"} for i in range(35)))])
    found = store._upkeep.record().known(node("Account"), None, None, ids("x:34", "x:00", "x:09", "x:10"))
    assert sorted(found["handle"].to_pylist()) == ["h0", "h10", "h34", "h9"]


def test_a_damaged_file_is_named_with_what_it_held(store: EmbeddedStore) -> None:
    record = store._upkeep.record()
    file = next((store.folder / "journal" / "000002-load").glob("*LIKED*"))
    kept = file.read_bytes()
    file.write_bytes(kept[: len(kept) // 2])
    try:
        with pytest.raises(StoreDamaged, match="1 rows of LIKED"):
            record.known(relation("LIKED"), "Account", "Post", ids("r1"))
    finally:
        file.write_bytes(kept)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    """3,000 likes in one entry with an index, in segments and groups that are small."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(id_index, "LARGE", 100)
        patch.setattr(id_index, "_SEGMENT", 1024)
        patch.setattr("graphwatch.store.embedded.journal._ROW_GROUP", 500)
        store = EmbeddedStore(tmp_path_factory.mktemp("large") / "s.gw", create=True)
        acts = (like("x:1", "x:p1", key_hash(i), i, source=f"s:{i}") for i in range(3_000))
        write(store, [posts("x:p1"), accounts({"id": "x:1"}), likes(*acts)])
    return store


def _found(store: EmbeddedStore, *numbers: int) -> list[int]:
    wanted = ids("", "r1", key_hash("none"), *(key_hash(i) for i in numbers))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(id_index, "LARGE", 100)
        patch.setattr(id_index, "_SEGMENT", 1024)
        rows = store._upkeep.record().known(relation("LIKED"), "Account", "Post", wanted)
    return sorted(rows["at_ms"].to_pylist())


def test_a_few_acts_are_found_among_many_by_their_index(large: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(id_index, "make", lambda *_: pytest.fail("it is there already"))
    assert _found(large, 0, 1023, 1024, 2999) == [0, 1023, 1024, 2999]
    assert _found(large, *range(3_000)) == list(range(3_000))
    assert _found(large) == []


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "block", "end", "of another"])
def test_an_index_that_cannot_be_used_is_made_again(large: EmbeddedStore, damage: str) -> None:
    [part] = (large.folder / "journal" / "000001-load").glob("*LIKED*.parquet")
    file = id_index.index_of(part)
    whole = file.read_bytes()
    if damage == "missing":
        file.unlink()
    else:
        at = {"block": 8 * 600, "end": len(whole) - 60, "of another": len(whole) - 50}.get(damage, 0)
        other = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        file.write_bytes({"empty": b"", "cut": whole[:-1]}.get(damage, other))
    assert _found(large, *range(0, 3_000, 7)) == list(range(0, 3_000, 7))
    assert file.read_bytes() == whole
    assert [f.name for f in part.parent.iterdir() if f.name.startswith(".")] == []


def test_small_entries_weigh_little_and_no_file_has_a_dictionary_of_ids(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "s.gw", create=True)
    people = [{"id": f"x:{number:05}", "handle": "same"} for number in range(6_000)]
    write(store, [posts("x:p1"), accounts(*people)])
    write(store, [likes(*(like(f"x:{number:05}", "x:p1", key_hash(number), number) for number in range(50)))])
    large, small = (sorted((store.folder / "journal").glob(f"*/*{name}-*.parquet"))[0] for name in ("Account", "LIKED"))
    with pq.ParquetFile(large) as file:
        group = file.metadata.row_group(0)
        columns = {group.column(at).path_in_schema: group.column(at) for at in range(group.num_columns)}
    assert not columns["id"].has_dictionary_page
    assert columns["handle"].has_dictionary_page
    assert columns["id"].statistics.max == "x:05999"
    assert small.stat().st_size < 4_500
    assert store.interactions(Scope(("LIKED",)), 60_000).at_ms.tolist() == [*range(50)]
