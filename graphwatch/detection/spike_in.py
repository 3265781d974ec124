"""Spiking: synthetic groups planted into a copy of the interactions, to learn which groups would be found.

The copy lives in memory and nowhere else; nothing that is planted can reach the graph.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from graphwatch.model.tables import InteractionColumns

Codes = npt.NDArray[np.int64]

# The groups of one copy may be so many of the accounts and posts that planting does not change what chance explains.
_ACCOUNTS_SHARE: Final = 0.03
_POSTS_SHARE: Final = 0.25
_GROUPS: Final = 25
# While a post is young everybody acts at once, and the test accuses nobody: groups begin later, where they can.
_LATE_MS: Final = 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Shape:
    """How a group acts: so many members, so many posts, each member on each of them with the chance `joins`.

    `spread_s` is the standard deviation, in seconds, of the members' times on one post.
    """

    size: int
    posts: int
    spread_s: float
    joins: float


@dataclass(frozen=True, slots=True)
class Grounds:
    """Where groups can be planted: accounts that act, and the interactions whose time a group may take over.

    A post here is whatever counts as the object: a post, or a page, link or hashtag.

    Attributes:
        accounts: codes of the accounts with an interaction.
        anchors: rows at which a burst may begin, by object; `starts` says where each object's rows begin.
        starts: positions in `anchors`.
        began_ms: for each row when its post was published, or first acted on where that is unknown.
    """

    accounts: Codes
    anchors: Codes
    starts: Codes
    began_ms: Codes

    @property
    def posts(self) -> int:
        """Posts on which a group can be planted."""
        return len(self.starts)

    def holds(self, shape: Shape) -> bool:
        """Whether such a group fits: half of the accounts and all of the posts are the most it may take."""
        return 2 * shape.size <= len(self.accounts) and shape.posts <= self.posts


@dataclass(frozen=True, slots=True)
class Group:
    """A synthetic group: its members, and its acts as columns of equal length.

    An act is like the interaction at `row`, but of another account at another time.
    """

    members: Codes
    row: Codes
    account: npt.NDArray[np.int32]
    at_ms: Codes


def grounds(columns: InteractionColumns) -> Grounds:
    """What can be planted in: rows of posts at least an hour old, or all rows where no post lives so long."""
    post = columns.post_of_row
    first = np.full(len(columns.published_ms), np.iinfo(np.int64).max)
    np.minimum.at(first, post, columns.at_ms)
    began = np.where(columns.published_ms >= 0, columns.published_ms, first)[post]
    late = np.flatnonzero(columns.at_ms - began >= _LATE_MS)
    rows = late if len(late) else np.arange(len(columns.at_ms))
    # In an order of content, so that the order of loading makes no other draw.
    order = np.lexsort((columns.kind[rows], columns.account[rows], columns.at_ms[rows], columns.object[rows]))
    anchors = rows[order]
    starts = np.flatnonzero(np.diff(columns.object[anchors], prepend=-1))
    return Grounds(np.unique(columns.account).astype(np.int64), anchors, starts, began)


def copies(shapes: list[Shape], ground: Grounds) -> Iterator[list[int]]:
    """Positions of the shapes that are planted together in one copy, in their order.

    A copy takes at most 25 groups, 3 % of the accounts and a quarter of the posts; but always one group.
    """
    most_accounts, most_posts = _ACCOUNTS_SHARE * len(ground.accounts), _POSTS_SHARE * ground.posts
    held: list[int] = []
    accounts = posts = 0
    for position, shape in enumerate(shapes):
        accounts, posts = accounts + shape.size, posts + shape.posts
        if held and (len(held) == _GROUPS or accounts > most_accounts or posts > most_posts):
            yield held
            held, accounts, posts = [], shape.size, shape.posts
        held.append(position)
    if held:
        yield held


def plan(columns: InteractionColumns, ground: Grounds, shapes: list[Shape], rng: np.random.Generator) -> list[Group]:
    """A group of each shape, no two of which share a member or a post.

    Members are drawn from all accounts that act, posts by their number of late interactions. On each post a group takes
    the time and the kind of one interaction that is there, drawn at random, so that it acts when others do; each
    member joins with the shape's chance, at a normally distributed distance from that time.
    """
    sizes, posts = (np.array([getattr(s, name) for s in shapes]) for name in ("size", "posts"))
    members = np.split(rng.permutation(ground.accounts)[: sizes.sum()], np.cumsum(sizes)[:-1])
    bursts = np.split(_bursts(ground, int(posts.sum()), rng), np.cumsum(posts)[:-1])
    return [_group(columns, ground, *each, rng) for each in zip(shapes, members, bursts, strict=True)]


def spike(columns: InteractionColumns, groups: list[Group]) -> InteractionColumns:
    """A copy of the interactions with the groups in it; what a member did alone with a group's post gives way."""
    row, account, at_ms = (np.concatenate([getattr(g, name) for g in groups]) for name in ("row", "account", "at_ms"))
    kept = _not_taken(columns, account, row)
    rows = np.concatenate([kept, row])
    return replace(
        columns,
        object=columns.object[rows],
        kind=columns.kind[rows],
        post=None if columns.post is None else columns.post[rows],
        account=np.concatenate([columns.account[kept], account]),
        at_ms=np.concatenate([columns.at_ms[kept], at_ms]),
    )


def _bursts(ground: Grounds, count: int, rng: np.random.Generator) -> Codes:
    """A row of each of so many distinct posts; posts with more rows are drawn more often."""
    lengths = np.diff(np.append(ground.starts, len(ground.anchors)))
    # Weighted drawing without replacement by exponential keys (Efraimidis and Spirakis 2006).
    post = np.argsort(rng.exponential(size=len(lengths)) / lengths, kind="stable")[:count]
    rows: Codes = ground.anchors[ground.starts[post] + (rng.random(count) * lengths[post]).astype(np.int64)]
    return rows


def _group(
    columns: InteractionColumns, ground: Grounds, shape: Shape, members: Codes, rows: Codes, rng: np.random.Generator
) -> Group:
    burst, member = np.nonzero(rng.random((len(rows), len(members))) < shape.joins)
    row = rows[burst]
    jitter = np.rint(1000 * shape.spread_s * rng.standard_normal(len(row))).astype(np.int64)
    at_ms = np.maximum(columns.at_ms[row] + jitter, ground.began_ms[row])
    return Group(np.sort(members), row, members[member].astype(np.int32), at_ms)


def _not_taken(columns: InteractionColumns, account: npt.NDArray[np.int32], row: Codes) -> Codes:
    """The rows that stay: all but those of a member with a post on which it acts with its group."""
    post = columns.post_of_row
    member = np.zeros(len(columns.accounts), np.bool_)
    member[account] = True
    theirs = np.flatnonzero(member[columns.account])
    keys = columns.account[theirs].astype(np.int64) << 32 | post[theirs]
    kept = np.ones(len(columns.account), np.bool_)
    kept[theirs] = ~np.isin(keys, account.astype(np.int64) << 32 | post[row])
    return np.flatnonzero(kept)
