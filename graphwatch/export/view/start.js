"use strict";
// Puts the parts together: the drawing, the choice, the language.
(function () {
  const { nodes, clusterOf } = gw.network;
  const { hiddenNodes, hiddenEdges } = gw.visible;
  const { find } = gw;

  gw.shown = () => ({ nodes: gw.visible.inSight(hiddenNodes), edges: gw.visible.inSight(hiddenEdges) });

  function sync() {
    find("shown").textContent = gw.t("shown.line", gw.shown());
    gw.legend.sync();
    gw.axis.sync();
    gw.acts.sync();
    gw.views.refresh();
  }

  gw.refresh = function () {
    const before = Uint8Array.from(hiddenNodes);
    gw.visible.refresh();
    gw.draw.arrange();
    gw.camera.show(nodes.filter((_, i) => before[i] !== hiddenNodes[i]).map(({ id }) => id));
    sync();
  };

  gw.choose = function (kind, id, options) {
    gw.chosen = kind === null ? null : { kind, id };
    gw.hovered = null;
    gw.card.hide();
    if (options?.go && kind === "cluster") gw.camera.to({ ...clusterOf.get(id), radius: clusterOf.get(id).radius * 1.35 });
    if (options?.go && kind === "node") gw.camera.to({ ...nodes[id], radius: 260 });
    gw.panel.show();
    gw.legend.markCluster();
    gw.views.refresh();
    gw.camera.redraw();
    if (kind !== null) gw.announce(gw.t("chosen.line", { name: gw.nameOf(kind, id) }));
  };

  function clicked(event) {
    const point = event.pointer.canvas;
    const node = event.nodes[0] ?? gw.hits.nodeAt(point)?.id;
    if (node !== undefined) return gw.paths.asking() ? gw.paths.picked(node) : gw.choose("node", node);
    const edge = gw.hits.edgeAt(point, gw.camera.scale());
    if (edge !== null) return gw.choose("edge", edge);
    const cluster = gw.hits.clusterAt(point);
    return cluster ? gw.choose("cluster", cluster.number) : gw.choose(null);
  }

  function theme(name) {
    document.documentElement.dataset.theme = name;
    gw.draw.readTones();
  }

  function say() {
    gw.wordPage();
    gw.announce("");
    gw.legend.build();
    gw.panel.show();
    gw.axis.stop();
    sync();
  }

  function onButtons(acts) {
    for (const [id, act] of Object.entries(acts)) find(id).addEventListener("click", act);
  }

  function listen(view) {
    view.on("click", clicked);
    view.on("doubleClick", ({ nodes: [node] }) => { if (node !== undefined) gw.acts.ego(node); });
    view.on("hoverNode", ({ node }) => { gw.hovered = node; gw.card.ofNode(node); view.redraw(); });
    view.on("blurNode", () => { gw.hovered = null; gw.card.hide(); view.redraw(); });
    view.on("dragStart", () => gw.card.hide());
    const dark = () => document.documentElement.dataset.theme === "dark";
    onButtons({
      fit: () => gw.acts.all(), closer: () => gw.camera.zoomBy(1.3), farther: () => gw.camera.zoomBy(1 / 1.3),
      undo: () => gw.acts.undo(), path: () => gw.paths.from(null), "asking-stop": () => gw.paths.stop(),
      save: () => gw.notes.saveCopy(), png: () => gw.picture.savePng(), svg: () => gw.picture.saveSvg(),
      "csv-nodes": () => gw.tables.saveNodes(), "csv-edges": () => gw.tables.saveEdges(),
      print: () => window.print(),
      dark: () => { theme(dark() ? "light" : "dark"); gw.camera.again(); gw.views.refresh(); },
      language: () => { gw.language = gw.language === "id" ? "en" : "id"; say(); gw.camera.redraw(); },
    });
    addEventListener("beforeprint", () => gw.camera.fit());
    for (const part of [gw.legend, gw.axis, gw.search, gw.views, gw.keys]) part.listen();
  }

  theme(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  gw.visible.restore(gw.kept);
  if (gw.kept.language === "id" || gw.kept.language === "en") gw.language = gw.kept.language;
  gw.visible.refresh();
  gw.draw.arrange();
  const view = gw.camera.open();
  listen(view);
  say();
  gw.views.open(gw.data.opening);
  gw.camera.fit();
  view.once("afterDrawing", () => {
    document.documentElement.dataset.ready = "yes";
    // Nobody waits for the properties: they are read while the first picture is looked at.
    setTimeout(async () => {
      await gw.network.read();
      gw.panel.show();
      gw.views.refresh();
      document.documentElement.dataset.evidence = "yes";
      gw.camera.give();
    }, 100);
  });
})();
