"""The two-level layout and its steps."""

import math
from itertools import combinations

import networkx as nx
import pytest
from export.networks import network

from graphwatch.export.positions import SPACING, positions, steps

GRAPH = network(clusters=(30, 16, 11, 3, 2), bystanders=40)


def discs(graph: nx.MultiDiGraph) -> list[tuple[tuple[float, float], float]]:
    places = positions(graph)
    found = []
    for cluster in (n for n, label in graph.nodes(data="label") if label == "Cluster"):
        members = [s for s, _, type in graph.in_edges(cluster, data="type") if type == "MEMBER_OF"]
        found.append((places[cluster], max(math.dist(places[cluster], places[m]) for m in members)))
    return found


def test_every_node_has_a_finite_place() -> None:
    places = positions(GRAPH)
    assert set(places) == set(GRAPH)
    assert all(math.isfinite(x) and math.isfinite(y) for x, y in places.values())


def test_places_are_python_numbers_as_pyvis_wants() -> None:
    assert all(type(x) is float and type(y) is float for x, y in positions(GRAPH).values())


def test_the_same_network_in_another_order_gives_the_same_places() -> None:
    other: nx.MultiDiGraph = nx.MultiDiGraph(**GRAPH.graph)
    other.add_nodes_from(reversed(list(GRAPH.nodes(data=True))))
    other.add_edges_from(reversed(list(GRAPH.edges(keys=True, data=True))))
    # Sums of floats in another order differ in the last bits, and a tie may then fall the other way.
    here, there = positions(GRAPH), positions(other)
    assert positions(GRAPH) == here
    assert all(math.dist(here[node], there[node]) <= 0.2 for node in GRAPH)


def test_discs_of_clusters_lie_apart() -> None:
    for (one, first), (two, second) in combinations(discs(GRAPH), 2):
        assert math.dist(one, two) > first + second + SPACING / 2


def test_no_outsider_stands_inside_a_disc() -> None:
    places = positions(GRAPH)
    members = {s for s, _, type in GRAPH.edges(data="type") if type == "MEMBER_OF"}
    outside = [n for n, label in GRAPH.nodes(data="label") if label != "Cluster" and n not in members]
    for centre, radius in discs(GRAPH):
        assert all(math.dist(places[node], centre) > radius for node in outside)


def test_nodes_do_not_lie_on_each_other() -> None:
    places = positions(GRAPH)
    drawn = [places[n] for n, label in GRAPH.nodes(data="label") if label != "Cluster"]
    assert min(math.dist(a, b) for a, b in combinations(drawn, 2)) > SPACING / 3


@pytest.mark.parametrize("size", [0, 1, 2, 3, 350])
def test_networks_without_relations(size: int) -> None:
    graph: nx.MultiDiGraph = nx.MultiDiGraph()
    graph.add_nodes_from((f"x:{i}" for i in range(size)), label="Account")
    assert len(set(positions(graph).values())) == size


def test_a_crowd_of_tiny_components_is_placed() -> None:
    graph: nx.MultiDiGraph = nx.MultiDiGraph()
    for i in range(500):
        graph.add_node(f"x:{i}", label="Account")
        graph.add_node(f"y:{i}", label="Account")
        graph.add_edge(f"x:{i}", f"y:{i}", type="CO_INTERACTED", n=3)
    assert len(set(positions(graph).values())) == 1000


def test_columns_are_distances_whatever_the_direction_of_relations() -> None:
    graph = nx.MultiDiGraph([("a", "p"), ("b", "p"), ("b", "q"), ("c", "q"), ("a", "r"), ("c", "r")])
    graph.add_node("alone")
    places = steps(graph, ["a"])
    across = sorted({x for x, _ in places.values()})
    column = {node: across.index(x) for node, (x, _) in places.items()}
    assert column == {"a": 0, "p": 1, "r": 1, "b": 2, "c": 2, "q": 3, "alone": 4}


def test_no_two_nodes_stand_on_one_place_and_lines_of_separate_paths_do_not_cross() -> None:
    graph = nx.MultiDiGraph()
    for middle in ("p3", "p1", "p2"):
        graph.add_edges_from([("a", middle), (f"x{middle}", middle), (f"x{middle}", f"q{middle}"), ("z", f"q{middle}")])
    places = steps(graph, ["a"])
    assert len(set(places.values())) == len(graph)
    rows = [[places[f"{name}{middle}"][1] for middle in ("p1", "p2", "p3")] for name in ("", "x", "q")]
    assert rows[0] == rows[1] == rows[2] == sorted(rows[0])


@pytest.mark.parametrize("starts", [[], ["gone"]])
def test_without_a_start_everything_stands_in_one_column(starts: list[str]) -> None:
    assert {x for x, _ in steps(nx.MultiDiGraph([("a", "b")]), starts).values()} == {0.0}
