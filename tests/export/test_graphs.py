"""The network of a run: its nodes are those of the store, whatever ids they have."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from graph_rows import accounts, like, likes, posts

from graphwatch.export.parts import Part, part_of
from graphwatch.model.tables import node_rows, relation_rows
from graphwatch.privacy.keys import project_key
from graphwatch.privacy.pseudonyms import Pseudonyms, masked
from graphwatch.project import Project

MINUTE = 60_000


def fill(project: Project, _folder: Path) -> None:
    """A page that acts itself: it is in the data as an account, too. A post has the id of an account."""
    shared = ["x:a", "x:2", "x:3"]
    with project.store.write("load") as writing:
        writing.add(accounts(*({"id": id, "platform": "x", "handle": id[2:]} for id in ("x:a", "x:b", "x:page"))))
        writing.add(posts(*shared))
        writing.add(node_rows("Page", [{"id": "x:page", "handle": "halaman"}]))
        published = [{"from": "x:page", "to": post, "id": f"p-{post}"} for post in shared]
        writing.add(relation_rows("PUBLISHED", "Page", "Post", published))
        acts = [
            like(account, post, f"{account} {post}", at_ms=day * 1440 * MINUTE + second * 1000)
            for day, post in enumerate(shared)
            for second, account in enumerate(("x:a", "x:b", "x:page"))
        ]
        writing.add(likes(*acts))
    project.detect()


@pytest.fixture
def project(fill_project: Callable[[Any], Project]) -> Project:
    return fill_project(fill)


def named(project: Project, part: Part | None = None) -> dict[str, str]:
    return dict(part_of(project.workspace, part or Part()).nodes(data="label"))


def test_nodes_of_different_labels_with_one_id_stay_apart(project: Project) -> None:
    expected = {
        **dict.fromkeys(("x:a", "x:b", "x:page"), "Account"),
        **dict.fromkeys(("Post:x:a", "x:2", "x:3"), "Post"),
        "Page:x:page": "Page",
    }
    network = project.graph()
    assert dict(network.nodes(data="label")) == expected
    assert network.nodes["x:page"]["handle"] == "page"
    assert network.nodes["Page:x:page"]["handle"] == "halaman"
    assert network.has_edge("Page:x:page", "Post:x:a")
    assert network.has_edge("x:page", "Post:x:a")
    assert named(project, Part(query="MATCH (n)-[r:LIKED|PUBLISHED]->(p:Post) RETURN n, r, p")) == expected


def test_each_has_its_own_pseudonym(project: Project) -> None:
    pseudonyms = Pseudonyms(project_key(project.folder))
    network = masked(project.graph(), pseudonyms)
    assert dict(network.nodes(data="label")) == {
        **{pseudonyms.account(id): "Account" for id in ("x:a", "x:b", "x:page")},
        **{pseudonyms.post(id): "Post" for id in ("x:a", "x:2", "x:3")},
        "x:page": "Page",
    }
    assert set(named(project, Part(ego=pseudonyms.post("x:a")))) == {"Post:x:a", "Page:x:page", "x:a", "x:b", "x:page"}


def test_neo4j_is_given_their_ids(project: Project, tmp_path: Path) -> None:
    project.export(tmp_path, to="neo4j-csv", unmask=True, reason="uji")
    assert (tmp_path / "nodes-Page.csv").read_text(encoding="utf-8").splitlines()[1].startswith("Page:x:page,x:page,")
    published = (tmp_path / "relations-PUBLISHED.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert sorted(line.rpartition(",")[0].split(",")[:2] for line in published) == [
        ["Page:x:page", post] for post in ("Post:x:a", "x:2", "x:3")
    ]
