"""Work in a process of its own, with limits that hold: what an analyst's text does to that harms nothing else.

The engine cannot be stopped while it plans a query or computes one value, takes memory past its own limit, and can
abort. So the process that asks it is a copy of this one, is ended by the system when its time is over, is watched for
its memory, and gives all of that back when it ends.
"""

import ctypes
import faulthandler
import os
import pickle
import select
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any, Final, NoReturn

import pyarrow as pa

from graphwatch.common.table import leave_pandas_out
from graphwatch.errors import GraphwatchError, QueryError, QueryMemory, QueryTimeout
from graphwatch.settings import LOCK_WAIT_SECONDS, QUERY_MEMORY

# After its own time a query has so many seconds more to say itself that it was stopped.
_GRACE: Final = 1.0
_LOOK_SECONDS: Final = 0.05
_PIECE: Final = 1 << 20
# PR_SET_PDEATHSIG
_PARENT_DEATH: Final = 1
_ROWS, _REFUSED, _FAILED = b"r", b"e", b"f"
# Engines that were open here are unusable in the copy, and must not be closed there: their threads are gone.
_kept_open: list[Any] = []


def confined(
    work: Callable[[], pa.Table], *, seconds: float | None = None, memory: int | None = None, left_alone: Any = None
) -> pa.Table:
    """The table that `work` returns, made in a process of its own.

    Where the system cannot copy a process (Windows) the work is done in this one.

    Args:
        work: opens what it reads itself, and changes nothing that others see.
        seconds: after which the process is ended; None where there is no end.
        memory: bytes that it may take of its own; by default as the settings say.
        left_alone: what is open in this process and must be neither used nor closed in the other.

    Raises:
        QueryTimeout, QueryMemory: it was stopped.
        QueryError: it died, which is the engine's doing.
        GraphwatchError: as `work` raises them.
        RuntimeError: anything else that `work` raises, with where it did.

    >>> confined(lambda: pa.table({"a": [1, 2]}), seconds=5).num_rows
    2
    """
    if not hasattr(os, "fork"):
        return work()
    reading, writing = os.pipe()
    child = 0
    try:
        with _interrupts_kept(), warnings.catch_warnings():
            # Newer Pythons warn of threads, which a copy does not have: here it uses nothing that they hold.
            warnings.simplefilter("ignore", DeprecationWarning)
            asking = os.getpid()
            child = os.fork()
            if child == 0:
                _end_with(asking)
                _kept_open.append(left_alone)
                os.close(reading)
                _work_and_end(work, writing, seconds)
            os.close(writing)
        said = _heard(reading, child, memory or QUERY_MEMORY)
        status = _ended(child)
    except BaseException:
        if child:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            _ended(child)
        raise
    finally:
        os.close(reading)
    return _meant(said, status, seconds)


@contextmanager
def _interrupts_kept() -> Iterator[None]:
    """Have Ctrl-C wait until the block is done: amid a copying it would be told by what runs after one, and be lost."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    kept: list[FrameType | None] = []
    signal.signal(signal.SIGINT, lambda _, frame: kept.append(frame))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if kept:
        before(signal.SIGINT, kept[0])


def end_after(seconds: float) -> None:
    """Have the system end this process, which is one of its own, when it has worked for so long and a little more."""
    signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)


def _end_with(asking: int) -> None:
    """Have the system end this process when the one that asks was killed, where it can: nobody else would."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGKILL)
    if os.getppid() != asking:
        os._exit(1)


def _work_and_end(work: Callable[[], pa.Table], writing: int, seconds: float | None) -> NoReturn:
    """What the other process does; it never returns into what this one was doing."""
    status = 1
    try:
        faulthandler.disable()  # how it died is told by who waits for it
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        if seconds is not None:
            end_after(seconds + LOCK_WAIT_SECONDS)
        with os.fdopen(writing, "wb") as out:
            try:
                leave_pandas_out()
                table = work()
            except GraphwatchError as error:
                out.write(_REFUSED + pickle.dumps((type(error), error.what, error.where, error.remedy)))
            except Exception:
                out.write(_FAILED + traceback.format_exc().encode())
            else:
                out.write(_ROWS)
                with pa.ipc.new_stream(out, table.schema) as stream:
                    stream.write_table(table)
        status = 0
    finally:
        os._exit(status)


def _heard(reading: int, child: int, memory: int) -> bytes:
    """All that the other process says, while its memory is looked at.

    Raises:
        QueryMemory: it took too much.
    """
    said, began = bytearray(), _own_memory(child)
    looked = time.monotonic()
    while True:
        ready, _, _ = select.select([reading], [], [], _LOOK_SECONDS)
        if ready:
            piece = os.read(reading, _PIECE)
            if not piece:
                return bytes(said)
            said += piece
        if time.monotonic() - looked >= _LOOK_SECONDS:
            looked = time.monotonic()
            if max(_own_memory(child) - began, len(said)) > memory:
                raise QueryMemory(
                    f"the query was stopped when it had taken {memory / 1e9:.1f} GB of memory",
                    remedy="Narrow it: a LIMIT, a shorter pattern, a smaller range, fewer rows to sort or collect.",
                )


def _own_memory(process: int) -> int:
    """Bytes of a process that are not a file's; 0 where the system does not say."""
    with suppress(OSError, ValueError, IndexError):
        for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
    return 0


def _ended(child: int) -> int:
    """How a process ended: 0 when all went well, else above 0, or below 0 for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _meant(said: bytes, status: int, seconds: float | None) -> pa.Table:
    if status == -signal.SIGALRM:
        raise QueryTimeout(
            f"the query was stopped after {seconds:g} s",
            remedy="Narrow it (a LIMIT, a time range, a shorter pattern) or allow more with --timeout.",
        )
    if status or not said:
        how = f"signal {-status}" if status < 0 else f"exit {status}"
        raise QueryError(
            f"the engine died of this query ({how}); the store is as it was",
            remedy="Write it more simply: fewer expressions in each other, fewer columns.",
        )
    if said[:1] == _REFUSED:
        kind, what, where, remedy = pickle.loads(said[1:])  # noqa: S301 - said by a copy of this process
        raise kind(what, where=where, remedy=remedy)
    if said[:1] == _FAILED:
        raise RuntimeError(said[1:].decode())
    return pa.ipc.open_stream(pa.py_buffer(said)[1:]).read_all()
