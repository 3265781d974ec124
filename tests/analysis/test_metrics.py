"""Metrics of what a store holds: projections, parts of them, scores kept in the graph, what moved."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest

import graphwatch
from graphwatch.errors import NothingFound, UsageError
from graphwatch.project import Project


@pytest.fixture(scope="module")
def project(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    copy = tmp_path_factory.mktemp("metrics") / "demo.gw"
    shutil.copytree(demo_store, copy)
    with graphwatch.open(copy) as opened:
        yield opened


def coordination(project: Project) -> "nx.Graph[str]":
    graph = nx.Graph()
    for row in project.query("co-interactions", {"limit": 100_000}).to_arrow().to_pylist():
        if row["coordinated"] is not False:
            graph.add_edge(row["account_a"], row["account_b"], weight=row["n"])
    return graph


def test_the_coordination_network_is_that_of_the_run(project: Project) -> None:
    oracle = coordination(project)
    measured = project.metrics(["pagerank", "degree", "betweenness"])
    found = {row["account"]: row for row in measured.scores.to_arrow().to_pylist()}
    assert {a: r["pagerank"] for a, r in found.items()} == pytest.approx(nx.pagerank(oracle, tol=1e-12))
    assert {a: r["degree"] for a, r in found.items()} == pytest.approx(nx.degree_centrality(oracle))
    assert {a: r["betweenness"] for a, r in found.items()} == pytest.approx(nx.betweenness_centrality(oracle))
    assert measured.structure.components == nx.number_connected_components(oracle)
    assert sorted(measured.weak) == sorted(nx.articulation_points(oracle))


def test_the_first_measure_orders(project: Project) -> None:
    scores = project.metrics(["core", "degree"]).scores.to_arrow()["core"].to_pylist()
    assert scores == sorted(scores, reverse=True)


def test_a_cluster_alone(project: Project) -> None:
    members = {r["account"] for r in project.query("cluster-members", {"cluster": 1}).to_arrow().to_pylist()}
    alone = project.metrics(["degree"], cluster=1)
    assert set(alone.scores.to_arrow()["account"].to_pylist()) == members & set(coordination(project))
    posts = project.metrics(["degree"], cluster=1, projection="posts")
    assert set(posts.scores.to_arrow()["account"].to_pylist()) == members


def test_the_surroundings_of_an_account(project: Project) -> None:
    oracle = coordination(project)
    account = max(oracle, key=lambda a: (oracle.degree(a), a))
    near = project.metrics(["degree"], ego=account, depth=1)
    assert set(near.scores.to_arrow()["account"].to_pylist()) == {account, *oracle[account]}


def test_written_scores_are_in_the_graph_and_survive_a_rebuild(project: Project) -> None:
    measured = project.metrics(["degree", "pagerank"], write=True)
    asked = "MATCH (a:Account)-[s:SCORED]->(r:Run) WHERE s.metric = 'degree' RETURN a.id AS account, s.value AS value"
    expected = dict(zip(*(measured.scores.to_arrow()[c].to_pylist() for c in ("account", "degree")), strict=True))
    project.metrics(["degree"], write=True)  # again: the same rows
    project.rebuild()
    found = project.query(asked).to_arrow()
    assert dict(zip(found["account"].to_pylist(), found["value"].to_pylist(), strict=True)) == expected
    assert found.num_rows == len(expected)


def test_scores_of_a_part_do_not_replace_those_of_the_whole(project: Project) -> None:
    whole = project.metrics(["degree"], write=True)
    part = project.metrics(["degree"], cluster=1, write=True)
    account = part.scores.to_arrow()["account"][0].as_py()
    kept = project.query("account-scores", {"account": account}).to_arrow().to_pylist()
    found = {row["projection"]: row["value"] for row in kept if row["metric"] == "degree"}
    expected = {
        of: dict(zip(*(scores.to_arrow()[c].to_pylist() for c in ("account", "degree")), strict=True))[account]
        for of, scores in (("coordination", whole.scores), ("coordination, cluster 1", part.scores))
    }
    assert found == expected
    assert found["coordination"] < found["coordination, cluster 1"]


def test_the_middle_is_known_by_its_handle(project: Project) -> None:
    row = project.metrics(["degree"]).scores.to_arrow().slice(0, 1).to_pylist()[0]
    by_id = project.metrics(["degree"], ego=row["account"], depth=1)
    by_handle = project.metrics(["degree"], ego=f"@{row['handle'].upper()}", depth=1)
    assert by_id.scores == by_handle.scores
    assert by_handle.part == f"1 steps around {row['account']}"


def test_what_moved_between_two_runs(project: Project) -> None:
    wide = project.detect(window=60, min_objects=3, fdr=0.05)
    narrow = project.detect(window=20, min_objects=3, fdr=0.05)
    moved = project.compare_metrics(wide.run, narrow.run, measure="strength").to_arrow()
    before = {r["account"]: r["before"] for r in moved.to_pylist()}
    strength = project.metrics(["strength"], run=wide.run).scores.to_arrow()
    assert {a: v for a, v in before.items() if v} == dict(
        zip(strength["account"].to_pylist(), strength["strength"].to_pylist(), strict=True)
    )
    changes = [abs(c) for c in moved["change"].to_pylist()]
    assert changes == sorted(changes, reverse=True)


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"measures": ["fame"]}, UsageError),
        ({"measures": []}, UsageError),
        ({"projection": "friends"}, UsageError),
        ({"depth": 0}, UsageError),
        ({"samples": 1}, UsageError),
        ({"cluster": 99}, NothingFound),
        ({"ego": "x:nobody' OR 1=1 //"}, NothingFound),
        ({"run": "R-000000000000"}, NothingFound),
    ],
)
def test_what_cannot_be_measured_is_said(project: Project, asked: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        project.metrics(**asked)  # type: ignore[arg-type]
