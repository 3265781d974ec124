"use strict";
// Pieces of which the panel on the right is built.
gw.details = (function () {
  const { nodes, edges } = gw.network;
  const { make, link } = gw;
  const FIRST_ROWS = 60;

  const nodeLink = (id) => link(nodes[id].label, () => gw.choose("node", id, { go: true }));

  function head(title, kind, colour) {
    const close = make("button", {
      type: "button", className: "close", text: "×", "aria-label": gw.t("button.close"), on: () => gw.choose(null),
    });
    const words = make("div", {}, make("h2", { text: title }), make("div", { className: "kind" }, ...kind));
    const dot = colour === undefined ? null : gw.swatch(colour);
    return make("div", { className: "head" }, dot, words, close);
  }

  function facts(values, names) {
    const list = make("dl");
    for (const name of names ?? Object.keys(values)) {
      if (values[name] === undefined) continue;
      list.append(make("dt", { text: gw.t(`property.${name}`) }), make("dd", { text: gw.value(name, values[name]) }));
    }
    return list;
  }

  const part = (key, ...children) => [make("h3", { text: gw.t(key) }), ...children];

  const cell = (content, className) =>
    content instanceof Node ? make("td", { className }, content) : make("td", { className, text: content });

  /** A table that grows by a button, so that a busy account does not freeze the page. */
  function table(titles, rows, toCells) {
    const body = make("tbody");
    const heads = titles.map(([key, className]) => make("th", { className, scope: "col", text: gw.t(key) }));
    const box = make("div", {}, make("table", {}, make("thead", {}, make("tr", {}, ...heads)), body));
    const more = make("button", { type: "button", on: grow });
    let shown = 0;
    function grow() {
      const next = rows.slice(shown, shown + FIRST_ROWS);
      body.append(...next.map((row) => make("tr", {}, ...toCells(row))));
      shown += next.length;
      if (shown < rows.length) {
        more.textContent = gw.t("button.more", { n: Math.min(FIRST_ROWS, rows.length - shown) });
        box.append(more);
      } else {
        more.remove();
      }
    }
    grow();
    return box;
  }

  function sourcesOf(edge) {
    const rows = edge.facts.sources ?? [];
    return rows.length ? make("div", { className: "rows", text: rows.join(", ") }) : null;
  }

  /** Interactions as a table; `other` is the end that the reader does not know yet. */
  function actions(indices, other) {
    const title = other === "to" ? "evidence.object" : "evidence.account";
    return table([["evidence.time"], ["evidence.kind"], [title]], indices, (i) => {
      const edge = edges[i];
      return [
        cell(gw.time(edge.facts.at_ms), "time"),
        cell(gw.t(`relation.${edge.type}`)),
        cell(make("div", {}, nodeLink(edge[other]), sourcesOf(edge))),
      ];
    });
  }

  function innocent() {
    const reasons = ["notifications", "chat", "schedule", "device", "pressure"];
    const list = make("ul", {}, ...reasons.map((reason) => make("li", { text: gw.t(`innocent.${reason}`) })));
    const title = make("h3", { text: gw.t("innocent.heading") });
    title.style.marginTop = "0";
    return make("section", { className: "innocent" }, title, make("p", { text: gw.t("innocent.lead") }), list);
  }

  function shownOf(shown, total) {
    if (!shown) return make("p", { className: "small", text: gw.t("evidence.none") });
    if (total === undefined || shown >= total) return null;
    return make("p", { className: "small", text: gw.t("evidence.shown", { shown, total }) });
  }

  return { nodeLink, head, facts, part, cell, table, sourcesOf, actions, innocent, shownOf };
})();
