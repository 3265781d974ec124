import dataclasses
import os
import re
import subprocess
import sys
import typing
from pathlib import Path

import networkx as nx
import pytest
from export.networks import HOSTILE, network
from export.pages import Elements, data_of

import graphwatch
from graphwatch.common.sanitize import plain
from graphwatch.errors import InputError, UsageError
from graphwatch.export.page import model
from graphwatch.export.page.render import html_page, write_html
from graphwatch.export.positions import positions
from graphwatch.ingest.batches import Loaded
from graphwatch.privacy.pseudonyms import Pseudonyms, masked
from graphwatch.privacy.times import Times
from graphwatch.project import Project


def load(tmp_path: Path, *rows: str) -> tuple[Project, Loaded]:
    path = tmp_path / "pages.csv"
    path.write_text("\n".join(["page,platform,registered,class,paslon", *rows]), encoding="utf-8")
    project = graphwatch.open(tmp_path / "s.gw", create=True)
    return project, project.load(path, kind="pages")


def test_classes_are_kept_apart_in_both_languages(tmp_path: Path) -> None:
    words = ["resmi", "Tim Kampanye", "RELAWAN", "partai", "media", ""]
    project, _ = load(tmp_path, *(f"{n},x,,{word},01" for n, word in enumerate(words)))
    found = project.query("MATCH (p:Page) RETURN p.class AS class ORDER BY p.id").to_arrow()
    assert found["class"].to_pylist() == ["official", "campaign_team", "volunteers", "party", "media", None]


def test_another_class_is_refused_with_the_list(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a class of page"):
        load(tmp_path, "1,x,yes,influencer,01")
    quarantine = next((tmp_path / "s.gw" / "quarantine").iterdir()).read_text(encoding="utf-8")
    assert "official, campaign_team, volunteers, party, media" in quarantine


def test_more_registered_accounts_than_a_pair_may_have_in_an_app_are_noted(tmp_path: Path) -> None:
    allowed = [f"{n},x,yes,official,01" for n in range(20)]
    others = ["a,x,no,volunteers,01", "b,tiktok,yes,official,01", "c,x,yes,official,02"]
    assert load(tmp_path, *allowed, *others)[1].notes == []
    (tmp_path / "more").mkdir()
    notes = load(tmp_path / "more", *allowed, *others, "d,x,yes,official,01")[1].notes
    assert len(notes) == 1
    assert notes[0].startswith("paslon 01 has 21 registered accounts on x, more than the 20")


PAGE = html_page(network())


def test_the_page_loads_nothing_and_runs_nothing_but_its_own_script() -> None:
    elements = Elements(PAGE)
    attributes = [name for _, found in elements.tags for name in found]
    assert not {"src", "style", "srcset", "action"} & set(attributes)
    assert not [name for name in attributes if name.startswith("on")]
    assert [found["href"] for _, found in elements.tags if "href" in found] == ["#details"]
    policy = next(f["content"] for t, f in elements.tags if t == "meta" and "http-equiv" in f)
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert policy.count("'sha256-") == 2
    assert len(elements.scripts) == 4


def test_data_can_neither_end_its_element_nor_start_another() -> None:
    for block in Elements(PAGE).scripts[:3]:
        assert block.isascii()
        assert not set("<>&") & set(block)


def test_hostile_names_arrive_as_text() -> None:
    names = {node["facts"].get("name") for node in data_of(PAGE)["nodes"]}
    assert {plain(name) for name in HOSTILE} <= names


def test_ids_are_whole_numbers_in_order() -> None:
    graph = network()
    graph.add_node("__proto__", label="Account", id="__proto__")
    data = data_of(html_page(graph))
    assert {"__proto__", *(node["facts"]["id"] for node in data["nodes"])} <= {*graph}
    assert "__proto__" in {node["label"] for node in data["nodes"]}
    assert all(type(e["from"]) is type(e["to"]) is int for e in data["edges"])


def test_every_relation_between_drawn_nodes_is_there_with_its_parallels() -> None:
    graph, data = network(), data_of(PAGE)
    wanted = sorted(type for *_, type in graph.edges(data="type") if type != "MEMBER_OF")
    assert sorted(edge["type"] for edge in data["edges"]) == wanted
    assert sum(kind["count"] for kind in data["edge_kinds"]) == len(wanted)


def test_clusters_are_ranked_with_their_members() -> None:
    data = data_of(PAGE)
    assert [c["number"] for c in data["clusters"]] == [1, 2, 3, 4, 5]
    assert [len(c["members"]) for c in data["clusters"]] == [16, 13, 11, 9, 6]
    assert all(data["nodes"][m]["cluster"] == c["number"] for c in data["clusters"] for m in c["members"])


def test_from_the_eighth_cluster_on_colour_is_grey() -> None:
    data = data_of(html_page(network(clusters=[3] * 9, posts_each=4)))
    assert [c["colour"] for c in data["clusters"]] == [0, 1, 2, 3, 4, 5, 6, -1, -1]


def test_nan_does_not_pass() -> None:
    graph = network()
    for *_, attributes in graph.edges(data=True):
        if attributes["type"] == "CO_INTERACTED":
            attributes["median_gap_s"] = float("nan")
    data = data_of(html_page(graph))
    assert not [e for e in data["edges"] if "median_gap_s" in e["facts"]]


def test_what_is_left_out_is_said_with_its_rule() -> None:
    written = html_page(network(), max_nodes=40)
    data = data_of(written)
    assert len(data["nodes"]) == 40
    assert [n["key"] for n in data["notices"]] == ["notice.nodes", "notice.rule", "notice.clusters"]
    assert [n["key"] for n in data_of(html_page(network(), max_nodes=80))["notices"]][2:] == []
    assert "Ditampilkan 40 dari 109 simpul" in written
    assert "klaster utuh lebih dahulu" in written


def test_what_its_maker_left_out_is_said() -> None:
    graph = network()
    graph.graph["left_out"] = "Pasangan dengan n < 3 <b>"
    assert "Pasangan dengan n &lt; 3 &lt;b&gt;" in html_page(graph)


def test_without_clusters_the_page_says_that_this_proves_nothing() -> None:
    assert "Ini bukan bukti bahwa tidak ada koordinasi" in html_page(network(clusters=()))
    assert "This is not proof that there was no coordination" in html_page(network(clusters=()), language="en")
    assert 'class="nothing" data-text="clusters.none"' not in PAGE


def test_an_empty_network_is_a_page() -> None:
    assert data_of(html_page(nx.MultiDiGraph()))["nodes"] == []


def test_the_page_says_whether_it_shows_real_names() -> None:
    hidden = html_page(masked(network(), Pseudonyms(b"k" * 32)))
    assert "memuat nama akun yang sebenarnya" in before_data(PAGE)
    assert "Akun dan unggahan disamarkan" in before_data(hidden)


def before_data(written: str) -> str:
    return written.partition('<script type="application/json"')[0]


def test_positions_that_are_given_are_taken() -> None:
    graph = network()
    places = {node: (x + 1000.0, y) for node, (x, y) in positions(graph).items()}
    shifted = data_of(html_page(graph, positions=places))["nodes"]
    assert [n["x"] - 1000.0 for n in shifted] == pytest.approx([n["x"] for n in data_of(PAGE)["nodes"]])


def test_the_same_network_gives_the_same_bytes_whatever_the_locale_and_the_hashes(tmp_path: Path) -> None:
    script = (
        "import sys; from export.networks import network; from graphwatch.export.page.render import write_html\n"
        "write_html(network(), sys.argv[1]); write_html(network(), sys.argv[1] + '.part.html', max_nodes=30)"
    )
    root = Path(__file__).parents[2]
    paths = [tmp_path / "satu dua.html", tmp_path / "b.html"]
    for path, locale in zip(paths, ("C", "C.UTF-8"), strict=True):
        seed = str(len(locale))
        env = {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONHASHSEED": seed}
        env["PYTHONPATH"] = os.pathsep.join([str(root), str(root / "tests")])
        subprocess.run([sys.executable, "-c", script, str(path)], check=True, env=env, timeout=60)
    assert paths[0].read_bytes() == paths[1].read_bytes() == PAGE.encode("utf-8")
    parts = [path.with_name(f"{path.name}.part.html").read_bytes() for path in paths]
    assert parts[0] == parts[1]


def test_wrong_words_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="id, en"):
        write_html(network(), tmp_path / "a.html", language="fr")
    with pytest.raises(UsageError, match="at least 1"):
        write_html(network(), tmp_path / "a.html", max_nodes=0)
    with pytest.raises(UsageError, match="folder"):
        write_html(network(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_every_field_of_the_view_has_its_help() -> None:
    views = [v for v in vars(model).values() if isinstance(v, type) and dataclasses.is_dataclass(v)]
    assert len(views) == 10
    for view in views:
        for name, hint in typing.get_type_hints(view, include_extras=True).items():
            assert getattr(hint, "__metadata__", None), f"{view.__name__}.{name}"


def test_every_text_that_the_page_asks_for_is_there() -> None:
    folder = Path(model.__file__).parents[1] / "view"
    texts = data_of(PAGE)["texts"]["id"]
    for source in [*folder.glob("*.js"), folder / "page.html.j2"]:
        words = source.read_text("utf-8")
        asked = re.findall(r"""(?:\bt|part|text)\("([a-z]+(?:\.[a-z]+)*)\"""", words)
        asked += re.findall(r'data-(?:text|name|hint)="([a-z.]+)"', words)
        assert set(asked) <= set(texts), source.name


def kept(graph: nx.MultiDiGraph, **more: object) -> nx.MultiDiGraph:
    """The network with one burst only, of three interactions of its first cluster that lie days apart."""
    cluster, *_ = (burst for burst in graph.graph["bursts"] if len(burst["interactions"]) > 2)
    graph.graph["bursts"] = [{**cluster, "interactions": cluster["interactions"][:3], "size": 3, **more}]
    return graph


def test_a_cluster_has_the_bursts_that_its_run_kept_whatever_the_times_say() -> None:
    graph = kept(network())
    burst = graph.graph["bursts"][0]
    days = dict(zip(burst["interactions"], range(3), strict=True))
    for *_, key, attributes in graph.edges(keys=True, data=True):
        attributes.update({"at_ms": 1_726_012_800_000 + days[key] * 86_400_000} if key in days else {})
    at = [1_726_012_800_000 + 86_400_000 * n for n in (0, 1, 2)]
    coarse = Times(graph.graph["phases"]).told
    for shown, times in ((graph, at), (masked(graph, Pseudonyms(b"k" * 32)), [coarse(time) for time in at])):
        data = data_of(html_page(shown))
        first, *others = data["clusters"]
        assert [cluster["bursts"] for cluster in others] == [[]] * 4
        (told,) = first["bursts"]
        assert (told["members"], told["size"], told["kind"]) == (burst["members"], 3, "post")
        assert [data["edges"][i]["first"] for i in told["actions"]] == times
        assert {data["edges"][i]["to"] for i in told["actions"]} == {told["object"]}
        # What ties a cluster is in sight at first: its one burst's post, and whatever stands behind that.
        posts = [node for node in data["nodes"] if node["kind"] == "Post" and not node["background"]]
        assert posts == [data["nodes"][told["object"]]]


def test_a_link_that_a_burst_was_on_is_text_and_withheld_under_pseudonyms() -> None:
    graph = kept(network(), object=HOSTILE[0], object_kind="link")
    open_, hidden = (
        data_of(html_page(shown))["clusters"][0]["bursts"][0] for shown in (graph, masked(graph, Pseudonyms(b"k" * 32)))
    )
    assert (open_["object"], open_["name"]) == (None, plain(HOSTILE[0]))
    assert (hidden["object"], hidden["name"], hidden["kind"]) == (None, None, "link")
    assert len(open_["actions"]) == len(hidden["actions"]) == 3


def test_bursts_that_do_not_fit_on_the_page_are_not_in_it() -> None:
    whole, part = (data_of(html_page(network(), max_nodes=most)) for most in (1_000, 60))
    assert all(len(cluster["bursts"]) == 9 for cluster in whole["clusters"])
    for cluster in part["clusters"]:
        assert cluster["kept"]
        assert len(cluster["bursts"]) < 9
        assert all(0 <= i < len(part["edges"]) for burst in cluster["bursts"] for i in burst["actions"])


def test_clusters_of_a_run_that_kept_no_bursts_are_told_with_the_remedy() -> None:
    graph = network()
    assert "notice.bursts" not in [notice["key"] for notice in data_of(html_page(graph))["notices"]]
    graph.graph["bursts"] = [b for b in graph.graph["bursts"] if b["cluster"].endswith(":1")]
    written = html_page(graph)
    data = data_of(written)
    assert {"key": "notice.bursts", "values": {"n": 4}} in data["notices"]
    assert [cluster["kept"] for cluster in data["clusters"]] == [True, *[False] * 4]
    assert "`graphwatch detect` mencarinya lagi" in before_data(written)
