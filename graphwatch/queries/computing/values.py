"""Cypher's values: equality, order and identity, with null for what is not known."""

import math
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from graphwatch.errors import QueryError

Value = Any  # null, bool, int, float, str, date, datetime, list, dict, Entity, Walk


@dataclass(frozen=True, slots=True)
class Entity:
    """A node or relation; `key` is the engine's own, two are the same where it is."""

    kind: str
    key: tuple[int, int]
    label: str = field(compare=False)
    properties: dict[str, Value] = field(compare=False)
    ends: tuple[Any, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Walk:
    """A path: its nodes, and its relations between them."""

    nodes: tuple[Entity, ...]
    relations: tuple[Entity, ...]


def failure(what: str, remedy: str = "Check the values that meet there.") -> QueryError:
    """What is raised where a server fails while it computes."""
    return QueryError(f"the query cannot be computed: {what}", remedy=remedy)


def is_number(value: Value) -> bool:
    """Whether it is an integer or a real; a truth value is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def kind_of(value: Value) -> str:
    """What a value is, in Cypher's words.

    >>> [kind_of(v) for v in (True, 1, "a", [1], {}, None)]
    ['BOOLEAN', 'NUMBER', 'STRING', 'LIST', 'MAP', 'NULL']
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "BOOLEAN"
    for types, name in _KINDS:
        if isinstance(value, types):
            return name
    return value.kind.upper() if isinstance(value, Entity) else "PATH"


_KINDS: Final[tuple[tuple[Any, str], ...]] = (
    ((int, float), "NUMBER"),
    (str, "STRING"),
    (list, "LIST"),
    (dict, "MAP"),
    (datetime, "DATETIME"),
    (date, "DATE"),
)
# The order of values of different kinds; null comes last.
_ORDER: Final = {
    kind: place
    for place, kind in enumerate(
        ("MAP", "NODE", "RELATION", "LIST", "PATH", "DATETIME", "DATE", "STRING", "BOOLEAN", "NUMBER", "NULL")
    )
}


def equal(a: Value, b: Value) -> bool | None:
    """`a = b`.

    >>> equal(1, "1"), equal(1, 1.0), equal([1, None], [1, 2]), equal(None, None)
    (False, True, None, None)
    """
    if a is None or b is None:
        return None
    if isinstance(a, list) and isinstance(b, list):
        return _all_equal(list(zip(a, b, strict=True))) if len(a) == len(b) else False
    if isinstance(a, dict) and isinstance(b, dict):
        return _all_equal([(a[k], b[k]) for k in a]) if a.keys() == b.keys() else False
    if isinstance(a, datetime) and isinstance(b, datetime):
        # The same instant said in two zones is two values; the order looks at the instant.
        return bool(identity(a) == identity(b))
    return bool(kind_of(a) == kind_of(b) and a == b)


def zone_of(at: datetime) -> str:
    """The name of the time zone in which an instant was said; empty where it was an offset."""
    return at.tzinfo.key if isinstance(at.tzinfo, ZoneInfo) else ""


def _all_equal(pairs: list[tuple[Value, Value]]) -> bool | None:
    answers = [equal(a, b) for a, b in pairs]
    if False in answers:
        return False
    return None if None in answers else True


def less(a: Value, b: Value) -> bool | None:
    """`a < b`; null where the two have no order.

    >>> less(1, 2.5), less("10", 9), less([1], [1, 0])
    (True, None, True)
    """
    kind = kind_of(a)
    if kind != kind_of(b) or kind not in ("NUMBER", "STRING", "BOOLEAN", "LIST", "MAP", "DATE", "DATETIME"):
        return None
    if kind == "MAP":
        return _less_map(a, b)
    if kind != "LIST":
        return bool(a < b)
    for x, y in zip(a, b, strict=False):
        same = equal(x, y)
        if same is None:
            return None
        if not same:
            return less(x, y)
    return len(a) < len(b)


def _less_map(a: dict[str, Value], b: dict[str, Value]) -> bool | None:
    """As a server has it: fewer keys first, then the keys, then the values."""
    keys, others = sorted(a), sorted(b)
    if keys != others:
        return len(keys) < len(others) if len(keys) != len(others) else keys < others
    return less([a[key] for key in keys], [b[key] for key in keys])


def contained(item: Value, items: Value) -> bool | None:
    """`item IN items`.

    >>> contained(5, [1, None]), contained(None, []), contained(1, [None, 1])
    (None, False, True)
    """
    if items is None:
        return None
    if not isinstance(items, list):
        raise failure(f"IN asks for a list, not {kind_of(items)}")
    unknown = False
    for other in items:
        same = equal(item, other)
        if same:
            return True
        unknown |= same is None
    return None if unknown else False


def identity(value: Value) -> Any:
    """A key that is the same for what DISTINCT and grouping take for the same; nulls are alike."""
    if isinstance(value, list):
        return ("LIST", *(identity(v) for v in value))
    if isinstance(value, dict):
        return ("MAP", frozenset((k, identity(v)) for k, v in value.items()))
    if isinstance(value, bool):
        return ("BOOLEAN", value)
    if isinstance(value, float) and math.isnan(value):
        # What is no number is the same as nothing, not even as itself.
        return ("NUMBER", object())
    if isinstance(value, datetime):
        return ("DATETIME", value, value.utcoffset(), zone_of(value))
    return value


class Ordered:
    """A value as ORDER BY, min and max see it: everything has its place."""

    __slots__ = ("place", "value")

    def __init__(self, value: Value) -> None:
        self.value, self.place = value, _ORDER[kind_of(value)]

    def __lt__(self, other: "Ordered") -> bool:
        if self.place != other.place:
            return self.place < other.place
        a, b = self.value, other.value
        if isinstance(a, list):
            firsts = ((Ordered(x), Ordered(y)) for x, y in zip(a, b, strict=False))
            decided = next((x < y for x, y in firsts if x < y or y < x), None)
            return len(a) < len(b) if decided is None else decided
        if isinstance(a, dict):
            return Ordered([[k, v] for k, v in sorted(a.items())]) < Ordered([[k, v] for k, v in sorted(b.items())])
        if isinstance(a, Entity):
            return bool(a.key < b.key)
        if isinstance(a, Walk):
            return [n.key for n in a.nodes] < [n.key for n in b.nodes]
        if isinstance(a, float) and math.isnan(a):
            return False
        if isinstance(b, float) and math.isnan(b):
            return True
        return a is not None and bool(a < b)


def as_given(value: Value) -> Any:
    """The value as an answer holds it: nodes, relations, paths and times without what only computing needs."""
    if isinstance(value, Entity):
        name = "label" if value.kind == "node" else "type"
        return {name: value.label, **{k: as_given(v) for k, v in value.properties.items()}}
    if isinstance(value, Walk):
        return {"nodes": [as_given(n) for n in value.nodes], "relations": [as_given(r) for r in value.relations]}
    if isinstance(value, list):
        return [as_given(v) for v in value]
    if isinstance(value, dict):
        return {k: as_given(v) for k, v in value.items() if v is not None}
    if isinstance(value, datetime):
        offset = value.isoformat()[-6:]
        return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond * 1000:09d}{offset}"
    return value.isoformat() if isinstance(value, date) else value
