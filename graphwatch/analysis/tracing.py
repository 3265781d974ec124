"""Trace: how two accounts, pages, posts or agencies are linked; and what is near one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, pairwise

import pyarrow as pa

from graphwatch.analysis.config import Along, NeighboursConfig, TraceConfig
from graphwatch.analysis.paths import Path, Search, TooMany, surroundings
from graphwatch.calendar.timerange import TimeRange
from graphwatch.common.notebook import card
from graphwatch.common.table import Table
from graphwatch.repository.calendars import resolve_range
from graphwatch.repository.resolver import resolve, resolve_many
from graphwatch.repository.runs import resolve_run
from graphwatch.repository.ties import Naming, Node, Tie, Ties, kinds_of, needs_run
from graphwatch.store.workspace import Workspace


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
