"use strict";
// Puts the parts together: the drawing, the choice, the keyboard.
(function () {
  const { nodes, edges, hiddenNodes, hiddenEdges, clusterOf } = gw.network;
  const { find } = gw;
  const dots = new vis.DataSet(
    nodes.map(({ id, x, y, size, shape, color }) => ({ id, x, y, size, shape, color, hidden: false })),
  );
  // Relations are drawn by the page: thousands of them cost the library a second for each frame.
  const view = new vis.Network(find("network"), { nodes: dots, edges: new vis.DataSet([]) }, {
    physics: false,
    layout: { improvedLayout: false },
    nodes: { borderWidth: 0.8, borderWidthSelected: 2, chosen: false },
    interaction: { hover: true, dragNodes: false, multiselect: false, selectConnectedEdges: false, tooltipDelay: 1e9 },
  });

  // Until the reader moves the drawing, all of it stays in sight.
  let untouched = true;

  const motion = () => !matchMedia("(prefers-reduced-motion: reduce)").matches;

  function moveTo(x, y, radius) {
    const stage = find("network");
    const scale = Math.min(3, Math.min(stage.clientWidth, stage.clientHeight) / (2.4 * radius));
    const animation = motion() ? { duration: 350, easingFunction: "easeInOutQuad" } : false;
    view.moveTo({ position: { x, y }, scale, animation });
  }

  function fitAll() {
    const shown = nodes.filter((_, i) => !hiddenNodes[i]);
    if (!shown.length) return;
    const discs = [...shown.map((n) => [n.x, n.y, n.size + 12]), ...gw.data.clusters.map((c) => [c.x, c.y, c.radius + 14])];
    const low = [0, 1].map((axis) => Math.min(...discs.map((d) => d[axis] - d[2])));
    const high = [0, 1].map((axis) => Math.max(...discs.map((d) => d[axis] + d[2])));
    const stage = find("network");
    const room = [stage.clientWidth - 24, stage.clientHeight - 56];
    const scale = Math.min(1.6, room[0] / (high[0] - low[0]), room[1] / (high[1] - low[1]));
    const position = { x: (low[0] + high[0]) / 2, y: (low[1] + high[1]) / 2 + 10 / scale };
    view.moveTo({ position, scale, animation: false });
  }

  gw.refresh = function () {
    const before = Uint8Array.from(hiddenNodes);
    gw.network.refresh();
    const changed = nodes.filter((_, i) => before[i] !== hiddenNodes[i]);
    if (changed.length) dots.update(changed.map(({ id }) => ({ id, hidden: Boolean(hiddenNodes[id]) })));
    gw.draw.arrange();
    count();
    view.redraw();
  };

  function count() {
    const shown = { nodes: gw.network.visible(hiddenNodes), edges: gw.network.visible(hiddenEdges) };
    find("shown").textContent = gw.t("shown.line", shown);
  }

  gw.choose = function (kind, id, options) {
    gw.chosen = kind === null ? null : { kind, id };
    gw.hovered = null;
    if (options?.go) untouched = false;
    if (options?.go && kind === "cluster") {
      const { x, y, radius } = clusterOf.get(id);
      moveTo(x, y, radius * 1.35);
    }
    if (options?.go && kind === "node") moveTo(nodes[id].x, nodes[id].y, 260);
    gw.panel.show();
    gw.controls.markCluster();
    view.redraw();
  };

  /** Where a place of the network is on the stage, in pixels. */
  gw.toScreen = (place) => view.canvasToDOM(place);
  gw.toScreen.scale = () => view.getScale();

  function clicked(event) {
    if (event.nodes.length) return gw.choose("node", event.nodes[0]);
    const point = event.pointer.canvas;
    const edge = gw.draw.edgeAt(point, view.getScale());
    if (edge !== null) return gw.choose("edge", edge);
    const cluster = gw.draw.clusterAt(point);
    return cluster ? gw.choose("cluster", cluster.number) : gw.choose(null);
  }

  function zoomBy(factor) {
    untouched = false;
    view.moveTo({ scale: Math.max(0.03, Math.min(6, view.getScale() * factor)) });
  }

  function keys(event) {
    const typing = event.target instanceof HTMLInputElement && event.target.type === "search";
    if (event.key === "Escape") {
      find("matches").hidden = true;
      if (typing) event.target.blur();
      gw.choose(null);
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const acts = { "/": () => find("search").focus(), "+": () => zoomBy(1.3), "-": () => zoomBy(1 / 1.3), 0: fitAll };
    if (Object.hasOwn(acts, event.key)) {
      event.preventDefault();
      acts[event.key]();
    }
  }

  function theme(name) {
    document.documentElement.dataset.theme = name;
    gw.draw.readTones();
    view.redraw();
  }

  function say() {
    gw.wordPage();
    gw.controls.build();
    gw.panel.show();
    count();
    view.redraw();
  }

  function listen() {
    for (const moved of ["zoom", "dragStart"]) view.on(moved, () => { untouched = false; });
    view.on("resize", () => { if (untouched) requestAnimationFrame(fitAll); });
    view.on("beforeDrawing", (context) => gw.draw.below(view, context));
    view.on("afterDrawing", (context) => gw.draw.above(view, context));
    view.on("click", clicked);
    view.on("hoverNode", ({ node }) => { gw.hovered = node; view.redraw(); });
    view.on("blurNode", () => { gw.hovered = null; view.redraw(); });
    find("fit").addEventListener("click", () => { untouched = true; fitAll(); });
    find("closer").addEventListener("click", () => zoomBy(1.3));
    find("farther").addEventListener("click", () => zoomBy(1 / 1.3));
    find("print").addEventListener("click", () => window.print());
    find("dark").addEventListener("click", () => {
      theme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    });
    find("language").addEventListener("click", () => {
      gw.language = gw.language === "id" ? "en" : "id";
      say();
    });
    document.addEventListener("keydown", keys);
    gw.controls.listen();
  }

  theme(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  listen();
  gw.refresh();
  say();
  // The library fits its own way with its first drawing; this comes after it.
  view.once("afterDrawing", () => requestAnimationFrame(() => {
    fitAll();
    document.documentElement.dataset.ready = "yes";
  }));
})();
