"""To whom a document may be handed on: data with their sources, which an office may replace by its own."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct

from graphwatch.common.files import USUAL, read_text, write_atomic
from graphwatch.common.typed_files import read_toml
from graphwatch.errors import UsageError

# An office's own file has this name, in the folder of its project.
FILE: Final = "addressees.toml"
_SHORT: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class _Both(Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    en: str


class _Row(Struct, frozen=True, forbid_unknown_fields=True):
    name: _Both
    role: _Both
    basis: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Addressee:
    """An office to which a document may go.

    Attributes:
        id: short name, by which `--to` knows it.
        names, roles: what it is called and for what it is there, by language.
        basis: the norm on which that rests.
        sources: addresses where that can be read.
    """

    id: str
    names: Mapping[Literal["id", "en"], str]
    roles: Mapping[Literal["id", "en"], str]
    basis: str
    sources: tuple[str, ...]


def addressees(folder: Path | None = None) -> tuple[Addressee, ...]:
    """The addressees of a project, in their order; the shipped ones where it has none of its own.

    Raises:
        InputError: the project's file is none of addressees.

    >>> [addressee.id for addressee in addressees()]
    ['bkn', 'pengawas', 'bawaslu', 'ppk']
    """
    own = None if folder is None else folder / FILE
    if own is None or not own.is_file():
        return _shipped()
    return _read(read_text(own), str(own))


def keep_addressees(folder: Path, kept: Sequence[Addressee]) -> None:
    """Keep a project's own addressees in its folder, which is there; none at all means the shipped ones again.

    Raises:
        UsageError: a short name is none, stands twice, or an addressee has no name.
        StoreError: the file cannot be written.
    """
    if not kept:
        (folder / FILE).unlink(missing_ok=True)
        return
    for one in kept:
        if not _SHORT.fullmatch(one.id):
            remedy = "Use lower-case letters, digits and dashes: dinas-a."
            raise UsageError(f"{one.id!r} is no short name of an addressee", remedy=remedy)
        if not one.names["id"] or not one.names["en"]:
            raise UsageError(f"the addressee {one.id} has no name", remedy="Write it in both languages.")
        if sum(other.id == one.id for other in kept) > 1:
            raise UsageError(f"the short name {one.id} stands twice", remedy="Choose another for one of them.")
    text = "\n".join(_written(one) for one in kept)
    _read(text, FILE)
    write_atomic(folder / FILE, text.encode(), mode=USUAL)


def _written(one: Addressee) -> str:
    """Its table; a string of JSON is one of TOML, too."""
    rows: dict[str, str | Sequence[str]] = {f"name.{lang}": name for lang, name in one.names.items()}
    rows |= {f"role.{lang}": role for lang, role in one.roles.items()}
    told = [
        f"{key} = {json.dumps(value)}" for key, value in {**rows, "basis": one.basis, "sources": one.sources}.items()
    ]
    return "\n".join([f"[{one.id}]", *told, ""])


@cache
def _shipped() -> tuple[Addressee, ...]:
    return _read(files("graphwatch.casework").joinpath(FILE).read_text(encoding="utf-8"), FILE)


def _read(text: str, where: str) -> tuple[Addressee, ...]:
    rows = read_toml(text, dict[str, _Row], where=where)
    return tuple(
        Addressee(
            id,
            {"id": row.name.id, "en": row.name.en},
            {"id": row.role.id, "en": row.role.en},
            row.basis,
            row.sources,
        )
        for id, row in rows.items()
    )
