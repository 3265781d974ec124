import pytest
from export.networks import network
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.export.clusters import clusters_of
from graphwatch.export.page.build import DRAWN, select

GRAPH = network(clusters=(12, 8, 5), bystanders=6)
TOTAL = sum(label in DRAWN for _, label in GRAPH.nodes(data="label"))


@given(st.integers(1, TOTAL + 5))
def test_no_more_than_asked_for_and_whole_clusters_only(most: int) -> None:
    selection = select(GRAPH, most)
    kept = selection.graph
    drawn = [n for n, label in kept.nodes(data="label") if label in DRAWN]
    assert len(drawn) == min(most, TOTAL)
    assert len(drawn) + sum(selection.left_out.values()) == selection.total == TOTAL
    clusters = [n for n, label in kept.nodes(data="label") if label == "Cluster"]
    assert len(clusters) + selection.clusters_left_out == 3
    assert all(clusters_of(kept)[c] == clusters_of(GRAPH)[c] for c in clusters)


def test_a_network_that_fits_is_kept_whole() -> None:
    selection = select(GRAPH, TOTAL)
    assert set(selection.graph) == set(GRAPH)
    assert (selection.left_out, selection.clusters_left_out) == ({}, 0)
    assert selection.graph.graph["run"] == GRAPH.graph["run"]


@pytest.mark.parametrize(
    ("most", "numbers"), [(12, [1]), (19, [1, 3]), (20, [1, 2]), (25, [1, 2, 3]), (11, [2]), (4, [])]
)
def test_the_largest_cluster_that_fits_comes_first(most: int, numbers: list[int]) -> None:
    kept = select(GRAPH, most).graph
    # Where the largest does not fit, a smaller one may.
    found = sorted(kept.nodes[n]["number"] for n, label in kept.nodes(data="label") if label == "Cluster")
    assert found == numbers


def test_without_room_for_a_cluster_the_heaviest_pair_is_kept() -> None:
    kept = select(GRAPH, 2).graph
    heaviest = max(n for *_, n in GRAPH.edges(data="n") if n)
    assert [n for *_, n in kept.edges(data="n") if n] == [heaviest]


def test_posts_come_before_pages_and_pages_before_bystanders() -> None:
    labels = [label for _, label in select(GRAPH, 25 + 27 + 4).graph.nodes(data="label")]
    assert labels.count("Account") == 25
    assert (labels.count("Post"), labels.count("Page"), labels.count("Paslon")) == (27, 2, 2)
