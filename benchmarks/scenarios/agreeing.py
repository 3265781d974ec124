"""Lists of likers without times, and comments with their texts: honest people, and groups that agree."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.scenarios.clock import DAY
from benchmarks.scenarios.data import Array

_ACCOUNTS: Final = 3_000
_PAGES: Final = 16
_POSTS: Final = 600
_WEEKS: Final = 9


@dataclass(frozen=True, slots=True)
class Agreeing:
    """Which account used which object in which block, and the members of each planted group.

    `wide` are wider blocks, None where there are none.
    """

    account: Array
    object: Array
    block: Array
    post: Array
    at_ms: Array
    accounts: int
    dense: bool
    truth: tuple[Array, ...]
    wide: Array | None = None


def likers(
    seed: int, *, groups: int = 0, posts: int = 20, tastes: bool = False, sessions: bool = False, turnover: float = 0.0
) -> Agreeing:
    """Who liked which post, by page and four weeks; people follow a few pages each, some for some weeks only.

    Args:
        groups: planted ones, of 5 to 20 accounts, each member liking seven in ten of the group's posts.
        posts: on which a group acts.
        tastes: every post has one of four topics, and every account a taste for them.
        turnover: this share of the accounts come some day and stay for three weeks on average, twice as active.
        sessions: people like the newest posts of all their pages when they open the app, on days of their own.
    """
    rng = np.random.default_rng([seed, 21])
    page, day = rng.integers(0, _PAGES, _POSTS), rng.uniform(0, 7 * _WEEKS, _POSTS)
    follows = rng.random((_ACCOUNTS, _PAGES)) < 3 / _PAGES
    came = np.where(rng.random((_ACCOUNTS, 1)) < 0.2, rng.uniform(0, 7 * _WEEKS, (_ACCOUNTS, 1)), 0.0)
    chance = np.clip(rng.lognormal(-1.6, 0.8, (_ACCOUNTS, 1)), 0, 0.9) * rng.lognormal(0, 0.5, _POSTS)
    if tastes:
        chance = chance * rng.lognormal(0, 0.7, (_ACCOUNTS, 4))[:, rng.integers(0, 4, _POSTS)]
    if sessions:
        awake = rng.random((_ACCOUNTS, 7 * _WEEKS)) < 0.35
        chance = chance * 3 * awake[:, day.astype(int)]
    stays = np.full((_ACCOUNTS, 1), np.inf)
    if turnover:
        passing = rng.random((_ACCOUNTS, 1)) < turnover
        came = np.where(passing, rng.uniform(-21, 7 * _WEEKS, (_ACCOUNTS, 1)), came)
        stays = np.where(passing, rng.exponential(21, (_ACCOUNTS, 1)), np.inf)
        chance = np.where(passing, 2.0, 1.0) * chance
    liked = rng.random((_ACCOUNTS, _POSTS)) < np.clip(chance, 0, 0.95) * follows[:, page] * (day >= came) * (
        day < came + stays
    )
    truth = []
    free = rng.permutation(_ACCOUNTS)
    for _ in range(groups):
        size = int(rng.integers(5, 21))
        members, free = free[:size], free[size:]
        chosen = rng.choice(_POSTS, posts, replace=False)
        liked[np.ix_(members, chosen)] |= rng.random((size, posts)) < 0.7
        truth.append(np.sort(members))
    account, post = np.nonzero(liked)
    block = page[post] * 4 + (day[post] // 28).astype(int)
    return Agreeing(account, post, block, post, np.full(len(post), -1), _ACCOUNTS, True, tuple(truth), page[post])


def comments(
    seed: int, *, groups: int = 0, texts: int = 4, habit: bool = False, giveaways: bool = False, chants: bool = False
) -> Agreeing:
    """Texts of comments on posts; most are written once, some copied from those above.

    Args:
        groups: planted ones of five accounts, which write `texts` texts, each one on some post.
        habit: a tenth of the accounts have three blessings of which they nearly always write one.
        giveaways: on ten posts everybody answers in the words that were asked for.
        chants: two camps have a dozen slogans each, and members use two or three of them a lot.
    """
    rng = np.random.default_rng([seed, 22])
    size = 30_000
    account = (_ACCOUNTS * rng.random(size) ** 2).astype(int)
    post = (_POSTS * rng.random(size) ** 2).astype(int)
    text = np.arange(size) + 10_000
    # One in twenty copies what somebody wrote under the same post.
    order = np.lexsort((rng.random(size), post))
    account, post = account[order], post[order]
    copied = np.flatnonzero(rng.random(size) < 0.05)
    back = np.maximum(copied - rng.integers(1, 8, len(copied)), 0)
    same = post[back] == post[copied]
    for to, source in zip(copied[same].tolist(), back[same].tolist(), strict=True):
        text[to] = text[source]
    if habit:
        pious = rng.random(_ACCOUNTS) < 0.1
        own = pious[account] & (rng.random(size) < 0.7)
        text[own] = rng.integers(0, 30, _ACCOUNTS)[account[own]] + 10 * rng.integers(0, 3, own.sum())
    if giveaways:
        asked = np.isin(post, rng.choice(100, 10, replace=False)) & (rng.random(size) < 0.6)
        text[asked] = 1_000 + post[asked]
    if chants:
        camp = rng.integers(0, 8, _ACCOUNTS)
        shouting = (camp[account] < 2) & (post % 3 == camp[account]) & (rng.random(size) < 0.5)
        text[shouting] = 2_000 + 20 * camp[account[shouting]] + (12 * rng.random(shouting.sum()) ** 2).astype(int)
    day = rng.uniform(0, 7 * _WEEKS, _POSTS)
    at = day[post] + rng.exponential(0.5, size)
    parts, truth, free = [(account, post, text, at)], [], rng.permutation(_ACCOUNTS)
    for number in range(groups):
        members, free = free[:5], free[5:]
        who, what = np.repeat(members, texts), np.tile(np.arange(texts), 5)
        # Some all under one post, some each under posts of an own.
        where = rng.integers(0, _POSTS, texts)[what] if number % 2 else rng.integers(0, _POSTS, 5 * texts)
        afternoon = rng.uniform(0, 7 * _WEEKS) + rng.uniform(0, 0.2, 5 * texts)
        parts.append((who, where, 5_000 + 10 * number + what, afternoon))
        truth.append(np.sort(members))
    account, post, text, at = (np.concatenate(column) for column in zip(*parts, strict=True))
    block = post % _PAGES * 4 + (day[post] // 28).astype(int)
    return Agreeing(account, text, block, post, (at * DAY * 1000).astype(np.int64), _ACCOUNTS, False, tuple(truth))
