"use strict";
// The network as arrays. Ids are places in the arrays.
gw.network = (function () {
  const { clusters } = gw.data;
  const actions = new Set(["LIKED", "COMMENTED", "SHARED", "MENTIONED", "FOLLOWED"]);
  const unread = Object.freeze({});
  const given = gw.data.nodes;
  const nodes = given.x.map((x, id) => ({
    id, x, y: given.y[id], size: given.size[id], shape: given.shape[id], kind: given.kind[id], label: given.label[id],
    cluster: given.cluster[id], colour: given.colour[id], background: given.background[id], facts: unread,
  }));
  const ends = gw.data.edges;
  const edges = ends.from.map((from, i) => ({
    from, to: ends.to[i], type: ends.type[i], n: ends.n[i], first: ends.first[i], last: ends.last[i], facts: unread,
    pair: ends.type[i] === "CO_INTERACTED", action: actions.has(ends.type[i]),
  }));
  const touching = nodes.map(() => []);
  edges.forEach((edge, i) => {
    touching[edge.from].push(i);
    if (edge.to !== edge.from) touching[edge.to].push(i);
  });
  const clusterOf = new Map(clusters.map((cluster) => [cluster.number, cluster]));
  const largest = edges.reduce((most, edge) => Math.max(most, edge.n), 1);
  const times = edges.filter((edge) => edge.action && edge.first !== null);
  const span = times.reduce(
    ([low, high], edge) => [Math.min(low, edge.first), Math.max(high, edge.first)], [Infinity, -Infinity],
  );

  /** Properties come after the drawing, in a block of their own. */
  async function read() {
    const facts = await gw.unpack("evidence");
    nodes.forEach((node, i) => { node.facts = facts.nodes[i]; });
    edges.forEach((edge, i) => {
      edge.facts = facts.edges[i];
      if (edge.action && edge.first !== null) edge.facts.at_ms = edge.first;
    });
  }

  const otherEnd = (edge, node) => (edge.from === node ? edge.to : edge.from);
  return { nodes, edges, clusters, clusterOf, touching, largest, span, otherEnd, read };
})();

// What the reader has chosen: {kind: "node" | "edge" | "cluster" | "path", id}, or null; and what is under the pointer.
gw.chosen = null;
gw.hovered = null;
