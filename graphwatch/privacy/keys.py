"""The key under which a project's pseudonyms are made."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from graphwatch.errors import StoreDamaged, StoreError

KEY_BYTES: Final = 32


def project_key(folder: Path) -> bytes:
    """The 32 random bytes of a project, made at the first call and kept for ever after.

    The file `keys/pseudonyms.key` below `folder` is readable by its owner only. Of two processes that
    make it at once, one wins and both get its key.

    Raises:
        StoreDamaged: where the file does not hold 32 bytes; a new key would silently give every account
            another pseudonym than in what was already handed on.
        StoreError: where the file cannot be read or made.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     project_key(Path(folder)) == project_key(Path(folder))
    True
    """
    path = Path(folder) / "keys" / "pseudonyms.key"
    try:
        if not path.exists():
            _create(path)
        key = path.read_bytes()
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
            remedy="Restore the file from a backup; a new key would give every account another pseudonym.",
        )
    return key


def _create(path: Path) -> None:
    """Write the whole key under another name, then give it its name unless someone else was first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            _name_unless_taken(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _name_unless_taken(draft: Path, path: Path) -> None:
    # A hard link refuses to replace a file, which a rename does not; Windows renames refuse by themselves.
    if os.name == "nt":
        draft.rename(path)
    else:
        path.hardlink_to(draft)
