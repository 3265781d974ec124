"""Locks on files: one process at a time, or any number of readers; whoever waits in vain learns who holds it.

The embedded engine refuses a second writer only; a reader beside a writer would see half of a batch.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

import portalocker

from graphwatch.errors import StoreError, StoreLocked
from graphwatch.settings import LOCK_WAIT_SECONDS

# What reading a damaged note, or asking for the process that it names, may raise.
_NO_NOTE: Final = (OSError, ValueError, TypeError, OverflowError, RecursionError)

# So long a reader lets a writer go first that has waited longer.
_COURTESY_SECONDS: Final = 2.0


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

    def refusal() -> StoreLocked:
        held = "; ".join(_holders(store / "holders")) or "another process"
        return _refusal(f"the store is held by {held}", store)

    with ExitStack() as holding:
        with _in_turn(store / "turn", exclusive=exclusive, refusal=refusal):
            holding.enter_context(_lock(file, exclusive=exclusive, wait=wait, refusal=refusal))
        holding.enter_context(_noted(store / "holders", mode, alone=exclusive))
        yield


@contextmanager
def held(path: Path, *, name: str, doing: str, wait: float | None = None) -> Iterator[None]:
    """Let no other process that uses this lock file run its block meanwhile.

    Args:
        path: the lock file; it is made where it is missing, and stays.
        name: what is locked, for the message: "the access log".
        doing: what this process does meanwhile, for the message to others: "writing".
        wait: seconds; None as the settings say.

    Raises:
        StoreLocked: it could not be had within `wait` seconds; the message names the holder.
        OSError: the lock file cannot be opened.
    """
    file = path.open("a+", encoding="utf-8")

    def refusal() -> StoreLocked:
        holder = "another process"
        with suppress(*_NO_NOTE):  # on some systems nobody reads a locked file
            holder = str(_Holder(**json.loads(path.read_text(encoding="utf-8"))))
        return _refusal(f"{name} is held by {holder}", path)

    with _lock(file, exclusive=True, wait=LOCK_WAIT_SECONDS if wait is None else wait, refusal=refusal):
        file.truncate(0)
        file.write(json.dumps(asdict(_Holder.this(doing))))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


@contextmanager
def _in_turn(path: Path, *, exclusive: bool, refusal: Callable[[], StoreLocked]) -> Iterator[None]:
    """Let readers that come later than a waiting writer wait for it: one after the other, they would keep it out.

    A courtesy with an end: who reads already and reads something else besides must not wait for who waits for it.
    """
    with ExitStack() as waiting:
        with suppress(OSError, StoreLocked):
            file = path.open("a+")
            waiting.enter_context(_lock(file, exclusive=exclusive, wait=_COURTESY_SECONDS, refusal=refusal))
        yield


def _refusal(what: str, where: Path) -> StoreLocked:
    return StoreLocked(what, where=str(where), remedy="Wait until it has finished, or stop it, then try again.")


@contextmanager
def _lock(file: IO[str], *, exclusive: bool, wait: float, refusal: Callable[[], StoreLocked]) -> Iterator[None]:
    flags = portalocker.LockFlags.EXCLUSIVE if exclusive else portalocker.LockFlags.SHARED
    with file:
        deadline = time.monotonic() + wait
        while True:
            try:
                portalocker.lock(file, flags | portalocker.LockFlags.NON_BLOCKING)
                break
            except portalocker.LockException as error:
                if time.monotonic() >= deadline:
                    raise refusal() from error
                time.sleep(0.05)
        try:
            yield
        finally:
            portalocker.unlock(file)


@dataclass(frozen=True, slots=True)
class _Holder:
    """A process that holds a lock, as it notes itself."""

    pid: int
    command: str
    mode: str
    since: str

    @classmethod
    def this(cls, mode: str) -> "_Holder":
        """This process; of its command line only the program and the command, never names or paths."""
        command = " ".join([Path(sys.argv[0] or "python").name, *sys.argv[1:2]])
        return cls(os.getpid(), command, mode, datetime.now(UTC).isoformat(timespec="seconds"))

    def __str__(self) -> str:
        return f"process {self.pid} ({self.command}, {self.mode} since {self.since})"

    @property
    def is_alive(self) -> bool:
        """Whether the process is still there."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except OSError:
            return True
        return True


@contextmanager
def _noted(folder: Path, mode: str, *, alone: bool) -> Iterator[None]:
    """Note this process as a holder while the block runs; a store that cannot be written goes unnoted."""
    note = folder / f"{os.getpid()}-{time.monotonic_ns()}.json"
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
        if alone:  # what others noted is of processes that were killed
            for other in folder.glob("*.json"):
                other.unlink(missing_ok=True)
        note.write_text(json.dumps(asdict(_Holder.this(mode))), encoding="utf-8")
    try:
        yield
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)


def _holders(folder: Path) -> list[str]:
    """Descriptions of the live processes that have noted themselves as holders."""
    found = []
    for note in sorted(folder.glob("*.json")):
        with suppress(*_NO_NOTE):
            holder = _Holder(**json.loads(note.read_text(encoding="utf-8")))
            if holder.is_alive:
                found.append(str(holder))
    return found
