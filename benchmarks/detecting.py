"""Detection counted and tested, beside one lexsort of the same rows and the Coordination Network Toolkit.

python benchmarks/detecting.py [ROWS…] [--no-peer] [--no-store] [--heavy]

Each size runs in a process of its own, so that its peak memory is its own. What is timed is the function
`graphwatch.detection.run.detect`
at a false discovery rate of 5 %, columns in, pairs, tests and clusters out; kernels are compiled before. Other work on
the machine slows either side alone, so the least of several runs of each counts.
"""

import argparse
import contextlib
import importlib.util
import io
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import made
import numpy as np
import pyarrow as pa

import graphwatch
from graphwatch.detection.parameters import Parameters, identify
from graphwatch.detection.run import Found, detect
from graphwatch.model.scope import Scope
from graphwatch.model.tables import InteractionColumns, LeftOut

SIZES: Final = (100_000, 1_000_000, 3_000_000, 10_000_000)
HEAVY: Final = (200_000, 1_000_000)
# Times the sort, and gigabytes; and times the sort where a few accounts and posts have most of the rows.
GOALS: Final = {1_000_000: (5, 1.5), 10_000_000: (4, 4)}
GOAL_OF_HEAVY: Final = {1_000_000: (10, 1.5)}
Acts = Callable[[int], tuple[np.ndarray, np.ndarray, np.ndarray]]
ASKED: Final = Parameters(60_000, 3, fdr=0.05)
PEER_SECONDS: Final = 150
PEER_SIZES: Final = (1_000_000, 100_000)
RECORDED: Final = (
    "recorded earlier on two cores, not measured now: CooRTweet 2.1.3 on 0.1 million rows of this kind 38 s, 3.1 GB; "
    "on a million it cannot (an object with 65,537 rows is past its limit)"
)


def columns_of(rows: int, of: Acts = made.viral) -> InteractionColumns:
    account, object, at_ms = of(rows)
    ids = [
        pa.array([f"x:{name}-{i:08}" for i in range(n)]) for name, n in (("account", rows // 20), ("post", rows // 50))
    ]
    return InteractionColumns(
        account=account,
        object=object,
        kind=np.zeros(rows, np.int8),
        at_ms=at_ms,
        accounts=ids[0],
        objects=ids[1],
        kinds=("LIKED",),
        published_ms=np.full(rows // 50, -1),
        left_out_of=(LeftOut(),),
    )


def asked_of(columns: InteractionColumns, threads: int | None = None) -> Found:
    return detect(columns, ASKED, run="R", data="", version="", threads=threads)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of the processor on all threads."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processor


def least(work: Callable[[], object], times: int) -> tuple[float, float]:
    return tuple(min(column) for column in zip(*(timed(work) for _ in range(times)), strict=True))


def measured(rows: int, heavy: bool) -> dict[str, Any]:
    """One size, in this process; `heavy` where a few accounts and posts have most of the rows."""
    of = made.heavy_tailed if heavy else made.viral
    asked_of(columns_of(2_000, of))
    columns = columns_of(rows, of)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    times = 7 if rows <= 1_000_000 else 3
    sorting = least(lambda: np.lexsort((columns.at_ms, columns.object)), times)
    found = asked_of(columns)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    assert found.null_test is not None
    return {
        "rows": rows,
        "heavy": heavy,
        "sort": sorting,
        "detect": least(lambda: asked_of(columns), times),
        "one_thread": timed(lambda: asked_of(columns, threads=1)),
        "identify": least(lambda: identify(columns, ASKED, ""), 2),
        "before": before,
        "peak": peak,
        "within": found.pairs.visited,
        "pairs": len(found.pairs),
        "coordinated": int(found.null_test.coordinated.sum()),
        "tests": found.null_test.tests.number,
        "error": found.null_test.tests.relative_error,
        "clusters": len(found.clusters),
        "members": len(found.clusters.member),
    }


def in_a_process(rows: int, heavy: bool = False) -> dict[str, Any]:
    command = [sys.executable, __file__, "--one", str(rows), *(["--heavy"] if heavy else [])]
    answer: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return answer


def report(size: dict[str, Any]) -> None:
    (clock, processor), (sort, sort_processor) = size["detect"], size["sort"]
    kind, goals = ("heavy-tailed ", GOAL_OF_HEAVY) if size["heavy"] else ("", GOALS)
    goal = "".join(f"; goal {g[0]} times, {g[1]} GB" for g in [goals.get(size["rows"])] if g)
    print(
        f"{size['rows']:,} {kind}interactions: detect {clock:.2f} s, lexsort {sort:.2f} s, ratio {clock / sort:.1f}"
        f" (of processor time {processor / sort_processor:.1f}); peak {size['peak']:.2f} GB{goal}\n"
        f"    one thread {size['one_thread'][0]:.2f} s; identify {size['identify'][0]:.2f} s; "
        f"{size['before']:.2f} GB before\n"
        f"    {size['within']:,} pairs of interactions within the window; {size['pairs']:,} pairs, "
        f"{size['coordinated']:,} coordinated of {size['tests']:,} tests (± {size['error']:.1%}); "
        f"{size['clusters']:,} clusters, {size['members']:,} members",
        flush=True,
    )


def messages(rows: int) -> Iterator[tuple[Any, ...]]:
    """The same rows as the toolkit takes them, likes as reposts."""
    account, object, at_ms = made.viral(rows)
    for r, (a, o, t) in enumerate(zip(account.tolist(), object.tolist(), at_ms.tolist(), strict=True)):
        yield f"m{r}", f"a{a}", f"a{a}", f"o{o}", "", "", t / 1000, []


def peer(rows: int, answer: Any) -> None:
    """The toolkit's co-share network within 60 s, at least three times, on both cores."""
    from coordination_network_toolkit.compute_networks import compute_co_retweet_parallel
    from coordination_network_toolkit.preprocess import preprocess_data

    os.setpgrp()
    with tempfile.TemporaryDirectory() as scratch, contextlib.redirect_stdout(io.StringIO()):
        database = str(Path(scratch) / "network.db")
        load, _ = timed(lambda: preprocess_data(database, messages(rows)))
        answer.send(load)
        compute, _ = timed(lambda: compute_co_retweet_parallel(database, 60, n_threads=2, min_edge_weight=3))
        answer.send(compute)


def beside_the_peer(ours: dict[int, float]) -> None:
    for rows in PEER_SIZES:
        here, there = multiprocessing.Pipe()
        process = multiprocessing.Process(target=peer, args=(rows, there))
        process.start()
        load = here.recv() if here.poll(PEER_SECONDS) else None
        if load is not None and here.poll(PEER_SECONDS):
            compute = here.recv()
            process.join()
            print(
                f"Coordination Network Toolkit, {rows:,} interactions: load {load:.1f} s, compute {compute:.1f} s; "
                f"detect {ours[rows]:.2f} s, counted and tested: {compute / ours[rows]:.0f} times as fast (goal 50)"
            )
            break
        assert process.pid is not None, "it was started"
        os.killpg(process.pid, 9)
        process.join()
        loaded = "its start" if load is None else f"loading in {load:.1f} s"
        print(
            f"Coordination Network Toolkit, {rows:,} interactions: stopped {PEER_SECONDS} s after {loaded}; "
            f"detect {ours[rows]:.2f} s, counted and tested: more than {PEER_SECONDS / ours[rows]:.0f} times as fast"
        )
    print(RECORDED)


def reading(rows: int) -> None:
    """What comes before detection: the columns out of the embedded store."""
    with tempfile.TemporaryDirectory() as scratch:
        made.write_csv(Path(scratch) / "likes.csv", made.viral(rows))
        with graphwatch.open(Path(scratch) / "s.gw", create=True) as project:
            project.load(Path(scratch) / "likes.csv", constants={"platform": "x"})
            seconds, _ = least(lambda: project.store.interactions(Scope(), 60_000), 2)
    print(f"{rows:,} interactions read from the embedded store: {seconds:.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", nargs="*", type=int)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--no-store", action="store_true")
    parser.add_argument("--heavy", action="store_true", help="heavy-tailed rows alone, of these sizes")
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measured(asked.one, asked.heavy)))
        return
    for rows in HEAVY if not asked.rows else asked.rows if asked.heavy else ():
        report(in_a_process(rows, heavy=True))
    if asked.heavy:
        return
    sizes = []
    for rows in asked.rows or SIZES:
        sizes.append(in_a_process(rows))
        report(sizes[-1])
    if len(sizes) > 1:
        logs = np.log([[size["rows"], size["detect"][0]] for size in sizes])
        print(f"time grows with rows to the power of {np.polyfit(logs[:, 0], logs[:, 1], 1)[0]:.2f}")
    if asked.no_peer:
        pass
    elif importlib.util.find_spec("coordination_network_toolkit") is None:
        print("the Coordination Network Toolkit is not installed here: pip install coordination-network-toolkit")
    else:
        ours = {size["rows"]: size["detect"][0] for size in sizes}
        beside_the_peer(ours | {rows: in_a_process(rows)["detect"][0] for rows in PEER_SIZES if rows not in ours})
    if not asked.no_store:
        reading(1_000_000)


if __name__ == "__main__":
    main()
