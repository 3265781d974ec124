"""Complaints in the graph: what they say, what they are about, and the interactions that they may mean."""

from collections.abc import Iterator
from typing import Any, Final, Literal, NamedTuple

import pyarrow as pa

from graphwatch.model import POST_INTERACTIONS
from graphwatch.store.base import ReadableStore

_COMPLAINTS: Final = (
    "MATCH (c:Complaint) RETURN c.id AS complaint, c.channel AS channel, c.received_at AS received_at, "
    "c.known_at AS known_at, c.deadline AS deadline, c.status AS status, c.platform AS platform, "
    "c.account_ref AS account_ref, c.post_ref AS post_ref, c.kind AS kind, c.at AS at, c.at_ms AS at_ms, "
    "c.text AS text, c.evidence AS evidence, c.evidence_sha256 AS evidence_sha256, c.sources AS sources"
)
_KNOWN: Final = "MATCH (c:Complaint) WHERE c.id IN $ids RETURN c.id AS id"
_ABOUT: Final = "MATCH (c:Complaint)-[:ABOUT]->(n:{label}) RETURN c.id AS complaint, n.id AS id ORDER BY id"
_ACCUSED: Final = (
    "MATCH (c:Complaint) OPTIONAL MATCH (c)-[:ABOUT]->(a:Account) RETURN c.id AS complaint, a.id AS account "
    "ORDER BY complaint, account"
)
_UNLINKED: Final = (
    "MATCH (c:Complaint) WHERE (c.account_ref IS NOT NULL AND NOT EXISTS { MATCH (c)-[:ABOUT]->(:Account) }) "
    "OR (c.post_ref IS NOT NULL AND NOT EXISTS { MATCH (c)-[:ABOUT]->(:Post) }) "
    "RETURN c.id AS id, c.platform AS platform, c.account_ref AS account_ref, c.post_ref AS post_ref, "
    "c.sources AS sources"
)
_NAMING: Final = (
    "MATCH (c:Complaint) WHERE c.account_ref IS NOT NULL "
    "RETURN c.id AS id, c.account_ref AS account_ref, c.platform AS platform"
)
_ACTS: Final = "|".join(POST_INTERACTIONS)
_MEANT: Final = (
    "RETURN c.id AS complaint, i.id AS interaction, i.kind AS kind, i.at_ms AS at_ms, i.at AS at, i.sources AS sources"
)
_WITH_POST: Final = (
    f"MATCH (c:Complaint)-[:ABOUT]->(a:Account)-[i:{_ACTS}]->(o:Post)<-[:ABOUT]-(d:Complaint) "
    f"WITH c, i, d WHERE d.id = c.id AND coalesce(c.kind = i.kind, c.kind IS NULL) {_MEANT}"
)
# Where no post is named the day decides, and only what a paslon's page published counts.
_ON_THE_DAY: Final = (
    f"MATCH (c:Complaint)-[:ABOUT]->(a:Account)-[i:{_ACTS}]->(o:Post)<-[:PUBLISHED]-(p:Page) "
    "WITH c, i WHERE c.post_ref IS NULL AND c.at IS NOT NULL AND i.at_ms IS NOT NULL "
    f"AND coalesce(c.kind = i.kind, c.kind IS NULL) {_MEANT}"
)
_FOLLOWS: Final = f"MATCH (c:Complaint)-[:ABOUT]->(a:Account)-[i:FOLLOWED]->(p:Page) WHERE c.kind = 'FOLLOWED' {_MEANT}"


class MeantInteraction(NamedTuple):
    """An interaction that a complaint may mean; where no post is named its day has still to be compared."""

    complaint: str
    interaction: str
    kind: str
    at_ms: int | None
    at: str | None
    sources: list[str]


class Accused(NamedTuple):
    """A complaint and an account that it is linked with; None where it is linked with none."""

    complaint: str
    account: str | None


class Naming(NamedTuple):
    """A complaint, what it calls the accused account, and its platform where that is known."""

    id: str
    account_ref: str
    platform: str | None


def all_complaints(store: ReadableStore) -> pa.Table:
    """Every complaint in no order.

    Returns:
        complaint, channel, received_at, known_at, deadline, status, platform, account_ref, post_ref, kind, at, at_ms,
        text, evidence, evidence_sha256 and sources of each.
    """
    return store.read(_COMPLAINTS)


def known_complaints(store: ReadableStore, ids: list[str]) -> set[str]:
    """Those of the ids that are complaints in the store."""
    return set(store.read(_KNOWN, {"ids": ids})["id"].to_pylist()) if ids else set()


def complained_about(store: ReadableStore, label: Literal["Account", "Post"]) -> dict[str, list[str]]:
    """The accounts or posts that each complaint is linked with, sorted."""
    found: dict[str, list[str]] = {}
    for row in store.read(_ABOUT.format(label=label)).to_pylist():
        found.setdefault(row["complaint"], []).append(row["id"])
    return found


def meant_interactions(store: ReadableStore) -> Iterator[MeantInteraction]:
    """Interactions that agree with a complaint by account, kind, and post where one is named."""
    for cypher in (_WITH_POST, _ON_THE_DAY, _FOLLOWS):
        yield from (MeantInteraction(**row) for row in store.read(cypher).to_pylist())


def accused_accounts(store: ReadableStore) -> list[Accused]:
    """Every complaint with each account that it is linked with, by complaint and account."""
    return [Accused(**row) for row in store.read(_ACCUSED).to_pylist()]


def unlinked_complaints(store: ReadableStore) -> list[dict[str, Any]]:
    """Complaints that name an account or post without being linked with one.

    Returns:
        id, platform, account_ref, post_ref and sources of each.
    """
    rows: list[dict[str, Any]] = store.read(_UNLINKED).to_pylist()
    return rows


def naming_complaints(store: ReadableStore) -> list[Naming]:
    """The complaints that name an account, whether they are linked with it or not."""
    return [Naming(**row) for row in store.read(_NAMING).to_pylist()]
