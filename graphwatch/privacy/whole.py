"""Files that are there as a whole or not at all: written beside the old one, fsynced, then given their name."""

import glob
import os
import secrets
from pathlib import Path

from graphwatch.errors import StoreError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file for its owner only. Whoever calls it sees to it that nobody else writes that file meanwhile.

    Raises:
        StoreError: it cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_whole(Path(folder) / "a", b"whole")
    ...     (Path(folder) / "a").read_bytes()
    b'whole'
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        clear_drafts(path)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sync(path.parent)
    except OSError as error:
        remedy = "Check that the folder belongs to you and has room."
        raise StoreError(f"the file cannot be written: {error.strerror}", where=str(path), remedy=remedy) from error
    finally:
        draft.unlink(missing_ok=True)


def clear_drafts(path: Path) -> None:
    """Take away what writers of that file who were killed left: it may say what the file itself no longer says."""
    for draft in path.parent.glob(f".{glob.escape(path.name)}.{'[0-9a-f]' * 16}"):
        draft.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
