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
from graphwatch.privacy.times import Times

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
    "Post": {"id", "url", "text", "at", "links", "hashtags", "images"},
    "Source": {"file", "mapping", "acquired_by", "terms_approved", "roster_key"},
    "Cluster": {p.name for p in ROSTER} - {"n_asn", "expected_asn", "asn_log10_p", "asn_q"},
}
# Persons of the roster, even under their hashes, and where they work are never in a network that is handed on.
LEFT_OUT = {"Asn", "Agency", "BELONGS_TO", "OPERATED_BY", "WORKS_AT", "PART_OF", "DRAWN_FROM"}
# What the office adds is about persons too, or no part of a network.
LEFT_OUT |= {"Complaint", "Phase", "Provision", "Decision", "Watch", "ABOUT", "CONCERNS", "WATCHES", "SCORED"}
# When an account acts after publication finds it again among the public records.
LEFT_OUT |= {"REGULAR_LAG"}
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
    files = [{r.partition(":")[0] for *_, rows in g.edges(data="sources") for r in rows or ()} for g in (graph, copy)]
    assert files[0] == files[1] == {r for *_, rows in copy.edges(data="sources") for r in rows or ()}
    times = Times(graph.graph["phases"])
    told = [
        sorted(t for *_, t in graph.edges(data="at_ms") if t),
        sorted(t for *_, t in copy.edges(data="at_ms") if t),
    ]
    assert sorted(times.told(t) or 0 for t in told[0]) == told[1]


def test_steps_of_minutes_keep_the_order_and_are_told() -> None:
    graph = network()
    copy = masked(graph, NAMES, Times(minutes=10))
    times = [sorted(t for *_, t in g.edges(data="at_ms") if t) for g in (graph, copy)]
    assert times[1] == [at - at % 600_000 for at in times[0]]
    assert copy.graph["minutes"] == 10
    assert any("median_gap_s" in pair for *_, pair in copy.edges(data=True)) == any(
        "median_gap_s" in pair for *_, pair in graph.edges(data=True)
    )


@given(st.lists(st.integers(1_700_000_000_000, 1_750_000_000_000), min_size=1), st.integers(1, 10_000))
def test_what_is_told_is_never_later_and_tells_no_two_acts_of_a_phase_apart(known: list[int], minutes: int) -> None:
    phases = [{"name": "a", "from_ms": 1_720_000_000_000, "to_ms": 1_730_000_000_000}]
    told = [Times(phases).told(at) for at in known]
    assert all(told_ms is not None and told_ms <= at for told_ms, at in zip(told, known, strict=True))
    within = {told_ms for told_ms, at in zip(told, known, strict=True) if 1_720_000_000_000 <= at < 1_730_000_000_000}
    assert len(within) <= 1
    assert all(at - (Times(phases, minutes).told(at) or 0) < minutes * 60_000 for at in known)


def test_a_burst_names_neither_its_interactions_nor_its_post() -> None:
    graph = network()
    post = next(node for node, label in graph.nodes(data="label") if label == "Post")
    burst = {"label": "Burst", "id": "R-1:1:b1", "members": 2, "interactions": ["ab" * 16, "cd" * 16]}
    graph.add_node("R-1:1:b1", **burst, object=post, object_kind="post")
    graph.add_node("R-1:1:b2", **burst | {"id": "R-1:1:b2"}, object="x:71", object_kind="page")
    graph.add_node("R-1:1:b3", **burst | {"id": "R-1:1:b3"}, object="merah", object_kind="hashtag")
    copy = masked(graph, NAMES)
    acts = sorted([NAMES.relation("ab" * 16), NAMES.relation("cd" * 16)])
    # Bursts are numbered in an order that does not tell which came first.
    ids = {f"R-1:1:b{number}" for number in (1, 2, 3)}
    kinds = {copy.nodes[id]["object_kind"]: id for id in ids}
    named = {"object": NAMES.post(post), "object_kind": "post", "interactions": acts}
    assert copy.nodes[kinds["post"]] == burst | named | {"id": kinds["post"]}
    assert copy.nodes[kinds["page"]]["object"] == "x:71"
    assert "object" not in copy.nodes[kinds["hashtag"]]
    assert kinds == {kinds_of: f"R-1:1:b{place}" for place, kinds_of in enumerate(in_new_order(), 1)}


def in_new_order() -> list[str]:
    kinds = {"R-1:1:b1": "post", "R-1:1:b2": "page", "R-1:1:b3": "hashtag"}
    return [kinds[id] for id in sorted(kinds, key=NAMES.relation)]


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
    assert ["00112233445566aa"] in kept
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
            attributes.update(links=[secret("link")], hashtags=[secret("tag")], images=[secret("hash")])
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
