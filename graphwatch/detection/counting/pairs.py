"""Counting: on how many distinct objects do two accounts act within a window of each other?"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from graphwatch.common.compiled import is_kept
from graphwatch.common.large_arrays import kept, taken
from graphwatch.common.pieces import Piece, even_pieces
from graphwatch.detection.counting import kernels, pair_kernels
from graphwatch.detection.course import walk

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

# Where fewer of the actions than this are of accounts in pairs, the others are left aside first.
_WORTH_LEAVING: Final = 0.5


def is_compiled() -> bool:
    """Whether the kernels are ready on disk; otherwise the first detection compiles them, for about half a minute."""
    return is_kept(kernels.count_range)


@dataclass(frozen=True, slots=True)
class Actions:
    """Interactions sorted by (object, time), with an index by account; the input of every kernel.

    Columns have equal length; `position[start[a]:start[a + 1]]` are the places of account a's interactions.
    """

    account: Ints
    object: Ints
    at_ms: Longs
    kind: npt.NDArray[np.int8]
    position: Longs
    start: Longs
    accounts: int

    @property
    def side(self) -> kernels.Side:
        """These as the kernel of the count takes them."""
        return kernels.Side(self.account, self.object, self.at_ms, self.position, self.start)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of accounts that reached the count, ordered by (first, second), first < second.

    Attributes:
        first, second: account codes.
        n: distinct objects on which both acted within the window.
        shared: objects on which both acted at any time.
        median_gap_s: median over the n objects of the smallest gap, seconds.
        first_share: share of the n objects on which `first` came first; a tie counts half.
        kinds: bit set of the kinds of interaction involved.
        first_ms, last_ms: first and last co-interaction, UTC epoch milliseconds.
        visited: pairs of interactions within the window, of accounts that could reach the count.
    """

    first: Ints
    second: Ints
    n: Ints
    shared: Ints
    median_gap_s: Reals
    first_share: Reals
    kinds: Longs
    first_ms: Longs
    last_ms: Longs
    visited: int

    def __len__(self) -> int:
        return len(self.first)

    def taken(self, positions: Longs) -> "Pairs":
        """These pairs alone."""
        columns = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "visited"}
        return Pairs(**{name: column[positions] for name, column in columns.items()}, visited=self.visited)


def arrange(
    account: npt.ArrayLike,
    object: npt.ArrayLike,
    at_ms: npt.ArrayLike,
    kind: npt.ArrayLike | None = None,
    *,
    accounts: int | None = None,
) -> Actions:
    """Sort interactions for the kernels.

    Args:
        account, object: codes from 0.
        at_ms: UTC epoch milliseconds.
        kind: small codes of the kind of interaction; all 0 when left out.
        accounts: number of account codes; one more than the largest when left out.
    """
    account, object = np.asarray(account, np.int32), np.asarray(object, np.int32)
    at_ms = np.asarray(at_ms, np.int64)
    kind = np.zeros(len(account), np.int8) if kind is None else np.asarray(kind, np.int8)
    if accounts is None:
        accounts = int(account.max()) + 1 if len(account) else 0
    if kernels.in_order(object, at_ms):
        return indexed(account, object, at_ms, kind, accounts)
    order, object, at_ms = kernels.by_object_and_time(object, at_ms)
    return indexed(taken(account, order), object, at_ms, taken(kind, order), accounts)


def indexed(account: Ints, object: Ints, at_ms: Longs, kind: npt.NDArray[np.int8], accounts: int) -> Actions:
    """Columns that are in order already, with their index by account."""
    position, start = kernels.by_account(account, accounts)
    return Actions(account, object, at_ms, kind, position, start, accounts)


def prune(actions: Actions, window_ms: int, min_objects: int) -> Actions:
    """Drop the accounts that can be in no reported pair, until nothing changes.

    An account stays while it has `min_objects` objects with any other remaining account within the window; it
    keeps all of its interactions.
    """
    account, object, at_ms, kind = actions.account, actions.object, actions.at_ms, actions.kind
    while len(account):
        found = kernels.objects_with_neighbour(account, object, at_ms, window_ms, actions.accounts)
        keep = taken(found >= min_objects, account)
        if keep.all():
            break
        account, object, at_ms, kind = (kept(column, keep) for column in (account, object, at_ms, kind))
    if len(account) == len(actions.account):
        return actions
    return indexed(account, object, at_ms, kind, actions.accounts)


def among(actions: Actions, chosen: npt.NDArray[np.integer]) -> tuple[Actions, Mask]:
    """The actions of the chosen accounts alone, which get codes from 0 in their order; and which actions those are."""
    code = np.full(actions.accounts, -1, np.int32)
    code[np.sort(chosen)] = np.arange(len(chosen), dtype=np.int32)
    account = taken(code, actions.account)
    inside = account >= 0
    object, at_ms, kind = (kept(column, inside) for column in (actions.object, actions.at_ms, actions.kind))
    return indexed(kept(account, inside), object, at_ms, kind, len(chosen)), inside


@dataclass(frozen=True, slots=True)
class LaidOut:
    """Pairs, and the actions of their accounts.

    Attributes:
        actions: those of the accounts that are in pairs, or all where most are.
        inside: which of all actions those are; None for all.
        few, many: the codes in `actions` of the two of each pair, the less active one first; of two that are equally
            active the one whose first action came first. Pairs of the same `many` follow each other.
        swapped: whether `few` is the second of the pair.
        order: the place of each pair among those that were given.
    """

    actions: Actions
    inside: Mask | None
    few: Ints
    many: Ints
    swapped: Mask
    order: Longs

    @property
    def work(self) -> Longs:
        """How many actions are gone through for each pair, and one for the pair."""
        work: Longs = np.diff(self.actions.start)[self.few] + 1
        return work

    def of_these(self, column: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """A column of all actions, of these alone and account by account."""
        return self.by_account(column if self.inside is None else kept(column, self.inside))

    def by_account(self, column: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """A column of these actions account by account."""
        return taken(column, self.actions.position)

    @property
    def row(self) -> npt.NDArray[np.integer]:
        """The row of each action, account by account."""
        return _narrow(self.actions.position)

    def windows(self, delta: int) -> tuple[npt.NDArray[np.integer], npt.NDArray[np.integer]]:
        """For each action, account by account, the rows of its object within `delta`: the first, and that after."""
        low, high = kernels.windows(self.actions.object, self.actions.at_ms, delta)
        return self.by_account(_narrow(low)), self.by_account(_narrow(high))

    def in_order_of_pairs(self, column: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """What was found of each pair, in the order in which the pairs were given."""
        given = np.empty_like(column)
        given[self.order] = column
        return given


def _narrow(rows: Longs) -> npt.NDArray[np.integer]:
    """Rows in half of the memory, where they fit: they are read again and again."""
    return rows.astype(np.int32) if len(rows) < np.iinfo(np.int32).max else rows


def lay_out(actions: Actions, first: Ints, second: Ints) -> LaidOut:
    """Pairs of accounts ready to be gone through.

    >>> from graphwatch.detection.counting.pairs import arrange
    >>> laid = lay_out(arrange([0, 1, 1, 2], [0, 0, 1, 1], [0, 5, 9, 9]), np.array([0, 1]), np.array([1, 2]))
    >>> laid.few.tolist(), laid.many.tolist(), laid.swapped.tolist()
    ([0, 2], [1, 1], [False, True])
    """
    asked = np.zeros(actions.accounts, np.bool_)
    asked[first] = asked[second] = True
    lengths, inside = np.diff(actions.start), None
    if lengths[asked].sum() < _WORTH_LEAVING * len(actions.account):
        code = np.cumsum(asked) - 1
        first, second = code[first].astype(np.int32), code[second].astype(np.int32)
        actions, inside = among(actions, np.flatnonzero(asked))
        lengths = np.diff(actions.start)
    begins = actions.start[:-1][lengths > 0]
    began = np.zeros(actions.accounts, np.int64)
    began[lengths > 0] = actions.at_ms[actions.position[begins]]
    swapped = lengths[second] < lengths[first]
    swapped |= (lengths[second] == lengths[first]) & (began[second] < began[first])
    few, many = np.where(swapped, second, first), np.where(swapped, first, second)
    order = np.argsort(many, kind="stable")
    return LaidOut(actions, inside, few[order], many[order], swapped[order], order)


def count_pairs(actions: Actions, window_ms: int, min_objects: int, *, threads: int | None = None) -> Pairs:
    """All pairs of accounts that co-interact on at least `min_objects` distinct objects.

    Two accounts co-interact on an object when some interaction of one and some of the other are at most
    `window_ms` apart, inclusive. Exact; memory O(interactions + accounts + reported pairs); the same answer on
    any number of threads.

    Raises:
        ValueError: `window_ms` is negative or `min_objects` below 1.

    >>> pairs = count_pairs(arrange([0, 1, 0, 1], [0, 0, 1, 1], [0, 60_000, 0, 60_001]), 60_000, 1)
    >>> pairs.n.tolist(), pairs.shared.tolist(), pairs.median_gap_s.tolist()
    ([1], [2], [60.0])
    """
    if window_ms < 0 or min_objects < 1:
        raise ValueError("the window cannot be negative, and min_objects is at least 1")
    left = prune(actions, window_ms, min_objects)
    low, high = kernels.windows(left.object, left.at_ms, window_ms)
    visited = int(kernels.visited(left.account, low, high, left.accounts))
    first, second, n = _counting.get()(Asked(left, low, high, window_ms, min_objects), threads)
    order = np.lexsort((second, first))
    return described(left, first[order], second[order], n[order], window_ms, visited, threads)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is counted: the actions of accounts that may be in a pair.

    Attributes:
        low, high: for each action those of its object within the window: the first, and that after.
    """

    left: Actions
    low: Longs
    high: Longs
    window_ms: int
    min_objects: int

    @property
    def work(self) -> Longs:
        """How many actions are looked at for each account."""
        work: Longs = kernels.work_of(self.left.account, self.low, self.high, self.left.accounts)
        return work


# First, second and number of objects of each pair, in any order; asked with the threads.
Counted = tuple[Ints, Ints, Ints]
Counting = Callable[[Asked, int | None], Counted]


def _count_here(asked: Asked, threads: int | None) -> Counted:
    side = asked.left.side

    def count(piece: Piece) -> Any:
        bounds = asked.low, asked.high, *piece
        return kernels.count_range(side, side, 0, *bounds, asked.min_objects, asked.window_ms)

    first, second, n = np.concatenate(walk(count, even_pieces(asked.work), threads), axis=1)
    return first, second, n


_counting: ContextVar[Counting] = ContextVar("who counts", default=_count_here)


@contextmanager
def counting_by(counting: Counting) -> Iterator[None]:
    """Have somebody else count the pairs in this block, as a cluster of machines."""
    before = _counting.set(counting)
    try:
        yield
    finally:
        _counting.reset(before)


def described(
    actions: Actions, first: Ints, second: Ints, n: Ints, window_ms: int, visited: int, threads: int | None
) -> Pairs:
    """What is to be said of pairs that are together on `n` objects each; see `Pairs`."""
    every = int(np.bitwise_or.reduce(1 << np.unique(actions.kind).astype(np.int64), initial=0))
    laid = lay_out(actions, first, second)
    acts = laid.by_account(laid.actions.object), laid.by_account(laid.actions.at_ms), laid.by_account(laid.actions.kind)
    row = laid.row

    def describe(piece: Piece) -> Any:
        ends = laid.few[slice(*piece)], laid.many[slice(*piece)], laid.swapped[slice(*piece)]
        return pair_kernels.describe_pairs(*ends, row, laid.actions.start, *acts, window_ms, every)

    described = walk(describe, even_pieces(laid.work), threads)
    shared, gap, lead, kinds, earliest, latest = (
        laid.in_order_of_pairs(np.concatenate(c)) for c in zip(*described, strict=True)
    )
    return Pairs(first, second, n, shared, gap / 1000, lead, kinds, earliest, latest, visited)


def shorter(actions: Actions, first: Ints, second: Ints) -> Longs:
    """For each pair how many actions the less active of the two has: what laying them side by side costs."""
    lengths = np.diff(actions.start)
    least: Longs = np.minimum(lengths[first], lengths[second])
    return least


def objects_of(actions: Actions, pairs: Pairs, chosen: Mask, window_ms: int) -> tuple[Longs, Ints]:
    """The objects on which the chosen pairs co-interact: (positions among the chosen, object codes)."""
    pair, object = pair_kernels.met_objects(
        pairs.first[chosen],
        pairs.second[chosen],
        actions.object,
        actions.at_ms,
        actions.position,
        actions.start,
        window_ms,
        int(pairs.n[chosen].sum()),
    )
    return pair, object
