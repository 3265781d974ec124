"""A run keeps its bursts with the ids of their interactions, whatever it took for an object, on both engines."""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.detection.counting.pairs import Actions, arrange, count_pairs
from graphwatch.detection.groups.bursts import find_bursts, gather, half_times
from graphwatch.detection.groups.clusters import components, describe
from graphwatch.model import POST_INTERACTIONS
from graphwatch.project import Project
from graphwatch.repository.clusters import cluster_ids
from graphwatch.repository.runs import Burst, acts_of_bursts, bursts_of_cluster

WINDOW_MS = 10_000
WINDOW = 3
HOUR = 3_600_000
Rows = list[tuple[int, int, int]]
rows = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 3), st.integers(0, 25)), max_size=40)
clusters = st.lists(st.integers(0, 2), min_size=8, max_size=8)


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


def arranged(data: Rows) -> Actions:
    account, object, at_ms = (list(c) for c in zip(*data, strict=True)) if data else ([], [], [])
    return arrange(account, object, at_ms, accounts=8)


def members_of(of: list[int]) -> tuple[list[int], list[int]]:
    member = [account for account, number in enumerate(of) if number]
    return member, [of[account] for account in member]


def chains(data: Rows, members: set[int], object: int) -> list[Rows]:
    """The members' actions on an object, cut where the next is more than the window away."""
    found: list[Rows] = []
    for row in sorted((r for r in data if r[0] in members and r[1] == object), key=lambda r: r[2]):
        if found and row[2] - found[-1][-1][2] <= WINDOW:
            found[-1].append(row)
        else:
            found.append([row])
    return found


@given(rows, clusters)
def test_bursts_are_chains_of_two_members_or_more(data: Rows, of: list[int]) -> None:
    expected = []
    for number in (1, 2):
        members = {a for a, n in enumerate(of) if n == number}
        for object in range(4):
            for chain in chains(data, members, object):
                distinct = {a for a, _, _ in chain}
                most = max(len({a for a, _, t in chain if u <= t <= u + WINDOW}) for _, _, u in chain)
                if len(distinct) > 1:
                    times = [t for _, _, t in chain]
                    expected.append((number, object, len(distinct), most, min(times), max(times), len(chain)))
    found = find_bursts(arranged(data), *members_of(of), WINDOW)
    columns = (found.cluster, found.object, found.members, found.most, found.first_ms, found.last_ms)
    got = list(zip(*(c.tolist() for c in columns), (found.end - found.begin).tolist(), strict=True))
    assert got == expected
    assert int(found.inside.sum()) == sum(row[-1] for row in expected)


@given(rows, clusters)
def test_half_time_is_the_shortest_over_all_choices(data: Rows, of: list[int]) -> None:
    expected = {}
    for number in (1, 2):
        members = {a for a, n in enumerate(of) if n == number}
        need = max(2, (len(members) + 1) // 2)
        for object in range(4):
            here = [(a, t) for a, o, t in data if a in members and o == object]
            spans = [
                max(t for _, t in chosen) - min(t for _, t in chosen)
                for chosen in combinations(sorted(set(here)), need)
                if len({a for a, _ in chosen}) == need
            ]
            if spans:
                expected[number, object] = min(spans)
    cluster, objects, shortest = half_times(arranged(data), *members_of(of))
    assert dict(zip(zip(cluster.tolist(), objects.tolist(), strict=True), shortest.tolist(), strict=True)) == expected


def test_what_is_gathered_of_a_cluster() -> None:
    # Three together on two objects, at 6.00 and 7.00 WIB of two days; one more action each on their own.
    data = [(a, o, o * 24 * HOUR + o * HOUR - HOUR + a) for o in (0, 1) for a in (0, 1, 2)]
    data += [(a, 2 + a, 40 * HOUR) for a in (0, 1, 2)]
    actions = arranged([(a, o, t + 2 * HOUR) for a, o, t in data])
    pairs = count_pairs(actions, WINDOW, 2)
    of = components(8, pairs.first, pairs.second)
    tested = (np.full(3, 4, np.int32), np.full(3, 0.5), np.array([0.01, 0.02, 0.04]))
    bursts = find_bursts(actions, *members_of(of.tolist()), WINDOW)
    evidence = gather(actions, pairs, describe(actions, pairs, of, of, WINDOW), bursts, tested)
    assert (evidence.bursts.tolist(), evidence.bursts_of_three.tolist()) == ([2], [2])
    assert (evidence.interactions.tolist(), evidence.burst_share.round(3).tolist()) == ([9], [0.667])
    assert (evidence.days.tolist(), evidence.half_time_s.tolist()) == ([2], [0.001])
    assert evidence.half_objects.tolist() == [2]
    assert {hour: n for hour, n in enumerate(evidence.hours[0].tolist()) if n} == {8: 3, 9: 3}
    ties = evidence.ties
    assert ties.n_sum.tolist() == [6]
    assert ties.opportunities_sum is not None
    assert ties.opportunities_sum.tolist() == [12]
    assert ties.expected_sum is not None
    assert ties.expected_sum.tolist() == [1.5]
    assert ties.q_min is not None
    assert ties.q_min.tolist() == [0.01]
    assert ties.q_median is not None
    assert ties.q_median.tolist() == [0.02]


def test_without_clusters_there_is_nothing_to_say() -> None:
    actions = arranged([(0, 0, 0), (1, 0, 1)])
    pairs = count_pairs(actions, WINDOW, 1)
    none = np.zeros(8, np.int32)
    evidence = gather(actions, pairs, describe(actions, pairs, none, none, 3), find_bursts(actions, [], [], 3), None)
    assert len(evidence.bursts) == len(evidence.half_time_s) == len(evidence.hours) == 0
    assert evidence.ties.q_min is None
