"""Compile kernels with numba, cached on disk where that can be done."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from numba import njit

_notes: list[str] = []
CACHE_REMEDY: Final = "Set NUMBA_CACHE_DIR to a folder that you may write."


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as machine code that releases Python's lock.

    The code is kept on disk between processes. Where no folder for it can be written the function is compiled
    anew in each process, and `slowness()` says so.
    """
    try:
        return njit(cache=True, nogil=True)(function)
    except RuntimeError:
        if not _notes:
            _notes.append(f"Compiled kernels cannot be kept on disk, so each start compiles them anew. {CACHE_REMEDY}")
        return njit(nogil=True)(function)


def is_kept(kernel: Any) -> bool:
    """Whether there is machine code of a kernel on disk, so that its first call need not compile it."""
    folder = kernel.stats.cache_path
    return folder is not None and any(Path(folder).glob(f"*.{kernel.__name__}-*.nbi"))


def slowness() -> str | None:
    """Why kernels take longer to start than they need to; None when all is well."""
    return _notes[0] if _notes else None
