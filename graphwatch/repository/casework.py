"""Complaints, the watchlist, decisions, and what certain sources alone supplied."""

from collections.abc import Iterator
from typing import Any, Final, Literal, NamedTuple

import pyarrow as pa

from graphwatch.calendar.timerange import TimeRange
from graphwatch.common.clock import Validity
from graphwatch.model import POST_INTERACTIONS
from graphwatch.repository.roster import in_force
from graphwatch.store.base import ReadableStore

_COMPLAINTS: Final = (
    "MATCH (c:Complaint) RETURN c.id AS complaint, c.channel AS channel, c.received_at AS received_at, "
    "c.known_at AS known_at, c.deadline AS deadline, c.status AS status, c.platform AS platform, "
    "c.account_ref AS account_ref, c.post_ref AS post_ref, c.kind AS kind, c.at AS at, c.at_ms AS at_ms, "
    "c.text AS text, c.evidence AS evidence, c.evidence_sha256 AS evidence_sha256, c.sources AS sources"
)
_ABOUT: Final = "MATCH (c:Complaint)-[:ABOUT]->(n:{label}) RETURN c.id AS complaint, n.id AS id ORDER BY id"
_ACCUSED: Final = (
    "MATCH (c:Complaint) OPTIONAL MATCH (c)-[:ABOUT]->(a:Account) RETURN c.id AS complaint, a.id AS account "
    "ORDER BY complaint, account"
)
_NAMING: Final = (
    "MATCH (c:Complaint) WHERE c.account_ref IS NOT NULL "
    "RETURN c.id AS id, c.account_ref AS account_ref, c.platform AS platform"
)
_ACTING: Final = "|".join(POST_INTERACTIONS)
_MEANT: Final = (
    "RETURN c.id AS complaint, i.id AS interaction, i.kind AS kind, i.at_ms AS at_ms, i.at AS at, i.sources AS sources"
)
_WITH_POST: Final = (
    f"MATCH (c:Complaint)-[:ABOUT]->(a:Account)-[i:{_ACTING}]->(o:Post)<-[:ABOUT]-(d:Complaint) "
    f"WITH c, i, d WHERE d.id = c.id AND coalesce(c.kind = i.kind, c.kind IS NULL) {_MEANT}"
)
# Where no post is named the day decides, and only what a paslon's page published counts.
_ON_THE_DAY: Final = (
    f"MATCH (c:Complaint)-[:ABOUT]->(a:Account)-[i:{_ACTING}]->(o:Post)<-[:PUBLISHED]-(p:Page) "
    "WITH c, i WHERE c.post_ref IS NULL AND c.at IS NOT NULL AND i.at_ms IS NOT NULL "
    f"AND coalesce(c.kind = i.kind, c.kind IS NULL) {_MEANT}"
)
_FOLLOWS: Final = f"MATCH (c:Complaint)-[:ABOUT]->(a:Account)-[i:FOLLOWED]->(p:Page) WHERE c.kind = 'FOLLOWED' {_MEANT}"
# Taking off and putting on again leaves both times: no value can be taken away by writing.
_WATCHED: Final = (
    "MATCH (w:Watch)-[:WATCHES]->(n:{label}) WHERE (w.removed_at_ms IS NULL OR w.removed_at_ms < w.added_at_ms) "
    "RETURN w.id AS id, w.kind AS kind, n.handle AS handle, n.platform AS platform, w.reason AS reason, "
    "w.added_by AS added_by, w.added_at_ms AS added_at_ms ORDER BY id"
)
_ON_ROSTER: Final = (
    f"MATCH (a:Account)-[b:{{type}}]->(n:{{label}}) WHERE a.id = $id AND {in_force('b', '$at_ms')} RETURN b.id AS id"
)
_DECISIONS: Final = (
    "MATCH (d:Decision) RETURN d.id AS id, d.lead AS lead, d.lead_kind AS lead_kind, d.accounts AS accounts, "
    "d.outcome AS outcome, d.reason AS reason, d.reviewer AS reviewer, d.at_ms AS at_ms, "
    "d.clarification AS clarification, d.forwarded_to AS forwarded_to, d.previous AS previous"
)
_EMPLOYED: Final = (
    "MATCH (a:Account)-[:BELONGS_TO]->(:Asn)-[:WORKS_AT]->(g:Agency) "
    "RETURN DISTINCT a.id AS account, g.id AS agency, g.name AS name"
)
_ACTS: Final = "|".join(POST_INTERACTIONS)
# New is what only these sources supply: a row that came in again is not. (The embedded engine knows no parameter
# inside of all().)
_GIVEN: Final = "WITH $sources AS imports "
_NEW: Final = "all(x IN {of}.sources WHERE left(x, 16) IN imports)"
# Whose an account is must be valid when it acted; where nobody knows when that was, it is said.
_IN_FORCE: Final = (
    "WITH a, b, i, {ends}, coalesce(i.at_ms, i.observed_at_ms) AS t, "
    "CASE WHEN i.at_ms IS NULL THEN 'untimed' ELSE coalesce(i.basis, 'acted') END AS time_basis "
    f"WHERE (t IS NULL OR ({in_force('b', 't')})) "
)
_VALID: Final = f"{_IN_FORCE}AND ($always OR (time_basis <> 'observed' AND i.at_ms >= $from_ms AND i.at_ms < $to_ms)) "
# Acts that may lie in a period, and of which nobody knows it: without a time, or seen in it or after it.
_PERHAPS: Final = (
    f"{_IN_FORCE}AND (time_basis = 'untimed' OR (time_basis = 'observed' AND i.at_ms >= $from_ms)) "
    "RETURN time_basis AS time_basis, i.id AS interaction"
)
_RETURN: Final = (
    "RETURN i.id AS interaction, i.kind AS kind, i.at_ms AS at_ms, i.at AS at, a.id AS account, a.handle AS handle, "
    "b.basis AS basis, b.confidence AS confidence, "
    "CASE WHEN t IS NULL AND NOT (b.from_ms IS NULL AND b.to_ms IS NULL) THEN 'unknown' ELSE 'valid' END AS validity, "
    "{post} p.id AS page, p.handle AS page_handle, p.class AS class, p.registered AS registered, s.id AS paslon, "
    "i.sources AS sources, time_basis AS time_basis "
    "ORDER BY coalesce(at_ms, -1) DESC, interaction, page, paslon, basis"
)
_NEW_ACTS: Final = (
    f"{_GIVEN}MATCH (n:Asn)<-[b:BELONGS_TO]-(a:Account)-[i:{_ACTS}]->(o:Post)"
    f"<-[:PUBLISHED]-(p:Page)-[:SUPPORTS]->(s:Paslon) WITH imports, a, b, i, o, p, s WHERE {_NEW.format(of='i')} "
)
_NEW_FOLLOWS: Final = (
    f"{_GIVEN}MATCH (n:Asn)<-[b:BELONGS_TO]-(a:Account)-[i:FOLLOWED]->(p:Page)-[:SUPPORTS]->(s:Paslon) "
    f"WITH imports, a, b, i, p, s WHERE {_NEW.format(of='i')} "
)
_ACTED: Final = _NEW_ACTS + _VALID.format(ends="o, p, s") + _RETURN.format(post="o.id AS post, o.url AS url,")
_FOLLOWED: Final = _NEW_FOLLOWS + _VALID.format(ends="p, s") + _RETURN.format(post="")
_PERHAPS_THEN: Final = (_NEW_ACTS + _PERHAPS.format(ends="o, p, s"), _NEW_FOLLOWS + _PERHAPS.format(ends="p, s"))
_NEW_COMPLAINTS: Final = (
    f"{_GIVEN}MATCH (c:Complaint) WHERE {_NEW.format(of='c')} "
    "RETURN c.id AS complaint, c.received_at AS received_at, c.deadline AS deadline, c.status AS status, "
    "c.platform AS platform, c.kind AS kind, c.account_ref AS account_ref ORDER BY deadline, complaint"
)


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
    return set(store.rows("Complaint", ("id",), ids=ids)["id"].to_pylist()) if ids else set()


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
    rows = store.rows("Complaint", ("id", "platform", "account_ref", "post_ref", "sources")).to_pylist()
    if not rows:
        return []
    account, post = (
        set(store.rows("ABOUT", ("from",), ends=("Complaint", label))["from"].to_pylist())
        for label in ("Account", "Post")
    )
    return [
        row
        for row in rows
        if (row["account_ref"] is not None and row["id"] not in account)
        or (row["post_ref"] is not None and row["id"] not in post)
    ]


def naming_complaints(store: ReadableStore) -> list[Naming]:
    """The complaints that name an account, whether they are linked with it or not."""
    return [Naming(**row) for row in store.read(_NAMING).to_pylist()]


def watched_now(store: ReadableStore) -> list[dict[str, Any]]:
    """What is on the watchlist, accounts before pages, each by id.

    Returns:
        id, kind, handle, platform, reason, added_by and added_at_ms of each.
    """
    return [row for label in ("Account", "Page") for row in store.read(_WATCHED.format(label=label)).to_pylist()]


def on_roster(store: ReadableStore, account: str, at_ms: int) -> bool:
    """Whether an account is a person's or an agency's at that time: who has left the roster is not on it."""
    given = {"id": account, "at_ms": at_ms}
    kinds = (("BELONGS_TO", "Asn"), ("OPERATED_BY", "Agency"))
    return any(store.read(_ON_ROSTER.format(type=type, label=label), given).num_rows for type, label in kinds)


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


class Employed(NamedTuple):
    """An account of somebody who works at an agency."""

    account: str
    agency: str
    name: str | None


def all_decisions(store: ReadableStore) -> list[StoredDecision]:
    """Every decision, in no order."""
    return [StoredDecision(**row) for row in store.read(_DECISIONS).to_pylist()]


def employed_accounts(store: ReadableStore) -> list[Employed]:
    """The accounts of persons with each agency that the roster names for them."""
    return [Employed(**row) for row in store.read(_EMPLOYED).to_pylist()]


def new_interactions(
    store: ReadableStore, sources: tuple[str, ...], period: TimeRange, limit: int
) -> list[dict[str, Any]]:
    """Interactions of roster accounts with posts of pages that support a paslon, and follows of such pages.

    Args:
        sources: those that alone supply them.
        period: only interactions of that time.
        limit: so many acts, and so many follows, the latest; one more of each says that there are more.

    Returns:
        interaction, kind, at_ms, at, account, handle, basis, confidence, validity (valid, or unknown where the link to
        the person has an end and the time of the act is not known), post, url (not of follows), page, page_handle,
        class, registered, paslon, sources and time_basis (acted, derived, observed or untimed); an interaction once for
        each page, paslon and basis. Of a period are only those that are known to lie in it.
    """
    from_ms, to_ms = Validity(period.begin_ms, period.end_ms).bounds
    given = {"sources": list(sources), "always": period.is_open, "from_ms": from_ms, "to_ms": to_ms, "most": limit + 1}
    return [row for cypher in (_ACTED, _FOLLOWED) for row in store.read(f"{cypher} LIMIT $most", given).to_pylist()]


def new_interactions_perhaps(store: ReadableStore, sources: tuple[str, ...], period: TimeRange) -> dict[str, int]:
    """How many more of `new_interactions` may lie in a period, by what is known of their time: untimed or observed."""
    given = {"sources": list(sources), "from_ms": Validity(period.begin_ms, period.end_ms).bounds[0]}
    rows = (row for cypher in _PERHAPS_THEN for row in store.read(cypher, given).to_pylist())
    basis_of = {row["interaction"]: row["time_basis"] for row in rows}
    return {basis: sum(known == basis for known in basis_of.values()) for basis in ("untimed", "observed")}


def new_complaints(store: ReadableStore, sources: tuple[str, ...]) -> pa.Table:
    """Complaints that these sources alone supply, by deadline.

    Returns:
        complaint, received_at, deadline, status, platform, kind and account_ref of each.
    """
    return store.read(_NEW_COMPLAINTS, {"sources": list(sources)})
