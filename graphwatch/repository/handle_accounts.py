"""Accounts that were known by their handle alone, and everything that records say of them."""

from collections.abc import Collection, Iterator
from typing import Any, Final, NamedTuple

from graphwatch.model import INTERACTIONS, Relation, node, relation
from graphwatch.store.base import ReadableStore

# What records say of an account; what runs found of it is of the account as it was then.
_SAID: Final = (*INTERACTIONS, "PUBLISHED", "BELONGS_TO", "OPERATED_BY", "ABOUT", "CONCERNS")
_PROPERTIES: Final = ", ".join(f"w.{p.name} AS {p.name}" for p in node("Watch").properties)
_WATCHED: Final = f"MATCH (w:Watch) WHERE w.id IN $ids RETURN {_PROPERTIES}"


class Said(NamedTuple):
    """Relations of one type between two labels, each row with its ends as `from` and `to`."""

    relation: Relation
    ends: tuple[str, str]
    rows: list[dict[str, Any]]


def known_accounts(store: ReadableStore, ids: Collection[str]) -> set[str]:
    """Those of the ids that are of accounts in the store."""
    return set(store.rows("Account", ("id",), ids=ids)["id"].to_pylist())


def watched(store: ReadableStore, ids: Collection[str]) -> list[dict[str, Any]]:
    """What the watchlist says of those of the accounts that stand on it."""
    rows: list[dict[str, Any]] = store.read(_WATCHED, {"ids": sorted(ids)}).to_pylist()
    return rows


def said_of(store: ReadableStore, ids: Collection[str]) -> Iterator[Said]:
    """Every relation that records give these accounts."""
    for type in _SAID:
        declared = relation(type)
        for start, end in declared.ends:
            sides = [side for side, label in (("s", start), ("e", end)) if label == "Account"]
            if not sides:
                continue
            where = " OR ".join(f"{side}.id IN $ids" for side in sides)
            told = ", ".join(f"r.`{p.name}` AS `{p.name}`" for p in declared.properties)
            cypher = (
                f"MATCH (s:`{start}`)-[r:`{type}`]->(e:`{end}`) WHERE {where} "
                f"RETURN s.id AS `from`, e.id AS `to`, {told}"
            )
            rows = store.read(cypher, {"ids": sorted(ids)}).to_pylist()
            if rows:
                yield Said(declared, (start, end), rows)
