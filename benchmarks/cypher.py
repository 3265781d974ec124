"""Analysts' questions on 300,000 interactions, as they are read and planned, beside the same texts as written.

Run: python benchmarks/cypher.py [ROWS]
"""

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

import made

from graphwatch.queries import parse
from graphwatch.queries.naming import check_names, warnings
from graphwatch.store.embedded.asking.planning import plan

REPEATS = 5
# Each is answered alike by the engine's own reading, so that only the way there differs.
QUESTIONS = (
    "MATCH (a:Account) RETURN count(a) AS n",
    "MATCH (a:Account {id: 'x:account-17'})-[r:LIKED]->(p:Post) RETURN p.id AS post, r.at_ms AS at ORDER BY at, post",
    "MATCH (a:Account)-[r:LIKED]->(p:Post) RETURN p.id AS post, count(r) AS likes ORDER BY likes DESC, post LIMIT 20",
    "MATCH (a:Account)-[r:LIKED]->(p:Post) WHERE r.at_ms > 1728000000000 RETURN count(DISTINCT a.id) AS n",
    "MATCH (a:Account)-[:LIKED]->(p:Post)<-[:LIKED]-(b:Account) WHERE p.id = 'x:post-900' AND a.id < b.id "
    "RETURN a.id AS one, b.id AS other ORDER BY one, other LIMIT 100",
    "MATCH (p:Post) WHERE p.id STARTS WITH 'x:post-10' RETURN p.id AS post ORDER BY post",
    "MATCH (a:Account)-[r:LIKED]->(p:Post) WITH a, count(r) AS n WHERE n > 40 "
    "RETURN a.id AS account, n ORDER BY n DESC, account LIMIT 50",
)


def median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS + 1):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times[1:]) * 1000


def read_and_planned(text: str) -> None:
    checked = parse(text)
    check_names(checked)
    warnings(checked)
    plan(checked, {})


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    with made.loaded(rows) as project:
        print(f"{rows:,} interactions, median of {REPEATS}: ours, as written, ratio; reading and planning")
        ratios, before = [], []
        for text in QUESTIONS:
            before.append(median(partial(read_and_planned, text)))
            ours = median(partial(project.query, text))
            theirs = median(partial(project.query, text, as_written=True))
            ratios.append(ours / theirs)
            print(f"  {ours:5.0f} ms {theirs:5.0f} ms  {ratios[-1]:.2f}; {before[-1]:.2f} ms  {text[:70]}")
        print(f"ratio {statistics.median(ratios):.2f} at the median, {max(ratios):.2f} at most;")
        print(f"read, checked and planned in {statistics.median(before):.2f} ms at the median")


if __name__ == "__main__":
    main()
