"""Spiking: where synthetic groups can act, whom they are made of, and what they then do.

Groups are planted into a copy that lives in memory and nowhere else; nothing that is planted can reach the graph.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int64]
# The groups of one copy may be so many of the accounts and posts that planting does not change what chance explains.
_ACCOUNTS_SHARE: Final = 0.03
_POSTS_SHARE: Final = 0.25
_GROUPS: Final = 25


class Age(NamedTuple):
    """How old posts are when a group acts on them: from `since_s` on, until `until_s` seconds after publication."""

    since_s: float
    until_s: float | None = None


# In the first minutes everybody acts at once, and the test accuses nobody; an hour later it sees most.
LATER: Final = Age(3_600.0)
AGES: Final = (LATER, Age(300.0, 3_600.0), Age(0.0, 300.0))


@dataclass(frozen=True, slots=True)
class Shape:
    """How a group acts: so many members, so many posts, each member on each of them with the chance `joins`."""

    size: int
    posts: int
    joins: float


@dataclass(frozen=True, slots=True)
class Group:
    """A synthetic group: its members, and its acts as columns of equal length.

    An act is like the one at `row`, but of another account, at another time; those of one burst have one `burst`.
    """

    members: Codes
    row: Codes
    account: npt.NDArray[np.int32]
    at_ms: Codes
    burst: Codes


@dataclass(frozen=True, slots=True)
class Ground:
    """Where groups can be planted: whom they are made of, and the acts whose place a group may take over.

    A post here is whatever counts as the object: a post, page, link, hashtag or text.

    Attributes:
        members: codes of the accounts of which groups are made.
        accounts: how many accounts act.
        anchors: rows at which a burst may begin, by object; `starts` says where each object's rows begin.
        starts: positions in `anchors`.
        times: when a group acts that takes over these rows, epoch milliseconds; it may draw.
    """

    members: Codes
    accounts: int
    anchors: Codes
    starts: Codes
    times: Callable[[Codes, np.random.Generator], Codes]

    @property
    def posts(self) -> int:
        """Posts on which a group can be planted."""
        return len(self.starts)

    def holds(self, shape: Shape) -> bool:
        """Whether such a group fits: half of the accounts and all of the posts are the most it may take."""
        return 2 * shape.size <= self.accounts and shape.size <= len(self.members) and shape.posts <= self.posts

    def copies(self, shapes: Sequence[Shape]) -> Iterator[list[int]]:
        """Positions of the shapes that are planted together in one copy, in their order.

        A copy takes at most 25 groups, 3 % of the accounts, half of those of which groups are made, and a quarter of
        the posts; but always one group.
        """
        most_accounts = min(_ACCOUNTS_SHARE * self.accounts, len(self.members) / 2)
        most_posts = _POSTS_SHARE * self.posts
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

    def plan(self, shapes: Sequence[Shape], rng: np.random.Generator) -> list[Group]:
        """A group of each shape, no two of which share a member or a post.

        Members are drawn from those of whom groups are made, posts by their number of acts. On each post a group takes
        the place of one act that is there, drawn at random, so that it acts when others do; each member joins with the
        shape's chance.
        """
        sizes, posts = (np.array([getattr(s, name) for s in shapes]) for name in ("size", "posts"))
        members = np.split(rng.permutation(self.members)[: sizes.sum()], np.cumsum(sizes)[:-1])
        bursts = np.split(self._bursts(int(posts.sum()), rng), np.cumsum(posts)[:-1])
        return [self._group(*each, rng) for each in zip(shapes, members, bursts, strict=True)]

    def _bursts(self, count: int, rng: np.random.Generator) -> Codes:
        """A row of each of so many distinct posts; posts with more rows are drawn more often."""
        lengths = np.diff(np.append(self.starts, len(self.anchors)))
        # Weighted drawing without replacement by exponential keys (Efraimidis and Spirakis 2006).
        post = np.argsort(rng.exponential(size=len(lengths)) / lengths, kind="stable")[:count]
        rows: Codes = self.anchors[self.starts[post] + (rng.random(count) * lengths[post]).astype(np.int64)]
        return rows

    def _group(self, shape: Shape, members: Codes, rows: Codes, rng: np.random.Generator) -> Group:
        burst, member = np.nonzero(rng.random((len(rows), len(members))) < shape.joins)
        row = rows[burst]
        return Group(np.sort(members), row, members[member].astype(np.int32), self.times(row, rng), row)


def laid_out(rows: Codes, object: npt.NDArray[np.integer], *others: npt.NDArray[np.integer]) -> tuple[Codes, Codes]:
    """The rows by object, and where each object's rows begin; so that the order of loading makes no other draw.

    Args:
        rows: positions.
        object: of each row that there is.
        others: what else tells rows of one object apart, the most telling last.
    """
    order = np.lexsort((*(of[rows] for of in others), object[rows]))
    anchors = rows[order]
    return anchors, np.flatnonzero(np.diff(object[anchors], prepend=-1))
