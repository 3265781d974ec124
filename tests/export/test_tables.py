import csv
from pathlib import Path

import networkx as nx
import pytest
from export.networks import HOSTILE, network
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.common.sanitize import spreadsheet_cell
from graphwatch.errors import UsageError
from graphwatch.export.tables import write_csv


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_node_and_relation_is_a_row(tmp_path: Path) -> None:
    graph = network()
    write_csv(graph, str(tmp_path / "tabel hasil"))
    nodes = read(tmp_path / "tabel hasil" / "nodes.csv")
    edges = read(tmp_path / "tabel hasil" / "edges.csv")
    assert [row["id"] for row in nodes] == list(graph)
    assert len(edges) == graph.number_of_edges()
    assert list(nodes[0])[:2] == ["id", "label"]
    assert list(edges[0])[:4] == ["from", "to", "type", "id"]
    pair = next(row for row in edges if row["type"] == "CO_INTERACTED")
    assert graph.edges[pair["from"], pair["to"], pair["id"]]["n"] == int(pair["n"])
    assert pair["kinds"] == "LIKED, SHARED"


def test_there_is_no_byte_order_mark(tmp_path: Path) -> None:
    write_csv(network(), tmp_path)
    assert (tmp_path / "nodes.csv").read_bytes().startswith(b"id,label,")


def test_hostile_names_are_cells_that_do_nothing(tmp_path: Path) -> None:
    write_csv(network(), tmp_path)
    names = [row["name"] for row in read(tmp_path / "nodes.csv")]
    assert "'=cmd|' /C calc'!A0" in names
    assert "'@SUM(1+1)*cmd()" in names
    assert HOSTILE[0] in names
    assert not [name for name in names if name.startswith(("=", "+", "-", "@", "\t", "\r"))]


@given(st.text(st.characters()) | st.lists(st.text(st.characters())))
def test_no_text_starts_a_formula(value: object) -> None:
    cell = spreadsheet_cell(value)
    assert isinstance(cell, str)
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert not set(cell) & set("\t\r\n\0")


def test_numbers_stay_numbers() -> None:
    assert [spreadsheet_cell(v) for v in (-3, -0.5, True, float("nan"))] == [-3, -0.5, "true", ""]


def test_the_order_of_rows_and_the_bytes_do_not_change(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_csv(network(), tmp_path / name)
    assert (tmp_path / "a" / "edges.csv").read_bytes() == (tmp_path / "b" / "edges.csv").read_bytes()


def test_an_empty_network_has_headers(tmp_path: Path) -> None:
    write_csv(nx.MultiDiGraph(), tmp_path)
    assert read(tmp_path / "nodes.csv") == []


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("keep")
    with pytest.raises(UsageError, match="folder"):
        write_csv(network(), path)
    assert path.read_text() == "keep"
