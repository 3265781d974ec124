"""Paths are all simple paths of their length, as networkx lists them; surroundings are what is near."""

from collections.abc import Iterable

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.analysis.paths import Search, surroundings
from graphwatch.model.declaring import Key

NODES = 9
GRAPHS = st.lists(
    st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)).filter(lambda e: e[0] < e[1]), unique=True
)


def key(number: int) -> Key:
    return Key("Account" if number % 2 else "Post", str(number))


def graph_of(edges: list[tuple[int, int]]) -> "nx.Graph[Key]":
    graph = nx.Graph()
    graph.add_nodes_from(map(key, range(NODES)))
    graph.add_edges_from((key(a), key(b)) for a, b in edges)
    return graph


class Expanding:
    """The ties of a networkx graph; counts what was asked."""

    def __init__(self, graph: "nx.Graph[Key]") -> None:
        self.graph, self.asked = graph, list[Key]()

    def __call__(self, nodes: list[Key]) -> Iterable[tuple[Key, Key]]:
        self.asked += nodes
        return [(node, other) for node in nodes for other in self.graph[node]]


def simple_paths(graph: "nx.Graph[Key]", start: Key, end: Key, hops: int) -> list[tuple[Key, ...]]:
    found = nx.all_simple_paths(graph, start, end, cutoff=hops) if start != end else []
    return sorted(tuple(path) for path in found if len(path) - 1 == hops)


@given(edges=GRAPHS, hops=st.integers(1, 6))
def test_all_simple_paths_of_a_length_in_order(edges: list[tuple[int, int]], hops: int) -> None:
    graph = graph_of(edges)
    search = Search([key(0)], [key(1)], Expanding(graph))
    assert [path.nodes for path in search.paths(hops)] == simple_paths(graph, key(0), key(1), hops)


@given(edges=GRAPHS, most=st.integers(0, 8))
def test_the_shortest_length(edges: list[tuple[int, int]], most: int) -> None:
    graph = graph_of(edges)
    expected = nx.shortest_path_length(graph, key(0), key(1)) if nx.has_path(graph, key(0), key(1)) else most + 1
    found = Search([key(0)], [key(1)], Expanding(graph)).shortest(most)
    assert found == (expected if expected <= most else None)


@given(edges=GRAPHS)
def test_longer_paths_after_the_shortest(edges: list[tuple[int, int]]) -> None:
    graph = graph_of(edges)
    search = Search([key(0)], [key(1)], Expanding(graph))
    shortest = search.shortest(8)
    if shortest is not None:
        for hops in range(shortest, shortest + 3):
            assert [path.nodes for path in search.paths(hops)] == simple_paths(graph, key(0), key(1), hops)


@given(edges=GRAPHS, hops=st.integers(0, 5))
def test_several_ends_on_either_side(edges: list[tuple[int, int]], hops: int) -> None:
    graph = graph_of(edges)
    starts, ends = [key(0), key(2)], [key(1), key(3)]
    expected = {path for a in starts for b in ends for path in simple_paths(graph, a, b, hops)}
    found = [path.nodes for path in Search(starts, ends, Expanding(graph)).paths(hops)]
    assert set(found) == expected
    assert found == sorted(found)
    assert len(found) == len(set(found))


def test_a_hub_beyond_the_middle_is_not_read() -> None:
    graph = graph_of([(0, 2), (1, 2)])
    graph.add_edges_from((key(3), Key("Account", f"fan {i}")) for i in range(1000))
    graph.add_edge(key(2), key(3))
    expand = Expanding(graph)
    assert Search([key(0)], [key(1)], expand).shortest(6) == 2
    assert key(3) not in expand.asked


@given(edges=GRAPHS, depth=st.integers(1, 4), most=st.integers(1, 12))
def test_surroundings(edges: list[tuple[int, int]], depth: int, most: int) -> None:
    graph = graph_of(edges)
    near = surroundings(key(0), depth, most, Expanding(graph))
    exact = nx.single_source_shortest_path_length(graph, key(0), cutoff=depth)
    assert len(near.distance) <= max(most, 1)
    if len(exact) <= most:
        assert near.distance == exact
        assert not near.left_out
        assert {frozenset(t) for t in near.ties} >= {
            frozenset(e) for e in graph.edges(exact) if min(exact.get(e[0], 99), exact.get(e[1], 99)) < depth
        }
    else:
        assert near.left_out


def test_those_with_most_ties_stay() -> None:
    graph = graph_of([(0, 1), (0, 2), (1, 4), (2, 4), (1, 3)])
    near = surroundings(key(0), 2, 4, Expanding(graph))
    assert key(4) in near.distance
    assert near.left_out == {"Account": 1}


def test_a_node_is_linked_to_itself_by_no_hop() -> None:
    assert Search([key(0)], [key(0)], Expanding(graph_of([]))).shortest(3) == 0


@pytest.mark.parametrize("most", [0, 1])
def test_no_ties_no_path(most: int) -> None:
    assert Search([key(0)], [key(1)], Expanding(graph_of([]))).shortest(most) is None


@given(edges=GRAPHS, barred=st.sets(st.integers(2, NODES - 1)), hops=st.integers(1, 6))
def test_paths_do_not_go_through_what_is_barred(edges: list[tuple[int, int]], barred: set[int], hops: int) -> None:
    closed = set(map(key, barred))
    open_ = graph_of(edges)
    open_.remove_nodes_from(closed)
    search = Search([key(0)], [key(1)], Expanding(graph_of(edges)), bar=lambda nodes: set(nodes) & closed)
    assert [path.nodes for path in search.paths(hops)] == simple_paths(open_, key(0), key(1), hops)
    again = Search([key(0)], [key(1)], Expanding(graph_of(edges)), bar=lambda nodes: set(nodes) & closed)
    expected = nx.shortest_path_length(open_, key(0), key(1)) if nx.has_path(open_, key(0), key(1)) else None
    assert again.shortest(NODES) == expected
