"use strict";
// The network as arrays and what of it is visible. Ids are places in the arrays.
gw.network = (function () {
  const { nodes, edges, clusters } = gw.data;
  const actions = new Set(["LIKED", "COMMENTED", "SHARED", "MENTIONED", "FOLLOWED"]);
  const touching = nodes.map(() => []);
  edges.forEach((edge, i) => {
    touching[edge.from].push(i);
    if (edge.to !== edge.from) touching[edge.to].push(i);
  });
  const hiddenNodes = new Uint8Array(nodes.length);
  const hiddenEdges = new Uint8Array(edges.length);
  const filters = { kinds: new Set(), types: new Set(), least: 1 };
  const clusterOf = new Map(clusters.map((cluster) => [cluster.number, cluster]));

  const isPair = (edge) => edge.type === "CO_INTERACTED";
  const isAction = (edge) => actions.has(edge.type);
  const otherEnd = (edge, node) => (edge.from === node ? edge.to : edge.from);

  /** An account goes when all its pairs are too light, a post when all who acted on it are gone. */
  function refresh() {
    nodes.forEach((node, i) => {
      const pairs = touching[i].filter((e) => isPair(edges[e]));
      const light = pairs.length > 0 && pairs.every((e) => edges[e].n < filters.least);
      hiddenNodes[i] = filters.kinds.has(node.kind) || (node.kind === "Account" && light) ? 1 : 0;
    });
    nodes.forEach((node, i) => {
      if (node.kind !== "Post" || hiddenNodes[i] || filters.least === 1) return;
      const by = touching[i].filter((e) => isAction(edges[e]));
      if (by.length && by.every((e) => hiddenNodes[edges[e].from])) hiddenNodes[i] = 1;
    });
    edges.forEach((edge, i) => {
      const light = isPair(edge) && edge.n < filters.least;
      hiddenEdges[i] = light || filters.types.has(edge.type) || hiddenNodes[edge.from] || hiddenNodes[edge.to] ? 1 : 0;
    });
  }

  const visible = (flags) => flags.reduce((sum, hidden) => sum + 1 - hidden, 0);
  const largest = edges.reduce((most, edge) => Math.max(most, edge.n), 1);
  return {
    nodes, edges, clusters, clusterOf, touching, hiddenNodes, hiddenEdges, filters, largest,
    isPair, isAction, otherEnd, refresh, visible,
  };
})();

// What the reader has chosen: {kind: "node" | "edge" | "cluster", id}, or null; and the node under the pointer.
gw.chosen = null;
gw.hovered = null;
