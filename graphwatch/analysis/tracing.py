"""All paths between nodes by their length, shortest first, by a search from both ends.

A breadth-first search from either end meets the other in the middle, so that of a graph whose nodes have some hundred
ties each only the surroundings of the two ends are ever read (Pohl 1971).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import chain, islice, pairwise
from typing import Final

import pyarrow as pa

from graphwatch.analysis.config import Along, NeighboursConfig, TraceConfig
from graphwatch.calendar.timerange import TimeRange
from graphwatch.common.table import Table, card
from graphwatch.model.declaring import Key
from graphwatch.repository.calendars import resolve_range
from graphwatch.repository.resolver import resolve, resolve_many
from graphwatch.repository.runs import resolve_run
from graphwatch.repository.ties import Naming, Node, Tie, Ties, kinds_of, needs_run
from graphwatch.store.workspace import Workspace

# Given nodes, every tie from one of them to another node: (the one, the other).
Expand = Callable[[list[Key]], Iterable[tuple[Key, Key]]]
# Given nodes, those of them that are not to be gone through.
Bar = Callable[[Iterable[Key]], set[Key]]


@dataclass(frozen=True, slots=True)
class Path:
    """Nodes in order, each tied to the next, none twice."""

    nodes: tuple[Key, ...]

    @property
    def hops(self) -> int:
        return len(self.nodes) - 1


# Beginnings of paths that are tried for one length before the search says that it stopped.
_MOST_TRIED: Final = 2_000_000


class TooMany(Exception):
    """So many beginnings of paths were tried that the search stopped."""


@dataclass(slots=True)
class _Side:
    """What is known around one end.

    Attributes:
        distance: steps from the end to each node reached; all nodes at most `radius` away are.
        ahead: what comes after a node on paths that are read from start to end: around the start all neighbours of
            the nodes nearer than `radius`, around the end of every node reached those neighbours that are nearer than
            `radius`.
    """

    expand: Expand
    blocked: set[Key]
    distance: dict[Key, int]
    border: list[Key]
    is_start: bool
    ahead: defaultdict[Key, set[Key]] = field(default_factory=lambda: defaultdict(set))
    radius: int = 0

    @classmethod
    def around(cls, ends: Iterable[Key], expand: Expand, blocked: set[Key], *, is_start: bool) -> "_Side":
        border = sorted(ends)
        return cls(expand, blocked, dict.fromkeys(border, 0), border, is_start)

    def step(self) -> None:
        """Reach one step further."""
        found = list(self.expand([node for node in self.border if node not in self.blocked]))
        for one, other in found if self.is_start else map(reversed, found):
            self.ahead[one].add(other)
        reached = {other for _, other in found} - self.distance.keys()
        self.radius += 1
        self.distance |= dict.fromkeys(reached, self.radius)
        self.border = list(reached)


class Search:
    """Paths from any of some nodes to any of some others.

    Args:
        bar: of some nodes those that paths do not go through; asked of nodes before they are gone through.

    >>> ties = {("N", "a"): ["b", "c"], ("N", "b"): ["a", "d"], ("N", "c"): ["a", "d"], ("N", "d"): ["b", "c"]}
    >>> expand = lambda nodes: [(n, Key("N", other)) for n in nodes for other in ties[n]]
    >>> search = Search([Key("N", "a")], [Key("N", "d")], expand)
    >>> search.shortest(4), [[n.id for n in path.nodes] for path in search.paths(2)]
    (2, [['a', 'b', 'd'], ['a', 'c', 'd']])
    """

    def __init__(self, starts: Iterable[Key], ends: Iterable[Key], expand: Expand, *, bar: Bar | None = None) -> None:
        self._bar, self._blocked, self._asked = bar, set[Key](), set[Key]()
        self._start = _Side.around(starts, expand, self._blocked, is_start=True)
        self._end = _Side.around(ends, expand, self._blocked, is_start=False)

    def shortest(self, most: int) -> int | None:
        """The number of hops of the shortest paths; None where there is none of at most `most` hops."""
        for hops in range(most + 1):
            self._reach(hops)
            if self._met() - self._blocked:
                return hops
            if not (self._start.border and self._end.border):
                return None
        return None

    @property
    def seen(self) -> int:
        """Nodes that were looked at."""
        return len(self._start.distance.keys() | self._end.distance.keys())

    def paths(self, hops: int) -> Iterator[Path]:
        """All paths of exactly so many hops, in the order of their nodes.

        Raises:
            TooMany: there are so many beginnings of paths that the search stopped.
        """
        self._reach(hops)
        tried = 0
        starts = sorted(node for node, far in self._start.distance.items() if far == 0)
        stack: list[tuple[Key, ...]] = [(node,) for node in reversed(starts)]
        while stack:
            tried += 1
            if tried > _MOST_TRIED:
                raise TooMany
            path = stack.pop()
            if len(path) - 1 == hops:
                if self._end.distance.get(path[-1]) == 0:
                    yield Path(path)
                continue
            stack.extend((*path, node) for node in self._onwards(path, hops))

    def _reach(self, hops: int) -> None:
        """Make the two radii together at least `hops`, from the side where less is to be read."""
        while self._start.radius + self._end.radius < hops:
            sides = [side for side in (self._start, self._end) if side.border]
            if not sides:
                return
            nearest = min(sides, key=lambda side: len(side.border))
            self._check(nearest.border)
            nearest.step()
        self._check(self._met())

    def _met(self) -> set[Key]:
        """The nodes that were reached from both sides."""
        return self._start.distance.keys() & self._end.distance.keys()

    def _check(self, nodes: Iterable[Key]) -> None:
        """Learn which of the nodes are barred."""
        if self._bar is not None:
            new = set(nodes) - self._asked
            self._asked.update(new)
            self._blocked |= self._bar(new) if new else set()

    def _onwards(self, path: tuple[Key, ...], hops: int) -> list[Key]:
        """The nodes that can come next on a path of so many hops, the last first."""
        left = hops - len(path)
        side = self._start if len(path) <= self._start.radius else self._end
        farthest = self._end.radius
        # A node that the search from the end has not reached is farther away than its radius.
        return sorted(
            (
                node
                for node in side.ahead.get(path[-1], ())
                if self._end.distance.get(node, farthest + 1) <= left and node not in path and node not in self._blocked
            ),
            reverse=True,
        )


@dataclass(frozen=True, slots=True)
class Ego:
    """What is near a node.

    Attributes:
        distance: steps from the node to each one that was kept, nearest first.
        ties: pairs of kept nodes that are tied, each once.
        left_out: how many nodes of each label were found and not kept.
    """

    distance: dict[Key, int]
    ties: list[tuple[Key, Key]]
    left_out: dict[str, int]


def surroundings(node: Key, depth: int, most: int, expand: Expand) -> Ego:
    """The nodes at most `depth` steps away, at most `most` of them.

    Where a step finds more than there is room for, those with the most ties to nodes kept before stay, equals by
    label and id; from the others the search does not go on.

    >>> ties = {"a": ["b", "c"], "b": ["a", "c"], "c": ["a", "b", "d"], "d": ["c"]}
    >>> near = surroundings(Key("N", "a"), 2, 3, lambda nodes: [(n, Key("N", o)) for n in nodes for o in ties[n.id]])
    >>> [n.id for n in near.distance], near.left_out
    (['a', 'b', 'c'], {'N': 1})
    """
    distance, border, left_out = {node: 0}, [node], Counter[str]()
    ties: set[tuple[Key, Key]] = set()
    for step in range(1, depth + 1):
        seen = list(expand(border))
        found = Counter(other for _, other in seen if other not in distance)
        room = max(0, most - len(distance))
        kept = nsmallest(room, found, key=lambda other: (-found[other], other))
        left_out.update(other.label for other in found.keys() - set(kept))
        border = sorted(kept)
        distance |= dict.fromkeys(border, step)
        among = (tie for tie in seen if tie[0] in distance and tie[1] in distance)
        ties |= {(one, other) if one < other else (other, one) for one, other in among}
        if not border:
            break
    return Ego(distance, sorted(ties), dict(left_out))


@dataclass(frozen=True, slots=True)
class Hop:
    """From one node to the next, and every relation that makes the step."""

    start: Node
    end: Node
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class Traced:
    """How the starts and ends are linked.

    Attributes:
        starts, ends: what was asked about.
        paths: each a sequence of hops, shortest first, then in the order of their nodes.
        hops: of the shortest paths; None where there is none.
        more: whether there are more paths of these lengths than were asked for.
        farthest: hops up to which was searched.
        seen: nodes that were looked at.
        kinds: relations that were gone along.
        during: when interactions were to be.
        hubs: nodes that were not gone through because they have too many ties.
    """

    starts: tuple[Node, ...]
    ends: tuple[Node, ...]
    paths: tuple[tuple[Hop, ...], ...]
    hops: int | None
    more: bool
    farthest: int
    seen: int
    kinds: tuple[str, ...]
    during: TimeRange
    hubs: tuple[Node, ...] = field(default=())

    def _repr_html_(self) -> str:
        ways = ((f"{len(path)} hops", " – ".join(_nodes_of(path))) for path in self.paths)
        found = f"{self.seen:,} nodes were looked at" + ("; there are more paths" if self.more else "")
        none = "" if self.paths else f"no path of up to {self.farthest} hops; "
        return card("paths", ways, none + found)


def _nodes_of(path: tuple[Hop, ...]) -> list[str]:
    return [hop.start.called for hop in path[:1]] + [hop.end.called for hop in path]


def trace(workspace: Workspace, starts: str | Sequence[str], ends: str | Sequence[str], config: TraceConfig) -> Traced:
    """How two nodes are linked; see `Project.trace`."""
    chosen, during = _along(workspace, config)
    with workspace.store.session():
        begin, end = resolve_many(workspace, starts), resolve_many(workspace, ends)
        asked = resolve_run(workspace, config.run) if needs_run(chosen) else None
        ties = Ties(workspace, chosen, during, asked, config.max_degree, frozenset((*begin, *end)))
        search = Search(begin, end, ties, bar=ties.blocked)
        hops = search.shortest(config.max_hops)
        found, more = ([], False) if hops is None else _found(search, hops, config)
        name = Naming(workspace)
        name.learn(key for path in found for key in path.nodes)
        name.learn((*begin, *end, *ties.hubs))
        return Traced(
            starts=tuple(map(name, begin)),
            ends=tuple(map(name, end)),
            paths=_described(found, ties, name),
            hops=hops,
            more=more,
            farthest=config.max_hops,
            seen=search.seen,
            kinds=chosen,
            during=during,
            hubs=tuple(map(name, sorted(ties.hubs))),
        )


def neighbours(workspace: Workspace, node: str, config: NeighboursConfig) -> Table:
    """What is near a node; see `Project.neighbours`."""
    chosen, during = _along(workspace, config)
    with workspace.store.session():
        center = resolve(workspace, node)
        asked = resolve_run(workspace, config.run) if needs_run(chosen) else None
        near = surroundings(center, config.depth, config.max_nodes, Ties(workspace, chosen, during, asked, 0))
        name = Naming(workspace)
        name.learn(near.distance)
    tied = Counter(chain.from_iterable(near.ties))
    rows = [
        {"distance": far, "label": key.label, "id": key.id, "called": name(key).called, "ties": tied[key]}
        for key, far in near.distance.items()
    ]
    names = [("distance", pa.int64()), *((n, pa.string()) for n in ("label", "id", "called")), ("ties", pa.int64())]
    return Table(pa.Table.from_pylist(rows, schema=pa.schema(names)), left_out=dict(sorted(near.left_out.items())))


def _along(workspace: Workspace, config: Along) -> tuple[tuple[str, ...], TimeRange]:
    """Relations that may be gone along, and when their interactions are to be."""
    during = resolve_range(workspace, config.from_, config.to, config.phase, config.calendar)
    return kinds_of(config.kinds, config.not_kinds), during


def _found(search: Search, shortest: int, config: TraceConfig) -> tuple[list[Path], bool]:
    """As many paths as are wanted, and whether there are more."""
    found: list[Path] = []
    for hops in range(shortest, min(shortest + config.longer, config.max_hops) + 1):
        try:
            found += islice(search.paths(hops), config.limit + 1 - len(found))
        except TooMany:
            return found[: config.limit], True
        if len(found) > config.limit:
            return found[: config.limit], True
    return found, False


def _described(paths: list[Path], ties: Ties, name: Naming) -> tuple[tuple[Hop, ...], ...]:
    steps = ties.between({step for path in paths for step in pairwise(path.nodes)})
    hops = {
        (one, other): Hop(name(one), name(other), tuple(map(name.tie, rows))) for (one, other), rows in steps.items()
    }
    return tuple(tuple(hops[step] for step in pairwise(path.nodes)) for path in paths)
