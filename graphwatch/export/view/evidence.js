"use strict";
// Which interactions stand behind a finding, worked out again from what the page holds.
gw.evidence = (function () {
  const { edges, touching } = gw.network;
  const { window_ms: runWindow } = gw.data.run;
  const byTime = (a, b) => (edges[a].first ?? Infinity) - (edges[b].first ?? Infinity) || a - b;

  /** Interactions of an account, or with a post or page, by time. */
  const actionsAt = (node) => touching[node].filter((i) => edges[i].action).sort(byTime);

  const actionsOf = (account) => actionsAt(account).filter((i) => edges[i].from === account);

  function timedByObject(account) {
    const found = new Map();
    for (const i of actionsOf(account)) {
      if (edges[i].first === null) continue;
      if (!found.has(edges[i].to)) found.set(edges[i].to, []);
      found.get(edges[i].to).push(i);
    }
    return found;
  }

  /** Of every object on which both acted within the window: the two interactions that are closest in time. */
  function ofPair(edge) {
    const window = edge.facts.window_ms ?? runWindow ?? 0;
    const mine = timedByObject(edge.from);
    const theirs = timedByObject(edge.to);
    const rows = [];
    for (const [object, ones] of mine) {
      let best = null;
      for (const one of ones) {
        for (const two of theirs.get(object) ?? []) {
          const gap = Math.abs(edges[one].first - edges[two].first);
          if (gap <= window && (best === null || gap < best.gap)) best = { object, one, two, gap };
        }
      }
      if (best) rows.push(best);
    }
    return { window, rows: rows.sort((a, b) => byTime(a.one, b.one)) };
  }

  /** The interactions that another member's lies within the window of, given in order of time. */
  function close(actions, window) {
    return actions.filter((i, at) => {
      const near = (j) =>
        edges[j].from !== edges[i].from && Math.abs(edges[j].first - edges[i].first) <= window;
      for (let j = at - 1; j >= 0 && edges[i].first - edges[actions[j]].first <= window; j -= 1) {
        if (near(actions[j])) return true;
      }
      for (let j = at + 1; j < actions.length; j += 1) {
        if (edges[actions[j]].first - edges[i].first > window) return false;
        if (near(actions[j])) return true;
      }
      return false;
    });
  }

  /** Of every object on which members co-interacted: their interactions; most members first. */
  function ofCluster(cluster) {
    const window = runWindow ?? 0;
    const found = new Map();
    for (const member of cluster.members) {
      for (const [object, actions] of timedByObject(member)) {
        if (!found.has(object)) found.set(object, []);
        found.get(object).push(...actions);
      }
    }
    const rows = [];
    for (const [object, all] of found) {
      const actions = close(all.sort(byTime), window);
      if (!actions.length) continue;
      const times = actions.map((i) => edges[i].first);
      const accounts = new Set(actions.map((i) => edges[i].from)).size;
      rows.push({ object, actions, accounts, first: times[0], last: times.at(-1) });
    }
    return { window, rows: rows.sort((a, b) => b.accounts - a.accounts || a.first - b.first) };
  }

  const partners = (account) =>
    touching[account]
      .filter((i) => edges[i].pair)
      .sort((a, b) => edges[b].n - edges[a].n || a - b);

  return { actionsAt, ofPair, ofCluster, partners };
})();
