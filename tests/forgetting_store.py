"""A small store with somebody to be forgotten in every part of it, and all that can be read in its folder."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from graphwatch.model.tables import node_rows, relation_rows
from graphwatch.project import Project

NIP, OTHER_NIP = "199001012015031002", "198505052010012003"
NAME = "Fulanah binti Contoh"
# The account to be forgotten, and one whose number and handle only begin alike.
GONE, ALIKE = "x:81234567", "x:812345678"
HANDLE = "fulanah_88"


def write(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)))
        out.writeheader()
        out.writerows(rows)
    return path


def act(account: str, post: str, second: int, **more: object) -> dict[str, object]:
    native = account.partition(":")[2]
    at = f"2024-10-01T10:00:{second:02}+07:00"
    return {"account": native, "object": post, "kind": "comment", "platform": "x", "at": at, **more}


def fill(project: Project, folder: Path) -> None:
    """Accounts that comment together, a roster, complaints, a run, a decision, a watch, refused rows."""
    rows = [
        act(account, f"p{n}", n, account_handle=handle, text=f"hai @{HANDLE} dan @{HANDLE}9")
        for n in range(6)
        for account, handle in ((GONE, HANDLE), (ALIKE, f"{HANDLE}9"), ("x:3", "budi"))
    ]
    rows += [act("x:5", "own1", 5), act("x:3", "own1", 9), {**act("x:3", "p1", 1), "at": f"@{HANDLE}"}]
    project.load(write(folder / "acts.csv", rows))
    posts = [
        {"post": f"own{n}", "account": GONE[2:], "platform": "x", "text": f"oleh {HANDLE}", "at": "2024-10-01T01:00Z"}
        for n in (1, 2)
    ]
    posts.append({"post": f"{GONE[2:]}_77", "account": ALIKE[2:], "platform": "x", "text": "", "at": ""})
    project.load(write(folder / "posts.csv", posts), kind="posts")
    roster = [
        {"nip": NIP, "name": NAME, "agency": "dinas-a"},
        {"nip": OTHER_NIP, "name": "Budi C", "agency": "dinas-a"},
    ]
    project.load(write(folder / "roster.csv", roster), kind="roster")
    links = [
        {"platform": "x", "account": id[2:], "nip": nip, "basis": "verified"}
        for id, nip in ((GONE, NIP), ("x:3", NIP), ("x:3", OTHER_NIP))
    ]
    project.load(write(folder / "links.csv", links), kind="accounts-of-asn")
    complaints = [
        {"number": "A1", "text": f"akun @{HANDLE}", "account": f"@{HANDLE}", "platform": "x", "received": "2024-10-02"},
        {"number": "A2", "text": f"bukan {HANDLE}", "account": "@budi", "platform": "x", "received": "2024-10-02"},
    ]
    project.load(write(folder / "complaints.csv", complaints), kind="complaints")
    project.detect(fdr=None, min_objects=3)
    project.watch(GONE, reason="contoh")
    cluster = project.store.read("MATCH (c:Cluster) RETURN c.id AS id")["id"][0].as_py()
    decisions = [
        {"id": "D-1", "lead": cluster, "lead_kind": "cluster", "accounts": [GONE, "x:3"], "reason": f"@{HANDLE} lucu"},
        {"id": "D-2", "lead": GONE, "lead_kind": "account", "accounts": [GONE], "reason": "kebetulan"},
    ]
    with project.store.write("decision") as writing:
        writing.add(node_rows("Decision", decisions))
        writing.add(relation_rows("CONCERNS", "Decision", "Account", [{"from": "D-2", "to": GONE, "id": "d2"}]))


def rows_of(project: Project) -> dict[str, dict[str, dict[str, Any]]]:
    """Every row of every table, by id."""
    return {
        name: {row["id"]: row for batch in table.batches for row in batch.to_pylist()}
        for name, table in project.store.dump()
    }


def everything(folder: Path) -> str:
    """All that can be read below a folder, Parquet in plain."""
    said = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        said.append(path.name)
        if path.suffix == ".parquet":
            with pq.ParquetFile(path) as file:
                said.append(json.dumps(file.read().to_pylist()))
        else:
            said.append(path.read_bytes().decode("utf-8", "replace"))
    return "\n".join(said)
