"""The test against chance: is a pair together more often than the timing habits of this audience explain?

Asked of each pair: given the posts on which both acted at roughly the same time, and how old the posts then
were, is the number of posts on which they acted within the window more than chance gives? The coarse timing is held
fixed and the fine timing tested, as is done for the synchrony of neurons (Amarasingham et al. 2012).
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np

from graphwatch.common.large_arrays import taken
from graphwatch.detection import counting_kernels as kernels
from graphwatch.detection import null_model_kernels as chance_kernels
from graphwatch.detection import null_model_kernels as opportunities
from graphwatch.detection.counting import (
    PIECES,
    Actions,
    Ints,
    Longs,
    Pairs,
    Reals,
    among,
    equal_pieces,
    even_pieces,
    on_threads,
    shorter,
)

# An opportunity is an action within this many windows, at most half an hour: daily rhythm must not leak in.
_COARSE_WINDOWS: Final = 30
_COARSE_MOST_MS: Final = 30 * 60 * 1000
# With fewer windows in the coarse one nearly every opportunity is a co-interaction by chance: nothing could be found.
_LEAST_WINDOWS: Final = 10
LONGEST_TESTED_MS: Final = _COARSE_MOST_MS // _LEAST_WINDOWS
_BINS_A_DECADE: Final = 4
_BINS: Final = 10 * _BINS_A_DECADE
# Where there are more pairs of interactions between all accounts, those among a sample of accounts measure the rates.
_VISITS: Final = 10_000_000
# Of a bin of age: so many opportunities say its rate to a few per cent.
_ENOUGH: Final = 30_000
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
    none = np.empty(0, np.int64)
    bin = opportunities.age_bins(
        actions.object,
        actions.at_ms,
        none if since_ms is None else since_ms,
        none if published_ms is None else published_ms,
        _age_bounds(),
    )
    grown_up = int(np.searchsorted(_age_bounds(), coarse, side="right")) - 1
    young = np.arange(_BINS) < grown_up
    near_ages, far_ages = _while_young(actions, window_ms, coarse, bin, grown_up, threads)
    near, far = _of_strangers(actions, window_ms, coarse, bin, grown_up, seed, threads)
    near[young], far[young] = near_ages.sum(1)[young], far_ages.sum(1)[young]
    rate = np.empty(_BINS)
    for side in (young, ~young):
        pooled = near[side].sum() / far[side].sum() if far[side].sum() else window_ms / max(coarse, 1)
        rate[side] = (near[side] + _LEANING * pooled) / (far[side] + _LEANING)
    base = (rate[:, None] + rate[None, :]) / 2
    joint = (near_ages + _JOINT_LEANING * base) / (far_ages + _JOINT_LEANING)
    return Timing(window_ms, coarse, rate, joint, bin)


@cache
def _age_bounds() -> Longs:
    """The least age in milliseconds of each bin: floor(4 log10(seconds)), ages below a second in the first bin."""
    bounds = np.ceil(1000 * 10 ** (np.arange(_BINS) / _BINS_A_DECADE)).astype(np.int64)
    bounds[0] = 0
    return bounds


def _while_young(
    actions: Actions, window_ms: int, coarse: int, bin: Ints, young: int, threads: int | None
) -> tuple[Longs, Longs]:
    """Opportunities of different accounts within the window, and all, by the bins of both ages, one of them young."""
    object, at_ms, asked = actions.object, actions.at_ms, (window_ms, coarse, young, _BINS)

    def on_objects(piece: tuple[int, int]) -> Any:
        return opportunities.young_on_objects(object, at_ms, bin, *piece, *asked)

    def of_itself(piece: tuple[int, int]) -> Any:
        begin, end = actions.start[piece[0]], actions.start[piece[1]]
        return opportunities.young_of_itself(actions.account, object, at_ms, bin, actions.position, begin, end, *asked)

    counted = on_threads(on_objects, equal_pieces(len(object), PIECES), threads)
    counted += on_threads(of_itself, even_pieces(np.diff(actions.start), PIECES), threads)
    near, far = (np.sum(c, axis=0) for c in zip(*counted, strict=True))
    for ages in (near, far):
        ages[young:, :young] = ages[:young, young:].T
    return near, far


def _of_strangers(
    actions: Actions, window_ms: int, coarse: int, bin: Ints, young: int, seed: int, threads: int | None
) -> tuple[Longs, Longs]:
    """Opportunities of accounts that meet seldom within the window, and all, by the bin of an age that is not young.

    Where there are very many, they are those among a sample of the accounts; and of each bin that would have few
    of them so, all, or enough.
    """
    low, high = kernels.windows(actions.object, actions.at_ms, coarse)
    visits: Longs = kernels.work_of(bin, low, high, _BINS)
    if visits.sum() <= _VISITS:
        return _among_all(actions, window_ms, bin, young, low, high, threads)
    share = _VISITS / visits.sum()
    active = np.flatnonzero(np.diff(actions.start))
    size = min(max(2, int(len(active) * np.sqrt(share))), len(active))
    some, kept = among(actions, np.random.default_rng(seed).choice(active, size, replace=False))
    some_low, some_high = kernels.windows(some.object, some.at_ms, coarse)
    near, far = _among_all(some, window_ms, bin[kept], young, some_low, some_high, threads)
    rare = (np.arange(_BINS) >= young) & (visits * share < _ENOUGH)
    places = np.flatnonzero(taken(rare, bin))
    # Every so many of a bin's actions, and the same ones whatever the order of the bins.
    chosen = np.concatenate(
        [places[bin[places] == b][:: 1 + int(visits[b] / _ENOUGH)] for b in np.flatnonzero(rare)] or [places]
    )

    def count(piece: tuple[int, int]) -> Any:
        return opportunities.strangers_of(
            chosen[piece[0] : piece[1]],
            actions.account,
            actions.object,
            actions.at_ms,
            bin,
            low,
            high,
            actions.position,
            actions.start,
            _SELDOM,
            window_ms,
            coarse,
            _BINS,
        )

    counted = on_threads(count, even_pieces(high[chosen] - low[chosen], PIECES), threads)
    near_rare, far_rare = (np.sum(c, axis=0) for c in zip(*counted, strict=True))
    return np.where(rare, near_rare, near), np.where(rare, far_rare, far)


def _among_all(
    actions: Actions, window_ms: int, bin: Ints, young: int, low: Longs, high: Longs, threads: int | None
) -> tuple[Longs, Longs]:
    """The same of all these actions; `low` and `high` are their coarse windows."""
    work = kernels.work_of(actions.account, low, high, actions.accounts)
    # A few accounts that act on one object again and again are not fewer for being sampled.
    stride = max(1, int(work.sum()) // (2 * _VISITS))

    def count(piece: tuple[int, int]) -> Any:
        return opportunities.strangers_range(
            actions.account,
            actions.object,
            actions.at_ms,
            bin,
            low,
            high,
            actions.position,
            actions.start,
            *piece,
            actions.accounts,
            _SELDOM,
            window_ms,
            young,
            _BINS,
            stride,
        )

    counted = on_threads(count, even_pieces(work, PIECES), threads)
    near, far = (np.sum(c, axis=0) for c in zip(*counted, strict=True))
    return near, far


def chance_of(
    actions: Actions, pairs: Pairs, timing: Timing, *, min_objects: int = 1, threads: int | None = None
) -> Tested:
    """The chance of each pair's co-interactions, exactly.

    Under chance every meeting within the coarse window is a co-interaction with the joint rate of its two actions.
    Meetings that follow each other within half an hour are one occasion, which succeeds where any of them does; the
    number of successful occasions is then Poisson-binomial, and p is its upper tail, 1 where no more succeed than are
    expected.

    Args:
        min_objects: occasions that must have succeeded; with fewer p is 1.
    """
    run = chance_kernels.runs_of(actions.object, timing.bin)

    def test(piece: tuple[int, int]) -> Any:
        begin, end = piece
        return chance_kernels.test_range(
            pairs.first[begin:end],
            pairs.second[begin:end],
            actions.object,
            actions.at_ms,
            timing.bin,
            run,
            actions.position,
            actions.start,
            timing.window_ms,
            timing.coarse_ms,
            timing.joint,
            min_objects,
        )

    tested = on_threads(test, even_pieces(shorter(actions, pairs.first, pairs.second), PIECES), threads)
    return Tested(*(np.concatenate(column) for column in zip(*tested, strict=True)))
