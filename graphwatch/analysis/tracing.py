"""Trace: how two accounts, pages, posts or agencies are linked; and what is near one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, pairwise
from typing import Final

import pyarrow as pa

from graphwatch.analysis.paths import Path, Search, TooMany, surroundings
from graphwatch.calendar.timerange import Moment, TimeRange
from graphwatch.common.notebook import card
from graphwatch.common.table import Table
from graphwatch.errors import UsageError
from graphwatch.repository.calendars import resolve_range
from graphwatch.repository.resolver import resolve, resolve_many
from graphwatch.repository.runs import LATEST, resolve_run
from graphwatch.repository.ties import Naming, Node, Tie, Ties, kinds_of, needs_run
from graphwatch.store.workspace import Workspace

MOST_HOPS: Final = 6
_FARTHEST: Final = 12
PATHS: Final = 20
# A post with more ties than that links everybody with everybody.
HUB: Final = 10_000
NEIGHBOURS: Final = 200


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


def trace(
    workspace: Workspace,
    starts: str | Sequence[str],
    ends: str | Sequence[str],
    *,
    kinds: Sequence[str] = (),
    not_kinds: Sequence[str] = (),
    from_: Moment | None = None,
    to: Moment | None = None,
    phase: str | None = None,
    calendar: str | None = None,
    max_hops: int = MOST_HOPS,
    longer: int = 0,
    limit: int = PATHS,
    max_degree: int = HUB,
    run: str = LATEST,
) -> Traced:
    """How two nodes are linked: all shortest paths, and on request the next longer ones.

    Args:
        starts, ends: an id, handle, name, address or pseudonym each, or several of them.
        kinds, not_kinds: relations to go along, and not to; what people did and what is on record when left out.
        from_, to, phase, calendar: only interactions of that time, see `Project.resolve_range`.
        max_hops: the longest path that is looked for, up to 12.
        longer: also paths of up to so many hops more than the shortest.
        limit: the most paths that are given.
        max_degree: nodes with more ties are not gone through; 0 for no limit.
        run: whose pairs and clusters count, where CO_INTERACTED or MEMBER_OF is among the kinds.

    Raises:
        NothingFound: nothing is called so.
        UsageError: several are, or an argument is out of its range.
    """
    _in_range(max_hops, longer, limit, max_degree)
    chosen, during = kinds_of(kinds, not_kinds), resolve_range(workspace, from_, to, phase, calendar)
    with workspace.store.session():
        begin, end = resolve_many(workspace, starts), resolve_many(workspace, ends)
        asked = resolve_run(workspace, run) if needs_run(chosen) else None
        ties = Ties(workspace, chosen, during, asked, max_degree, frozenset((*begin, *end)))
        search = Search(begin, end, ties, bar=ties.blocked)
        hops = search.shortest(max_hops)
        found, more = ([], False) if hops is None else _found(search, hops, min(hops + longer, max_hops), limit)
        name = Naming(workspace)
        name.learn(key for path in found for key in path.nodes)
        name.learn((*begin, *end, *ties.hubs))
        return Traced(
            starts=tuple(map(name, begin)),
            ends=tuple(map(name, end)),
            paths=_described(found, ties, name),
            hops=hops,
            more=more,
            farthest=max_hops,
            seen=search.seen,
            kinds=chosen,
            during=during,
            hubs=tuple(map(name, sorted(ties.hubs))),
        )


def neighbours(
    workspace: Workspace,
    node: str,
    *,
    depth: int = 2,
    max_nodes: int = NEIGHBOURS,
    kinds: Sequence[str] = (),
    not_kinds: Sequence[str] = (),
    from_: Moment | None = None,
    to: Moment | None = None,
    phase: str | None = None,
    calendar: str | None = None,
    run: str = LATEST,
) -> Table:
    """What is near a node: its ego network, with a guard on its size.

    Args:
        node: an id, handle, name, address or pseudonym.
        depth: steps away, from 1 to 12.
        max_nodes: the most that are kept; those with most ties stay.
        kinds, not_kinds, from_, to, phase, calendar, run: as for `trace`.

    Returns:
        distance, label, id, called, ties (to other kept nodes), nearest first; `Table.left_out` says how many nodes
        of each label were found and not kept.

    Raises:
        NothingFound: nothing is called so.
        UsageError: several are, or an argument is out of its range.
    """
    if not 1 <= depth <= _FARTHEST or max_nodes < 1:
        raise UsageError(
            f"a depth of {depth} and at most {max_nodes} nodes are nothing to look at",
            remedy=f"Give --depth from 1 to {_FARTHEST} and --max-nodes from 1.",
        )
    chosen, during = kinds_of(kinds, not_kinds), resolve_range(workspace, from_, to, phase, calendar)
    with workspace.store.session():
        center = resolve(workspace, node)
        asked = resolve_run(workspace, run) if needs_run(chosen) else None
        near = surroundings(center, depth, max_nodes, Ties(workspace, chosen, during, asked, 0))
        name = Naming(workspace)
        name.learn(near.distance)
    tied = Counter(chain.from_iterable(near.ties))
    rows = [
        {"distance": far, "label": key.label, "id": key.id, "called": name(key).called, "ties": tied[key]}
        for key, far in near.distance.items()
    ]
    names = [("distance", pa.int64()), *((n, pa.string()) for n in ("label", "id", "called")), ("ties", pa.int64())]
    return Table(pa.Table.from_pylist(rows, schema=pa.schema(names)), left_out=dict(sorted(near.left_out.items())))


def _in_range(max_hops: int, longer: int, limit: int, max_degree: int) -> None:
    if not 1 <= max_hops <= _FARTHEST:
        raise UsageError(f"{max_hops} hops are not from 1 to {_FARTHEST}", remedy=f"Give --max-hops {MOST_HOPS}.")
    if longer < 0 or max_degree < 0 or limit < 1:
        raise UsageError("--longer and --max-degree are at least 0, and --limit at least 1")


def _found(search: Search, shortest: int, longest: int, limit: int) -> tuple[list[Path], bool]:
    """At most `limit` paths, and whether there are more."""
    found: list[Path] = []
    for hops in range(shortest, longest + 1):
        try:
            found += islice(search.paths(hops), limit + 1 - len(found))
        except TooMany:
            return found[:limit], True
        if len(found) > limit:
            return found[:limit], True
    return found, False


def _described(paths: list[Path], ties: Ties, name: Naming) -> tuple[tuple[Hop, ...], ...]:
    steps = ties.between({step for path in paths for step in pairwise(path.nodes)})
    hops = {
        (one, other): Hop(name(one), name(other), tuple(map(name.tie, rows))) for (one, other), rows in steps.items()
    }
    return tuple(tuple(hops[step] for step in pairwise(path.nodes)) for path in paths)
