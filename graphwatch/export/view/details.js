"use strict";
// Pieces of which the panel on the right is built.
gw.details = (function () {
  const { nodes, edges } = gw.network;
  const { make, link, button } = gw;
  const FIRST_ROWS = 60;

  const nodeLink = (id) => link(nodes[id].label, () => gw.choose("node", id, { go: true }));

  function head(title, kind, colour) {
    const close = button("×", () => gw.choose(null), { className: "close", "aria-label": gw.t("button.close") });
    const words = make("div", {}, make("h2", { text: title }), make("div", { className: "kind" }, ...kind));
    const dot = colour === undefined ? null : gw.swatch(colour);
    return make("div", { className: "head" }, dot, words, close);
  }

  async function copy(text, told) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without the right to write to the clipboard, a selected field still can.
      const field = make("textarea", { className: "unseen", "aria-hidden": "true" });
      field.value = text;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    told.textContent = gw.t("button.copied");
    gw.announce(gw.t("button.copied"));
  }

  /** An address: text that can be copied, or a link where the maker of the page allowed it. */
  function address(text) {
    const safe = gw.data.links && /^https?:\/\//i.test(text);
    const shown = safe
      ? make("a", { href: text, target: "_blank", rel: "noopener noreferrer nofollow", text })
      : make("span", { className: "address", text });
    const copied = button(gw.t("button.copy"), () => copy(text, copied), { className: "small-button" });
    return make("span", { className: "addressed" }, shown, " ", copied);
  }

  function facts(values, names) {
    const list = make("dl");
    for (const name of names ?? Object.keys(values)) {
      if (values[name] === undefined) continue;
      const shown = name === "url" ? make("dd", {}, address(values[name])) : make("dd", { text: gw.value(name, values[name]) });
      list.append(make("dt", { text: gw.t(`property.${name}`) }), shown);
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
    const more = button("", grow);
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

  /** Where it can be looked up: the address or words of the interaction, and the rows that supplied it. */
  function sourcesOf(edge, object) {
    const { text, sources } = edge.facts;
    const parts = [];
    if (text) parts.push(make("div", { className: "words", text }));
    if (object !== null && nodes[object].facts.url) parts.push(make("div", {}, address(nodes[object].facts.url)));
    if (sources?.length) parts.push(make("div", { className: "rows", text: sources.join(", ") }));
    return parts;
  }

  /** Interactions as a table; `other` is the end that the reader does not know yet. */
  function actions(indices, other) {
    const title = other === "to" ? "evidence.object" : "evidence.account";
    return table([["evidence.time"], ["evidence.kind"], [title]], indices, (i) => {
      const edge = edges[i];
      return [
        cell(gw.time(edge.first), "time"),
        cell(gw.t(`relation.${edge.type}`)),
        cell(make("div", {}, nodeLink(edge[other]), ...sourcesOf(edge, other === "to" ? edge.to : null))),
      ];
    });
  }

  function innocent() {
    const reasons = ["notifications", "chat", "schedule", "device", "pressure"];
    const list = make("ul", {}, ...reasons.map((reason) => make("li", { text: gw.t(`innocent.${reason}`) })));
    const lead = make("p", { text: gw.t("innocent.lead") });
    return make("details", { className: "innocent", open: "" }, make("summary", { text: gw.t("innocent.heading") }), lead, list);
  }

  function shownOf(shown, total) {
    if (!shown) return make("p", { className: "small", text: gw.t("evidence.none") });
    if (total === undefined || shown >= total) return null;
    return make("p", { className: "small", text: gw.t("evidence.shown", { shown, total }) });
  }

  return { nodeLink, head, facts, address, part, cell, table, sourcesOf, actions, innocent, shownOf };
})();
