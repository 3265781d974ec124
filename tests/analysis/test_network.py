"""Bridges, cut points and assortativity equal those of networkx on small graphs."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.analysis.network import assortativity, network_of, structure_of

EDGES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda e: e[0] < e[1]), unique=True)


def graph_of(edges: list[tuple[int, int]]) -> "nx.Graph[int]":
    graph = nx.Graph()
    graph.add_nodes_from(range(10))
    graph.add_edges_from(edges)
    return graph


@given(edges=EDGES)
def test_structure_equals_networkx(edges: list[tuple[int, int]]) -> None:
    oracle = graph_of(edges)
    found = structure_of(network_of([a for a, _ in edges], [b for _, b in edges], nodes=10))
    assert set(found.bridges) == {tuple(sorted(e)) for e in nx.bridges(oracle)}
    assert list(found.cut_points) == sorted(nx.articulation_points(oracle))
    assert found.components == nx.number_connected_components(oracle)
    assert found.largest == max(len(c) for c in nx.connected_components(oracle))
    assert found.density == pytest.approx(nx.density(oracle))


@given(edges=EDGES, group=st.lists(st.integers(0, 2), min_size=10, max_size=10))
def test_assortativity_equals_networkx(edges: list[tuple[int, int]], group: list[int]) -> None:
    oracle = graph_of(edges)
    nx.set_node_attributes(oracle, dict(enumerate(group)), "group")
    found = assortativity(network_of([a for a, _ in edges], [b for _, b in edges], nodes=10), np.array(group))
    tied = {group[v] for e in edges for v in e}
    if len(tied) < 2:
        assert found is None
    else:
        assert found == pytest.approx(nx.attribute_assortativity_coefficient(oracle, "group"))


def test_edges_of_unknown_nodes_do_not_count() -> None:
    network = network_of([0, 2, 0], [1, 3, 4], nodes=5)
    assert assortativity(network, np.array([0, 0, 1, 1, -1])) == 1.0
    assert assortativity(network, np.array([-1, 0, -1, 1, -1])) is None
