"""The same acts detected among on one machine and on Spark, both in this run: start-up apart, and their ratio.

    python benchmarks/on_spark.py 10000000 'local-cluster[2,1,4096]'

Start-up is Spark's own, then that of its Python and of compiled kernels: few acts are detected among first, here and
there. Seconds of processor are those of all processes. Executors on one machine share its cores, so that by the clock
Spark cannot be quicker there than all its work divided by the cores.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import made

from graphwatch.detection.counting import spark
from graphwatch.detection.counting.act_files import read_acts
from graphwatch.detection.counting.pairs import counting_by
from graphwatch.detection.parameters import Parameters, identify
from graphwatch.detection.run import Found, detect
from graphwatch.model.tables import InteractionColumns

ASKED = Parameters(60_000, 3, fdr=0.05)
FEW = 20_000


def family() -> set[int]:
    """This process and all that it started, and they."""
    parent = {}
    for process in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent[int(process.parent.name)] = int(process.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found, more = set[int](), {os.getpid()}
    while more:
        found |= more
        more = {child for child, of in parent.items() if of in more} - found
    return found


def used() -> float:
    """Seconds of processor of this process and of all that it started, also of those that have ended and were told."""
    ticks = 0
    for process in family():
        try:
            ticks += sum(map(int, Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:15]))
        except OSError:
            continue
    return ticks / os.sysconf("SC_CLK_TCK")


class Clock:
    """Seconds of a block by the clock, and of the processor."""

    seconds = 0.0
    processor = 0.0

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s ({self.processor:.1f} s of processor)"


@contextmanager
def timed() -> Iterator[Clock]:
    clock, begin, worked = Clock(), time.perf_counter(), used()
    yield clock
    clock.seconds, clock.processor = time.perf_counter() - begin, used() - worked


def found(read: Callable[[], InteractionColumns]) -> tuple[Found, Clock, Clock]:
    with timed() as reading:
        columns = read()
    with timed() as detecting:
        run, data = identify(columns, ASKED, "")
        ran = detect(columns, ASKED, run=run, data=data, version="")
    return ran, reading, detecting


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    master = sys.argv[2] if len(sys.argv) > 2 else "local-cluster[2,1,4096]"
    with tempfile.TemporaryDirectory() as scratch:
        folder, few = Path(scratch) / "acts", Path(scratch) / "few"
        for place, number in ((folder, rows), (few, FEW)):
            place.mkdir()
            made.write_acts(place, number)
        asked, first = (str(place / "acts-*.parquet") for place in (folder, few))
        with timed() as start:
            found(lambda: read_acts(first, ASKED.scope, None, folder))
        ours, reading, detecting = found(lambda: read_acts(asked, ASKED.scope, None, folder))
        print(f"{rows:,} acts, one machine: start {start}; reading {reading}, detecting {detecting}", flush=True)
        with timed() as start:
            session = spark.connected(master)
            cluster = session.__enter__()
        try:
            with timed() as warm, counting_by(cluster.count):
                found(lambda: cluster.read(first, ASKED.scope, None, folder))
            with counting_by(cluster.count):
                theirs, read, detected = found(lambda: cluster.read(asked, ASKED.scope, None, folder))
        finally:
            session.__exit__(None, None, None)
    assert len(ours.pairs) == len(theirs.pairs)
    assert ours.run == theirs.run
    print(f"{master}: start {start}, of its Python and kernels {warm}; reading {read}, detecting {detected}")
    for what, of in (("clock", "seconds"), ("processor", "processor")):
        here, there = (sum(getattr(clock, of) for clock in both) for both in ((reading, detecting), (read, detected)))
        print(f"    by the {what} {there / here:.1f} times one machine, start-up apart")


if __name__ == "__main__":
    main()
