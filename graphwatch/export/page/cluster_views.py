"""The clusters of a page: their discs, the pages behind the posts that tie them, and their bursts."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from graphwatch.common.sanitize import NAME_LENGTH, plain, plain_value
from graphwatch.export.graphs import name_in
from graphwatch.export.layout.clusters import Burst, bursts_of, clusters_of, tying_posts
from graphwatch.export.page.model import BurstView, ClusterView, Facts, SourceView
from graphwatch.export.rows import colour_of
from graphwatch.model import Element, node

if TYPE_CHECKING:
    import networkx as nx

Places = Mapping[str, tuple[float, float]]

# Between the outermost member and the line around the disc.
_MARGIN: Final = 28.0


def ranked(graph: "nx.MultiDiGraph[str]") -> dict[int, tuple[str, list[str]]]:
    """The clusters with their members, by number."""
    found = enumerate(clusters_of(graph).items(), 1)
    return {graph.nodes[cluster].get("number") or rank: (cluster, members) for rank, (cluster, members) in found}


def cluster_views(
    graph: "nx.MultiDiGraph[str]",
    clusters: Mapping[int, tuple[str, list[str]]],
    index: Mapping[str, int],
    edges: Mapping[str, int],
    places: Places,
) -> list[ClusterView]:
    """All clusters, ranked; `index` has the number of every node of the drawing, `edges` of every relation."""
    posts, bursts = tying_posts(graph), bursts_of(graph)
    return [
        ClusterView(
            number=number,
            colour=colour_of(number),
            **_disc(places[name], [places[member] for member in members]),
            members=[index[member] for member in members],
            pages=_pages(graph, posts[name], index),
            bursts=sorted(
                _bursts(graph, bursts[name], index, edges), key=lambda burst: (-burst.members, burst.first, burst.size)
            ),
            kept=bool(bursts[name]),
            facts=facts_of(graph.nodes[name], node("Cluster"), hidden=("id", "run", "number")),
        )
        for number, (name, members) in clusters.items()
    ]


def facts_of(attributes: Mapping[str, Any], declared: Element, *, hidden: Iterable[str] = ()) -> Facts:
    """Declared properties in the model's order, cleaned; absent and undeclared ones are not there."""
    values = {p.name: plain_value(attributes.get(p.name)) for p in declared.properties if p.name not in hidden}
    return {name: value for name, value in values.items() if value is not None and value != []}


def _disc(middle: tuple[float, float], members: Iterable[tuple[float, float]]) -> dict[str, float]:
    x, y = middle
    radius = max((math.hypot(p[0] - x, p[1] - y) for p in members), default=0.0) + _MARGIN
    return {"x": round(x, 1), "y": round(y, 1), "radius": round(radius, 1)}


def _pages(graph: "nx.MultiDiGraph[str]", posts: Iterable[str], index: Mapping[str, int]) -> list[SourceView]:
    counts = Counter(
        page for post in posts for page, _, type in graph.in_edges(post, data="type") if type == "PUBLISHED"
    )
    ordered = sorted(counts, key=lambda page: (-counts[page], page))
    return [SourceView(index[page], counts[page]) for page in ordered if page in index]


def _bursts(
    graph: "nx.MultiDiGraph[str]", bursts: Iterable[Burst], index: Mapping[str, int], edges: Mapping[str, int]
) -> Iterator[BurstView]:
    """Those of which the drawing has an interaction."""
    for burst in bursts:
        actions = [edges[id] for id in burst.get("interactions") or () if id in edges]
        if not actions:
            continue
        object, kind = burst.get("object"), burst["object_kind"]
        where = None if object is None else index.get(name_in(graph, kind.capitalize(), object))
        yield BurstView(
            object=where,
            name=None if object is None or where is not None else plain(object, NAME_LENGTH),
            kind=kind,
            members=burst["members"],
            first=burst["first_ms"],
            last=burst["last_ms"],
            size=burst["size"],
            actions=actions,
        )
