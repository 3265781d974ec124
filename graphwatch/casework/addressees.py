"""To whom a document may be handed on: data with their sources, which an office may replace by its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct

from graphwatch.common.files import read_text
from graphwatch.common.typed_files import read_toml

# An office's own file has this name, in the folder of its project.
FILE: Final = "addressees.toml"


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
