"""What a run is told beside the interactions: the roster's links, and whose posts the posts are."""

from typing import Final, NamedTuple

import pyarrow as pa

from graphwatch.store.base import ReadableStore

_PEOPLE: Final = (
    "MATCH (a:Account)-[b:BELONGS_TO]->(:Asn) "
    "RETURN a.id AS account, b.basis AS to, b.from_ms AS from_ms, b.to_ms AS to_ms"
)
_AGENCIES: Final = (
    "MATCH (a:Account)-[b:BELONGS_TO]->(:Asn)-[w:WORKS_AT]->(g:Agency) "
    "RETURN a.id AS account, g.id AS to, b.from_ms AS from_ms, b.to_ms AS to_ms, "
    "w.from_ms AS works_from_ms, w.to_ms AS works_to_ms"
)
_DUTY: Final = (
    "MATCH (a:Account)-[b:OPERATED_BY]->(g:Agency) "
    "RETURN a.id AS account, g.id AS to, b.from_ms AS from_ms, b.to_ms AS to_ms"
)
_PERSONS: Final = "MATCH (p:Asn) RETURN count(p.id) AS n"
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


class RosterLinks(NamedTuple):
    """Links of accounts, in tables with `account`, `to`, `from_ms` and `to_ms`; an open end is null.

    Attributes:
        people: accounts of civil servants; `to` is how the link was made.
        agencies: accounts of civil servants and the agencies where these work, with `works_from_ms`, `works_to_ms`.
        duty: accounts that an agency operates, and the agency.
    """

    people: pa.Table
    agencies: pa.Table
    duty: pa.Table


def roster_links(store: ReadableStore) -> RosterLinks | None:
    """The roster's links; None where no roster is loaded."""
    if not store.read(_PERSONS)["n"][0].as_py():
        return None
    return RosterLinks(store.read(_PEOPLE), store.read(_AGENCIES), store.read(_DUTY))


def behind_objects(store: ReadableStore, object: str) -> dict[str, pa.Table]:
    """Whose the objects are: for Paslon and Page a table with ids `to` and `object`; nothing of links and hashtags.

    Args:
        object: what counts as the object: post, page, link or hashtag.
    """
    return {label: store.read(cypher) for label, cypher in _BEHIND.get(object, {}).items()}
