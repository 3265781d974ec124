"""Pages, posts and accounts of a synthetic election, as arrays that the behaviour is computed on."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from graphwatch.common.clock import DAY_MS, HOUR_MS, OFFSET_MS
from graphwatch.scenarios.names import HOSTILE_NAMES, MEDIA_PAGES, PAGES_OF_A_PAIR, PAIRS

Array = NDArray[Any]

PLATFORMS: Final = ("x", "instagram")
KINDS: Final = ("LIKED", "COMMENTED", "SHARED")
HOUR: Final = HOUR_MS // 1000
DAY: Final = DAY_MS // 1000
WIB: Final = OFFSET_MS // 1000
# Midnight WIB of the first day of the campaign of 2024.
CAMPAIGN: Final = int(datetime(2024, 9, 24, 17, tzinfo=UTC).timestamp())
_SHARE_ON_X: Final = 0.55
_SHARE_OF_FANS: Final = 0.12


@dataclass(frozen=True, slots=True)
class World:
    """Who and what there is; times in epoch seconds.

    `page_pair` is the position of the page's pair, -1 for media. `follows` is accounts × pages. `activity`
    is the chance that an account acts on a post of a page that it follows, before the post's `appeal`.
    """

    page_class: list[str]
    page_name: list[str]
    page_pair: Array
    page_platform: Array
    post_page: Array
    post_at: Array
    appeal: Array
    account_platform: Array
    follows: Array
    activity: Array
    fan: Array


@dataclass(frozen=True, slots=True)
class Acts:
    """Interactions: positions of account and post, epoch seconds, position in `KINDS`, known time or not."""

    account: Array
    post: Array
    at: Array
    kind: Array
    timed: Array

    def where(self, kept: Array) -> "Acts":
        """Those interactions that the mask or order keeps."""
        return Acts(*(getattr(self, name)[kept] for name in ("account", "post", "at", "kind", "timed")))


def joined(parts: list[Acts]) -> Acts:
    """All interactions of the parts."""
    names = ("account", "post", "at", "kind", "timed")
    return Acts(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def awake(at: Array, wakes_at: Array) -> Array:
    """Times moved out of the night: what falls between midnight and waking, in WIB, waits until then.

    Args:
        at: epoch seconds.
        wakes_at: seconds after midnight at which each act's account wakes.
    """
    of_day = (at + WIB) % DAY
    moved: Array = at + np.maximum(wakes_at - of_day, 0)
    return moved


def make_world(rng: np.random.Generator, *, accounts: int, posts: int, days: int) -> World:
    """A world of that many accounts and posts over that many days of campaign."""
    kinds = [
        (page_class, name.format(name=pair.name, number=pair.number, short=pair.short), k, weight)
        for k, pair in enumerate(PAIRS)
        for page_class, name, weight in PAGES_OF_A_PAIR
    ] + [("media", name, -1, weight) for name, weight in MEDIA_PAGES]
    rows = [(*kind, platform) for platform in range(len(PLATFORMS)) for kind in kinds]
    page_weight = np.array([weight for _, _, _, weight, _ in rows])
    page_platform = np.array([platform for *_, platform in rows])

    days_at = rng.integers(0, days, posts) * DAY
    hours = rng.choice(np.arange(6, 23), posts, p=_DAY_OF_A_PAGE)
    post_at = CAMPAIGN + days_at + hours * HOUR + rng.integers(0, HOUR, posts)

    account_platform = (rng.random(accounts) >= _SHARE_ON_X).astype(np.int64)
    interest = np.clip(rng.lognormal(-0.9, 0.5, accounts), 0.1, 0.9)
    follows = rng.random((accounts, len(rows))) < interest[:, None] * page_weight
    follows &= account_platform[:, None] == page_platform
    fan = rng.random(accounts) < _SHARE_OF_FANS
    fan[: len(HOSTILE_NAMES)] = False
    return World(
        page_class=[row[0] for row in rows],
        page_name=[row[1] for row in rows],
        page_pair=np.array([row[2] for row in rows]),
        page_platform=page_platform,
        post_page=rng.integers(0, len(rows), posts),
        post_at=np.sort(post_at),
        appeal=np.clip(rng.lognormal(0.0, 0.4, posts), 0.3, 3.0),
        account_platform=account_platform,
        follows=follows,
        activity=np.where(
            fan, rng.uniform(0.3, 0.6, accounts), np.clip(rng.lognormal(-0.95, 0.8, accounts), 0.02, 0.9)
        ),
        fan=fan,
    )


# A page's day from 6 to 22 o'clock: mornings, lunch and evenings.
_DAY_OF_A_PAGE: Final = np.array([2, 4, 5, 4, 3, 3, 5, 5, 3, 2, 3, 4, 5, 7, 7, 5, 2]) / 69
