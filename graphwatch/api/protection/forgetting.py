"""Forget an account or a person: from graph and record, vault, quarantine and texts, with a proof and a tombstone."""

import getpass
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from graphwatch.api.protection.pending import Pending
from graphwatch.api.protection.proof import Proof, search
from graphwatch.api.protection.whom import Whom, whom
from graphwatch.errors import UsageError
from graphwatch.ingest.addresses import account_reference
from graphwatch.privacy import AccessLog, Pseudonyms, Tombstones, Vault, Words, project_key
from graphwatch.store import Erasure

if TYPE_CHECKING:
    from graphwatch.api.desk import Desk

# What of a complaint is about the accused, and what of a post its author's own.
_ACCUSED: Final = ("account_ref", "post_ref", "kind", "at_ms", "at", "text", "evidence", "evidence_sha256")
_CONTENT: Final = ("url", "text", "links", "hashtags")
_ACTS: Final = "LIKED|COMMENTED|SHARED|MENTIONED"
_PUBLISHED: Final = "MATCH (a:Account)-[:PUBLISHED]->(p:Post) WHERE a.id IN $ids RETURN DISTINCT p.id AS id"
_ACTED_ON: Final = (
    f"MATCH (b:Account)-[:{_ACTS}]->(p:Post) WHERE p.id IN $posts AND NOT b.id IN $ids RETURN DISTINCT p.id AS id"
)
_REPORTED: Final = "MATCH (c:Complaint)-[:ABOUT]->(p:Post) WHERE p.id IN $posts RETURN DISTINCT p.id AS id"
_OF_PAGES: Final = "MATCH (g:Page)-[:PUBLISHED]->(p:Post) WHERE p.id IN $posts RETURN DISTINCT p.id AS id"
_CLUSTERS: Final = "MATCH (a:Account)-[:MEMBER_OF]->(c:Cluster) WHERE a.id IN $ids RETURN DISTINCT c.id AS id"
_COMPLAINED: Final = "MATCH (c:Complaint)-[:ABOUT]->(a:Account) WHERE a.id IN $ids RETURN DISTINCT c.id AS id"
_NAMED: Final = (
    "MATCH (c:Complaint) WHERE c.account_ref IS NOT NULL "
    "RETURN c.id AS id, c.account_ref AS account_ref, c.platform AS platform"
)
_DECIDED: Final = "MATCH (d:Decision) WHERE d.lead_kind = 'account' AND d.lead IN $ids RETURN d.id AS id"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was erased.

    Attributes:
        erased: how many nodes and relations of each kind went.
        persons, quarantined: persons taken out of the vault, values withheld in quarantine files.
        clusters: clusters that lost members; their numbers, and those of every run, are of before.
        shared: accounts of the person that others claim too; they stay.
        proof: what a search of every file found afterwards; None where nothing was erased yet.
    """

    erased: Mapping[str, int]
    persons: int
    quarantined: int
    clusters: tuple[str, ...]
    shared: tuple[str, ...]
    proof: Proof | None


def forget(
    self: "Desk",
    *,
    account: str | None = None,
    asn: str | None = None,
    platform: str | None = None,
    reason: str,
    dry_run: bool = False,
) -> Forgotten:
    """Erase everything about an account or a person, prove it, and let no later load bring it back.

    Nodes, relations, pairs and memberships go from the graph and from its record; persons from the vault; values from
    quarantine files; names from texts of others, which stay. Complaints and posts of theirs on which others acted
    stay without their words. The access log stays: it is the record of what was processed.

    Args:
        account: id, handle or address.
        asn: a person's NIP, or id in the graph; accounts that are this person's alone go too.
        platform: where a handle needs it.
        reason: why; it is logged and may not name them.
        dry_run: only count.

    Raises:
        UsageError: no reason, one that names them, neither or both of account and asn.
        NothingFound: the graph does not know them.
        KeyMissing, KeyWrong: the key of the roster, the vault or the tombstones is not here.
        StoreLocked: another process holds the store.
    """
    if not reason.strip():
        raise UsageError("forgetting needs a reason", remedy="Give --reason; it is logged.")
    resume(self)
    about = whom(self, account, asn, platform)
    if about.words.within(reason):
        raise UsageError("the reason names whom it is about", remedy="Give a case number instead: the log stays.")
    erasure = _erasure(self, about)
    if dry_run:
        return Forgotten(preview(self, erasure), int(about.person is not None), 0, *_rest(erasure, about), None)
    Tombstones(self.folder)  # its key must be here before anything is erased
    names = Pseudonyms(project_key(self.folder))
    details = {"accounts": [names.account(id) for id in about.ids], "persons": int(about.person is not None)}
    AccessLog(self.folder / "access.log").record("forget", reason, getpass.getuser(), details)
    Pending(self.folder).begin(erasure, tombstones_of(about), about.shared)
    done = resume(self)
    assert done is not None
    return done


def resume(self: "Desk") -> Forgotten | None:
    """Finish what was begun and stopped; None where nothing was."""
    pending = Pending(self.folder)
    work = pending.read()
    if work is None:
        return None
    erasure, persons = work.erasure, work.erasure.nodes.get("Asn", frozenset())
    Tombstones(self.folder).add(work.tombstones)
    taken = Vault(self.folder).forget(persons) if persons else 0
    withheld = _withhold(self, erasure.words)
    erased = self.store.erase(erasure)
    proof = search(self, erasure)
    details = {"erased": erased, "files": proof.files, "found": len(proof.found)}
    AccessLog(self.folder / "access.log").record("forgotten", "proof of erasure", getpass.getuser(), details)
    pending.end()
    return Forgotten(erased, taken, withheld, tuple(sorted(erasure.clusters)), work.shared, proof)


def tombstones_of(about: Whom) -> list[tuple[Any, str]]:
    """What later loads must know them by."""
    handles = [f"{a['platform']}:{a['handle']}" for a in about.accounts if a["handle"] and a["platform"]]
    persons = [about.person["id"]] if about.person else []
    return [
        *(("account", id) for id in about.ids),
        *(("handle", handle) for handle in handles),
        *(("person", id) for id in persons),
    ]


def _erasure(desk: "Desk", about: Whom) -> Erasure:
    ids, words = about.ids, about.words
    persons = frozenset([about.person["id"]] if about.person else [])
    with desk.store.session():
        own = _ids(desk, _PUBLISHED, ids=ids) if ids else frozenset()
        own -= _ids(desk, _OF_PAGES, posts=sorted(own)) if own else frozenset()
        used = frozenset[str]()
        if own:
            used = _ids(desk, _ACTED_ON, posts=sorted(own), ids=ids) | _ids(desk, _REPORTED, posts=sorted(own))
        telling = _telling_posts(desk, words, ids)
        complaints = (_ids(desk, _COMPLAINED, ids=ids) | _accusing(desk, about)) if ids else frozenset()
        accounts = frozenset(ids)
        return Erasure(
            at_ms=time.time_ns() // 1_000_000,
            nodes={
                "Account": accounts,
                "Asn": persons,
                "Watch": accounts,
                "Decision": _ids(desk, _DECIDED, ids=ids) if ids else frozenset(),
                "Post": (own - used) | telling,
            },
            emptied={"Complaint": (complaints, _ACCUSED), "Post": (own, _CONTENT)},
            words=words,
            clusters=_ids(desk, _CLUSTERS, ids=ids) if ids else frozenset(),
        )


def _ids(desk: "Desk", cypher: str, **given: list[str]) -> frozenset[str]:
    return frozenset(desk.store.read(cypher, given)["id"].to_pylist())


def _telling_posts(desk: "Desk", words: Words, ids: list[str]) -> frozenset[str]:
    """Posts whose native id has the account's in it, as some platforms make them."""
    found: set[str] = set()
    for native in {id.partition(":")[2] for id in ids} - {""}:
        rows = desk.store.read("MATCH (p:Post) WHERE p.id CONTAINS $native RETURN p.id AS id", {"native": native})
        found |= {id for id in rows["id"].to_pylist() if id.partition(":")[2] != native and words.within(id)}
    return frozenset(found)


def _accusing(desk: "Desk", about: Whom) -> frozenset[str]:
    """Complaints that name an account without being linked with it."""
    ids = set(about.ids)
    handles = {(a["platform"], a["handle"].lower()) for a in about.accounts if a["handle"]}
    urls = {a["url"] for a in about.accounts if a["url"]}
    found = set()
    for row in desk.store.read(_NAMED).to_pylist():
        meant = account_reference(row["account_ref"], row["platform"])
        by_id = row["account_ref"] in ids or f"{meant.platform}:{meant.native}" in ids
        if by_id or (meant.platform, meant.handle) in handles or urls & set(meant.urls):
            found.add(row["id"])
    return frozenset(found)


def preview(desk: "Desk", erasure: Erasure) -> dict[str, int]:
    """How much would go of each kind."""
    counts: dict[str, int] = {}
    for _, table in desk.store.dump():
        name = table.element.name
        for batch in table.batches:
            gone = erasure.apply(name, table.start, table.end, pa.Table.from_batches([batch])).gone
            if gone:
                counts[name] = counts.get(name, 0) + len(gone)
    return dict(sorted(counts.items()))


def _rest(erasure: Erasure, about: Whom) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(sorted(erasure.clusters)), about.shared


def _withhold(desk: "Desk", words: Words) -> int:
    from graphwatch.ingest.quarantine import withhold

    files = sorted((desk.folder / "quarantine").glob("*.csv"))
    return sum(withhold(path, lambda cell: words.whole(cell) or words.within(cell)) for path in files)
