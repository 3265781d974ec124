"""A process that writes a store, killed the moment the disk has seen a change of a file that it makes.

What is watched is the disk (inotify), so that the engine's own files count too: its log, its checkpoint, its shadow.
"""

import ctypes
import multiprocessing
import os
import signal
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path

from graph_rows import accounts, like, likes

from graphwatch.model.tables import GraphTable, node_rows
from graphwatch.store.embedded.store import EmbeddedStore

_EVENTS = {0x2: "modify", 0x40: "moved from", 0x80: "moved to", 0x100: "create", 0x200: "delete"}
_CONTEXT = multiprocessing.get_context("forkserver")
# Imported once for all of them.
_CONTEXT.set_forkserver_preload([__name__, "ladybug"])


def batch(size: int) -> list[GraphTable]:
    """So many accounts and likes, 25 of the accounts known before, and the source that brought them."""
    rows = [{"id": f"x:{i}", "handle": f"h{i}"} for i in range(25, 25 + size)]
    acts = (like(str(row["id"]), "x:p1", f"r{row['id']}", 1000, source="s:2:1") for row in rows)
    return [node_rows("Source", [{"id": "s:2"}]), accounts(*rows), likes(*acts)]


def write(store: EmbeddedStore, tables: list[GraphTable]) -> int:
    """How many rows were new."""
    with store.write("load") as writing:
        return sum(writing.add(table).new for table in tables)


def killed(
    folder: Path,
    size: int | None,
    *,
    at: str | None = None,
    nth: int = 1,
    doing: Callable[[EmbeddedStore], object] = EmbeddedStore.rebuild,
    later_s: float = 0,
    seen: Callable[[str], object] = len,
) -> bool:
    """Write a batch of that size and have the graph take it in, or do something else, killed at an event.

    False where that never came.

    At the last of the events the process may end before it is killed.

    Args:
        folder: of the store.
        size: None to do something else.
        at: what happens to a file of the store, `graph` or `journal`: "create graph.lbug.wal"; anything when left out.
        nth: which of these.
        doing: what else; by default the graph is made again.
        later_s: how long after the event.
        seen: told of each event.
    """
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=_work, args=(folder, size, doing, theirs))
    process.start()
    theirs.close()
    ours.recv()  # it is ready
    with _watched(folder, folder / "graph", folder / "journal") as events:
        ours.send(True)
        for event in events(process.sentinel):
            seen(event)
            nth -= at is None or event == at
            if nth == 0:
                assert process.pid is not None
                time.sleep(later_s)
                with suppress(ProcessLookupError):  # it may have ended meanwhile
                    os.kill(process.pid, signal.SIGKILL)
                break
        process.join(120)
    assert process.exitcode in (0, -signal.SIGKILL), process.exitcode
    return nth == 0


def _work(folder: Path, size: int | None, doing: Callable[[EmbeddedStore], object], parent: Connection) -> None:
    store, tables = EmbeddedStore(folder), [] if size is None else batch(size)
    parent.send(True)
    parent.recv()
    if size is None:
        doing(store)
    else:
        write(store, tables)
        store.catch_up()
    os._exit(0)


@contextmanager
def _watched(*folders: Path) -> Iterator[Callable[[int], Iterator[str]]]:
    libc = ctypes.CDLL(None, use_errno=True)
    handle = libc.inotify_init()
    for folder in folders:
        assert libc.inotify_add_watch(handle, os.fsencode(folder), sum(_EVENTS)) >= 0

    def events(ended: int) -> Iterator[str]:
        while True:
            ready = multiprocessing.connection.wait([handle, ended])
            if handle not in ready:
                return
            read, at = os.read(handle, 1 << 16), 0
            while at < len(read):
                _, mask, _, length = struct.unpack_from("iIII", read, at)
                name = read[at + 16 : at + 16 + length].rstrip(b"\0").decode()
                at += 16 + length
                yield f"{_EVENTS.get(mask & 0xFFF, '')} {name}"

    try:
        yield events
    finally:
        os.close(handle)
