"""Arrays that may be larger than memory: past a budget they lie in files without a name and are mapped into memory.

What is mapped is used as any array is. The system keeps in memory what is in use of it and writes the rest to the disk,
so that a process may hold more than its machine. A file without a name is gone with the process, however that ends.
"""

import mmap
import os
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from graphwatch.errors import StoreError

# Rows that are moved at once: numpy makes an index of eight bytes a row beside what it moves.
CHUNK_ROWS: Final = 1 << 20
# What a page takes is not worth a file.
_LEAST_BYTES: Final = 4096
_ZEROS: Final = bytes(1 << 20)


class Budget:
    """What arrays may take of memory, and where those lie that get none of it.

    `spilled` counts the bytes of all that got none.
    """

    def __init__(self, memory: int, folder: Path) -> None:
        self.memory, self.folder = memory, folder
        self.used = self.spilled = 0

    def array(self, rows: int, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
        size = rows * dtype.itemsize
        if size < _LEAST_BYTES or self.used + size <= self.memory:
            made: npt.NDArray[Any] = np.empty(rows, dtype)
            self.used += size
            weakref.finalize(made, self._freed, size)
            return made
        self.spilled += size
        return np.frombuffer(_mapped(size, self.folder), dtype)

    def _freed(self, size: int) -> None:
        self.used -= size


_budget: ContextVar[Budget | None] = ContextVar("budget of large arrays", default=None)


@contextmanager
def within(memory: int | None, folder: Path) -> Iterator[Budget | None]:
    """Large arrays that are made in this block lie in files past so many bytes; None sets no limit.

    Args:
        memory: bytes that all of them together may take of memory.
        folder: an existing one on a disk with room.
    """
    budget = None if memory is None else Budget(memory, folder)
    before = _budget.set(budget)
    try:
        yield budget
    finally:
        _budget.reset(before)


def empty(rows: int, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """An array whose content is yet to be written.

    Raises:
        StoreError: it does not fit into the budget, and the disk has no room for it.

    >>> with within(0, Path(tempfile.gettempdir())):
    ...     large = empty(1_000_000, np.int64)
    >>> large[:] = 1
    >>> int(large.sum())
    1000000
    """
    budget = _budget.get()
    return np.empty(rows, dtype) if budget is None else budget.array(rows, np.dtype(dtype))


def taken(values: npt.NDArray[Any], index: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """`values[index]`, with nothing beside it that grows with it.

    >>> taken(np.array([5, 6]), np.array([1, 1, 0])).tolist()
    [6, 6, 5]
    """
    if _budget.get() is None:
        chosen: npt.NDArray[Any] = values[index]
        return chosen
    made = empty(len(index), values.dtype)
    for begin in range(0, len(index), CHUNK_ROWS):
        made[begin : begin + CHUNK_ROWS] = values[index[begin : begin + CHUNK_ROWS]]
    return made


def kept(values: npt.NDArray[Any], mask: npt.NDArray[np.bool_]) -> npt.NDArray[Any]:
    """`values[mask]`, with nothing beside it that grows with it.

    >>> kept(np.array([5, 6, 7]), np.array([True, False, True])).tolist()
    [5, 7]
    """
    if _budget.get() is None:
        chosen: npt.NDArray[Any] = values[mask]
        return chosen
    made, used = empty(int(np.count_nonzero(mask)), values.dtype), 0
    for begin in range(0, len(mask), CHUNK_ROWS):
        part = values[begin : begin + CHUNK_ROWS][mask[begin : begin + CHUNK_ROWS]]
        made[used : used + len(part)] = part
        used += len(part)
    return made


def _mapped(size: int, folder: Path) -> mmap.mmap:
    """A file of that size, its room taken: a disk that is full later would end the process where it writes."""
    try:
        with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, size)
            else:
                for begin in range(0, size, len(_ZEROS)):
                    file.write(_ZEROS[: size - begin])
            return mmap.mmap(file.fileno(), size)
    except OSError as error:
        raise StoreError(
            f"{size / 1e9:.2g} GB that do not fit into memory have no room on the disk: {error.strerror or error}",
            where=str(folder),
            remedy="Nothing was changed. Make room there, allow more with --memory, or ask for less time with --from.",
        ) from error
