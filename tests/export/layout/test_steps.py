"""Paths go from left to right."""

import networkx as nx
import pytest

from graphwatch.export.layout.positions import steps


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
