"""Betweenness from 256 sources, PageRank and the rest, beside networkx on the same graph in the same run."""

import time
from collections.abc import Callable

import networkx as nx
import numpy as np

from graphwatch.analysis.measures import MEASURES, betweenness
from graphwatch.analysis.network import network_of, structure_of

NODES, TIES = 20_000, 5
SOURCES = 256
# networkx takes minutes for all the sources; its cost is the same for each.
PEER_SOURCES = 16


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """The least of several."""
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return min(taken)


def report(what: str, ours: float, peer: float) -> None:
    print(f"{what}: {ours:.3f} s, networkx {peer:.3f} s, {peer / ours:.0f} times")


def main() -> None:
    graph = nx.barabasi_albert_graph(NODES, TIES, seed=1)
    first, second = np.array(graph.edges).T
    network = network_of(first, second, nodes=NODES)
    print(f"{NODES:,} nodes, {network.edges:,} edges")
    betweenness(network, sources=2)
    structure_of(network)
    for measure in MEASURES.values():
        if measure.name not in ("betweenness", "closeness"):
            measure.of(network)
    report(
        f"betweenness, {SOURCES} sources (networkx: {PEER_SOURCES}, scaled)",
        seconds(lambda: betweenness(network, sources=SOURCES)),
        seconds(lambda: nx.betweenness_centrality(graph, k=PEER_SOURCES, seed=1), 1) * SOURCES / PEER_SOURCES,
    )
    report("pagerank", seconds(lambda: MEASURES["pagerank"].of(network)), seconds(lambda: nx.pagerank(graph)))
    report("core", seconds(lambda: MEASURES["core"].of(network)), seconds(lambda: nx.core_number(graph), 1))
    report("clustering", seconds(lambda: MEASURES["clustering"].of(network)), seconds(lambda: nx.clustering(graph), 1))
    report(
        "bridges and cut points",
        seconds(lambda: structure_of(network)),
        seconds(lambda: (list(nx.bridges(graph)), list(nx.articulation_points(graph))), 1),
    )


if __name__ == "__main__":
    main()
