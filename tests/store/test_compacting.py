"""Many small loads are one entry in the end, and the store holds what it held, wherever the process is killed."""

import shutil
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from graph_rows import accounts, like, likes, posts
from killed_writer import killed, write

from graphwatch.common.locks import locked
from graphwatch.model.tables import node_rows
from graphwatch.store.copying import table_digest
from graphwatch.store.embedded.compacting import small_ones
from graphwatch.store.embedded.store import EmbeddedStore

if TYPE_CHECKING:
    from graphwatch.store.embedded.journal import Journal

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="watches files by inotify")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A large entry, then six small ones that add to each other and to it."""
    store = EmbeddedStore(tmp_path_factory.mktemp("many") / "s.gw", create=True)
    write(store, [posts("x:p1"), accounts(*({"id": f"x:{i}", "handle": "old"} for i in range(5_000)))])
    for n in range(1, 7):
        source = node_rows("Source", [{"id": f"s:{n}"}])
        acts = likes(like("x:1", "x:p1", "r", 1000, source=f"s:{n}:1"), like(f"x:{n}", "x:p1", f"r{n}", 5))
        write(store, [source, accounts({"id": "x:1", "handle": f"h{n}"}, {"id": f"x:new{n}"}), acts])
        if n == 3:
            store.catch_up()
    return store.folder


@pytest.fixture
def store(made: Path, tmp_path: Path) -> EmbeddedStore:
    return EmbeddedStore(Path(shutil.copytree(made, tmp_path / "s.gw")))


def tidied_behind(store: EmbeddedStore) -> None:
    """The graph has three of the small ones."""
    with locked(store.folder, exclusive=True):
        store._upkeep.tidy(5)


def tidied(store: EmbeddedStore) -> None:
    store.catch_up()
    tidied_behind(store)


def digests(store: EmbeddedStore) -> dict[str, str]:
    return {name: table_digest(table) for name, table in store.dump()}


def replaced_values(store: EmbeddedStore) -> list[str]:
    logs = (
        (entry, part) for entry in store._upkeep.journal.entries() for part in entry.parts if part.operation == "log"
    )
    return sorted(str(row) for entry, part in logs for table in entry.tables(part) for row in table.to_pylist())


def names(store: EmbeddedStore) -> list[str]:
    return [entry.folder.name for entry in store._upkeep.journal.entries()]


def test_small_entries_are_one_and_say_the_same(store: EmbeddedStore) -> None:
    before, graph = digests(store), store._upkeep.graph_file.stat().st_ino
    large = (store.folder / "journal" / "000001-load" / "manifest.json").stat().st_ino
    changes = replaced_values(store)
    tidied(store)
    assert names(store) == ["000001-load", "000002-together"]
    assert (store.folder / "journal" / "000001-load" / "manifest.json").stat().st_ino == large
    assert store._upkeep.graph_file.stat().st_ino == graph  # it was not made again
    assert digests(store) == before
    assert store.verify() == {}
    last = store._upkeep.journal.entries()[-1]
    assert last.sources == tuple(f"s:{n}" for n in range(1, 7))
    assert replaced_values(store) == changes
    assert store.rebuild().entries == 2
    assert digests(store) == before


def test_a_graph_that_is_behind_is_still_where_it_was(store: EmbeddedStore, tmp_path: Path) -> None:
    whole = digests(EmbeddedStore(Path(shutil.copytree(store.folder, tmp_path / "whole.gw"))))
    graph, changes = store._upkeep.graph_file.read_bytes(), replaced_values(store)
    tidied_behind(store)
    assert names(store) == ["000001-load", "000002-together", "000003-together"]
    assert store._upkeep.graph_file.read_bytes() == graph
    assert not store._upkeep._marker.exists()
    made = store._upkeep.graph_file.stat().st_ino
    assert digests(store) == whole
    assert store._upkeep.graph_file.stat().st_ino == made  # it took in what it lacked
    assert store.verify() == {}
    assert replaced_values(store) == changes
    tidied_behind(store)  # two are not many
    assert len(names(store)) == 3


def test_few_entries_stay_as_they_are(store: EmbeddedStore) -> None:
    store._upkeep.tidy(7)
    assert len(names(store)) == 7


@pytest.mark.parametrize(
    ("rows", "together"),
    [
        ([100] * 3, 0),
        ([100] * 4, 4),
        ([90_000, *[100] * 4], 4),
        ([9_000, *[100] * 4], 4),
        ([*[9_000] * 4, 100], 5),
        ([*[9_000] * 3, *[100] * 3], 0),
        ([100, *[90_000] * 4], 0),
        ([*[100] * 4, 9_000], 0),
    ],
)
def test_neighbours_of_one_size_are_made_one(rows: list[int], together: int) -> None:
    journal = cast("Journal", SimpleNamespace(count=len(rows), entries=lambda: [SimpleNamespace(rows=n) for n in rows]))
    assert small_ones(journal, 4) == together


def test_what_comes_after_it_is_compared_with_it(store: EmbeddedStore) -> None:
    tidied(store)
    with store.write("load") as writing:
        done = writing.add(likes(like("x:1", "x:p1", "r", 1000, source="s:6:1"), like("x:9", "x:p1", "r9", 5)))
    assert (done.new, done.changed, done.unchanged) == (1, 0, 1)
    assert store.verify() == {}


@on_linux
@pytest.mark.parametrize(
    "instant",
    [
        "create journal.new",
        "moved to journal.whole",
        "moved to journal.old",
        "moved to accepted",
        "moved to journal",
        "delete journal.old",
    ],
)
def test_killed_while_entries_are_made_one(store: EmbeddedStore, instant: str, tmp_path: Path) -> None:
    before = digests(EmbeddedStore(Path(shutil.copytree(store.folder, tmp_path / "before.gw"))))
    assert killed(store.folder, None, at=instant, doing=tidied_behind)
    assert digests(store) == before
    tidied(store)
    assert names(store)[:2] == ["000001-load", "000002-together"]
    assert len(names(store)) <= 3
    assert digests(store) == before
    assert store.verify() == {}
    assert not list(store.folder.glob("journal.*"))
