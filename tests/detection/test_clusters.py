import json
import subprocess
import sys

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.detection.counting.pairs import Actions, Pairs, arrange, count_pairs
from graphwatch.detection.groups.clusters import Clusters, communities, components, describe, two_core

actions = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 6), st.integers(0, 40)), max_size=50)
edge_lists = st.lists(
    st.tuples(st.integers(0, 14), st.integers(0, 14)).filter(lambda e: e[0] != e[1]).map(lambda e: tuple(sorted(e))),
    unique=True,
    max_size=40,
)


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


def ends(edges: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    return [a for a, _ in edges], [b for _, b in edges]


def planted(clusters: int, size: int, inside: float, outside: float, seed: int = 0) -> tuple[np.ndarray, ...]:
    """First, second and weight of edges, and the cluster of each account."""
    random = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(clusters), size)
    first, second = np.triu_indices(len(cluster), 1)
    chance = np.where(cluster[first] == cluster[second], inside, outside)
    there = random.random(len(first)) < chance
    return first[there], second[there], random.gamma(2, 2, there.sum()), cluster


def purity(labels: np.ndarray, cluster: np.ndarray) -> float:
    """Share of accounts that are in their community's most frequent cluster."""
    table = np.zeros((labels.max() + 1, cluster.max() + 1))
    np.add.at(table, (labels[labels >= 0], cluster[labels >= 0]), 1)
    return float(table.max(1).sum() / table.sum())


def modularity(first: np.ndarray, second: np.ndarray, weight: np.ndarray, labels: np.ndarray) -> float:
    graph = nx.Graph()
    graph.add_weighted_edges_from(zip(first.tolist(), second.tolist(), weight.tolist(), strict=True))
    parts: dict[int, set[int]] = {}
    for account in graph:
        parts.setdefault(int(labels[account]), set()).add(account)
    return float(nx.community.modularity(graph, parts.values()))


@given(edge_lists)
def test_the_two_core_is_that_of_networkx(edges: list[tuple[int, int]]) -> None:
    core = nx.k_core(nx.Graph(edges), 2)
    assert two_core(15, *ends(edges)).tolist() == [core.has_edge(*e) for e in edges]


def test_a_long_tail_is_taken_off_whole() -> None:
    path = np.arange(200_000)
    assert not two_core(200_001, path, path + 1).any()
    assert two_core(200_000, path, (path + 1) % 200_000).all()


def test_planted_clusters_are_found() -> None:
    first, second, weight, cluster = planted(12, 15, 0.6, 0.01)
    labels = communities(len(cluster), first, second, weight, seed=1)
    assert labels.tolist() == cluster.tolist()


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_with_a_density_few_false_edges_neither_merge_small_clusters_nor_does_one_fall_apart(scale: float) -> None:
    first, second, weight, cluster = planted(150, 8, 0.7, 0.0001)
    edges = first, second, weight * scale
    assert purity(communities(len(cluster), *edges, seed=1, density=0.05), cluster) > 0.97
    assert purity(communities(len(cluster), *edges, seed=1), cluster) < 0.9
    one = planted(1, 14, 0.5, 0.0)
    assert set(communities(14, *one[:3], seed=1, density=0.05).tolist()) == {0}


@pytest.mark.parametrize("density", [0, 1, -0.1, float("nan")])
def test_a_density_that_is_no_share_is_refused(density: float) -> None:
    with pytest.raises(ValueError, match="share"):
        communities(2, [0], [1], [1.0], seed=1, density=density)


def test_modularity_is_not_below_louvains() -> None:
    first, second, weight, cluster = planted(20, 12, 0.4, 0.02, seed=3)
    labels = communities(len(cluster), first, second, weight, seed=1)
    graph = nx.Graph()
    graph.add_weighted_edges_from(zip(first.tolist(), second.tolist(), weight.tolist(), strict=True))
    louvain = nx.community.modularity(graph, nx.community.louvain_communities(graph, seed=1))
    assert modularity(first, second, weight, labels) >= louvain - 0.005


@given(edge_lists, st.integers(0, 2**32), st.sampled_from([None, 0.1]), st.randoms(use_true_random=False))
def test_order_direction_and_split_of_edges_do_not_matter(
    edges: list[tuple[int, int]], seed: int, density: float | None, random: object
) -> None:
    weights = {e: random.uniform(0.1, 9) for e in edges}  # type: ignore[attr-defined]
    shuffled = list(edges)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one = communities(15, *ends(edges), [weights[e] for e in edges], seed=seed, density=density)
    turned = [e[::-1] if i % 2 else e for i, e in enumerate(shuffled)]
    halves = [weights[e] / 2 for e in shuffled]
    other = communities(15, *ends(turned + turned), halves + halves, seed=seed, density=density)
    assert one.tolist() == other.tolist()


@given(edge_lists)
def test_communities_are_connected_and_numbered_by_their_smallest_account(edges: list[tuple[int, int]]) -> None:
    labels = communities(15, *ends(edges), [1.0] * len(edges), seed=5)
    graph = nx.Graph(edges)
    assert {a for a in range(15) if labels[a] >= 0} == set(graph)
    found = [label for label in labels.tolist() if label >= 0]
    assert list(dict.fromkeys(found)) == list(range(len(set(found))))
    for label in set(found):
        assert nx.is_connected(graph.subgraph(np.flatnonzero(labels == label).tolist()))


def test_another_process_gives_the_same_labels() -> None:
    first, second, weight, cluster = planted(30, 10, 0.3, 0.03, seed=2)
    here = communities(len(cluster), first, second, weight, seed=9)
    again = communities(len(cluster), first, second, weight, seed=9)
    assert here.tolist() == again.tolist()
    script = (
        "import json, sys; from graphwatch.detection.groups.clusters import communities\n"
        "print(json.dumps(communities(*json.load(sys.stdin), seed=9).tolist()))"
    )
    data = json.dumps([len(cluster), first.tolist(), second.tolist(), weight.tolist()])
    there = subprocess.run([sys.executable, "-c", script], input=data, capture_output=True, text=True, check=True)
    assert json.loads(there.stdout) == here.tolist()


def test_edges_without_weight_tie_nobody() -> None:
    assert communities(4, [0, 1], [1, 2], [0, 0], seed=1).tolist() == [0, 1, 2, -1]
    assert communities(4, [0, 1], [1, 2], [5, 0], seed=1).tolist() == [0, 0, 1, -1]


def test_no_edges_give_no_communities() -> None:
    assert communities(3, [], [], [], seed=1).tolist() == [-1, -1, -1]
    assert two_core(3, [], []).tolist() == []


@pytest.mark.parametrize(
    ("second", "weight", "says"), [(0, 1.0, "itself"), (1, -1.0, "weights"), (1, np.inf, "weights"), (1, np.nan, "w")]
)
def test_edges_that_cannot_be_are_refused(second: int, weight: float, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        communities(2, [0], [second], [weight], seed=1)
