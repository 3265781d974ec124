"""Clusters planted in an audience: accounts that act together, seconds apart and long after publication."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from graphwatch.scenarios.names import HOSTILE_NAMES, PAIRS
from graphwatch.scenarios.world import HOUR, PLATFORMS, Acts, Array, World, awake, joined

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
