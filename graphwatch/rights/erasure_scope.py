"""What goes when an account or a person is forgotten, and how much an erasure would take."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import pyarrow as pa

from graphwatch.common.clock import now_ms
from graphwatch.model.declaring import Node
from graphwatch.model.tables import every_table
from graphwatch.platforms.addresses import account_reference
from graphwatch.privacy.redaction import Words
from graphwatch.rights.subject import Whom
from graphwatch.store.erasing import Erasure
from graphwatch.store.workspace import Workspace

# What holds an account or post in the graph beside its own interactions: someone works on it, or the office says it.
_HELD: Final = {
    "Account": ("BELONGS_TO", "OPERATED_BY", "ABOUT", "CONCERNS", "WATCHES", "PUBLISHED"),
    "Post": ("ABOUT", "PUBLISHED"),
}
LABELS: Final = tuple(_HELD)


class Holding(NamedTuple):
    """Relations of one type from `start` to `end` that hold the node at one end, `a` or `b`."""

    type: str
    start: str
    end: str
    held: str

    @property
    def pattern(self) -> str:
        """The relations as a pattern."""
        return f"MATCH (a:`{self.start}`)-[r:`{self.type}`]->(b:`{self.end}`)"

    @property
    def other(self) -> tuple[str, str]:
        """The other end, and its label."""
        return ("b", self.end) if self.held == "a" else ("a", self.start)


def holding(label: str) -> Iterator[Holding]:
    """The relations that hold a node of that label.

    >>> sorted({h.type for h in holding("Post")})
    ['ABOUT', 'COMMENTED', 'LIKED', 'MENTIONED', 'PUBLISHED', 'SHARED']
    """
    for _, element, start, end in every_table():
        if isinstance(element, Node) or start is None or end is None:
            continue
        names = {p.name for p in element.properties}
        if element.name in _HELD[label] or {"sources", "at_ms"} <= names:
            for held, of in (("a", start), ("b", end)):
                if of == label:
                    yield Holding(element.name, start, end, held)


# What of a complaint is about the accused, and what of a post its author's own.
_ACCUSED: Final = ("account_ref", "post_ref", "kind", "at_ms", "at", "text", "evidence", "evidence_sha256")
_CONTENT: Final = ("url", "text", "links", "hashtags")
_ACTS: Final = "LIKED|COMMENTED|SHARED|MENTIONED"
_PUBLISHED: Final = "MATCH (a:Account)-[:PUBLISHED]->(p:Post) WHERE a.id IN $ids RETURN DISTINCT p.id AS id"
_ACTED_ON: Final = (
    f"MATCH (b:Account)-[:{_ACTS}]->(p:Post) WHERE p.id IN $posts AND NOT b.id IN $ids RETURN DISTINCT p.id AS id"
)
_BARE: Final = (
    f"MATCH (a:Account)-[:{_ACTS}]->(p:Post) WHERE a.id IN $ids AND p.text IS NULL AND p.at_ms IS NULL "
    "RETURN DISTINCT p.id AS id"
)
_FOLLOWED: Final = "MATCH (a:Account)-[:FOLLOWED]->(b:Account) WHERE a.id IN $ids RETURN DISTINCT b.id AS id"
_FOLLOWERS: Final = "MATCH (b:Account)-[:FOLLOWED]->(a:Account) WHERE a.id IN $ids RETURN DISTINCT b.id AS id"
_REPORTED: Final = "MATCH (c:Complaint)-[:ABOUT]->(p:Post) WHERE p.id IN $posts RETURN DISTINCT p.id AS id"
_OF_PAGES: Final = "MATCH (g:Page)-[:PUBLISHED]->(p:Post) WHERE p.id IN $posts RETURN DISTINCT p.id AS id"
_CLUSTERS: Final = "MATCH (a:Account)-[:MEMBER_OF]->(c:Cluster) WHERE a.id IN $ids RETURN DISTINCT c.id AS id"
_COMPLAINED: Final = "MATCH (c:Complaint)-[:ABOUT]->(a:Account) WHERE a.id IN $ids RETURN DISTINCT c.id AS id"
_NAMED: Final = (
    "MATCH (c:Complaint) WHERE c.account_ref IS NOT NULL "
    "RETURN c.id AS id, c.account_ref AS account_ref, c.platform AS platform"
)
_DECIDED: Final = "MATCH (d:Decision) WHERE d.lead_kind = 'account' AND d.lead IN $ids RETURN d.id AS id"


def extent(workspace: Workspace, about: Whom) -> Erasure:
    """The accounts and the person, what is theirs alone, and where others speak of them."""
    ids, words = about.ids, about.words
    persons = frozenset([about.person["id"]] if about.person else [])
    with workspace.store.session():
        own = _ids(workspace, _PUBLISHED, ids=ids) if ids else frozenset()
        own -= _ids(workspace, _OF_PAGES, posts=sorted(own)) if own else frozenset()
        used = frozenset[str]()
        if own:
            used = _ids(workspace, _ACTED_ON, posts=sorted(own), ids=ids) | _ids(
                workspace, _REPORTED, posts=sorted(own)
            )
        telling = _telling_posts(workspace, words, ids)
        complaints = (_ids(workspace, _COMPLAINED, ids=ids) | _accusing(workspace, about)) if ids else frozenset()
        accounts = frozenset(ids)
        loose = _loose(workspace, ids) if ids else {}
        return Erasure(
            at_ms=now_ms(),
            nodes={
                "Account": accounts | loose.get("Account", frozenset()),
                "Asn": persons,
                "Watch": accounts,
                "Decision": _ids(workspace, _DECIDED, ids=ids) if ids else frozenset(),
                "Post": (own - used) | telling | loose.get("Post", frozenset()),
            },
            emptied={"Complaint": (complaints, _ACCUSED), "Post": (own, _CONTENT)},
            words=words,
            clusters=_ids(workspace, _CLUSTERS, ids=ids) if ids else frozenset(),
        )


def preview(workspace: Workspace, erasure: Erasure) -> dict[str, int]:
    """How much would go of each kind."""
    counts: dict[str, int] = {}
    for _, table in workspace.store.dump():
        name = table.element.name
        for batch in table.batches:
            gone = erasure.apply(name, table.start, table.end, pa.Table.from_batches([batch])).gone
            if gone:
                counts[name] = counts.get(name, 0) + len(gone)
    return dict(sorted(counts.items()))


def _ids(workspace: Workspace, cypher: str, **given: list[str]) -> frozenset[str]:
    return frozenset(workspace.store.read(cypher, given)["id"].to_pylist())


def _loose(workspace: Workspace, ids: list[str]) -> dict[str, frozenset[str]]:
    """Bare posts and accounts of others that only these accounts' acts have brought in, by label."""
    followed = _ids(workspace, _FOLLOWED, ids=ids) | _ids(workspace, _FOLLOWERS, ids=ids)
    candidates = {"Account": followed - frozenset(ids), "Post": _ids(workspace, _BARE, ids=ids)}
    return {label: some - _held(workspace, label, some, ids) for label, some in candidates.items() if some}


def _held(workspace: Workspace, label: str, candidates: frozenset[str], ids: list[str]) -> frozenset[str]:
    """Which of the nodes hang on something else than these accounts."""
    held: frozenset[str] = frozenset()
    for by in holding(label):
        other, of = by.other
        apart, given = (f" AND NOT {other}.id IN $ids", {"ids": ids}) if of == "Account" else ("", {})
        cypher = f"{by.pattern} WHERE {by.held}.id IN $candidates{apart} RETURN DISTINCT {by.held}.id AS id"
        held |= _ids(workspace, cypher, candidates=sorted(candidates), **given)
    return held


def _telling_posts(workspace: Workspace, words: Words, ids: list[str]) -> frozenset[str]:
    """Posts whose native id has the account's in it, as some platforms make them."""
    found: set[str] = set()
    for native in {id.partition(":")[2] for id in ids} - {""}:
        rows = workspace.store.read("MATCH (p:Post) WHERE p.id CONTAINS $native RETURN p.id AS id", {"native": native})
        found |= {id for id in rows["id"].to_pylist() if id.partition(":")[2] != native and words.within(id)}
    return frozenset(found)


def _accusing(workspace: Workspace, about: Whom) -> frozenset[str]:
    """Complaints that name an account without being linked with it."""
    ids = set(about.ids)
    handles = {(a["platform"], a["handle"].lower()) for a in about.accounts if a["handle"]}
    urls = {a["url"] for a in about.accounts if a["url"]}
    found = set()
    for row in workspace.store.read(_NAMED).to_pylist():
        meant = account_reference(row["account_ref"], row["platform"])
        by_id = row["account_ref"] in ids or f"{meant.platform}:{meant.native}" in ids
        if by_id or (meant.platform, meant.handle) in handles or urls & set(meant.urls):
            found.add(row["id"])
    return frozenset(found)
