"use strict";
// The search box and its suggestions, by the pattern of a combobox with a list.
gw.search = (function () {
  const { nodes, clusters } = gw.network;
  const { make, find } = gw;
  const MOST = 12;
  let active = -1;

  const low = (text) => String(text).toLocaleLowerCase();

  function rank(node, wanted) {
    const texts = [node.label, node.facts.id, node.facts.handle, node.facts.name, node.facts.text].filter((t) => t !== undefined).map(low);
    if (texts.some((text) => text.startsWith(wanted))) return 0;
    return texts.some((text) => text.includes(wanted)) ? 1 : -1;
  }

  function matches(words) {
    const wanted = low(words.trim());
    if (!wanted) return [];
    const named = clusters
      .filter((c) => low(gw.t("cluster.name", { number: c.number })).includes(wanted))
      .map((c) => ({ kind: "cluster", id: c.number, rank: 0 }));
    const found = nodes.map((node) => ({ kind: "node", id: node.id, rank: rank(node, wanted) })).filter((m) => m.rank >= 0);
    return [...named, ...found].sort((a, b) => a.rank - b.rank);
  }

  function option(match, i) {
    const kind = match.kind === "cluster" ? gw.t("node.Cluster") : gw.t(`node.${nodes[match.id].kind}`);
    const row = make(
      "div", { id: `match-${i}`, role: "option", "aria-selected": "false", on: () => take(match) },
      make("span", { text: gw.nameOf(match.kind, match.id) }), make("span", { className: "small", text: kind }),
    );
    row.match = match;
    return row;
  }

  function close() {
    find("matches").hidden = true;
    find("search").setAttribute("aria-expanded", "false");
    find("search").removeAttribute("aria-activedescendant");
    active = -1;
  }

  function take({ kind, id }) {
    close();
    if (kind === "node" && gw.visible.hiddenNodes[id]) gw.acts.bring(id);
    gw.choose(kind, id, { go: true });
    find("details").focus();
  }

  function suggest() {
    const found = matches(find("search").value);
    const box = find("matches");
    if (!find("search").value.trim()) return close();
    active = -1;
    box.replaceChildren(...found.slice(0, MOST).map(option));
    const count = found.length ? gw.t("search.found", { n: found.length }) : gw.t("search.none");
    find("matches-count").textContent = count;
    find("matches").hidden = found.length === 0;
    find("search").setAttribute("aria-expanded", String(found.length > 0));
    return undefined;
  }

  function step(by) {
    const rows = [...find("matches").children];
    if (!rows.length || find("matches").hidden) return;
    active = (active + by + rows.length) % rows.length;
    rows.forEach((row, i) => row.setAttribute("aria-selected", String(i === active)));
    rows[active].scrollIntoView({ block: "nearest" });
    find("search").setAttribute("aria-activedescendant", rows[active].id);
  }

  function keys(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (Object.hasOwn(steps, event.key)) {
      event.preventDefault();
      step(steps[event.key]);
    } else if (event.key === "Enter") {
      const row = find("matches").children[Math.max(0, active)];
      if (row && !find("matches").hidden) take(row.match);
    }
  }

  function listen() {
    find("search").addEventListener("input", () => { find("matches-count").textContent = ""; suggest(); });
    find("search").addEventListener("keydown", keys);
    // A click on a suggestion comes before the box loses the focus for good.
    find("search").addEventListener("blur", () => setTimeout(() => { close(); find("matches-count").textContent = ""; }, 200));
  }

  return { listen, close, matches };
})();
