"""Writing a file so that there is either the old one or the whole new one."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from graphwatch.errors import GraphwatchError, UsageError


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
