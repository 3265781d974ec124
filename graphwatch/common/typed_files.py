"""TOML and JSON into declared types, and what is wrong with a file in words that its author understands.

A type is a dataclass (unknown keys are passed over: a later version may have written them) or a
`msgspec.Struct` with `forbid_unknown_fields` (a person wrote the file, and a key that nobody reads is a mistake).
"""

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
import msgspec.inspect

from graphwatch.common.files import read_kept
from graphwatch.errors import GraphwatchError, InputError, StoreDamaged

T = TypeVar("T")
_MESSAGE: Final = re.compile(r"(?P<what>.*?)(?: - at `\$(?P<path>.*)`)?", re.DOTALL)
_STEP: Final = re.compile(r"\.(?P<key>[^.\[]+)|\[(?P<number>\d+)\]|(?P<any>\[\.\.\.\])")
# A key of n parts costs the parser n times n; people write keys of three, and sentences of ten.
_MOST_DOTS: Final = 10_000_000
# How msgspec names a kind of value: what a person calls it, and how it is written in TOML.
_KINDS: Final = {
    "str": ("text", '"…"'),
    "bool": ("true or false", "true"),
    "int": ("a whole number", "1"),
    "float": ("a number", "1.5"),
    "array": ("a list", '["…"]'),
    "object": ("a table", '{ name = "…" }'),
    "date": ("a day", "2024-09-25"),
}


@dataclass(frozen=True, slots=True)
class _Fault:
    """What msgspec found: its own words, and the keys and numbers that lead there."""

    what: str
    path: tuple[str | int, ...]

    def place(self) -> str:
        """The part of the file, quoted for a sentence.

        >>> _Fault("", ("statements", 0, "columns", "post")).place()
        "'statements #1, columns, post'"
        """
        steps = "".join(f" #{step + 1}" if isinstance(step, int) else f", {step}" for step in self.path)
        return f"'{steps.removeprefix(', ')}'" if steps else "the file"

    def key(self) -> str:
        """The last key that leads there."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "it")


def read_toml(text: str, into: type[T], *, where: str, error: type[GraphwatchError] = InputError) -> T:
    r"""What a TOML text says, as the declared type.

    Args:
        text: what the file holds.
        into: the declared type; a ValueError of its `__post_init__` is a complaint of its own, `what\nremedy`.
        where: the file, for messages.
        error: raised, as it fits who wrote the file.

    >>> class Office(msgspec.Struct, forbid_unknown_fields=True):
    ...     name: str
    >>> read_toml('name = "BKD"', Office, where="a.toml").name
    'BKD'
    >>> read_toml("name = 7", Office, where="a.toml")
    Traceback (most recent call last):
    graphwatch.errors.InputError: a.toml: 'name' is not text
      Write name = "…".
    """
    if sum(line.count(".") ** 2 for line in text.splitlines()) > _MOST_DOTS:
        raise error(
            "keys have too many parts", where=where, remedy="Write tables: [a.b] above the keys that are in it."
        )
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as fault:  # of a number of thousands of digits, a plain ValueError
        raise error(f"invalid TOML: {fault}", where=where, remedy="Correct that line.") from None
    try:
        return msgspec.convert(content, into)
    except msgspec.ValidationError as fault:
        what, remedy = _explained(_located(fault, content, into), into)
        raise error(what, where=where, remedy=remedy) from None


def read_stored(path: Path, into: type[T], *, name: str, remedy: str, exact: bool = False) -> T | None:
    """What a JSON file that graphwatch keeps for itself says, as the declared type; None where there is no file.

    Args:
        path: the file.
        into: the declared type.
        name: what the file is called in the message, for example "the tombstones".
        remedy: what to do where it cannot be read.
        exact: every byte must be as `written` gives it; a field left out does not take its default.

    Raises:
        StoreDamaged: it cannot be read or is not what was written. Its values are not repeated: they may name persons.
    """
    try:
        content = read_kept(path)
        # The decoder takes the last of two values of one name without a word.
        json.loads(content, object_pairs_hook=once_each)
        found = msgspec.json.decode(content, type=into)
        if exact and written(found) != content:
            raise msgspec.DecodeError("not what was written")
        return found
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, RecursionError, msgspec.DecodeError) as fault:
        raise StoreDamaged(f"{name} cannot be read", where=str(path), remedy=remedy) from fault


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The pairs of a JSON object, for `json.loads`, which by itself keeps the last of those of one name.

    Raises:
        ValueError: a name is there twice.
    """
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name is there twice")
    return made


def written(value: Any) -> bytes:
    """A declared type as JSON in ASCII with sets in order, as `read_stored` reads it."""
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=1)


def _located(fault: msgspec.ValidationError, content: Any, into: Any) -> _Fault:
    """The fault with its path; msgspec does not say in which entry of a free table it is, so each is tried alone."""
    parsed = _parsed(fault)
    while "..." in parsed.path:
        at = parsed.path.index("...")
        for key, value in _at(content, parsed.path[:at]).items():
            alone = _replaced(content, parsed.path[:at], {key: value})
            try:
                msgspec.convert(alone, into)
            except msgspec.ValidationError as found:
                if str(found) == str(fault):
                    parsed = _Fault(parsed.what, (*parsed.path[:at], key, *parsed.path[at + 1 :]))
                    content = alone
                    break
        else:
            return _Fault(parsed.what, parsed.path[:at])
    return parsed


def _parsed(fault: msgspec.ValidationError) -> _Fault:
    found = _MESSAGE.fullmatch(str(fault))
    assert found
    steps = _STEP.finditer(found["path"] or "")
    return _Fault(found["what"], tuple(s["key"] or (int(s["number"]) if s["number"] else "...") for s in steps))


def _at(content: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        content = content[step]
    return content


def _replaced(content: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """A copy of the content with another value at that place."""
    if not path:
        return value
    copy: Any = list(content) if isinstance(content, list) else dict(content)
    copy[path[0]] = _replaced(content[path[0]], path[1:], value)
    return copy


def _explained(fault: _Fault, into: Any) -> tuple[str, str]:
    """What is wrong and what to do about it."""
    place = fault.place()
    within = f" in {place}" if fault.path else ""
    named = re.findall("`([^`]*)`", fault.what)
    if fault.what.startswith("Object contains unknown field"):
        return f"unknown key '{named[0]}'{within}", f"Known keys: {', '.join(sorted(_keys(into, fault.path)))}."
    if fault.what.startswith("Object missing required field"):
        return f"the key '{named[0]}' is missing{within}", f"Add {named[0]}."
    if fault.what.startswith("Expected"):
        return _expected(fault, into, [kind for kind in named[0].split(" | ") if kind in _KINDS])
    if fault.what.startswith("Invalid enum value"):
        value = fault.what.partition("'")[2].rpartition("'")[0]
        return f"'{value}' is not a value of {place}", f"Known values: {', '.join(_values(into, fault.path))}."
    what, _, remedy = fault.what.partition("\n")
    return (what if remedy else f"{place}: {what}"), remedy or "Correct it."


def _expected(fault: _Fault, into: Any, kinds: list[str]) -> tuple[str, str]:
    """What it is instead of a value of one of these kinds, and how such a value is written."""
    names = [_KINDS[kind][0] for kind in kinds]
    if "length >=" in fault.what:
        wrong = "empty"
    elif kinds == ["bool"]:
        wrong = "neither true nor false"
    else:
        wrong = f"neither {' nor '.join(names)}" if names[1:] else f"not {names[0]}"
    items = [getattr(type, "item_type", None) for type in _types_at(into, fault.path)]
    of_tables = kinds == ["array"] and any(hasattr(item, "fields") for item in items)
    if of_tables or fault.path[-1:] != (fault.key(),):
        return f"{fault.place()} is {wrong}", f"Write [[{fault.key()}]], and its keys below."
    return f"{fault.place()} is {wrong}", f"Write {fault.key()} = {_KINDS[kinds[0]][1]}."


def _types_at(into: Any, path: tuple[str | int, ...]) -> list[Any]:
    """What msgspec knows of the types that may stand at that place."""
    types = _alternatives(msgspec.inspect.type_info(into))
    for step in path:
        types = [type for outer in types for type in _alternatives(_inner(outer, step))]
    return types


def _alternatives(type: Any) -> list[Any]:
    return list(type.types) if isinstance(type, msgspec.inspect.UnionType) else [type] if type else []


def _inner(type: Any, step: str | int) -> Any:
    """The type of an element, an entry or a field; None where that type has none."""
    if isinstance(step, int):
        return getattr(type, "item_type", None)
    fields = {field.encode_name: field.type for field in getattr(type, "fields", ())}
    return fields.get(step, getattr(type, "value_type", None))


def _keys(into: Any, path: tuple[str | int, ...]) -> set[str]:
    return {field.encode_name for type in _types_at(into, path) for field in getattr(type, "fields", ())}


def _values(into: Any, path: tuple[str | int, ...]) -> list[str]:
    return [str(value) for type in _types_at(into, path) for value in getattr(type, "values", ())]
