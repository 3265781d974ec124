"""How a node, a relation and a property are declared."""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Key(NamedTuple):
    """Which node is meant: its label and its id, which is unique only among nodes of that label."""

    label: str
    id: str


class Type(Enum):
    """Types of property that both engines keep without loss."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    BOOLEAN = "boolean"
    TEXTS = "list of text"


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a node or relation; `id` is always the first and the key."""

    name: str
    type: Type
    meaning: str
    # When a row is loaded again, a later non-null value replaces an earlier one; lists that accumulate
    # are united instead.
    accumulates: bool = False
    # Whether it may leave in what is handed on under pseudonyms; what nobody has decided on stays withheld.
    released: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A kind of node. Its key is the property `id`, always text."""

    label: str
    meaning: str
    properties: tuple[Property, ...]
    # Whether it may stand in what is handed on under pseudonyms, with its released properties.
    released: bool = False

    @property
    def name(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class Relation:
    """A kind of relation between the listed pairs of labels. Its key is the property `id`, always text."""

    type: str
    ends: tuple[tuple[str, str], ...]
    meaning: str
    properties: tuple[Property, ...]
    # As of a node; its id is made anew.
    released: bool = False

    @property
    def name(self) -> str:
        return self.type


def text(name: str, meaning: str, *, released: bool = False) -> Property:
    """A text."""
    return Property(name, Type.TEXT, meaning, released=released)


def integer(name: str, meaning: str, *, released: bool = False) -> Property:
    """A whole number."""
    return Property(name, Type.INTEGER, meaning, released=released)


def real(name: str, meaning: str, *, released: bool = False) -> Property:
    """A real number."""
    return Property(name, Type.REAL, meaning, released=released)


def boolean(name: str, meaning: str, *, released: bool = False) -> Property:
    """True or false."""
    return Property(name, Type.BOOLEAN, meaning, released=released)


def texts(name: str, meaning: str, *, released: bool = False) -> Property:
    """A list of texts."""
    return Property(name, Type.TEXTS, meaning, released=released)
