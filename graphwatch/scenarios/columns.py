"""The flat tables of a synthetic election, in the columns that loading understands."""

from typing import TYPE_CHECKING, Any

import numpy as np

from graphwatch.scenarios.names import (
    AGENCIES,
    CONTEST,
    FAMILY_NAMES,
    GIVEN_NAMES,
    HASHTAGS,
    HOSTILE_NAMES,
    PAIRS,
    REGION,
    TEXTS,
    VILLAGES,
)
from graphwatch.scenarios.world import KINDS, PLATFORMS, WIB, Acts, Array, World

if TYPE_CHECKING:
    import pyarrow as pa

_PLATFORMS = np.array(PLATFORMS)
# The first accounts carry a hostile handle besides a hostile display name.
_HOSTILE_HANDLES = 3


def written(at: Array) -> Array:
    """Epoch seconds as ISO 8601 in WIB.

    >>> written(np.array([0])).tolist()
    ['1970-01-01T07:00:00+07:00']
    """
    local = np.datetime_as_string((at + WIB).astype("datetime64[s]"))
    return np.char.add(local, "+07:00")


def account_ids(world: World) -> Array:
    """Native ids: digits, unlike those of posts and pages."""
    count = len(world.account_platform)
    return np.char.add("7", np.char.zfill((np.arange(count) * 7_919 + 104_729).astype(str), 12))


def _post_ids(world: World) -> Array:
    return np.char.add("18", np.char.zfill((np.arange(len(world.post_at)) * 104_729 + 7_919).astype(str), 14))


def _page_ids(world: World) -> Array:
    return np.char.add("9", np.char.zfill(np.arange(len(world.page_pair)).astype(str), 8))


def _slug(text: str) -> str:
    return "".join(c for c in text.lower() if c.isascii() and c.isalnum())


def paslon_of() -> "pa.Table":
    """One row a pair."""
    import pyarrow as pa

    rows = [{"paslon": p.id, "number": p.number, "name": p.name, "contest": CONTEST, "region": REGION} for p in PAIRS]
    return pa.Table.from_pylist(rows)


def pages_of(world: World) -> "pa.Table":
    """One row a page."""
    import pyarrow as pa

    platform = _PLATFORMS[world.page_platform]
    return pa.table(
        {
            "page": _page_ids(world),
            "platform": platform,
            "handle": [f"{_slug(n)[:24]}_{p[:2]}" for n, p in zip(world.page_name, platform, strict=True)],
            "name": world.page_name,
            "url": [f"https://{p}.example/{i}" for p, i in zip(platform, _page_ids(world), strict=True)],
            "registered": [c in ("official", "campaign_team") for c in world.page_class],
            "class": world.page_class,
            "paslon": [PAIRS[k].id if k >= 0 else None for k in world.page_pair],
        }
    )


def posts_of(world: World, rng: np.random.Generator) -> "pa.Table":
    """One row a post."""
    import pyarrow as pa

    count = len(world.post_at)
    ids = _post_ids(world)
    platform = _PLATFORMS[world.page_platform[world.post_page]]
    drawn = zip(*(rng.integers(0, len(n), count).tolist() for n in (TEXTS, VILLAGES, AGENCIES, HASHTAGS)), strict=True)
    texts = [(TEXTS[t].format(village=VILLAGES[v], agency=AGENCIES[a]), HASHTAGS[h]) for t, v, a, h in drawn]
    return pa.table(
        {
            "post": ids,
            "platform": platform,
            "page": _page_ids(world)[world.post_page],
            "url": [f"https://{p}.example/status/{i}" for p, i in zip(platform, ids, strict=True)],
            "text": [f"{text} #{tag}" for text, tag in texts],
            "at": written(world.post_at),
            "hashtags": [tag for _, tag in texts],
        }
    )


def people_of(world: World, rng: np.random.Generator) -> tuple[Array, Array]:
    """Handles and display names of the accounts."""
    count = len(world.account_platform)
    given = np.array(GIVEN_NAMES)[rng.integers(0, len(GIVEN_NAMES), count)]
    family = np.array(FAMILY_NAMES)[rng.integers(0, len(FAMILY_NAMES), count)]
    names = np.char.add(np.char.add(given, " "), family).astype(object)
    lower = np.char.add(np.char.add(np.char.lower(given), "_"), np.char.lower(family))
    handles = np.char.add(lower, np.char.zfill(np.arange(count).astype(str), 3)).astype(object)
    hostile = min(count, len(HOSTILE_NAMES))
    names[:hostile] = HOSTILE_NAMES[:hostile]
    handles[: min(count, _HOSTILE_HANDLES)] = HOSTILE_NAMES[: min(count, _HOSTILE_HANDLES)]
    return handles, names


def interactions_of(world: World, acts: Acts, handles: Array, names: Array) -> "pa.Table":
    """One row an interaction, in order of time, those without a time last."""
    import pyarrow as pa

    order = np.lexsort((acts.kind, acts.post, acts.account, np.where(acts.timed, acts.at, np.iinfo(np.int64).max)))
    acts = acts.where(order)
    content = np.char.add("55", np.char.zfill(np.arange(len(order)).astype(str), 12))

    def taken(values: Any, positions: Array) -> "pa.Array":
        return pa.array(values).take(pa.array(positions))

    return pa.table(
        {
            "account": taken(account_ids(world), acts.account),
            "account_handle": taken(handles, acts.account),
            "account_name": taken(names, acts.account),
            "object": taken(_post_ids(world), acts.post),
            "kind": taken(list(KINDS), acts.kind),
            "platform": taken(list(PLATFORMS), world.account_platform[acts.account]),
            "at": pa.array(written(acts.at), mask=~acts.timed),
            "content_id": pa.array(content, mask=acts.kind == KINDS.index("LIKED")),
            "page": taken(_page_ids(world), world.post_page[acts.post]),
        }
    )
