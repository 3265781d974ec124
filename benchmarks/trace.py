"""Tracing two accounts in a store of a million interactions, beside the engine's own shortest-path query.

Run: python benchmarks/trace.py [ROWS]
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import made

import graphwatch

KIND = "LIKED"
ENGINE = (
    f"MATCH q = (a:Account)-[:{KIND}* ALL SHORTEST 1..6]-(b:Account) WHERE a.id = $a AND b.id = $b "
    "RETURN length(q) AS n LIMIT 20"
)
PAIRS = 12


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        made.write_csv(folder / "likes.csv", rows)
        with graphwatch.open(folder / "s.gw", create=True) as desk:
            desk.load(folder / "likes.csv", constants={"platform": "x"})
            pairs = [(f"x:account-{17 + i}", f"x:account-{4_000 + 31 * i}") for i in range(PAIRS)]
            ours, engine, search = [], [], []
            with desk.store.session():
                for a, b in pairs:
                    engine.append(seconds(lambda: desk.store.read(ENGINE, {"a": a, "b": b})))  # noqa: B023
                    ours.append(seconds(lambda: desk.trace(a, b, kinds=[KIND], limit=20)))  # noqa: B023
                    search.append(seconds(lambda: desk.trace(a, b, limit=20)))  # noqa: B023
    likes, paths, all_kinds = (sorted(taken)[PAIRS // 2] * 1000 for taken in (ours, engine, search))
    print(f"{rows:,} interactions, {PAIRS} pairs, median of each:")
    print(f"  along likes, with times, files and rows of every hop: {likes:.0f} ms")
    print(f"  the engine's own paths along likes, nothing else: {paths:.0f} ms, ratio {likes / paths:.2f}")
    print(f"  along every kind of relation: {all_kinds:.0f} ms")


if __name__ == "__main__":
    main()
