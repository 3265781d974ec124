"""Who used which objects, and what of it is held fixed: how much each account did, and how much each object was used.

Both within each block, which is what ties opportunities together: a page's posts of some weeks, comments on one post.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from graphwatch.detection.counting.pairs import Ints, Longs, Reals
from graphwatch.detection.families.bicm import fit


class Margins(NamedTuple):
    """What is held fixed: how much each account did in each block, and how much each object was used there.

    The chance that an account used an object in a block is the logistic function of the sum of their two numbers, or
    where not `logistic` its exponential. Blocks of an account and of an object are ascending.

    Attributes:
        account_start, account_block, account_x: the blocks of each account, and its number there.
        object_start, object_block, object_y: the blocks of each object, and its number there.
        class_start, class_y, class_count: for each block the numbers of those objects that are in no other, and how
            many have each.
        wide_start, wide: for each block those objects that are in several.
        logistic: see above.
    """

    account_start: Longs
    account_block: Ints
    account_x: Reals
    object_start: Longs
    object_block: Ints
    object_y: Reals
    class_start: Longs
    class_y: Reals
    class_count: Longs
    wide_start: Longs
    wide: Ints
    logistic: bool


@dataclass(frozen=True, slots=True)
class Uses:
    """Which accounts used which objects, and the margins of the blocks in which they did.

    `of_account` and `of_object` are the objects of each account and the accounts of each object, as compressed rows.
    """

    accounts: int
    objects: int
    active: int
    of_account: tuple[Longs, Ints]
    of_object: tuple[Longs, Ints]
    margins: Margins


def uses(account: Any, object: Any, block: Any, *, accounts: int, dense: bool, least: int = 3) -> Uses:
    """What is to be tested; the same act twice counts once.

    Args:
        account, object, block: codes of each use.
        accounts: number of account codes.
        dense: whether accounts use a good part of a block's objects, as with likes; the bipartite configuration model
            (Saracco et al. 2017) is then fitted in each block. Else a use is in proportion to both numbers.
        least: objects that an account must have used to be tested.
    """
    account, object, block = np.unique(np.stack([account, object, block]).astype(np.int64), axis=1)
    objects, blocks = (int(column.max(initial=-1)) + 1 for column in (object, block))
    of_account, of_object = _compressed(account, object, accounts), _compressed(object, account, objects)
    row, row_degree = np.unique(account * blocks + block, return_counts=True)
    column, column_degree = np.unique(object * blocks + block, return_counts=True)
    x, y = np.zeros(len(row)), np.zeros(len(column))
    row_block, column_block = row % max(blocks, 1), column % max(blocks, 1)
    if dense:
        _fit_blocks(row_block, row_degree, x, column_block, column_degree, y, blocks)
    else:
        total = np.bincount(block, minlength=blocks)
        x, y = np.log(row_degree) - np.log(total[row_block]), np.log(column_degree)
    # An object of one account can be shared by nobody: it says how much else there was, and no more.
    shareable = np.diff(of_object[0]) > 1
    column_object = column // max(blocks, 1)
    kept = shareable[column_object]
    several = np.bincount(column_object, minlength=objects) > 1
    single, wide = kept & ~several[column_object], kept & several[column_object]
    classes, count = np.unique(np.stack([column_block[single].astype(float), y[single]]), axis=1, return_counts=True)
    margins = Margins(
        np.searchsorted(row // max(blocks, 1), np.arange(accounts + 1)),
        row_block.astype(np.int32),
        x,
        np.searchsorted(column_object, np.arange(objects + 1)),
        column_block.astype(np.int32),
        y,
        np.searchsorted(classes[0], np.arange(blocks + 1)),
        np.ascontiguousarray(classes[1]),
        count,
        *_compressed(column_block[wide], column_object[wide], blocks),
        dense,
    )
    active = int(np.count_nonzero(np.diff(of_account[0]) >= least))
    return Uses(accounts, objects, active, of_account, of_object, margins)


def _compressed(row: Longs, column: Longs, rows: int) -> tuple[Longs, Ints]:
    """The distinct columns of each row, ascending."""
    pairs = np.unique(np.stack([row, column]), axis=1)
    return np.searchsorted(pairs[0], np.arange(rows + 1)), np.ascontiguousarray(pairs[1]).astype(np.int32)


def _fit_blocks(
    row_block: Longs, row_degree: Longs, x: Reals, column_block: Longs, column_degree: Longs, y: Reals, blocks: int
) -> None:
    by_row, by_column = np.argsort(row_block, kind="stable"), np.argsort(column_block, kind="stable")
    row_start = np.searchsorted(row_block[by_row], np.arange(blocks + 1))
    column_start = np.searchsorted(column_block[by_column], np.arange(blocks + 1))
    for b in range(blocks):
        rows, columns = by_row[row_start[b] : row_start[b + 1]], by_column[column_start[b] : column_start[b + 1]]
        if len(rows):
            model = fit(row_degree[rows], column_degree[columns])
            x[rows] = model.row[np.searchsorted(model.row_degree, row_degree[rows])]
            y[columns] = model.column[np.searchsorted(model.column_degree, column_degree[columns])]
