"""Interactions with posts: with their ids, and with the rows of files that supplied them."""

from collections.abc import Collection, Sequence
from typing import Final

import pyarrow as pa

from graphwatch.model import POST_INTERACTIONS
from graphwatch.repository.ties import READ_BY_LIST
from graphwatch.store.base import ReadableStore

_TEXTS: Final = ("account", "post", "kind", "id")
ID_ROWS: Final = pa.schema([*((name, pa.string()) for name in _TEXTS), ("at_ms", pa.int64())])


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
                f"{which} AND r.at_ms >= $begin_ms AND r.at_ms <= $end_ms "
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


SUPPLIED: Final = pa.schema(
    [
        *((name, pa.string()) for name in ("account", "object", "content")),
        ("at_ms", pa.int64()),
        ("sources", pa.list_(pa.string())),
        ("kind", pa.string()),
    ]
)


def supplied_acts(store: ReadableStore) -> pa.Table:
    """All timed interactions with posts, with the rows that supplied them; columns as in `SUPPLIED`."""
    tables = [
        store.read(
            f"MATCH (a:Account)-[r:`{kind}`]->(o:Post) WHERE r.at_ms IS NOT NULL RETURN a.id AS account, "
            f"o.id AS object, r.content_id AS content, r.at_ms AS at_ms, r.sources AS sources, '{kind}' AS kind"
        ).cast(SUPPLIED)
        for kind in POST_INTERACTIONS
    ]
    return pa.concat_tables(tables)


def untimed_acts(store: ReadableStore) -> int:
    """How many interactions with posts have no time."""
    cypher = "MATCH (:Account)-[r:`{kind}`]->(:Post) WHERE r.at_ms IS NULL RETURN count(r) AS n"
    return sum(int(store.read(cypher.format(kind=kind))["n"][0].as_py()) for kind in POST_INTERACTIONS)


def source_ids(store: ReadableStore) -> list[str]:
    """The ids of the sources, in the order in which they were loaded."""
    rows = store.read("MATCH (s:Source) RETURN s.id AS id, s.loaded_at_ms AS at_ms")
    ids: list[str] = rows.sort_by([("at_ms", "ascending"), ("id", "ascending")])["id"].to_pylist()
    return ids
