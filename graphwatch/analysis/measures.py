"""The metrics of nodes: what each is, how it is computed, and how its scores are spread, as a drawing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from jinja2 import Environment

from graphwatch.analysis import network_kernels as kernels
from graphwatch.analysis.network import Longs, Network, Reals
from graphwatch.common.pieces import Piece, equal_pieces, on_threads

_DAMPING: Final = 0.85
_TOLERANCE: Final = 1e-10
_MOST_STEPS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Scores:
    """One number a node; `error` is the standard error of each where it was estimated from a sample, else None."""

    value: Reals
    error: Reals | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric: its name, what it says, and the function that computes it."""

    name: str
    meaning: str
    of: Callable[[Network], Scores]


def degree(network: Network) -> Scores:
    """Neighbours over possible ones: all other nodes, or in a two-mode network all nodes of the other side.

    >>> from graphwatch.analysis.network import network_of
    >>> degree(network_of([0, 1], [1, 2], nodes=3)).value.tolist()
    [0.5, 1.0, 0.5]
    """
    possible = np.maximum(_possible(network), 1)
    return Scores(np.diff(network.start) / possible)


def strength(network: Network) -> Scores:
    """The sum of the weights of a node's edges."""
    return Scores(network.matrix().sum(axis=1))


def pagerank(network: Network) -> Scores:
    """The share of time that a random walk spends at a node, which follows weights and starts anew 15 % of the time.

    Power iteration to an error below 1e-10 a node (Brin and Page 1998).
    """
    nodes = network.nodes
    if not nodes:
        return Scores(np.empty(0))
    matrix = network.matrix()
    out = matrix.sum(axis=1)
    ends = out == 0
    inverse = np.divide(1.0, out, out=np.zeros(nodes), where=~ends)
    rank = np.full(nodes, 1 / nodes)
    for _ in range(_MOST_STEPS):
        before = rank
        rank = _DAMPING * (matrix @ (before * inverse) + before[ends].sum() / nodes) + (1 - _DAMPING) / nodes
        if np.abs(rank - before).sum() < nodes * _TOLERANCE:
            break
    return Scores(rank)


def betweenness(network: Network, *, sources: int | None = None, seed: int = 0, threads: int | None = None) -> Scores:
    """The share of shortest paths between two other nodes that lead through a node (Freeman 1977; Brandes 2001).

    Two-mode networks are scaled by the most that a node of its side can have (Borgatti and Halgin 2011).

    Args:
        sources: how many nodes, drawn with `seed`, paths are followed from; all when left out. With a sample the
            standard error says how far the value is from the exact one (Brandes and Pich 2007); at the rim, where
            few sources lead through a node, it is too small.

    >>> from graphwatch.analysis.network import network_of
    >>> betweenness(network_of([0, 1], [1, 2], nodes=3)).value.tolist()
    [0.0, 1.0, 0.0]
    """
    nodes = network.nodes
    sampled = sources is not None and sources < nodes
    size = sources if sampled and sources is not None else nodes
    drawn = np.random.default_rng(seed).permutation(nodes)[:size] if sampled else np.arange(nodes)

    def part(piece: Piece) -> tuple[Reals, Reals]:
        found: tuple[Reals, Reals] = kernels.dependencies(network.start, network.neighbour, drawn[slice(*piece)])
        return found

    # As many pieces whatever the number of threads, so that sums come out the same to the last bit.
    parts = on_threads(part, equal_pieces(size), threads)
    total, squares = (np.sum(part, axis=0) for part in zip(*parts, strict=True))
    # Each path was seen from both of its ends.
    scale = nodes / max(size, 1) / np.maximum(2 * _most_between(network), 1)
    if not sampled:
        return Scores(total * scale)
    variance = np.maximum(squares / size - (total / size) ** 2, 0) * (1 - size / nodes) / max(size - 1, 1)
    return Scores(total * scale, size * np.sqrt(variance) * scale)


def closeness(network: Network, *, threads: int | None = None) -> Scores:
    """How near a node is to the others: the inverse of its mean distance, times the share of nodes it reaches.

    With several components as Wasserman and Faust (1994) have it. In two-mode networks the mean distance is that of the
    best placed node of its side divided by the node's own (Borgatti and Halgin 2011).
    """
    nodes = network.nodes

    def part(piece: Piece) -> tuple[Longs, Longs]:
        found: tuple[Longs, Longs] = kernels.distances(network.start, network.neighbour, *piece)
        return found

    parts = on_threads(part, equal_pieces(nodes), threads)
    reached, far = (np.concatenate(column).astype(np.float64) for column in zip(*parts, strict=True))
    if network.side is None:
        best = reached - 1
    else:
        opposite, own = _possible(network), _own(network)
        best = (opposite + 2 * (own - 1)).astype(np.float64)
    near = np.divide(best, far, out=np.zeros(nodes), where=far > 0)
    return Scores(near * (reached - 1) / max(nodes - 1, 1))


def core(network: Network) -> Scores:
    """The largest k for which a node is in the k-core: the part in which all have k neighbours (Seidman 1983)."""
    return Scores(kernels.cores(network.start, network.neighbour).astype(np.float64))


def clustering(network: Network) -> Scores:
    """The share of a node's pairs of neighbours that are tied (Watts and Strogatz 1998).

    In two-mode networks, which have no triangles, the mean overlap with the nodes two steps away (Latapy et al. 2008).
    """
    if network.side is not None:
        return Scores(kernels.overlap(network.start, network.neighbour))
    neighbours = np.diff(network.start)
    pairs = neighbours * (neighbours - 1) / 2
    found = kernels.triangles(network.start, network.neighbour)
    return Scores(np.divide(found, pairs, out=np.zeros(network.nodes), where=pairs > 0))


def _own(network: Network) -> Longs:
    """How many nodes are on each node's side."""
    assert network.side is not None
    return np.bincount(network.side, minlength=2)[network.side]


def _possible(network: Network) -> Longs:
    """How many neighbours each node could have."""
    if network.side is None:
        return np.full(network.nodes, network.nodes - 1)
    return network.nodes - _own(network)


def _most_between(network: Network) -> Reals:
    """The most pairs of other nodes that a node can be between."""
    if network.side is None:
        return np.full(network.nodes, (network.nodes - 1) * (network.nodes - 2) / 2)
    own, other = (count.astype(np.float64) for count in (_own(network), _possible(network)))
    whole, part = (own - 1) // np.maximum(other, 1), (own - 1) % np.maximum(other, 1)
    most: Reals = (
        other**2 * (whole + 1) ** 2 + other * (whole + 1) * (2 * part - whole - 1) - part * (2 * whole - part + 3)
    ) / 2.0
    return most


MEASURES: Final = {
    measure.name: measure
    for measure in (
        Measure("degree", "share of the possible neighbours that a node has", degree),
        Measure("strength", "sum of the weights of its edges", strength),
        Measure("pagerank", "share of time that a random walk spends there", pagerank),
        Measure("betweenness", "share of shortest paths that lead through it", betweenness),
        Measure("closeness", "how near it is to all others", closeness),
        Measure("core", "largest k for which it is in the k-core", core),
        Measure("clustering", "how far its neighbours are tied to each other", clustering),
    )
}


_BARS: Final = 24
_WIDTH, _HEIGHT, _MARGIN = 640, 360, 56

_TEMPLATE: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{ width }} {{ height }}" role="img" font-family="sans-serif">
<title>{{ title }}</title>
<rect width="100%" height="100%" fill="#fff"/>
<text x="{{ margin }}" y="24" font-size="15" fill="#222">{{ title }}</text>
{% for bar in bars %}<rect x="{{ bar.x }}" y="{{ bar.y }}" width="{{ bar.width }}" height="{{ bar.height }}" \
fill="#0072b2"><title>{{ bar.title }}</title></rect>
{% endfor %}<path d="M{{ margin }} {{ floor }}H{{ width - margin }}" stroke="#222"/>
{% for mark in marks %}<text x="{{ mark.x }}" y="{{ floor + 18 }}" font-size="12" text-anchor="{{ mark.anchor }}" \
fill="#222">{{ mark.text }}</text>
{% endfor %}<text x="{{ margin - 6 }}" y="{{ top + 4 }}" font-size="12" text-anchor="end" fill="#222">{{ most }}</text>
<text x="{{ margin }}" y="{{ height - 10 }}" font-size="12" fill="#555">{{ below }}</text>
</svg>
"""


def distribution(value: Reals, title: str) -> str:
    """A histogram as SVG: bars of equal width from the smallest score to the largest; heights on a square-root scale.

    The scale of heights leaves the few at the far end visible beside the many at the near one.

    >>> distribution(np.array([0.0, 0.0, 1.0]), "degree <of> A & B").count("<rect")
    3
    """
    count, edge = np.histogram(value, bins=_BARS) if len(value) else (np.zeros(1, int), np.array([0.0, 1.0]))
    most = int(count.max())
    top, floor = _MARGIN, _HEIGHT - _MARGIN
    step = (_WIDTH - 2 * _MARGIN) / len(count)
    bars = []
    for i in np.flatnonzero(count).tolist():
        height = (floor - top) * float(np.sqrt(count[i] / most))
        bars.append(
            {
                "x": f"{_MARGIN + i * step:.1f}",
                "y": f"{floor - height:.1f}",
                "width": f"{max(step - 1, 0.5):.1f}",
                "height": f"{height:.1f}",
                "title": f"{edge[i]:.4g} to {edge[i + 1]:.4g}: {count[i]:,}",
            }
        )
    marks = [
        {"x": _MARGIN, "anchor": "start", "text": f"{edge[0]:.4g}"},
        {"x": _WIDTH / 2, "anchor": "middle", "text": f"{(edge[0] + edge[-1]) / 2:.4g}"},
        {"x": _WIDTH - _MARGIN, "anchor": "end", "text": f"{edge[-1]:.4g}"},
    ]
    template = Environment(autoescape=True, keep_trailing_newline=True).from_string(_TEMPLATE)
    return template.render(
        width=_WIDTH,
        height=_HEIGHT,
        margin=_MARGIN,
        top=top,
        floor=floor,
        title=title,
        bars=bars,
        marks=marks,
        most=f"{most:,}",
        below=f"{len(value):,} nodes; heights on a square-root scale",
    )
