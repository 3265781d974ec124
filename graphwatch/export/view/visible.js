"use strict";
// What of the network is in sight, what the reader did to that, and taking it back.
gw.visible = (function () {
  const { nodes, edges, touching, span } = gw.network;
  const MOST_STEPS = 200;
  const hiddenNodes = new Uint8Array(nodes.length);
  const hiddenEdges = new Uint8Array(edges.length);
  const past = [];
  const start = () => ({
    kinds: new Set(), types: new Set(), least: 1, from: span[0], to: span[1], behind: false,
    hidden: new Set(), pinned: new Set(), only: null, path: null,
  });
  let state = start();

  const copy = (old) => ({
    ...old, kinds: new Set(old.kinds), types: new Set(old.types), hidden: new Set(old.hidden),
    pinned: new Set(old.pinned), only: old.only && new Set(old.only),
  });

  const narrowed = () => state.from > span[0] || state.to < span[1];

  /** Whether weight and time let a relation stay; kinds of relations are another matter. */
  function counts(edge) {
    if (edge.pair && edge.n < state.least) return false;
    if (!narrowed() || !(edge.pair || edge.action)) return true;
    return edge.first !== null && edge.last !== null && edge.first <= state.to && edge.last >= state.from;
  }

  function keepsNode(node, alive) {
    const { id, kind } = node;
    if (state.hidden.has(id)) return false;
    if (state.pinned.has(id)) return true;
    if (state.only) return state.only.has(id);
    if (state.kinds.has(kind) || (node.background && !state.behind)) return false;
    const pairs = kind === "Account" ? touching[id].filter((e) => edges[e].pair) : [];
    if (pairs.length) return pairs.some((e) => alive[e]);
    const acts = kind === "Account" || kind === "Post" ? touching[id].filter((e) => edges[e].action) : [];
    return !acts.length || acts.some((e) => alive[e]);
  }

  function refresh() {
    const alive = edges.map(counts);
    nodes.forEach((node) => { hiddenNodes[node.id] = keepsNode(node, alive) ? 0 : 1; });
    if (state.least > 1 || narrowed()) {
      // A post goes with the last account that acted on it.
      for (const { id, kind } of nodes) {
        if (kind !== "Post" || hiddenNodes[id] || state.pinned.has(id)) continue;
        const acts = touching[id].filter((e) => edges[e].action && alive[e]);
        if (acts.every((e) => hiddenNodes[edges[e].from])) hiddenNodes[id] = 1;
      }
    }
    edges.forEach((edge, i) => {
      const out = !alive[i] || state.types.has(edge.type) || hiddenNodes[edge.from] || hiddenNodes[edge.to];
      hiddenEdges[i] = out ? 1 : 0;
    });
  }

  /** Change something so that it can be taken back; steps of one slider are one step. */
  function change(act, name) {
    if (!name || past.at(-1)?.name !== name) past.push({ name, state: copy(state) });
    if (past.length > MOST_STEPS) past.shift();
    act(state);
    gw.refresh();
  }

  function undo() {
    const last = past.pop();
    if (!last) return false;
    state = last.state;
    gw.refresh();
    return true;
  }

  function restore(kept) {
    state.hidden = new Set(kept.hidden ?? []);
    state.pinned = new Set(kept.pinned ?? []);
  }

  const inSight = (flags) => flags.reduce((sum, hidden) => sum + 1 - hidden, 0);
  return {
    hiddenNodes, hiddenEdges, refresh, change, undo, restore, inSight, narrowed,
    get state() { return state; },
    get canUndo() { return past.length > 0; },
  };
})();
