"""Paths and surroundings in a store, by every way of naming an end."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest
from graph_rows import accounts as account_rows

import graphwatch
from graphwatch.errors import NothingFound, UsageError
from graphwatch.model import RELATIONS, relation
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
