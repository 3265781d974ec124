"""Parts of what was found, for exports and for the page in a notebook."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import graphwatch
from graphwatch.errors import NothingFound, QueryRefused, UsageError
from graphwatch.export.parts import Part, part_of
from graphwatch.privacy.access_log import AccessLog
from graphwatch.privacy.keys import project_key
from graphwatch.privacy.pseudonyms import Pseudonyms
from graphwatch.project import Project


@pytest.fixture(scope="module")
def project(demo_store: Path) -> Iterator[Project]:
    with graphwatch.open(demo_store) as project:
        yield project


def labels(project: Project, part: Part) -> list[str]:
    return [label for _, label in part_of(project.workspace, part).nodes(data="label")]


def members(project: Project, number: int) -> list[str]:
    network = project.graph()
    cluster = next(n for n, at in network.nodes(data=True) if at.get("number") == number and at["label"] == "Cluster")
    return sorted(s for s, _, type in network.in_edges(cluster, data="type") if type == "MEMBER_OF")


def test_a_cluster_comes_with_what_ties_it(project: Project) -> None:
    found = part_of(project.workspace, Part(cluster=2))
    accounts = [n for n, label in found.nodes(data="label") if label == "Account"]
    assert sorted(accounts) == members(project, 2)
    cluster = next(at for _, at in found.nodes(data=True) if at["label"] == "Cluster")
    assert sum(label == "Post" for _, label in found.nodes(data="label")) == cluster["objects"]
    assert found.graph["scope"] == "cluster"
    with pytest.raises(NothingFound, match="no cluster 99"):
        part_of(project.workspace, Part(cluster=99))


def test_a_node_is_known_by_id_handle_and_pseudonym(project: Project) -> None:
    network = project.graph()
    account = members(project, 1)[0]
    names = (account, "@" + network.nodes[account]["handle"], Pseudonyms(project_key(project.folder)).account(account))
    around = {account, *network.predecessors(account), *network.successors(account)}
    for name in names:
        assert set(part_of(project.workspace, Part(ego=name))) == around
    with pytest.raises(NothingFound, match="no node 'nobody'"):
        part_of(project.workspace, Part(ego="nobody"))


def test_paths_do_not_lead_through_a_cluster(project: Project) -> None:
    one, two = members(project, 1)[0], members(project, 2)[0]
    found = part_of(project.workspace, Part(path=(one, two)))
    assert {one, two} <= set(found)
    assert "Cluster" not in labels(project, Part(path=(one, two)))
    lone = part_of(project.workspace, Part(path=(one, one)))
    assert set(lone) == {one}


def test_a_query_gives_nodes_relations_and_their_ends(project: Project) -> None:
    at = project.workspace
    whole = part_of(at, Part(query="MATCH (a:Account)-[r:LIKED]->(p:Post) RETURN a, r, p ORDER BY r.id LIMIT 20"))
    ends = part_of(at, Part(query="MATCH (:Account)-[r:LIKED]->(:Post) RETURN r ORDER BY r.id LIMIT 20"))
    paths = part_of(at, Part(query="MATCH w = (:Account)-[r:LIKED]->(:Post) RETURN w ORDER BY r.id LIMIT 20"))
    assert whole.number_of_edges() == 20
    assert set(whole.edges(keys=True)) == set(ends.edges(keys=True)) == set(paths.edges(keys=True))
    assert all(at["label"] in ("Account", "Post") and len(at) > 2 for _, at in ends.nodes(data=True))
    pairs = part_of(project.workspace, Part(query="MATCH (:Account)-[r:CO_INTERACTED]->(:Account) RETURN r LIMIT 5"))
    assert pairs.graph["run"]["window_ms"] == 60_000


def test_a_query_must_read_and_must_return_something_to_draw(project: Project) -> None:
    with pytest.raises(QueryRefused):
        part_of(project.workspace, Part(query="MATCH (a:Account) DELETE a"))
    with pytest.raises(NothingFound, match="no node"):
        part_of(project.workspace, Part(query="MATCH (a:Account) RETURN a.id LIMIT 3"))


def test_one_part_at_a_time() -> None:
    with pytest.raises(UsageError, match="cluster and ego"):
        Part(cluster=1, ego="x")


def test_the_page_in_a_notebook_is_masked_and_bounded(project: Project, tmp_path: Path) -> None:
    shown = project.view(cluster=1, lang="en")
    handles = [at["handle"] for _, at in project.graph().nodes(data=True) if at["label"] == "Account"]
    assert not [handle for handle in handles if len(handle) > 6 and handle in shown.html]
    assert shown.save(tmp_path / "a.html").read_text("utf-8") == shown.html
    assert "srcdoc" in shown._repr_html_()
    assert "html" not in repr(shown)
    with pytest.raises(UsageError, match="reason"):
        project.view(unmask=True)
    project.view(ego=members(project, 1)[0], unmask=True, reason="klarifikasi kasus 13", opening="timeline")
    log = project.folder / "access.log"
    assert "klarifikasi kasus 13" in log.read_text("utf-8")
    AccessLog(log).verify()
