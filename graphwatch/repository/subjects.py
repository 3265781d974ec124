"""What is stored about an account or a person, and what an erasure of them would take."""

from collections.abc import Iterator
from typing import Any, Final, Literal, NamedTuple

import pyarrow as pa

from graphwatch.model import POST_INTERACTIONS
from graphwatch.model.declaring import Node
from graphwatch.model.tables import every_table
from graphwatch.store.base import ReadableStore

Row = dict[str, Any]
_ACTS: Final = "|".join(POST_INTERACTIONS)
_ACCOUNTS: Final = (
    "MATCH (a:Account) WHERE a.id IN $ids RETURN a.id AS id, a.platform AS platform, a.handle AS handle, "
    "a.name AS name, a.url AS url ORDER BY id"
)
_PERSON: Final = "MATCH (p:Asn) WHERE p.id = $id RETURN p.id AS id"
_OF_PERSON: Final = "MATCH (a:Account)-[:BELONGS_TO]->(p:Asn) WHERE p.id = $id RETURN DISTINCT a.id AS id ORDER BY id"
_OTHERS: Final = (
    "MATCH (a:Account)-[:BELONGS_TO]->(p:Asn) WHERE a.id IN $ids AND p.id <> $id RETURN DISTINCT a.id AS id"
)
_DONE: Final = (
    f"MATCH (a:Account)-[r:{_ACTS}]->(o:Post) WHERE a.id IN $ids "
    "RETURN a.id AS account, r.kind AS kind, o.id AS object, o.url AS url, o.text AS object_text, r.at AS at, "
    "r.at_ms AS at_ms, r.observed_at_ms AS observed_at_ms, r.text AS text, r.sources AS sources, r.id AS id "
    "ORDER BY account, at_ms, id"
)
_FOLLOWS: Final = (
    "MATCH (a:Account)-[r:FOLLOWED]->(o:{label}) WHERE {which}.id IN $ids RETURN a.id AS account, r.kind AS kind, "
    "o.id AS object, r.at AS at, r.at_ms AS at_ms, r.sources AS sources, r.id AS id ORDER BY account, at_ms, id"
)
_PUBLISHED: Final = (
    "MATCH (a:Account)-[:PUBLISHED]->(p:Post) WHERE a.id IN $ids RETURN a.id AS account, p.id AS post, p.url AS url, "
    "p.text AS text, p.at AS at, p.at_ms AS at_ms ORDER BY account, post"
)
_PAIRS: Final = (
    "MATCH (a:Account)-[r:CO_INTERACTED]->(b:Account) WHERE a.id IN $ids OR b.id IN $ids RETURN r.run AS run, "
    "a.id AS account_a, b.id AS account_b, r.layer AS layer, r.n AS n, r.expected AS expected, r.q AS q, "
    "r.coordinated AS coordinated ORDER BY run, account_a, account_b, layer"
)
_CLUSTERS: Final = (
    "MATCH (a:Account)-[r:MEMBER_OF]->(c:Cluster) WHERE a.id IN $ids RETURN a.id AS account, c.id AS cluster, "
    "c.run AS run, c.size AS size, r.entered AS entered ORDER BY account, cluster"
)
_BURSTS: Final = (
    "MATCH (a:Account)-[:MEMBER_OF]->(k:Cluster)<-[:BURST_OF]-(b:Burst) WHERE a.id IN $ids RETURN a.id AS account, "
    "b.id AS burst, k.id AS cluster, b.number AS number, b.run AS run, b.object_kind AS object_kind, "
    "b.object AS object, b.members AS members, b.first_ms AS first_ms, b.last_ms AS last_ms, "
    "b.interactions AS interactions ORDER BY account, cluster, number"
)
_SCORES: Final = (
    "MATCH (a:Account)-[r:SCORED]->(n:Run) WHERE a.id IN $ids RETURN a.id AS account, n.id AS run, "
    "r.metric AS metric, r.projection AS projection, r.value AS value ORDER BY account, run, metric, projection"
)
_LAGS: Final = (
    "MATCH (a:Account)-[r:REGULAR_LAG]->(n:Run) WHERE a.id IN $ids RETURN a.id AS account, n.id AS run, "
    "r.posts AS posts, r.near AS near, r.known AS known, r.shortest_s AS shortest_s, r.longest_s AS longest_s, "
    "r.expected AS expected, r.q AS q ORDER BY account, run"
)
_LINKS: Final = (
    "MATCH (a:Account)-[r:BELONGS_TO]->(p:Asn) WHERE a.id IN $ids OR p.id = $person RETURN a.id AS account, "
    "p.id AS person, r.basis AS basis, r.confidence AS confidence, r.checked_at AS checked_at, "
    "r.checked_by AS checked_by, r.valid_from AS valid_from, r.valid_to AS valid_to, r.sources AS sources "
    "ORDER BY account, person, basis"
)
_DUTY: Final = (
    "MATCH (a:Account)-[r:OPERATED_BY]->(g:Agency) WHERE a.id IN $ids RETURN a.id AS account, g.id AS agency, "
    "g.name AS name, r.valid_from AS valid_from, r.valid_to AS valid_to, r.sources AS sources ORDER BY account, agency"
)
_EMPLOYMENT: Final = (
    "MATCH (p:Asn)-[r:WORKS_AT]->(g:Agency) WHERE p.id = $person RETURN g.id AS agency, g.name AS name, "
    "p.kind AS kind, r.position AS position, r.position_class AS position_class, r.valid_from AS valid_from, "
    "r.valid_to AS valid_to, r.sources AS sources ORDER BY agency"
)
_WATCH: Final = (
    "MATCH (w:Watch)-[:WATCHES]->(a:Account) WHERE a.id IN $ids RETURN a.id AS account, w.reason AS reason, "
    "w.added_by AS added_by, w.added_at_ms AS added_at_ms, w.removed_at_ms AS removed_at_ms ORDER BY account"
)
_COMPLAINTS: Final = (
    "MATCH (c:Complaint)-[:ABOUT]->(a:Account) WHERE a.id IN $ids RETURN a.id AS account, c.id AS complaint, "
    "c.channel AS channel, c.received_at AS received_at, c.status AS status, c.text AS text, c.evidence AS evidence, "
    "c.sources AS sources ORDER BY account, complaint"
)
_DECISIONS: Final = (
    "MATCH (d:Decision) RETURN d.id AS decision, d.lead AS lead, d.lead_kind AS lead_kind, d.outcome AS outcome, "
    "d.reason AS reason, d.clarification AS clarification, d.forwarded_to AS forwarded_to, d.reviewer AS reviewer, "
    "d.at_ms AS at_ms, d.accounts AS accounts ORDER BY at_ms, decision"
)
_BY_ACCOUNT: Final = {
    "interactions": _DONE,
    "published": _PUBLISHED,
    "pairs": _PAIRS,
    "clusters": _CLUSTERS,
    "bursts": _BURSTS,
    "regular_lags": _LAGS,
    "scores": _SCORES,
    "duty": _DUTY,
    "watch": _WATCH,
    "complaints": _COMPLAINTS,
}
# What holds an account or post in the graph beside its own interactions: someone works on it, or the office says it.
_HELD_BY: Final = {
    "Account": ("BELONGS_TO", "OPERATED_BY", "ABOUT", "CONCERNS", "WATCHES", "PUBLISHED"),
    "Post": ("ABOUT", "PUBLISHED"),
}
HELD_LABELS: Final = tuple(_HELD_BY)
_ACTED: Final = "|".join(POST_INTERACTIONS)
_OWN: Final = "MATCH (a:Account)-[:PUBLISHED]->(p:Post) WHERE a.id IN $ids RETURN DISTINCT p.id AS id"
_OF_PAGES: Final = "MATCH (g:Page)-[:PUBLISHED]->(p:Post) WHERE p.id IN $posts RETURN DISTINCT p.id AS id"
_ACTED_ON: Final = (
    f"MATCH (b:Account)-[:{_ACTED}]->(p:Post) WHERE p.id IN $posts AND NOT b.id IN $ids RETURN DISTINCT p.id AS id"
)
_REPORTED: Final = "MATCH (c:Complaint)-[:ABOUT]->(p:Post) WHERE p.id IN $posts RETURN DISTINCT p.id AS id"
_BARE: Final = (
    f"MATCH (a:Account)-[:{_ACTED}]->(p:Post) WHERE a.id IN $ids AND p.text IS NULL AND p.at_ms IS NULL "
    "RETURN DISTINCT p.id AS id"
)
_CONTAINING: Final = "MATCH (p:Post) WHERE p.id CONTAINS $native RETURN p.id AS id"
_FOLLOWED: Final = "MATCH (a:Account)-[:FOLLOWED]->(b:Account) WHERE a.id IN $ids RETURN DISTINCT b.id AS id"
_FOLLOWERS: Final = "MATCH (b:Account)-[:FOLLOWED]->(a:Account) WHERE a.id IN $ids RETURN DISTINCT b.id AS id"
_WITH: Final = "MATCH (a:Account)-[:MEMBER_OF]->(c:Cluster) WHERE a.id IN $ids RETURN DISTINCT c.id AS id"
_COMPLAINED: Final = "MATCH (c:Complaint)-[:ABOUT]->(a:Account) WHERE a.id IN $ids RETURN DISTINCT c.id AS id"
_DECIDED: Final = "MATCH (d:Decision) WHERE d.lead_kind = 'account' AND d.lead IN $ids RETURN d.id AS id"


def accounts(store: ReadableStore, ids: list[str]) -> list[Row]:
    """Those of the accounts that are in the graph: id, platform, handle, name and url, by id."""
    return _read(store, _ACCOUNTS, ids=ids) if ids else []


def has_person(store: ReadableStore, id: str) -> bool:
    """Whether a roster, or a row of accounts, has brought that person in."""
    return bool(store.read(_PERSON, {"id": id}).num_rows)


def accounts_of_person(store: ReadableStore, person: str) -> tuple[list[str], set[str]]:
    """The accounts that belong to a person, sorted, and those of them that somebody else claims too."""
    ids = [row["id"] for row in _read(store, _OF_PERSON, id=person)]
    claimed = {row["id"] for row in _read(store, _OTHERS, ids=ids, id=person)} if ids else set()
    return ids, claimed


def stored_about(store: ReadableStore, ids: list[str], person: str) -> dict[str, list[Row]]:
    """Everything but follows that is stored about accounts and a person.

    Args:
        ids: of the accounts.
        person: id of the person; empty where it is about accounts alone.

    Returns:
        Rows of interactions, published, pairs, clusters, bursts, scores, duty, watch and complaints (each with its
        account), of links between accounts and persons, of employment, and of decisions about any of the accounts;
        what has sources names them. Bursts are those that the accounts acted in, each with the ids of their own
        interactions. In clusters_without_bursts are those whose run kept none, or whose bursts were erased.
    """
    found = {name: _read(store, cypher, ids=ids) if ids else [] for name, cypher in _BY_ACCOUNT.items()}
    whole = {row["cluster"] for row in found["bursts"]}
    found["bursts"] = _acted_in(found["bursts"], found["interactions"])
    found["clusters_without_bursts"] = [
        {"cluster": cluster}
        for cluster in dict.fromkeys(row["cluster"] for row in found["clusters"])
        if cluster not in whole
    ]
    # A list without a type is refused by one of the engines.
    found["links"] = _read(store, _LINKS, ids=ids or [""], person=person)
    found["employment"] = _read(store, _EMPLOYMENT, person=person)
    found["decisions"] = [
        {name: value for name, value in row.items() if name != "accounts"}
        for row in _read(store, _DECISIONS)
        if set(row["accounts"] or ()) & set(ids) or row["lead"] in ids
    ]
    return found


def _acted_in(bursts: list[Row], interactions: list[Row]) -> list[Row]:
    """The bursts that hold an interaction of their account, with the account's own interactions only."""
    own = {(row["account"], row["id"]) for row in interactions}
    told = [
        {**row, "interactions": [id for id in row["interactions"] or () if (row["account"], id) in own]}
        for row in bursts
    ]
    return [row for row in told if row["interactions"]]


def follows(
    store: ReadableStore, ids: list[str], label: Literal["Account", "Page"], *, followed: bool = False
) -> list[Row]:
    """Whom these accounts follow or, if asked, who follows them.

    Returns:
        account, kind, object, at, at_ms, sources and id of each.
    """
    which = "o" if followed else "a"
    return _read(store, _FOLLOWS.format(label=label, which=which), ids=ids) if ids else []


def _read(store: ReadableStore, cypher: str, **given: Any) -> list[Row]:
    rows: list[Row] = store.read(cypher, given).to_pylist()
    return rows


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
    published = _ids(store, _OWN, ids=ids)
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
    return _ids(store, _WITH, ids=ids)


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
