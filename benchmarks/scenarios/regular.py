"""Accounts that act always so long after publication, and honest people who seem to."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np

from benchmarks.scenarios.campaign import quiet
from benchmarks.scenarios.clock import MINUTE
from benchmarks.scenarios.data import Acts, Array, Scenario, acts_of, joined

_ACCOUNTS: Final = 3_000
_POSTS: Final = 600


@dataclass(frozen=True, slots=True)
class Bots:
    """Accounts whose lag is constant.

    Attributes:
        accounts: how many; each acts on that many posts, beside what it does as one of the audience.
        posts: drawn anew for each account.
        lag, spread: mean and standard deviation in seconds; an own mean between 10 s and 10 min for each where `own`.
        own: whether each has a lag of its own.
    """

    accounts: int = 10
    posts: int = 20
    lag: float = 37.0
    spread: float = 2.0
    own: bool = False


BOTS: Final = {
    "ten at 37 ± 2 s, 20 posts": Bots(),
    "ten at 37 ± 2 s, 12 posts": Bots(posts=12),
    "ten at 37 ± 2 s, 8 posts": Bots(posts=8),
    "ten at 5 ± 0.5 s, 20 posts": Bots(lag=5.0, spread=0.5),
    "ten at 20 min ± 2 s, 8 posts": Bots(lag=20 * MINUTE, posts=8),
    "ten with own lags ± 2 s, 12 posts": Bots(own=True, posts=12),
    "twenty at 37 ± 2 s, 20 posts": Bots(accounts=20),
    "forty at 37 ± 2 s, 20 posts": Bots(accounts=40),
}


def regular(seed: int, bots: Bots) -> Scenario:
    """The audience of `quiet` with such accounts in it; their clock shows seconds."""
    made, rng = quiet(seed), np.random.default_rng([seed, 40])
    who = rng.choice(made.accounts, bots.accounts, replace=False)
    parts: list[Acts] = [made.acts]
    for account in who.tolist():
        posts = rng.choice(len(made.published_ms), bots.posts, replace=False)
        lag = rng.uniform(10, 10 * MINUTE) if bots.own else bots.lag
        at = made.published_ms[posts] / 1000 + np.maximum(lag + bots.spread * rng.standard_normal(len(posts)), 0)
        parts.append(acts_of(rng, np.full(len(posts), account), posts, np.floor(at)))
    return replace(made, acts=joined(parts), truth=(np.sort(who).astype(np.int32),))


def cross_poster(seed: int) -> Scenario:
    """A program that shares every post of one page some five seconds after it was published; openly, or not."""
    made, rng = quiet(seed), np.random.default_rng([seed, 41])
    posts = rng.choice(len(made.published_ms), len(made.published_ms) // 16, replace=False)
    at = made.published_ms[posts] / 1000 + rng.uniform(4, 6, len(posts))
    shared = acts_of(rng, np.full(len(posts), 7), posts, at)
    return replace(made, acts=joined([made.acts, shared]), truth=(np.array([7], np.int32),))


def push_soon(seed: int, age: float, *, fewest: float = 5.0, most: float = 45.0) -> Scenario:
    """A push comes so many seconds after publication, and 240 people always answer it within 45 s."""
    made, rng = _audience(seed), np.random.default_rng([seed, 42])
    people = rng.choice(_ACCOUNTS, 240, replace=False)
    post, person = np.nonzero(rng.random((_POSTS, len(people))) < 0.1)
    at = made.published_ms[post] / 1000 + age + rng.uniform(fewest, most, len(post))
    return replace(made, acts=joined([made.acts, acts_of(rng, people[person], post, at)]))


def steady_fans(seed: int) -> Scenario:
    """Fans who answer notifications at once, each always about as quickly: half as unlike as people are."""
    made, rng = _audience(seed), np.random.default_rng([seed, 43])
    fans = rng.choice(_ACCOUNTS, 100, replace=False)
    pace = 60 * np.exp(0.4 * rng.standard_normal(len(fans)))
    post, fan = np.nonzero(rng.random((_POSTS, len(fans))) < 0.1)
    at = made.published_ms[post] / 1000 + pace[fan] * np.exp(0.4 * rng.standard_normal(len(post)))
    return replace(made, acts=joined([made.acts, acts_of(rng, fans[fan], post, at)]))


def whole_minutes(seed: int, *, share: float = 1.0) -> Scenario:
    """So many of the audience have a clock that shows minutes, as publication does."""
    made = _audience(seed)
    rounded = np.random.default_rng([seed, 44]).random(_ACCOUNTS) < share
    at_ms: Array = np.where(rounded[made.acts.account], _minutes(made.acts.at_ms), made.acts.at_ms)
    return replace(made, acts=replace(made.acts, at_ms=at_ms), published_ms=_minutes(made.published_ms))


SEEMING: Final[dict[str, Callable[[int], Scenario]]] = {
    "a push after 30 s": partial(push_soon, age=30.0, fewest=2.0, most=20.0),
    "a push after five minutes": partial(push_soon, age=5 * MINUTE),
    "a push after 20 minutes": partial(push_soon, age=20 * MINUTE),
    "steady fans": steady_fans,
    "clocks of minutes": whole_minutes,
    "clocks of minutes, half": partial(whole_minutes, share=0.5),
}


def _audience(seed: int) -> Scenario:
    return quiet(seed, accounts=_ACCOUNTS, posts=_POSTS)


def _minutes(at_ms: Array) -> Array:
    rounded: Array = at_ms // 60_000 * 60_000
    return rounded
