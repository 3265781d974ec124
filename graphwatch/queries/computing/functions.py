"""The functions that graphwatch computes, by name, and those that aggregate the values of a group."""

import math
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from graphwatch.errors import QueryError
from graphwatch.queries.computing import numbers, texts, times
from graphwatch.queries.computing.numbers import add
from graphwatch.queries.computing.values import (
    Entity,
    Ordered,
    Value,
    Walk,
    equal,
    failure,
    identity,
    is_number,
    kind_of,
)


def property_of(value: Value, name: str) -> Value:
    """`value.name`."""
    if value is None:
        return None
    if isinstance(value, Entity):
        return value.properties.get(name)
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, date):
        return times.part(value, name)
    raise failure(f"a {kind_of(value)} has no property {name!r}")


def position(value: Value, index: Value) -> Value:
    """`value[index]`: of a list from 0, from the end where negative, null beyond; of a map by key."""
    if value is None or index is None:
        return None
    if isinstance(value, list) and isinstance(index, int) and not isinstance(index, bool):
        return value[index] if -len(value) <= index < len(value) else None
    if isinstance(value, dict | Entity) and isinstance(index, str):
        return property_of(value, index)
    raise failure(f"a {kind_of(value)} has no position of kind {kind_of(index)}")


def between(value: Value, first: Value, last: Value) -> Value:
    """`value[first..last]`, its end excluded; an open end is 0 or the length."""
    if value is None or first is None or last is None:
        return None
    if not isinstance(value, list):
        raise failure(f"a part was asked of a {kind_of(value)}, not of a list", "Use substring() for texts.")
    if any(not isinstance(end, int) or isinstance(end, bool) for end in (first, last)):
        raise failure(f"a part was asked from {kind_of(first)} to {kind_of(last)}", "Give whole numbers.")
    return value[first:last]


def _listed(name: str, value: Value) -> list[Value]:
    if isinstance(value, list):
        return value
    raise failure(f"{name}() takes a list, not {kind_of(value)}")


def _keys(value: Value) -> Value:
    if value is None:
        return None
    if not isinstance(value, Entity | dict):
        raise failure(f"keys() takes a node, relation or map, not {kind_of(value)}")
    return list(value.properties if isinstance(value, Entity) else value)


def _properties(value: Value) -> Value:
    if isinstance(value, Entity):
        return dict(value.properties)
    if value is None or isinstance(value, dict):
        return value
    raise failure(f"properties() takes a node, relation or map, not {kind_of(value)}")


def _labels(value: Value) -> Value:
    if value is None:
        return None
    if not (isinstance(value, Entity) and value.kind == "node"):
        raise failure(f"labels() takes a node, not {kind_of(value)}", "Use type() for a relation.")
    return [value.label]


def _type(value: Value) -> Value:
    if value is None:
        return None
    if not (isinstance(value, Entity) and value.kind == "relation"):
        raise failure(f"type() takes a relation, not {kind_of(value)}", "Use labels() for a node.")
    return value.label


def _of_path(name: str, value: Value) -> Walk:
    if isinstance(value, Walk):
        return value
    raise failure(f"{name}() takes a path, not {kind_of(value)}", "Use size() for lists and texts.")


def _is_empty(value: Value) -> bool | None:
    if value is None:
        return None
    if not isinstance(value, str | list | dict):
        raise failure(f"isEmpty() takes a text, list or map, not {kind_of(value)}")
    return not value


def _coalesced(*values: Value) -> Value:
    return next((v for v in values if v is not None), None)


def _or_null(compute: Callable[[Value], Value], *kinds: str) -> Callable[[Value], Value]:
    def computed(value: Value) -> Value:
        try:
            return compute(value) if kind_of(value) in kinds else None
        except QueryError:
            return None

    return computed


def _text(name: str, compute: Callable[[str], Value]) -> Callable[[Value], Value]:
    def computed(value: Value) -> Value:
        text = texts.checked(value, name)
        return None if text is None else compute(text)

    return computed


def _unless_null(compute: Callable[..., Value]) -> Callable[..., Value]:
    return lambda *values: None if any(v is None for v in values) else compute(*values)


def _replaced(text: str, old: str, new: str) -> str:
    texts.checked(text, "replace")
    return text.replace(old, new)


def _in_range(value: float) -> float:
    if value < 0:
        raise ValueError("below zero")
    return math.log(value)


_REALS: Final[dict[str, Callable[[float], float]]] = {
    "acos": math.acos,
    "asin": math.asin,
    "atan": math.atan,
    "cos": math.cos,
    "cot": lambda x: 1 / math.tan(x) if math.tan(x) else math.inf,
    "degrees": math.degrees,
    "exp": math.exp,
    "floor": lambda x: math.floor(x) if math.isfinite(x) else x,
    "ceil": lambda x: math.copysign(math.ceil(x), x) if math.isfinite(x) else x,
    "ceiling": lambda x: math.copysign(math.ceil(x), x) if math.isfinite(x) else x,
    "haversin": lambda x: (1 - math.cos(x)) / 2,
    "log": _in_range,
    "log10": lambda x: math.log10(x),
    "radians": math.radians,
    "sin": math.sin,
    "sqrt": math.sqrt,
    "tan": math.tan,
}
# Functions of fixed arity: name to (fewest, most arguments, what computes it).
FUNCTIONS: Final[dict[str, tuple[int, int, Callable[..., Value]]]] = {
    **{name: (1, 1, numbers.real_function(name, compute)) for name, compute in _REALS.items()},
    "abs": (1, 1, numbers.absolute),
    "atan2": (2, 2, _unless_null(math.atan2)),
    "btrim": (1, 1, _text("btrim", str.strip)),
    "char_length": (1, 1, _text("char_length", len)),
    "character_length": (1, 1, _text("character_length", len)),
    "coalesce": (1, 99, _coalesced),
    "date": (1, 1, times.day),
    "datetime": (1, 1, times.instant),
    "e": (0, 0, lambda: math.e),
    "head": (1, 1, lambda v: None if v is None else next(iter(_listed("head", v)), None)),
    "isempty": (1, 1, _is_empty),
    "isnan": (1, 1, lambda v: None if v is None else isinstance(v, float) and math.isnan(v)),
    "keys": (1, 1, _keys),
    "labels": (1, 1, _labels),
    "last": (1, 1, lambda v: None if v is None else next(iter(_listed("last", v)[::-1]), None)),
    "left": (2, 2, texts.left),
    "length": (1, 1, lambda v: None if v is None else len(_of_path("length", v).relations)),
    "lower": (1, 1, _text("lower", str.lower)),
    "ltrim": (1, 1, _text("ltrim", str.lstrip)),
    "nodes": (1, 1, lambda v: None if v is None else list(_of_path("nodes", v).nodes)),
    "nullif": (2, 2, lambda a, b: None if equal(a, b) else a),
    "pi": (0, 0, lambda: math.pi),
    "properties": (1, 1, _properties),
    "range": (2, 3, numbers.counted),
    "relationships": (1, 1, lambda v: None if v is None else list(_of_path("relationships", v).relations)),
    "replace": (3, 3, _unless_null(_replaced)),
    "reverse": (1, 1, texts.backwards),
    "right": (2, 2, texts.right),
    "round": (1, 3, numbers.rounded),
    "rtrim": (1, 1, _text("rtrim", str.rstrip)),
    "sign": (1, 1, numbers.sign),
    "size": (1, 1, texts.size),
    "split": (2, 2, texts.split),
    "substring": (2, 3, texts.substring),
    "tail": (1, 1, lambda v: None if v is None else _listed("tail", v)[1:]),
    "toboolean": (1, 1, numbers.truth_of),
    "tobooleanornull": (1, 1, _or_null(numbers.truth_of, "STRING", "BOOLEAN", "NUMBER")),
    "tofloat": (1, 1, numbers.real_of),
    "tofloatornull": (1, 1, _or_null(numbers.real_of, "STRING", "NUMBER")),
    "tointeger": (1, 1, numbers.integer_of),
    "tointegerornull": (1, 1, _or_null(numbers.integer_of, "STRING", "BOOLEAN", "NUMBER")),
    "tolower": (1, 1, _text("toLower", str.lower)),
    "tostring": (1, 1, texts.text_of),
    "tostringornull": (1, 1, _or_null(texts.text_of, "STRING", "BOOLEAN", "NUMBER", "DATE", "DATETIME")),
    "toupper": (1, 1, _text("toUpper", str.upper)),
    "trim": (1, 1, _text("trim", str.strip)),
    "type": (1, 1, _type),
    "upper": (1, 1, _text("upper", str.upper)),
}


def distinct(values: Iterable[Value]) -> list[Value]:
    """The values without repetitions, the first of each kept.

    >>> distinct([1, 1.0, None, "1", None])
    [1, None, '1']
    """
    kept: dict[Any, Value] = {}
    for value in values:
        kept.setdefault(identity(value), value)
    return list(kept.values())


def _numbers(name: str, values: list[Value]) -> list[Value]:
    for value in values:
        if not is_number(value):
            raise failure(f"{name}() takes numbers, not {kind_of(value)}")
    return values


def _total(values: list[Value]) -> Value:
    total: Value = 0
    for value in _numbers("sum", values):
        try:
            total = add(total, value)
        except QueryError:  # whole numbers beyond 64 bits are added up as reals
            total = float(total) + value
    return total


def _mean(values: list[Value]) -> Value:
    if not _numbers("avg", values):
        return None
    try:
        return math.fsum(values) / len(values)
    except OverflowError:
        return math.fsum(v / len(values) for v in values)


def _deviation(values: list[Value], less: int) -> float | None:
    if not _numbers("stDev", values):
        return None
    if len(values) <= less:
        return 0.0
    mean = _mean(values)
    try:
        return math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (len(values) - less))
    except OverflowError:
        return math.inf


def percentile(values: list[Value], share: Value, *, between: bool) -> Value:
    """`percentileCont` (between two values) or `percentileDisc` (one of them); null of nothing.

    >>> percentile([10, 20, 30], 0.25, between=True), percentile([10, 20, 30], 0.5, between=False)
    (15.0, 20)
    """
    if not is_number(share) or not 0 <= share <= 1:
        raise failure("a percentile is a number from 0 to 1")
    found = sorted(_numbers("percentile", values))
    if not found:
        return None
    if between:
        place = share * (len(found) - 1)
        below, above = found[math.floor(place)], found[math.ceil(place)]
        if place == math.floor(place):
            return below
        return float(below + (above - below) * (place - math.floor(place)))
    return found[max(math.ceil(share * len(found)) - 1, 0)]


AGGREGATES: Final[dict[str, Callable[[list[Value]], Value]]] = {
    "avg": _mean,
    "collect": list,
    "count": len,
    "max": lambda values: max(values, key=Ordered, default=None),
    "min": lambda values: min(values, key=Ordered, default=None),
    "stdev": lambda values: _deviation(values, 1),
    "stdevp": lambda values: _deviation(values, 0),
    "sum": _total,
}
PERCENTILES: Final = {"percentilecont": True, "percentiledisc": False}
