"""What other programs are given reads back as the same network."""

import json
from pathlib import Path

import networkx as nx
import pytest
from export.networks import HOSTILE, network

from graphwatch.common.sanitize import plain
from graphwatch.errors import UsageError
from graphwatch.export.graph_files import write_cytoscape, write_graphml, write_json

WRITERS = {"graphml": write_graphml, "json": write_json, "cyjs": write_cytoscape}


def read(path: Path) -> nx.MultiDiGraph:
    if path.suffix == ".graphml":
        return nx.read_graphml(path, force_multigraph=True)
    data = json.loads(path.read_text(encoding="utf-8"))
    return nx.node_link_graph(data, edges="edges") if path.suffix == ".json" else nx.cytoscape_graph(data)


@pytest.fixture(params=list(WRITERS))
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"jejaring hasil.{request.param}"
    graph = network()
    # Of two relations between the same nodes neither may be lost.
    graph.add_edge("x:71", "paslon-1", key="s9", type="SUPPORTS", id="s9")
    WRITERS[request.param](graph, path)
    return path


def test_networkx_reads_the_same_network_back(path: Path) -> None:
    graph, again = network(), read(path)
    assert set(again) == set(graph)
    assert again.is_directed()
    assert again.number_of_edges() == graph.number_of_edges() + 1
    for start, end, key, properties in graph.edges(keys=True, data=True):
        edge = again.edges[start, end, key]
        assert (edge["type"], edge["weight"]) == (properties["type"], float(properties.get("n") or 1))
        assert edge.get("at_ms") == properties.get("at_ms")
    assert again.nodes["x:10007919"]["handle"] == "warga_10007919"
    assert again.nodes["x:10007919"]["label"] == "Account"


def test_hostile_names_are_text(path: Path) -> None:
    names = {name for _, name in read(path).nodes(data="name")}
    assert {plain(name) for name in HOSTILE} <= names
    assert not set(path.read_text("utf-8")) & set("\x00\x07\x1b\u202e")


def test_lists_stay_lists_where_there_are_any(tmp_path: Path) -> None:
    for suffix, kinds in (("json", ["LIKED", "SHARED"]), ("graphml", "LIKED, SHARED")):
        WRITERS[suffix](network(), tmp_path / f"a.{suffix}")
        again = read(tmp_path / f"a.{suffix}")
        assert next(k for _, _, k in again.edges(data="kinds") if k) == kinds


@pytest.mark.parametrize("write", WRITERS.values())
def test_an_empty_network_is_written_and_a_folder_refused(write, tmp_path: Path) -> None:
    write(nx.MultiDiGraph(), tmp_path / "a")
    assert (tmp_path / "a").stat().st_size
    with pytest.raises(UsageError):
        write(network(), tmp_path)


def test_cytoscape_has_its_ids_on_nodes_and_edges(tmp_path: Path) -> None:
    write_cytoscape(network(), tmp_path / "a.cyjs")
    elements = json.loads((tmp_path / "a.cyjs").read_text(encoding="utf-8"))["elements"]
    ids = [element["data"]["id"] for part in ("nodes", "edges") for element in elements[part]]
    assert len(ids) == len(set(ids))
    assert {edge["data"]["source"] for edge in elements["edges"]} <= {n["data"]["id"] for n in elements["nodes"]}
