"""Regular lags: accounts that act always so many seconds after publication, as a program does and people do not.

Asked of each account by itself: within a narrow window of lags, are there more of its acts than a person could be so
regular with? No pair shows it, for in the first minutes after publication everybody meets everybody.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import special

from graphwatch.common.compiled import compiled
from graphwatch.common.large_arrays import CHUNK_ROWS
from graphwatch.detection.chance.clocks import with_fine_clocks
from graphwatch.detection.chance.hypothesis_tests import benjamini_hochberg, binomial
from graphwatch.detection.counting.pairs import Ints, Longs, Reals
from graphwatch.model.tables import InteractionColumns

# Times have to be known so precisely.
PRECISE_MS: Final = 1_000
_MINUTE_MS: Final = 60_000
_LONGEST_MS: Final = 60 * _MINUTE_MS
# Fewer lags say too little.
_LEAST: Final = 8
# The window of lags: ten seconds, of lags below 33 s a part of the lag.
_WINDOW_MS: Final = 10_000
_PART: Final = 0.3
# Around its middle, from a third to three times, are the lags out of which those in the window are counted.
_AROUND: Final = 3.0
# A person is no more regular than this: the standard deviation of the logarithm of the lag, and where that is more, of
# the lag itself: who gets up by a clock is a minute early or late.
_SPREAD: Final = 0.4
_SPREAD_MS: Final = 60_000
# A lead is regular in most of what it does at that time, and more than all others but so many at that lag.
_MOST: Final = 0.5
_MANY: Final = 20
# Posts that were published together are gone through together: their lags are one.
_APART_MS: Final = 5 * _MINUTE_MS
# Where nine in ten of all times are whole minutes, no clock shows seconds.
_SHARE: Final = 0.9


@dataclass(frozen=True, slots=True)
class Lags:
    """Accounts with a regular lag, the smallest q first, and out of how many.

    Attributes:
        account: their ids.
        posts: lags in the window; posts published within five minutes are one.
        near: lags between a third and three times the window's middle, out of which they are counted.
        known: all lags of the account, of up to an hour.
        from_ms, to_ms: shortest and longest lag in the window.
        expected: lags in the window that a regular person, or the twentieth of the others, would have at most.
        log10_p, q: of the account; q over all that were tested.
        tested: accounts with eight lags or more.
        shared: accounts that would be leads if twenty others were not as regular at that lag: a push does that.
        likely: log10 of p of every account that was tested and has a p below 1, leads among them.
        acts: account and post, as codes of the columns, of the acts in the windows.
    """

    account: pa.StringArray
    posts: Longs
    near: Longs
    known: Longs
    from_ms: Longs
    to_ms: Longs
    expected: Reals
    log10_p: Reals
    q: Reals
    tested: int
    shared: int
    likely: Reals
    acts: tuple[Ints, Ints]

    def __len__(self) -> int:
        return len(self.account)

    @property
    def told(self) -> dict[str, int]:
        """What a run keeps beside the leads themselves."""
        return {"accounts": self.tested, "regular": len(self), "shared": self.shared}


@dataclass(frozen=True, slots=True)
class _Known:
    """Lags in order of account and length, and whose, on what; `key` puts account and lag in one number."""

    account: Longs
    lag: Longs
    object: Ints
    key: Longs

    def places(self, account: Longs, low: npt.ArrayLike, high: npt.ArrayLike) -> tuple[Longs, Longs]:
        """Where the lags of each account from `low` to `high`, inclusive, begin and end."""
        base = account * (2 * _LONGEST_MS)
        begin: Longs = np.searchsorted(self.key, base + np.minimum(low, _LONGEST_MS))
        end: Longs = np.searchsorted(self.key, base + np.minimum(high, _LONGEST_MS), side="right")
        return begin, end

    def around(self, account: Longs, middle: npt.ArrayLike) -> Longs:
        """How many lags of each account are from a third to three times `middle`."""
        begin, end = self.places(account, np.asarray(middle) / _AROUND, np.asarray(middle) * _AROUND)
        return end - begin


@dataclass(frozen=True, slots=True)
class _Windows:
    """Windows of lags: account, where their lags begin and end among all, and out of how many these are.

    `chance` is that of a lag among `near` to be in the window, `log10_p` the chance of so many in one of all windows.
    """

    account: Longs
    begin: Longs
    end: Longs
    near: Longs
    chance: Reals
    log10_p: Reals

    @property
    def posts(self) -> Longs:
        return self.end - self.begin

    def taken(self, which: Longs) -> "_Windows":
        return _Windows(*(getattr(self, name)[which] for name in self.__slots__))


def regular_lags(columns: InteractionColumns, fdr: float) -> Lags | None:
    """The accounts that are regular beyond what a person could be; None where no lag can be known.

    A lag is the time from the publication of a post to an account's first act on it, up to an hour. Where publication
    is not known there is none: counted from the first act, whoever acted first would always have 0.

    Of the n lags from a third to three times the middle of a window [x, x + d], k are in it; d is 10 s, or 0.3 x where
    that is less. A person's lags are spread, in their logarithm by 0.4 or more, or by a minute. So wherever the habit
    lies, a lag is in the window with a chance of at most the larger of 2 Φ(ln((x + d + 1) / x) / 0.8) - 1 and
    2 Φ((d + 1) / 120) - 1, in seconds, for times are known to the second. It is taken as no less than the share of its
    lags that the twentieth of the other accounts has in the window. p is the tail P(Binomial(n, chance) ≥ k), 1 where
    less than half of n are in the window; least of all windows, one of which begins at each lag of the account, and
    times their number (Bonferroni), which bounds the tail of the largest count (scan statistic; Naus 1965). q is p
    corrected over all accounts with 8 lags or more (Benjamini and Hochberg 1995).

    Args:
        columns: interactions with posts whose times are known to the second.
        fdr: the false discovery rate.

    >>> from graphwatch.model.tables import LeftOut
    >>> post, account = np.tile(np.arange(30), 2), np.repeat([0, 1], 30)
    >>> lag = np.concatenate([37_000 + np.arange(30) * 7919 % 2_000, np.geomspace(9_000, 3_000_000, 30).astype(int)])
    >>> ids, posts = pa.array(["x:bot", "x:sri"]), pa.array([f"x:{n:02}" for n in range(30)])
    >>> published = np.arange(30) * 3_600_000 + 123_456
    >>> rows = account.astype(np.int32), post.astype(np.int32), np.zeros(60, np.int8), published[post] + lag
    >>> found = regular_lags(InteractionColumns(*rows, ids, posts, ("LIKED",), published, (LeftOut(),)), 0.05)
    >>> found.account.to_pylist(), found.posts.tolist(), found.tested
    (['x:bot'], [30], 2)
    """
    if columns.post is not None:
        return None
    known = _lags_of(with_fine_clocks(columns, _WINDOW_MS))
    if known is None:
        return None
    number = np.bincount(known.account, minlength=len(columns.accounts))
    tested = int(np.count_nonzero(number >= _LEAST))
    if not tested:
        return None
    best = _least_likely(known, number)
    beyond_a_person = int(np.count_nonzero(benjamini_hochberg(best.log10_p, tested) <= np.log10(fdr)))
    best = _beside_others(known, number, best, np.flatnonzero(best.log10_p <= np.log10(fdr)))
    q = 10.0 ** benjamini_hochberg(best.log10_p, tested)
    found = np.flatnonzero(q <= fdr)
    found = found[np.lexsort((best.account[found], best.log10_p[found]))]
    of, acts = best.taken(found), _within(best.taken(found))
    return Lags(
        account=columns.accounts.take(pa.array(of.account)),
        posts=of.posts,
        near=of.near,
        known=number[of.account],
        from_ms=known.lag[of.begin],
        to_ms=known.lag[of.end - 1],
        expected=of.near * of.chance,
        log10_p=of.log10_p,
        q=q[found],
        tested=tested,
        shared=beyond_a_person - len(found),
        likely=best.log10_p,
        acts=(known.account[acts].astype(np.int32), known.object[acts]),
    )


def _lags_of(columns: InteractionColumns) -> _Known | None:
    """The lag of each account's first act on each post; of posts published together that of the first.

    None where the clock of all shows minutes: then half of an account's lags are the same.
    """
    found, whole_minutes = [np.empty(0, np.int64)], 0
    for begin in range(0, len(columns.at_ms), CHUNK_ROWS):
        at_ms = columns.at_ms[begin : begin + CHUNK_ROWS]
        published = columns.published_ms[columns.object[begin : begin + CHUNK_ROWS]]
        lag = at_ms - published
        found.append(begin + np.flatnonzero((published >= 0) & (lag >= 0) & (lag <= _LONGEST_MS)))
        whole_minutes += int(np.count_nonzero(at_ms % _MINUTE_MS == 0))
    rows = np.concatenate(found)
    if not len(rows) or whole_minutes >= _SHARE * len(columns.at_ms):
        return None
    account, object = columns.account[rows], columns.object[rows]
    published = columns.published_ms[object]
    lag = columns.at_ms[rows] - published
    order = np.lexsort((object, lag, published, account))
    order = order[_apart(account[order], published[order])]
    order = order[np.lexsort((lag[order], account[order]))]
    whose, lag = account[order].astype(np.int64), lag[order]
    return _Known(whose, lag, object[order], whose * (2 * _LONGEST_MS) + lag)


@compiled
def _apart(account, published):  # type: ignore[no-untyped-def]
    """Which rows, in order of account and publication, are of posts so far from the last one that is kept."""
    kept = np.zeros(len(account), np.bool_)
    last = 0
    for r in range(len(account)):
        if r == 0 or account[r] != account[last] or published[r] - published[last] >= _APART_MS:
            kept[r] = True
            last = r
    return kept


def _least_likely(known: _Known, number: Longs) -> _Windows:
    """Of each account with enough lags the window that a person is least likely to fill so; none where p is 1."""
    low = known.lag.astype(np.float64)
    width = np.minimum(_WINDOW_MS, _PART * low)
    begin, end = known.places(known.account, low, low + width)
    near = known.around(known.account, low + width / 2)
    with np.errstate(divide="ignore"):
        quick = special.erf(np.log((low + width + PRECISE_MS) / low) / (2 * np.sqrt(2) * _SPREAD))
    punctual = special.erf((width + PRECISE_MS) / (2 * np.sqrt(2) * _SPREAD_MS))
    every = _Windows(known.account, begin, end, near, np.maximum(quick, punctual), np.zeros(len(low)))
    asked = every.taken(np.flatnonzero((number[known.account] >= _LEAST) & (every.posts >= _MOST * near)))
    asked = _tested(asked, number)
    order = np.lexsort((asked.begin, asked.log10_p, asked.account))
    firsts = order[np.unique(asked.account[order], return_index=True)[1]]
    return asked.taken(firsts)


def _tested(of: _Windows, number: Longs) -> _Windows:
    """The same with their p; an account has as many windows as lags."""
    log10_p = binomial(of.posts, of.near, of.chance)
    log10_p[of.posts < np.maximum(_MOST, of.chance) * of.near] = 0.0
    return replace(of, log10_p=np.minimum(log10_p + np.log10(number[of.account]), 0.0))


def _beside_others(known: _Known, number: Longs, best: _Windows, open: Longs) -> _Windows:
    """The same where the chance is no less than the share of the twentieth of the others; it only makes p larger."""
    order = np.argsort(known.lag, kind="stable")
    lag, account = known.lag[order], known.account[order]
    chance = best.chance.copy()
    for i in open.tolist():
        low = float(known.lag[best.begin[i]])
        high = low + min(_WINDOW_MS, _PART * low)
        inside = account[np.searchsorted(lag, low) : np.searchsorted(lag, high, side="right")]
        others, within = np.unique(inside[number[inside] >= _LEAST], return_counts=True)
        near = known.around(others, (low + high) / 2)
        share = (within / near)[(near >= _LEAST) & (others != best.account[i])]
        if len(share) >= _MANY:
            chance[i] = max(chance[i], np.partition(share, -_MANY)[-_MANY])
    return _tested(replace(best, chance=chance), number)


def _within(of: _Windows) -> Longs:
    """The places of all lags in these windows."""
    return np.concatenate([np.empty(0, np.int64), *map(np.arange, of.begin, of.end)])
