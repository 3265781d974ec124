"""What the graph knows beside the interactions: the roster's links, and whose posts the posts are."""

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.common.validity import Validity
from graphwatch.model.tables import InteractionColumns
from graphwatch.store.workspace import Workspace

if TYPE_CHECKING:
    from graphwatch.detection.enrichment import Context, Links, Roster
    from graphwatch.detection.targets import Targets

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
# By what counts as the object; a link or hashtag is nobody's.
_BEHIND: Final[dict[str, dict[str, str]]] = {
    "post": {
        "Paslon": "MATCH (t:Paslon)<-[:SUPPORTS]-(:Page)-[:PUBLISHED]->(o:Post) "
        "RETURN DISTINCT t.id AS to, o.id AS object",
        "Page": "MATCH (t:Page)-[:PUBLISHED]->(o:Post) RETURN DISTINCT t.id AS to, o.id AS object",
    },
    "page": {
        "Paslon": "MATCH (t:Paslon)<-[:SUPPORTS]-(o:Page) RETURN DISTINCT t.id AS to, o.id AS object",
        "Page": "MATCH (t:Page) RETURN t.id AS to, t.id AS object",
    },
}
_LOADED: Final = "MATCH (p:Asn) RETURN count(p.id) AS n"
Row = dict[str, Any]


def context_of(workspace: Workspace, columns: InteractionColumns, object: str) -> "Context":
    """The roster's links of accounts that acted and the pages and paslon behind objects, as codes of these columns.

    Args:
        project: whose store is read.
        columns: what a run sees.
        object: what counts as the object: post, page, link or hashtag.
    """
    from graphwatch.detection.enrichment import Context

    digest = sha256()
    with workspace.store.session():
        roster = roster_of(workspace, columns, digest)
        behind = {
            label: _known(workspace, query, "object", columns.objects)
            for label, query in _BEHIND.get(object, {}).items()
        }
    targets = tuple(_targets(label, rows, columns, digest) for label, rows in behind.items())
    return Context(roster, targets, _platforms(columns.accounts), digest.hexdigest())


def roster_of(workspace: Workspace, columns: InteractionColumns, digest: Any = None) -> "Roster | None":
    """The roster's links of accounts that acted, added to the digest; None where no roster is loaded."""
    from graphwatch.detection.enrichment import BASES, Roster

    if not workspace.store.read(_LOADED)["n"][0].as_py():
        return None
    people, agencies, duty = (
        _known(workspace, query, "account", columns.accounts) for query in (_PEOPLE, _AGENCIES, _DUTY)
    )
    if digest:
        digest.update(repr(("roster", people, agencies, duty)).encode())
    ids = pa.array(sorted({row["to"] for row in agencies + duty}), pa.string())
    known = [row for row in people if row["to"] in BASES]
    return Roster(
        _links(known, pa.array(BASES), columns), _links(agencies, ids, columns), _links(duty, ids, columns), ids
    )


def _known(workspace: Workspace, query: str, name: str, ids: pa.StringArray) -> list[Row]:
    """The rows whose account or object is among these, in an order that no engine decides."""
    table = workspace.store.read(query)
    found = table.filter(pc.is_in(table[name].cast(pa.string()), value_set=ids)).to_pylist()
    return sorted(found, key=lambda row: [(value is None, value) for value in row.values()])


def _links(rows: list[Row], ids: pa.StringArray, columns: InteractionColumns) -> "Links":
    """Links as codes; an open end is open, and employment must be in force as well."""
    from graphwatch.detection.enrichment import Links

    bounds = [
        (Validity(row["from_ms"], row["to_ms"]) & Validity(row.get("works_from_ms"), row.get("works_to_ms"))).bounds
        for row in rows
    ]
    return Links(
        _codes(rows, "account", columns.accounts),
        _codes(rows, "to", ids),
        np.array([from_ms for from_ms, _ in bounds], np.int64),
        np.array([to_ms for _, to_ms in bounds], np.int64),
    )


def _codes(rows: list[Row], name: str, ids: pa.StringArray) -> Any:
    values = pa.array([row[name] for row in rows], pa.string())
    return np.array(pc.index_in(values, value_set=ids).to_pylist(), np.int32)


def _targets(label: str, rows: list[Row], columns: InteractionColumns, digest: Any) -> "Targets":
    from graphwatch.detection.targets import Targets

    digest.update(repr((label, rows)).encode())
    ids = pa.array(sorted({row["to"] for row in rows}), pa.string())
    return Targets(label, ids, _codes(rows, "object", columns.objects), _codes(rows, "to", ids))


def _platforms(accounts: pa.StringArray) -> Any:
    """A code for each account's platform, which its id begins with."""
    return np.unique([id.partition(":")[0] for id in accounts.to_pylist()], return_inverse=True)[1].astype(np.int32)
