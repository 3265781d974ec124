"use strict";
// What a reader can do to the drawing; each can be taken back.
gw.acts = (function () {
  const { nodes, edges, touching, otherEnd, clusterOf } = gw.network;
  const { change } = gw.visible;
  const { find } = gw;

  const toggle = (set, id) => (set.has(id) ? set.delete(id) : set.add(id));

  function again() {
    gw.panel.show();
    gw.camera.redraw();
  }

  function hide(id) {
    change((state) => toggle(state.hidden, id));
    again();
  }

  function pin(id) {
    change((state) => toggle(state.pinned, id));
    again();
  }

  /** The node and all that it is linked with; the rest goes out of sight. */
  function ego(id) {
    const near = touching[id].map((i) => otherEnd(edges[i], id));
    only(new Set([id, ...near]));
    gw.choose("node", id);
  }

  function onlyCluster(cluster) {
    const shown = new Set(cluster.members);
    for (const { object } of gw.evidence.ofCluster(cluster).rows) shown.add(object);
    for (const { node } of cluster.pages) shown.add(node);
    only(shown);
    gw.choose("cluster", cluster.number);
  }

  function only(ids) {
    change((state) => { state.only = ids; });
    gw.camera.fit();
  }

  /** Everything that was put away comes back. */
  function all() {
    const { state } = gw.visible;
    if (state.only || state.hidden.size) {
      change((old) => {
        old.only = null;
        old.hidden.clear();
      });
    }
    gw.camera.fit();
    again();
  }

  /** Put a node into sight that the page was not showing. */
  function bring(id) {
    change((state) => {
      state.hidden.delete(id);
      state.kinds.delete(nodes[id].kind);
      if (state.only) state.only.add(id);
      else if (nodes[id].background) state.behind = true;
    });
    if (gw.visible.hiddenNodes[id]) change((state) => state.pinned.add(id));
  }

  function undo() {
    gw.announce(gw.t(gw.visible.undo() ? "act.undone" : "act.nothing"));
    again();
  }

  /** To the next node that is linked with the chosen one; without one, to the next cluster. */
  function step(by) {
    if (gw.chosen?.kind === "cluster" || !gw.chosen) {
      const numbers = [...clusterOf.keys()];
      const at = gw.chosen ? numbers.indexOf(gw.chosen.id) : by > 0 ? -1 : 0;
      if (numbers.length) gw.choose("cluster", numbers[(at + by + numbers.length) % numbers.length], { go: true });
    } else if (gw.chosen.kind === "node") {
      const shown = nodes.filter((node, i) => !gw.visible.hiddenNodes[i] && node.cluster === nodes[gw.chosen.id].cluster);
      const at = shown.findIndex((node) => node.id === gw.chosen.id);
      gw.choose("node", shown[(at + by + shown.length) % shown.length].id, { go: true });
    }
  }

  function sync() {
    const { state } = gw.visible;
    find("undo").disabled = !gw.visible.canUndo;
    find("fit").textContent = gw.t(state.only || state.hidden.size ? "button.back" : "button.fit");
  }

  return { hide, pin, ego, onlyCluster, all, bring, undo, step, sync };
})();
