"""Records out of nested JSON."""

from collections.abc import Iterator
from typing import Any

Record = dict[str, Any]


def unnested(record: Record, records: str | None, each: str | None) -> Iterator[Record]:
    """The records that a JSON object holds.

    Args:
        record: the object.
        records: path of the array whose elements are the records; an object without it is a record itself.
        each: path of an array in a record; every element makes a record in which it stands for the array.

    >>> list(unnested({"data": [{"id": 1, "refs": [{"id": 7}, {"id": 8}]}, {"id": 2}]}, "data", "refs"))
    [{'id': 1, 'refs': {'id': 7}}, {'id': 1, 'refs': {'id': 8}}]
    """
    inner = value_of(record, records) if records else None
    for one in inner if isinstance(inner, list) else [record]:
        if isinstance(one, dict):
            yield from _with_each(one, each) if each else [one]


def value_of(record: Record, path: str) -> Any:
    """What is at a path of nested objects, None where there is nothing."""
    at: Any = record
    for name in path.split("."):
        at = at.get(name) if isinstance(at, dict) else None
    return at


def flat(record: Record, prefix: str = "") -> Record:
    """Nested objects as dotted names.

    >>> flat({"author": {"id": "1"}, "text": "a"})
    {'author.id': '1', 'text': 'a'}
    """
    if not prefix and not any(isinstance(value, dict) for value in record.values()):
        return record
    made: Record = {}
    for name, value in record.items():
        if isinstance(value, dict):
            made |= flat(value, f"{prefix}{name}.")
        else:
            made[prefix + name] = value
    return made


def found(record: Record, path: str) -> Any:
    """What a flat record has under a dotted name; inside an array, what each of its objects has.

    >>> found({"tags": [{"text": "a"}, {"text": "b"}]}, "tags.text")
    ['a', 'b']
    """
    value = record.get(path)
    if value is not None or "." not in path:
        return value
    parts = path.split(".")
    for at in range(len(parts) - 1, 0, -1):
        items = record.get(".".join(parts[:at]))
        if isinstance(items, list):
            rest = ".".join(parts[at:])
            values = [found(flat(item), rest) for item in items if isinstance(item, dict)]
            return [value for value in values if value is not None] or None
    return None


def _with_each(record: Record, path: str) -> Iterator[Record]:
    head, _, rest = path.partition(".")
    inner = record.get(head)
    if rest:
        for changed in _with_each(inner, rest) if isinstance(inner, dict) else ():
            yield {**record, head: changed}
    else:
        for item in inner if isinstance(inner, list) else ():
            yield {**record, head: item}
