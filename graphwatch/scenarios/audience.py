"""What an audience does when nobody coordinates it."""

from typing import Final

import numpy as np

from graphwatch.scenarios.world import DAY, HOUR, KINDS, Acts, Array, World, awake, joined

_SHARES_OF_KINDS: Final = (0.8, 0.13, 0.07)
_LONGEST_DELAY: Final = 6 * DAY
# One post in thirty goes viral: this share of its platform sees it, followers or not.
_VIRAL: Final = 1 / 30
_REACH: Final = 0.4
# Likes known from screenshots only.
_UNTIMED: Final = 0.02


def organic(world: World, rng: np.random.Generator) -> Acts:
    """The interactions of the audience: followers, viral cascades, and comments that follow a like."""
    first = joined([_followers(world, rng), _cascades(world, rng)])
    pair = first.account.astype(np.int64) * len(world.post_at) + first.post
    first = first.where(np.unique(pair, return_index=True)[1])
    return joined([first, _second_thoughts(first, rng)])


def _followers(world: World, rng: np.random.Generator) -> Acts:
    """Followers act on posts of their pages: fans within minutes, others within hours."""
    sees = world.follows[:, world.post_page]
    acts = rng.random(sees.shape) < np.clip(world.activity[:, None] * world.appeal, 0, 0.95)
    account, post = np.nonzero(sees & acts)
    fan = world.fan[account]
    median = np.where(fan, 100.0, 3.0 * HOUR)
    spread = np.where(fan, 0.9, 1.3)
    delay = np.exp(np.log(median) + spread * rng.standard_normal(len(account)))
    return _acts(world, rng, account, post, delay)


def _cascades(world: World, rng: np.random.Generator) -> Acts:
    """Some posts reach strangers: each share brings more of them, for an hour or two, and then it dies down."""
    viral = np.flatnonzero(rng.random(len(world.post_at)) < _VIRAL)
    same = world.account_platform[:, None] == world.page_platform[world.post_page[viral]]
    account, position = np.nonzero(same & (rng.random(same.shape) < _REACH))
    starts = rng.uniform(0.5 * HOUR, 5 * HOUR, len(viral))
    delay = starts[position] + rng.gamma(2.0, 0.5 * HOUR, len(account))
    return _acts(world, rng, account, viral[position], delay)


def _acts(world: World, rng: np.random.Generator, account: Array, post: Array, delay: Array) -> Acts:
    """Interactions at a delay from publication, in waking hours, of mixed kinds; some likes lose their time."""
    at = world.post_at[post] + np.clip(delay, 1, _LONGEST_DELAY).astype(np.int64)
    at = awake(at, rng.integers(5 * HOUR, 9 * HOUR, len(at)))
    kind = rng.choice(len(KINDS), len(at), p=_SHARES_OF_KINDS)
    timed = (kind != KINDS.index("LIKED")) | (rng.random(len(at)) >= _UNTIMED)
    return Acts(account, post, at, kind, timed)


def _second_thoughts(first: Acts, rng: np.random.Generator) -> Acts:
    """Some who liked a post comment on it a little later."""
    chosen = first.where((first.kind == KINDS.index("LIKED")) & (rng.random(len(first.at)) < 0.05))
    later = chosen.at + rng.integers(10, 600, len(chosen.at))
    comment = np.full(len(chosen.at), KINDS.index("COMMENTED"))
    return Acts(chosen.account, chosen.post, later, comment, np.ones(len(later), np.bool_))
