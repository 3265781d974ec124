"""The test against chance: is a pair together more often than the timing habits of this audience explain?

Asked of each pair: given the posts on which both acted at roughly the same time, and how old the posts then
were, is the number of posts on which they acted within the window more than chance gives? The coarse timing is held
fixed and the fine timing tested, as is done for the synchrony of neurons (Amarasingham et al. 2012).
"""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from graphwatch.common.large_arrays import taken
from graphwatch.common.pieces import Piece, equal_pieces, even_pieces
from graphwatch.detection.chance import crowd_kernels
from graphwatch.detection.chance import null_model_kernels as chance_kernels
from graphwatch.detection.chance import opportunity_kernels as opportunities
from graphwatch.detection.chance.ages import BINS_A_DECADE, Ages, age_bounds, ages_of, at_ages, spiked_ages
from graphwatch.detection.chance.crowd import (
    AGE_BOUNDS,
    NOBODY,
    Crowd,
    crowd_of,
    in_companions,
    near_by_age,
    with_companions,
)
from graphwatch.detection.counting import kernels
from graphwatch.detection.counting.pairs import (
    Actions,
    Ints,
    Longs,
    Mask,
    Pairs,
    Reals,
    among,
    lay_out,
    shorter,
)
from graphwatch.detection.course import walk

# An opportunity is an action within this many windows, at most half an hour: daily rhythm must not leak in.
_COARSE_WINDOWS: Final = 30
_COARSE_MOST_MS: Final = 30 * 60 * 1000
# With fewer windows in the coarse one nearly every opportunity is a co-interaction by chance: nothing could be found.
# Longer windows are tested by the draw, up to an hour: beyond it the day is what people have in common.
_LEAST_WINDOWS: Final = 10
LONGEST_BY_AGE_MS: Final = _COARSE_MOST_MS // _LEAST_WINDOWS
LONGEST_TESTED_MS: Final = 60 * 60 * 1000
# By the draw an opportunity is an object on which both acted, whenever that was.
EVER_MS: Final = 1 << 61
# In so many windows after publication those meet who have notifications on: it says nothing there that they do.
_YOUNG_WINDOWS: Final = 2
# An occasion ends where nothing follows for half an hour, or after two hours.
_GAP_MS: Final = 30 * 60 * 1000
_OCCASION_MS: Final = 2 * 60 * 60 * 1000
# By the draw such ages are looked for within a minute, in which a push is answered.
_PUSH_MS: Final = 60_000
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
        rate: for each bin of age the share of opportunities within the window.
        joint: the same for each two bins, those of the two actions of an opportunity.
        bin: for each action the bin of its post's age.
        crowd: what times are drawn from, where the window is too long for ages alone; then `joint` is not used, bins
            are half a decade, and `rate` is of all actions on an object.
    """

    window_ms: int
    coarse_ms: int
    rate: Reals
    joint: Reals
    bin: Ints
    crowd: Crowd = NOBODY

    @property
    def gap_ms(self) -> int:
        """What follows later than this begins another occasion."""
        return max(_GAP_MS, 2 * self.window_ms)

    @property
    def longest_ms(self) -> int:
        """The longest that an occasion lasts."""
        return _OCCASION_MS + (2 * self.window_ms if self.drawn else 0)

    @property
    def drawn(self) -> bool:
        return self.coarse_ms == EVER_MS


@dataclass(frozen=True, slots=True)
class Tested:
    """For each pair: opportunities, co-interactions expected by chance, and log10 of p."""

    opportunities: Ints
    expected: Reals
    log10_p: Reals


def coarse_window(window_ms: int) -> int:
    """The coarse window in milliseconds: 30 windows, at most half an hour; from three minutes on, whenever.

    >>> coarse_window(10_000), coarse_window(60_000), coarse_window(300_000) == EVER_MS
    (300000, 1800000, True)
    """
    if is_drawn(window_ms):
        return EVER_MS
    return min(_COARSE_WINDOWS * window_ms, _COARSE_MOST_MS)


def is_drawn(window_ms: int) -> bool:
    """Whether times are drawn from the crowd's; within shorter windows the age of the post says enough."""
    return window_ms > LONGEST_BY_AGE_MS


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
    since = none if since_ms is None else since_ms, none if published_ms is None else published_ms
    if coarse == EVER_MS:
        bin, grown = (
            opportunities.age_bins(actions.object, actions.at_ms, *since, bounds)
            for bounds in (AGE_BOUNDS, np.array([0, _YOUNG_WINDOWS * window_ms]))
        )
        spikes = spiked_ages(actions, _PUSH_MS, 0, since)
        pushed = at_ages(actions, since, spikes)
        crowd = crowd_of(actions, bin, (grown == 0) | pushed, threads)
        return Timing(window_ms, coarse, near_by_age(actions, window_ms, bin), np.empty((0, 0)), bin, crowd)
    ages = ages_of(actions, window_ms, coarse, since)
    young = np.arange(ages.bins) < ages.crowded
    near_ages, far_ages = _while_crowded(actions, window_ms, coarse, ages, threads)
    near, far = _of_strangers(actions, window_ms, coarse, ages, seed, threads)
    near[young], far[young] = near_ages.sum(1)[young], far_ages.sum(1)[young]
    rate = np.empty(ages.bins)
    for side in (young, ~young):
        pooled = near[side].sum() / far[side].sum() if far[side].sum() else window_ms / max(coarse, 1)
        rate[side] = (near[side] + _LEANING * pooled) / (far[side] + _LEANING)
    base = (rate[:, None] + rate[None, :]) / 2
    joint = (near_ages + _JOINT_LEANING * base) / (far_ages + _JOINT_LEANING)
    # Where a push is answered it says nothing that the same people do; in waves, least of all.
    rate[ages.pushed] = 1.0
    joint[np.ix_(ages.pushed, ages.pushed)] = 1.0
    return Timing(window_ms, coarse, rate, joint, ages.bin)


def has_spikes(actions: Actions, window_ms: int, published_ms: Longs, since_ms: Longs | None = None) -> bool:
    """Whether there are ages at which many always act together, while posts are no longer young."""
    none = np.empty(0, np.int64)
    bounds = age_bounds(BINS_A_DECADE)
    grown_up = int(np.searchsorted(bounds, coarse_window(min(window_ms, _PUSH_MS)), side="right")) - 1
    since = none if since_ms is None else since_ms, published_ms
    return len(spiked_ages(actions, min(window_ms, _PUSH_MS), int(bounds[grown_up]), since)) > 0


def _while_crowded(
    actions: Actions, window_ms: int, coarse: int, ages: Ages, threads: int | None
) -> tuple[Longs, Longs]:
    """Opportunities of different accounts within the window, and all, by the bins of both ages, one of them crowded."""
    bin, young = ages.bin, ages.crowded
    object, at_ms, asked = actions.object, actions.at_ms, (window_ms, coarse, young, ages.bins)

    def on_objects(piece: Piece) -> Any:
        return opportunities.young_on_objects(object, at_ms, bin, *piece, *asked)

    def of_itself(piece: Piece) -> Any:
        begin, end = actions.start[piece[0]], actions.start[piece[1]]
        return opportunities.young_of_itself(actions.account, object, at_ms, bin, actions.position, begin, end, *asked)

    counted = walk(on_objects, equal_pieces(len(object)), threads)
    counted += walk(of_itself, even_pieces(np.diff(actions.start)), threads)
    near, far = (np.sum(c, axis=0) for c in zip(*counted, strict=True))
    for by_ages in (near, far):
        by_ages[young:, :young] = by_ages[:young, young:].T
    return near, far


def _of_strangers(
    actions: Actions, window_ms: int, coarse: int, ages: Ages, seed: int, threads: int | None
) -> tuple[Longs, Longs]:
    """Opportunities of accounts that meet seldom within the window, and all, by the bin of an age that is not crowded.

    Where there are very many, they are those among a sample of the accounts; and of each bin that would have few
    of them so, all, or enough.
    """
    low, high = kernels.windows(actions.object, actions.at_ms, coarse)
    bin, young, bins = ages.bin, ages.crowded, ages.bins
    visits: Longs = kernels.work_of(bin, low, high, bins)
    if visits.sum() <= _VISITS:
        return _among_all(actions, window_ms, ages, low, high, threads)
    share = _VISITS / visits.sum()
    active = np.flatnonzero(np.diff(actions.start))
    size = min(max(2, int(len(active) * np.sqrt(share))), len(active))
    some, kept = among(actions, np.random.default_rng(seed).choice(active, size, replace=False))
    some_low, some_high = kernels.windows(some.object, some.at_ms, coarse)
    near, far = _among_all(some, window_ms, replace(ages, bin=bin[kept]), some_low, some_high, threads)
    rare = (np.arange(bins) >= young) & (visits * share < _ENOUGH)
    places = np.flatnonzero(taken(rare, bin))
    # Every so many of a bin's actions, and the same ones whatever the order of the bins.
    chosen = np.concatenate(
        [places[bin[places] == b][:: 1 + int(visits[b] / _ENOUGH)] for b in np.flatnonzero(rare)] or [places]
    )

    def count(piece: Piece) -> Any:
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
            bins,
        )

    counted = walk(count, even_pieces(high[chosen] - low[chosen]), threads)
    near_rare, far_rare = (np.sum(c, axis=0) for c in zip(*counted, strict=True))
    return np.where(rare, near_rare, near), np.where(rare, far_rare, far)


def _among_all(
    actions: Actions, window_ms: int, ages: Ages, low: Longs, high: Longs, threads: int | None
) -> tuple[Longs, Longs]:
    """The same of all these actions; `low` and `high` are their coarse windows."""
    work = kernels.work_of(actions.account, low, high, actions.accounts)
    # A few accounts that act on one object again and again are not fewer for being sampled.
    stride = max(1, int(work.sum()) // (2 * _VISITS))
    bits, met, planes, shift = opportunities.blocks_of(actions.account, actions.accounts, _SELDOM)

    def count(piece: Piece) -> Any:
        return opportunities.strangers_range(
            actions.account,
            actions.object,
            actions.at_ms,
            ages.bin,
            low,
            high,
            actions.position,
            actions.start,
            *piece,
            actions.accounts,
            _SELDOM,
            window_ms,
            ages.crowded,
            ages.bins,
            stride,
            (bits, met.copy(), planes.copy(), shift),
        )

    counted = walk(count, even_pieces(work), threads)
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
    if timing.drawn:
        return _drawn_chance_of(actions, pairs, timing, min_objects, threads)
    laid = lay_out(actions, pairs.first, pairs.second)
    account, object, at_ms = (laid.by_account(getattr(laid.actions, name)) for name in ("account", "object", "at_ms"))
    by_time, *_ = kernels.by_object_and_time(account, at_ms)
    row, start, bin = laid.row, laid.actions.start, laid.of_these(timing.bin)
    along = chance_kernels.ordinals_of(object, start), chance_kernels.stretches_of(object, bin, start)
    acts = at_ms, bin, by_time, *along
    windows = *laid.windows(timing.coarse_ms), *laid.windows(timing.window_ms)
    with np.errstate(divide="ignore"):
        asked = timing.gap_ms, timing.longest_ms, np.log1p(-timing.joint), min_objects

    def test(piece: Piece) -> Any:
        few, many = laid.few[slice(*piece)], laid.many[slice(*piece)]
        return chance_kernels.test_pairs(few, many, row, start, acts, windows, *asked)

    tested = walk(test, even_pieces(laid.work), threads)
    return Tested(*(laid.in_order_of_pairs(np.concatenate(column)) for column in zip(*tested, strict=True)))


def _drawn_chance_of(actions: Actions, pairs: Pairs, timing: Timing, least: int, threads: int | None) -> Tested:
    """The same by the draw from the crowd's times."""

    def test(piece: Piece) -> Any:
        ends = pairs.first[slice(*piece)], pairs.second[slice(*piece)]
        acts, by_account = (actions.object, actions.at_ms, timing.bin), (actions.position, actions.start)
        window, occasion = timing.window_ms, (timing.gap_ms, timing.longest_ms)
        return crowd_kernels.test_drawn(*ends, *acts, *by_account, window, *occasion, timing.rate, least, timing.crowd)

    tested = walk(test, even_pieces(shorter(actions, pairs.first, pairs.second)), threads)
    return Tested(*(np.concatenate(column) for column in zip(*tested, strict=True)))


def without_companions(
    actions: Actions,
    pairs: Pairs,
    timing: Timing,
    tested: Tested,
    standing_out: Mask,
    *,
    min_objects: int,
    threads: int | None = None,
) -> tuple[Timing, Tested]:
    """The same, the times of whoever stands out with one of a pair being left out of the draw.

    A group that makes most of what happens on its objects would otherwise be the crowd that explains it.

    Args:
        standing_out: which of the pairs do, to begin with.
    """
    first, second = pairs.first[standing_out], pairs.second[standing_out]
    apart = replace(timing, crowd=with_companions(timing.crowd, actions.accounts, first, second))
    again = in_companions(apart.crowd, pairs)
    some = chance_of(actions, pairs.taken(again), apart, min_objects=min_objects, threads=threads)
    columns = []
    for name in ("opportunities", "expected", "log10_p"):
        column = getattr(tested, name).copy()
        column[again] = getattr(some, name)
        columns.append(column)
    return apart, Tested(*columns)
