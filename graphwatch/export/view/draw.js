"use strict";
// Discs of clusters and relations, in few long paths by colour and width; only what is on the screen.
gw.draw = (function () {
  const { nodes, edges, clusters, hiddenEdges, isPair } = gw.network;
  let buckets = [];
  let tones = {};

  function readTones() {
    tones = { edge: gw.tone("edge"), text: gw.tone("text"), halo: gw.tone("halo"), accent: gw.tone("accent") };
  }

  function looks(edge) {
    const one = nodes[edge.from].cluster;
    if (isPair(edge)) {
      const colour = one !== null && one === nodes[edge.to].cluster ? gw.network.clusterOf.get(one)?.colour ?? -1 : -1;
      const width = 1 + Math.min(3, Math.floor(Math.log2(Math.max(1, edge.n))));
      return { key: `pair ${colour} ${width}`, order: 1, colour, width: 0.6 * width, alpha: 0.2 + 0.04 * width };
    }
    if (edge.type === "SUPPORTS") return { key: "supports", order: 2, colour: null, width: 2, alpha: 0.6 };
    if (edge.type === "PUBLISHED") return { key: "published", order: 0, colour: null, width: 0.8, alpha: 0.16 };
    return { key: "action", order: 0, colour: null, width: 0.6, alpha: 0.13 };
  }

  /** Sort the visible relations into paths; a dense drawing gets fainter lines. */
  function arrange() {
    const found = new Map();
    edges.forEach((edge, i) => {
      if (hiddenEdges[i]) return;
      const look = looks(edge);
      if (!found.has(look.key)) found.set(look.key, { ...look, edges: [] });
      found.get(look.key).edges.push(i);
    });
    buckets = [...found.values()].sort((a, b) => a.order - b.order || a.width - b.width);
    for (const bucket of buckets) bucket.alpha *= Math.max(0.25, Math.min(1, 30 / Math.sqrt(bucket.edges.length)));
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
    const chosen = gw.chosen?.kind === "cluster" && gw.chosen.id === cluster.number;
    context.beginPath();
    context.arc(cluster.x, cluster.y, cluster.radius, 0, 2 * Math.PI);
    context.fillStyle = context.strokeStyle = gw.colour(cluster.colour);
    context.globalAlpha = chosen ? 0.14 : 0.07;
    context.fill();
    context.globalAlpha = chosen ? 1 : 0.45;
    context.lineWidth = (chosen ? 2.5 : 1) / scale;
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

  /** What the choice brings out: an edge itself, or the visible relations of a node. */
  function chosenEdges() {
    if (gw.chosen?.kind === "edge") return [gw.chosen.id];
    const node = gw.chosen?.kind === "node" ? gw.chosen.id : gw.hovered;
    return node === null || node === undefined ? [] : gw.network.touching[node].filter((i) => !hiddenEdges[i]);
  }

  function below(view, context) {
    const scale = view.getScale();
    const box = bounds(view);
    const strong = chosenEdges();
    context.save();
    for (const cluster of clusters) disc(context, cluster, scale);
    for (const bucket of buckets) {
      context.strokeStyle = bucket.colour === null ? tones.edge : gw.colour(bucket.colour);
      context.globalAlpha = bucket.alpha * (strong.length ? 0.5 : 1);
      // Far out, lines keep a hair's width; close up they do not become beams.
      context.lineWidth = Math.max(bucket.width, 0.5 / scale) / Math.max(1, scale);
      lines(context, bucket.edges, box);
    }
    if (strong.length) {
      context.strokeStyle = tones.text;
      context.globalAlpha = 0.7;
      context.lineWidth = (gw.chosen?.kind === "edge" ? 3 : 1.2) / scale;
      lines(context, strong, box);
    }
    context.restore();
  }

  function ring(context, node, scale) {
    context.beginPath();
    context.arc(node.x, node.y, node.size + 5 / scale, 0, 2 * Math.PI);
    context.strokeStyle = tones.text;
    context.lineWidth = 2 / scale;
    context.stroke();
  }

  function above(view, context) {
    const scale = view.getScale();
    const box = bounds(view);
    context.save();
    if (gw.chosen?.kind === "node") ring(context, nodes[gw.chosen.id], scale);
    if (gw.chosen?.kind === "edge") {
      ring(context, nodes[edges[gw.chosen.id].from], scale);
      ring(context, nodes[edges[gw.chosen.id].to], scale);
    }
    gw.drawLabels(context, scale, box, tones, chosenEdges());
    context.restore();
  }

  /** The visible relation nearest to a point, within a few pixels of the screen. */
  function edgeAt(point, scale) {
    let best = null;
    let least = 4 / scale;
    edges.forEach((edge, i) => {
      if (hiddenEdges[i]) return;
      const a = nodes[edge.from];
      const b = nodes[edge.to];
      const length = (b.x - a.x) ** 2 + (b.y - a.y) ** 2 || 1;
      const along = Math.max(0, Math.min(1, ((point.x - a.x) * (b.x - a.x) + (point.y - a.y) * (b.y - a.y)) / length));
      const away = Math.hypot(point.x - a.x - along * (b.x - a.x), point.y - a.y - along * (b.y - a.y));
      // A pair of accounts is what the page is about: it wins over an interaction that is as near.
      const cost = away + (isPair(edge) ? 0 : 1 / scale);
      if (cost < least) {
        least = cost;
        best = i;
      }
    });
    return best;
  }

  const clusterAt = (point) =>
    clusters.find((cluster) => Math.hypot(point.x - cluster.x, point.y - cluster.y) <= cluster.radius) ?? null;

  return { arrange, readTones, below, above, edgeAt, clusterAt };
})();
