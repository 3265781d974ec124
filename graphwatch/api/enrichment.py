"""What the graph knows beside the interactions: the roster's links, and whose posts the posts are."""

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

if TYPE_CHECKING:
    from graphwatch.api.desk import Desk
    from graphwatch.detect import Context, Links, Roster, Targets
    from graphwatch.tables import InteractionColumns

_PEOPLE: Final = (
    "MATCH (a:Account)-[b:BELONGS_TO]->(:Asn) "
    "RETURN a.id AS account, b.basis AS to, b.from_ms AS from_ms, b.to_ms AS to_ms"
)
_AGENCIES: Final = (
    "MATCH (a:Account)-[b:BELONGS_TO]->(:Asn)-[w:WORKS_AT]->(g:Agency) "
    "RETURN a.id AS account, g.id AS to, b.from_ms AS from_ms, b.to_ms AS to_ms, "
    "w.from_ms AS works_from_ms, w.to_ms AS works_to_ms"
)
_DUTY: Final = (
    "MATCH (a:Account)-[b:OPERATED_BY]->(g:Agency) "
    "RETURN a.id AS account, g.id AS to, b.from_ms AS from_ms, b.to_ms AS to_ms"
)
_TARGETS: Final = {
    "Paslon": "MATCH (t:Paslon)<-[:SUPPORTS]-(:Page)-[:PUBLISHED]->(o:Post) RETURN DISTINCT t.id AS to, o.id AS object",
    "Page": "MATCH (t:Page)-[:PUBLISHED]->(o:Post) RETURN DISTINCT t.id AS to, o.id AS object",
}
_ROSTER: Final = "MATCH (p:Asn) RETURN count(p.id) AS n"
_EVER: Final = (-(2**62), 2**62)


def context_of(desk: "Desk", columns: "InteractionColumns") -> "Context":
    """The roster's links of accounts that acted and the pages and paslon behind posts, as codes of these columns."""
    from graphwatch.detect import Context

    read = desk.store.read
    digest = sha256()
    loaded = read(_ROSTER)["n"][0].as_py() > 0
    roster = (
        _roster([_sorted(read(query), digest) for query in (_PEOPLE, _AGENCIES, _DUTY)], columns) if loaded else None
    )
    targets = tuple(_targets(label, _sorted(read(query), digest), columns) for label, query in _TARGETS.items())
    digest.update(str(loaded).encode())
    return Context(roster, targets, _platforms(columns.accounts), digest.hexdigest())


def _platforms(accounts: pa.StringArray) -> Any:
    """A code for each account's platform, which its id begins with."""
    import numpy as np

    return np.unique([id.partition(":")[0] for id in accounts.to_pylist()], return_inverse=True)[1].astype(np.int32)


def _sorted(table: pa.Table, digest: Any) -> list[dict[str, Any]]:
    """The rows in an order that no engine decides, added to the digest."""
    rows = sorted(table.to_pylist(), key=lambda row: [(value is None, value) for value in row.values()])
    digest.update(repr([tuple(row.values()) for row in rows]).encode())
    return rows


def _roster(tables: list[list[dict[str, Any]]], columns: "InteractionColumns") -> "Roster":
    from graphwatch.detect import BASES, Roster

    people, agencies, duty = tables
    ids = pa.array(sorted({row["to"] for row in agencies + duty}), pa.string())
    known = [row for row in people if row["to"] in BASES]
    return Roster(
        _links(known, pa.array(BASES), columns), _links(agencies, ids, columns), _links(duty, ids, columns), ids
    )


def _links(rows: list[dict[str, Any]], ids: pa.StringArray, columns: "InteractionColumns") -> "Links":
    """Links of accounts that acted; an open end is open, and employment must be in force too."""
    import numpy as np

    from graphwatch.detect import Links

    rows = [row for row, seen in zip(rows, _codes(rows, "account", columns.accounts), strict=True) if seen is not None]
    begins = [[_or(row.get(name), _EVER[0]) for name in ("from_ms", "works_from_ms")] for row in rows]
    ends = [[_or(row.get(name), _EVER[1]) for name in ("to_ms", "works_to_ms")] for row in rows]
    return Links(
        np.array(_codes(rows, "account", columns.accounts), np.int32),
        np.array(_codes(rows, "to", ids), np.int32),
        np.array([max(both) for both in begins], np.int64),
        np.array([min(both) for both in ends], np.int64),
    )


def _or(value: int | None, otherwise: int) -> int:
    return otherwise if value is None else value


def _codes(rows: list[dict[str, Any]], name: str, ids: pa.StringArray) -> list[int | None]:
    import pyarrow.compute as pc

    values = pa.array([row[name] for row in rows], pa.string())
    found: list[int | None] = pc.index_in(values, value_set=ids).to_pylist()
    return found


def _targets(label: str, rows: list[dict[str, Any]], columns: "InteractionColumns") -> "Targets":
    import numpy as np

    from graphwatch.detect import Targets

    ids = pa.array(sorted({row["to"] for row in rows}), pa.string())
    pairs = zip(_codes(rows, "object", columns.objects), _codes(rows, "to", ids), strict=True)
    acted = [(object, target) for object, target in pairs if object is not None]
    object, target = (
        (np.array(c, np.int32) for c in zip(*acted, strict=True)) if acted else (np.empty(0, np.int32),) * 2
    )
    return Targets(label, ids, object, target)
