"""Interactions of accounts, the pages behind them, their ids, and the rows of files that supplied them."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final, Literal, NamedTuple

import pyarrow as pa

from graphwatch.model import POST_INTERACTIONS
from graphwatch.repository.ties import READ_BY_LIST
from graphwatch.store.base import ReadableStore
from graphwatch.store.scoping import ACTED

_TEXTS: Final = ("account", "post", "kind", "id")
ID_ROWS: Final = pa.schema([*((name, pa.string()) for name in _TEXTS), ("at_ms", pa.int64())])
_POST_KINDS: Final = "|".join(POST_INTERACTIONS)
_ACT: Final = (
    "a.id AS account, i.kind AS kind, o.id AS object, i.at_ms AS at_ms, i.at AS at, i.text AS text, "
    "o.url AS url, i.sources AS sources, i.id AS id, i.basis AS basis, i.precision_ms AS precision_ms"
)
_ACTS_OF: Final = f"MATCH (a:Account)-[i:{_POST_KINDS}]->(o:Post) WHERE a.id IN $ids RETURN {_ACT}"
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
SUPPLIED: Final = pa.schema(
    [
        *((name, pa.string()) for name in ("account", "object", "content")),
        ("at_ms", pa.int64()),
        ("sources", pa.list_(pa.string())),
        ("kind", pa.string()),
    ]
)


def timed_ids(
    store: ReadableStore, accounts: Sequence[str], kinds: Sequence[str], begin_ms: int, end_ms: int
) -> pa.Table:
    """The interactions of these accounts with posts, of these kinds, from `begin_ms` to `end_ms`, both included.

    Returns:
        Columns of `ID_ROWS`: ids of account and post, kind, id of the interaction, time (UTC epoch milliseconds).
    """
    if not accounts:
        return ID_ROWS.empty_table()
    few = len(accounts) <= READ_BY_LIST
    given = {"accounts": list(accounts), "begin_ms": begin_ms, "end_ms": end_ms}
    tables = []
    for kind in kinds:
        pattern = f"MATCH (a:Account)-[r:`{kind}`]->(o:Post)"
        which = f"{pattern} WHERE a.id IN $accounts" if few else f"UNWIND $accounts AS i {pattern} WHERE a.id = i"
        tables.append(
            store.read(
                f"{which} AND r.at_ms >= $begin_ms AND r.at_ms <= $end_ms AND {ACTED} "
                f"RETURN a.id AS account, o.id AS post, '{kind}' AS kind, r.id AS id, r.at_ms AS at_ms",
                given,
            ).cast(ID_ROWS)
        )
    return pa.concat_tables(tables)


def ids_of_acts(store: ReadableStore, accounts: Collection[str], posts: Collection[str]) -> dict[str, frozenset[str]]:
    """The ids of the interactions of these accounts, and of those with these posts, by kind."""
    found = {}
    for kind in POST_INTERACTIONS:
        ids: set[str] = set()
        for end, nodes in (("a", accounts), ("o", posts)):
            if nodes:
                cypher = f"MATCH (a:Account)-[r:`{kind}`]->(o:Post) WHERE {end}.id IN $nodes RETURN r.id AS id"
                ids.update(store.read(cypher, {"nodes": sorted(nodes)})["id"].to_pylist())
        if ids:
            found[kind] = frozenset(ids)
    return found


def supplied_acts(store: ReadableStore) -> pa.Table:
    """All interactions with posts whose time is that of the act, with the rows that supplied them; as in `SUPPLIED`."""
    tables = [
        store.read(
            f"MATCH (a:Account)-[r:`{kind}`]->(o:Post) WHERE r.at_ms IS NOT NULL AND {ACTED} RETURN a.id AS account, "
            f"o.id AS object, r.content_id AS content, r.at_ms AS at_ms, r.sources AS sources, '{kind}' AS kind"
        ).cast(SUPPLIED)
        for kind in POST_INTERACTIONS
    ]
    return pa.concat_tables(tables)


def untimed_acts(store: ReadableStore) -> int:
    """How many interactions with posts have no time of the act."""
    cypher = "MATCH (:Account)-[r:`{kind}`]->(:Post) WHERE r.at_ms IS NULL OR r.basis = 'observed' RETURN count(r) AS n"
    return sum(int(store.read(cypher.format(kind=kind))["n"][0].as_py()) for kind in POST_INTERACTIONS)


def source_ids(store: ReadableStore) -> list[str]:
    """The ids of the sources, in the order in which they were loaded."""
    rows = store.read("MATCH (s:Source) RETURN s.id AS id, s.loaded_at_ms AS at_ms")
    ids: list[str] = rows.sort_by([("at_ms", "ascending"), ("id", "ascending")])["id"].to_pylist()
    return ids


TimeBasis = Literal["acted", "derived", "observed", "untimed"]


class Act(NamedTuple):
    """An interaction as the graph has it.

    Attributes:
        account, kind, object: who, which kind of interaction, and the id of the post or of the page that is followed.
        at_ms, at: when, UTC epoch milliseconds, and as written in the source; None where unknown.
        text, url: its text, and the address of the object.
        sources: source:row of every row that supplied it.
        id: of the relation.
        basis, precision_ms: whose time it is and how well it is known; see the model.
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
    basis: str | None
    precision_ms: int | None

    @property
    def time_basis(self) -> TimeBasis:
        """Whose time it is, in one word.

        >>> Act("x:1", "LIKED", "x:a", None, None, None, None, (), "i", None, None).time_basis
        'untimed'
        """
        if self.at_ms is None:
            return "untimed"
        return "observed" if self.basis == "observed" else "derived" if self.basis == "derived" else "acted"

    def within(self, window_ms: int) -> bool:
        """Whether its time says within so many milliseconds when the account acted."""
        return self.time_basis in ("acted", "derived") and (self.precision_ms or 0) <= window_ms


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
    return _in_time(_acts(store, _ACTS_OF, accounts))


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
