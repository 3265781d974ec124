"""Nodes of the demo's store that show something: an accused account, a page of volunteers, a member, a duty account."""

from collections.abc import Mapping
from typing import Any, Final

from graphwatch.store.base import ReadableStore

_DUTY: Final = "MATCH (a:Account)-[:OPERATED_BY]->(:Agency) RETURN a.id AS id ORDER BY id LIMIT 1"
_ACCUSED: Final = (
    "MATCH (c:Complaint)-[:ABOUT]->(a:Account)-[b:BELONGS_TO]->(:Asn) WHERE b.to_ms IS NULL "
    "RETURN a.id AS id, c.id AS complaint ORDER BY complaint LIMIT 1"
)
_PAGE: Final = "MATCH (p:Page) WHERE p.class = 'volunteers' RETURN p.id AS id ORDER BY id LIMIT 1"
_MEMBER: Final = (
    "MATCH (a:Account)-[m:MEMBER_OF]->(c:Cluster) WHERE m.run = $run AND c.layer = 'all' AND c.number = 1 "
    "RETURN a.id AS id ORDER BY id LIMIT 1"
)
_MEMBERS: Final = (
    "MATCH (a:Account)-[m:MEMBER_OF]->(c:Cluster) WHERE m.run = $run AND c.layer = 'all' "
    "RETURN a.id AS account, c.number AS cluster"
)


def accused_on_roster(store: ReadableStore) -> str | None:
    """An account of somebody on the roster that a complaint is about; None where there is none."""
    return _first(store, _ACCUSED)


def page_of_volunteers(store: ReadableStore) -> str | None:
    """A page of volunteers; None where there is none."""
    return _first(store, _PAGE)


def duty_account(store: ReadableStore) -> str | None:
    """An account that an agency operates; None where there is none."""
    return _first(store, _DUTY)


def member_of_first(store: ReadableStore, run: str) -> str | None:
    """A member of a run's cluster 1; None where the run found none."""
    return _first(store, _MEMBER, {"run": run})


def members_by_number(store: ReadableStore, run: str) -> dict[int, set[str]]:
    """The members of each cluster of a run, by the cluster's number, all kinds of interaction together."""
    found: dict[int, set[str]] = {}
    for row in store.read(_MEMBERS, {"run": run}).to_pylist():
        found.setdefault(row["cluster"], set()).add(row["account"])
    return found


def _first(store: ReadableStore, cypher: str, given: Mapping[str, Any] | None = None) -> str | None:
    ids = store.read(cypher, given)["id"].to_pylist()
    return ids[0] if ids else None
