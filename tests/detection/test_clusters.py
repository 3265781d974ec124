import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.detection.clusters import Clusters, components, describe
from graphwatch.detection.counting import Actions, Pairs, arrange, count_pairs

actions = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 6), st.integers(0, 40)), max_size=50)


def found(data: list[tuple[int, int, int]]) -> tuple[Actions, Pairs, Clusters]:
    account, object, at_ms = (list(c) for c in zip(*data, strict=True)) if data else ([], [], [])
    arranged = arrange(account, object, at_ms, accounts=10)
    pairs = count_pairs(arranged, 3, 1)
    cluster_of = components(10, pairs.first, pairs.second)
    return arranged, pairs, describe(arranged, pairs, cluster_of, cluster_of, 3)


def members(clusters: Clusters) -> list[set[int]]:
    return [set(clusters.member[clusters.of == n].tolist()) for n in clusters.number.tolist()]


@given(actions)
def test_clusters_are_the_connected_components_of_three_or_more(data: list[tuple[int, int, int]]) -> None:
    _, pairs, clusters = found(data)
    graph = nx.Graph(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
    expected = [c for c in nx.connected_components(graph) if len(c) >= 3]
    assert members(clusters) == sorted(expected, key=lambda c: (-len(c), min(c)))
    for number, component in enumerate(members(clusters)):
        inside = graph.subgraph(component)
        assert clusters.size[number] == len(component)
        assert clusters.pairs[number] == inside.number_of_edges()
        assert np.isclose(clusters.density[number], nx.density(inside))
    degrees = [graph.degree(m) for m in clusters.member.tolist()]
    assert clusters.partners.tolist() == degrees


@given(actions)
def test_objects_are_those_on_which_members_met(data: list[tuple[int, int, int]]) -> None:
    _, _, clusters = found(data)
    for number, component in enumerate(members(clusters)):
        met = {
            o
            for a, o, t in data
            for b, p, u in data
            if a in component and b in component and a != b and o == p and abs(t - u) <= 3
        }
        assert clusters.objects[number] == len(met)


def test_a_pair_alone_is_no_cluster() -> None:
    assert len(found([(0, 0, 0), (1, 0, 0)])[2]) == 0
