"""The paslon that pages support."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from graphwatch.store.workspace import Workspace

_SUPPORTED: Final = (
    "MATCH (p:Page)-[:SUPPORTS]->(s:Paslon) RETURN p.id AS page, s.id AS id, s.number AS number, s.name AS name "
    "ORDER BY page, id"
)


class Supported(NamedTuple):
    """A paslon, and what it is called."""

    id: str
    name: str


def paslon_of_pages(workspace: Workspace) -> dict[str, list[Supported]]:
    """The paslon that each page supports, by id."""
    found: dict[str, list[Supported]] = {}
    for row in workspace.store.read(_SUPPORTED).to_pylist():
        found.setdefault(row["page"], []).append(Supported(row["id"], called(row)))
    return found


def called(row: Mapping[str, Any]) -> str:
    """What a paslon is called, by its number where it has one.

    >>> called({"id": "p1", "number": 1, "name": "Wiloka – Mirasih"})
    '1 · Wiloka – Mirasih'
    """
    name = str(row["name"] or row["id"])
    return name if row["number"] is None else f"{row['number']} · {name}"
