"""Work cut into pieces, and done on threads: kernels leave the other threads alone while they run."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

# More pieces than threads, so that one piece with a busy account does not keep the others waiting.
PIECES: Final = 16
Piece = tuple[int, int]


def even_pieces(work: npt.NDArray[np.integer], pieces: int = PIECES) -> list[Piece]:
    """Ranges of positions with about equal work; together they are all positions.

    >>> even_pieces(np.array([9, 1, 1, 1, 9]), 2)
    [(0, 3), (3, 5)]
    """
    total = np.concatenate([[0], np.cumsum(work)])
    cuts = np.searchsorted(total, np.linspace(0, total[-1], pieces + 1)[1:-1])
    bounds = np.unique(np.concatenate([[0], cuts, [len(work)]]))
    if len(bounds) == 1:
        return [(0, 0)]
    return list(zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True))


def equal_pieces(size: int, pieces: int = PIECES) -> list[Piece]:
    """Ranges of so many positions that are about equally long; together they are all positions.

    >>> equal_pieces(5, 2), equal_pieces(1, 2), equal_pieces(0, 2)
    ([(0, 2), (2, 5)], [(0, 1)], [(0, 0)])
    """
    bounds = [size * piece // pieces for piece in range(pieces + 1)]
    return [(a, b) for a, b in pairwise(bounds) if a < b] or [(0, 0)]


def on_threads(work: Callable[[Piece], Any], pieces: list[Piece], threads: int | None = None) -> Iterator[Any]:
    """What the work answers of each piece, in their order; one piece alone is done without a thread.

    Args:
        threads: as many as there are cores when None.

    >>> list(on_threads(lambda piece: piece[1] - piece[0], [(0, 3), (3, 5)]))
    [3, 2]
    """
    if len(pieces) == 1:
        yield work(pieces[0])
        return
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        yield from pool.map(work, pieces)
