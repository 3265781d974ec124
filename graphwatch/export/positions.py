"""The two-level layout: each group inside a disc of its own, the discs apart from each other."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from graphwatch.export.clusters import Group, groups_of

if TYPE_CHECKING:
    import networkx as nx


_GOLDEN: Final = np.pi * (3.0 - np.sqrt(5.0))
# Rings run clockwise from 50 degrees right of the top to 50 degrees left of it.
_RING_FROM: Final = np.deg2rad(-40.0)
_RING_LENGTH: Final = np.deg2rad(260.0)
_ROUNDS: Final = 30
_ROUNDS_APART: Final = 12
# Directions in which a disc may stand from what it is linked with, and rings looked at together.
_ANGLES: Final = 36
_RINGS: Final = 4


def fill_disc(count: int, weights: npt.NDArray[np.float64] | None, spacing: float) -> npt.NDArray[np.float64]:
    """Places of `count` nodes in a disc around (0, 0), linked ones close; shape (count, 2).

    Args:
        count: nodes.
        weights: symmetric weights of their links, shape (count, count), or None for an even spread in which
            the first stand in the middle.
        spacing: wanted distance between neighbours.

    Forces after Fruchterman and Reingold (1991), from a sunflower spread instead of chance; then
    nodes that are too close are pushed apart.
    """
    if count == 2:
        # One over the other: names stand below nodes and are wider than high.
        return np.array([[0.0, -0.75], [0.0, 0.75]]) * spacing
    index = np.arange(count) + (0.5 if count > 1 else 0.0)
    # Vogel (1979): equal area for each seed.
    radius, angle = spacing * 0.6 * np.sqrt(index), index * _GOLDEN
    places = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    if weights is None or count < 3:
        return places
    wanted = spacing * 0.6 * np.sqrt(count)
    # Divided by what a node has on average, or else cliques fall into their middle.
    pull = weights / max(weights.sum(axis=1).mean(), 1e-6)
    for step in np.linspace(spacing, spacing / 20, _ROUNDS):
        away = places[:, None, :] - places[None, :, :]
        distance = np.sqrt((away**2).sum(axis=2)) + 1e-6
        force = spacing**2 / distance**2 - pull * distance / spacing
        moved = (away * force[:, :, None]).sum(axis=1) - places * 0.5
        length = np.sqrt((moved**2).sum(axis=1, keepdims=True)) + 1e-6
        places = places + moved / length * np.minimum(length, step)
    places -= places.mean(axis=0)
    # Two thirds is the mean distance in an even disc; what stands far outside is drawn in.
    length = np.sqrt((places**2).sum(axis=1, keepdims=True)) + 1e-6
    places *= np.minimum(wanted * 2 / 3 / length.mean(), wanted * 1.1 / length)
    return _apart(places, spacing * 0.8)


def surround_disc(toward: npt.NDArray[np.float64], radius: float, spacing: float) -> npt.NDArray[np.float64]:
    """Places on rings around a disc, each as near as can be to the direction of its row of `toward`.

    The rings are open at the top, where the name of the cluster stands.

    Args:
        toward: points inside the disc, shape (nodes, 2), y pointing down.
        radius: radius of the disc.
        spacing: wanted distance between neighbours.
    """
    places = np.zeros_like(toward)
    # Counted from the right end of the opening; what points into it goes to the nearer end.
    angles = (np.arctan2(toward[:, 1], toward[:, 0]) - _RING_FROM) % (2 * np.pi)
    angles[angles > np.pi + _RING_LENGTH / 2] = 0.0
    left = np.argsort(angles, kind="stable")
    ring = radius + spacing * 0.5
    while len(left):
        slots = max(2, int(_RING_LENGTH * ring / (spacing * 0.75)))
        # Every so many in the order of angles, so that each ring goes all the way along.
        stride = -(-len(left) // slots)
        now, left = left[::stride], np.delete(left, np.s_[::stride])
        slot = _free_slots(np.round(angles[now] / _RING_LENGTH * (slots - 1)).astype(np.int64), slots)
        angle = _RING_FROM + slot * (_RING_LENGTH / (slots - 1))
        places[now] = np.column_stack([ring * np.cos(angle), ring * np.sin(angle)])
        ring += spacing * 0.75
    return places


def _free_slots(wanted: npt.NDArray[np.int64], slots: int) -> npt.NDArray[np.int64]:
    """Strictly rising slots below `slots`, near the wanted ones, which are sorted."""
    steps = np.arange(len(wanted))
    rising = np.maximum.accumulate(wanted - steps) + steps
    # Going backwards, what ran past the last slot is pushed back by as much as is needed.
    slot: npt.NDArray[np.int64] = np.minimum(rising, slots - len(wanted) + steps)
    return slot


def _apart(places: npt.NDArray[np.float64], least: float) -> npt.NDArray[np.float64]:
    for _ in range(_ROUNDS_APART):
        away = places[:, None, :] - places[None, :, :]
        distance = np.sqrt((away**2).sum(axis=2)) + 1e-6
        np.fill_diagonal(distance, np.inf)
        lacking = np.maximum(0.0, least - distance) / distance
        if not lacking.any():
            break
        places = places + (away * lacking[:, :, None]).sum(axis=1) * 0.4
    return places


def pack_discs(radii: npt.NDArray[np.float64], links: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Centres of discs that do not overlap, placed in the given order; shape (discs, 2).

    Each disc goes to the free place that is nearest to the discs it is linked with and to the middle.

    Args:
        radii: with the wanted margin, shape (discs,).
        links: weights, shape (discs, discs).
    """
    centres = np.zeros((len(radii), 2))
    for i in range(1, len(radii)):
        placed = centres[:i]
        weight = links[i, :i]
        target = (placed * weight[:, None]).sum(axis=0) / weight.sum() if weight.any() else np.zeros(2)
        centres[i] = _nearest_free(target, radii[i], placed, radii[:i])
    low, high = (centres - radii[:, None]).min(axis=0), (centres + radii[:, None]).max(axis=0)
    centres -= (low + high) / 2
    return centres


def _nearest_free(
    target: npt.NDArray[np.float64],
    radius: float,
    placed: npt.NDArray[np.float64],
    radii: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    angle = np.arange(_ANGLES) * 2 * np.pi / _ANGLES
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    step = max(radius / 3, float(radii.max()) / 10)
    away, reach = _length(placed - target), radii + radius
    first = 0
    while True:
        rings = np.arange(first, first + _RINGS) * step
        # Only discs that reach into these rings can be in the way.
        near = (away + reach >= rings[0]) & (away - reach <= rings[-1])
        candidates = (target + rings[:, None, None] * circle).reshape(-1, 2)
        gap = ((candidates[:, None, :] - placed[near]) ** 2).sum(axis=2) - reach[near] ** 2
        free = candidates[(gap >= 0).all(axis=1)]
        if len(free):
            cost = _length(free - target) + _length(free)
            best: npt.NDArray[np.float64] = free[np.argmin(np.round(cost, 6))]
            return best
        first += _RINGS


def _length(vectors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    length: npt.NDArray[np.float64] = np.hypot(vectors[:, 0], vectors[:, 1])
    return length


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
