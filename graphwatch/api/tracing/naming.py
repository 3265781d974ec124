"""What people call nodes, and relations as a person reads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from graphwatch.api.project import Project
from graphwatch.trace import Key


def by_label(nodes: Iterable[Key]) -> dict[str, list[str]]:
    """The ids of nodes by their label.

    >>> by_label([Key("Page", "x:1"), Key("Account", "x:1"), Key("Page", "x:2")])
    {'Page': ['x:1', 'x:2'], 'Account': ['x:1']}
    """
    found: dict[str, list[str]] = {}
    for node in nodes:
        found.setdefault(node.label, []).append(node.id)
    return found


class Row(NamedTuple):
    """A row of a file that supplied a relation."""

    file: str
    row: str


@dataclass(frozen=True, slots=True)
class Tie:
    """One relation of a hop: its type, whether it goes along the path, its time, and the rows that supplied it."""

    type: str
    forward: bool
    at_ms: int | None
    text: str | None
    rows: tuple[Row, ...]
    properties: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a path, by what people call it."""

    label: str
    id: str
    called: str


class Naming:
    """What people call nodes, and which file a source is."""

    _BY: Final = {"Account": "handle", "Page": "name", "Post": "url", "Paslon": "name", "Agency": "name"}

    def __init__(self, project: Project) -> None:
        self._project = project
        rows = project.store.read("MATCH (s:Source) RETURN s.id AS id, s.file AS file").to_pylist()
        self._files = {row["id"]: row["file"] for row in rows}
        self._called: dict[Key, str] = {}

    def learn(self, keys: Iterable[Key]) -> None:
        """Read what these nodes are called, all of a label at once."""
        for label, ids in by_label(set(keys)).items():
            if label not in self._BY:
                continue
            rows = self._project.store.read(
                f"MATCH (n:`{label}`) WHERE n.id IN $ids AND n.`{self._BY[label]}` IS NOT NULL "
                f"RETURN n.id AS id, n.`{self._BY[label]}` AS called",
                {"ids": sorted(ids)},
            )
            self._called |= {Key(label, row["id"]): row["called"] for row in rows.to_pylist()}

    def __call__(self, key: Key) -> Node:
        return Node(key.label, key.id, self._called.get(key, key.id))

    def tie(self, row: dict[str, Any]) -> Tie:
        """A relation as a person reads it."""
        rows = (source.rpartition(":") for source in row.get("sources") or [])
        hidden = ("type", "forward", "at_ms", "text", "sources")
        return Tie(
            row["type"],
            row["forward"],
            row.get("at_ms"),
            row.get("text"),
            tuple(Row(self._files.get(source, source), line) for source, _, line in rows),
            {k: v for k, v in row.items() if k not in hidden and v is not None},
        )
