"""Getting acts in, beside what the parts alone take: a file, then a hundred rows more, then the first query.

The floor is DuckDB reading the same file into Parquet, and one COPY of bare relations (id, time, number of the source
and of the row) into the graph engine. With `columns` it says what each column of an act costs the engine.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import ladybug
import made
import pyarrow.parquet as pq

import graphwatch
from graphwatch.model import node, relation
from graphwatch.store.embedded.graph import create_table

HUNDRED = 100


class Clock:
    """How long a block took."""

    seconds: float = 0.0


@contextmanager
def timed() -> Iterator[Clock]:
    clock, begin = Clock(), time.perf_counter()
    yield clock
    clock.seconds = time.perf_counter() - begin


def load(file: Path, store: Path) -> float:
    with timed() as clock, graphwatch.open(store, create=True) as project:
        project.load(file, constants={"platform": "x"})
    return clock.seconds


def hundred_more(folder: Path, store: Path) -> tuple[float, float]:
    """Seconds of a load of a hundred acts of new accounts, and of the first query after it."""
    file = folder / "few.csv"
    acts = (f"new{i},newpost{i % 5},LIKED,2024-11-01T10:00:{i % 60:02}Z" for i in range(HUNDRED))
    file.write_text("\n".join(["account,object,kind,at", *acts]) + "\n")
    few = load(file, store)
    with timed() as query, graphwatch.open(store) as project:
        project.query("MATCH (a:Account {id: 'x:new7'})-[r:LIKED]->(p:Post) RETURN p.id AS post")
    return few, query.seconds


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
    """What each column of the likes costs the engine, beside their ends and ids alone, in seconds of processor."""
    [likes] = sorted(journal.glob("000001-*/*-LIKED-*-insert.parquet"))
    rows = pq.read_table(likes)

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
            graph.execute("COPY LIKED FROM $t", {"t": rows.select(["from", "to", *names])})
            taken = time.process_time() - begin
        database_file.unlink()
        return taken

    bare = seconds(["id"])
    print(f"  ends and id: {bare:.1f} s of processor")
    for name in rows.column_names[3:]:
        print(f"  {name}: {seconds(['id', name]) - bare:+.1f} s")


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        made.write_csv(folder / "likes.csv", made.columns(rows))
        ours = load(folder / "likes.csv", folder / "s.gw")
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        few, query = hundred_more(folder, folder / "s.gw")
        reading, copying = floor(folder / "likes.csv", folder)
        print(
            f"{rows:,} interactions: load {ours:.1f} s; floor {reading + copying:.1f} s (Parquet {reading:.1f}, COPY "
            f"{copying:.1f}), ratio {ours / (reading + copying):.1f}; peak {memory:.2f} GB\n"
            f"{HUNDRED} rows more {few:.2f} s, the first query after it {query:.2f} s"
        )
        if "columns" in sys.argv:
            columns(folder / "s.gw" / "journal", folder)


if __name__ == "__main__":
    main()
