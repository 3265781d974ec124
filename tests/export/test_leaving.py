"""What leaves the page: pictures, tables, a copy with notes; and hosts and aids that it must get on with."""

import csv
import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from axe_playwright_python.sync_playwright import Axe
from export.browsing import CHROMIUM, Visit
from export.networks import HOSTILE, network
from playwright.sync_api import Browser, Route, expect

from graphwatch.common.sanitize import plain
from graphwatch.export.exporting import NetworkPage
from graphwatch.export.page.render import html_page, write_html

Open = Callable[..., Visit]
pytestmark = pytest.mark.usefixtures("handles")
GOLDEN = Path(__file__).parent / "golden"
# A thumbnail of what is drawn: fonts and fine lines differ between machines, places and colours do not.
THUMBNAIL = """
(() => {
  const from = document.querySelector(SELECTOR);
  const to = document.createElement("canvas");
  [to.width, to.height] = [48, 32];
  const context = to.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, 48, 32);
  context.imageSmoothingQuality = "high";
  context.drawImage(from, 0, 0, 48, 32);
  return [...context.getImageData(0, 0, 48, 32).data].filter((_, i) => i % 4 < 3);
})()
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, handles: None) -> Path:
    path = tmp_path_factory.mktemp("jejaring") / "jejaring.html"
    write_html(network(), path)
    return path


@pytest.fixture
def page(visit: Open, file: Path) -> Visit:
    return visit(file, accept_downloads=True).ready()


def test_pictures_carry_the_warning(page: Visit) -> None:
    png = page.saved("#png")
    assert png.startswith(b"\x89PNG")
    assert len(png) > 10_000
    svg = page.saved("#svg").decode("utf-8")
    root = ET.fromstring(svg)
    words = " ".join(element.text or "" for element in root.iter())
    assert "dugaan – bukan putusan" in words
    assert "Klaster 1 · 16 akun" in words
    assert "5d41402abc4b2a76b9719d911017c592" in words
    assert {element.tag.partition("}")[2] for element in root.iter()} <= {"svg", "g", "path", "rect", "text"}


def test_tables_hold_what_is_in_sight_and_run_nothing(page: Visit) -> None:
    nodes = list(csv.DictReader(io.StringIO(page.saved("#csv-nodes").decode("utf-8"))))
    edges = list(csv.DictReader(io.StringIO(page.saved("#csv-edges").decode("utf-8"))))
    assert {"nodes": len(nodes), "edges": len(edges)} == page.shown()
    names = {row["shown_as"] for row in nodes}
    assert all(edge["from"] in names and edge["to"] in names for edge in edges)
    cells = [cell for row in (*nodes, *edges) for cell in row.values()]
    assert {plain(name) for name in HOSTILE} <= {cell.removeprefix("'") for cell in cells}
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_note_is_kept_in_a_saved_copy(page: Visit, visit: Open, folder: Path) -> None:
    note = "</script><script>window.attacked=1</script> \u2028 diperiksa"
    page.run("gw.choose({ kind: 'cluster', id: 2 })")
    page.page.fill("#note", note)
    page.run("gw.choose({ kind: 'node', id: 1 })")
    page.page.keyboard.press("h")
    (folder / "salinan.html").write_bytes(page.saved("#save"))
    copy = visit(folder / "salinan.html").ready()
    assert copy.run("gw.hiddenNodes[1]") == 1
    copy.run("gw.choose({ kind: 'cluster', id: 2 })")
    assert copy.find("#note").input_value() == note
    assert "ada catatan" in copy.text("[data-cluster='2']")
    assert copy.run("window.attacked === undefined")
    assert copy.errors == []
    # A copy of a copy is the same page again.
    assert copy.saved("#save") == (folder / "salinan.html").read_bytes()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_readers_aids_find_nothing_to_complain_of(visit: Open, file: Path, scheme: str) -> None:
    page = visit(file, color_scheme=scheme).ready()
    # Added by the test from outside; the page's own policy stays as it is for everything else.
    axe = Axe()
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    for step in (
        "true",
        "gw.choose({ kind: 'cluster', id: 1 })",
        "gw.choose({ kind: 'edge', id: 0 })",
        "gw.plots.open('timeline')",
    ):
        page.run(f"(() => {{ {step}; }})()")
        found = axe.run(page.page, options=options).response["violations"]
        assert [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found] == [], step


def test_everything_can_be_done_by_the_keyboard(page: Visit) -> None:
    reached = set()
    for _ in range(60):
        page.page.keyboard.press("Tab")
        reached.add(page.run("document.activeElement.id || document.activeElement.dataset.cluster || ''"))
    assert {
        "search",
        "path",
        "language",
        "1",
        "2",
        "behind",
        "weight",
        "tab-network",
        "network",
        "fit",
        "time-from",
    } <= reached
    page.find("#network").focus()
    before, _ = page.place(0)
    page.page.keyboard.press("ArrowRight")
    assert page.place(0)[0] < before
    page.page.keyboard.press("n")
    assert page.text("#details h2") == "Klaster 1"
    assert "Klaster 1" in page.text("#said")
    page.find("#tab-network").focus()
    page.page.keyboard.press("ArrowRight")
    assert page.find("#tab-timeline").get_attribute("aria-selected") == "true"


def test_without_scripts_it_says_what_it_needs(browser: Browser, file: Path) -> None:
    arguments = ["--no-sandbox", "--blink-settings=scriptEnabled=false"]
    bare = browser.browser_type.launch(executable_path=CHROMIUM, args=arguments)
    page = bare.new_page()
    page.goto(file.as_uri())
    assert "memerlukan JavaScript" in page.locator("noscript").inner_text()
    assert "nama akun yang sebenarnya" in page.locator("#side").inner_text()
    bare.close()


def test_it_opens_under_the_strictest_policy_of_a_host(browser: Browser, file: Path) -> None:
    written = file.read_text("utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', written)
    assert policy is not None
    strict = policy[1].replace("&#39;", "'") + "; sandbox allow-scripts; frame-ancestors 'none'"
    headers = {"Content-Security-Policy": strict, "Content-Type": "text/html"}
    page = browser.new_page()
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=written, headers=headers)

    page.route("**/*", answer)
    page.goto("http://host.invalid/a.html")
    page.wait_for_selector("html[data-evidence]", state="attached")
    page.close()
    assert asked == ["http://host.invalid/a.html"]


def test_a_notebook_shows_it_in_a_frame_that_reaches_nothing(visit: Open, folder: Path) -> None:
    shown = NetworkPage(html_page(network()))._repr_html_()
    assert shown.count("<") == 2
    assert 'sandbox="allow-scripts allow-downloads"' in shown
    (folder / "notebook.html").write_text(f"<!DOCTYPE html><p id=own>{shown}", encoding="utf-8")
    page = visit(folder / "notebook.html")
    frame = page.page.frame_locator("iframe")
    frame.locator("html[data-ready]").wait_for(state="attached")
    frame.locator("[data-cluster='1']").click()
    expect(frame.locator("#details h2")).to_have_text("Klaster 1")
    assert page.errors == []
    assert len(NetworkPage("x" * 9_000_000)._repr_html_()) < 300


@pytest.mark.parametrize("name", ["network", "timeline", "matrix"])
def test_it_looks_as_it_did(page: Visit, name: str) -> None:
    page.click(f"#tab-{name}")
    page.rests(400)
    selector = "#network canvas" if name == "network" else "#plot-canvas"
    seen = page.run(THUMBNAIL.replace("SELECTOR", json.dumps(selector)))
    kept = GOLDEN / f"{name}.json"
    if os.environ.get("GRAPHWATCH_GOLDEN") == "write":
        kept.write_text(json.dumps(seen, separators=(",", ":")) + "\n", encoding="utf-8")
    wanted = json.loads(kept.read_text(encoding="utf-8"))
    away = [abs(a - b) for a, b in zip(seen, wanted, strict=True)]
    assert sum(away) / len(away) < 6
