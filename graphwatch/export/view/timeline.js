"use strict";
// Accounts over time, a row each: what one did alone is faint, what several did together stands out.
(function () {
  const { nodes, edges, clusters, clusterOf, touching } = gw.network;
  const { hiddenNodes } = gw.visible;
  const ROW = 17;
  const LEFT = 168;
  const TOP = 34;
  const MOST = 400;

  /** Groups of rows: the chosen cluster, else all that are in sight, else the busiest accounts. */
  function groups() {
    const chosen = gw.chosen?.kind === "cluster" ? [clusterOf.get(gw.chosen.id)] : clusters;
    const found = chosen
      .map((cluster) => ({ cluster, accounts: cluster.members.filter((member) => !hiddenNodes[member]) }))
      .filter(({ accounts }) => accounts.length);
    if (found.length) return found;
    const busy = nodes
      .filter((node, i) => node.kind === "Account" && !hiddenNodes[i] && touching[i].some((e) => edges[e].action))
      .map(({ id }) => id)
      .sort((a, b) => touching[b].length - touching[a].length);
    return [{ cluster: null, accounts: busy.slice(0, 100) }];
  }

  function rows() {
    const list = groups().flatMap(({ cluster, accounts }) => accounts.map((account) => ({ cluster, account })));
    return { list: list.slice(0, MOST), total: list.length };
  }

  const size = () => [Math.max(640, gw.find("stage").clientWidth - 16), TOP + ROW * Math.max(1, rows().list.length) + 14];

  function axis(context, across, width, height) {
    const { text, edge } = gw.draw.tones();
    const { from, to } = gw.visible.state;
    gw.data.phases.forEach((phase, i) => {
      const [left, right] = [Math.max(LEFT, across(phase.first)), Math.min(width, across(phase.last))];
      if (right <= left) return;
      context.globalAlpha = i % 2 ? 0.05 : 0.1;
      context.fillStyle = text;
      context.fillRect(left, 0, right - left, height);
      context.globalAlpha = 0.9;
      context.fillText(phase.name, left + 3, 9);
    });
    for (const { ms, text: words } of gw.timeMarks(from, to, width / 90)) {
      context.globalAlpha = 0.25;
      context.fillStyle = edge;
      context.fillRect(across(ms), TOP - 8, 1, height - TOP);
      context.globalAlpha = 1;
      context.fillStyle = text;
      context.fillText(words, across(ms) + 3, TOP - 13);
    }
  }

  function bursts(context, cluster, placeOf, across) {
    const together = new Set();
    if (!cluster) return together;
    context.strokeStyle = gw.colour(cluster.colour);
    context.globalAlpha = 0.55;
    context.lineWidth = 1;
    context.beginPath();
    for (const { actions } of gw.evidence.ofCluster(cluster).rows) {
      const shown = actions.filter((i) => placeOf.has(edges[i].from) && inRange(edges[i].first));
      const heights = shown.map((i) => placeOf.get(edges[i].from));
      shown.forEach((i) => together.add(i));
      if (shown.length < 2) continue;
      context.moveTo(across(edges[shown[0]].first), Math.min(...heights));
      context.lineTo(across(edges[shown[0]].first), Math.max(...heights));
    }
    context.stroke();
    return together;
  }

  const inRange = (ms) => ms !== null && ms >= gw.visible.state.from && ms <= gw.visible.state.to;

  function words(i) {
    const { from, to, type, first } = edges[i];
    return [
      gw.make("b", { text: nodes[from].label }), gw.make("div", { text: `${gw.t(`relation.${type}`)} · ${nodes[to].label}` }),
      gw.make("div", { className: "small", text: `${gw.time(first)} WIB` }),
    ];
  }

  function paint(context, width, height) {
    const { from, to } = gw.visible.state;
    const across = (ms) => LEFT + ((ms - from) / Math.max(1, to - from)) * (width - LEFT - 14);
    const tones = gw.draw.tones();
    const { list } = rows();
    const placeOf = new Map(list.map(({ account }, i) => [account, TOP + ROW * (i + 0.5)]));
    const spots = [];
    context.textBaseline = "middle";
    context.textAlign = "start";
    context.font = "400 11px system-ui, sans-serif";
    axis(context, across, width, height);
    const bound = new Map();
    for (const { cluster } of list) if (!bound.has(cluster)) bound.set(cluster, bursts(context, cluster, placeOf, across));
    for (const { cluster, account } of list) {
      const y = placeOf.get(account);
      context.globalAlpha = 1;
      context.fillStyle = cluster ? gw.colour(cluster.colour) : tones.landmark;
      context.fillRect(2, y - 5, 4, 10);
      context.fillStyle = tones.text;
      context.fillText([...nodes[account].label].slice(0, 22).join(""), 12, y);
      for (const i of gw.evidence.actionsAt(account)) {
        if (!inRange(edges[i].first)) continue;
        const strong = bound.get(cluster).has(i);
        const [x, r] = [across(edges[i].first), strong ? 4 : 2];
        context.globalAlpha = strong ? 1 : 0.35;
        context.fillStyle = strong ? gw.colour(cluster.colour) : tones.edge;
        context.beginPath();
        context.arc(x, y, r, 0, 2 * Math.PI);
        context.fill();
        spots.push({ x, y, reach: 7, kind: "edge", id: i, words: () => words(i) });
      }
    }
    return spots;
  }

  function note() {
    const { list, total } = rows();
    return [gw.t("timeline.note"), list.length < total ? gw.t("evidence.shown", { shown: list.length, total }) : ""].join(" ");
  }

  gw.views.plots.timeline = { size, paint, note };
})();
