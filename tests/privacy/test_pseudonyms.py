"""Pseudonyms, and networks that hold nothing else."""

import base64
import hashlib
import hmac
import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import networkx as nx
from export.networks import network
from export.pages import data_of
from hypothesis import given, settings
from hypothesis import strategies as st

from graphwatch.export.graph_files import write_gexf
from graphwatch.export.page.render import write_html
from graphwatch.export.tables import write_csv
from graphwatch.model import NODES, RELATIONS
from graphwatch.model.findings import ROSTER
from graphwatch.privacy.pseudonyms import KEPT_OF_NODES, KEPT_OF_RELATIONS, Pseudonyms, masked

KEY = bytes(range(32))
IDS = st.text(st.characters())


def test_an_account_is_the_hmac_of_its_id() -> None:
    code = base64.b32encode(hmac.new(KEY, b"x:12", hashlib.sha256).digest()).decode()[:16]
    assert Pseudonyms(KEY).account("x:12") == f"A-{code}"


@given(IDS, IDS)
def test_pseudonyms_are_stable_and_tell_ids_apart(one: str, two: str) -> None:
    names = Pseudonyms(KEY)
    assert re.fullmatch(r"A-[A-Z2-7]{16}", names.account(one))
    assert re.fullmatch(r"P-[A-Z2-7]{16}", names.post(one))
    assert (names.account(one) == names.account(two)) == (one == two)


@given(IDS)
def test_neither_another_key_nor_another_kind_gives_the_same_code(id: str) -> None:
    names = Pseudonyms(KEY)
    assert Pseudonyms(b"k" * 32).account(id) != names.account(id)
    assert len({names.account(id)[2:], names.post(id)[2:], names.relation(id)[2:]}) == 3


def test_the_key_is_not_printed() -> None:
    names = Pseudonyms(b"secret" * 6)
    assert "secret" not in f"{names!r}{names}"


NAMES = Pseudonyms(b"k" * 32)
# Who decides that a new property may be handed on decides it here as well.
WITHHELD_OF_NODES = {
    "Account": {"id", "handle", "name", "url"},
    "Post": {"id", "url", "text", "at", "links", "hashtags"},
    "Source": {"file", "mapping", "acquired_by", "terms_approved", "roster_key"},
    "Cluster": {p.name for p in ROSTER} - {"n_asn", "expected_asn", "asn_log10_p", "asn_q"},
}
# Persons of the roster, even under their hashes, and where they work are never in a network that is handed on.
LEFT_OUT = {"Asn", "Agency", "BELONGS_TO", "OPERATED_BY", "WORKS_AT", "PART_OF", "DRAWN_FROM"}
# What the office adds is about persons too, or no part of a network.
LEFT_OUT |= {"Complaint", "Phase", "Provision", "Decision", "Watch", "ABOUT", "CONCERNS", "WATCHES", "SCORED"}
WITHHELD_OF_INTERACTIONS = {"id", "content_id", "text", "at"}


def test_every_property_of_the_model_is_either_kept_or_withheld() -> None:
    for node in (n for n in NODES if n.label not in LEFT_OUT):
        left = {p.name for p in node.properties} - set(KEPT_OF_NODES[node.label])
        assert left == WITHHELD_OF_NODES.get(node.label, set())
    assert not LEFT_OUT & {*KEPT_OF_NODES, *KEPT_OF_RELATIONS}
    for relation in (r for r in RELATIONS if r.type not in LEFT_OUT):
        left = {p.name for p in relation.properties} - set(KEPT_OF_RELATIONS[relation.type])
        expected = WITHHELD_OF_INTERACTIONS if "content_id" in left else {"id"}
        assert left == expected


def test_the_shape_of_the_network_stays() -> None:
    graph = network()
    copy = masked(graph, NAMES)
    for data in ("label", "type"):
        view = "nodes" if data == "label" else "edges"
        kinds = [sorted(k for *_, k in getattr(g, view)(data=data)) for g in (graph, copy)]
        assert kinds[0] == kinds[1]
    pairs = [
        {(NAMES.account(s), NAMES.account(e)): n for s, e, n in graph.edges(data="n") if n},
        {(s, e): n for s, e, n in copy.edges(data="n") if n},
    ]
    assert pairs[0] == pairs[1]


def test_evidence_and_public_bodies_stay() -> None:
    graph = network()
    copy = masked(graph, NAMES)
    assert copy.nodes["x:71"] == graph.nodes["x:71"]
    assert copy.nodes["paslon-1"] == graph.nodes["paslon-1"]
    assert copy.graph["run"] == graph.graph["run"]
    rows = [sorted(tuple(r) for *_, r in g.edges(data="sources") if r) for g in (graph, copy)]
    assert rows[0] == rows[1]
    times = [sorted(t for *_, t in g.edges(data="at_ms") if t) for g in (graph, copy)]
    assert times[0] == times[1]


def test_a_burst_names_neither_its_interactions_nor_its_post() -> None:
    graph = network()
    post = next(node for node, label in graph.nodes(data="label") if label == "Post")
    burst = {"label": "Burst", "id": "R-1:1:b1", "members": 2, "interactions": ["ab" * 16, "cd" * 16]}
    graph.add_node("R-1:1:b1", **burst, object=post, object_kind="post")
    graph.add_node("R-1:1:b2", **burst | {"id": "R-1:1:b2"}, object="x:71", object_kind="page")
    graph.add_node("R-1:1:b3", **burst | {"id": "R-1:1:b3"}, object="merah", object_kind="hashtag")
    copy = masked(graph, NAMES)
    acts = [NAMES.relation("ab" * 16), NAMES.relation("cd" * 16)]
    assert copy.nodes["R-1:1:b1"] == burst | {"object": NAMES.post(post), "object_kind": "post", "interactions": acts}
    assert copy.nodes["R-1:1:b2"]["object"] == "x:71"
    assert "object" not in copy.nodes["R-1:1:b3"]


def test_the_input_is_left_alone() -> None:
    graph, again = network(), network()
    masked(graph, NAMES)
    assert nx.utils.graphs_equal(graph, again)
    assert graph.graph == again.graph


def test_the_order_of_the_copy_tells_nothing() -> None:
    nodes = [n for n, label in masked(network(), NAMES).nodes(data="label") if label == "Account"]
    assert nodes == sorted(nodes)


def test_kinds_of_nodes_that_are_not_known_here_do_not_leave() -> None:
    graph = network()
    graph.add_node("asn-1", label="Asn", name="Pegawai Contoh")
    graph.add_edge("x:71", "asn-1", key="z", type="BELONGS_TO")
    copy = masked(graph, NAMES)
    assert "asn-1" not in copy
    assert copy.graph["withheld"] == 1
    assert "Pegawai" not in json.dumps(list(copy.nodes(data=True)))


def test_a_row_reference_that_is_none_is_dropped() -> None:
    graph = network()
    edge = next(a for *_, a in graph.edges(data=True) if a["type"] == "LIKED")
    edge["sources"] = ["00112233445566aa:7", "@warga:7", "warga_1"]
    kept = [a["sources"] for *_, a in masked(graph, NAMES).edges(data=True) if "sources" in a]
    assert ["00112233445566aa:7"] in kept
    assert "warga" not in json.dumps(kept)


def test_a_note_that_names_an_account_is_withheld() -> None:
    graph = network()
    graph.graph["sources"][0]["legal_basis"] = "permintaan atas @WARGA_10000000, 2024"
    graph.graph["left_out"] = "akun x:10007919 terlalu besar"
    about = masked(graph, NAMES).graph
    assert "legal_basis" not in about["sources"][0]
    assert about["sources"][0]["acquisition"] == "ekspor resmi platform"
    assert about["left_out"] is None


def distinctive(prefix: str) -> st.SearchStrategy[str]:
    """Tokens that no template, style sheet or library holds by chance."""
    return st.text("qxzjkvwy0123456789", min_size=12, max_size=20).map(lambda t: f"{prefix}{t}")


@st.composite
def networks(draw: st.DrawFn) -> tuple[nx.MultiDiGraph, list[str]]:
    graph = network(clusters=(4, 3), posts_each=3, bystanders=1)
    secrets: list[str] = []

    def secret(prefix: str) -> str:
        secrets.append(draw(distinctive(prefix)))
        return secrets[-1]

    renamed: dict[Any, str] = {}
    for node, attributes in graph.nodes(data=True):
        if attributes["label"] not in ("Account", "Post"):
            continue
        renamed[node] = attributes["id"] = f"x:{secret('native')}"
        fields = ("handle", "name", "url") if attributes["label"] == "Account" else ("url", "text", "at")
        attributes.update({name: secret(name) for name in fields})
        if attributes["label"] == "Post":
            attributes.update(links=[secret("link")], hashtags=[secret("tag")])
    for *_, attributes in graph.edges(data=True):
        if "content_id" in attributes:
            attributes.update(content_id=secret("content"), text=secret("said"), at=secret("at"))
    named = nx.relabel_nodes(graph, renamed)
    keyed: nx.MultiDiGraph = nx.MultiDiGraph(**named.graph)
    keyed.add_nodes_from(named.nodes(data=True))
    for start, end, attributes in named.edges(data=True):
        attributes["id"] = secret("key")
        keyed.add_edge(start, end, key=attributes["id"], **attributes)
    keyed.graph["sources"][0].update(file=secret("file"), acquired_by=secret("by"), mapping=secret("map"))
    return keyed, secrets


@settings(max_examples=15, deadline=None)
@given(networks())
def test_nothing_that_reveals_an_account_is_in_any_file(made: tuple[nx.MultiDiGraph, list[str]]) -> None:
    graph, secrets = made
    copy = masked(graph, NAMES)
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_html(copy, folder / "page.html")
        write_gexf(copy, folder / "graph.gexf")
        write_csv(copy, folder / "tables")
        written = {path: path.read_bytes().lower() for path in folder.rglob("*.*")}
        # The page's data are packed, and have to be looked for unpacked.
        page = folder / "page.html"
        written[page] += json.dumps(data_of(page.read_text(encoding="utf-8"))).lower().encode()
    assert len(written) == 4
    for path, content in written.items():
        found = [word for word in secrets if word.lower().encode() in content]
        assert not found, (path.name, found)


def test_the_same_search_finds_everything_without_masking(tmp_path: Path) -> None:
    graph = network()
    write_csv(graph, tmp_path)
    assert b"warga_10000000" in (tmp_path / "nodes.csv").read_bytes()
    write_html(graph, tmp_path / "page.html")
    assert "warga_10000000" in json.dumps(data_of((tmp_path / "page.html").read_text(encoding="utf-8")))
