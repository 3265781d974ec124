"""Tracing two accounts in a store of a million interactions, beside the engine's own shortest-path query.

Run: python benchmarks/trace.py [ROWS]
"""

import sys
import time
from collections.abc import Callable
from functools import partial

import made

KIND = "LIKED"
ENGINE = f"MATCH q = (a:Account)-[:{KIND}* ALL SHORTEST 1..6]-(b:Account) WHERE a.id = $a AND b.id = $b"
PAIRS, PATHS = 12, 20
WORDS = {
    "lengths": "the engine's own shortest paths, their lengths only",
    "nodes": "the engine's own shortest paths, their nodes",
    "same": "the same paths, with times, files and rows of every hop",
    "usual": "not through posts of more than 10,000 ties, as by default: other, often longer paths",
    "all": "the same along every kind of relation",
}


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with made.loaded(rows) as project:
        pairs = [(f"x:account-{17 + i}", f"x:account-{4_000 + 31 * i}") for i in range(PAIRS)]
        taken: dict[str, list[float]] = {name: [] for name in ("lengths", "nodes", "same", "usual", "all")}
        with project.store.session():
            for a, b in pairs:
                ends = {"a": a, "b": b}
                asked: dict[str, Callable[[], object]] = {
                    "lengths": partial(project.store.read, f"{ENGINE} RETURN length(q) AS n LIMIT {PATHS}", ends),
                    "nodes": partial(project.store.read, f"{ENGINE} RETURN nodes(q) AS n LIMIT {PATHS}", ends),
                    "same": partial(project.trace, a, b, kinds=[KIND], limit=PATHS, max_degree=0),
                    "usual": partial(project.trace, a, b, kinds=[KIND], limit=PATHS),
                    "all": partial(project.trace, a, b, limit=PATHS),
                }
                for name, work in asked.items():
                    taken[name].append(seconds(work))
    middle = {name: sorted(times)[PAIRS // 2] * 1000 for name, times in taken.items()}
    slowest = {name: max(times) * 1000 for name, times in taken.items()}
    print(f"{rows:,} interactions, {PAIRS} pairs, median (slowest), at most {PATHS} paths of each:")
    for name, words in WORDS.items():
        ratio = f"{middle[name] / middle['lengths']:.2f} ({slowest[name] / slowest['lengths']:.2f})"
        print(f"  {middle[name]:4.0f} ms ({slowest[name]:.0f}), ratio {ratio}: {words}")


if __name__ == "__main__":
    main()
