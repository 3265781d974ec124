"""Locks on files: one process at a time, or any number of readers; whoever waits in vain learns who holds it.

The embedded engine refuses a second writer only; a reader beside a writer would see half of a batch.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

import msgspec
import portalocker

from graphwatch.common.files import read_kept
from graphwatch.errors import StoreError, StoreLocked
from graphwatch.settings import LOCK_STILL_SECONDS, LOCK_WAIT_SECONDS

# What reading a damaged note, or asking for the process that it names, may raise.
_NO_NOTE: Final = (OSError, ValueError, OverflowError, RecursionError, msgspec.DecodeError)
# So often it is looked whether what is waited for gets on.
_LOOK_SECONDS: Final = 1.0


# Called with those who hold a lock that somebody waits for, now and then.
Waiting = Callable[["Sequence[Holder]"], None]

# So long a reader lets a writer go first that has waited longer.
_COURTESY_SECONDS: Final = 2.0


@contextmanager
def locked(
    store: Path,
    *,
    exclusive: bool,
    wait: float = LOCK_WAIT_SECONDS,
    under_way: Callable[[], Hashable] = lambda: None,
    waiting: Waiting = lambda _: None,
) -> Iterator["Holding"]:
    """Hold the store's lock while the block runs: one writer, or any number of readers.

    Args:
        store: its folder.
        exclusive: as its writer.
        wait: seconds until somebody who gets on with nothing is no longer waited for.
        under_way: something that is another one as often as the work of whoever holds it gets on.
        waiting: told once a second of whom it is waited for.

    Raises:
        StoreLocked: it could not be had within `wait` seconds, or for `settings.LOCK_STILL_SECONDS` nothing was seen
            to get on; the message names the holders.
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
        held = "; ".join(map(str, _holders(store / "holders"))) or "another process"
        return _refusal(f"the store is held by {held}", store)

    def look() -> tuple[bool, Hashable]:
        holders = _holders(store / "holders")
        waiting(holders)
        told = tuple((holder.done, holder.rows) for holder in holders)
        return any(rows for _, rows in told), (under_way(), told)

    with ExitStack() as locks:
        with _in_turn(store / "turn", exclusive=exclusive, refusal=refusal):
            locks.enter_context(_lock(file, exclusive=exclusive, wait=wait, refusal=refusal, look=look))
        yield locks.enter_context(_noted(store / "holders", mode, alone=exclusive))


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
            holder = str(Holder.noted(path))
        return _refusal(f"{name} is held by {holder}", path)

    with _lock(file, exclusive=True, wait=LOCK_WAIT_SECONDS if wait is None else wait, refusal=refusal):
        file.truncate(0)
        file.write(json.dumps(asdict(Holder.this(doing))))
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
def _lock(
    file: IO[str],
    *,
    exclusive: bool,
    wait: float,
    refusal: Callable[[], StoreLocked],
    look: Callable[[], tuple[bool, Hashable]] = lambda: (False, None),
) -> Iterator[None]:
    """Hold a lock.

    Args:
        look: asked once a second whether who holds it is known to have much to do, and for something that is another
            one as often as that gets on.
    """
    flags = portalocker.LockFlags.EXCLUSIVE if exclusive else portalocker.LockFlags.SHARED
    with file:
        begun = looked = time.monotonic()
        deadline = begun + wait
        seen: tuple[bool, Hashable] | None = None
        while True:
            try:
                portalocker.lock(file, flags | portalocker.LockFlags.NON_BLOCKING)
                break
            except portalocker.LockException as error:
                now = time.monotonic()
                if now >= looked + _LOOK_SECONDS:
                    before, seen, looked = seen, look(), now
                    has_moved = before is not None and seen[1] != before[1]
                    if has_moved or (before is None and seen[0]):
                        deadline = now + LOCK_STILL_SECONDS
                if now >= deadline:
                    raise refusal() from error
                time.sleep(0.05)
        try:
            yield
        finally:
            portalocker.unlock(file)


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that holds a lock, as it notes itself; with how many of the rows that it has to take in it has."""

    pid: int
    command: str
    mode: str
    since: str
    done: int = 0
    rows: int = 0

    @classmethod
    def this(cls, mode: str) -> "Holder":
        """This process; of its command line only the program and the command, never names or paths."""
        command = " ".join([Path(sys.argv[0] or "python").name, *sys.argv[1:2]])
        return cls(os.getpid(), command, mode, datetime.now(UTC).isoformat(timespec="seconds"))

    @classmethod
    def noted(cls, path: Path) -> "Holder":
        """The process that is noted in that file; what a damaged note raises is in `_NO_NOTE`."""
        return msgspec.json.decode(read_kept(path), type=cls)

    def __str__(self) -> str:
        done = f", {self.done:,} of {self.rows:,} rows are in the graph" if self.rows else ""
        return f"process {self.pid} ({self.command}, {self.mode} since {self.since}{done})"

    @property
    def is_alive(self) -> bool:
        """Whether the process is still there."""
        if self.pid <= 0:  # it would be whole groups of processes
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except OSError:
            return True
        return True


class Holding:
    """A lock that is held, of which others are told how far its work is."""

    def __init__(self, note: Path, mode: str) -> None:
        self._note, self._holder, self._is_over = note, Holder.this(mode), False

    def end(self) -> None:
        """Leave no note."""
        self._is_over = True
        with suppress(OSError):
            self._note.unlink(missing_ok=True)

    def tell(self, done: int = 0, rows: int = 0) -> None:
        """Note how many of so many rows are done; a store that cannot be written goes unnoted."""
        written = self._note.with_suffix(".new")
        if self._is_over:
            return
        with suppress(OSError):
            written.write_text(json.dumps(asdict(replace(self._holder, done=done, rows=rows))), encoding="utf-8")
            written.replace(self._note)


@contextmanager
def _noted(folder: Path, mode: str, *, alone: bool) -> Iterator[Holding]:
    """Note this process as a holder while the block runs; a store that cannot be written goes unnoted."""
    note = folder / f"{os.getpid()}-{time.monotonic_ns()}.json"
    holding = Holding(note, mode)
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
        if alone:  # what others noted is of processes that were killed
            for other in folder.iterdir():
                other.unlink(missing_ok=True)
        holding.tell()
    try:
        yield holding
    finally:
        holding.end()


def _holders(folder: Path) -> list[Holder]:
    """The live processes that have noted themselves as holders."""
    found = []
    for note in sorted(folder.glob("*.json")):
        with suppress(*_NO_NOTE):
            holder = Holder.noted(note)
            if holder.is_alive:
                found.append(holder)
    return found
