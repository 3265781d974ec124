"""A shared or exclusive lock on a store folder that can say who holds it.

The embedded engine refuses a second writer only; a reader beside a writer would see half of a batch.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import portalocker

from graphwatch.errors import StoreError, StoreLocked
from graphwatch.settings import LOCK_WAIT_SECONDS


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OSError):
        return True
    return True


def _describe(holder: dict[str, object]) -> str:
    return f"process {holder['pid']} ({holder['command']}, {holder['mode']} since {holder['since']})"


def _holders(folder: Path) -> list[str]:
    """Descriptions of the live processes that have noted themselves as holders."""
    found = []
    for note in sorted(folder.glob("*.json")):
        try:
            holder = json.loads(note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if _is_alive(int(holder["pid"])):
            found.append(_describe(holder))
    return found


@contextmanager
def _noted(folder: Path, mode: str) -> Iterator[None]:
    """Note this process as a holder while the block runs; a store that cannot be written goes unnoted."""
    note = folder / f"{os.getpid()}-{time.monotonic_ns()}.json"
    command = " ".join([Path(sys.argv[0] or "python").name, *sys.argv[1:2]])
    holder = {
        "pid": os.getpid(),
        "command": command,
        "mode": mode,
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
        note.write_text(json.dumps(holder), encoding="utf-8")
    try:
        yield
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)


@contextmanager
def locked(store: Path, *, exclusive: bool, wait: float = LOCK_WAIT_SECONDS) -> Iterator[None]:
    """Hold the store's lock while the block runs: one writer, or any number of readers.

    Raises:
        StoreLocked: it could not be had within `wait` seconds; the message names the holders.
        StoreError: the lock file cannot be opened.
    """
    mode = "writing" if exclusive else "reading"
    try:
        file = (store / "lock").open("a+" if exclusive or os.access(store, os.W_OK) else "r")
    except OSError as error:
        raise StoreError(
            f"the store cannot be locked for {mode}: {error.strerror}",
            where=str(store),
            remedy="Check that the folder exists and that you may read and write it.",
        ) from error
    flags = portalocker.LockFlags.EXCLUSIVE if exclusive else portalocker.LockFlags.SHARED
    with file:
        deadline = time.monotonic() + wait
        while True:
            try:
                portalocker.lock(file, flags | portalocker.LockFlags.NON_BLOCKING)
                break
            except portalocker.LockException as error:
                if time.monotonic() >= deadline:
                    held = "; ".join(_holders(store / "holders")) or "another process"
                    raise StoreLocked(
                        f"the store is held by {held}",
                        where=str(store),
                        remedy="Wait until it has finished, or stop it, and try again.",
                    ) from error
                time.sleep(0.05)
        try:
            with _noted(store / "holders", mode):
                yield
        finally:
            portalocker.unlock(file)
