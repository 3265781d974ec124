"""The keys of a project: under which pseudonyms are made, and under which persons of the roster are known."""

import hmac
import os
import secrets
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Final

from graphwatch.common.files import create_atomic, read_kept
from graphwatch.errors import KeyMissing, KeyWrong, StoreDamaged, StoreError

KEY_BYTES: Final = 32


def project_key(folder: Path, known: str | None = None) -> bytes:
    """The 32 random bytes of a project, made at the first call and kept for ever after.

    The file `keys/pseudonyms.key` below `folder` is readable by its owner only. Of two processes that
    make it at once, one wins and both get its key. Its fingerprint is noted beside the folder of keys, so that
    a lost or exchanged key is found: a new one would silently give every account another pseudonym than in what was
    already handed on.

    Args:
        folder: the project's.
        known: fingerprint of the key that pseudonyms of the store are made with; None where nobody has said.

    Raises:
        KeyMissing: where there was a key, and it is gone; or there is none where one is known.
        KeyWrong: where the key is another than that of the first call, or than the one that is known.
        StoreDamaged: where the file does not hold 32 bytes.
        StoreError: where the file cannot be read or made.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     project_key(Path(folder)) == project_key(Path(folder))
    True
    """
    path, noted = _places(folder)
    remedy = "Restore the file from a backup; a new key would give every account another pseudonym."
    if known is not None:
        _check_known(path, known)
    if not noted.exists():
        key = _kept(path, remedy)
        # A project of an earlier version may lie where nothing can be written any more.
        with suppress(OSError):
            create_atomic(noted, f"{fingerprint(key)}\n".encode("ascii"))
        return key
    remedy += f" Where that is wanted all the same, remove {noted}."
    if not path.exists():
        raise KeyMissing("the key that pseudonyms were made with is not here", where=str(path), remedy=remedy)
    key = _kept(path, remedy)
    try:
        told = read_kept(noted).decode("ascii", "replace").strip()
    except OSError as error:
        raise StoreDamaged(f"the file cannot be read: {error.strerror}", where=str(noted), remedy=remedy) from error
    if told != fingerprint(key):
        raise KeyWrong("this is not the key that pseudonyms were made with", where=str(path), remedy=remedy)
    return key


def _check_known(path: Path, known: str) -> None:
    """Refuse a folder without the key that the pseudonyms of the store are made with, before one is made there."""
    what = "pseudonyms of this store are made with a key that is not"
    remedy = "Copy keys/pseudonyms.key from the project folder in which the first were made, or name it with --project."
    if not path.exists():
        raise KeyMissing(f"{what} here", where=str(path), remedy=remedy)
    if fingerprint(_kept(path, remedy)) != known:
        raise KeyWrong(f"{what} this one", where=str(path), remedy=remedy)


def has_project_key(folder: Path) -> bool:
    """Whether pseudonyms were made in this project at all."""
    return any(path.exists() for path in _places(folder))


def _places(folder: Path) -> tuple[Path, Path]:
    return Path(folder) / "keys" / "pseudonyms.key", Path(folder) / "pseudonyms.fingerprint"


def roster_key(folder: Path, known: Collection[str]) -> bytes:
    """The key `keys/roster.key` under which persons are known, made with the first roster.

    Args:
        folder: the project's.
        known: fingerprints of the key that the store's rosters were loaded with; none before the first.

    Raises:
        KeyMissing: rosters were loaded with a key that is not here.
        KeyWrong: the key here is another one: every person would come in a second time under another id.
    """
    path = Path(folder) / "keys" / "roster.key"
    remedy = "Copy roster.key from the keys folder of the project that loaded the roster, or from its backup."
    if known and not path.exists():
        raise KeyMissing("the key that the roster was loaded with is not here", where=str(path), remedy=remedy)
    key = _kept(path, remedy)
    if not set(known) <= {fingerprint(key)}:
        raise KeyWrong("this is not the key that the roster was loaded with", where=str(path), remedy=remedy)
    return key


def fingerprint(key: bytes) -> str:
    """16 hex digits by which a key is known again and that tell nothing about it.

    >>> fingerprint(b"k" * 32) == fingerprint(b"l" * 32)
    False
    """
    return hmac.digest(key, b"graphwatch key fingerprint", "sha256").hex()[:16]


def check_private(path: Path) -> None:
    """Refuse a file with a secret that others may read.

    Raises:
        StoreError: they may.
        OSError: the file cannot be looked at.
    """
    if os.name != "nt" and path.stat().st_mode & 0o077:
        remedy = f"Take their rights away: chmod 600 {path}"
        raise StoreError("others may read the key", where=str(path), remedy=remedy)


def _kept(path: Path, remedy: str) -> bytes:
    """The key in a file, made if there is none."""
    try:
        if not path.exists():
            create_atomic(path, secrets.token_bytes(KEY_BYTES))
        check_private(path)
        key = read_kept(path)
    except OSError as error:
        raise StoreError(
            f"the key cannot be read or made: {error.strerror}",
            where=str(path),
            remedy="Check that the folder exists and belongs to you.",
        ) from error
    if len(key) != KEY_BYTES or not any(key):
        raise StoreDamaged(
            f"the key has {len(key)} bytes that cannot be a key of {KEY_BYTES} random ones",
            where=str(path),
            remedy=remedy,
        )
    return key
