"""What an audience does when nobody coordinates it: five habits, each of which can be left out."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.scenarios.clock import DAY, HOUR, MINUTE, START, after, when
from benchmarks.scenarios.data import COMMENTED, LIKED, Acts, Array, acts_of, joined, key_of

PAGES: Final = 16
DAYS: Final = 60
# Interactions of the audience before cascades; what is drawn twice is drawn once.
_PER_ACCOUNT: Final = 17.0
_PAGES_FOLLOWED: Final = 3.0
_NOTIFIED: Final = 0.1
_NOTIFIED_ACT_MORE: Final = 8.0
_NOTIFIED_ACT_AT_ONCE: Final = 0.75
# Reactions hours later: median and spread of the logarithm; the tail reaches weeks.
_LATE: Final = (2.5 * HOUR, 1.5)
_LONGEST: Final = 20 * DAY
# Reactions to a notification: median of the audience, spread between accounts, spread within an account.
_AT_ONCE: Final = (75.0, 0.4, 0.8)
_VIRAL: Final = 1 / 32
_REACH: Final = (350.0, 0.7)
_SECOND_THOUGHTS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Habits of an audience.

    Attributes:
        followings: accounts act on the posts of a few pages; else on any post.
        notifications: some followers act on most posts within minutes of publication.
        rhythm: people sleep; else activity is even over the day.
        cascades: some posts draw hundreds or thousands within minutes, long after publication.
        uneven: a few accounts act much more than the rest (Zipf); else all act about as much.
    """

    followings: bool = False
    notifications: bool = False
    rhythm: bool = False
    cascades: bool = False
    uneven: bool = False


ALL: Final = Behaviour(followings=True, notifications=True, rhythm=True, cascades=True, uneven=True)
ALONE: Final = {
    "page fans": Behaviour(followings=True),
    "fans with notifications": Behaviour(followings=True, notifications=True),
    "daily rhythm": Behaviour(rhythm=True),
    "viral cascades": Behaviour(cascades=True),
    "uneven activity": Behaviour(uneven=True),
}


@dataclass(frozen=True, slots=True)
class World:
    """Accounts and posts; publication in epoch seconds.

    `follows` and `notified` are accounts × pages; `activity` has mean 1; `pace` is the median delay, in
    seconds, with which an account answers a notification.
    """

    post_page: Array
    published: Array
    appeal: Array
    activity: Array
    follows: Array
    notified: Array
    pace: Array


def make_world(rng: np.random.Generator, behaviour: Behaviour, *, accounts: int, posts: int) -> World:
    """A world of that many accounts and posts over sixty days."""
    day = rng.uniform(0, DAYS * DAY, posts)
    published = when(day) if behaviour.rhythm else START + day
    follows = np.ones((accounts, PAGES), np.bool_)
    if behaviour.followings:
        weight = 1 / np.arange(2, PAGES + 2)
        follows = rng.random((accounts, PAGES)) < np.minimum(1, _PAGES_FOLLOWED * weight / weight.sum())
        follows[np.arange(accounts), rng.integers(0, PAGES, accounts)] = True
    notified = follows & (rng.random((accounts, PAGES)) < _NOTIFIED) & behaviour.notifications
    activity = 1 / (rng.permutation(accounts) + 20.0) if behaviour.uneven else np.ones(accounts)
    median, between, _ = _AT_ONCE
    return World(
        post_page=rng.integers(0, PAGES, posts),
        published=np.sort(np.floor(published)),
        appeal=rng.lognormal(0, 0.5, posts),
        activity=activity / activity.mean(),
        follows=follows,
        notified=notified,
        pace=median * np.exp(between * rng.standard_normal(accounts)),
    )


def late(rng: np.random.Generator, count: int, *, least: float = MINUTE) -> Array:
    """Delays, in seconds, of reactions that no notification prompted: heavy-tailed, at least `least`."""
    median, spread = _LATE
    delay = np.exp(np.log(median) + spread * rng.standard_normal(count))
    while (low := np.flatnonzero(delay < least)).size:
        delay[low] = np.exp(np.log(median) + spread * rng.standard_normal(low.size))
    shortened: Array = np.minimum(delay, _LONGEST)
    return shortened


def organic(world: World, behaviour: Behaviour, rng: np.random.Generator) -> Acts:
    """The interactions of the audience, one a pair of account and post, and some second thoughts."""
    parts = [_followers(world, behaviour, rng)]
    if behaviour.cascades:
        parts.append(_cascades(world, behaviour, rng))
    first = joined(parts)
    first = first.where(np.unique(key_of(first), return_index=True)[1])
    return joined([first, _second_thoughts(first, rng)])


def _followers(world: World, behaviour: Behaviour, rng: np.random.Generator) -> Acts:
    """Accounts act on posts that they see; those notified at once, the others when they come by."""
    rate = world.follows * np.where(world.notified, _NOTIFIED_ACT_MORE, 1.0) * world.activity[:, None]
    rate = rate[:, world.post_page] * world.appeal
    rate *= _PER_ACCOUNT * len(world.activity) / rate.sum()
    account, post = np.nonzero(rng.random(rate.shape) < -np.expm1(-rate))
    at_once = world.notified[account, world.post_page[post]] & (rng.random(len(account)) < _NOTIFIED_ACT_AT_ONCE)
    quick = world.pace[account] * np.exp(_AT_ONCE[2] * rng.standard_normal(len(account)))
    delay = np.where(at_once, quick, late(rng, len(account)))
    return acts_of(rng, account, post, after(world.published[post], delay, rhythm=behaviour.rhythm))


def _cascades(world: World, behaviour: Behaviour, rng: np.random.Generator) -> Acts:
    """Some posts reach hundreds or thousands within minutes, long after publication; busy accounts first."""
    accounts, posts = len(world.activity), len(world.published)
    viral = np.sort(rng.choice(posts, max(1, round(posts * _VIRAL)), replace=False))
    median, spread = _REACH
    reach = np.minimum(np.exp(np.log(median) + spread * rng.standard_normal(len(viral))), accounts / 2)
    # The smallest of exponential numbers with these rates are a weighted draw without replacement.
    order = np.argsort(rng.exponential(size=(len(viral), accounts)) / world.activity, axis=1)
    position, rank = np.nonzero(np.arange(accounts) < reach[:, None])
    begin = after(world.published[viral], late(rng, len(viral), least=2 * HOUR), rhythm=behaviour.rhythm)
    scale = rng.uniform(3 * MINUTE, 15 * MINUTE, len(viral))
    at = begin[position] + scale[position] * rng.gamma(2.0, size=len(position))
    return acts_of(rng, order[position, rank], viral[position], at)


def _second_thoughts(first: Acts, rng: np.random.Generator) -> Acts:
    """Some who liked a post comment on it a little later."""
    chosen = first.where((first.kind == LIKED) & (rng.random(len(first)) < _SECOND_THOUGHTS))
    later = chosen.at_ms + rng.integers(10_000, 600_000, len(chosen))
    return Acts(chosen.account, chosen.object, later, np.full(len(chosen), COMMENTED, np.int8))
