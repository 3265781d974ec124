"""The crowd-conditional draw: what chance is within windows of minutes to an hour.

Within such a window the age of a post alone does not say when people act: fast and slow, early and late risers share
an age. So an account's time on an object is drawn from the times at which the others acted there, each weighed by how
much more often than the crowd the account acts at that hour of the day and at that age. The coarse timing of the
object and of the account is held fixed, and the fine timing tested (Amarasingham et al. 2012).
"""

from typing import Final, NamedTuple

import numpy as np

from graphwatch.common.clock import hours_of_day
from graphwatch.common.pieces import Piece, even_pieces
from graphwatch.detection.chance import crowd_kernels
from graphwatch.detection.counting import kernels as counting_kernels
from graphwatch.detection.counting.pairs import Actions, Ints, Longs, Mask, Pairs, Reals
from graphwatch.detection.course import walk

# Blocks of three hours; bins of half a decade of seconds.
_BLOCKS: Final = 8
_AGES: Final = 14
_LEANING: Final = 50
AGE_BOUNDS: Final[Longs] = np.ceil(1000 * 10 ** (np.arange(_AGES) / 2)).astype(np.int64)
AGE_BOUNDS[0] = 0


class Crowd(NamedTuple):
    """What the draw needs to know; every array is empty where nothing is drawn.

    A segment is a run of actions on one object in one block of the day and one bin of age.

    Attributes:
        segment: of each action; segment s begins at `segment_start[s]`, the last entry being the end of all.
        hour, age: block of the day, and bin of age, of each segment.
        by_hour, by_age: how many actions each account has in each block and bin.
        hours, ages: the share of all actions in each.
        total: for each action what all others on its object weigh to its account.
        object_start: where the actions on each object begin.
        companions_start, companions: accounts that stand out with an account, which are no measure of its chance.
        young: whether each action came so soon after publication that whoever has notifications on is there.
    """

    segment: Ints
    segment_start: Longs
    hour: Ints
    age: Ints
    by_hour: Ints
    by_age: Ints
    hours: Reals
    ages: Reals
    total: Reals
    object_start: Longs
    companions_start: Longs
    companions: Ints
    young: Mask


def _none() -> Crowd:
    few, many, real = np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0)
    table = np.empty((0, 0), np.int32)
    return Crowd(few, many, few, few, table, table, real, real, real, many, many, few, np.empty(0, np.bool_))


NOBODY: Final = _none()


def crowd_of(actions: Actions, age: Ints, young: Mask, threads: int | None = None) -> Crowd:
    """The crowd of these actions, whose bins of age are given, and which of them are young; nobody has any yet."""
    block = (hours_of_day(actions.at_ms) * _BLOCKS // 24).astype(np.int32)
    new = (np.diff(actions.object, prepend=-1) != 0) | (np.diff(block * _AGES + age, prepend=-1) != 0)
    begins, objects = np.flatnonzero(new), int(actions.object.max(initial=-1)) + 1
    crowd = Crowd(
        segment=(np.cumsum(new) - 1).astype(np.int32),
        segment_start=np.append(begins, len(age)).astype(np.int64),
        hour=block[begins],
        age=age[begins],
        by_hour=_counted(actions, block, _BLOCKS),
        by_age=_counted(actions, age, _AGES),
        hours=_shares(block, _BLOCKS),
        ages=_shares(age, _AGES),
        total=np.zeros(len(age)),
        object_start=np.searchsorted(actions.object, np.arange(objects + 1)).astype(np.int64),
        companions_start=np.zeros(actions.accounts + 1, np.int64),
        companions=np.empty(0, np.int32),
        young=young,
    )

    def weigh(piece: Piece) -> None:
        crowd_kernels.weigh_objects(*piece, actions.object, actions.position, actions.start, crowd)

    walk(weigh, even_pieces(np.diff(actions.start)), threads)
    return crowd


def _counted(actions: Actions, of: Ints, size: int) -> Ints:
    cell = actions.account.astype(np.int64) * size + of
    return np.bincount(cell, minlength=actions.accounts * size).reshape(-1, size).astype(np.int32)


def _shares(of: Ints, size: int) -> Reals:
    shares: Reals = np.maximum(np.bincount(of, minlength=size) / max(len(of), 1), 1e-6)
    return shares


def near_by_age(actions: Actions, window_ms: int, age: Ints) -> Reals:
    """For each bin of age the share of an object's other actions that are within the window of one of that age."""
    low, high = counting_kernels.windows(actions.object, actions.at_ms, window_ms)
    others = np.bincount(actions.object)[actions.object] - 1
    near = np.bincount(age, weights=high - low - 1, minlength=_AGES)
    far = np.bincount(age, weights=others, minlength=_AGES)
    pooled = near.sum() / far.sum() if far.sum() else 1.0
    rate: Reals = (near + _LEANING * pooled) / (far + _LEANING)
    return rate


def with_companions(crowd: Crowd, accounts: int, first: Ints, second: Ints) -> Crowd:
    """The crowd, in which the accounts of these pairs are each other's companions."""
    ends = np.concatenate([first, second])
    order = np.lexsort((np.concatenate([second, first]), ends))
    companions = np.concatenate([second, first])[order].astype(np.int32)
    start = np.searchsorted(ends[order], np.arange(accounts + 1)).astype(np.int64)
    return crowd._replace(companions_start=start, companions=companions)


def in_companions(crowd: Crowd, pairs: Pairs) -> Longs:
    """Positions of the pairs of which one at least has companions, so that leaving it out may change something."""
    has = np.diff(crowd.companions_start) > 0
    return np.flatnonzero(has[pairs.first] | has[pairs.second])
