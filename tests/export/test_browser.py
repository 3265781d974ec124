"""The page in a real browser: opened from a file, clicked, typed into."""

import json
from pathlib import Path

import pytest
from export.devtools import Browser
from export.networks import HOSTILE, network

from graphwatch.export import write_html
from graphwatch.privacy import Pseudonyms, masked
from graphwatch.texts.plain import plain


@pytest.fixture
def page(browser: Browser, folder: Path) -> Browser:
    path = folder / "jejaring.html"
    write_html(network(), path)
    browser.open(path)
    return browser


def text_of(page: Browser, selector: str) -> str:
    return str(page.run(f"document.querySelector({json.dumps(selector)}).innerText"))


def test_it_opens_without_a_complaint_and_asks_for_nothing(page: Browser) -> None:
    assert page.errors == []
    assert page.console == []
    assert len(page.requests) == 1
    assert page.requests[0].startswith("file:")


def test_the_demos_own_page_opens_without_a_complaint(browser: Browser, demo_folder: Path) -> None:
    browser.open(next(demo_folder.glob("*.html")))
    assert browser.errors == []
    assert browser.console == []
    assert "Batas temuan palsu" in text_of(browser, "#details")


def test_the_policy_stops_script_and_requests_that_somebody_gets_in(page: Browser) -> None:
    page.run(
        "(() => { const s = document.createElement('script'); s.textContent = 'window.attacked = 9';"
        " document.body.append(s);"
        " const i = document.createElement('img'); i.src = 'http://192.0.2.1/x.png'; document.body.append(i);"
        " return fetch('http://192.0.2.1/').catch(() => 0); })()"
    )
    assert page.run("window.attacked === undefined")
    assert len([e for e in page.errors if "Content Security Policy" in e]) >= 3


def test_the_network_is_drawn(page: Browser) -> None:
    shown = page.run(
        "(() => { const c = document.querySelector('canvas');"
        " const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " const found = new Set();"
        " for (let i = 0; i < d.length; i += 4) found.add((d[i] << 16) | (d[i + 1] << 8) | d[i + 2]);"
        " return [0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7, 0xd55e00].map((c) => found.has(c)); })()"
    )
    assert shown == [True] * 5


def test_every_node_is_on_the_screen_at_first(page: Browser) -> None:
    assert page.run(
        "(() => { const s = document.getElementById('network').getBoundingClientRect();"
        " return gw.data.nodes.every((n) => { const p = gw.toScreen(n);"
        " return p.x > 0 && p.y > 0 && p.x < s.width && p.y < s.height; }); })()"
    )


def test_the_lead_notice_is_always_in_sight(page: Browser) -> None:
    for step in ("[data-cluster='1']", "#language", "#dark"):
        page.click_on(step)
        seen = page.run(
            "(() => { const b = document.querySelector('header .lead').getBoundingClientRect();"
            " return b.width > 0 && b.top >= 0 && b.bottom < innerHeight; })()"
        )
        assert seen, step


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_found_and_shown_as_text(page: Browser, name: str) -> None:
    number = page.run(f"gw.data.nodes.findIndex((n) => n.facts.name === {json.dumps(plain(name))})")
    page.run(f"gw.choose('node', {number}, {{ go: true }})")
    shown = page.run("[...document.querySelectorAll('#details dd')].map((e) => e.textContent)")
    assert plain(name) in shown
    assert page.run("window.attacked === undefined && document.querySelectorAll('img, iframe').length === 0")
    assert page.run("document.documentElement.scrollWidth <= innerWidth")
    assert page.errors == []


def test_a_hostile_handle_is_drawn_as_text(browser: Browser, folder: Path) -> None:
    graph = network()
    for account, name in zip([n for n, at in graph.nodes(data="label") if at == "Account"], HOSTILE, strict=False):
        graph.nodes[account]["handle"] = name
    graph.nodes["x:71"]["name"] = HOSTILE[1]
    graph.graph["left_out"] = HOSTILE[2]
    graph.graph["sources"][0]["file"] = HOSTILE[0]
    write_html(graph, folder / "a.html")
    browser.open(folder / "a.html")
    browser.click_on("[data-cluster='1']")
    assert plain(HOSTILE[0], 80) in text_of(browser, "#details")
    assert HOSTILE[2] in text_of(browser, "#notices")
    assert browser.run("window.attacked === undefined && document.images.length === 0")
    assert browser.errors == []


def test_a_click_on_a_cluster_zooms_and_shows_its_evidence(page: Browser) -> None:
    before = page.run("gw.toScreen.scale()")
    page.click_on("[data-cluster='2']")
    details = text_of(page, "#details")
    assert page.run("gw.toScreen.scale()") > before
    assert "Klaster 2" in details
    assert "13 akun · 9 kiriman" in details
    assert "mungkin justru korban" in details
    assert "WIB" in details
    page.click_on("#details details summary")
    page.wait("document.querySelectorAll('#details details tbody tr').length >= 2")
    assert "00112233445566aa:" in text_of(page, "#details details")


def test_a_click_on_a_dot_shows_its_account(page: Browser) -> None:
    x, y = page.run(
        "(() => { const n = gw.data.nodes.find((n) => n.label === 'warga_10467221') ?? gw.data.nodes[0];"
        " const p = gw.toScreen(n), s = document.getElementById('network').getBoundingClientRect();"
        " return [s.x + p.x, s.y + p.y]; })()"
    )
    page.click(x, y)
    page.wait("document.querySelector('#details h2').textContent.startsWith('warga_')")
    assert "Akun" in text_of(page, "#details .kind")


def test_a_pair_shows_every_post_in_common_with_its_gap(page: Browser) -> None:
    number = page.run("gw.data.edges.findIndex((e) => e.n >= 4)")
    page.run(f"gw.choose('edge', {number})")
    rows = page.run("document.querySelectorAll('#details tbody tr').length")
    assert rows == page.run(f"gw.data.edges[{number}].n")
    gaps = page.run("[...document.querySelectorAll('#details td.number')].map((e) => parseFloat(e.textContent))")
    assert all(0 <= gap <= 60 for gap in gaps)


def test_times_are_those_of_jakarta(page: Browser) -> None:
    assert page.run("gw.time(1726012800000)") == "11 Sep 2024 07:00:00"
    assert page.run("gw.time(1726012800000 + 17 * 3600000 - 1)") == "11 Sep 2024 23:59:59"


def test_the_keyboard_reaches_search_and_leaves_it(page: Browser) -> None:
    page.press("/", "/")
    page.type("warga_10007919")
    assert "1 cocok" in text_of(page, "#matches")
    page.press("Enter", "\r")
    assert text_of(page, "#details h2") == "warga_10007919"
    page.press("Escape")
    assert text_of(page, "#details h2") == "Cara membaca"


def test_a_search_without_a_match_says_so(page: Browser) -> None:
    page.press("/", "/")
    page.type("<img src=x onerror=alert(1)>")
    assert "Tidak ada yang cocok" in text_of(page, "#matches")
    assert page.errors == []


def test_the_slider_hides_light_pairs_and_who_is_left_alone(page: Browser) -> None:
    page.run(
        "(() => { const s = document.getElementById('weight');"
        " s.value = s.max; s.dispatchEvent(new Event('input')); })()"
    )
    assert page.run("gw.data.edges.every((e, i) => !e.n || e.n >= gw.network.largest || gw.network.hiddenEdges[i])")
    assert page.run("gw.network.visible(gw.network.hiddenNodes) < gw.data.nodes.length")
    assert text_of(page, "#weight-value").startswith("≥ ")


@pytest.mark.parametrize(("place", "flags"), [("#node-kinds", "hiddenNodes"), ("#edge-kinds", "hiddenEdges")])
def test_kinds_can_be_switched_off_and_on(page: Browser, place: str, flags: str) -> None:
    count = f"gw.network.visible(gw.network.{flags})"
    before = page.run(count)
    page.click_on(f"{place} input")
    assert page.run(count) < before
    page.click_on(f"{place} input")
    assert page.run(count) == before


def test_the_language_switch_reaches_everything(page: Browser) -> None:
    page.click_on("[data-cluster='1']")
    page.click_on("#language")
    whole = text_of(page, "body")
    assert "a lead – not a verdict" in whole
    assert "Cluster 1" in whole
    for word in ("Klaster", "dugaan", "Akun", "kiriman", "simpul", "Keterangan"):
        assert word not in whole, word
    assert page.run("document.documentElement.lang") == "en"


def test_dark_mode_changes_the_drawing_too(page: Browser) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.run(ground)
    page.click_on("#dark")
    assert page.run(ground) != before


def test_every_control_has_a_name_and_can_be_reached(page: Browser) -> None:
    page.click_on("[data-cluster='1']")
    nameless = page.run(
        "[...document.querySelectorAll('button, input')].filter((e) => !(e.textContent.trim()"
        " || e.getAttribute('aria-label') || e.labels?.[0]?.textContent.trim())).map((e) => e.outerHTML)"
    )
    assert nameless == []
    assert page.run("[...document.querySelectorAll('button, input')].every((e) => e.tabIndex >= 0)")


def test_printing_keeps_the_warning_and_drops_the_controls(page: Browser) -> None:
    page.send("Emulation.setEmulatedMedia", media="print")
    shown = "(s) => getComputedStyle(document.querySelector(s)).display !== 'none'"
    try:
        assert page.run(f"['header .lead', 'footer', '#details', '#network'].every({shown})")
        assert not page.run(f"['.search', '.buttons', '.zoom'].some({shown})")
    finally:
        page.send("Emulation.setEmulatedMedia", media="")


def test_without_a_cluster_the_page_works(browser: Browser, folder: Path) -> None:
    write_html(network(clusters=()), folder / "a.html")
    browser.open(folder / "a.html")
    assert "Ini bukan bukti bahwa tidak ada koordinasi" in text_of(browser, "#side")
    assert browser.errors == []


def test_a_masked_page_shows_pseudonyms_only(browser: Browser, folder: Path) -> None:
    write_html(masked(network(), Pseudonyms(b"k" * 32)), folder / "a.html")
    browser.open(folder / "a.html")
    browser.click_on("[data-cluster='1']")
    assert "warga" not in text_of(browser, "body").lower()
    assert "A-" in text_of(browser, "#details")


def test_two_thousand_nodes_answer(browser: Browser, folder: Path) -> None:
    graph = network(clusters=[60, 50, 40, 40, 30, 30, 25, 25, 20, 20] * 2, posts_each=20, bystanders=920)
    write_html(graph, folder / "a.html")
    browser.open(folder / "a.html")
    assert browser.run("gw.data.nodes.length") == 2000
    browser.click_on("[data-cluster='20']")
    assert "Klaster 20" in text_of(browser, "#details")
    assert browser.errors == []
