"""Every metric equals networkx on small graphs: disconnected, weighted, empty, with one side or two."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networkx.algorithms import bipartite

from graphwatch.analysis.measures import MEASURES, betweenness
from graphwatch.analysis.network import Network, network_of

Graph = tuple[Network, "nx.Graph[int]"]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    nodes = draw(st.integers(1, 12))
    possible = [(a, b) for a in range(nodes) for b in range(a + 1, nodes)]
    edges = draw(st.lists(st.sampled_from(possible), unique=True)) if possible else []
    weights = [draw(st.integers(1, 9)) / 2 for _ in edges]
    graph = nx.Graph()
    graph.add_nodes_from(range(nodes))
    graph.add_weighted_edges_from((a, b, w) for (a, b), w in zip(edges, weights, strict=True))
    return network_of([a for a, _ in edges], [b for _, b in edges], weights, nodes=nodes), graph


@st.composite
def two_mode(draw: st.DrawFn) -> tuple[Network, "nx.Graph[int]", list[int]]:
    left, right = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    possible = [(a, left + b) for a in range(left) for b in range(right)]
    edges = draw(st.lists(st.sampled_from(possible), unique=True))
    graph = nx.Graph()
    graph.add_nodes_from(range(left + right))
    graph.add_edges_from(edges)
    side = np.array([0] * left + [1] * right, np.int8)
    return (
        network_of([a for a, _ in edges], [b for _, b in edges], nodes=left + right, side=side),
        graph,
        list(range(left)),
    )


def of(scores: dict[int, float]) -> list[float]:
    return [scores[node] for node in sorted(scores)]


ONE_MODE = {
    "strength": lambda g: dict(g.degree(weight="weight")),
    "pagerank": lambda g: nx.pagerank(g, tol=1e-12, max_iter=2000),
    "betweenness": nx.betweenness_centrality,
    "closeness": nx.closeness_centrality,
    "core": nx.core_number,
    "clustering": nx.clustering,
}


@pytest.mark.parametrize("name", ONE_MODE)
@given(graph=graphs())
def test_equals_networkx(name: str, graph: Graph) -> None:
    network, oracle = graph
    assert MEASURES[name].of(network).value == pytest.approx(of(ONE_MODE[name](oracle)), abs=1e-8)


@given(graph=graphs())
def test_degree_is_a_share_of_the_others(graph: Graph) -> None:
    network, oracle = graph
    expected = [d / max(1, len(oracle) - 1) for d in of(dict(oracle.degree))]
    assert MEASURES["degree"].of(network).value == pytest.approx(expected)


TWO_MODE = {
    "degree": bipartite.degree_centrality,
    "closeness": bipartite.closeness_centrality,
    "betweenness": bipartite.betweenness_centrality,
    "clustering": lambda g, _: bipartite.clustering(g, mode="dot"),
}


@pytest.mark.parametrize("name", TWO_MODE)
@given(graph=two_mode())
def test_two_mode_formulas_equal_those_of_networkx(
    name: str, graph: tuple[Network, "nx.Graph[int]", list[int]]
) -> None:
    network, oracle, left = graph
    if name == "betweenness" and min(len(left), len(oracle) - len(left)) == 1:
        return  # networkx divides by zero: beside a single node of the other side nobody is between anything
    expected = of(TWO_MODE[name](oracle, left))
    assert MEASURES[name].of(network).value == pytest.approx(expected, abs=1e-9)


def crowd() -> Network:
    oracle = nx.barabasi_albert_graph(400, 3, seed=5)
    first, second = np.array(oracle.edges).T
    return network_of(first, second, nodes=400)


def test_the_sample_is_as_near_to_the_exact_value_as_it_says() -> None:
    network = crowd()
    exact = betweenness(network).value
    central = np.argsort(-exact)[:20]
    off = []
    for seed in range(6):
        sampled = betweenness(network, sources=100, seed=seed)
        assert sampled.error is not None
        off.append(np.abs(sampled.value - exact)[central] / sampled.error[central])
    assert np.mean(np.concatenate(off) <= 2) > 0.85
    assert np.mean(np.concatenate(off) > 0.1) > 0.5  # and not merely wide


def test_a_sample_of_everybody_is_exact() -> None:
    network = crowd()
    assert betweenness(network, sources=400).error is None


def test_the_same_on_any_number_of_threads() -> None:
    network = crowd()
    one, many = (betweenness(network, sources=64, seed=3, threads=n).value for n in (1, 7))
    assert one.tolist() == many.tolist()


@pytest.mark.parametrize("name", MEASURES)
def test_a_network_of_nobody_has_no_scores(name: str) -> None:
    assert MEASURES[name].of(network_of([], [], nodes=0)).value.tolist() == []
