"""Tables for neo4j-admin, Gephi and Parquet readers."""

import csv
import shlex
from pathlib import Path

import networkx as nx
import pyarrow.parquet as pq
import pytest
from export.networks import network

from graphwatch.errors import UsageError
from graphwatch.export.tables import write_gephi_csv, write_neo4j_csv, write_parquet


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_neo4j_files_hold_the_network_and_the_command_names_them_all(tmp_path: Path) -> None:
    graph = network()
    folder = tmp_path / "untuk neo4j"
    words = shlex.split(write_neo4j_csv(graph, folder))
    assert words[:5] == ["neo4j-admin", "database", "import", "full", "neo4j"]
    named = {Path(word.partition("=")[2]) for word in words if word.startswith(("--nodes=", "--relationships="))}
    assert named == set(folder.iterdir())
    nodes = [row for path in sorted(folder.glob("nodes-*.csv")) for row in read(path)]
    assert {row[":ID"]: row[":LABEL"] for row in nodes} == dict(graph.nodes(data="label"))
    edges = [row for path in sorted(folder.glob("relations-*.csv")) for row in read(path)]
    keys = {(row[":START_ID"], row[":END_ID"], row["id"], row[":TYPE"]) for row in edges}
    assert keys == {(s, e, k, t) for s, e, k, t in graph.edges(keys=True, data="type")}
    pair = read(folder / "relations-CO_INTERACTED.csv")[0]
    assert (pair["kinds:string[]"].split("\x1f"), int(pair["n:long"]) > 0) == (["LIKED", "SHARED"], True)
    assert "median_gap_s:double" in pair


def test_a_folder_that_the_command_could_not_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="comma"):
        write_neo4j_csv(network(), tmp_path / "a,b")
    assert not (tmp_path / "a,b").exists()


def test_neo4j_gets_texts_as_they_are(tmp_path: Path) -> None:
    write_neo4j_csv(network(), tmp_path)
    names = {row["name"] for row in read(tmp_path / "nodes-Account.csv")}
    assert {"@SUM(1+1)*cmd()", "=cmd|' /C calc'!A0"} <= names


def test_gephi_gets_no_empty_column(tmp_path: Path) -> None:
    write_gephi_csv(network(), tmp_path)
    for name in ("nodes.csv", "edges.csv"):
        rows = read(tmp_path / name)
        assert all(any(row[column] for row in rows) for column in rows[0])
        assert not [cell for row in rows for cell in row.values() if "\x1f" in cell]


def test_no_cell_starts_a_formula(tmp_path: Path) -> None:
    write_gephi_csv(network(), tmp_path)
    cells = [c for path in tmp_path.glob("*.csv") for row in read(path) for c in row.values()]
    assert "'@SUM(1+1)*cmd()" in cells
    assert not [c for c in cells if c.lstrip().startswith(("=", "+", "@", "\t", "\r"))]


def test_gephi_knows_the_columns(tmp_path: Path) -> None:
    graph = network()
    write_gephi_csv(graph, tmp_path)
    nodes, edges = read(tmp_path / "nodes.csv"), read(tmp_path / "edges.csv")
    assert list(nodes[0])[:3] == ["Id", "Label", "kind"]
    assert list(edges[0])[:6] == ["Source", "Target", "Type", "Id", "Kind", "Weight"]
    # Gephi takes columns that differ in nothing but case for one.
    for row in (nodes[0], edges[0]):
        assert len({name.casefold() for name in row}) == len(row) - ("type" in row)
    assert [row["Id"] for row in nodes] == list(graph)
    assert {row["Type"] for row in edges} == {"Directed"}
    assert {row["Source"] for row in edges} | {row["Target"] for row in edges} <= set(graph)
    pair = next(row for row in edges if row["Kind"] == "CO_INTERACTED")
    assert float(pair["Weight"]) == graph.edges[pair["Source"], pair["Target"], pair["Id"]]["n"]


def test_parquet_keeps_types(tmp_path: Path) -> None:
    graph = network()
    write_parquet(graph, tmp_path)
    nodes, edges = pq.read_table(tmp_path / "nodes.parquet"), pq.read_table(tmp_path / "edges.parquet")
    assert nodes["id"].to_pylist() == list(graph)
    assert edges.num_rows == graph.number_of_edges()
    row = next(row for row in edges.to_pylist() if row["type"] == "CO_INTERACTED")
    told = graph.edges[row["from"], row["to"], row["id"]]
    assert {k: row[k] for k in ("n", "kinds", "median_gap_s")} == {k: told[k] for k in ("n", "kinds", "median_gap_s")}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["edges.parquet", "nodes.parquet"]


def test_a_name_with_two_types_is_text(tmp_path: Path) -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("R-1", label="Run", accounts=3)
    graph.add_node("D-1", label="Decision", accounts=["x:1", "x:2"])
    write_parquet(graph, tmp_path)
    assert pq.read_table(tmp_path / "nodes.parquet")["accounts"].to_pylist() == ["3", "x:1, x:2"]


@pytest.mark.parametrize("write", [write_neo4j_csv, write_gephi_csv, write_parquet])
def test_an_empty_network_is_written_and_a_file_is_no_folder(write, tmp_path: Path) -> None:
    write(nx.MultiDiGraph(), tmp_path / "a")
    (tmp_path / "b").write_text("keep")
    with pytest.raises(UsageError, match="folder"):
        write(network(), tmp_path / "b")
