"""Kill whoever writes a store at so many moments taken at random, and count what is lost: `just kills 200`.

A copy of a store is written to by a process that is killed at one of the changes of files that it makes (the journal's,
the graph's, the engine's own), or a little later: a load of 50 to 300,000 acts which the graph takes in, the graph
catching up, many entries becoming one, an erasure, or a rebuild. Then the store holds what it held before or all that
was to come, and when the same is done again it holds all of it, once, and its journal made anew is the same. The tests
kill at each kind of moment; this kills at any.
"""

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from last_run import keep

sys.path.insert(0, str(Path(__file__).parents[1]))

from killed_writer import killed, write

from graphwatch.common.locks import locked
from graphwatch.model import key_hash
from graphwatch.model.tables import GraphTable, node_rows, relation_rows
from graphwatch.store.copying import table_digest
from graphwatch.store.embedded.store import EmbeddedStore
from graphwatch.store.erasing import Erasure

_ENTRIES = 12


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
    write(store, batch(_ENTRIES, size))
    store.catch_up()


def becoming_one(store: EmbeddedStore) -> None:
    with locked(store.folder, exclusive=True):
        store._upkeep.tidy(4)


def erasing(store: EmbeddedStore) -> None:
    store.erase(Erasure(0, nodes={"Account": frozenset({"x:7"})}))


# What is killed, and of how many kills in forty that is.
_WORKS: dict[str, tuple[Callable[[EmbeddedStore], object], int]] = {
    "load of 50": (partial(loading, size=50), 6),
    "load of 2,000": (partial(loading, size=2_000), 6),
    "load of 20,000": (partial(loading, size=20_000), 4),
    "load of 60,000": (partial(loading, size=60_000), 2),
    "load of 300,000": (partial(loading, size=300_000), 1),
    "catch-up": (EmbeddedStore.catch_up, 6),
    "entries become one": (becoming_one, 6),
    "erasure": (erasing, 6),
    "rebuild": (EmbeddedStore.rebuild, 3),
}


@dataclass(frozen=True)
class Case:
    """What is killed, the store that it begins with, what that says before and after, and changes of files between."""

    begun: Path
    work: Callable[[EmbeddedStore], object]
    before: dict[str, str]
    after: dict[str, str]
    events: int

    def ended(self, folder: Path, nth: int, later_s: float) -> str:
        """How it ended that was killed so long after that change of a file: what was found, or what was lost."""
        if not killed(copied(self.begun, folder).folder, None, nth=nth, doing=self.work, later_s=later_s):
            return "was done before"
        store = EmbeddedStore(folder)
        found = digests(store)
        if found not in (self.before, self.after):
            return "LOST: half of it is there"
        self.work(store)
        if digests(store) != self.after or store.verify():
            return "LOST when done again"
        return "there as a whole" if found == self.after else "not there"


def digests(store: EmbeddedStore) -> dict[str, str]:
    return {name: table_digest(table) for name, table in store.dump()}


def copied(begun: Path, folder: Path) -> EmbeddedStore:
    shutil.rmtree(folder, ignore_errors=True)
    return EmbeddedStore(Path(shutil.copytree(begun, folder)))


def cases(scratch: Path) -> Iterator[tuple[str, Case]]:
    begun = EmbeddedStore(scratch / "begun.gw", create=True)
    for number in range(_ENTRIES):
        write(begun, batch(number, 50))
        if number == _ENTRIES // 2:
            begun.catch_up()
    before = digests(copied(begun.folder, scratch / "s.gw"))
    for name, (work, _) in _WORKS.items():
        store, seen = copied(begun.folder, scratch / "s.gw"), list[str]()
        killed(store.folder, None, nth=sys.maxsize, doing=work, seen=seen.append)
        yield name, Case(begun.folder, work, before, digests(store), len(seen))


def main() -> int:
    """Kill; 1 where anything was lost."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("count", type=int, nargs="?", default=200, help="how many kills")
    words.add_argument("--seed", type=int, default=0, help="other moments")
    asked = words.parse_args()
    lot = random.Random(asked.seed)
    seen: Counter[str] = Counter()
    of_each: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        made = dict(cases(Path(folder)))
        while of_each.total() < asked.count:
            [name] = lot.choices(list(_WORKS), [share for _, share in _WORKS.values()])
            nth, later_s = lot.randint(1, made[name].events), lot.choice((0, lot.random() / 20))
            how = made[name].ended(Path(folder) / "s.gw", nth, later_s)
            if how == "was done before":
                continue
            seen[how] += 1
            of_each[name] += 1
            if how.startswith("LOST"):
                print(f"{name}, event {nth} and {later_s:.3f} s: {how}", flush=True)
            if of_each.total() % 20 == 0:
                print(f"{of_each.total()} kills: {dict(seen)}", flush=True)
    lost = sum(n for how, n in seen.items() if how.startswith("LOST"))
    print(f"{seen.total():,} kills, {lost} lost: {dict(seen)}; {dict(of_each)}")
    keep("kills", {"there as a whole": seen["there as a whole"], "not there": seen["not there"], "lost": lost})
    return int(lost > 0)


if __name__ == "__main__":
    sys.exit(main())
