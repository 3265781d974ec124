"""Paths between nodes, and what is near one."""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import networkx as nx
import pytest
from graph_rows import accounts as account_rows
from hypothesis import given
from hypothesis import strategies as st

import graphwatch
from graphwatch.analysis.tracing import Search, surroundings
from graphwatch.errors import NothingFound, UsageError
from graphwatch.model import RELATIONS, relation
from graphwatch.model.declaring import Key
from graphwatch.privacy.keys import project_key
from graphwatch.privacy.pseudonyms import Pseudonyms
from graphwatch.project import Project

KINDS = ("LIKED", "COMMENTED", "SHARED", "PUBLISHED", "SUPPORTS")


@pytest.fixture(scope="module")
def project(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    copy = tmp_path_factory.mktemp("trace") / "demo.gw"
    shutil.copytree(demo_store, copy)
    with graphwatch.open(copy) as opened:
        yield opened


@pytest.fixture(scope="module")
def oracle(project: Project) -> "nx.Graph[tuple[str, str]]":
    graph = nx.Graph()
    for kind in KINDS:
        for start, end in relation(kind).ends:
            rows = project.query(f"MATCH (a:{start})-[:{kind}]->(b:{end}) RETURN a.id AS a, b.id AS b").to_arrow()
            graph.add_edges_from(((start, r["a"]), (end, r["b"])) for r in rows.to_pylist())
    return graph


def accounts(project: Project) -> list[str]:
    rows = project.query("MATCH (a:Account) RETURN a.id AS id ORDER BY id").to_arrow()
    return list(map(str, rows["id"].to_pylist()))


@pytest.mark.parametrize("other", [1, 40, 300, 599])
def test_all_shortest_paths(project: Project, oracle: "nx.Graph[tuple[str, str]]", other: int) -> None:
    ids = accounts(project)
    ends = ("Account", ids[0]), ("Account", ids[other])
    expected = sorted(nx.all_shortest_paths(oracle, *ends))
    traced = project.trace(ids[0], ids[other], kinds=KINDS, limit=2000)
    found = [[(h.start.label, h.start.id) for h in path] + [ends[1]] for path in traced.paths]
    assert found == expected[:2000]
    assert traced.more == (len(expected) > 2000)


def test_every_hop_has_its_relations_with_file_and_row(project: Project) -> None:
    ids = accounts(project)
    for path in project.trace(ids[0], ids[40], limit=3).paths:
        for hop in path:
            assert hop.ties
            for tie in hop.ties:
                if tie.type in ("LIKED", "COMMENTED", "SHARED"):
                    assert tie.rows
                    assert all(row.file == "interactions.csv" and int(row.row) > 0 for row in tie.rows)


def test_ends_by_handle_pseudonym_name_and_label(project: Project) -> None:
    rows = project.query("MATCH (a:Account) RETURN a.id AS id, a.handle AS handle ORDER BY id LIMIT 20").to_arrow()
    first, second = rows.to_pylist()[3], rows.to_pylist()[9]
    pseudonym = Pseudonyms(project_key(project.folder)).account(first["id"])
    expected = project.trace(first["id"], second["id"]).paths
    for begin in ("@" + first["handle"], first["handle"].upper(), pseudonym, f"Account:{first['id']}"):
        assert project.trace(begin, second["handle"]).paths == expected


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("rt_08", "warga_rt_08"),
        ("@SARI", "sari_1, sari_22, sari_333"),
        ("wrga_rt_08", "warga_rt_08"),
        ("warag_rt_08", "warga_rt_08"),
        ("warga_rt_09", "warga_rt_08"),
        ("w", "warga_rt_08"),
        ("nobody at all", "Name it by its id"),
    ],
)
def test_an_unknown_name_lists_what_holds_or_resembles_it(empty_project: Project, word: str, nearest: str) -> None:
    handles = ("warga_rt_08", "sari_22", "sari_333", "sari_1", "budi")
    with empty_project.store.write("load") as writing:
        writing.add(account_rows(*({"id": f"x:{n}", "handle": handle} for n, handle in enumerate(handles))))
    with pytest.raises(NothingFound, match=nearest):
        empty_project.trace("x:4", word)


def test_a_page_is_an_end(project: Project) -> None:
    page = project.query("MATCH (p:Page)-[:PUBLISHED]->(:Post) RETURN p.id AS id LIMIT 1").to_arrow()["id"][0].as_py()
    traced = project.trace(accounts(project)[0], f"Page:{page}")
    assert traced.ends[0].label == "Page"
    assert traced.paths


def test_hubs_are_left_and_said(project: Project) -> None:
    ids = accounts(project)
    free = project.trace(ids[0], ids[300], max_degree=0)
    narrow = project.trace(ids[0], ids[300], max_degree=30)
    assert not free.hubs
    assert narrow.hubs
    named = {(n.label, n.id) for n in narrow.hubs}
    assert not any((h.start.label, h.start.id) in named for path in narrow.paths for h in path[1:])


def test_a_time_range_and_kinds_bound_what_counts(project: Project) -> None:
    ids = accounts(project)
    before = project.trace(ids[0], ids[40], to="2004-01-01", kinds=["LIKED"])
    assert before.hops is None
    assert before.seen == 2
    only = project.trace(ids[0], ids[40], kinds=["LIKED"])
    assert {tie.type for path in only.paths for hop in path for tie in hop.ties} == {"LIKED"}


def test_longer_paths_follow_the_shortest(project: Project) -> None:
    ids = accounts(project)
    traced = project.trace(ids[0], ids[1], longer=2, limit=500)
    lengths = [len(path) for path in traced.paths]
    assert lengths == sorted(lengths)
    assert traced.hops is not None
    assert set(lengths) <= {traced.hops, traced.hops + 1, traced.hops + 2}


def test_pairs_of_a_run_only_when_asked_for(project: Project) -> None:
    member = project.query("cluster-members", {"cluster": 1}).to_arrow()["account"].to_pylist()
    traced = project.trace(member[0], member[1], kinds=["CO_INTERACTED"])
    assert traced.paths
    assert all("opportunities" in tie.properties for path in traced.paths for hop in path for tie in hop.ties)
    assert "CO_INTERACTED" not in project.trace(member[0], member[1]).kinds


def test_surroundings_say_what_was_left_out(project: Project) -> None:
    near = project.neighbours(accounts(project)[0], depth=2, max_nodes=10)
    assert len(near) == 10
    assert sum(near.left_out.values()) > 0
    whole = project.neighbours(accounts(project)[0], depth=1, max_nodes=10_000)
    assert whole.left_out == {}


def test_an_unknown_end_names_the_nearest(project: Project) -> None:
    handle = project.query("MATCH (a:Account) WHERE a.handle =~ '[a-z_0-9]+' RETURN a.handle AS h LIMIT 1").to_arrow()
    name = handle["h"][0].as_py()
    with pytest.raises(NothingFound, match=name):
        project.trace(name + "x", accounts(project)[0])


def test_an_ambiguous_end_lists_the_candidates(tmp_path: Path) -> None:
    (tmp_path / "likes.csv").write_text(
        "account,account_handle,object,kind,at\n1,budi,p,like,2024-10-01T10:00:00Z\n2,budi,p,like,2024-10-01T11:00:00Z\n"
    )
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        project.load(tmp_path / "likes.csv", constants={"platform": "x"})
        with pytest.raises(UsageError, match=r"Account:x:1, Account:x:2"):
            project.trace("budi", "x:1")
        assert project.trace("x:1", "x:2").hops == 2


@pytest.mark.parametrize(
    "asked",
    [
        {"kinds": ["ADMIRED"]},
        {"kinds": ["LIKED"], "not_kinds": ["LIKED"]},
        {"max_hops": 0},
        {"max_hops": 99},
        {"limit": 0},
        {"longer": -1},
        {"max_degree": -1},
    ],
)
def test_what_cannot_be_asked(project: Project, asked: dict[str, object]) -> None:
    ids = accounts(project)
    with pytest.raises(UsageError):
        project.trace(ids[0], ids[1], **asked)  # type: ignore[arg-type]


def test_names_are_never_part_of_the_question(project: Project) -> None:
    with pytest.raises(NothingFound):
        project.trace("x' OR 1=1 RETURN n //", accounts(project)[0])


def test_every_relation_has_words() -> None:
    from graphwatch.common.i18n import text

    for kind in RELATIONS:
        assert text(f"trace.says.{kind.type}", "id")


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
