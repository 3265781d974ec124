"""Aggregating functions over the values of a group."""

import math
from collections.abc import Callable, Iterable
from typing import Any, Final

from graphwatch.queries.computing.numbers import add
from graphwatch.queries.computing.values import Ordered, Value, failure, identity, is_number, kind_of


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
        total = add(total, value)
    return total


def _mean(values: list[Value]) -> Value:
    return math.fsum(_numbers("avg", values)) / len(values) if values else None


def _deviation(values: list[Value], less: int) -> float | None:
    if not _numbers("stDev", values):
        return None
    if len(values) <= less:
        return 0.0
    mean = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (len(values) - less))


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
NAMES: Final = AGGREGATES.keys() | PERCENTILES.keys()
