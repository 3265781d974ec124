"""Do two accounts use the same objects more often than their activity in each block, and the objects' use, explain?

For what has no time, or where time says little: likes known from lists of likers, texts, published links. A block is
what ties opportunities together: a page's posts of some weeks, the comments on one post, the links to one site. How
many objects an account used in each block, and how many accounts each object, is held fixed, so that what people
follow is explained and only what they agree on within it is tested.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from scipy import special

from graphwatch.common.clock import DAY_MS
from graphwatch.detection import agreement_kernels as kernels
from graphwatch.detection.bicm import fit
from graphwatch.detection.clusters import SMALLEST, tight_communities
from graphwatch.detection.counting import PIECES, Ints, Longs, Reals, even_pieces, on_threads
from graphwatch.detection.group_test import candidates
from graphwatch.detection.hypothesis_tests import benjamini_hochberg

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
        first, second, log10_p: one entry a pair.
        tests: how many pairs were tested.
    """

    used: Uses
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
        partners = np.bincount(np.concatenate([first[coordinated], second[coordinated]]), minlength=self.used.accounts)
        return coordinated, _agreeing(self.used, found, partners >= SMALLEST - 1, min_objects, fdr)


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
        narrower: the same uses in narrower blocks, which are taken where the given ones do not explain the many. What
            people have in common by their habits shows in hundreds of thousands of pairs, a group in a few.
    """
    tests = max(used.active * (used.active - 1) // 2, 1)
    first, second, shared, expected = _pairs(used, min_objects, threads)
    log10_p = log10_tail(shared, expected)
    if narrower is not None and np.count_nonzero(log10_p <= np.log10(_BULK_P)) > _BULK_SHARE * _BULK_P * tests:
        return candidates_of(narrower(), min_objects, threads=threads)
    return Candidates(used, first, second, log10_p, tests)


def agreement(
    used: Uses,
    min_objects: int,
    fdr: float,
    *,
    seed: int,
    threads: int | None = None,
    narrower: Callable[[], Uses] | None = None,
) -> Agreement:
    """Pairs that agree beyond chance, and the clusters that they and a third account form.

    A candidate pair and a third account make a triad where the third used more of the objects that the two share than
    chance explains. Members of a cluster stay while each agrees with two others beyond
    chance, corrected for all accounts.

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

    def count(piece: tuple[int, int]) -> Any:
        return kernels.pairs_range(
            *piece, used.of_account, used.of_object, used.margins, least, limit, used.accounts, max(used.objects, 1)
        )

    start, object = used.of_account
    heavy = np.diff(used.of_object[0])
    work = (
        np.add.reduceat(np.append(heavy[object], 0), start[:-1]) * (np.diff(start) > 0) if used.accounts else start[:0]
    )
    counted = on_threads(count, even_pieces(work, PIECES), threads)
    ends = np.concatenate([ends for ends, _, _ in counted], axis=1)
    order = np.lexsort((ends[1], ends[0]))
    shared_by, explained = (np.concatenate([part[k] for part in counted])[order] for k in (1, 2))
    return ends[0][order], ends[1][order], shared_by, explained


def _edges(
    used: Uses, first: Ints, second: Ints, log10_p: Reals, coordinated: Any, tests: int, least: int, fdr: float
) -> Ints:
    """The coordinated pairs, and the sides of each triad."""
    of, third, log10_thirds = [], [], []
    chosen = candidates(log10_p, coordinated, tests)
    start, object = used.of_account
    for pair in chosen.tolist():
        a, b = first[pair], second[pair]
        both = np.intersect1d(object[start[a] : start[a + 1]], object[start[b] : start[b + 1]], assume_unique=True)
        account, hits, mean = kernels.with_objects(both, used.of_object, used.margins, least, used.accounts)
        other = (account != a) & (account != b)
        of.append(np.full(int(other.sum()), pair))
        third.append(account[other])
        log10_thirds.append(log10_tail(hits[other], mean[other]))
    ends = [np.stack([first[coordinated], second[coordinated]])]
    if of:
        pair, account, log10_third = np.concatenate(of), np.concatenate(third), np.concatenate(log10_thirds)
        passed = benjamini_hochberg(log10_third, max(len(chosen) * used.active, len(pair))) <= np.log10(fdr)
        a, b, c = first[pair[passed]], second[pair[passed]], account[passed]
        ends += [np.stack([a, b]), np.stack([a, c]), np.stack([b, c])]
    return np.unique(np.sort(np.concatenate(ends, axis=1).astype(np.int32), axis=0), axis=1)


def _agreeing(used: Uses, cluster_of: Ints, tied: Any, least: int, fdr: float) -> Ints:
    """Clusters whose members each agree with two others beyond chance; the one that does so least leaves first.

    Args:
        tied: accounts that are in two coordinated pairs or more: nothing else need speak for them.
    """
    kept = np.zeros_like(cluster_of)
    start, object = used.of_account
    bar = np.log10(fdr / max(used.active, 1))
    for number in range(1, int(cluster_of.max(initial=0)) + 1):
        members = np.flatnonzero(cluster_of == number)
        while len(members) >= SMALLEST:
            theirs = [object[start[m] : start[m + 1]] for m in members]
            distinct, users = np.unique(np.concatenate(theirs), return_counts=True)
            log10_p = np.zeros(len(members))
            for position, (member, own) in enumerate(zip(members.tolist(), theirs, strict=True)):
                others = distinct[users - np.isin(distinct, own, assume_unique=True) >= 2]
                hits = len(np.intersect1d(own, others, assume_unique=True))
                if hits >= least:
                    mean = sum(kernels.used(member, o, used.margins) for o in others)
                    log10_p[position] = log10_tail(hits, mean)
            log10_p[tied[members]] = -np.inf
            worst = int(np.argmax(log10_p))
            if log10_p[worst] <= bar:
                break
            members = np.delete(members, worst)
        if len(members) >= SMALLEST:
            kept[members] = number
    numbers, which = np.unique(kept[kept > 0], return_inverse=True)
    kept[kept > 0] = which + 1 if len(numbers) else 0
    return kept


def _with_members(first: Ints, second: Ints, cluster_of: Ints) -> tuple[Ints, Ints]:
    """These pairs and all pairs of two members of one cluster, each once."""
    ends = [np.stack([first, second])]
    for number in range(1, int(cluster_of.max(initial=0)) + 1):
        members = np.flatnonzero(cluster_of == number).astype(np.int32)
        ends.append(np.stack([members[k] for k in np.triu_indices(len(members), 1)]))
    found = np.unique(np.concatenate(ends, axis=1), axis=1).astype(np.int32)
    return found[0], found[1]
