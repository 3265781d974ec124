"""The layout of paths: from left to right by the steps from where they begin."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from graphwatch.layout.positions import SPACING

if TYPE_CHECKING:
    import networkx as nx

# Room for a name of forty letters beside each other, and for one line below each other.
_ACROSS: Final = 5 * SPACING
_DOWN: Final = 1.5 * SPACING


def steps(graph: "nx.MultiDiGraph[str]", starts: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Coordinates of every node, in pixels, in columns by its distance from the nearest start.

    What cannot be reached stands in a last column. In a column nodes follow those of the column before that they are
    tied to, so that few lines cross (Sugiyama, Tagawa and Toda 1981).

    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph([("b", "p"), ("a", "p")])
    >>> steps(graph, ["a"])
    {'a': (0.0, 0.0), 'p': (200.0, 0.0), 'b': (400.0, 0.0)}
    """
    import networkx as nx

    begin = sorted(node for node in set(starts) if node in graph)
    layers = nx.bfs_layers(graph.to_undirected(as_view=True), begin) if begin else ()
    distance = {node: far for far, layer in enumerate(layers) for node in layer}
    columns: defaultdict[int, list[str]] = defaultdict(list)
    last = max(distance.values(), default=-1) + 1
    for node in sorted(graph):
        columns[distance.get(node, last)].append(node)
    places: dict[str, tuple[float, float]] = {}
    for column in sorted(columns):
        heights = {node: _middle(graph, node, places) for node in columns[column]}
        ordered = sorted(columns[column], key=lambda node: (heights[node], node))
        for row, node in enumerate(ordered):
            places[node] = (column * _ACROSS, (row - (len(ordered) - 1) / 2) * _DOWN)
    return places


def _middle(graph: "nx.MultiDiGraph[str]", node: str, places: dict[str, tuple[float, float]]) -> float:
    """The mean height of the neighbours that have their place; 0 without any."""
    known = [places[other][1] for other in {*graph.predecessors(node), *graph.successors(node)} if other in places]
    return sum(known) / len(known) if known else 0.0
