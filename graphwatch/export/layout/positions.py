"""The two-level layout: each group inside a disc of its own, the discs apart from each other."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from graphwatch.export.layout.discs import fill_disc, pack_discs, surround_disc
from graphwatch.export.layout.groups import Group, groups_of

if TYPE_CHECKING:
    import networkx as nx

# Pixels between neighbouring nodes at a zoom of one.
SPACING: Final = 40.0
# Room between discs, in spacings: enough for the name of a cluster above its disc.
_MARGIN: Final = 1.4
# Of paths: room for a name of forty letters beside each other, and for one line below each other.
_ACROSS: Final = 5 * SPACING
_DOWN: Final = 1.5 * SPACING


def positions(graph: "nx.MultiDiGraph[str]") -> dict[str, tuple[float, float]]:
    """Coordinates of every node, in pixels, the same at every call and for every order of nodes.

    Members of a cluster fill a disc; posts and pages that mostly that cluster acted on stand around it;
    everything else is gathered around its busiest neighbour, near the clusters it has to do with. A node of
    a cluster itself stands in the middle of its members.

    Plain force layouts do not separate clusters at some thousand nodes and need minutes; this needs well
    under a second, since forces act inside a disc only.

    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("x:1", label="Account")
    >>> positions(graph)
    {'x:1': (0.0, 0.0)}
    """
    groups = groups_of(graph)
    if not groups:
        return {}
    inside = [_places_in(group, graph) for group in groups]
    radii = np.array([_radius(places) for places in inside]) + _MARGIN * SPACING / 2
    centres = pack_discs(radii, _links_between(groups, graph))
    found: dict[str, tuple[float, float]] = {}
    for group, places, centre in zip(groups, inside, centres, strict=True):
        for node, place in zip(group.core + group.rim, places + centre, strict=True):
            found[node] = (round(float(place[0]), 1), round(float(place[1]), 1))
        if group.cluster is not None:
            found[group.cluster] = (round(float(centre[0]), 1), round(float(centre[1]), 1))
    return found


def _places_in(group: Group, graph: "nx.MultiDiGraph[str]") -> npt.NDArray[np.float64]:
    """Places of the core, then of the rim, around (0, 0); shape (nodes, 2)."""
    index = {node: i for i, node in enumerate(group.core)}
    weights = np.zeros((len(index), len(index))) if group.linked else None
    if weights is not None:
        for start, end, attributes in graph.out_edges(group.core, data=True):
            if end in index and start != end:
                weight = 1.0 + np.log(max(1, attributes.get("n") or 1))
                weights[index[start], index[end]] = weights[index[end], index[start]] = weight
    core = fill_disc(len(index), weights, SPACING)
    toward = np.zeros((len(group.rim), 2))
    for i, node in enumerate(group.rim):
        members = sorted(index[m] for m in set(graph.predecessors(node)) if m in index)
        if members:
            toward[i] = core[members].mean(axis=0)
    return np.vstack([core, surround_disc(toward, _radius(core), SPACING)])


def _radius(places: npt.NDArray[np.float64]) -> float:
    return float(np.hypot(places[:, 0], places[:, 1]).max(initial=0.0)) + SPACING / 2


def _links_between(groups: list[Group], graph: "nx.MultiDiGraph[str]") -> npt.NDArray[np.float64]:
    """How many relations lead from one group to another, both ways; shape (groups, groups)."""
    home = {node: i for i, group in enumerate(groups) for node in group.core + group.rim}
    links = np.zeros((len(groups), len(groups)))
    for start, end in graph.edges():
        if start in home and end in home and home[start] != home[end]:
            links[home[start], home[end]] += 1.0
            links[home[end], home[start]] += 1.0
    return links


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
