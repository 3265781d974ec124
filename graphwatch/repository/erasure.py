"""What an erasure must know of the graph: what is an account's alone, what others hold, and what a source supplied."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import pyarrow as pa

from graphwatch.model import POST_INTERACTIONS
from graphwatch.model.declaring import Node
from graphwatch.model.tables import every_table
from graphwatch.store.base import ReadableStore

# What holds an account or post in the graph beside its own interactions: someone works on it, or the office says it.
_HELD_BY: Final = {
    "Account": ("BELONGS_TO", "OPERATED_BY", "ABOUT", "CONCERNS", "WATCHES", "PUBLISHED"),
    "Post": ("ABOUT", "PUBLISHED"),
}
HELD_LABELS: Final = tuple(_HELD_BY)

_ACTS: Final = "|".join(POST_INTERACTIONS)
_PUBLISHED: Final = "MATCH (a:Account)-[:PUBLISHED]->(p:Post) WHERE a.id IN $ids RETURN DISTINCT p.id AS id"
_OF_PAGES: Final = "MATCH (g:Page)-[:PUBLISHED]->(p:Post) WHERE p.id IN $posts RETURN DISTINCT p.id AS id"
_ACTED_ON: Final = (
    f"MATCH (b:Account)-[:{_ACTS}]->(p:Post) WHERE p.id IN $posts AND NOT b.id IN $ids RETURN DISTINCT p.id AS id"
)
_REPORTED: Final = "MATCH (c:Complaint)-[:ABOUT]->(p:Post) WHERE p.id IN $posts RETURN DISTINCT p.id AS id"
_BARE: Final = (
    f"MATCH (a:Account)-[:{_ACTS}]->(p:Post) WHERE a.id IN $ids AND p.text IS NULL AND p.at_ms IS NULL "
    "RETURN DISTINCT p.id AS id"
)
_CONTAINING: Final = "MATCH (p:Post) WHERE p.id CONTAINS $native RETURN p.id AS id"
_FOLLOWED: Final = "MATCH (a:Account)-[:FOLLOWED]->(b:Account) WHERE a.id IN $ids RETURN DISTINCT b.id AS id"
_FOLLOWERS: Final = "MATCH (b:Account)-[:FOLLOWED]->(a:Account) WHERE a.id IN $ids RETURN DISTINCT b.id AS id"
_CLUSTERS: Final = "MATCH (a:Account)-[:MEMBER_OF]->(c:Cluster) WHERE a.id IN $ids RETURN DISTINCT c.id AS id"
_COMPLAINED: Final = "MATCH (c:Complaint)-[:ABOUT]->(a:Account) WHERE a.id IN $ids RETURN DISTINCT c.id AS id"
_DECIDED: Final = "MATCH (d:Decision) WHERE d.lead_kind = 'account' AND d.lead IN $ids RETURN d.id AS id"


class Supplied(NamedTuple):
    """The relations of one type between two labels, which name their sources.

    `rows` has id, the ids of the ends in a and b, and sources.
    """

    type: str
    start: str
    end: str
    rows: pa.Table


class Holding(NamedTuple):
    """Relations of one type that hold nodes: `rows` has their ids and in `held` those of the nodes."""

    type: str
    rows: pa.Table


class _Pattern(NamedTuple):
    """Relations of one type from `start` to `end` that hold the node at one end, `a` or `b`."""

    type: str
    start: str
    end: str
    held: str

    @property
    def cypher(self) -> str:
        return f"MATCH (a:`{self.start}`)-[r:`{self.type}`]->(b:`{self.end}`)"

    @property
    def other(self) -> tuple[str, str]:
        """The other end, and its label."""
        return ("b", self.end) if self.held == "a" else ("a", self.start)


def _holding(label: str) -> Iterator[_Pattern]:
    """The relations that hold a node of that label.

    >>> sorted({h.type for h in _holding("Post")})
    ['ABOUT', 'COMMENTED', 'LIKED', 'MENTIONED', 'PUBLISHED', 'SHARED']
    """
    for _, element, start, end in every_table():
        if isinstance(element, Node) or start is None or end is None:
            continue
        names = {p.name for p in element.properties}
        if element.name in _HELD_BY[label] or {"sources", "at_ms"} <= names:
            for held, of in (("a", start), ("b", end)):
                if of == label:
                    yield _Pattern(element.name, start, end, held)


def holdings(store: ReadableStore, label: str) -> Iterator[Holding]:
    """Everything that holds nodes of that label, Account or Post, in the graph."""
    for by in _holding(label):
        yield Holding(by.type, store.read(f"{by.cypher} RETURN r.id AS id, {by.held}.id AS held"))


def held_by_others(store: ReadableStore, label: str, candidates: frozenset[str], ids: list[str]) -> frozenset[str]:
    """Which of the nodes of that label hang on something else than the accounts with these ids."""
    held: frozenset[str] = frozenset()
    for by in _holding(label):
        other, of = by.other
        apart, given = (f" AND NOT {other}.id IN $ids", {"ids": ids}) if of == "Account" else ("", {})
        cypher = f"{by.cypher} WHERE {by.held}.id IN $candidates{apart} RETURN DISTINCT {by.held}.id AS id"
        held |= _ids(store, cypher, candidates=sorted(candidates), **given)
    return held


def supplied_relations(store: ReadableStore) -> Iterator[Supplied]:
    """Every relation that names its sources, a type and pair of labels at a time."""
    for _, element, start, end in every_table():
        if isinstance(element, Node) or all(p.name != "sources" for p in element.properties):
            continue
        cypher = (
            f"MATCH (a:`{start}`)-[r:`{element.name}`]->(b:`{end}`) "
            "RETURN r.id AS id, a.id AS a, b.id AS b, r.sources AS sources"
        )
        yield Supplied(element.name, str(start), str(end), store.read(cypher))


def supplied_nodes(store: ReadableStore, label: str) -> pa.Table:
    """The nodes of a label that names its sources: id and sources."""
    return store.read(f"MATCH (n:`{label}`) RETURN n.id AS id, n.sources AS sources")


def own_posts(store: ReadableStore, ids: list[str]) -> frozenset[str]:
    """Posts that these accounts published, without those that pages published too."""
    published = _ids(store, _PUBLISHED, ids=ids)
    return published - (_ids(store, _OF_PAGES, posts=sorted(published)) if published else frozenset())


def posts_used_by_others(store: ReadableStore, posts: frozenset[str], ids: list[str]) -> frozenset[str]:
    """Those of the posts on which others than these accounts acted, or which a complaint is about."""
    if not posts:
        return frozenset()
    return _ids(store, _ACTED_ON, posts=sorted(posts), ids=ids) | _ids(store, _REPORTED, posts=sorted(posts))


def bare_posts(store: ReadableStore, ids: list[str]) -> frozenset[str]:
    """Posts of which nothing is known but that these accounts acted on them."""
    return _ids(store, _BARE, ids=ids)


def posts_containing(store: ReadableStore, native: str) -> frozenset[str]:
    """Posts whose id has that text in it."""
    return _ids(store, _CONTAINING, native=native)


def accounts_following_or_followed(store: ReadableStore, ids: list[str]) -> frozenset[str]:
    """Accounts that these accounts follow, or that follow them."""
    return _ids(store, _FOLLOWED, ids=ids) | _ids(store, _FOLLOWERS, ids=ids)


def clusters_with(store: ReadableStore, ids: list[str]) -> frozenset[str]:
    """Clusters of any run that have one of these accounts as a member."""
    return _ids(store, _CLUSTERS, ids=ids)


def complaints_about(store: ReadableStore, ids: list[str]) -> frozenset[str]:
    """Complaints that are linked with one of these accounts."""
    return _ids(store, _COMPLAINED, ids=ids)


def decisions_on_accounts(store: ReadableStore, ids: list[str]) -> frozenset[str]:
    """Decisions on one of these accounts as a lead of its own."""
    return _ids(store, _DECIDED, ids=ids)


def _ids(store: ReadableStore, cypher: str, **given: list[str] | str) -> frozenset[str]:
    if any(value == [] for value in given.values()):
        return frozenset()
    return frozenset(store.read(cypher, given)["id"].to_pylist())
