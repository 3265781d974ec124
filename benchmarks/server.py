"""Neo4j at size: acts into files for neo4j-admin, a server from them, its store opened, asked, searched, added to.

    python benchmarks/server.py 10000000 [FOLDER [HEAP CACHE]]

Each part is told with its seconds by the clock, of this process and of the server's, and with the most memory that the
server has had. The acts are read for a detection by one, two and four sessions; the floor beside them is the server
counting the same acts, none of which it sends. In a FOLDER that is named the store and the server's files stay, and are
there the next time.
"""

import os
import resource
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from unittest.mock import patch

import made
from scale import apart, hundred_more

import graphwatch
from graphwatch.model.scope import Scope
from graphwatch.project import Project

sys.path.append(str(Path(__file__).parents[1] / "tests" / "neo4j"))
import neo4j_server as server

QUERIES = ("clusters", "co-interactions", "busiest-posts", "interactions-by-day")
WINDOW_MS = 60_000


class Java:
    """The process of a server whose data are in a folder."""

    def __init__(self, folder: Path) -> None:
        said = subprocess.run(["pgrep", "-f", f"home-dir={folder}"], capture_output=True, text=True, check=True)
        self._process = Path("/proc") / said.stdout.split()[0]

    @property
    def processor(self) -> float:
        """Seconds of processor since it was started."""
        ticks = (self._process / "stat").read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")

    @property
    def peak(self) -> float:
        """The most memory that it has had, in GB."""
        [line] = [r for r in (self._process / "status").read_text().splitlines() if r.startswith("VmHWM")]
        return int(line.split()[1]) / 1e6


@contextmanager
def told(what: str, java: Java | None = None) -> Iterator[None]:
    """Say how long a block took."""
    begin, own, theirs = time.perf_counter(), used(), java.processor if java else 0.0
    yield
    line = f"{what}: {time.perf_counter() - begin:.1f} s, of processor {used() - own:.1f} here"
    print(
        f"{line}, {java.processor - theirs:.1f} the server; its peak {java.peak:.2f} GB" if java else line, flush=True
    )


def used() -> float:
    """Seconds of processor of this process and of those that it waited for."""
    each = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in each)


def size(folder: Path) -> str:
    return f"{sum(file.stat().st_size for file in folder.rglob('*') if file.is_file()) / 1e9:.2f} GB"


def write_csv(file: Path, rows: int) -> None:
    made.write_csv(file, made.viral(rows))


def load(file: Path, store: Path) -> None:
    with graphwatch.open(store, create=True) as project:
        project.load(file, constants={"platform": "x"})
        project.store.catch_up()


def write_files(store: Path, folder: Path) -> str:
    with graphwatch.open(store) as project:
        return project.write_import_files(folder)


def imported(folder: Path, rows: int) -> None:
    """A server's files with so many acts in them, by graphwatch's files and Neo4j's own tool."""
    if (folder / "server" / "data").exists():
        return
    with told("the acts as a file"):
        apart(write_csv, folder / "likes.csv", rows)
    with told("loaded into an embedded store, its graph made"):
        _, peak = apart(load, folder / "likes.csv", folder / "s.gw")
    print(f"    peak {peak:.2f} GB, on disk {size(folder / 's.gw')}")
    with told("store import-files"):
        command, peak = apart(write_files, folder / "s.gw", folder / "files")
    print(f"    peak {peak:.2f} GB, files {size(folder / 'files')}")
    (folder / "server").mkdir()
    with told("neo4j-admin database import"):
        server.admin(folder / "server", *shlex.split(command)[1:])
    print(f"    on disk {size(folder / 'server' / 'data')}")


def read(project: Project, java: Java) -> None:
    """The acts for a detection, by so many sessions, beside their number alone."""
    with told("floor: the server counts acts with a time", java):
        project.store.read("MATCH (:Account)-[r:LIKED]->(:Post) WHERE r.at_ms IS NOT NULL RETURN count(r) AS n")
    for sessions in (1, 2, 4):
        with patch("graphwatch.store.server.ranges._SESSIONS", sessions), told(f"read by {sessions}", java):
            columns = project.store.interactions(Scope(), WINDOW_MS)
    print(f"    {len(columns.account):,} acts")


def ask(project: Project, java: Java) -> None:
    for name in QUERIES:
        for time_ in ("first", "second"):
            with told(f"query {name}, the {time_} time", java):
                project.query(name)


def on_a_server(folder: Path, rows: int, memory: server.Size) -> None:
    imported(folder, rows)
    os.environ |= {"NEO4J_USERNAME": "neo4j", "NEO4J_PASSWORD": server.PASSWORD}
    # The folder of the project beside a server is in the current one.
    with chdir(folder), server.running(folder / "server", memory) as uri:
        java = Java(folder / "server")
        with graphwatch.open(uri) as project:
            with told("constraints made by the first writer", java), project._writable.store.write("load"):
                pass
            read(project, java)
            for time_ in ("first", "second"):
                with told(f"detected, the {time_} time", java):
                    found = project.detect()
            print(f"    {found.denominators['clusters']:,} clusters, {found.coordinated:,} pairs coordinated")
            ask(project, java)
        few, query = hundred_more(folder, uri)
        print(f"a hundred rows more {few}, the first query after it {query}; the server's peak {java.peak:.2f} GB")
        print(f"the server's data {size(folder / 'server' / 'data')}")


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    heap, cache = sys.argv[3:5] if len(sys.argv) > 4 else ("2g", "2g")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[2] if len(sys.argv) > 2 else scratch).absolute()
        folder.mkdir(exist_ok=True)
        print(f"{rows:,} acts; the server has a heap of {heap} and a page cache of {cache}")
        on_a_server(folder, rows, server.Size(heap, cache, lasts=True))


if __name__ == "__main__":
    main()
