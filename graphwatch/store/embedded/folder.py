"""The folder of an embedded store: whether it is one, how it is made, and which format it has."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graphwatch.common.files import USUAL, intended_name, write_atomic
from graphwatch.common.typed_files import read_stored, written
from graphwatch.errors import StoreError, StoreMissing, StoreNewer

_FORMAT: Final = 1
# What a store folder may hold before the store in it is made.
_OWN_NAMES: Final = {
    *("journal", "graph", "keys", "quarantine", "vault", "provenance.json", "settings.json", "store.json"),
    *("tombstones.json", "access.log", "access.log.lock", "pseudonyms.fingerprint"),
}


@dataclass(frozen=True, slots=True)
class _Kept:
    """What `store.json` says: the format of the folder, and a name of the project that no other has."""

    format: int
    project: str


def is_store(folder: Path) -> bool:
    """Whether a store has been made there."""
    return (folder / "store.json").exists()


def under_way(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """The files of a batch that is being written and of the graph, with sizes and times: others while work gets on."""
    found = []
    for file in (*folder.glob("journal/.staged-*/**/*"), *folder.glob("graph/**/*")):
        with suppress(OSError):
            stat = file.stat()
            found.append((str(file), stat.st_size, stat.st_mtime_ns))
    return tuple(sorted(found))


def missing(folder: Path) -> StoreMissing:
    """The error that says that there is none."""
    return StoreMissing(
        "there is no graphwatch store here",
        where=str(folder),
        remedy="`graphwatch load FILE` makes one; --store says where.",
    )


def gone(folder: Path) -> StoreMissing:
    """The error that says that there was one."""
    return StoreMissing(
        "the store was moved or deleted while it was open",
        where=str(folder),
        remedy="Move it back, or open it in its new place.",
    )


def replaced(folder: Path) -> StoreError:
    """The error that says that there is another one now."""
    return StoreError(
        "another store was put in the place of the one that was opened",
        where=str(folder),
        remedy="Open the one that is meant again.",
    )


def make(folder: Path) -> None:
    """Make an empty store.

    Raises:
        StoreError: other files are there, or nothing may be written.
    """
    if folder.is_dir() and not {intended_name(f.name) for f in folder.iterdir()} <= _OWN_NAMES:
        raise StoreError(
            "the folder holds other files and no store",
            where=str(folder),
            remedy="Name a new folder with --store; it is made when the first file is loaded.",
        )
    try:
        (folder / "journal").mkdir(parents=True, exist_ok=True)
        (folder / "graph").mkdir(exist_ok=True)
        write_atomic(folder / "store.json", written(_Kept(_FORMAT, secrets.token_hex(8))), mode=USUAL)
    except OSError as error:
        raise StoreError(
            f"the store cannot be made: {error.strerror}",
            where=str(folder),
            remedy="Choose a folder that you may write with --store.",
        ) from error


def check_format(folder: Path) -> str:
    """Whether this graphwatch can read the store; the name of its project, which no other has.

    Raises:
        StoreDamaged: it does not say which format it has.
        StoreNewer: its format is of a later version.
    """
    path = folder / "store.json"
    kept = read_stored(path, _Kept, name="store.json", remedy="Bring it back from a backup.")
    if kept is None:
        raise missing(folder)
    if kept.format > _FORMAT:
        raise StoreNewer(
            f"the store has format {kept.format}, this graphwatch knows up to {_FORMAT}",
            where=str(folder),
            remedy="Update graphwatch, then open the store again.",
        )
    return kept.project
