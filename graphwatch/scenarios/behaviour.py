"""What an audience does when nobody coordinates it, and clusters planted in it: accounts that act seconds apart."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from graphwatch.scenarios.names import HOSTILE_NAMES, PAIRS
from graphwatch.scenarios.world import DAY, HOUR, KINDS, PLATFORMS, Acts, Array, World, awake, joined

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


_SIZES: Final = (5, 12)
_POSTS: Final = (6, 15)
_JOINS: Final = 0.7
_HOURS_AFTER: Final = (6.0, 72.0)


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted cluster: its members, and what they did together."""

    members: Array
    acts: Acts


def plant(world: World, rng: np.random.Generator, *, groups: int, spread: float) -> list[Planted]:
    """Clusters of 5 to 12 accounts that act on 6 to 15 posts of one pair, each member 7 times in 10.

    Args:
        world: whose accounts are taken; fans and the ones with hostile names are left alone.
        rng: random numbers.
        groups: number of clusters.
        spread: seconds between the first and the last possible act of a cluster on a post.

    Raises:
        ValueError: there are too few accounts or posts for that many clusters.
    """
    free = ~world.fan
    free[: len(HOSTILE_NAMES)] = False
    planted: list[Planted] = []
    for number in range(groups):
        platform, pair = number % len(PLATFORMS), number % len(PAIRS)
        pages = (world.page_platform == platform) & (world.page_pair == pair)
        posts = np.flatnonzero(pages[world.post_page])
        candidates = np.flatnonzero(free & (world.account_platform == platform))
        size, shared = int(rng.integers(_SIZES[0], _SIZES[1] + 1)), int(rng.integers(_POSTS[0], _POSTS[1] + 1))
        if len(candidates) < size or len(posts) < shared:
            raise ValueError(f"too few accounts or posts for {groups} planted clusters")
        members = np.sort(rng.choice(candidates, size, replace=False))
        free[members] = False
        acts = _together(world, rng, members, rng.choice(posts, shared, replace=False), spread)
        planted.append(Planted(members, acts))
    return planted


def _together(world: World, rng: np.random.Generator, members: Array, posts: Array, spread: float) -> Acts:
    """The acts of a cluster: on each post within one short span, hours after publication."""
    joins = rng.random((len(posts), len(members))) < _JOINS
    # Nobody acts together alone.
    joins[joins.sum(axis=1) < 2, :2] = True
    after = rng.uniform(*_HOURS_AFTER, len(posts)) * HOUR
    starts = awake(world.post_at[posts] + after.astype(np.int64), np.full(len(posts), 7 * HOUR))
    position, member = np.nonzero(joins)
    at = starts[position] + rng.integers(0, int(spread) + 1, len(member))
    kind = rng.choice(3, len(member), p=(0.7, 0.1, 0.2))
    return Acts(members[member], posts[position], at, kind, np.ones(len(member), np.bool_))


def with_planted(organic: Acts, planted: list[Planted], posts: int) -> Acts:
    """All interactions; what a member would have done with a post on its own gives way to the planted act."""
    if not planted:
        return organic
    together = joined([p.acts for p in planted])
    taken = together.account * posts + together.post
    own = ~np.isin(organic.account * posts + organic.post, taken)
    return joined([organic.where(own), together])
