"use strict";
// Pairs as a matrix: for clusters so dense that lines would cover each other.
(function () {
  const { nodes, edges, clusters, clusterOf, touching, otherEnd } = gw.network;
  const { hiddenNodes, hiddenEdges } = gw.visible;
  const NAME = 150;
  const TOP = 34;
  const MOST = 250;

  const pairsOf = (id) => touching[id].filter((e) => edges[e].pair && !hiddenEdges[e]);

  function accounts() {
    const chosen = gw.chosen?.kind === "cluster" ? [clusterOf.get(gw.chosen.id)] : clusters;
    const busiest = (a, b) => pairsOf(b).length - pairsOf(a).length || a - b;
    let found = chosen.flatMap(({ members }) => members.filter((member) => !hiddenNodes[member]).sort(busiest));
    if (!found.length) found = nodes.filter(({ kind, id }) => kind === "Account" && !hiddenNodes[id] && pairsOf(id).length).map(({ id }) => id).sort(busiest);
    return { list: [...new Set(found)].slice(0, MOST), total: new Set(found).size };
  }

  function cellSize(count) {
    const room = Math.min(gw.find("stage").clientWidth - NAME, gw.find("stage").clientHeight - TOP - 80) - 20;
    return Math.max(9, Math.min(26, Math.floor(room / Math.max(1, count))));
  }

  function size() {
    const count = accounts().list.length;
    const side = cellSize(count) * Math.max(1, count) + 12;
    return [NAME + side, TOP + side];
  }

  function words(e) {
    const { from, to, facts, n } = edges[e];
    const lines = [gw.make("b", { text: `${nodes[from].label} – ${nodes[to].label}` }), gw.make("div", { text: gw.t("count.common", { n }) })];
    if (facts.q !== undefined) lines.push(gw.make("div", { className: "small", text: `q = ${gw.power(facts.q)}` }));
    return lines;
  }

  function names(context, list, cell) {
    const { text } = gw.draw.tones();
    context.textBaseline = "middle";
    context.font = `400 ${Math.min(11, cell + 1)}px system-ui, sans-serif`;
    list.forEach((id, i) => {
      context.globalAlpha = 1;
      context.textAlign = "end";
      context.fillStyle = text;
      context.fillText([...nodes[id].label].slice(0, 19).join(""), NAME - 14, TOP + cell * (i + 0.5));
      context.textAlign = "center";
      context.fillText(String(i + 1), NAME + cell * (i + 0.5), TOP - 8 - (cell < 16 && i % 2 ? 10 : 0));
      context.fillStyle = gw.colour(nodes[id].colour);
      context.fillRect(NAME - 9, TOP + cell * i + 1, 5, cell - 2);
    });
  }

  function paint(context) {
    const { list } = accounts();
    const cell = cellSize(list.length);
    const place = new Map(list.map((id, i) => [id, i]));
    const { accent, edge } = gw.draw.tones();
    const shown = list.flatMap((id) => pairsOf(id).filter((e) => edges[e].from === id && place.has(otherEnd(edges[e], id))));
    const most = shown.reduce((found, e) => Math.max(found, edges[e].n), 1);
    const spots = [];
    names(context, list, cell);
    context.fillStyle = edge;
    context.globalAlpha = 0.08;
    context.fillRect(NAME, TOP, cell * list.length, cell * list.length);
    context.fillStyle = accent;
    for (const e of shown) {
      const [i, j] = [place.get(edges[e].from), place.get(edges[e].to)];
      context.globalAlpha = 0.15 + 0.85 * (edges[e].n / most);
      for (const [column, row] of [[i, j], [j, i]]) {
        context.fillRect(NAME + cell * column, TOP + cell * row, cell - 1, cell - 1);
        spots.push({ x: NAME + cell * (column + 0.5), y: TOP + cell * (row + 0.5), reach: cell / 1.8, kind: "edge", id: e, words: () => words(e) });
      }
    }
    return spots;
  }

  function note() {
    const { list, total } = accounts();
    return [gw.t("matrix.note"), list.length < total ? gw.t("evidence.shown", { shown: list.length, total }) : ""].join(" ");
  }

  gw.views.plots.matrix = { size, paint, note };
})();
