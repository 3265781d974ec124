"use strict";
// What is in sight as CSV that a spreadsheet can open without running anything in it.
gw.tables = (function () {
  const { nodes, edges } = gw.network;
  const { hiddenNodes, hiddenEdges } = gw.visible;
  const FORMULA = /^\s*[=+\-@＝＋－＠|%]/u;

  function cell(value) {
    if (value === undefined || value === null) return "";
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    const text = Array.isArray(value) ? value.join(" | ") : String(value);
    const safe = FORMULA.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }

  function csv(rows, first) {
    const names = [...new Set([...first, ...rows.flatMap((row) => Object.keys(row))])];
    return [names, ...rows.map((row) => names.map((name) => row[name]))].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
  }

  const rowOf = (node) => ({ shown_as: node.label, label: node.kind, cluster: node.cluster, ...node.facts });

  const ofNodes = () => csv(nodes.filter((_, i) => !hiddenNodes[i]).map(rowOf), ["shown_as", "label", "cluster"]);

  function ofEdges() {
    const rows = edges
      .filter((_, i) => !hiddenEdges[i])
      .map(({ from, to, type, facts }) => ({ from: nodes[from].label, to: nodes[to].label, type, ...facts }));
    return csv(rows, ["from", "to", "type"]);
  }

  const save = (content, name) => gw.offer(content, "text/csv;charset=utf-8", name);
  return {
    ofNodes, ofEdges, cell,
    saveNodes: () => save(ofNodes(), "graphwatch-nodes.csv"),
    saveEdges: () => save(ofEdges(), "graphwatch-edges.csv"),
  };
})();
