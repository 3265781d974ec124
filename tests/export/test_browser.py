"""The page in a real browser: opened from a file, clicked, typed into."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from export.browsing import Visit
from export.networks import HOSTILE, network
from playwright.sync_api import expect

from graphwatch.common.sanitize import plain
from graphwatch.export.page.render import write_html
from graphwatch.privacy.pseudonyms import Pseudonyms, masked

Open = Callable[..., Visit]
pytestmark = [pytest.mark.usefixtures("handles"), pytest.mark.long]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, handles: None) -> Path:
    path = tmp_path_factory.mktemp("jejaring #1 %20") / "jejaring.html"
    write_html(network(), path)
    return path


@pytest.fixture
def page(visit: Open, file: Path) -> Visit:
    return visit(file).ready()


def test_it_opens_without_a_complaint_and_asks_for_nothing(page: Visit) -> None:
    assert (page.errors, page.dialogs) == ([], [])
    assert [address.split(":")[0] for address in page.requests] == ["file"]


def test_the_demos_own_page_opens_without_a_complaint(visit: Open, demo_folder: Path) -> None:
    demo = visit(next(demo_folder.glob("*.html"))).ready()
    assert demo.errors == []
    assert "Batas temuan palsu" in demo.text("#details")
    assert "akun" in demo.text("[data-cluster='1'] .why")


def test_the_policy_stops_script_and_requests_that_somebody_gets_in(page: Visit) -> None:
    page.run(
        "(() => { const s = document.createElement('script'); s.textContent = 'window.attacked = 9';"
        " document.body.append(s);"
        " const i = document.createElement('img'); i.src = 'http://192.0.2.1/x.png'; document.body.append(i);"
        " return fetch('http://192.0.2.1/').catch(() => 0); })()"
    )
    assert page.run("window.attacked === undefined")
    assert len([e for e in page.errors if "Content Security Policy" in e]) >= 3


def test_the_network_is_drawn_in_the_colours_of_its_clusters(page: Visit) -> None:
    shown = page.run(
        "(() => { const c = document.querySelector('#network canvas');"
        " const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " const found = new Set();"
        " for (let i = 0; i < d.length; i += 4) found.add((d[i] << 16) | (d[i + 1] << 8) | d[i + 2]);"
        " return [0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7, 0xd55e00].map((c) => found.has(c)); })()"
    )
    assert shown == [True] * 5


def test_at_first_clusters_and_what_ties_them_are_in_sight_and_on_the_screen(page: Visit) -> None:
    labels = page.run("gw.nodes.filter((n, i) => !gw.hiddenNodes[i]).map((n) => [n.kind, n.cluster !== null])")
    assert sum(inside for _, inside in labels) == 55
    assert ["Account", False] not in labels
    assert page.run(
        "(() => { const s = document.getElementById('network').getBoundingClientRect();"
        " return gw.nodes.every((n, i) => { const p = gw.camera.place(n); return gw.hiddenNodes[i] ||"
        " (p.x > 0 && p.y > 0 && p.x < s.width && p.y < s.height); }); })()"
    )


def test_the_rest_comes_into_sight_when_asked_for(page: Visit) -> None:
    before = page.shown()["nodes"]
    page.find("#behind").check()
    assert page.shown()["nodes"] == len(page.run("gw.nodes")) > before


def test_the_list_says_why_accounts_stand_together(page: Visit) -> None:
    line = page.text("[data-cluster='1'] .why")
    assert line.startswith("16 akun, 8 di daftar ASN (wajarnya 1,3), ")
    assert "unggahan dari Pasangan" in line
    assert line.endswith("q = 3·10⁻⁶")


def test_the_lead_notice_is_always_in_sight(page: Visit) -> None:
    for step in ("[data-cluster='1']", "#tab-timeline", "#language", "#dark"):
        page.click(step)
        expect(page.find("header .lead")).to_be_in_viewport()


def test_hostile_names_are_found_and_shown_as_text(page: Visit) -> None:
    for name in HOSTILE:
        number = page.run(f"gw.nodes.findIndex((n) => n.facts.name === {json.dumps(plain(name))})")
        page.run(f"gw.choose({{ kind: 'node', id: {number} }}, {{ go: true }})")
        assert plain(name) in page.find("#details dd").all_text_contents()
    assert page.run("window.attacked === undefined && document.querySelectorAll('img, iframe').length === 0")
    assert page.run("document.documentElement.scrollWidth <= innerWidth")
    assert (page.errors, page.dialogs) == ([], [])


def test_hostile_words_everywhere_are_text(visit: Open, folder: Path) -> None:
    graph = network()
    for account, name in zip([n for n, at in graph.nodes(data="label") if at == "Account"], HOSTILE, strict=False):
        graph.nodes[account]["handle"] = name
    for node, label in graph.nodes(data="label"):
        if label == "Post":
            graph.nodes[node].update(text=HOSTILE[0], url="javascript:window.attacked=5")
    graph.nodes["x:71"]["name"] = HOSTILE[1]
    graph.graph["left_out"] = HOSTILE[2]
    graph.graph["sources"][0]["file"] = HOSTILE[0]
    graph.graph["phases"][0]["name"] = HOSTILE[2]
    path = folder / "a<img src=x onerror=alert(1)>.html"
    write_html(graph, path, links=True)
    page = visit(path).ready()
    page.click("[data-cluster='1']")
    page.click("#details details:not(.innocent) summary")
    # What a block holds is written when the browser tells that it was opened, a moment after the click.
    expect(page.find("#details")).to_contain_text(plain(HOSTILE[0], 80))
    assert HOSTILE[2] in page.text("#notices")
    assert page.find("a[href^=javascript]").count() == 0
    for view in ("timeline", "matrix", "network"):
        page.click(f"#tab-{view}")
        written = page.saved("#svg").decode("utf-8")
        assert "<script" not in written
        assert "<img" not in written
    page.page.fill("#search", "<script>")
    page.saved("#csv-nodes")
    page.saved("#csv-edges")
    assert page.run("window.attacked === undefined && document.images.length === 0")
    assert (page.errors, page.dialogs) == ([], [])


def test_a_click_on_a_cluster_zooms_and_shows_its_evidence(page: Visit) -> None:
    before = page.run("gw.camera.scale()")
    page.click("[data-cluster='2']")
    details = page.text("#details")
    assert page.run("gw.camera.scale()") > before
    for words in ("Klaster 2", "13 akun", "mungkin justru korban", "90\nteramati", "120\nkesempatan", "7,3\nkarena"):
        assert words in details
    page.click("#details details:not(.innocent) summary")
    expect(page.find("#details details tbody tr").nth(1)).to_be_visible()
    assert "00112233445566aa:" in page.text("#details details:not(.innocent)")


def test_a_dot_has_a_card_and_a_panel_and_a_double_click_shows_its_surroundings(page: Visit) -> None:
    x, y = page.place(3)
    page.page.mouse.move(x - 30, y - 30)
    page.page.mouse.move(x, y)
    expect(page.find("#card")).to_contain_text("warga_")
    page.page.mouse.click(x, y)
    expect(page.find("#details h2")).to_contain_text("warga_")
    page.page.mouse.dblclick(x, y)
    expected = page.run("new Set([3, ...gw.touching[3].map((i) => gw.otherEnd(gw.edges[i], 3))]).size")
    assert page.shown()["nodes"] == expected
    page.click("#undo")
    assert page.shown()["nodes"] > expected


def test_a_pair_shows_every_post_in_common_with_its_gap_and_chances_share(page: Visit) -> None:
    number = page.run("gw.edges.findIndex((e) => e.n >= 4)")
    page.run(f"gw.choose({{ kind: 'edge', id: {number} }})")
    assert page.find("#details tbody tr").count() == page.run(f"gw.edges[{number}].n")
    gaps = page.run("[...document.querySelectorAll('#details td.number')].map((e) => parseFloat(e.textContent))")
    assert all(0 <= gap <= 60 for gap in gaps)
    assert "teramati" in page.text("#details .numbers")


def test_addresses_are_text_that_can_be_copied_unless_links_are_allowed(visit: Open, file: Path, folder: Path) -> None:
    page = visit(file, permissions=["clipboard-read", "clipboard-write"]).ready()
    page.run("gw.choose({ kind: 'node', id: 0 })")
    assert page.find("#details a").count() == 0
    page.click("#details .addressed button")
    assert page.run("navigator.clipboard.readText()") == page.text("#details .address")
    write_html(network(), folder / "a.html", links=True)
    linked = visit(folder / "a.html").ready()
    linked.run("gw.choose({ kind: 'node', id: 0 })")
    assert linked.find("#details a").first.get_attribute("rel") == "noopener noreferrer nofollow"


def test_the_way_between_two_nodes(page: Visit) -> None:
    ends = page.run("[gw.clusters[0].members[0], gw.clusters[1].members[0]]")
    page.click("#path")
    for end in ends:
        page.page.mouse.click(*page.place(end))
    expect(page.find("#details h2")).to_have_text("Jalur")
    path = page.run("gw.chosen().path")
    assert [path["nodes"][0], path["nodes"][-1]] == ends
    assert page.find("#details ol li").count() == len(path["edges"]) == len(path["nodes"]) - 1
    assert page.find("#asking").is_hidden()


def test_hiding_and_pinning_can_be_taken_back(page: Visit) -> None:
    before = page.shown()["nodes"]
    page.run("gw.choose({ kind: 'node', id: 2 })")
    page.page.keyboard.press("p")
    page.slide("weight", 99)
    assert page.run("gw.hiddenNodes[2]") == 0
    page.page.keyboard.press("h")
    assert page.run("gw.hiddenNodes[2]") == 1
    for _ in range(3):
        page.page.keyboard.press("u")
    assert page.shown()["nodes"] == before
    assert page.find("#undo").is_disabled()


def test_times_are_those_of_jakarta(page: Visit) -> None:
    assert page.run("gw.time(1726012800000)") == "11 Sep 2024 07:00:00"
    assert page.run("gw.time(1726012800000 + 17 * 3600000 - 1)") == "11 Sep 2024 23:59:59"
    assert page.run("gw.timeMarks(1726012800000, 1726012800000 + 864e5, 4).map((m) => m.text)") == [
        "12.00".replace(".", ":"), "18:00", "00:00", "06:00",
    ]  # fmt: skip


def test_search_suggests_and_the_keyboard_picks(page: Visit) -> None:
    page.page.keyboard.press("/")
    page.page.keyboard.type("warga_1000")
    expect(page.find("#matches [role=option]").first).to_be_visible()
    page.page.keyboard.press("ArrowDown")
    chosen = page.text("#matches [aria-selected=true] span")
    page.page.keyboard.press("Enter")
    assert page.text("#details h2") == chosen
    page.page.keyboard.press("Escape")
    assert page.text("#details h2") == "Cara membaca"
    page.page.keyboard.press("/")
    page.page.fill("#search", "tidak ada yang begini")
    expect(page.find("#matches-count")).to_have_text("Tidak ada yang cocok.")


def test_single_letters_can_be_switched_off(page: Visit) -> None:
    page.find("#shortcuts").uncheck()
    page.page.keyboard.press("n")
    assert page.run("gw.chosen()") is None


def test_the_weight_hides_light_pairs_and_who_is_left_alone(page: Visit) -> None:
    before = page.shown()["nodes"]
    page.run(
        "(() => { const s = document.getElementById('weight'); s.value = s.max;"
        " s.dispatchEvent(new Event('input')); })()"
    )
    assert page.run("gw.edges.every((e, i) => !e.n || e.n >= gw.largest || gw.hiddenEdges[i])")
    assert page.shown()["nodes"] < before
    assert page.text("#weight-value").startswith("≥ ")


def test_the_time_range_hides_what_lies_outside_and_plays(page: Visit) -> None:
    assert page.find(".phase").all_text_contents() == ["Penetapan", "Kampanye", "Masa tenang <b>"]
    page.slide("time-to", 300)
    limit = page.run("gw.sight().to")
    assert page.run(f"gw.edges.every((e, i) => !e.action || gw.hiddenEdges[i] || e.first <= {limit})")
    assert "WIB" in (page.find("#time-to").get_attribute("aria-valuetext") or "")
    page.click("#play")
    for _ in range(60):
        page.page.wait_for_timeout(500)
        if page.run("gw.sight().from > gw.earliest"):
            break
    page.click("#play")
    assert page.run("gw.sight().from") > page.run("gw.earliest")
    page.click("#time-all")
    assert page.run("gw.narrowed()") is False


@pytest.mark.parametrize(("place", "what"), [("#node-kinds", "nodes"), ("#edge-kinds", "edges")])
def test_kinds_can_be_switched_off_and_on(page: Visit, place: str, what: str) -> None:
    before = page.shown()[what]
    page.find(f"{place} input").first.uncheck()
    assert page.shown()[what] < before
    page.find(f"{place} input").first.check()
    assert page.shown()[what] == before


def test_the_language_switch_reaches_everything(page: Visit) -> None:
    page.click("[data-cluster='1']")
    page.click("#language")
    whole = page.text("body")
    assert "a lead – not a verdict" in whole
    assert "Cluster 1" in whole
    for word in ("Klaster", "dugaan", "Akun", "unggahan", "simpul", "Keterangan", "Jejaring", "Urungkan"):
        assert word not in whole, word
    assert page.run("document.documentElement.lang") == "en"


def test_dark_mode_changes_the_drawing_too(page: Visit) -> None:
    corner = "[...document.querySelector('#network canvas').getContext('2d').getImageData(5, 60, 1, 1).data].join()"
    ground = "getComputedStyle(document.body).backgroundColor"
    before, drawn = page.run(ground), page.run(corner)
    page.run("gw.choose({ kind: 'node', id: 0 })")
    page.click("#dark")
    page.rests()
    assert page.run(ground) != before
    assert page.run(corner) != drawn


def test_accounts_over_time_and_pairs_as_a_matrix_lead_to_the_evidence(page: Visit) -> None:
    for view in ("timeline", "matrix"):
        page.run("gw.choose(null)")
        page.click(f"#tab-{view}")
        size = page.run("(() => { const c = document.getElementById('plot-canvas'); return [c.width, c.height]; })()")
        assert min(size) > 300
        spot = page.run(
            "(() => { const plot = gw.plots.plot();"
            " return plot.paint(document.createElement('canvas').getContext('2d'), ...plot.size())[0]; })()"
        )
        page.find("#plot-canvas").click(position={"x": spot["x"], "y": spot["y"]})
        assert page.run("gw.chosen().kind") == "edge"
    assert page.errors == []


def test_printing_keeps_the_warning_and_drops_the_controls(page: Visit) -> None:
    page.page.emulate_media(media="print")
    for selector in ("header .lead", "footer", "#details", "#network", "#clusters"):
        assert page.find(selector).first.is_visible(), selector
    for selector in (".search", ".buttons", ".zoom", "#play"):
        assert not page.find(selector).first.is_visible(), selector


def test_on_a_phone_it_can_be_read(visit: Open, file: Path) -> None:
    phone = visit(file, viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True).ready()
    assert phone.run("document.documentElement.scrollWidth <= innerWidth")
    phone.find("[data-cluster='1']").tap()
    expect(phone.find("#details h2")).to_have_text("Klaster 1")
    assert phone.errors == []


def test_without_a_cluster_the_page_works(visit: Open, folder: Path) -> None:
    write_html(network(clusters=()), folder / "a.html")
    page = visit(folder / "a.html").ready()
    assert "Ini bukan bukti bahwa tidak ada koordinasi" in page.text("#side")
    assert page.errors == []


def test_a_masked_page_shows_pseudonyms_only(visit: Open, folder: Path) -> None:
    write_html(masked(network(), Pseudonyms(b"k" * 32)), folder / "a.html")
    page = visit(folder / "a.html").ready()
    page.click("[data-cluster='1']")
    assert "warga" not in page.text("body").lower()
    assert "A-" in page.text("#details")
    assert page.find(".phase").count() == 3


def test_names_of_persons_stand_in_the_details_and_the_page_says_so(visit: Open, folder: Path) -> None:
    graph = network()
    accounts = sorted(n for n, label in graph.nodes(data="label") if label == "Account")
    for account, name in zip(accounts, HOSTILE, strict=False):
        graph.nodes[account]["person"] = name
    graph.nodes[accounts[len(HOSTILE)]]["unnamed"] = "several"
    graph.graph["names"] = True
    write_html(graph, folder / "a.html")
    page = visit(folder / "a.html").ready()
    side = page.text("#side")
    assert "memuat nama orang" in side
    assert f"Diberi nama: {len(HOSTILE)} akun" in side
    for name in HOSTILE:
        number = page.run(f"gw.nodes.findIndex((n) => n.facts.person === {json.dumps(plain(name))})")
        page.run(f"gw.choose({{ kind: 'node', id: {number} }}, {{ go: true }})")
        assert plain(name) in page.find("#details dd").all_text_contents()
    page.run("gw.choose({ kind: 'node', id: gw.nodes.findIndex((n) => n.facts.unnamed) }, { go: true })")
    assert "tanpa nama orang karena beberapa pemegang" in " ".join(page.text("#details").lower().split())
    assert "memuat nama orang" in page.saved("#svg").decode("utf-8")
    page.click("#language")
    side = page.text("#side")
    assert "contains names of persons" in side
    assert "1 account that several hold" in side
    assert "Tanpa nama" not in side
    assert page.run("window.attacked === undefined && document.querySelectorAll('img, iframe').length === 0")
    assert (page.errors, page.dialogs) == ([], [])


def test_two_thousand_nodes_answer(visit: Open, folder: Path) -> None:
    graph = network(clusters=[60, 50, 40, 40, 30, 30, 25, 25, 20, 20] * 2, posts_each=20, bystanders=920)
    write_html(graph, folder / "a.html")
    page = visit(folder / "a.html").ready()
    assert page.run("gw.nodes.length") == 2000
    page.click("[data-cluster='20']")
    assert "Klaster 20" in page.text("#details")
    assert page.errors == []


def test_the_bursts_of_a_cluster_are_listed_and_stand_out_on_the_timeline(page: Visit) -> None:
    page.click("[data-cluster='1']")
    bursts = page.run("gw.clusters[0].bursts")
    blocks = page.find("#details details:not(.innocent):has(.span)")
    assert blocks.count() == len(bursts) == 9
    assert blocks.first.locator(".span").inner_text().startswith(f"{bursts[0]['members']} akun · ")
    blocks.first.locator("summary").click()
    expect(blocks.first.locator("tbody tr")).to_have_count(bursts[0]["size"])
    page.click("#tab-timeline")
    # Strong dots are larger than those of what was done alone, and there is one for each interaction in a burst.
    radii = page.run(
        "(() => { const pen = document.createElement('canvas').getContext('2d'); const found = [];"
        " const arc = pen.arc.bind(pen); pen.arc = (x, y, r, ...rest) => { found.push(r); arc(x, y, r, ...rest); };"
        " const plot = gw.plots.plot(); plot.paint(pen, ...plot.size()); return found; })()"
    )
    assert radii.count(4) == sum(len(burst["actions"]) for burst in bursts)


def test_a_run_that_kept_no_bursts_says_so_and_what_to_do(visit: Open, folder: Path) -> None:
    graph = network()
    graph.graph["bursts"] = []
    write_html(graph, folder / "a.html")
    page = visit(folder / "a.html").ready()
    assert "`graphwatch detect` mencarinya lagi" in page.text("#notices")
    page.click("[data-cluster='1']")
    assert "`graphwatch detect` mencarinya lagi" in page.text("#details")
    page.click("#tab-timeline")
    page.click("#language")
    assert "The graph lacks the bursts of 1 cluster: " in page.text("#details")
    assert "The graph lacks the bursts of 5 clusters: " in page.text("#notices")
    assert page.errors == []
