"""Kill -9 at events that the disk sees: nothing that was accepted is missing, nothing is there twice.

    python benchmarks/kills.py 200 [seed]

Each time a copy of a store is written to by a process that is killed at an event chosen by lot, or a little later: a
load of 50 to 300,000 acts with the graph taking it in, the graph catching up, many entries becoming one, an erasure,
or a rebuild. Then the store has to hold what it held before or all of what was to come, be equal to its journal made
anew, and hold all of it, once, when the same is done again. It prints how many were killed in each, and stops at the
first that is not so. Linux only: it watches files by inotify.
"""

import json
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from killed_writer import killed, write

from graphwatch.common.locks import locked
from graphwatch.model import key_hash
from graphwatch.model.tables import GraphTable, node_rows, relation_rows
from graphwatch.store.copying import table_digest
from graphwatch.store.embedded.store import EmbeddedStore
from graphwatch.store.erasing import Erasure

SIZES = (50, 2_000, 20_000, 60_000, 300_000)
ENTRIES = 12
LAST_RUN = Path(__file__).parent.parent / "tests" / "fuzz" / "last_run.json"


def batch(number: int, size: int) -> list[GraphTable]:
    """A source with so many acts of as many accounts; a tenth of either was there before."""
    ids = range(number * size - size // 10, (number + 1) * size - size // 10)
    acts = (
        {"from": f"x:{i}", "to": "x:p", "id": key_hash(i), "kind": "LIKED", "at_ms": i, "sources": [f"s{number}:{i}"]}
        for i in ids
    )
    return [
        node_rows("Source", [{"id": f"s{number}-{size}"}]),
        node_rows("Post", [{"id": "x:p"}]),
        node_rows("Account", [{"id": f"x:{i}", "handle": f"h{number}"} for i in ids]),
        relation_rows("LIKED", "Account", "Post", acts),
    ]


def loading(store: EmbeddedStore, *, size: int) -> None:
    write(store, batch(ENTRIES, size))
    store.catch_up()


def catching_up(store: EmbeddedStore) -> None:
    store.catch_up()


def becoming_one(store: EmbeddedStore) -> None:
    with locked(store.folder, exclusive=True):
        store._upkeep.tidy(4)


def erasing(store: EmbeddedStore) -> None:
    store.erase(Erasure(0, nodes={"Account": frozenset({"x:7"})}))


def rebuilding(store: EmbeddedStore) -> None:
    store.rebuild()


@dataclass(frozen=True)
class Case:
    """What is killed, the store that it begins with, and what that store says before and after."""

    name: str
    folder: Path
    work: Callable[[EmbeddedStore], None]
    before: dict[str, str]
    after: dict[str, str]
    events: int


def digests(store: EmbeddedStore) -> dict[str, str]:
    return {name: table_digest(table) for name, table in store.dump()}


def copied(folder: Path, target: Path) -> EmbeddedStore:
    shutil.rmtree(target, ignore_errors=True)
    return EmbeddedStore(Path(shutil.copytree(folder, target)))


def cases(scratch: Path) -> list[Case]:
    begun = EmbeddedStore(scratch / "begun.gw", create=True)
    for number in range(ENTRIES):
        write(begun, batch(number, 50))
        if number == ENTRIES // 2:
            begun.catch_up()
    works: list[tuple[str, Callable[[EmbeddedStore], None]]] = [
        *((f"load of {size:,}", partial(loading, size=size)) for size in SIZES),
        *(("catch-up", catching_up), ("entries become one", becoming_one)),
        *(("erasure", erasing), ("rebuild", rebuilding)),
    ]
    before = digests(copied(begun.folder, scratch / "s.gw"))
    made = []
    for name, work in works:
        store, seen = copied(begun.folder, scratch / "s.gw"), list[str]()
        killed(store.folder, None, nth=sys.maxsize, doing=work, seen=seen.append)
        events = len(seen)
        made.append(Case(name, begun.folder, work, before, digests(store), events))
        print(f"{name}: {events} events", flush=True)
    return made


def main() -> None:
    kills, lot = int(sys.argv[1]), random.Random(int(sys.argv[2]) if sys.argv[2:] else 0)
    done: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        made = cases(scratch)
        while sum(done.values()) < kills:
            case = lot.choices(made, [1 / case.events**0.5 for case in made])[0]
            store, nth = copied(case.folder, scratch / "s.gw"), lot.randint(1, case.events)
            later_s = lot.choice((0, lot.random() / 20))
            if not killed(store.folder, None, nth=nth, doing=case.work, later_s=later_s):
                continue  # it was over before
            store = EmbeddedStore(store.folder)
            found = digests(store)
            assert found in (case.before, case.after), (case.name, nth, "half of it is there")
            case.work(store)
            assert digests(store) == case.after, (case.name, nth, "doing it again does not end in all of it")
            assert store.verify() == {}, (case.name, nth, "the journal says something else")
            done[case.name] += 1
            if sum(done.values()) % 10 == 0:
                print(sum(done.values()), "kills, nothing lost and nothing twice", flush=True)
    for name, count in done.items():
        print(f"{name}: {count} kills")
    # For docs/reliability.md.
    known = json.loads(LAST_RUN.read_text(encoding="utf-8"))
    LAST_RUN.write_text(json.dumps({**known, "kills": done}, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
