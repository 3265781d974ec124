"use strict";
// Discs of clusters and relations, in few long paths by colour and width; only what is on the screen.
gw.draw = (function () {
  const { nodes, edges, clusters, clusterOf, touching, otherEnd } = gw.network;
  const { hiddenNodes, hiddenEdges } = gw.visible;
  const NAMES = ["edge", "text", "halo", "accent", "ground", "landmark", "post", "postLine"];
  let buckets = [];
  let tones = {};

  function readTones() {
    tones = Object.fromEntries(NAMES.map((name) => [name, gw.tone(name)]));
  }

  function looks(edge) {
    const one = nodes[edge.from].cluster;
    if (edge.pair) {
      const colour = one !== null && one === nodes[edge.to].cluster ? clusterOf.get(one)?.colour ?? -1 : -1;
      const width = 1 + Math.min(3, Math.floor(Math.log2(Math.max(1, edge.n))));
      return { key: `pair ${colour} ${width}`, order: 1, colour, width: 0.6 * width, alpha: 0.24 + 0.04 * width };
    }
    if (edge.type === "SUPPORTS") return { key: "supports", order: 2, colour: null, width: 1.6, alpha: 0.5 };
    if (edge.type === "PUBLISHED") return { key: "published", order: 0, colour: null, width: 0.7, alpha: 0.14 };
    return { key: "action", order: 0, colour: null, width: 0.6, alpha: 0.12 };
  }

  /** Sort the visible relations into paths; a dense drawing gets fainter lines, and one of few actions stronger ones. */
  function arrange() {
    const found = new Map();
    edges.forEach((edge, i) => {
      if (hiddenEdges[i]) return;
      const look = looks(edge);
      if (!found.has(look.key)) found.set(look.key, { ...look, edges: [] });
      found.get(look.key).edges.push(i);
    });
    buckets = [...found.values()].sort((a, b) => a.order - b.order || a.width - b.width);
    for (const bucket of buckets) {
      const room = 30 / Math.sqrt(bucket.edges.length);
      bucket.alpha *= Math.max(0.25, Math.min(bucket.order === 0 ? 5 : 1, room));
    }
  }

  function bounds(view) {
    const canvas = view.canvas.frame.canvas;
    const low = view.DOMtoCanvas({ x: 0, y: 0 });
    const high = view.DOMtoCanvas({ x: canvas.clientWidth, y: canvas.clientHeight });
    return { left: low.x, top: low.y, right: high.x, bottom: high.y };
  }

  function outside(a, b, box) {
    return (
      (a.x < box.left && b.x < box.left) || (a.x > box.right && b.x > box.right) ||
      (a.y < box.top && b.y < box.top) || (a.y > box.bottom && b.y > box.bottom)
    );
  }

  function disc(context, cluster, scale) {
    if (cluster.members.every((member) => hiddenNodes[member])) return;
    context.beginPath();
    context.arc(cluster.x, cluster.y, cluster.radius, 0, 2 * Math.PI);
    context.fillStyle = context.strokeStyle = gw.colour(cluster.colour);
    context.globalAlpha = 0.07;
    context.fill();
    context.globalAlpha = 0.45;
    context.lineWidth = 1 / scale;
    context.stroke();
  }

  function lines(context, indices, box) {
    context.beginPath();
    for (const i of indices) {
      const a = nodes[edges[i].from];
      const b = nodes[edges[i].to];
      if (outside(a, b, box)) continue;
      context.moveTo(a.x, a.y);
      context.lineTo(b.x, b.y);
    }
    context.stroke();
  }

  function below(context, scale, box) {
    context.save();
    for (const cluster of clusters) disc(context, cluster, scale);
    for (const bucket of buckets) {
      context.strokeStyle = bucket.colour === null ? tones.edge : gw.colour(bucket.colour);
      context.globalAlpha = bucket.alpha;
      // Far out, lines keep a hair's width; close up they do not become beams.
      context.lineWidth = Math.max(bucket.width, 0.5 / scale) / Math.max(1, scale);
      lines(context, bucket.edges, box);
    }
    context.restore();
  }

  /** What the choice brings out: relations, and the nodes at their ends. */
  function strong() {
    const { kind, id } = gw.chosen ?? {};
    if (kind === "edge") return { edges: [id], nodes: new Set([edges[id].from, edges[id].to]), veil: true };
    if (kind === "path") return { edges: id.edges, nodes: new Set(id.nodes), veil: true };
    const middle = kind === "node" ? id : gw.hovered;
    if (middle === null || middle === undefined) return { edges: [], nodes: new Set(), veil: false };
    const near = touching[middle].filter((i) => !hiddenEdges[i]);
    const ends = near.map((i) => otherEnd(edges[i], middle));
    return { edges: near, nodes: new Set([middle, ...ends]), middle, veil: kind === "node" };
  }

  function ring(context, { x, y, radius }, scale, width) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.strokeStyle = tones.text;
    context.lineWidth = width / scale;
    context.stroke();
  }

  function above(context, scale, box, moving) {
    const chosen = strong();
    context.save();
    if (chosen.veil) {
      context.globalAlpha = 0.72;
      context.fillStyle = tones.ground;
      context.fillRect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    }
    context.strokeStyle = tones.text;
    context.globalAlpha = chosen.edges.length > 60 ? 0.3 : 0.65;
    context.lineWidth = (gw.chosen?.kind === "edge" || gw.chosen?.kind === "path" ? 3 : 1.1) / scale;
    if (chosen.edges.length) lines(context, chosen.edges, box);
    if (chosen.veil) gw.shapes.draw(context, [...chosen.nodes].map((i) => nodes[i]), tones);
    context.globalAlpha = 1;
    const ringed = gw.chosen?.kind === "node" ? [gw.chosen.id] : gw.chosen?.kind === "edge" ? [...chosen.nodes] : [];
    for (const id of ringed) ring(context, { ...nodes[id], radius: nodes[id].size + 5 / scale }, scale, 2);
    for (const id of gw.visible.state.pinned) {
      if (!hiddenNodes[id]) ring(context, { ...nodes[id], radius: nodes[id].size + 2.5 / scale }, scale, 1.2);
    }
    if (gw.chosen?.kind === "cluster") ring(context, clusterOf.get(gw.chosen.id), scale, 2.5);
    gw.drawLabels(context, scale, box, tones, chosen, moving);
    context.restore();
  }

  return { arrange, readTones, below, above, bounds, tones: () => tones };
})();
