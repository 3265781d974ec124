"""`changes` and the work list of complaints on a million interactions, embedded engine: seconds a call.

Half of the interactions are of an import of before; of the new half, 2,000 accounts of the roster did some. Nine of
ten posts are of pages that campaign.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

import graphwatch
from graphwatch.model import key_hash
from graphwatch.model.tables import node_table, relation_table
from graphwatch.project import Project

INTERACTIONS, ACCOUNTS, POSTS, PAGES, ROSTER, COMPLAINTS = 1_000_000, 100_000, 20_000, 40, 2_000, 500
OLD, NEW = "0" * 16, "1" * 16
RUNS = 5


def nodes(label: str, **columns: Any) -> Any:
    table = pa.table(columns)
    return node_table(label, table.to_batches())


def relations(type: str, labels: tuple[str, str], **columns: Any) -> Any:
    columns["from"], columns["to"] = columns.pop("start"), columns.pop("end")
    return relation_table(type, *labels, pa.table(columns).to_batches())


def fill(project: Project, rng: np.random.Generator) -> None:
    accounts = [f"x:{n}" for n in range(ACCOUNTS)]
    posts, pages = [f"x:p{n}" for n in range(POSTS)], [f"x:page{n}" for n in range(PAGES)]
    asn = [f"asn{n}" for n in range(ROSTER)]
    publishing = rng.integers(0, PAGES, POSTS)
    account, post = rng.integers(0, ACCOUNTS, INTERACTIONS), rng.integers(0, POSTS, INTERACTIONS)
    ids = pa.array(range(INTERACTIONS), pa.int64()).cast(pa.string())
    sources = [[f"{OLD if n < INTERACTIONS // 2 else NEW}:{n}"] for n in range(INTERACTIONS)]
    supporting = pages[: PAGES * 9 // 10]
    complained = [f"{n}" for n in range(COMPLAINTS)]
    with project.store.write("load") as writing:
        writing.add(nodes("Account", id=accounts, platform=["x"] * ACCOUNTS, handle=[f"h{n}" for n in range(ACCOUNTS)]))
        writing.add(nodes("Post", id=posts))
        writing.add(nodes("Page", id=pages))
        writing.add(nodes("Paslon", id=["01"]))
        writing.add(nodes("Asn", id=asn))
        writing.add(nodes("Source", id=[OLD, NEW], loaded_at_ms=[1, 1_700_000_000_000]))
        about = {"account_ref": accounts[:COMPLAINTS], "kind": ["LIKED"] * COMPLAINTS, "platform": ["x"] * COMPLAINTS}
        writing.add(
            nodes("Complaint", id=complained, status=["new"] * COMPLAINTS, at=["2024-10-01"] * COMPLAINTS, **about)
        )
        writing.add(relations("PUBLISHED", ("Page", "Post"), start=[pages[p] for p in publishing], end=posts, id=posts))
        ends = {"start": supporting, "end": ["01"] * len(supporting), "id": supporting}
        writing.add(relations("SUPPORTS", ("Page", "Paslon"), **ends))
        writing.add(relations("BELONGS_TO", ("Account", "Asn"), start=accounts[:ROSTER], end=asn, id=asn))
        linked = [key_hash(c, a) for c, a in zip(complained, accounts, strict=False)]
        about = {"start": complained, "end": accounts[:COMPLAINTS], "id": linked}
        writing.add(relations("ABOUT", ("Complaint", "Account"), **about))
        acted = {
            "start": [accounts[a] for a in account],
            "end": [posts[p] for p in post],
            "kind": ["LIKED"] * INTERACTIONS,
            "at_ms": 1_727_700_000_000 + rng.integers(0, 5_000_000_000, INTERACTIONS),
            "sources": sources,
        }
        writing.add(relations("LIKED", ("Account", "Post"), id=ids, **acted))


def seconds(call: Any) -> float:
    times = []
    for _ in range(RUNS + 1):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return statistics.median(times[1:])


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch, graphwatch.open(Path(scratch) / "s.gw", create=True) as project:
        fill(project, np.random.default_rng(2024))
        found = project.changes("2020-01-01")
        print(f"{INTERACTIONS:,} interactions, {len(found.interactions):,} of them new and of the roster")
        print(f"changes: {seconds(lambda: project.changes('2020-01-01')):.2f} s")
        print(f"complaints, {COMPLAINTS:,}: {seconds(lambda: project.complaints().to_arrow()):.2f} s")
        words = [str(Path(sys.executable).with_name("graphwatch")), "changes", "--since", "2020-01-01", "--json"]
        whole = seconds(lambda: subprocess.run([*words, "--store", project.place], check=True, capture_output=True))
        print(f"graphwatch changes, whole process: {whole:.2f} s")


if __name__ == "__main__":
    main()
