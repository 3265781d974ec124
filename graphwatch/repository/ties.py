"""The ties that paths may go along, read from the store."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import pyarrow as pa

from graphwatch.calendar.timerange import TimeRange
from graphwatch.errors import UsageError
from graphwatch.model import INTERACTIONS, RELATIONS, relation
from graphwatch.model.declaring import Key
from graphwatch.store.workspace import Workspace


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

    def __init__(self, workspace: Workspace) -> None:
        self._project = workspace
        rows = workspace.store.read("MATCH (s:Source) RETURN s.id AS id, s.file AS file").to_pylist()
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


# What people did and what is on record; what detections found (CO_INTERACTED, MEMBER_OF) only when asked for.
USUAL: Final = (*INTERACTIONS, "PUBLISHED", "SUPPORTS", "OPERATED_BY", "BELONGS_TO", "WORKS_AT")
_OF_A_RUN: Final = ("CO_INTERACTED", "MEMBER_OF", "TARGETS")
# Ids in one question; a million at once would be held three times over.
_AT_ONCE: Final = 20_000
# Up to so many nodes are asked for one by one.
_FEW: Final = 4
# Up to so many ids are compared with a list, which takes the longer the longer it is; more are joined.
READ_BY_LIST: Final = 300
COUNTED_BY_LIST: Final = 50


def kinds_of(wanted: Sequence[str], unwanted: Sequence[str]) -> tuple[str, ...]:
    """The kinds of relation that may be gone along, in the model's order.

    Raises:
        UsageError: there is no such kind, or none is left.
    """
    known = [r.type for r in RELATIONS]
    unknown = sorted({k.upper() for k in (*wanted, *unwanted)} - set(known))
    if unknown:
        raise UsageError(f"there is no relation {', '.join(unknown)}", remedy=f"Choose from {', '.join(known)}.")
    asked = {k.upper() for k in wanted} or set(USUAL)
    left = tuple(k for k in known if k in asked and k not in {u.upper() for u in unwanted})
    if not left:
        raise UsageError("no kind of relation is left to go along", remedy="Name one with --kind.")
    return left


class _Pattern(NamedTuple):
    """Relations that lead from nodes of one label to nodes of another and are under the same limits."""

    start: str
    end: str
    types: tuple[str, ...]

    def __str__(self) -> str:
        alternatives = "|".join(f"`{type}`" for type in self.types)
        return f"(a:`{self.start}`)-[r:{alternatives}]->(b:`{self.end}`)"

    def sides(self) -> tuple[tuple[str, str, str, str], ...]:
        """Variable and label of a node, and of the one across, seen from either end."""
        return ("a", self.start, "b", self.end), ("b", self.end, "a", self.start)


@dataclass(slots=True)
class Ties:
    """Neighbours in the graph along some kinds of relation; the `Expand` and the `Bar` of a search.

    Attributes:
        during: interactions outside of it do not count; one without a time counts only where there is no limit.
        run: the run whose pairs and clusters count.
        most: nodes with more ties than that are not gone through; 0 for no limit.
        keep: nodes that are gone through all the same.
        hubs: the nodes that were not gone through.
    """

    project: Workspace
    kinds: tuple[str, ...]
    during: TimeRange
    run: str | None
    most: int
    keep: frozenset[Key] = frozenset()
    hubs: set[Key] = field(default_factory=set)
    _used: list[_Pattern] | None = None

    def __call__(self, nodes: list[Key]) -> Iterator[tuple[Key, Key]]:
        ids = by_label(nodes)
        for pattern in self._patterns():
            for near, label, far, across in pattern.sides():
                returned = f"DISTINCT {near}.id AS near, {far}.id AS far"
                for rows in self._answers(pattern, near, ids.get(label, []), returned):
                    ones = map(Key, repeat(label), rows["near"].to_pylist())
                    yield from zip(ones, map(Key, repeat(across), rows["far"].to_pylist()), strict=True)

    def blocked(self, nodes: Iterable[Key]) -> set[Key]:
        """Those that paths do not go through, as they have too many ties; the ends of the search never."""
        if not self.most:
            return set()
        ids = by_label(node for node in nodes if node not in self.keep)
        degree: defaultdict[Key, int] = defaultdict(int)
        for pattern in self._patterns():
            for near, label, _, _ in pattern.sides():
                for row in self._counts(pattern, near, ids.get(label, [])):
                    degree[Key(label, row["near"])] += int(row["n"])
        found = {node for node, n in degree.items() if n > self.most}
        self.hubs |= found
        return found

    def between(self, steps: Iterable[tuple[Key, Key]]) -> dict[tuple[Key, Key], list[dict[str, Any]]]:
        """The relations that make each step, with their properties, earliest first; `forward`: which way."""
        found: dict[tuple[Key, Key], list[dict[str, Any]]] = {step: [] for step in steps}
        for pattern in self._patterns():
            ends = pattern.start, pattern.end
            along = {(one, other): (one, other) for one, other in found if (one.label, other.label) == ends}
            along |= {(other, one): (one, other) for one, other in found if (other.label, one.label) == ends}
            for kind in pattern.types if along else ():
                for pair, row in self._relations(pattern._replace(types=(kind,)), along):
                    found[along[pair]].append({"type": kind, "forward": along[pair] == pair} | row)
        for rows in found.values():
            rows.sort(key=lambda r: (r.get("at_ms") is None, r.get("at_ms") or 0, r["type"], str(r["id"])))
        return found

    def _relations(
        self, pattern: _Pattern, wanted: Mapping[tuple[Key, Key], tuple[Key, Key]]
    ) -> Iterator[tuple[tuple[Key, Key], dict[str, Any]]]:
        """Relations between the wanted nodes, from the one to the other, asked for from the side with less to read."""
        columns = ", ".join(f"r.`{p.name}` AS `{p.name}`" for p in relation(pattern.types[0]).properties)
        firsts, seconds = (sorted({pair[i].id for pair in wanted}) for i in (0, 1))
        # Whoever acts has fewer ties than what is acted on; but a page publishes much, and a post has one publisher.
        from_start = pattern.types[0] != "PUBLISHED" and len(firsts) <= max(_FEW, len(seconds))
        near, few, far, many = ("a", firsts, "b", seconds) if from_start else ("b", seconds, "a", firsts)
        also = f" AND {far}.id IN $across"
        for ids in [[id] for id in few] if len(few) <= _FEW else [few]:
            returned = f"a.id AS `from`, b.id AS `to`, {columns}"
            rows = self._answers(pattern, near, ids, returned, also, {"across": many})
            for row in (row for table in rows for row in table.to_pylist()):
                pair = Key(pattern.start, row.pop("from")), Key(pattern.end, row.pop("to"))
                if pair in wanted:
                    yield pair, row

    def _counts(self, pattern: _Pattern, near: str, ids: list[str]) -> Iterator[dict[str, Any]]:
        """How many relations each node of these ids has."""
        if len(ids) <= COUNTED_BY_LIST:
            for rows in self._answers(pattern, near, ids, f"{near}.id AS near, count(r) AS n"):
                yield from rows.to_pylist()
            return
        # Node by node, the engine takes the number from where it keeps the node, and reads no relation.
        where, parameters = self._limits(pattern.types)
        label = pattern.start if near == "a" else pattern.end
        cypher = (
            f"UNWIND $ids AS id MATCH ({near}:`{label}`) WHERE {near}.id = id WITH {near} "
            f"MATCH {pattern} WHERE true{where} RETURN {near}.id AS near, count(r) AS n"
        )
        yield from self.project.store.read(cypher, {**parameters, "ids": ids}).to_pylist()

    def _answers(
        self,
        pattern: _Pattern,
        near: str,
        ids: list[str],
        returned: str,
        also: str = "",
        more: Mapping[str, Any] = MappingProxyType({}),
    ) -> Iterator[pa.Table]:
        """Answers for the nodes of these ids: one found by its key, some compared with a list, many joined."""
        where, parameters = self._limits(pattern.types)
        for begin in range(0, len(ids), _AT_ONCE):
            part = ids[begin : begin + _AT_ONCE]
            given: dict[str, Any] = {"ids": part}
            if len(part) > READ_BY_LIST:
                cypher = f"UNWIND $ids AS id MATCH {pattern} WHERE {near}.id = id"
            elif len(part) > 1:
                cypher = f"MATCH {pattern} WHERE {near}.id IN $ids"
            else:
                cypher, given = f"MATCH {pattern} WHERE {near}.id = $id", {"id": part[0]}
            yield self.project.store.read(f"{cypher}{also}{where} RETURN {returned}", {**parameters, **more, **given})

    def _patterns(self) -> list[_Pattern]:
        """What is asked for at once: kinds with the same ends and limits, of which there is any relation."""
        if self._used is None:
            grouped: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
            for kind in self.kinds:
                limits = self._limits((kind,))[0]
                for start, end in relation(kind).ends:
                    exists = f"MATCH {_Pattern(start, end, (kind,))} RETURN r.id AS id LIMIT 1"
                    if self.project.store.read(exists).num_rows:
                        grouped[start, end, limits].append(kind)
            self._used = [_Pattern(start, end, tuple(types)) for (start, end, _), types in grouped.items()]
        return self._used

    def _limits(self, types: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
        """What the relations must fulfil beside leading from the one to the other."""
        where, parameters = "", dict[str, Any]()
        if types[0] in INTERACTIONS:
            for name, sign in (("begin_ms", ">="), ("end_ms", "<")):
                bound = getattr(self.during, name)
                if bound is not None:
                    where += f" AND r.at_ms {sign} ${name}"
                    parameters[name] = bound
        if types[0] in _OF_A_RUN:
            where += " AND r.run = $run"
            parameters["run"] = self.run
        return where, parameters


def needs_run(kinds: Sequence[str]) -> bool:
    """Whether these kinds are those of one run."""
    return bool(set(kinds) & set(_OF_A_RUN))
