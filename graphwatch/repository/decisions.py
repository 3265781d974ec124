"""Decisions in the graph, and the clusters and agencies that they speak of."""

from collections import defaultdict
from typing import Final, NamedTuple

from graphwatch.store.base import ReadableStore

_DECISIONS: Final = (
    "MATCH (d:Decision) RETURN d.id AS id, d.lead AS lead, d.lead_kind AS lead_kind, d.accounts AS accounts, "
    "d.outcome AS outcome, d.reason AS reason, d.reviewer AS reviewer, d.at_ms AS at_ms, "
    "d.clarification AS clarification, d.forwarded_to AS forwarded_to, d.previous AS previous"
)
_CLUSTERS: Final = (
    "MATCH (k:Cluster) WHERE k.run = $run RETURN k.id AS id, k.number AS number, coalesce(k.layer, 'all') AS layer "
    "ORDER BY layer, number"
)
_MEMBERS: Final = (
    "MATCH (a:Account)-[m:MEMBER_OF]->(k:Cluster) WHERE m.run = $run "
    "RETURN k.id AS cluster, a.id AS account ORDER BY cluster, account"
)
_CONTINUING: Final = (
    "MATCH (later:Cluster)-[c:CONTINUES]->(earlier:Cluster), (r:Run) WHERE earlier.id = $id "
    "AND r.id = later.run AND r.status = 'complete' "
    "RETURN later.id AS id ORDER BY r.created_at_ms DESC, id LIMIT 1"
)
_EMPLOYED: Final = (
    "MATCH (a:Account)-[:BELONGS_TO]->(:Asn)-[:WORKS_AT]->(g:Agency) "
    "RETURN DISTINCT a.id AS account, g.id AS agency, g.name AS name"
)


class StoredDecision(NamedTuple):
    """A decision with the lead that it was made on; `accounts` are those that the lead was about at that time."""

    id: str
    lead: str
    lead_kind: str
    accounts: list[str] | None
    outcome: str
    reason: str
    reviewer: str
    at_ms: int
    clarification: str | None
    forwarded_to: str | None
    previous: str | None


class ClusterMembers(NamedTuple):
    """A cluster and the ids of its members, sorted."""

    id: str
    accounts: tuple[str, ...]


class Employed(NamedTuple):
    """An account of somebody who works at an agency."""

    account: str
    agency: str
    name: str | None


def all_decisions(store: ReadableStore) -> list[StoredDecision]:
    """Every decision, in no order."""
    return [StoredDecision(**row) for row in store.read(_DECISIONS).to_pylist()]


def members_by_cluster(store: ReadableStore, run: str) -> list[ClusterMembers]:
    """The clusters of a run with their members, by layer and number."""
    members: defaultdict[str, list[str]] = defaultdict(list)
    for row in store.read(_MEMBERS, {"run": run}).to_pylist():
        members[row["cluster"]].append(row["account"])
    return [ClusterMembers(id, tuple(members[id])) for id in store.read(_CLUSTERS, {"run": run})["id"].to_pylist()]


def next_cluster(store: ReadableStore, cluster: str) -> str | None:
    """The cluster of the latest complete run that continues this one directly; None where none does."""
    found = store.read(_CONTINUING, {"id": cluster})["id"].to_pylist()
    return found[0] if found else None


def employed_accounts(store: ReadableStore) -> list[Employed]:
    """The accounts of persons with each agency that the roster names for them."""
    return [Employed(**row) for row in store.read(_EMPLOYED).to_pylist()]
