"use strict";
// The way between two nodes over what is in sight, shortest first.
gw.paths = (function () {
  const { nodes, edges, touching, otherEnd } = gw.network;
  const { hiddenNodes, hiddenEdges } = gw.visible;
  const { make, details } = gw;
  let first = null;

  /** Breadth first; a pair of accounts before an interaction of the same length. */
  function shortest(start, end) {
    const cameBy = new Map([[start, null]]);
    let front = [start];
    while (front.length && !cameBy.has(end)) {
      const next = [];
      for (const node of front) {
        const ways = touching[node].filter((i) => !hiddenEdges[i]).sort((a, b) => edges[b].pair - edges[a].pair);
        for (const i of ways) {
          const other = otherEnd(edges[i], node);
          if (hiddenNodes[other] || cameBy.has(other)) continue;
          cameBy.set(other, i);
          next.push(other);
        }
      }
      front = next;
    }
    if (!cameBy.has(end)) return null;
    const found = { nodes: [end], edges: [] };
    for (let node = end; cameBy.get(node) !== null;) {
      const i = cameBy.get(node);
      node = otherEnd(edges[i], node);
      found.edges.unshift(i);
      found.nodes.unshift(node);
    }
    return found;
  }

  /** Begin to ask: the next node that is chosen is the other end. */
  function from(id) {
    first = id ?? null;
    gw.find("asking").hidden = false;
    gw.find("asking-text").textContent =
      first === null ? gw.t("path.first") : gw.t("path.second", { name: nodes[first].label });
    gw.announce(gw.find("asking-text").textContent);
  }

  function stop() {
    first = null;
    gw.find("asking").hidden = true;
  }

  const asking = () => !gw.find("asking").hidden;

  function picked(id) {
    if (first === null) return from(id);
    const [start, end] = [first, id];
    stop();
    const path = shortest(start, end) ?? { nodes: [start, end], edges: [], none: true };
    return gw.choose("path", path);
  }

  gw.panel.makers.path = function (path) {
    const [start, end] = [path.nodes[0], path.nodes.at(-1)];
    const head = details.head(gw.t("path.heading"), [details.nodeLink(start), " – ", details.nodeLink(end)]);
    if (path.none) return [head, make("p", { text: gw.t("path.none") })];
    const steps = path.edges.map((i) => {
      const { from: one, to: two, type, n } = edges[i];
      const words = gw.link(n ? `${gw.t(`relation.${type}`)} (${gw.number(n)})` : gw.t(`relation.${type}`), () => gw.choose("edge", i));
      return make("li", {}, details.nodeLink(one), " → ", words, " → ", details.nodeLink(two));
    });
    return [head, make("p", { className: "small", text: gw.t("path.caution") }), make("ol", {}, ...steps)];
  };

  return { from, stop, asking, picked, shortest };
})();
