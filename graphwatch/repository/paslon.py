"""The paslon that pages support, and how many registered pages each has."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import pyarrow as pa

from graphwatch.store.base import ReadableStore

_SUPPORTED: Final = (
    "MATCH (p:Page)-[:SUPPORTS]->(s:Paslon) RETURN p.id AS page, s.id AS id, s.number AS number, s.name AS name "
    "ORDER BY page, id"
)
# By what counts as the object; a link or hashtag is nobody's.
_BEHIND: Final[dict[str, dict[str, str]]] = {
    "post": {
        "Paslon": "MATCH (t:Paslon)<-[:SUPPORTS]-(:Page)-[:PUBLISHED]->(o:Post) "
        "RETURN DISTINCT t.id AS to, o.id AS object",
        "Page": "MATCH (t:Page)-[:PUBLISHED]->(o:Post) RETURN DISTINCT t.id AS to, o.id AS object",
    },
    "page": {
        "Paslon": "MATCH (t:Paslon)<-[:SUPPORTS]-(o:Page) RETURN DISTINCT t.id AS to, o.id AS object",
        "Page": "MATCH (t:Page) RETURN t.id AS to, t.id AS object",
    },
}


class Supported(NamedTuple):
    """A paslon, and what it is called."""

    id: str
    name: str


def paslon_of_pages(store: ReadableStore) -> dict[str, list[Supported]]:
    """The paslon that each page supports, by id."""
    found: dict[str, list[Supported]] = {}
    for row in store.read(_SUPPORTED).to_pylist():
        found.setdefault(row["page"], []).append(Supported(row["id"], called(row)))
    return found


class Registered(NamedTuple):
    """How many registered pages on one platform support a paslon."""

    paslon: str
    platform: str
    pages: int


def registered_beyond(store: ReadableStore, most: int) -> list[Registered]:
    """Paslon with more registered pages on one platform than so many, in order; a graph that is behind stays so."""
    pages = store.rows("Page", ("id", "platform", "registered")).to_pylist()
    platform = {page["id"]: page["platform"] for page in pages if page["registered"]}
    supporting = store.rows("SUPPORTS", ("from", "to"), ends=("Page", "Paslon")).to_pylist()
    each = {(link["to"], platform[link["from"]], link["from"]) for link in supporting if link["from"] in platform}
    counted = Counter((paslon, of) for paslon, of, _ in each)
    beyond = sorted((of for of, n in counted.items() if n > most), key=lambda of: (of[0], of[1] or ""))
    return [Registered(*of, counted[of]) for of in beyond]


def called(row: Mapping[str, Any]) -> str:
    """What a paslon is called, by its number where it has one.

    >>> called({"id": "p1", "number": 1, "name": "Wiloka – Mirasih"})
    '1 · Wiloka – Mirasih'
    """
    name = str(row["name"] or row["id"])
    return name if row["number"] is None else f"{row['number']} · {name}"


def behind_objects(store: ReadableStore, object: str) -> dict[str, pa.Table]:
    """Whose the objects are: tables with ids `to` and `object` for Paslon and Page; nothing of links, hashtags, images.

    Args:
        object: what counts as the object: post, page, link or hashtag.
    """
    return {label: store.read(cypher) for label, cypher in _BEHIND.get(object, {}).items()}
