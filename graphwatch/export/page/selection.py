"""Which nodes a view holds when there are more than a reader can take in."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from graphwatch.export.layout.clusters import clusters_of, ties
from graphwatch.model import NODES

if TYPE_CHECKING:
    import networkx as nx

_USUAL: Final = ("Account", "Post", "Page", "Paslon")
# What stands in a drawing as a node; a cluster is drawn around its members.
DRAWN: Final = (*_USUAL, *(node.label for node in NODES if node.label not in (*_USUAL, "Cluster")))


@dataclass(frozen=True, slots=True)
class Selection:
    """The part of a network that a view holds.

    Attributes:
        graph: copy of the input with the kept nodes and clusters.
        total: drawn nodes of the input.
        left_out: how many drawn nodes are missing, by label.
        clusters_left_out: clusters that did not fit as a whole.
    """

    graph: "nx.MultiDiGraph[str]"
    total: int
    left_out: dict[str, int]
    clusters_left_out: int


def select(graph: "nx.MultiDiGraph[str]", max_nodes: int) -> Selection:
    """At most `max_nodes` nodes: whole clusters, what ties them, then the heaviest pairs, their posts, their pages.

    Args:
        graph: a network as the exports take it.
        max_nodes: largest number of drawn nodes; clusters do not count.
    """
    drawn = [node for node, label in graph.nodes(data="label") if label in DRAWN]
    clusters = clusters_of(graph)
    kept: dict[str, None] = {}
    if len(drawn) <= max_nodes:
        kept = dict.fromkeys(drawn)
    else:
        for members in clusters.values():
            _add_whole(kept, members, max_nodes)
        _add_each(kept, [node for node in ties(graph, kept) if node not in kept], max_nodes)
        for one, two in _heaviest_pairs(graph):
            _add_whole(kept, (one, two), max_nodes)
        for labels in (("Post",), ("Page",), ("Paslon",), ("Account",), DRAWN):
            _add_each(kept, _most_linked(graph, kept, labels), max_nodes)
    whole = [cluster for cluster, members in clusters.items() if all(m in kept for m in members)]
    missing = Counter(graph.nodes[node]["label"] for node in drawn if node not in kept)
    return Selection(_part(graph, {*kept, *whole}), len(drawn), dict(missing), len(clusters) - len(whole))


def _part(graph: "nx.MultiDiGraph[str]", keep: set[str]) -> "nx.MultiDiGraph[str]":
    # networkx's own views of a part are slow to look into, and their order changes from one start to the next.
    part = graph.__class__(**graph.graph)
    part.add_nodes_from((node, data) for node, data in graph.nodes(data=True) if node in keep)
    part.add_edges_from(
        (start, end, key, data)
        for start, end, key, data in graph.edges(keys=True, data=True)
        if start in keep and end in keep
    )
    return part


def _heaviest_pairs(graph: "nx.MultiDiGraph[str]") -> list[tuple[str, str]]:
    pairs: list[tuple[Any, ...]] = [
        (-(attributes.get("n") or 0), start, end)
        for start, end, attributes in graph.edges(data=True)
        if attributes["type"] == "CO_INTERACTED"
    ]
    return [(start, end) for _, start, end in sorted(pairs)]


def _most_linked(graph: "nx.MultiDiGraph[str]", kept: dict[str, None], labels: tuple[str, ...]) -> list[str]:
    links = Counter(end if start in kept else start for start, end in graph.edges() if (start in kept) != (end in kept))
    candidates = [n for n, label in graph.nodes(data="label") if label in labels and n not in kept]
    return sorted(candidates, key=lambda node: (-links[node], node))


def _add_whole(kept: dict[str, None], nodes: Iterable[str], most: int) -> None:
    new = [node for node in nodes if node not in kept]
    if len(kept) + len(new) <= most:
        kept.update(dict.fromkeys(new))


def _add_each(kept: dict[str, None], nodes: list[str], most: int) -> None:
    kept.update(dict.fromkeys(nodes[: max(0, most - len(kept))]))
