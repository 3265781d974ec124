"""A small graph with hostile names in a throwaway embedded database, made from the model."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import ladybug
import pyarrow as pa
import pytest

from graphwatch.model import NODES, RELATIONS
from graphwatch.model.declaring import Type
from graphwatch.model.tables import schema_of

Rows = Mapping[str, list[dict[str, Any]]]
RelationRows = Mapping[tuple[str, str, str], list[dict[str, Any]]]
Run = Callable[..., tuple[list[str], list[dict[str, Any]]]]

WORDING = "Kami warga siap coblos nomor dua"
SCRIPT, FORMULA, RTL = "<script>alert(1)</script>", '=HYPERLINK("x")', "\u202egnp.exe"
_TYPES = {
    Type.TEXT: "STRING",
    Type.INTEGER: "INT64",
    Type.REAL: "DOUBLE",
    Type.BOOLEAN: "BOOLEAN",
    Type.TEXTS: "STRING[]",
}
# 2024-09-22 23:59:59 WIB, one second before the campaign month's next day, and 2024-02-29 12:00 WIB.
EVE, LEAP = 1_727_024_399_000, 1_709_182_800_000


def _burst(cluster: str, number: int, post: str, first_ms: int, last_ms: int, acts: list[str]) -> dict[str, Any]:
    layer = next((layer for layer in ("LIKED", "text") if layer in cluster), "all")
    ends = {"id": f"{cluster}:b{number}", "run": cluster.partition(":")[0], "cluster": cluster, "layer": layer}
    on = {"number": number, "object": post, "object_kind": "post", "first_ms": first_ms, "last_ms": last_ms}
    return ends | on | {"members": 2, "most": 2, "size": len(acts), "interactions": acts}


NODE_ROWS: dict[str, list[dict[str, Any]]] = {
    "Account": [
        {"id": "x:1", "platform": "x", "handle": SCRIPT, "name": "Satu", "url": "https://x.example/1"},
        {"id": "ig:1", "platform": "instagram", "handle": SCRIPT.upper()},
        {"id": "x:2", "platform": "x", "handle": FORMULA, "name": RTL},
        {"id": "x:3", "platform": "x", "handle": "__proto__", "name": "Tiga"},
    ],
    "Page": [
        {"id": "x:p", "platform": "x", "handle": "maju", "name": "Maju", "class": "official", "registered": True},
        {"id": "x:q", "platform": "x", "handle": "kabar", "name": "Kabar", "class": "media"},
    ],
    "Paslon": [{"id": "01", "number": 1, "name": "Satu dan Dua", "contest": "pilkada", "region": "Tirtamaya"}],
    "Post": [
        {
            "id": "x:a",
            "platform": "x",
            "url": "https://x.example/a//b",
            "text": SCRIPT,
            "at_ms": EVE - 60_000,
            "links": ["https://kabar.example/1"],
            "hashtags": ["Maju", FORMULA],
        },
        {"id": "x:b", "platform": "x", "text": "b", "at_ms": LEAP + 500, "links": ["https://kabar.example/1"]},
        {"id": "x:c", "platform": "x", "text": "c", "hashtags": ["maju"]},
    ],
    "Asn": [{"id": "n1", "kind": "pns"}, {"id": "n2"}],
    "Agency": [{"id": "dinas", "name": SCRIPT}, {"id": "kota", "name": "Kota"}],
    "Complaint": [
        {
            "id": "A-1",
            "channel": "letter",
            "deadline": "2024-10-01",
            "kind": "LIKED",
            "at_ms": EVE,
            "sources": ["s1:c1"],
        },
        {"id": "A-2", "status": "checking", "text": SCRIPT},
        {"id": "A-3", "status": "closed", "deadline": "2024-09-30"},
    ],
    "Provision": [{"id": "P-1", "category": "disiplin", "kinds": ["LIKED"], "contested": True}],
    "Decision": [
        {
            "id": "D-1",
            "lead": "x:1",
            "lead_kind": "account",
            "outcome": "needs_clarification",
            "reason": SCRIPT,
            "at_ms": 1,
        },
        {"id": "D-2", "lead": "x:1", "lead_kind": "account", "outcome": "dismissed", "previous": "D-1", "at_ms": 2},
        {"id": "D-3", "lead": "R-1:LIKED:1", "lead_kind": "cluster", "run": "R-1", "outcome": "dismissed", "at_ms": 0},
    ],
    "Watch": [
        {"id": "x:p", "kind": "page", "reason": FORMULA, "added_by": "Sari", "added_at_ms": 7},
        {"id": "x:1", "kind": "account", "reason": "r", "added_at_ms": 5, "removed_at_ms": 6},
        {"id": "x:2", "kind": "account", "reason": "r", "added_at_ms": 9, "removed_at_ms": 8},
    ],
    "Phase": [
        {
            "id": "c:kampanye",
            "calendar": "c",
            "name": "kampanye",
            "first_day": "2024-09-22",
            "last_day": "2024-09-22",
            "from_ms": 1_726_938_000_000,
            "to_ms": 1_727_024_400_000,
        }
    ],
    "Source": [
        {
            "id": "s1",
            "file": "likes.csv",
            "kind": "interactions",
            "acquisition": "export",
            "loaded_at_ms": 5,
            "rows_taken": 6,
            "rows_refused": 0,
        }
    ],
    "Run": [
        {"id": "R-1", "status": "complete", "created_at_ms": 1, "window_ms": 60_000, "min_objects": 2, "pairs": 1},
        {"id": "R-2", "status": "writing", "created_at_ms": 2, "window_ms": 10_000, "min_objects": 2},
    ],
    "Cluster": [
        {
            "id": "R-1:1",
            "run": "R-1",
            "number": 1,
            "size": 2,
            "pairs": 1,
            "density": 1.0,
            "objects": 2,
            "bursts": 2,
            "hours": ["0", "4"],
            "n_asn": 1,
            "expected_asn": 0.5,
            "top_agency": "dinas",
        },
        {"id": "R-2:1", "run": "R-2", "number": 1, "size": 2, "pairs": 1, "density": 1.0, "objects": 2},
        {"id": "R-1:LIKED:1", "run": "R-1", "layer": "LIKED", "number": 1, "size": 3, "interest_share": 0.5},
        {"id": "R-1:text:1", "run": "R-1", "layer": "text", "number": 1, "size": 3},
    ],
    "Burst": [
        _burst("R-1:1", 1, "x:b", LEAP, LEAP + 1_000, ["i3", "i4"]),
        _burst("R-1:1", 2, "x:a", EVE, EVE + 2_000, ["i1", "i2"]),
        _burst("R-2:1", 1, "x:a", EVE, EVE + 2_000, ["i1", "i2"]),
        _burst("R-1:LIKED:1", 1, "x:c", EVE, EVE, ["i6", "i6"]),
        _burst("R-1:text:1", 1, "text-000001", EVE, EVE, ["i6"]) | {"object_kind": "text"},
    ],
}


def _act(id: str, start: str, end: str, kind: str, at_ms: int | None) -> dict[str, Any]:
    at = None if at_ms is None else f"at {at_ms}"
    return {
        "id": id,
        "from": start,
        "to": end,
        "kind": kind,
        "at_ms": at_ms,
        "at": at,
        "sources": [f"s1:{id}"],
    }


def _pair(run: str, **more: Any) -> dict[str, Any]:
    return {
        "id": run,
        "from": "x:1",
        "to": "x:2",
        "run": run,
        "n": 2,
        "shared": 2,
        "median_gap_s": 1.5,
        "first_share": 0.5,
        "kinds": ["LIKED", "SHARED"],
        "first_ms": LEAP,
        "last_ms": EVE,
    } | more


def _share(run: str, target: str, kind: str, log10_p: float) -> dict[str, Any]:
    ends = {"id": f"{run}{target}", "from": f"{run}:1", "to": target, "run": run, "kind": kind}
    return ends | {"interactions": 2, "share": 0.5, "expected": 0.25, "log10_p": log10_p, "q": 0.04}


def _member(id: str, account: str, run: str, entered: str, partners: int) -> dict[str, Any]:
    ends = {"id": id, "from": account, "to": f"{run}:1"}
    return ends | {"run": run, "entered": entered, "partners": partners}


def _end(burst: str, to: str) -> dict[str, Any]:
    return {"id": burst, "from": burst, "to": to, "run": burst.partition(":")[0]}


def _lag(run: str, q: float) -> dict[str, Any]:
    numbers = {
        "posts": 9,
        "near": 10,
        "known": 12,
        "shortest_s": 59.0,
        "longest_s": 62.5,
        "expected": 2.5,
        "log10_p": -5.0,
    }
    return {"id": f"lag {run}", "from": "x:2", "to": run, "run": run, "q": q, **numbers}


def _score(run: str, metric: str, value: float) -> dict[str, Any]:
    row = {"id": run + metric, "from": "x:1", "to": run, "run": run, "metric": metric}
    return row | {"projection": "coordination", "value": value}


def _in_force(id: str, start: str, end: str, from_ms: int | None, to_ms: int | None, **more: Any) -> dict[str, Any]:
    return {"id": id, "from": start, "to": end, "from_ms": from_ms, "to_ms": to_ms} | more


RELATION_ROWS: dict[tuple[str, str, str], list[dict[str, Any]]] = {
    # x:1 is in force over all times; x:2 ended in the very moment in which it acted; x:3 began then.
    ("BELONGS_TO", "Account", "Asn"): [
        _in_force("b1", "x:1", "n1", None, None, basis="verified", confidence="high"),
        _in_force("b2", "x:2", "n2", None, EVE + 2_000, basis="self-declared", valid_to="2024-09-22"),
        _in_force("b3", "x:3", "n2", EVE, None, basis="verified", valid_from="2024-09-22"),
    ],
    ("WORKS_AT", "Asn", "Agency"): [
        _in_force("w1", "n1", "dinas", LEAP, None, position="Lurah", position_class="head-of-district")
    ],
    ("OPERATED_BY", "Account", "Agency"): [_in_force("o1", "x:2", "dinas", EVE, EVE + 3_000, sources=["s1:9"])],
    ("PART_OF", "Agency", "Agency"): [{"id": "1", "from": "dinas", "to": "kota"}],
    ("ABOUT", "Complaint", "Account"): [{"id": "1", "from": "A-1", "to": "x:1"}],
    ("ABOUT", "Complaint", "Post"): [{"id": "2", "from": "A-1", "to": "x:a"}],
    ("CONCERNS", "Decision", "Account"): [{"id": id, "from": id, "to": "x:1"} for id in ("D-1", "D-2")],
    ("CONCERNS", "Decision", "Cluster"): [{"id": "3", "from": "D-3", "to": "R-1:LIKED:1"}],
    ("WATCHES", "Watch", "Page"): [{"id": "1", "from": "x:p", "to": "x:p"}],
    ("WATCHES", "Watch", "Account"): [{"id": id, "from": id, "to": id} for id in ("x:1", "x:2")],
    ("SCORED", "Account", "Run"): [
        _score("R-1", "degree", 3.0),
        _score("R-1", "pagerank", 0.5),
        _score("R-2", "degree", 9.0),
    ],
    ("REGULAR_LAG", "Account", "Run"): [_lag("R-1", 0.01), _lag("R-2", 0.02)],
    ("PUBLISHED", "Page", "Post"): [
        {"id": "1", "from": "x:p", "to": "x:a"},
        {"id": "2", "from": "x:q", "to": "x:b"},
    ],
    ("LIKED", "Account", "Post"): [
        _act("i1", "x:1", "x:a", "LIKED", EVE),
        _act("i2", "x:2", "x:a", "LIKED", EVE + 2_000),
        _act("i3", "x:1", "x:b", "LIKED", LEAP),
        _act("i5", "x:3", "x:a", "LIKED", None) | {"sources": ["s1:5", "s1:6"]},
    ],
    ("SHARED", "Account", "Post"): [_act("i4", "x:2", "x:b", "SHARED", LEAP + 1_000)],
    ("COMMENTED", "Account", "Post"): [_act("i6", "x:3", "x:c", "COMMENTED", EVE) | {"text": WORDING}],
    ("FOLLOWED", "Account", "Page"): [
        _act("i7", "x:3", "x:p", "FOLLOWED", None),
        _act("i8", "x:1", "x:p", "FOLLOWED", None),
    ],
    ("SUPPORTS", "Page", "Paslon"): [{"id": "1", "from": "x:p", "to": "01"}],
    ("CO_INTERACTED", "Account", "Account"): [
        _pair("R-1"),
        _pair("R-2"),
        _pair("R-1", id="both", layer="LIKED", n=1, coordinated=True, shared_interest=True),
        _pair("R-1", id="one", layer="SHARED", n=3, coordinated=True, shared_interest=False),
        _pair("R-1", id="other", layer="SHARED", n=2, coordinated=False, shared_interest=True),
        _pair("R-1", id="none", layer="SHARED", n=1, coordinated=False, shared_interest=False),
    ],
    ("MEMBER_OF", "Account", "Cluster"): [
        _member("1", "x:1", "R-1", "core", 1),
        _member("2", "x:2", "R-1", "grown", 1),
        _member("3", "x:3", "R-2", "core", 1),
        _member("4", "x:3", "R-1", "core", 2) | {"to": "R-1:LIKED:1"},
        _member("5", "x:3", "R-1", "core", 2) | {"to": "R-1:text:1"},
    ],
    ("TARGETS", "Cluster", "Paslon"): [_share("R-1", "01", "paslon", -2.0), _share("R-2", "01", "paslon", -2.0)],
    ("TARGETS", "Cluster", "Page"): [_share("R-1", "x:q", "page", -1.0), _share("R-1", "x:p", "page", -1.5)],
    ("DRAWN_FROM", "Cluster", "Agency"): [
        {"id": run, "from": f"{run}:1", "to": "dinas", "run": run, "n": 1, "expected": 0.5, "log10_p": -1.0, "q": 0.2}
        for run in ("R-1", "R-2")
    ],
    ("BURST_OF", "Burst", "Cluster"): [
        _end("R-1:1:b1", "R-1:1"),
        _end("R-1:1:b2", "R-1:1"),
        _end("R-2:1:b1", "R-2:1"),
        _end("R-1:LIKED:1:b1", "R-1:LIKED:1"),
        _end("R-1:text:1:b1", "R-1:text:1"),
    ],
    ("BURST_ON", "Burst", "Post"): [
        _end("R-1:1:b1", "x:b"),
        _end("R-1:1:b2", "x:a"),
        _end("R-2:1:b1", "x:a"),
        _end("R-1:LIKED:1:b1", "x:c"),
    ],
    ("FOUND_IN", "Cluster", "Run"): [
        {"id": "1", "from": "R-1:1", "to": "R-1", "run": "R-1"},
        {"id": "2", "from": "R-2:1", "to": "R-2", "run": "R-2"},
        {"id": "3", "from": "R-1:LIKED:1", "to": "R-1", "run": "R-1"},
        {"id": "4", "from": "R-1:text:1", "to": "R-1", "run": "R-1"},
    ],
    ("CONTINUES", "Cluster", "Cluster"): [
        {"id": "1", "from": "R-1:LIKED:1", "to": "R-2:1", "run": "R-1", "jaccard": 0.75}
    ],
}


def _make(connection: ladybug.Connection, nodes: Rows, relations: RelationRows) -> None:
    for node in NODES:
        columns = ", ".join(f"{p.name} {_TYPES[p.type]}" for p in node.properties)
        connection.execute(f"CREATE NODE TABLE {node.label}({columns}, PRIMARY KEY (id))")
        rows = nodes.get(node.label, [])
        table = pa.Table.from_pylist(rows, schema=schema_of(node))
        connection.execute(f"COPY {node.label} FROM $t", {"t": table})
    for relation in RELATIONS:
        ends = ", ".join(f"FROM {a} TO {b}" for a, b in relation.ends)
        columns = ", ".join(f"{p.name} {_TYPES[p.type]}" for p in relation.properties)
        connection.execute(f"CREATE REL TABLE {relation.type}({ends}, {columns})")
        for start, end in relation.ends:
            rows = relations.get((relation.type, start, end), [])
            if rows:
                table = pa.Table.from_pylist(rows, schema=schema_of(relation))
                connection.execute(f"COPY {relation.type} FROM $t (from='{start}', to='{end}')", {"t": table})


@contextmanager
def graph_of(nodes: Rows, relations: RelationRows) -> Iterator[Run]:
    """A function that runs Cypher on a graph of these rows and gives columns and rows."""
    with ladybug.Database(":memory:") as database, ladybug.Connection(database) as connection:
        _make(connection, nodes, relations)

        def run(cypher: str, parameters: dict[str, Any] | None = None) -> tuple[list[str], list[dict[str, Any]]]:
            answer = connection.execute(cypher, parameters) if parameters else connection.execute(cypher)
            assert isinstance(answer, ladybug.QueryResult), "one statement, one answer"
            columns = answer.get_column_names()
            rows = []
            while answer.has_next():
                rows.append(dict(zip(columns, answer.get_next(), strict=True)))
            return columns, rows

        yield run


@pytest.fixture(scope="session")
def run_on_embedded() -> Iterator[Run]:
    """A function that runs Cypher on the small graph and gives columns and rows."""
    with graph_of(NODE_ROWS, RELATION_ROWS) as run:
        yield run
