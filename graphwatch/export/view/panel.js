"use strict";
// The panel on the right when nothing is chosen: how to read the page, and what it rests on.
gw.panel = (function () {
  const { make, link, details } = gw;
  const { part } = details;
  const COVERAGE = ["interactions", "untimed", "accounts", "objects", "tests", "pairs"];
  // Of a chosen thing; filled by the parts that follow.
  const makers = Object.create(null);

  function coverage() {
    const { run, sources } = gw.data;
    const refused = sources.reduce((sum, source) => sum + (source.rows_refused ?? 0), 0);
    const facts = details.facts({ ...run, rows_refused: refused || undefined }, [...COVERAGE, "rows_refused"]);
    const sentence = make("p", { className: "small", text: gw.t("coverage.sentence") });
    return Object.keys(run).length ? part("coverage.heading", facts, sentence) : [];
  }

  function settings() {
    const { run } = gw.data;
    if (!Object.keys(run).length) return part("run.heading", make("p", { text: gw.t("run.none") }));
    const long = ["parameters", "power", "sensitivity"];
    const names = Object.keys(run).filter((name) => !COVERAGE.includes(name) && !long.includes(name));
    const raw = make("details", {}, make("summary", { text: gw.t("property.parameters") }), make("code", { text: run.parameters ?? "–" }));
    return part("run.heading", details.facts(run, names), raw);
  }

  function notesList() {
    const rows = gw.notes.all().map(([key, text]) => {
      const [kind, id] = key.split(":");
      const open = () => gw.choose(kind, Number(id), { go: kind !== "edge" });
      return make("li", {}, link(gw.nameOf(kind, Number(id)), open), ": ", make("span", { text }));
    });
    return rows.length ? part("note.heading", make("ul", { className: "plain" }, ...rows)) : [];
  }

  function keysSwitch() {
    const box = make("input", { type: "checkbox", id: "shortcuts" });
    box.checked = gw.keys.on();
    box.addEventListener("change", () => gw.keys.turn(box.checked));
    return make("label", { className: "check" }, box, make("span", { text: gw.t("overview.shortcuts") }));
  }

  function overview() {
    const paths = gw.data.scope === "path";
    const sources = gw.data.sources.map((source) =>
      make("details", {}, make("summary", { text: source.file ?? source.id ?? "–" }), details.facts(source)),
    );
    return [
      make("h2", { text: gw.t("overview.heading") }),
      make("p", { text: gw.t(paths ? "overview.paths" : "overview.read") }),
      make("p", { className: "small", text: gw.t("overview.keys") }),
      keysSwitch(),
      ...notesList(),
      paths ? null : details.innocent(),
      ...coverage(),
      ...settings(),
      ...part("sources.heading", ...(sources.length ? sources : [make("p", { text: gw.t("sources.none") })])),
    ];
  }

  function show() {
    const content = gw.chosen ? makers[gw.chosen.kind](gw.chosen.id) : overview();
    const panel = gw.find("details");
    panel.replaceChildren(...content.filter((child) => child !== null && child !== undefined));
    panel.scrollTop = 0;
  }

  return { show, makers };
})();

gw.nameOf = function (kind, id) {
  const { nodes, edges } = gw.network;
  if (kind === "cluster") return gw.t("cluster.name", { number: id });
  if (kind === "edge") return `${nodes[edges[id].from].label} – ${nodes[edges[id].to].label}`;
  return kind === "node" ? nodes[id].label : gw.t("path.heading");
};
