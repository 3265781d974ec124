"""Getting acts in, beside what the parts alone take: a file, the first detection, the graph, then a hundred rows more.

The floor is DuckDB reading the same file into Parquet, and one COPY of bare relations (id, time, number of the source
and of the row) into the graph engine. With `columns` it says what each column of an act costs the engine. With `small`
and a number it makes so many loads of 50 rows instead, beside one load of all of them. With `acts`, a number and GB of
memory, so many acts in Parquet files are detected among in that memory, beside one external sort of their columns by
DuckDB; peak of what was not mapped from files, and what was spilled. Times by the clock come with
those of the processor, which say more where the machine does other things besides.
"""

import multiprocessing as mp
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import ladybug
import made
import pyarrow.parquet as pq

import graphwatch
from graphwatch.common.large_arrays import within
from graphwatch.detection.counting.act_files import read_acts
from graphwatch.detection.parameters import Parameters, identify
from graphwatch.detection.run import detect
from graphwatch.model import node, relation
from graphwatch.store.embedded import slim
from graphwatch.store.embedded.graph import create_table

HUNDRED = 100
FEW = 50


class Clock:
    """How long a block took, by the clock and of the processor."""

    seconds: float = 0.0
    processor: float = 0.0

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s ({self.processor:.2f} s of processor)"


@contextmanager
def timed() -> Iterator[Clock]:
    clock, begin, worked = Clock(), time.perf_counter(), time.process_time()
    yield clock
    clock.seconds, clock.processor = time.perf_counter() - begin, time.process_time() - worked


def load(file: Path, store: Path) -> Clock:
    with timed() as clock, graphwatch.open(store, create=True) as project:
        project.load(file, constants={"platform": "x"})
    return clock


def caught_up(store: Path) -> Clock:
    """How long the graph takes to hold what was loaded."""
    with timed() as clock, graphwatch.open(store) as project:
        project.store.catch_up()
    return clock


def likes(file: Path, rows: int) -> None:
    """Write so many likes into a file."""
    made.write_csv(file, made.columns(rows))


def detected(store: Path) -> Clock:
    """How long the first detection after a load takes, its kernels being compiled."""
    with timed() as clock, graphwatch.open(store) as project:
        project.detect()
    return clock


def peak() -> float:
    """The most memory that this process has had, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def _with_peak(said: Any, work: Callable[..., Any], *given: Any) -> None:
    said.put((work(*given), peak()))


def apart(work: Callable[..., Any], *given: Any) -> tuple[Any, float]:
    """What work gives, and the most memory that it took, in a process of its own."""
    spawn = mp.get_context("spawn")
    said = spawn.Queue()
    worker = spawn.Process(target=_with_peak, args=(said, work, *given))
    worker.start()
    found: tuple[Any, float] = said.get()
    worker.join()
    return found


def hundred_more(folder: Path, store: Path) -> tuple[Clock, Clock]:
    """How long a load of a hundred acts of new accounts takes, and the first query after it."""
    file = folder / "few.csv"
    acts = (f"new{i},newpost{i % 5},LIKED,2024-11-01T10:00:{i % 60:02}Z" for i in range(HUNDRED))
    file.write_text("\n".join(["account,object,kind,at", *acts]) + "\n")
    few = load(file, store)
    with timed() as query, graphwatch.open(store) as project:
        project.query("MATCH (a:Account {id: 'x:new7'})-[r:LIKED]->(p:Post) RETURN p.id AS post")
    return few, query


def small_loads(folder: Path, count: int) -> None:
    """Many small loads, the first hundred of them beside the last, and the folder beside that of one load of all."""
    lines = ["account,object,kind,at"]
    clocks = []
    for n in range(count):
        acts = [f"account{(n * FEW + i) % 997},post{i},LIKED,2024-11-01T{n % 24:02}:10:{i:02}Z" for i in range(FEW)]
        acts = [act.replace(",post", f",post{n}-") for act in acts]
        lines += acts
        (folder / "few.csv").write_text("\n".join([lines[0], *acts]) + "\n")
        clocks.append(load(folder / "few.csv", folder / "many.gw"))
    (folder / "all.csv").write_text("\n".join(lines) + "\n")
    load(folder / "all.csv", folder / "one.gw")
    graphs = [caught_up(folder / name) for name in ("many.gw", "one.gw")]
    many, one = (
        sum(file.stat().st_size for file in (folder / name).rglob("*") if file.is_file())
        for name in ("many.gw", "one.gw")
    )
    first, last = (sum(clock.processor for clock in part) / len(part) for part in (clocks[:100], clocks[-100:]))
    print(
        f"{count:,} loads of {FEW} rows: {first:.3f} s of processor each of the first hundred, {last:.3f} s of the "
        f"last; the graph then in {graphs[0]}, of one load of all in {graphs[1]}; folder {many / 1e6:.1f} MB, of one "
        f"load of all {one / 1e6:.1f} MB"
    )


def floor(file: Path, folder: Path) -> tuple[float, float]:
    """Seconds of the file into Parquet, and of the engine's COPY of bare relations."""
    parquet = folder / "floor.parquet"
    with timed() as reading, duckdb.connect() as con:
        con.execute("SET threads = 2")
        con.execute(f"COPY (SELECT * FROM read_csv('{file}')) TO '{parquet}' (COMPRESSION zstd)")
    with duckdb.connect() as con:
        con.execute(
            f"COPY (SELECT DISTINCT account AS id FROM '{parquet}') TO '{folder}/a.parquet';"
            f"COPY (SELECT DISTINCT object AS id FROM '{parquet}') TO '{folder}/p.parquet';"
            f'COPY (SELECT account AS "from", object AS "to", row_number() OVER () AS id, row_number() OVER () AS '
            f"at_ms, 1 AS source, row_number() OVER () AS row FROM '{parquet}') TO '{folder}/r.parquet'"
        )
    with ladybug.Database(folder / "floor.lbug") as database, ladybug.Connection(database) as graph:
        graph.execute("CREATE NODE TABLE A(id STRING PRIMARY KEY)")
        graph.execute("CREATE NODE TABLE P(id STRING PRIMARY KEY)")
        graph.execute("CREATE REL TABLE R(FROM A TO P, id INT64, at_ms INT64, source INT64, row INT64)")
        with timed() as copying:
            for table, name in (("A", "a"), ("P", "p"), ("R", "r")):
                graph.execute(f"COPY {table} FROM '{folder}/{name}.parquet'")
    return reading.seconds, copying.seconds


def columns(journal: Path, folder: Path) -> None:
    """What each column of the likes costs the engine, beside their ends alone, in seconds of processor.

    Of the texts that the graph keeps as numbers it says both.
    """
    [likes] = sorted(journal.glob("000001-*/*-LIKED-*-insert.parquet"))
    rows = pq.read_table(likes)
    for name, numbers in zip(slim.COLUMNS, slim.rows(relation("LIKED"), rows).select([*slim.COLUMNS]), strict=True):
        rows = rows.append_column(name, numbers)

    def seconds(names: Sequence[str]) -> float:
        database_file = folder / f"{'-'.join(names)}.lbug"
        bare = relation("LIKED")
        wanted = [p for p in bare.properties if p.name in names]
        declared = type(bare)(bare.type, bare.ends, bare.meaning, tuple(wanted))
        with ladybug.Database(database_file) as database, ladybug.Connection(database) as graph:
            for label in ("Account", "Post"):
                graph.execute(create_table(node(label)))
                [file] = sorted(journal.glob(f"000001-*/[0-9][0-9]-{label}-insert.parquet"))
                graph.execute(f"COPY {label}(id) FROM $t", {"t": pq.read_table(file, columns=["id"])})
            graph.execute(create_table(declared))
            begin = time.process_time()
            graph.execute(f"COPY LIKED({', '.join(names)}) FROM $t", {"t": rows.select(["from", "to", *names])})
            graph.execute("CHECKPOINT")
            taken = time.process_time() - begin
        database_file.unlink()
        return taken

    bare = seconds(["precision_ms"])
    print(f"  ends, with nulls: {bare:.1f} s of processor")
    for name in rows.column_names[2:]:
        print(f"  {name}: {seconds([name]) - bare:+.1f} s")


@contextmanager
def own_memory() -> Iterator[list[int]]:
    """The most bytes that were not mapped from files, looked at twenty times a second."""
    peak, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            [line] = [r for r in Path("/proc/self/status").read_text().splitlines() if r.startswith("RssAnon")]
            peak[0] = max(peak[0], 1024 * int(line.split()[1]))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def in_files(folder: Path, rows: int, memory: float) -> None:
    """Read, sort, count and test acts that lie in Parquet files, in so many GB."""
    asked, files = Parameters(60_000, 3, fdr=0.05), str(folder / "acts-*.parquet")
    bytes = round(memory * 1e9)
    made.write_acts(folder, rows)
    with timed() as sorting, duckdb.connect() as con:
        con.execute(f"SET memory_limit = '{max(bytes >> 21, 256)}MiB'; SET temp_directory = '{folder}/sort'")
        con.execute(
            f"COPY (SELECT account, object, at_ms FROM read_parquet('{files}') ORDER BY object, at_ms) "
            f"TO '{folder}/sorted.parquet'"
        )
    (folder / "sorted.parquet").unlink()
    with own_memory() as peak, within(bytes, folder) as budget:
        with timed() as reading:
            columns = read_acts(files, asked.scope, bytes, folder)
        with timed() as detecting:
            run, data = identify(columns, asked, "")
            found = detect(columns, asked, run=run, data=data, version="")
    assert found.null_test is not None
    ratio = (reading.processor + detecting.processor) / sorting.processor
    coordinated = int(found.null_test.coordinated.sum())
    print(
        f"{rows:,} acts in {memory:g} GB: reading and sorting {reading}, detecting {detecting}; external sort "
        f"{sorting}; of processor time {ratio:.1f} times the sort\n"
        f"    most not mapped from files {peak[0] / 1e9:.2f} GB, {budget.spilled / 1e9 if budget else 0:.1f} GB of "
        f"arrays in files in all; {found.pairs.visited:,} pairs of acts within the window, {len(found.pairs):,} pairs, "
        f"{coordinated:,} coordinated, {len(found.clusters):,} clusters"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        if "acts" in sys.argv:
            in_files(folder, int(sys.argv[2]), float(sys.argv[3]))
            return
        if "small" in sys.argv:
            small_loads(folder, int(sys.argv[2]))
            return
        rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
        apart(likes, folder / "likes.csv", rows)
        ours, memory = load(folder / "likes.csv", folder / "s.gw"), peak()
        first, of_first = apart(detected, folder / "s.gw")
        graph, of_graph = apart(caught_up, folder / "s.gw")
        both = ours.seconds + graph.seconds
        few, query = hundred_more(folder, folder / "s.gw")
        reading, copying = floor(folder / "likes.csv", folder)
        print(
            f"{rows:,} interactions: load {ours}, graph {graph}; floor {reading + copying:.1f} s (Parquet "
            f"{reading:.1f}, COPY {copying:.1f}), ratio {both / (reading + copying):.1f}; first detection {first}\n"
            f"peak of the load {memory:.2f} GB, of the detection {of_first:.2f} GB, of the graph {of_graph:.2f} GB, "
            "each in a process of its own\n"
            f"{HUNDRED} rows more {few}, the first query after it {query}"
        )
        if "columns" in sys.argv:
            columns(folder / "s.gw" / "journal", folder)


if __name__ == "__main__":
    main()
