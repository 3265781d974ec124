"""How a file says something where that takes more than one column for one property, and the columns made of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

Condition = tuple[str, tuple[str, ...]]
"""A column, and the words in lower case that it may hold; any word will do where there are none."""

# Columns that are read for cells and conditions are kept apart from properties by this before their names.
RAW: Final = "="


@dataclass(frozen=True, slots=True)
class Cell:
    """Where the value of a property comes from.

    Attributes:
        names: columns, of which the first that holds something counts; with `join` all are put together.
        optional: no such column need be there.
        join: what stands between joined columns; nothing comes of them where one is empty.
        parts: columns that give it together, as a day and a time of day do, where `names` give nothing; a blank
            stands between what they hold.
        take: `post`, `account`, `handle` or `platform`: what of an address to take.
        values: words in lower case and what stands for them; the empty text stands for nothing.
        endings: ends of words and what stands for them, for example offsets for abbreviations of zones.
    """

    names: tuple[str, ...]
    optional: bool = False
    join: str | None = None
    parts: tuple[str, ...] = ()
    take: str | None = None
    values: tuple[tuple[str, str], ...] = ()
    endings: tuple[tuple[str, str], ...] = ()

    @property
    def plain(self) -> bool:
        """Whether this is nothing but a column that must be there."""
        return self == Cell(self.names[:1])

    def missing(self, header: Mapping[str, Any] | set[str]) -> list[str]:
        """The columns without which a file with that header cannot give the property."""
        absent = [name for name in self.names if name not in header]
        enough = not absent if self.join is not None else len(absent) < len(self.names)
        parts_absent = [name for name in self.parts if name not in header]
        if self.optional or enough or (self.parts and not parts_absent):
            return []
        # Where some of the parts are there, it is the others that are missing.
        return parts_absent if 0 < len(parts_absent) < len(self.parts) else absent

    def as_dict(self) -> dict[str, Any]:
        """What differs from a plain column, as JSON can hold it."""
        words = {"values": dict(self.values), "endings": dict(self.endings)}
        about = {"optional": self.optional, "join": self.join, "parts": list(self.parts), "take": self.take, **words}
        return {"column": list(self.names)} | {k: v for k, v in about.items() if v not in (None, False, {}, [])}


@dataclass(frozen=True, slots=True)
class Layout:
    """What of a file's layout goes beyond one column a property.

    Attributes:
        cells: property and where it comes from.
        when: a row counts only if all of these hold.
        unless: a row does not count if one of these holds.
        records: path of the array whose elements are the records, in a JSON file that has one.
        each: path of an array; every element of it makes a record of its own.
        last: of several columns of one name the last counts.
        as_written: properties whose ids are taken as they are written, where a tool's ids are what its user chose.
    """

    cells: tuple[tuple[str, Cell], ...] = ()
    when: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()
    records: str | None = None
    each: str | None = None
    last: bool = False
    as_written: tuple[str, ...] = ()

    @property
    def selective(self) -> bool:
        """Whether some rows may be meant to say nothing."""
        return bool(self.when or self.unless or self.each)

    def columns(self) -> list[str]:
        """Every column that cells and conditions look at."""
        named = [name for _, cell in self.cells for name in (*cell.names, *cell.parts)]
        return list(dict.fromkeys([*named, *(column for column, _ in (*self.when, *self.unless))]))

    def takes(self, cell: Callable[[str], str | None]) -> bool:
        """Whether the row counts, whose cells are given by column.

        >>> Layout(when=(("is_reply", ("yes",)),)).takes({"is_reply": "Yes"}.get)
        True
        """

        def holds(condition: Condition) -> bool:
            word = (cell(condition[0]) or "").strip().lower()
            return word in condition[1] if condition[1] else bool(word)

        return all(map(holds, self.when)) and not any(map(holds, self.unless))

    def as_dict(self) -> dict[str, Any]:
        """What is said, as JSON can hold it."""
        about = {
            "cells": {property: cell.as_dict() for property, cell in self.cells},
            "when": {column: list(words) for column, words in self.when},
            "unless": {column: list(words) for column, words in self.unless},
            "records": self.records,
            "each": self.each,
            "last": self.last,
        }
        return {name: value for name, value in about.items() if value}
