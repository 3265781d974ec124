"""Honest people who look alike because their opportunities hang together: nothing is planted in any of these."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from benchmarks.scenarios.campaign import quiet
from benchmarks.scenarios.clock import DAY, HOUR, MINUTE, START
from benchmarks.scenarios.data import Acts, Array, Scenario, acts_of, joined

_ACCOUNTS: Final = 3_000
_POSTS: Final = 600
_DAYS: Final = 60
_PAGES: Final = 16
# Seconds between two likes of somebody who goes through a feed.
_STEP: Final = 8.0


def sessions(seed: int) -> Scenario:
    """Everybody opens the app at an own time, many of them over lunch, and likes the newest posts, one each 8 s."""
    rng = np.random.default_rng([seed, 11])
    published = np.sort(START + rng.uniform(0, _DAYS * DAY, _POSTS))
    page = rng.integers(0, _PAGES, _POSTS)
    follows = rng.random((_ACCOUNTS, _PAGES)) < 3 / _PAGES
    account = np.repeat(np.arange(_ACCOUNTS), rng.poisson(12, _ACCOUNTS))
    hour = np.where(
        rng.random(len(account)) < 0.4, rng.normal(12.5, 0.4, len(account)), rng.uniform(6, 23, len(account))
    )
    opened = START + rng.integers(1, _DAYS, len(account)) * DAY + hour * HOUR
    who, post, at = [], [], []
    for a, t in zip(account.tolist(), opened.tolist(), strict=True):
        until = np.searchsorted(published, t)
        seen = np.arange(max(0, until - 40), until)[::-1]
        liked = seen[follows[a, page[seen]] & (rng.random(len(seen)) < 0.6)][:8]
        who.append(np.full(len(liked), a))
        post.append(liked)
        at.append(t + _STEP * (1 + np.arange(len(liked))) + rng.normal(0, 2, len(liked)))
    return _made(rng, published, np.concatenate(who), np.concatenate(post), np.concatenate(at))


def mornings(seed: int) -> Scenario:
    """Two camps post three times at 07:00 sharp; followers get up each at an own time and go through the three."""
    rng = np.random.default_rng([seed, 12])
    days, camps = 50, 2
    published: Array = np.repeat(START + np.arange(1, days + 1) * DAY + 7 * HOUR, camps * 3)
    published = published + np.tile(np.arange(6) % 3, days)
    camp = rng.integers(0, camps, _ACCOUNTS)
    # Most get up within two hours, and about the same time every day.
    habit = 60.0 + 40 * MINUTE * np.exp(0.8 * rng.standard_normal(_ACCOUNTS))
    account, day = np.nonzero(rng.random((_ACCOUNTS, days)) < 0.15)
    begun = habit[account] * np.exp(0.3 * rng.standard_normal(len(account)))
    account, day, begun = np.repeat(account, 3), np.repeat(day, 3), np.repeat(begun, 3)
    step = np.tile(np.arange(3), len(account) // 3)
    kept = rng.random(len(account)) < 0.8
    post = day * 6 + camp[account] * 3 + step
    at = published[post] + begun + _STEP * step + rng.normal(0, 1.5, len(account))
    return _made(rng, published, account[kept], post[kept], at[kept])


def live_chats(seed: int) -> Scenario:
    """Sixty streams; whoever watches one comments some thirteen times while it lasts."""
    rng = np.random.default_rng([seed, 13])
    streams = 60
    published = np.sort(START + rng.integers(0, _DAYS, streams) * DAY + rng.uniform(18, 21, streams) * HOUR)
    loyal = rng.beta(0.4, 8, _ACCOUNTS)
    viewer, stream = np.nonzero(rng.random((_ACCOUNTS, streams)) < loyal[:, None])
    came = rng.uniform(0, 40 * MINUTE, len(viewer))
    lasted = rng.uniform(10 * MINUTE, 60 * MINUTE, len(viewer))
    comments = rng.poisson(13, len(viewer))
    begun, lasted = np.repeat(published[stream] + came, comments), np.repeat(lasted, comments)
    at = begun + lasted * rng.random(len(begun))
    return _made(rng, published, np.repeat(viewer, comments), np.repeat(stream, comments), at)


def threads(seed: int) -> Scenario:
    """People come by hours after publication, comment, and comment again and again within minutes."""
    rng = np.random.default_rng([seed, 14])
    published = np.sort(START + rng.uniform(0, _DAYS * DAY, _POSTS))
    # A few regulars are in most threads.
    account = (_ACCOUNTS * rng.random(20_000) ** 3).astype(int)
    weight = 1 / (np.arange(_POSTS) + 10.0)
    post = rng.choice(_POSTS, len(account), p=weight / weight.sum())
    begun = published[post] + np.exp(np.log(2.5 * HOUR) + 1.2 * rng.standard_normal(len(account)))
    again = 1 + rng.poisson(2.0, len(account))
    at = np.repeat(begun, again) + rng.exponential(3 * MINUTE, again.sum())
    return _made(rng, published, np.repeat(account, again), np.repeat(post, again), at)


def heavy_tails(seed: int) -> Scenario:
    """Few accounts and few posts have most of 200,000 interactions (Zipf, 1.3 and 1.4)."""
    rng = np.random.default_rng([seed, 15])
    published = np.sort(START + rng.uniform(0, _DAYS * DAY, _POSTS))
    account, post = (_by_rank(rng, of, power, 200_000) for of, power in ((_ACCOUNTS, 1.3), (_POSTS, 1.4)))
    at = published[post] + np.exp(np.log(2.5 * HOUR) + 1.5 * rng.standard_normal(len(post)))
    return _made(rng, published, account, post, at)


def whole_hours(seed: int) -> Scenario:
    """A quarter of an ordinary audience has a clock that shows hours."""
    made = _audience(seed)
    hourly = np.random.default_rng([seed, 16]).random(_ACCOUNTS) < 0.25
    hour_ms = round(1000 * HOUR)
    at_ms = np.where(hourly[made.acts.account], made.acts.at_ms // hour_ms * hour_ms, made.acts.at_ms)
    return replace(made, acts=replace(made.acts, at_ms=at_ms))


def pushes(seed: int, *, waves: int = 1) -> Scenario:
    """The publisher of one post in eight sends a push two hours later, which 240 people answer within 45 s.

    Args:
        waves: of the push, ten minutes apart; a telephone is always in the same one.
    """
    made, rng = _audience(seed), np.random.default_rng([seed, 17])
    people = rng.choice(_ACCOUNTS, 240, replace=False)
    wave = rng.integers(0, waves, len(people))
    posts = rng.choice(_POSTS, _POSTS // 8, replace=False)
    post, person = np.nonzero(rng.random((len(posts), len(people))) < 0.5)
    at = made.published_ms[posts[post]] / 1000 + 2 * HOUR + 10 * MINUTE * wave[person] + rng.uniform(5, 45, len(post))
    return replace(made, acts=joined([made.acts, acts_of(rng, people[person], posts[post], at)]))


def one_for_all(seed: int) -> Scenario:
    """One post has a third of all interactions, and one account acts on most posts."""
    made, rng = _audience(seed), np.random.default_rng([seed, 18])
    everybody = rng.choice(_ACCOUNTS, len(made.acts) // 2)
    first = made.published_ms / 1000
    popular = acts_of(rng, everybody, np.zeros_like(everybody), first[0] + rng.exponential(8 * HOUR, len(everybody)))
    every = np.tile(np.arange(_POSTS), 10)
    busy = acts_of(rng, np.zeros_like(every), every, first[every] + rng.exponential(DAY, len(every)))
    return replace(made, acts=joined([made.acts, popular, busy]))


def debates(seed: int) -> Scenario:
    """On five nights two thousand people watch a debate, and like and comment on what is posted during it."""
    made, rng = _audience(seed), np.random.default_rng([seed, 19])
    parts: list[Acts] = [made.acts]
    for night in rng.choice(np.arange(5, _DAYS), 5, replace=False).tolist():
        began = START + night * DAY + 19 * HOUR
        watching = rng.choice(_ACCOUNTS, 2_000, replace=False)
        posts = rng.choice(_POSTS, 12, replace=False)
        post, person = np.nonzero(rng.random((len(posts), len(watching))) < 0.2)
        at = np.maximum(began + 2 * HOUR * rng.random(len(post)), made.published_ms[posts[post]] / 1000)
        parts.append(acts_of(rng, watching[person], posts[post], at))
    return replace(made, acts=joined(parts))


def offices(seed: int) -> Scenario:
    """Colleagues, 30 and 100 of them, like most posts of their own office, when they come by in working hours."""
    made, rng = _audience(seed), np.random.default_rng([seed, 20])
    parts: list[Acts] = [made.acts]
    for size in (30, 100):
        colleagues, posts = rng.choice(_ACCOUNTS, size, replace=False), rng.choice(_POSTS, 40, replace=False)
        post, person = np.nonzero(rng.random((len(posts), size)) < 0.6)
        published = made.published_ms[posts[post]] / 1000
        at = published + rng.integers(0, 2, len(post)) * DAY + rng.uniform(0, 8 * HOUR, len(post))
        parts.append(acts_of(rng, colleagues[person], posts[post], at))
    return replace(made, acts=joined(parts))


INNOCENT: Final[dict[str, Callable[[int], Scenario]]] = {
    "feed sessions": sessions,
    "posts at 07:00": mornings,
    "live chats": live_chats,
    "threads": threads,
    "heavy tails": heavy_tails,
    "clocks of hours": whole_hours,
    "a push after two hours": pushes,
    "pushes in three waves": partial(pushes, waves=3),
    "one post, one account": one_for_all,
    "debate nights": debates,
    "offices": offices,
}


def _audience(seed: int) -> Scenario:
    return quiet(seed, accounts=_ACCOUNTS, posts=_POSTS)


def _by_rank(rng: np.random.Generator, of: int, power: float, size: int) -> Array:
    weight = np.arange(1, of + 1) ** -power
    drawn: Array = rng.choice(of, size, p=weight / weight.sum())
    return drawn


def _made(rng: np.random.Generator, published: Array, account: Array, post: Array, at: Array) -> Scenario:
    return Scenario(acts_of(rng, account, post, at), (np.floor(published) * 1000).astype(np.int64), _ACCOUNTS, ())
