"""Do two accounts use the same objects more often than their activity in each block, and the objects' use, explain?

For what has no time, or where time says little: likes known from lists of likers, texts, published links. A block is
what ties opportunities together: a page's posts of some weeks, the comments on one post, the links to one site. How
many objects an account used in each block, and how many accounts each object, is held fixed, so that what people
follow is explained and only what they agree on within it is tested.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import special

from graphwatch.common.clock import DAY_MS
from graphwatch.common.pieces import Piece, even_pieces
from graphwatch.detection.chance.hypothesis_tests import benjamini_hochberg
from graphwatch.detection.counting.pairs import Ints, Longs, Reals
from graphwatch.detection.course import walk
from graphwatch.detection.families import agreement_kernels as kernels
from graphwatch.detection.families.agreement_groups import agreeing, expand, together
from graphwatch.detection.families.uses import Uses
from graphwatch.detection.groups.clusters import tight_communities
from graphwatch.detection.groups.group_test import GroupTests
from graphwatch.detection.groups.seeds import by_habit, candidates, seeds

# Pairs with a larger p are neither significant nor candidates.
_LARGEST_P: Final = 0.01
_MOST_SHARED: Final = 1_000
# Wide blocks hold where of all pairs this share, of what chance would allow, has so small a p.
_BULK_P: Final = 0.01
_BULK_SHARE: Final = 0.05
# A text that so many accounts use, or this share of them, is everybody's.
_SAID_BY: Final = 20
_SAID_SHARE: Final = 0.05
# A text that so many use under one post is what the post asked for.
_PROMPTED_BY: Final = 10
# Everybody's is also one that a few use whose middle half of uses lasts longer than this.
_LASTING_BY: Final = 5
_LASTING_MS: Final = 7 * DAY_MS


@dataclass(frozen=True, slots=True)
class Agreement:
    """Pairs that share enough objects and are beyond chance or in a cluster, and the clusters.

    Attributes:
        first, second, shared, expected, log10_p, q, coordinated: one entry a pair.
        cluster_of: for each account the number of its cluster, 0 for none.
        tests: how many pairs were tested.
    """

    first: Ints
    second: Ints
    shared: Ints
    expected: Reals
    log10_p: Reals
    q: Reals
    coordinated: Any
    cluster_of: Ints
    tests: int


def everybodys(account: Any, text: Any, at_ms: Longs) -> Any:
    """Which texts are everybody's: used by one account in twenty, or by some again and again over more than a week.

    Blessings, greetings and slogans are said by whoever is of that mind; a text that is handed round comes in waves.

    Args:
        account, text: codes of each use.
        at_ms: its time, negative where unknown.
    """
    users = np.unique(np.stack([text, account]), axis=1)[0]
    number = np.bincount(users, minlength=int(text.max(initial=-1)) + 1)
    common = number > max(_SAID_BY, _SAID_SHARE * len(np.unique(account)))
    timed = at_ms >= 0
    order = np.lexsort((at_ms[timed], text[timed]))
    of, at = text[timed][order], at_ms[timed][order]
    start = np.searchsorted(of, np.arange(len(number) + 1))
    size = np.diff(start)
    spread = np.zeros(len(number))
    some = size > 0
    early, late = start[:-1] + size // 4, start[:-1] + (3 * size) // 4
    spread[some] = at[np.minimum(late, start[1:] - 1)[some]] - at[early[some]]
    return common | ((number >= _LASTING_BY) & (spread > _LASTING_MS))


def prompted(account: Any, text: Any, post: Any) -> Any:
    """Which uses of a text are on a post under which ten accounts or more use it: the post asked for it, or its thread.

    There the comments on the post are the block, so that whoever answered is explained; elsewhere it would be too
    narrow: a group that writes half of the comments on a post would explain itself.

    >>> account = np.arange(10)
    >>> bool(prompted(account, np.zeros(10, int), np.zeros(10, int)).all()), prompted([1], np.array([0]), np.array([0]))
    (True, array([False]))
    """
    place = np.asarray(text, np.int64) << 32 | np.asarray(post, np.int64)
    distinct = np.unique(np.stack([place, account]), axis=1)[0]
    places, users = np.unique(distinct, return_counts=True)
    return users[np.searchsorted(places, place)] >= _PROMPTED_BY


def log10_tail(hits: Any, mean: Any) -> Reals:
    """log10 of at most the chance of so many hits or more, a sum of independent ones with that mean.

    The tail of the Poisson law is an upper bound from mean + 1 on (Hoeffding 1956); below, p is taken for 1.

    >>> log10_tail([3, 1], [0.1, 0.5]).round(2).tolist()
    [-3.81, 0.0]
    """
    hits, mean = np.asarray(hits, np.float64), np.maximum(np.asarray(mean, np.float64), 1e-12)
    with np.errstate(divide="ignore"):
        tail = np.log(special.pdtrc(np.maximum(np.floor(hits - 1), 0), mean)) / np.log(10)
    found: Reals = np.where(hits < mean + 1, 0.0, np.minimum(tail, 0.0))
    return found


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of whom chance does not explain as much as they share, in the blocks that were taken; not all agree.

    Attributes:
        used: the uses in these blocks.
        narrow: the uses in which members of clusters have to agree.
        first, second, log10_p: one entry a pair.
        tests: how many pairs were tested.
    """

    used: Uses
    narrow: Uses
    first: Ints
    second: Ints
    log10_p: Reals
    tests: int

    def clusters(self, min_objects: int, fdr: float, *, seed: int, kept: Any = None) -> tuple[Any, Ints]:
        """Which pairs agree beyond chance, and for each account the number of its cluster, 0 for none.

        Args:
            kept: the pairs that are looked at; what the others have passed then makes the correction no milder.
        """
        kept = slice(None) if kept is None else kept
        first, second, log10_p = self.first[kept], self.second[kept], self.log10_p[kept]
        coordinated = benjamini_hochberg(log10_p, max(self.tests, len(first))) <= np.log10(fdr)
        ends = _edges(self.used, first, second, log10_p, coordinated, self.tests, min_objects, fdr)
        found = tight_communities(self.used.accounts, ends[0], ends[1], np.ones(ends.shape[1]), seed=seed)
        return coordinated, expand(self.narrow, found, min_objects, fdr)


def candidates_of(
    used: Uses,
    min_objects: int,
    *,
    threads: int | None = None,
    narrower: Callable[[], Uses] | None = None,
) -> Candidates:
    """The pairs that may agree.

    Args:
        min_objects: objects that a pair must share.
        narrower: the same uses in narrower blocks, in which members of clusters have to agree: people who come and go
            with others do not. Everything is tested in them where the given ones do not explain the many: what
            people have in common by their habits shows in hundreds of thousands of pairs, a group in a few.
    """
    tests = max(used.active * (used.active - 1) // 2, 1)
    first, second, shared, expected = _pairs(used, min_objects, threads)
    log10_p = log10_tail(shared, expected)
    narrow = used if narrower is None else narrower()
    if narrower is not None and np.count_nonzero(log10_p <= np.log10(_BULK_P)) > _BULK_SHARE * _BULK_P * tests:
        return candidates_of(narrow, min_objects, threads=threads)
    return Candidates(used, narrow, first, second, log10_p, tests)


def agreement(
    used: Uses,
    min_objects: int,
    fdr: float,
    *,
    seed: int,
    threads: int | None = None,
    narrower: Callable[[], Uses] | None = None,
) -> Agreement:
    """Pairs that agree beyond chance, and the clusters that begin with them and others who keep company with a pair.

    To keep company is to use more of what the two, or the members of a cluster, agree on than chance explains.

    Args:
        min_objects, narrower: as for `candidates_of`.
    """
    pairs = candidates_of(used, min_objects, threads=threads, narrower=narrower)
    used, tests = pairs.used, pairs.tests
    coordinated, cluster_of = pairs.clusters(min_objects, fdr, seed=seed)
    first, second = _with_members(pairs.first[coordinated], pairs.second[coordinated], cluster_of)
    shared, expected = kernels.of_pairs(first, second, used.of_account, used.margins, used.objects)
    told = shared >= min_objects
    first, second, shared, expected = first[told], second[told], shared[told], expected[told]
    log10_p = log10_tail(shared, expected)
    q = 10.0 ** benjamini_hochberg(log10_p, max(tests, len(first)))
    return Agreement(first, second, shared, expected, log10_p, q, q <= fdr, cluster_of, tests)


def _pairs(used: Uses, least: int, threads: int | None) -> tuple[Ints, Ints, Ints, Reals]:
    """Pairs of whom chance does not explain as much as they share."""
    shared = np.arange(_MOST_SHARED)
    # The largest mean at which so many have a chance of one in a hundred, and at which the bound holds.
    limit = np.minimum(special.gammaincinv(np.maximum(shared, 1), _LARGEST_P), np.maximum(shared - 1, 0))

    def count(piece: Piece) -> Any:
        return kernels.pairs_range(
            *piece, used.of_account, used.of_object, used.margins, least, limit, used.accounts, max(used.objects, 1)
        )

    start, object = used.of_account
    heavy = np.diff(used.of_object[0])
    work = (
        np.add.reduceat(np.append(heavy[object], 0), start[:-1]) * (np.diff(start) > 0) if used.accounts else start[:0]
    )
    counted = walk(count, even_pieces(work), threads)
    ends = np.concatenate([ends for ends, _, _ in counted], axis=1)
    order = np.lexsort((ends[1], ends[0]))
    shared_by, explained = (np.concatenate([part[k] for part in counted])[order] for k in (1, 2))
    return ends[0][order], ends[1][order], shared_by, explained


def _edges(
    used: Uses, first: Ints, second: Ints, log10_p: Reals, coordinated: Any, tests: int, least: int, fdr: float
) -> Ints:
    """The coordinated pairs, and the edges of each seed."""

    def tested(members: Ints) -> GroupTests:
        groups = (together(used, row) for row in members)
        return agreeing(used, groups, least, np.full(len(members), used.active))

    chosen = candidates(log10_p, coordinated, tests)
    candidate = np.stack([first[chosen], second[chosen]], axis=1)
    start, object = used.of_account
    order = by_habit(np.repeat(np.arange(used.accounts), np.diff(start)), object, used.accounts)
    found = seeds(candidate, tests * 10.0 ** log10_p[chosen], tested, order, fdr)
    ends = np.concatenate([np.stack([first[coordinated], second[coordinated]]), found], axis=1)
    return np.unique(np.sort(ends.astype(np.int32), axis=0), axis=1)


def _with_members(first: Ints, second: Ints, cluster_of: Ints) -> tuple[Ints, Ints]:
    """These pairs and all pairs of two members of one cluster, each once."""
    ends = [np.stack([first, second])]
    for number in range(1, int(cluster_of.max(initial=0)) + 1):
        members = np.flatnonzero(cluster_of == number).astype(np.int32)
        ends.append(np.stack([members[k] for k in np.triu_indices(len(members), 1)]))
    found = np.unique(np.concatenate(ends, axis=1), axis=1).astype(np.int32)
    return found[0], found[1]
