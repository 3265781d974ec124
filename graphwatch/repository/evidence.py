"""Interactions for a list of evidence: what accounts did, on which pages, and which rows of files say so."""

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from graphwatch.model import POST_INTERACTIONS
from graphwatch.store.base import ReadableStore

_POST_KINDS: Final = "|".join(POST_INTERACTIONS)
_ACT: Final = (
    "a.id AS account, i.kind AS kind, o.id AS object, i.at_ms AS at_ms, i.at AS at, i.text AS text, "
    "o.url AS url, i.sources AS sources, i.id AS id"
)
_ACTS: Final = f"MATCH (a:Account)-[i:{_POST_KINDS}]->(o:Post) WHERE a.id IN $ids RETURN {_ACT}"
_ON_PAGES: Final = (
    f"MATCH (a:Account)-[i:{_POST_KINDS}]->(o:Post)<-[:PUBLISHED]-(p:Page)-[:SUPPORTS]->(:Paslon) "
    f"WHERE a.id IN $ids RETURN DISTINCT {_ACT}"
)
_FOLLOWS: Final = (
    f"MATCH (a:Account)-[i:FOLLOWED]->(o:Page)-[:SUPPORTS]->(:Paslon) WHERE a.id IN $ids RETURN DISTINCT {_ACT}"
)
_PUBLISHERS: Final = (
    "MATCH (p:Page)-[:PUBLISHED]->(o:Post) WHERE o.id IN $ids RETURN o.id AS object, p.id AS id, p.name AS name"
)
_PAGES: Final = "MATCH (p:Page) WHERE p.id IN $ids RETURN p.id AS object, p.id AS id, p.name AS name"


class Act(NamedTuple):
    """An interaction as the graph has it.

    Attributes:
        account, kind, object: who, which kind of interaction, and the id of the post or of the page that is followed.
        at_ms, at: when, UTC epoch milliseconds, and as written in the source; None where unknown.
        text, url: its text, and the address of the object.
        sources: source:row of every row that supplied it.
        id: of the relation.
    """

    account: str
    kind: str
    object: str
    at_ms: int | None
    at: str | None
    text: str | None
    url: str | None
    sources: tuple[str, ...]
    id: str


class PageBehind(NamedTuple):
    """A page, and its name where it has one."""

    id: str
    name: str | None

    @property
    def called(self) -> str:
        """Its name, else its id."""
        return self.name or self.id


def acts_of(store: ReadableStore, accounts: Collection[str]) -> list[Act]:
    """All interactions of these accounts with posts, in order of time, those without a time last."""
    return _in_time(_acts(store, _ACTS, accounts))


def acts_for_paslon(store: ReadableStore, account: str) -> list[Act]:
    """Interactions of an account with posts of pages that support a paslon, and its follows of such pages."""
    return _in_time([*_acts(store, _ON_PAGES, [account]), *_acts(store, _FOLLOWS, [account])])


def publishers_of(store: ReadableStore, posts: Collection[str]) -> dict[str, PageBehind]:
    """The page that published each post; of several, the one with the smallest id."""
    return _pages(store, (_PUBLISHERS,), posts)


def pages_behind(store: ReadableStore, objects: Collection[str]) -> dict[str, PageBehind]:
    """The page behind each object: of a post as for `publishers_of`; a page that is followed stands for itself."""
    return _pages(store, (_PUBLISHERS, _PAGES), objects)


def _acts(store: ReadableStore, query: str, accounts: Collection[str]) -> list[Act]:
    rows = store.read(query, {"ids": list(accounts)}).to_pylist()
    return [Act(**{**row, "sources": tuple(row["sources"] or ())}) for row in rows]


def _in_time(acts: Iterable[Act]) -> list[Act]:
    return sorted(acts, key=lambda act: (act.at_ms is None, act.at_ms or 0, act.account, act.object, act.id))


def _pages(store: ReadableStore, queries: Iterable[str], objects: Collection[str]) -> dict[str, PageBehind]:
    if not objects:
        return {}
    rows = [row for query in queries for row in store.read(query, {"ids": list(objects)}).to_pylist()]
    # Of several pages the last one is kept.
    rows.sort(key=lambda row: row["id"], reverse=True)
    return {row["object"]: PageBehind(row["id"], row["name"]) for row in rows}
