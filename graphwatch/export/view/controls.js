"use strict";
// The left side and the search box.
gw.controls = (function () {
  const { nodes, clusters, filters, largest } = gw.network;
  const { make, find } = gw;
  const MOST_MATCHES = 30;
  const shapes = {
    dot: "M9 3a5 5 0 1 0 0.01 0z", square: "M4 3h10v10h-10z", diamond: "M9 1l7 7-7 7-7-7z",
    star: "M9 0l2.2 5 5.4.5-4.1 3.6 1.2 5.3L9 11.6l-4.7 2.8 1.2-5.3L1.4 5.5l5.4-.5z",
  };

  function shape(name) {
    const space = "http://www.w3.org/2000/svg";
    const image = document.createElementNS(space, "svg");
    image.setAttribute("viewBox", "0 0 18 16");
    image.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", name ? shapes[name] : "M1 8h16");
    path.setAttribute("fill", name === "dot" ? "currentColor" : "none");
    path.setAttribute("stroke", "currentColor");
    path.setAttribute("stroke-width", "1.4");
    image.append(path);
    return image;
  }

  function clusterList() {
    const list = find("clusters");
    if (!list) return;
    list.replaceChildren(...clusters.map((cluster) => {
      const { facts, number } = cluster;
      const line = [gw.t("count.accounts", { n: cluster.members.length })];
      if (facts.objects !== undefined) line.push(gw.t("count.posts", { n: facts.objects }));
      const known = facts.first_ms !== undefined && facts.last_ms !== undefined;
      const span = known ? `${gw.day(facts.first_ms)} · ${gw.span(facts.last_ms - facts.first_ms)}` : "";
      const words = make("span", {}, make("b", { text: gw.t("cluster.name", { number }) }), ` · ${line.join(" · ")}`);
      const button = make(
        "button", { type: "button", "data-cluster": number, on: () => gw.choose("cluster", number, { go: true }) },
        gw.swatch(cluster.colour), words, make("span", { className: "span", text: span }),
      );
      return make("li", {}, button);
    }));
    markCluster();
  }

  function markCluster() {
    for (const button of document.querySelectorAll("[data-cluster]")) {
      const current = gw.chosen?.kind === "cluster" && String(gw.chosen.id) === button.dataset.cluster;
      button.setAttribute("aria-current", String(current));
      if (current) button.scrollIntoView({ block: "nearest" });
    }
  }

  function kinds(place, list, prefix, hidden) {
    find(place).replaceChildren(...list.map((kind) => {
      const box = make("input", { type: "checkbox" });
      box.checked = !hidden.has(kind.name);
      box.addEventListener("change", () => {
        if (box.checked) hidden.delete(kind.name);
        else hidden.add(kind.name);
        gw.refresh();
      });
      const name = make("span", { text: gw.t(`${prefix}.${kind.name}`) });
      return make("label", {}, box, shape(kind.shape), name, make("span", { className: "count", text: gw.number(kind.count) }));
    }));
  }

  function weight() {
    const slider = find("weight");
    slider.min = 1;
    slider.max = largest;
    slider.disabled = largest <= 1;
    slider.value = filters.least;
    find("weight-value").textContent = gw.t("weight.value", { n: filters.least });
  }

  function search(words) {
    const wanted = words.trim().toLocaleLowerCase();
    const box = find("matches");
    box.hidden = !wanted;
    if (!wanted) return;
    const has = (node) =>
      [node.label, node.facts.id, node.facts.handle, node.facts.name]
        .some((text) => text !== undefined && String(text).toLocaleLowerCase().includes(wanted));
    const found = nodes.filter(has);
    const rows = found.slice(0, MOST_MATCHES).map((node) => {
      const open = () => {
        box.hidden = true;
        gw.choose("node", node.id, { go: true });
        find("details").focus();
      };
      return make("div", {}, gw.link(node.label, open), ` ${gw.t(`node.${node.kind}`)}`);
    });
    const count = found.length ? gw.t("search.found", { n: found.length }) : gw.t("search.none");
    box.replaceChildren(make("p", { className: "small", text: count }), ...rows);
  }

  function listen() {
    find("weight").addEventListener("input", (event) => {
      filters.least = Number(event.target.value);
      weight();
      gw.refresh();
    });
    find("search").addEventListener("input", (event) => search(event.target.value));
    find("search").addEventListener("keydown", (event) => {
      if (event.key === "Enter") find("matches").querySelector("button")?.click();
    });
  }

  function build() {
    clusterList();
    kinds("node-kinds", gw.data.node_kinds, "node", filters.kinds);
    kinds("edge-kinds", gw.data.edge_kinds, "relation", filters.types);
    weight();
  }

  return { build, listen, markCluster };
})();
