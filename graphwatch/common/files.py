"""Files that are there as a whole or not at all: writing so that there is either the old one or the whole new one."""

import glob
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from graphwatch.errors import GraphwatchError, StoreError, UsageError


@contextmanager
def replacing(path: str | Path) -> Iterator[TextIO]:
    """A handle for UTF-8 text that becomes `path` when the block ends well, and vanishes when it does not.

    Raises:
        UsageError: where `path` is a folder, or its folder does not exist.
        GraphwatchError: where the disk refuses.
    """
    # Line ends are the writer's business: CSV has its own, and a digest must not depend on the machine.
    with drafted(path) as draft, draft.open("x", encoding="utf-8", newline="") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def drafted(path: str | Path) -> Iterator[Path]:
    """A place for a file of any kind that becomes `path` when the block ends well, as for `replacing`."""
    path = Path(path)
    draft = path.with_name(f".{secrets.token_hex(8)}.part") if path.name else path
    try:
        _check_place(path)
        yield draft
        draft.replace(path)
    except OSError as error:
        raise GraphwatchError(
            f"the file cannot be written: {error.strerror}",
            where=str(path),
            remedy="Check that the folder belongs to you and has room, and that no program holds the file.",
        ) from error
    finally:
        with suppress(OSError):
            draft.unlink()


def made_folder(folder: str | Path) -> Path:
    """The folder, made where it is missing.

    Raises:
        UsageError: where it is a file.
        GraphwatchError: where it cannot be made.
    """
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise UsageError("this is a file", where=str(folder), remedy="Give the name of a folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GraphwatchError(
            f"the folder cannot be made: {error.strerror}", where=str(folder), remedy="Give another folder."
        ) from error
    return folder


def _check_place(path: Path) -> None:
    if path.is_dir():
        raise UsageError("this is a folder", where=str(path), remedy="Give the name of a file.")
    if not path.parent.is_dir():
        raise UsageError("there is no such folder", where=str(path.parent), remedy="Make the folder first.")


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
