"use strict";
// The library's network: it holds the nodes, and knows where the view is and what the pointer does. Its physics are off.
gw.camera = (function () {
  const { nodes, clusters } = gw.network;
  const { hiddenNodes } = gw.visible;
  const stage = gw.find("network");
  // Nodes that the library is given at a time, so that it never keeps the reader waiting.
  const CHUNK = 200;
  let dots = null;
  let given = 0;
  let view = null;
  // Until the reader moves the drawing, all of it stays in sight.
  let untouched = true;

  function open() {
    dots = new vis.DataSet([]);
    // Relations are drawn by the page: thousands of them cost the library a second for each frame.
    view = new vis.Network(stage, { nodes: dots, edges: new vis.DataSet([]) }, {
      physics: false,
      layout: { improvedLayout: false },
      nodes: { shape: "custom", chosen: false },
      interaction: {
        hover: true, dragNodes: false, hideNodesOnDrag: true, multiselect: false, selectConnectedEdges: false,
        tooltipDelay: 1e9,
      },
    });
    view.on("beforeDrawing", (context) => gw.scene.before(view, context));
    view.on("afterDrawing", (context) => gw.scene.after(view, context));
    view.on("dragStart", () => { untouched = false; gw.scene.move(view); });
    view.on("dragEnd", () => gw.scene.stop(view));
    view.on("zoom", () => { untouched = false; gw.scene.move(view, 160); });
    view.on("animationFinished", () => gw.scene.stop(view));
    view.on("resize", () => { if (untouched) requestAnimationFrame(() => fit()); });
    return view;
  }

  function asDot(node) {
    const { id, x, y, size } = node;
    const nodeDimensions = { width: 2 * size, height: 2 * size };
    const ctxRenderer = ({ ctx }) =>
      ({ drawNode: () => gw.shapes.draw(ctx, [node], gw.draw.tones()), nodeDimensions });
    return { id, x, y, size, ctxRenderer, hidden: Boolean(hiddenNodes[id]) };
  }

  /** Hand the nodes to the library bit by bit; until it has them, the page draws and finds them itself. */
  function give() {
    dots.add(nodes.slice(given, given + CHUNK).map(asDot));
    given = Math.min(nodes.length, given + CHUNK);
    if (given < nodes.length) setTimeout(give);
    else gw.scene.settle(view);
  }

  function go(x, y, scale) {
    untouched = false;
    const animation = gw.motion() ? { duration: 350, easingFunction: "easeInOutQuad" } : false;
    if (animation) gw.scene.move(view, 600);
    view.moveTo({ position: { x, y }, scale, animation });
  }

  const to = ({ x, y, radius }) => go(x, y, Math.min(3, Math.min(stage.clientWidth, stage.clientHeight) / (2.4 * radius)));

  function boxOf(ids) {
    const all = ids.map((i) => [nodes[i].x, nodes[i].y, nodes[i].size + 12]);
    const alive = ids.length === nodes.length ? clusters : clusters.filter((c) => c.members.some((m) => !hiddenNodes[m]));
    const discs = [...all, ...alive.map((c) => [c.x, c.y, c.radius + 26])];
    const low = [0, 1].map((axis) => discs.reduce((least, d) => Math.min(least, d[axis] - d[2]), Infinity));
    const high = [0, 1].map((axis) => discs.reduce((most, d) => Math.max(most, d[axis] + d[2]), -Infinity));
    return { low, high };
  }

  /** All that is in sight, in the middle of a stage of that size. */
  function framing(width, height) {
    const shown = nodes.filter((_, i) => !hiddenNodes[i]).map(({ id }) => id);
    if (!shown.length) return { x: 0, y: 0, scale: 1 };
    const { low, high } = boxOf(shown);
    const scale = Math.min(1.6, (width - 24) / (high[0] - low[0]), (height - 84) / (high[1] - low[1]));
    return { x: (low[0] + high[0]) / 2, y: (low[1] + high[1]) / 2 - 10 / scale, scale: Math.max(0.01, scale) };
  }

  function fit() {
    untouched = true;
    const { x, y, scale } = framing(stage.clientWidth, stage.clientHeight);
    view.moveTo({ position: { x, y }, scale, animation: false });
  }

  function zoomBy(factor) {
    untouched = false;
    view.moveTo({ scale: Math.max(0.01, Math.min(6, view.getScale() * factor)) });
  }

  function panBy(across, down) {
    const { x, y } = view.getViewPosition();
    const scale = view.getScale();
    untouched = false;
    gw.scene.move(view, 160);
    view.moveTo({ position: { x: x + across / scale, y: y + down / scale }, scale });
  }

  function show(changed) {
    const known = changed.filter((id) => id < given);
    if (known.length) dots.update(known.map((id) => ({ id, hidden: Boolean(hiddenNodes[id]) })));
    again();
  }

  /** Draw anew: what is in sight, or its colours, have changed. */
  function again() {
    gw.scene.forget();
    view.redraw();
  }

  return {
    open, give, go, to, fit, framing, zoomBy, panBy, show, again,
    redraw: () => view.redraw(),
    scale: () => view.getScale(),
    place: (point) => view.canvasToDOM(point),
    middle: () => view.getViewPosition(),
    complete: () => given === nodes.length,
  };
})();
