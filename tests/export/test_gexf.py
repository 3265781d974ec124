from pathlib import Path
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from export.networks import HOSTILE, START_MS, network

from graphwatch.common.sanitize import plain
from graphwatch.errors import UsageError
from graphwatch.export.graph_files import write_gexf
from graphwatch.export.positions import positions
from graphwatch.export.rows import PALETTE

NAMES = {"g": "http://gexf.net/1.3", "viz": "http://gexf.net/1.3/viz"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "jejaring hasil.gexf"
    write_gexf(network(), str(path))
    return path


def test_networkx_reads_the_same_network_back(path: Path) -> None:
    graph = network()
    # Of two relations between the same nodes neither may be lost.
    graph.add_edge("x:71", "paslon-1", key="s9", type="SUPPORTS", id="s9")
    write_gexf(graph, path)
    again = nx.read_gexf(path, version="1.3")
    assert set(again) == set(graph)
    assert again.number_of_edges() == graph.number_of_edges()
    assert again.is_directed()
    for start, end, key, n in graph.edges(keys=True, data="n"):
        edge = again.edges[start, end, key]
        assert edge["weight"] == float(n or 1)
        assert edge.get("n") == n
    node = again.nodes["x:10000000"]
    assert (node["model_kind"], node["label"], node["platform"]) == ("Account", "warga_10000000", "x")


def test_times_are_spells_of_a_dynamic_graph(path: Path) -> None:
    root = ET.parse(path).getroot()
    body = root.find("g:graph", NAMES)
    assert root.get("version") == "1.3"
    assert body is not None
    assert (body.get("mode"), body.get("timeformat")) == ("dynamic", "double")
    pair = body.find("g:edges/g:edge[@kind='CO_INTERACTED']", NAMES)
    like = body.find("g:edges/g:edge[@kind='LIKED']", NAMES)
    member = body.find("g:edges/g:edge[@kind='MEMBER_OF']", NAMES)
    assert pair is not None
    assert like is not None
    assert member is not None
    assert float(pair.get("start", "")) == START_MS
    assert float(pair.get("end", "")) > START_MS
    assert like.get("start") == like.get("end")
    assert "start" not in member.attrib


def test_nodes_stand_as_in_the_page(path: Path) -> None:
    found = {
        node.get("id"): (float(place.get("x", "")), -float(place.get("y", "")))
        for node in ET.parse(path).getroot().iterfind(".//g:node", NAMES)
        if (place := node.find("viz:position", NAMES)) is not None
    }
    assert found == positions(network())


def test_only_what_there_is_has_attributes(tmp_path: Path) -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("x:1", label="Account", handle="ani")
    write_gexf(graph, tmp_path / "one.gexf")
    titles = [a.get("title") for a in ET.parse(tmp_path / "one.gexf").getroot().iterfind(".//g:attribute", NAMES)]
    assert titles == ["model_kind", "platform", "handle", "name", "url", "model_kind"]


def test_members_have_the_colour_of_their_cluster(path: Path) -> None:
    graph, root = network(), ET.parse(path).getroot()
    for cluster in (n for n, label in graph.nodes(data="label") if label == "Cluster"):
        code = PALETTE[graph.nodes[cluster]["number"] - 1]
        for member in graph.predecessors(cluster):
            colour = root.find(f"g:graph/g:nodes/g:node[@id='{member}']/viz:color", NAMES)
            assert colour is not None
            assert "#" + "".join(f"{int(colour.get(c, '')):02x}" for c in "rgb") == code


def test_hostile_names_are_text(path: Path) -> None:
    root = ET.parse(path).getroot()
    values = {e.get("value") for e in root.iterfind(".//g:attvalue", NAMES)}
    assert {plain(name) for name in HOSTILE} <= values
    assert "\x00" not in path.read_text("utf-8")
    assert "\u202e" not in path.read_text("utf-8")


def test_a_node_without_anything_but_a_label_is_written(tmp_path: Path) -> None:
    graph: nx.MultiDiGraph = nx.MultiDiGraph()
    graph.add_node("bad\x00id\ud800", label="Account", name="\x1b")
    write_gexf(graph, tmp_path / "a.gexf")
    assert list(nx.read_gexf(tmp_path / "a.gexf", version="1.3")) == ["bad⟨U+0000⟩id⟨U+D800⟩"]


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        write_gexf(network(), tmp_path)
