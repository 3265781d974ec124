"""Kill a load at so many moments taken at random, and count what is lost: `just kills 200`.

A process writes a batch and has the graph take it in; at one of the changes of files that it makes (the journal's, the
graph's, the engine's own) it is killed. Then the batch is there as a whole or not at all, the store answers, and the
same batch again makes it whole, once. The tests kill at each kind of moment; this kills at any.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

from fuzz import keep

sys.path.insert(0, str(Path(__file__).parents[1]))

from graph_rows import accounts, posts
from killed_writer import batch, killed, write

from graphwatch.store.embedded.store import EmbeddedStore

# Of accounts and likes: what the engine takes in row by row, and what it copies.
_SIZES = (50, 2_000, 60_000)
_MOST_EVENTS = 60


def counts(store: EmbeddedStore) -> tuple[int, int, int]:
    """Accounts, likes, and likes by their ids."""
    nodes = store.read("MATCH (a:Account) RETURN count(*) AS n")["n"][0].as_py()
    likes = store.read("MATCH ()-[r:LIKED]->() RETURN count(*) AS n, count(DISTINCT r.id) AS d").to_pylist()[0]
    return nodes, likes["n"], likes["d"]


def ended(folder: Path, size: int, nth: int) -> str:
    """How a load of so many acts ended that was killed at that change of a file: what was found, or what was lost."""
    store = EmbeddedStore(folder, create=True)
    write(store, [posts("x:p1"), accounts(*({"id": f"x:{i}"} for i in range(50)))])
    store.catch_up()
    before, whole = (50, 0, 0), (max(50, 25 + size), size, size)
    if not killed(folder, size, nth=nth):
        return "was done before"
    store = EmbeddedStore(folder)
    found = counts(store)
    if found not in (before, whole):
        return f"LOST: {found} of {whole}"
    if (write(store, batch(size)) == 0) != (found == whole) or counts(store) != whole or store.verify():
        return f"LOST when loaded again: {counts(store)} of {whole}"
    return "there as a whole" if found == whole else "not there"


def main() -> int:
    """Kill; 1 where anything was lost."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("count", type=int, nargs="?", default=200, help="how many kills")
    words.add_argument("--seed", type=int, default=0, help="other moments")
    asked = words.parse_args()
    random.seed(asked.seed)
    seen: Counter[str] = Counter()
    while seen.total() - seen["was done before"] < asked.count:
        size, nth = random.choice(_SIZES), int(_MOST_EVENTS ** random.random())
        with tempfile.TemporaryDirectory() as folder:
            how = ended(Path(folder) / "s.gw", size, nth)
        seen[how] += 1
        if how.startswith("LOST"):
            print(f"size {size}, event {nth}: {how}", flush=True)
        done = seen.total() - seen["was done before"]
        if done and done % 20 == 0:
            print(f"{done} kills: {dict(seen)}", flush=True)
    lost = sum(n for how, n in seen.items() if how.startswith("LOST"))
    del seen["was done before"]
    print(f"{seen.total():,} kills, {lost} lost: {dict(seen)}")
    keep("kills", {"there as a whole": seen["there as a whole"], "not there": seen["not there"], "lost": lost})
    return int(lost > 0)


if __name__ == "__main__":
    sys.exit(main())
