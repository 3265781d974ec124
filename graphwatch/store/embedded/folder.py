"""The folder of an embedded store: whether it is one, how it is made, and which format it has."""

import json
import secrets
from pathlib import Path
from typing import Final

from graphwatch.common.files import USUAL, intended_name, write_atomic
from graphwatch.errors import StoreDamaged, StoreError, StoreMissing, StoreNewer

_FORMAT: Final = 1
# What a store folder may hold before the store in it is made.
_OWN_NAMES: Final = {
    *("journal", "graph", "keys", "quarantine", "vault", "provenance.json", "store.json"),
    *("tombstones.json", "access.log", "access.log.lock", "pseudonyms.fingerprint"),
}


def is_store(folder: Path) -> bool:
    """Whether a store has been made there."""
    return (folder / "store.json").exists()


def missing(folder: Path) -> StoreMissing:
    """The error that says that there is none."""
    return StoreMissing(
        "there is no graphwatch store here",
        where=str(folder),
        remedy="`graphwatch load FILE` makes one; --store says where.",
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
        said = {"format": _FORMAT, "project": secrets.token_hex(8)}
        write_atomic(folder / "store.json", json.dumps(said).encode("ascii"), mode=USUAL)
    except OSError as error:
        raise StoreError(
            f"the store cannot be made: {error.strerror}",
            where=str(folder),
            remedy="Choose a folder that you may write with --store.",
        ) from error


def check_format(folder: Path) -> None:
    """Whether this graphwatch can read the store.

    Raises:
        StoreDamaged: it does not say which format it has.
        StoreNewer: its format is of a later version.
    """
    try:
        found = json.loads((folder / "store.json").read_text(encoding="utf-8"))["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreDamaged(
            "store.json cannot be read",
            where=str(folder / "store.json"),
            remedy="Bring it back from a backup.",
        ) from error
    if found > _FORMAT:
        raise StoreNewer(
            f"the store has format {found}, this graphwatch knows up to {_FORMAT}",
            where=str(folder),
            remedy="Update graphwatch, then open the store again.",
        )
