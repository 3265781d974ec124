"""The network page in a real browser, beside pyvis and neo4j-viz: `python -m benchmarks.view [NODES…] [PAGE.html…]`.

Each page is opened from a file in headless Chromium. First: from the start of the navigation until a frame holds
something drawn. Ready: until the first drawing is done and the page takes input again. Pan and zoom: median time
between frames while a mouse drags the view, and while its wheel turns. A page that is given as a file, such as one
that another version made, is measured in turn with the others. neo4j-viz is measured where it is installed (GPL; not a
dependency).
"""

import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import networkx as nx
from playwright.sync_api import Browser, sync_playwright

from graphwatch.export.page.render import write_html
from graphwatch.export.positions import positions

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
START_MS = 1_726_012_800_000
# Notes when something is drawn and when the page says that it is ready, on the clock that starts with the navigation.
WATCH = """
window.firstAt = null;
for (const name of ["fill", "stroke"]) {
  const draw = CanvasRenderingContext2D.prototype[name];
  CanvasRenderingContext2D.prototype[name] = function (...values) {
    CanvasRenderingContext2D.prototype[name] = draw;
    requestAnimationFrame(() => setTimeout(() => { window.firstAt ??= performance.now(); }));
    return draw.apply(this, values);
  };
}
window.readyAt = null;
new MutationObserver(() => {
  if (window.readyAt === null && document.documentElement.dataset.ready) {
    setTimeout(() => { window.readyAt = performance.now(); });
  }
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-ready"] });
"""
# Drags the view by a step a frame, back and forth, as fast as it is drawn.
DRAG = """
async () => {
  const target = [...document.querySelectorAll("canvas")].find((c) => c.clientWidth > 300);
  const send = (type, x, y) => {
    const mouse = { pointerId: 1, pointerType: "mouse", buttons: 1, isPrimary: true };
    const about = { bubbles: true, clientX: x, clientY: y, ...mouse };
    target.dispatchEvent(new PointerEvent(type, about));
    target.dispatchEvent(new MouseEvent(type.replace("pointer", "mouse"), about));
  };
  const frame = () => new Promise(requestAnimationFrame);
  send("pointerdown", 660, 440);
  const times = [];
  let last = await frame();
  for (let i = 1; i <= 70; i += 1) {
    const far = (i % 40 < 20 ? i % 40 : 40 - (i % 40)) * 9;
    send("pointermove", 660 + far, 440 + far / 3);
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  send("pointerup", 660, 440);
  return times;
}
"""

# Turns the wheel a notch a frame, into the drawing and out again.
WHEEL = """
async () => {
  const target = [...document.querySelectorAll("canvas")].find((c) => c.clientWidth > 300);
  const frame = () => new Promise(requestAnimationFrame);
  const times = [];
  let last = await frame();
  for (let i = 0; i < 70; i += 1) {
    const turn = { clientX: 660, clientY: 440, deltaY: i % 20 < 10 ? -100 : 100 };
    target.dispatchEvent(new WheelEvent("wheel", { bubbles: true, cancelable: true, ...turn }));
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  return times;
}
"""


def made(count: int, seed: int = 3) -> nx.MultiDiGraph:
    """A network of `count` nodes and three times as many relations, in clusters, with evidence."""
    chance = random.Random(seed)
    graph: nx.MultiDiGraph = nx.MultiDiGraph()
    bursts: list[dict[str, object]] = []
    run = {"id": "R-benchmark", "window_ms": 60_000, "fingerprint": "0" * 32}
    graph.graph.update(run=run, sources=[], bursts=bursts)
    pages = [f"x:page{i}" for i in range(10)]
    for page in pages:
        graph.add_node(page, label="Page", id=page, name=f"Halaman {page[6:]}")
    size = 40
    number = 0
    while graph.number_of_nodes() < count:
        number += 1
        members = [f"x:{number}a{i}" for i in range(min(size, max(3, count - graph.number_of_nodes())))]
        for member in members:
            graph.add_node(member, label="Account", id=member, handle=f"warga_{member[2:]}", platform="x")
        posts = [f"x:{number}p{i}" for i in range(min(16, max(0, count - graph.number_of_nodes())))]
        for post in posts:
            at = START_MS + chance.randrange(60 * 86_400_000)
            graph.add_node(post, label="Post", id=post, at_ms=at, text=f"Mari hadir di lapangan {post}")
            graph.add_edge(chance.choice(pages), post, key=f"p{post}", type="PUBLISHED")
            for member in chance.sample(members, min(6, len(members))):
                key = f"l{member}{post}"
                sources = [f"00112233445566aa:{chance.randrange(10**6)}"]
                graph.add_edge(
                    member, post, key=key, type="LIKED", at_ms=at + chance.randrange(40_000), sources=sources
                )
            acts = sorted((at_ms, key) for _, _, key, at_ms in graph.in_edges(post, keys=True, data="at_ms") if at_ms)
            bursts.append(
                {
                    "cluster": f"R:{number}",
                    "number": len(bursts),
                    "object": post,
                    "object_kind": "post",
                    "members": len(acts),
                    "first_ms": acts[0][0],
                    "last_ms": acts[-1][0],
                    "size": len(acts),
                    "interactions": [key for _, key in acts],
                }
            )
        _pairs(graph, members, chance)
        cluster = f"R:{number}"
        graph.add_node(cluster, label="Cluster", number=number, size=len(members))
        for member in members:
            graph.add_edge(member, cluster, key=f"m{member}", type="MEMBER_OF")
    return graph


def _pairs(graph: nx.MultiDiGraph, members: list[str], chance: random.Random) -> None:
    for _ in range(2 * len(members)):
        one, two = sorted(chance.sample(members, 2))
        graph.add_edge(
            one, two, key=f"c{one}{two}", type="CO_INTERACTED", n=chance.randrange(3, 9), opportunities=20,
            expected=1.0, q=0.001, first_ms=START_MS, last_ms=START_MS + 10**9,
        )  # fmt: skip


def ours(graph: nx.MultiDiGraph, path: Path) -> None:
    write_html(graph, path, max_nodes=graph.number_of_nodes())


def pyvis(graph: nx.MultiDiGraph, path: Path) -> None:
    """The peer pyvis with the same positions, physics off; its page says when it has drawn."""
    from pyvis.network import Network

    network = Network(directed=True, cdn_resources="in_line", height="860px")
    network.node_ids = _Ids()
    network.toggle_physics(False)
    places = positions(graph)
    index = {n: i for i, n in enumerate(graph) if graph.nodes[n]["label"] != "Cluster"}
    for name, i in index.items():
        x, y = places[name]
        network.add_node(i, label=name, title=name, x=x, y=y, size=8, shape="dot")
    for start, end, attributes in graph.edges(data=True):
        if start in index and end in index:
            network.add_edge(index[start], index[end], title=attributes["type"])
    page = network.generate_html(notebook=False)
    drawn = 'network.once("afterDrawing", () => { document.documentElement.dataset.ready = "yes"; });'
    path.write_text(page.replace("return network;", drawn + "return network;"), encoding="utf-8")


def neo4j_viz(graph: nx.MultiDiGraph, path: Path) -> None:
    """The peer neo4j-viz with the same positions in its free layout; ready is when its canvas is there and idle."""
    from neo4j_viz import Layout, Node, Relationship, VisualizationGraph

    places = positions(graph)
    index = {n: i for i, n in enumerate(graph) if graph.nodes[n]["label"] != "Cluster"}
    nodes = [Node(id=i, caption=n, x=places[n][0], y=places[n][1], size=8) for n, i in index.items()]
    relations = [
        Relationship(id=k, source=index[s], target=index[e])
        for k, (s, e) in enumerate(graph.edges())
        if s in index and e in index
    ]
    html = VisualizationGraph(nodes=nodes, relationships=relations).render(
        layout=Layout.COORDINATE, max_allowed_nodes=10**6, height="860px"
    )
    drawn = (
        "<script>const look = () => document.querySelector('canvas') ? requestAnimationFrame(() => setTimeout(() => {"
        " document.documentElement.dataset.ready = 'yes'; })) : setTimeout(look, 5); look();</script>"
    )
    path.write_text(str(html.data) + drawn, encoding="utf-8")


class _Ids(dict[int, None]):
    def append(self, id: int) -> None:
        self[id] = None


def measured(browser: Browser, path: Path) -> list[float]:
    """Milliseconds until the first frame and until it is ready, and of the median frames of a drag and of a zoom."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    try:
        # Nothing may wait for a host that nobody can reach.
        page.route("http*://**", lambda route: route.abort())
        page.add_init_script(WATCH)
        page.goto(path.as_uri(), wait_until="commit")
        page.wait_for_selector("html[data-ready]", state="attached", timeout=120_000)
        page.wait_for_timeout(1500)
        opened = page.evaluate("[window.firstAt, window.readyAt]")
        return [*opened, *(statistics.median(page.evaluate(motion)[2:]) for motion in (DRAG, WHEEL))]
    finally:
        page.close()


def report(browser: Browser, pages: list[tuple[str, Path]], rounds: int) -> None:
    """Measure the pages in turn, so that whatever else the machine does is shared out."""
    runs: dict[Path, list[list[float]]] = {path: [] for _, path in pages}
    for _ in range(rounds):
        for _, path in pages:
            runs[path].append(measured(browser, path))
    for title, path in pages:
        figures = " | ".join(f"{statistics.median(column):,.0f}" for column in zip(*runs[path], strict=True))
        print(f"| {title} | {figures} | {path.stat().st_size / 1e6:.2f} |")


def main(counts: list[int], given: list[Path], rounds: int = 3) -> None:
    engines: dict[str, Callable[[nx.MultiDiGraph, Path], None]] = {"pyvis, positions given": pyvis, "graphwatch": ours}
    try:
        import neo4j_viz as _  # noqa: F401
    except ImportError:
        print("neo4j-viz is not installed: left out")
    else:
        engines["neo4j-viz, positions given"] = neo4j_viz
    print("| page | nodes | relations | made (s) | first (ms) | ready (ms) | pan (ms) | zoom (ms) | file (MB) |")
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        pages = [(f"{path.name} | – | – | –", path.resolve()) for path in given]
        for count in counts:
            graph = made(count)
            for name, write in engines.items():
                path = Path(folder) / f"{name} {count}.html"
                began = time.perf_counter()
                write(graph, path)
                took = time.perf_counter() - began
                pages.append((f"{name} | {count:,} | {graph.number_of_edges():,} | {took:.1f}", path))
        report(browser, pages, rounds)
        browser.close()


if __name__ == "__main__":
    files = [Path(word) for word in sys.argv[1:] if word.endswith(".html")]
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(numbers or ([] if files else [1_000, 5_000, 20_000]), files)
