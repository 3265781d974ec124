"""A run keeps its bursts with the ids of their interactions, whatever it took for an object, on both engines."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphwatch.model import POST_INTERACTIONS
from graphwatch.project import Project
from graphwatch.repository.bursts import Burst, acts_of_bursts, bursts_of_cluster
from graphwatch.repository.leads import cluster_ids

WINDOW_MS = 10_000


def fill(project: Project, folder: Path) -> None:
    """Three accounts together on four posts of one page; twice in one second on the first, apart on the last."""
    lines = ["account,object,kind,at,content_id,text"]
    for post in range(4):
        for place, account in enumerate("abc"):
            second = 25 * place if post == 3 else 2 * place
            lines.append(f"{account},p{post},comment,2024-10-0{post + 1}T08:00:{second:02}+07:00,{account}{post},hai")
    lines += ["a,p0,comment,2024-10-01T08:00:00+07:00,again,hai", "a,p0,like,2024-10-01T08:00:01+07:00,,"]
    lines += ["d,p0,like,2024-10-01T08:00:01+07:00,,"]
    (folder / "acts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    project.load(folder / "acts.csv", constants={"platform": "x"})
    posts = ["post,page,hashtags"] + [f"p{post},red,{'satu' if post < 2 else 'dua'}" for post in range(4)]
    (folder / "posts.csv").write_text("\n".join(posts) + "\n", encoding="utf-8")
    project.load(folder / "posts.csv", kind="posts", constants={"platform": "x"})


@pytest.fixture
def project(fill_project: Callable[[Any], Project]) -> Project:
    return fill_project(fill)


def interactions(project: Project) -> dict[str, tuple[str, str, str, int]]:
    """Account, post, kind and time of every interaction, by id."""
    found = {}
    for kind in POST_INTERACTIONS:
        cypher = f"MATCH (a:Account)-[r:{kind}]->(o:Post) RETURN r.id AS id, a.id AS a, o.id AS o, r.at_ms AS t"
        for row in project.store.read(cypher).to_pylist():
            found[row["id"]] = (row["a"], row["o"], kind, row["t"])
    return found


def bursts_of_run(project: Project, run: str, layer: str = "all") -> list[Burst]:
    clusters = cluster_ids(project.store, run, layer)
    return [burst for cluster in clusters for burst in bursts_of_cluster(project.store, cluster)]


@pytest.mark.parametrize("object", ["post", "page", "hashtag"])
def test_bursts_hold_the_interactions_that_they_are_made_of(project: Project, object: Any) -> None:
    run = project.detect(fdr=None, min_objects=1, window=WINDOW_MS / 1000, object=object).run
    acts, bursts = interactions(project), bursts_of_run(project, run)
    posts = {f"x:p{n}": {"post": f"x:p{n}", "page": "x:red", "hashtag": "satu" if n < 2 else "dua"} for n in range(4)}
    for burst in bursts:
        done = [acts[id] for id in burst.interactions]
        assert len(set(burst.interactions)) == burst.size == len(done)
        assert [act[3] for act in done] == sorted(act[3] for act in done)
        assert (done[0][3], done[-1][3]) == (burst.first_ms, burst.last_ms)
        assert len({act[0] for act in done}) == burst.members >= burst.most >= 2
        assert {posts[act[1]][object] for act in done} == {burst.object}
        assert burst.object_kind == object
        assert burst.id == f"{burst.cluster}:b{burst.number}"
    # Whoever acted in the first post's seconds did so in one burst, the account's two comments of one second too.
    first = min(bursts, key=lambda burst: burst.first_ms)
    assert sorted(act[0] for id in first.interactions for act in [acts[id]]) == sorted(["x:a"] * 3 + list(FIRST))
    told = acts_of_bursts(project.store, [first.cluster])
    assert {id: (told[id].account, told[id].post, told[id].kind, told[id].at_ms) for id in first.interactions} == {
        id: acts[id] for id in first.interactions
    }
    assert bursts_of_cluster(project.store, first.cluster) == [b for b in bursts if b.cluster == first.cluster]
    on = project.store.read(
        "MATCH (b:Burst)-[:BURST_ON]->(o:Post|Page) RETURN b.object AS object, o.id AS id"
    ).to_pylist()
    assert all(row["object"] == row["id"] for row in on)
    assert len(on) == (0 if object == "hashtag" else len(bursts))


FIRST = ("x:b", "x:c", "x:d")


def test_a_layer_has_bursts_of_its_own(project: Project) -> None:
    run = project.detect(fdr=None, min_objects=1, window=WINDOW_MS / 1000, layers=True).run
    acts = interactions(project)
    commented = bursts_of_run(project, run, "COMMENTED")
    assert commented
    assert {acts[id][2] for burst in commented for id in burst.interactions} == {"COMMENTED"}
