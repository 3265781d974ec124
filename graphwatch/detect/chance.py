"""The test against chance: is a pair together more often than the timing habits of this audience explain?

Asked of each pair: given the posts on which both acted at roughly the same time, and how old the posts then
were, is the number of posts on which they acted within the window more than chance gives? The coarse timing is held
fixed and the fine timing tested, as is done for the synchrony of neurons (Amarasingham et al. 2012).
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from graphwatch.detect import chance_kernels, kernels
from graphwatch.detect.counting import Actions, Ints, Longs, Pairs, Reals, even_pieces, prune
from graphwatch.detect.repeated_kernels import test_repeated_range

# An opportunity is an action within this many windows, at most half an hour: daily rhythm must not leak in.
_COARSE_WINDOWS: Final = 30
_COARSE_MOST_MS: Final = 30 * 60 * 1000
_BINS_A_DECADE: Final = 4
_BINS: Final = 10 * _BINS_A_DECADE
# Above this many pairs of interactions the number of tests is estimated from a sample of accounts.
_VISITS: Final = 100_000_000
_RELATIVE_ERROR: Final = 0.02
_SAMPLE: Final = 200
# Accounts that share fewer opportunities than this meet seldom.
_SELDOM: Final = 3
# A bin leans on the others with the weight of so many opportunities, two bins together on the mean of both.
_LEANING: Final = 50
_JOINT_LEANING: Final = 20


@dataclass(frozen=True, slots=True)
class Timing:
    """How often, in these data, an opportunity is a co-interaction, by the age of the post.

    Attributes:
        window_ms, coarse_ms: the window, and the coarse window within which two actions are an opportunity.
        rate: for each bin of age (four a decade of seconds) the share of opportunities within the window.
        joint: the same for each two bins, those of the two actions of an opportunity.
        bin: for each action the bin of its post's age.
    """

    window_ms: int
    coarse_ms: int
    rate: Reals
    joint: Reals
    bin: Ints


@dataclass(frozen=True, slots=True)
class Tested:
    """For each pair: opportunities, co-interactions expected by chance, and log10 of p."""

    opportunities: Ints
    expected: Reals
    log10_p: Reals


@dataclass(frozen=True, slots=True)
class Tests:
    """How many pairs had enough opportunities to be asked; `relative_error` is above 0 where it is an estimate."""

    number: int
    relative_error: float


def coarse_window(window_ms: int) -> int:
    """The coarse window in milliseconds: 30 windows, at most half an hour, at least the window.

    >>> coarse_window(10_000), coarse_window(60_000), coarse_window(300_000)
    (300000, 1800000, 1800000)
    """
    return max(min(_COARSE_WINDOWS * window_ms, _COARSE_MOST_MS), window_ms)


def fit_timing(
    actions: Actions,
    window_ms: int,
    published_ms: Longs | None = None,
    *,
    since_ms: Longs | None = None,
    seed: int = 0,
    threads: int | None = None,
) -> Timing:
    """Learn from the data how the age of a post makes for chance co-interactions.

    The rate of an age is the share of opportunities within the window: of the other accounts' actions on the same post
    within the coarse window, those within the window. While a post is younger than the coarse window, all accounts
    count: quick fans meet again and again, and must give no evidence against anyone. Later nothing but the habits
    of the hour tie two accounts, and only those count that meet seldom: where there is little other traffic,
    accounts that act together would otherwise be their own measure of chance. Bins with few opportunities lean on
    the bins of their side.

    While a post is young the rate is learnt for both ages together: two fans who always answer within the minute meet
    far more often than the mean of their ages says. Later it is the mean.

    Args:
        published_ms: publication time of each object; a negative one is unknown, and the first action counts instead.
        since_ms: for each action the time from which its age counts, where that is no property of its object.
        seed: of the sample of accounts, where all would take too long.
    """
    coarse = coarse_window(window_ms)
    counts = []
    for delta in (window_ms, coarse):
        low, high = kernels.windows(actions.object, actions.at_ms, delta)
        counts.append(
            chance_kernels.others_within(
                actions.object, actions.at_ms, actions.position, actions.start, low, high, delta
            )
        )
    bin = _age_bins(actions, published_ms, since_ms)
    grown_up = _bin_of(coarse / 1000)
    young = np.arange(_BINS) < grown_up
    near, far = (np.bincount(bin, weights=c, minlength=_BINS) for c in counts)
    near_strangers, far_strangers, near_ages, far_ages = _opportunities(
        actions, window_ms, coarse, bin, grown_up, seed, threads
    )
    near, far = np.where(young, near, near_strangers), np.where(young, far, far_strangers)
    rate = np.empty(_BINS)
    for side in (young, ~young):
        pooled = near[side].sum() / far[side].sum() if far[side].sum() else window_ms / max(coarse, 1)
        rate[side] = (near[side] + _LEANING * pooled) / (far[side] + _LEANING)
    base = (rate[:, None] + rate[None, :]) / 2
    joint = (near_ages + _JOINT_LEANING * base) / (far_ages + _JOINT_LEANING)
    return Timing(window_ms, coarse, rate, joint, bin)


def _opportunities(
    actions: Actions, window_ms: int, coarse: int, bin: Ints, young: int, seed: int, threads: int | None
) -> tuple[Longs, Longs, Longs, Longs]:
    """Opportunities within the window, and all: of accounts that meet seldom, by bin; on young posts, by both bins."""
    low, high = kernels.windows(actions.object, actions.at_ms, coarse)
    work = kernels.work_of(actions.account, low, high, actions.accounts)
    chosen = np.flatnonzero(np.diff(actions.start)).astype(np.int32)
    if work.sum() > _VISITS:
        order = np.random.default_rng(seed).permutation(chosen)
        chosen = np.sort(order[: max(1, int(np.searchsorted(np.cumsum(work[order]), _VISITS)))])

    account, where = actions.account, (actions.at_ms, bin, low, high, actions.position, actions.start)

    def count(piece: tuple[int, int]) -> tuple[Longs, ...]:
        part = chosen[piece[0] : piece[1]]
        seldom = chance_kernels.strangers_range(
            account, actions.object, *where, part, actions.accounts, _SELDOM, window_ms, _BINS
        )
        return (*seldom, *chance_kernels.ages_range(account, *where, part, young, window_ms, _BINS))

    near, far, near_ages, far_ages = (
        np.sum(counted, axis=0)
        for counted in zip(*_on_threads(count, even_pieces(work[chosen], 16), threads), strict=True)
    )
    return near, far, near_ages, far_ages


def _bin_of(age_s: float) -> int:
    return min(int(np.floor(_BINS_A_DECADE * np.log10(max(age_s, 1.0)))), _BINS - 1)


def _age_bins(actions: Actions, published_ms: Longs | None, since_ms: Longs | None) -> Ints:
    """Bin of the age of the post at each action: floor(4 log10(seconds)), ages up to a second in the first bin."""
    if not len(actions.object):
        return np.empty(0, np.int32)
    if since_ms is None:
        begins = np.flatnonzero(np.diff(actions.object, prepend=-1))
        lengths = np.diff(np.append(begins, len(actions.object)))
        origin = actions.at_ms[begins]
        if published_ms is not None:
            known = published_ms[actions.object[begins]]
            origin = np.where(known >= 0, known, origin)
        since_ms = np.repeat(origin, lengths)
    age_s = np.maximum((actions.at_ms - since_ms) / 1000, 1.0)
    bin: Ints = np.minimum(np.floor(_BINS_A_DECADE * np.log10(age_s)), _BINS - 1).astype(np.int32)
    return bin


def chance_of(
    actions: Actions, pairs: Pairs, timing: Timing, *, repeated: bool = False, threads: int | None = None
) -> Tested:
    """The chance of each pair's count, exactly.

    Under chance every shared opportunity is a co-interaction with the joint rate of its two actions, independently; the
    count is then Poisson-binomial, and p is its upper tail.

    Args:
        repeated: accounts act on one object many times, as on a page or hashtag; every time is then a chance to meet.
    """
    kernel = test_repeated_range if repeated else chance_kernels.test_range

    def test(piece: tuple[int, int]) -> Any:
        begin, end = piece
        return kernel(
            pairs.first[begin:end],
            pairs.second[begin:end],
            pairs.n[begin:end],
            actions.object,
            actions.at_ms,
            timing.bin,
            actions.position,
            actions.start,
            timing.coarse_ms,
            timing.joint,
        )

    lengths = np.diff(actions.start)
    tested = _on_threads(test, even_pieces(lengths[pairs.first] + lengths[pairs.second], 16), threads)
    return Tested(*(np.concatenate(column) for column in zip(*tested, strict=True)))


def count_tests(
    actions: Actions, coarse_ms: int, min_objects: int, *, seed: int = 0, threads: int | None = None
) -> Tests:
    """The number of pairs with at least `min_objects` opportunities, whether they reached the count or not.

    Counted where that looks at no more than a hundred million pairs of interactions; otherwise estimated from a seeded
    sample of accounts, enlarged until its relative standard error is at most 2 %.
    """
    left = prune(actions, coarse_ms, min_objects)
    low, high = kernels.windows(left.object, left.at_ms, coarse_ms)
    work = kernels.work_of(left.account, low, high, left.accounts)
    active = np.flatnonzero(np.diff(left.start)).astype(np.int32)

    def partners(chosen: Ints) -> Longs:
        def count(piece: tuple[int, int]) -> Any:
            return chance_kernels.partners_range(
                left.account,
                left.object,
                low,
                high,
                left.position,
                left.start,
                chosen[piece[0] : piece[1]],
                left.accounts,
                min_objects,
            )

        found = _on_threads(count, even_pieces(work[chosen], 16), threads)
        return np.concatenate(found)

    if work.sum() <= _VISITS or len(active) <= _SAMPLE:
        return Tests(int(partners(active).sum()) // 2, 0.0)
    order = np.random.default_rng(seed).permutation(active)
    found = np.empty(0, np.int64)
    while True:
        size = min(len(order), max(_SAMPLE, 2 * len(found)))
        found = np.concatenate([found, partners(order[len(found) : size])])
        share = size / len(order)
        error = float(found.std(ddof=1) / np.sqrt(size) * np.sqrt(1 - share) / max(found.mean(), 1e-9))
        if error <= _RELATIVE_ERROR or size == len(order):
            return Tests(round(float(found.mean()) * len(order) / 2), error)


def _on_threads(
    work: Callable[[tuple[int, int]], Any], pieces: list[tuple[int, int]], threads: int | None
) -> list[Any]:
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        return list(pool.map(work, pieces))
