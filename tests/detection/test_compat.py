"""The other tools' tables out of a store: what was loaded is what those tools would have read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from graph_rows import HOSTILE, accounts, like, likes, posts

import graphwatch
from graphwatch.detection.peers.coortweet import coortweet_edges, coortweet_pairs
from graphwatch.errors import StoreMissing, UsageError
from graphwatch.project import Project
from graphwatch.store.address import Address

HEAD = "object_id,account_id,content_id,timestamp_share\n"
# `z` comes first in the file and is the older on a tie; one row is there twice.
LINES = ["o,z,1,1600000000", "o,a,2,1600000000", "p,a,3,1600000100", "p,z,4,1600000130", "p,z,4,1600000130"]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with graphwatch.open(tmp_path / "s.gw", create=True) as opened:
        yield opened


def load(project: Project, folder: Path, *lines: str, name: str = "a.csv", **options: Any) -> None:
    path = folder / name
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    project.load(path, preset="coortweet", **options)


def answers(project: Project) -> list[pa.Table]:
    return [
        project.compat("coortweet", table="pairs", min_participation=1).to_arrow(),
        project.compat("coortweet", min_participation=1).to_arrow(),
        project.compat("toolkit").to_arrow(),
    ]


def test_rows_come_back_as_often_and_in_the_order_in_which_the_file_has_them(project: Project, tmp_path: Path) -> None:
    load(project, tmp_path, *LINES)
    pairs, edges, toolkit = answers(project)
    older = [(p["object_id"], p["account_id"], p["time_delta"]) for p in pairs.to_pylist()]
    assert older == [("o", "z", 0), ("p", "a", 30), ("p", "a", 30)]
    assert edges["weight"].to_pylist() == [3]
    assert [tuple(e.values()) for e in toolkit.to_pylist()] == [
        ("a", "a", 2),
        ("a", "z", 2),
        ("z", "a", 2),
        ("z", "z", 2),
    ]


def test_files_count_in_the_order_in_which_they_were_loaded(project: Project, tmp_path: Path) -> None:
    load(project, tmp_path, *LINES[:1], name="z.csv")
    load(project, tmp_path, *LINES[1:3], name="a.csv")
    load(project, tmp_path, *LINES[3:], name="m.csv")
    pairs = answers(project)[0].to_pylist()
    assert [p["account_id"] for p in pairs] == ["z", "a", "a"]


def test_loading_a_file_again_changes_nothing(project: Project, tmp_path: Path) -> None:
    load(project, tmp_path, *LINES)
    before = answers(project)
    load(project, tmp_path, *LINES)
    assert answers(project) == before


def test_ids_keep_their_platform_where_there_are_several(project: Project, tmp_path: Path) -> None:
    load(project, tmp_path, *LINES)
    load(project, tmp_path, *LINES, name="b.csv", constants={"platform": "tiktok"})
    pairs, edges, _ = answers(project)
    assert set(edges["from"].to_pylist()) == {"x:z", "tiktok:z"} or set(edges["to"].to_pylist()) == {"x:z", "tiktok:z"}
    assert {p["content_id"].partition(":")[0] for p in pairs.to_pylist()} == {"x", "tiktok"}
    assert pairs.num_rows == 6


def test_interactions_without_a_time_are_left_out_and_counted(project: Project) -> None:
    rows = [like("x:1", "x:p", "r1", 1000, "s:1"), like("x:2", "x:p", "r2", 2000, "s:2")]
    with project.store.write("load") as writing:
        writing.add(accounts({"id": "x:1"}, {"id": "x:2"}, {"id": f"x:{HOSTILE}"}))
        writing.add(posts("x:p"))
        writing.add(likes(*rows, like(f"x:{HOSTILE}", "x:p", "r3", None)))
    found = project.compat("toolkit")
    assert found.untimed == 1
    frame = found.to_pandas()
    assert isinstance(frame, pd.DataFrame)
    assert list(frame["user_1"]) == ["1", "1", "2", "2"]
    assert found.caveats == ("1 interactions without a time were left out.",)


def test_hostile_ids_come_back_as_they_are(project: Project) -> None:
    odd = f"a:b {HOSTILE}"
    with project.store.write("load") as writing:
        writing.add(accounts({"id": "x:1"}, {"id": f"x:{odd}"}))
        writing.add(posts("x:p:q"))
        writing.add(likes(like("x:1", "x:p:q", "r1", 0, "s:1"), like(f"x:{odd}", "x:p:q", "r2", 0, "s:2")))
    pair = answers(project)[0].to_pylist()[0]
    assert (pair["object_id"], pair["account_id"], pair["account_id_y"], pair["content_id"]) == ("p:q", "1", odd, None)


@pytest.mark.parametrize(
    ("tool", "options"),
    [
        ("toolkit", {"table": "pairs"}),
        ("coortweet", {"table": "nodes"}),
        ("gephi", {}),
        ("coortweet", {"window": -1}),
        ("coortweet", {"min_participation": 0}),
        ("coortweet", {"edge_weight": 2}),
        ("toolkit", {"min_weight": 0}),
    ],
)
def test_words_that_do_not_fit_are_refused(
    project: Project, tmp_path: Path, tool: str, options: dict[str, object]
) -> None:
    load(project, tmp_path, *LINES)
    with pytest.raises(UsageError):
        project.compat(tool, **options)  # type: ignore[arg-type]


def test_an_empty_place_says_so(project: Project) -> None:
    with pytest.raises(StoreMissing):
        project.compat("toolkit")


def test_a_server_gives_the_same(
    project: Project, tmp_path: Path, neo4j_address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_USERNAME", neo4j_address.username)
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j_address.password)
    with graphwatch.open(neo4j_address.uri, project=tmp_path / "project", create=True) as server:
        for opened in (project, server):
            load(opened, tmp_path, *LINES)
        ours, theirs = answers(project), answers(server)
    assert ours == theirs


@pytest.fixture(scope="module")
def shares(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The real file, in a store."""
    with graphwatch.open(tmp_path_factory.mktemp("shares") / "s.gw", create=True) as opened:
        opened.load(shared_data / "russian_coord_tweets.csv.gz", preset="coortweet")
        yield opened


@pytest.mark.parametrize("kind", ["pairs", "edges"])
@pytest.mark.parametrize(("window", "least"), [(60, 2), (10, 2), (10, 5)])
def test_recorded_coortweet_tables(shares: Project, shared_data: Path, window: int, least: int, kind: str) -> None:
    found = shares.compat("coortweet", table=kind, window=window, min_participation=least).to_pandas()
    if kind == "pairs":
        found = found.sort_values(["object_id", "content_id", "content_id_y"], ignore_index=True)
    assert_recorded(found, shared_data / "coortweet" / f"russian_tw{window}_mp{least}_{kind}.csv.gz")


@pytest.mark.parametrize("window", [60, 10])
def test_recorded_toolkit_tables(shares: Project, shared_data: Path, window: int) -> None:
    found = shares.compat("toolkit", window=window).to_pandas()
    assert_recorded(found, shared_data / "toolkit" / f"russian_tw{window}_mw1_edges.csv.gz")


def assert_recorded(found: pd.DataFrame, recorded: Path) -> None:
    expected = pd.read_csv(recorded)
    pd.testing.assert_frame_equal(found.astype(expected.dtypes), expected, rtol=1e-14)


def test_the_store_gives_the_rows_of_the_file_in_its_order(shares: Project, shared_data: Path) -> None:
    """Equal tables in equal order, ties included, from the store and from the file itself."""
    read = pd.read_csv(shared_data / "russian_coord_tweets.csv.gz", dtype=str)
    columns = {"account": "account_id", "object": "object_id", "content": "content_id"}
    rows = pa.table(
        {name: pa.array(read[column], pa.string()) for name, column in columns.items()}
        | {"at_ms": read["timestamp_share"].astype("int64") * 1000, "kind": ["SHARED"] * len(read)}
    )
    for table, function in (("pairs", coortweet_pairs), ("edges", coortweet_edges)):
        found = shares.compat("coortweet", table=table).to_arrow()
        assert found.equals(function(rows, 60, 2))
