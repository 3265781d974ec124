"""Whatever happens to the process, the disk or the folder: what was accepted is there, once, or its loss is told."""

import multiprocessing
import shutil
import signal
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from graph_rows import accounts, like, likes, posts
from killed_writer import batch, killed, write

import graphwatch
from graphwatch.errors import StoreDamaged, StoreError, StoreMissing
from graphwatch.store.copying import copy_store
from graphwatch.store.embedded.store import EmbeddedStore
from graphwatch.store.erasing import Erasure

pytestmark = pytest.mark.long

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="watches files by inotify")

# In the order in which a load makes them, then the graph that takes it in; the engine leaves out what it does not need.
INSTANTS = [
    "create .staged-load",
    "moved to 000002-load",
    "moved to accepted",
    "create applying",
    "create replay",
    "create graph.lbug.wal",
    "moved to graph.lbug.wal.checkpoint",
    "create graph.lbug.shadow",
    "delete graph.lbug.wal.checkpoint",
    "delete graph.lbug.checkpoint.apply.lock",
    "delete applying",
]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one batch, to be copied."""
    store = EmbeddedStore(tmp_path_factory.mktemp("begun") / "s.gw", create=True)
    write(store, [posts("x:p1"), accounts(*({"id": f"x:{i}"} for i in range(50)))])
    store.catch_up()
    return store.folder


@pytest.fixture
def store(begun: Path, tmp_path: Path) -> EmbeddedStore:
    return EmbeddedStore(Path(shutil.copytree(begun, tmp_path / "s.gw")))


def counts(store: EmbeddedStore) -> tuple[int, int, int]:
    """Accounts, likes, and likes by their ids."""
    accounts_of = store.read("MATCH (a:Account) RETURN count(*) AS n")["n"][0].as_py()
    likes_of = store.read("MATCH ()-[r:LIKED]->() RETURN count(*) AS n, count(DISTINCT r.id) AS d").to_pylist()[0]
    return accounts_of, likes_of["n"], likes_of["d"]


def assert_all_or_nothing(store: EmbeddedStore, size: int) -> None:
    """The batch is there as a whole or not at all, and writing it again ends in all of it, once."""
    before, whole = (50, 0, 0), (max(50, 25 + size), size, size)
    found = counts(store)
    assert found in (before, whole)
    assert store.verify() == {}
    assert (write(store, batch(size)) == 0) == (found == whole)
    assert store.rebuild().entries == 2
    assert store.verify() == {}
    assert counts(store) == whole


@on_linux
@pytest.mark.parametrize(
    ("instant", "size"),
    [
        *((instant, 50) for instant in INSTANTS),
        *((instant, 2_000) for instant in INSTANTS[5:9]),
        *((instant, 60_000) for instant in INSTANTS[5:8:2]),
    ],
)
def test_a_load_that_was_killed(store: EmbeddedStore, instant: str, size: int) -> None:
    killed(store.folder, size, at=instant)
    assert_all_or_nothing(store, size)


@on_linux
@pytest.mark.parametrize("instant", ["create replay", "moved to graph.lbug", "delete replay"])
def test_a_rebuild_that_was_killed(store: EmbeddedStore, instant: str) -> None:
    write(store, batch(2_000))
    assert killed(store.folder, None, at=instant)
    assert counts(store) == (2025, 2000, 2000)
    assert_all_or_nothing(store, 2_000)


def _unite(store: EmbeddedStore) -> None:
    """What x:25 did was done by x:0."""
    done = Erasure(0, nodes={"Account": frozenset({"x:25"})})
    store.erase(done, instead=[likes(like("x:0", "x:p1", "united", 1000, source="s:2:1"))])


@on_linux
@pytest.mark.parametrize(
    "instant",
    ["create journal.new", "moved to journal.whole", "moved to journal.old", "moved to journal", "create replay"],
)
def test_two_accounts_that_become_one_have_each_act_once_wherever_it_is_killed(
    store: EmbeddedStore, instant: str
) -> None:
    write(store, batch(50))
    assert killed(store.folder, None, at=instant, doing=_unite)
    of_either = "MATCH (a:Account)-[r:LIKED]->() WHERE a.id IN ['x:0', 'x:25'] RETURN r.id AS id"
    assert store.read(of_either)["id"].to_pylist() in (["rx:25"], ["united"])
    _unite(store)
    assert store.read(of_either)["id"].to_pylist() == ["united"]
    assert counts(store) == (74, 50, 50)
    assert store.verify() == {}


@on_linux
def test_a_reader_that_was_killed_leaves_the_graph_as_it_is(store: EmbeddedStore) -> None:
    made = store._upkeep.graph_file.stat()
    reader = multiprocessing.get_context("forkserver").Process(target=_read_and_die, args=(store.folder,))
    reader.start()
    reader.join(60)
    assert reader.exitcode == -signal.SIGKILL
    assert counts(store) == (50, 0, 0)
    after = store._upkeep.graph_file.stat()
    assert (after.st_ino, after.st_mtime_ns) == (made.st_ino, made.st_mtime_ns)


def _read_and_die(folder: Path) -> None:
    import os

    with EmbeddedStore(folder)._reading() as graph:
        graph.read("MATCH (a:Account) RETURN a.id ORDER BY a.id")
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    "left", ["wal", "wal.checkpoint", "shadow", "checkpoint.intent.lock", "tmp", "of a later engine"]
)
def test_a_file_that_the_engine_left_means_that_the_graph_is_made_again(store: EmbeddedStore, left: str) -> None:
    made = store._upkeep.graph_file.stat().st_ino
    store._upkeep.graph_file.with_name(f"graph.lbug.{left}").write_bytes(b"half")
    assert counts(store) == (50, 0, 0)
    assert store._upkeep.graph_file.stat().st_ino != made
    assert sorted(f.name for f in (store.folder / "graph").iterdir()) == ["accepted", "graph.lbug"]


@pytest.mark.parametrize("lost", ["the last entry", "the journal"])
def test_a_lost_end_of_the_journal_is_told_and_the_graph_kept(store: EmbeddedStore, tmp_path: Path, lost: str) -> None:
    write(store, batch(50))
    store.catch_up()
    kept = store._upkeep.graph_file.read_bytes()
    shutil.rmtree(store.folder / "journal" / ("000002-load" if lost == "the last entry" else ""))
    for doing in (store.verify, store.rebuild, lambda: counts(store), lambda: write(store, batch(60))):
        with pytest.raises(StoreDamaged, match="2 entries of the journal were accepted") as caught:
            doing()
        assert "backup" in str(caught.value.remedy)
    assert store._upkeep.graph_file.read_bytes() == kept
    saved = EmbeddedStore(tmp_path / "saved.gw", create=True)
    copy_store(store, saved)
    assert counts(saved) == (75, 50, 50)
    assert saved.verify() == {}


def test_a_lost_end_is_told_even_where_the_graph_never_had_it(store: EmbeddedStore, tmp_path: Path) -> None:
    write(store, batch(50))
    shutil.rmtree(store.folder / "journal" / "000002-load")
    erasure = Erasure(0, nodes={"Account": frozenset({"x:1"})})
    reading = (lambda: counts(store), lambda: store.rows("Source", ("id",)), lambda: store.compared(batch(1)[1]))
    for doing in (store.verify, store.rebuild, lambda: write(store, batch(60)), lambda: store.erase(erasure), *reading):
        with pytest.raises(StoreDamaged, match="2 entries of the journal were accepted"):
            doing()
    saved = EmbeddedStore(tmp_path / "saved.gw", create=True)
    copy_store(store, saved)
    assert counts(saved) == (50, 0, 0)


def test_a_lost_end_is_told_even_where_the_graph_was_being_written(store: EmbeddedStore) -> None:
    write(store, batch(50))
    store._upkeep._mark(store._upkeep._head())
    shutil.rmtree(store.folder / "journal" / "000002-load")
    with pytest.raises(StoreDamaged, match="2 entries of the journal were accepted"):
        counts(store)
    with pytest.raises(StoreDamaged, match="2 entries of the journal were accepted"), store.salvage():
        pytest.fail("half of a graph was read")


def test_what_is_damaged_is_not_taken_in(store: EmbeddedStore) -> None:
    kept = store._upkeep.graph_file.read_bytes()
    write(store, batch(50))
    file = next((store.folder / "journal" / "000002-load").glob("*LIKED*"))
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    with pytest.raises(StoreDamaged, match="50 rows of LIKED"):
        counts(store)
    assert store._upkeep.graph_file.read_bytes() == kept
    file.write_bytes(whole)
    assert counts(store) == (75, 50, 50)


def test_a_damaged_journal_is_refused_before_the_graph_is_touched(store: EmbeddedStore) -> None:
    write(store, batch(50))
    store.catch_up()
    kept = store._upkeep.graph_file.read_bytes()
    file = next((store.folder / "journal" / "000002-load").glob("*LIKED*"))
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(StoreDamaged, match="50 rows of LIKED") as caught:
        store.rebuild()
    assert file.name in str(caught.value)
    assert store._upkeep.graph_file.read_bytes() == kept
    assert counts(store) == (75, 50, 50)


def test_the_journal_refuses_a_source_that_it_holds(store: EmbeddedStore) -> None:
    write(store, batch(50))
    staged = store._upkeep.journal.begin("load")
    source = batch(50)[0]
    part = staged.part("Source", None, None, "insert", source.schema)
    part.write(pa.Table.from_batches(list(source.batches)))
    part.close()
    with pytest.raises(StoreError, match=r"holds source s:2 already, in 000002-load"):
        store._upkeep.journal.publish(staged)
    assert len(store._upkeep.journal.entries()) == 2
    assert_all_or_nothing(store, 50)


HOSTILE_NAMES = ["kasus *", "kasus [2024]", "apa?", "it's", 'a "b"', "50%20", "ünï ✓", "{a,b}", "[!a]", "~", "a;b#c"]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_folder_of_any_name_is_that_folder(tmp_path: Path, name: str) -> None:
    other = EmbeddedStore(tmp_path / "kasus 2" / "s.gw", create=True)
    write(other, [accounts({"id": "x:other"})])
    store = EmbeddedStore(tmp_path / name / "s.gw", create=True)
    write(store, [posts("x:p1"), accounts(*({"id": f"x:{i}"} for i in range(50)))])
    assert_all_or_nothing(store, 50)
    copy = EmbeddedStore(tmp_path / name / "copy.gw", create=True)
    copy_store(store, copy)
    assert counts(copy) == (75, 50, 50)


def test_a_folder_that_was_moved_is_not_made_anew(store: EmbeddedStore, begun: Path) -> None:
    place = store.folder
    moved = place.rename(place.with_name("moved.gw"))
    for doing in (store.verify, store.rebuild, lambda: counts(store), lambda: write(store, batch(50))):
        with pytest.raises(StoreMissing, match="moved or deleted"):
            doing()
    assert not place.exists()
    EmbeddedStore(place, create=True).write("load").__enter__()
    with pytest.raises(StoreError, match="another store"):
        write(store, batch(50))
    assert counts(EmbeddedStore(moved)) == (50, 0, 0)


def test_nothing_of_a_project_is_made_anew_where_its_folder_was(store: EmbeddedStore, tmp_path: Path) -> None:
    acts = tmp_path / "acts.csv"
    acts.write_text("account,object,kind,platform\na,p,LIKED,x\n,p,LIKED,x\n", encoding="utf-8")
    with graphwatch.open(store.folder) as project:
        store.folder.rename(tmp_path / "moved.gw")
        for doing in (
            lambda: project.load(acts),
            lambda: project.provenance(remember=True),
            lambda: project.query("MATCH (a:Account) RETURN a.id"),
            lambda: project.info(),
        ):
            with pytest.raises(StoreMissing, match="moved or deleted"):
                doing()
    assert not store.folder.exists()


@on_linux
@pytest.mark.parametrize("room", [8_000, 20_000, 1_000_000])
def test_a_full_disk_is_told_and_the_store_is_as_it_was(store: EmbeddedStore, room: int) -> None:
    """No file may grow beyond so many bytes: the journal meets it first, then the engine, then its checkpoint."""
    loader = multiprocessing.get_context("forkserver").Process(
        target=_write_with_little_room, args=(store.folder, room)
    )
    loader.start()
    loader.join(120)
    assert loader.exitcode in (0, 3)  # done, or told
    assert_all_or_nothing(store, 60_000)


def _write_with_little_room(folder: Path, room: int) -> None:
    import os
    import resource

    graph = EmbeddedStore(folder)._upkeep.graph_file.stat().st_size
    limit = graph + room if room > 100_000 else room
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        write(EmbeddedStore(folder), batch(60_000))
        EmbeddedStore(folder).catch_up()
    except StoreError as error:
        os._exit(3 if error.remedy and "room" in error.remedy else 4)
    os._exit(0)
