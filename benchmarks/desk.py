"""The desk on many acts: how long after its start it answers, each screen the first time and again, its memory.

Run: python benchmarks/desk.py [ROWS] [FOLDER]; a folder is kept, and used again by the next run.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import made
import numpy as np
import pyarrow as pa

import graphwatch
from graphwatch.model import key_hash
from graphwatch.model.tables import node_table, relation_table
from graphwatch.project import Project

PAGES, ROSTER, COMPLAINTS, AGAIN = 40, 2_000, 500, 5
SOURCE: Final = "0" * 16
# What each screen is to take, in seconds, on a million acts.
GOALS: Final = {"first page": 0.5, "table": 0.3, "search": 0.3, "lead": 1.0, "hub": 1.0, "start": 2.0}


def fill(project: Project, rows: int) -> str:
    """Acts with planted groups, pages of paslon behind the posts, a roster and complaints; the id of a hub."""
    random = np.random.default_rng(2024)
    account, object, at_ms = made.viral(rows)
    accounts = [f"x:{n}" for n in range(rows // 20)]
    posts, pages = [f"x:p{n}" for n in range(rows // 50)], [f"x:page{n}" for n in range(PAGES)]
    asn, complaints = [f"asn{n}" for n in range(ROSTER)], [f"ADU-{n}" for n in range(COMPLAINTS)]
    supporting, about = pages[: PAGES * 9 // 10], accounts[:COMPLAINTS]

    def nodes(label: str, **columns: Any) -> Any:
        return node_table(label, pa.table(columns).to_batches())

    def ties(type: str, labels: tuple[str, str], start: Any, end: Any, **more: Any) -> Any:
        return relation_table(type, *labels, pa.table({"from": start, "to": end, **more}).to_batches())

    with project.store.write("load") as writing:
        named = {"platform": ["x"] * len(accounts), "handle": [f"h{n}" for n in range(len(accounts))]}
        writing.add(nodes("Account", id=accounts, **named))
        writing.add(nodes("Post", id=posts, url=[f"https://x.com/a/status/{n}" for n in range(len(posts))]))
        writing.add(nodes("Page", id=pages, name=[f"Halaman {n}" for n in range(PAGES)]))
        writing.add(nodes("Paslon", id=["01"]))
        writing.add(nodes("Asn", id=asn))
        writing.add(nodes("Agency", id=["dinas"], name=["Dinas"]))
        writing.add(nodes("Source", id=[SOURCE], loaded_at_ms=[1]))
        about_what = {"account_ref": about, "kind": ["LIKED"] * COMPLAINTS, "platform": ["x"] * COMPLAINTS}
        known = {"status": ["new"] * COMPLAINTS, "at": ["2024-10-01"] * COMPLAINTS}
        writing.add(nodes("Complaint", id=complaints, **known, **about_what))
        publishing = [pages[p] for p in random.integers(0, PAGES, len(posts))]
        writing.add(ties("PUBLISHED", ("Page", "Post"), publishing, posts, id=posts))
        writing.add(ties("SUPPORTS", ("Page", "Paslon"), supporting, ["01"] * len(supporting), id=supporting))
        writing.add(ties("BELONGS_TO", ("Account", "Asn"), accounts[:ROSTER], asn, id=asn))
        writing.add(ties("WORKS_AT", ("Asn", "Agency"), asn, ["dinas"] * ROSTER, id=asn))
        linked = [key_hash(c, a) for c, a in zip(complaints, about, strict=True)]
        writing.add(ties("ABOUT", ("Complaint", "Account"), complaints, about, id=linked))
        start, end = pa.array(accounts).take(pa.array(account)), pa.array(posts).take(pa.array(object))
        ids = pa.array(np.arange(rows)).cast(pa.string())
        acted = {"kind": ["LIKED"] * rows, "at_ms": at_ms, "sources": [[f"{SOURCE}:{n}"] for n in range(rows)]}
        writing.add(ties("LIKED", ("Account", "Post"), start, end, id=ids, **acted))
    project.detect()
    project.store.catch_up()  # as after a load at the desk
    return posts[int(np.argmin(np.abs(np.bincount(object) - 20_000)))]


def made_store(rows: int, folder: Path) -> tuple[Path, str]:
    """A store in that folder, made where it is not there yet, and the id of its hub."""
    store, noted = folder / "s.gw", folder / "hub"
    if not noted.exists():
        with graphwatch.open(store, create=True) as project:
            noted.write_text(fill(project, rows), encoding="utf-8")
    return store, noted.read_text(encoding="utf-8")


@contextmanager
def served(store: Path) -> Iterator[tuple[httpx.Client, int, float]]:
    """A browser at a desk that was just started, its process, and the seconds until it said its address."""
    words = [str(Path(sys.executable).with_name("graphwatch")), "serve", "--store", str(store), "--no-browser"]
    begin = time.perf_counter()
    with subprocess.Popen([*words, "--port", "0"], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as desk:
        try:
            assert desk.stdout is not None
            address = next(found[0] for line in desk.stdout if (found := re.search(r"http://\S+", line)))
            started = time.perf_counter() - begin
            with httpx.Client(base_url=address.partition("/enter")[0], timeout=120) as client:
                client.get(address).raise_for_status()
                yield client, desk.pid, started
        finally:
            desk.terminate()


def worked(process: int) -> float:
    """Seconds of processor that a process took, by itself: others that work on the machine do not count."""
    times = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


def resident(process: int) -> float:
    """Megabytes of a process that are in memory, its own and those of files."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as scratch:
        store, hub = made_store(rows, Path(sys.argv[2]) if len(sys.argv) > 2 else Path(scratch))
        screens = {
            "first page": "/",
            "table, interactions": "/interactions?page=3",
            "table, sorted": "/interactions?sort=-at_ms",
            "table, leads": "/leads",
            "table, complaints": "/complaints",
            "coverage": "/coverage",
            "search in the table": "/interactions?q=h17",
            "search, an account": "/accounts?q=h1234",
            "search, a part": "/accounts?q=h123x",
            "lead": "/leads/1",
            "hub": f"/accounts/Post/{hub}",
            "queries": "/queries",
        }
        first = 0.0
        with served(store) as (desk, process, started):
            print(f"{rows:,} acts; the desk says its address after {started:.2f} s, {resident(process):.0f} MB")
            for name, path in screens.items():
                times, before = [], worked(process)
                for _ in range(AGAIN + 1):
                    begin = time.perf_counter()
                    answer = desk.get(path)
                    times.append(time.perf_counter() - begin)
                    first = worked(process) - before if len(times) == 1 else first
                    assert answer.status_code in (200, 404), (path, answer.text)
                goal = next((f", goal {seconds} s" for word, seconds in GOALS.items() if name.startswith(word)), "")
                again = (worked(process) - before - first) / AGAIN
                told = f"{times[0]:.2f} s ({first:.2f} of processor), again {statistics.median(times[1:]):.2f} s"
                print(f"  {name}: {told} ({again:.2f}){goal}", flush=True)
            print(f"  at rest: {resident(process):.0f} MB, goal 600 MB")


if __name__ == "__main__":
    main()
