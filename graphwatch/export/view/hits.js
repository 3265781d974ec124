"use strict";
// What is under a point of the drawing.
gw.hits = (function () {
  const { nodes, edges, clusters } = gw.network;
  const { hiddenNodes, hiddenEdges } = gw.visible;

  /** The visible node at a point; of two, the later, which lies on top. */
  const nodeAt = (point) =>
    nodes.findLast(({ id, x, y, size }) => !hiddenNodes[id] && Math.hypot(point.x - x, point.y - y) <= size);

  function distance(point, a, b) {
    const length = (b.x - a.x) ** 2 + (b.y - a.y) ** 2 || 1;
    const along = Math.max(0, Math.min(1, ((point.x - a.x) * (b.x - a.x) + (point.y - a.y) * (b.y - a.y)) / length));
    return Math.hypot(point.x - a.x - along * (b.x - a.x), point.y - a.y - along * (b.y - a.y));
  }

  /** The visible relation nearest to a point, within a few pixels of the screen. */
  function edgeAt(point, scale) {
    let best = null;
    let least = 4 / scale;
    edges.forEach((edge, i) => {
      if (hiddenEdges[i]) return;
      // A pair of accounts is what the page is about: it wins over an interaction that is as near.
      const cost = distance(point, nodes[edge.from], nodes[edge.to]) + (edge.pair ? 0 : 1 / scale);
      if (cost < least) {
        least = cost;
        best = i;
      }
    });
    return best;
  }

  const clusterAt = (point) =>
    clusters.find(
      ({ x, y, radius, members }) =>
        Math.hypot(point.x - x, point.y - y) <= radius && members.some((member) => !hiddenNodes[member]),
    ) ?? null;

  return { nodeAt, edgeAt, clusterAt };
})();
