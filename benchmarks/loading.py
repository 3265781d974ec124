"""Load a million interactions from CSV end to end, beside a bare COPY of the same tables."""

import resource
import sys
import tempfile
import time
from pathlib import Path

import ladybug
import made
import pyarrow.parquet as pq

import graphwatch
from graphwatch.model import elements
from graphwatch.model.declaring import Relation
from graphwatch.store.embedded.graph import copy_rows, create_table


def load(file: Path, store: Path) -> float:
    begin = time.perf_counter()
    with graphwatch.open(store, create=True) as project:
        project.load(file, constants={"platform": "x"})
    return time.perf_counter() - begin


def bare_copy(journal: Path, database: Path) -> float:
    """The floor: the same rows, in the same order, from memory, with nothing checked and nothing kept."""
    tables = []
    for file in sorted(journal.glob("*/*-insert.parquet")):
        _, name, *ends, _ = file.stem.split("-")
        tables.append((name, ends, pq.read_table(file)))
    with ladybug.Database(database) as opened, ladybug.Connection(opened) as connection:
        for element in elements():
            connection.execute(create_table(element))
        begin = time.perf_counter()
        for element in elements():
            for name, ends, rows in tables:
                if name == element.name:
                    start, end = ends if isinstance(element, Relation) else (None, None)
                    connection.execute(copy_rows(element, start, end), {"t": rows})
        return time.perf_counter() - begin


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        made.write_csv(folder / "likes.csv", made.columns(rows))
        ours = load(folder / "likes.csv", folder / "s.gw")
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        floor = bare_copy(folder / "s.gw" / "journal", folder / "bare.lbug")
    print(
        f"{rows:,} interactions: load {ours:.1f} s, bare COPY {floor:.1f} s, ratio {ours / floor:.2f}; "
        f"peak {memory:.2f} GB"
    )


if __name__ == "__main__":
    main()
