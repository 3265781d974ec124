"use strict";
// The left side: the ranked list of clusters, and what of the network is in sight.
gw.legend = (function () {
  const { nodes, clusters, largest } = gw.network;
  const { make, makeSvg, find } = gw;
  const boxes = [];

  function symbol(name) {
    const image = makeSvg("svg", { viewBox: "-9 -8 18 16", "aria-hidden": "true" });
    const line = { stroke: "currentColor", "stroke-width": 1.4, fill: name === "dot" ? "currentColor" : "none" };
    const pen = gw.svgPath();
    if (name) gw.shapes.paths[name](pen, 0, 0, 5.5);
    image.append(makeSvg("path", { d: name ? pen.text() : "M-8 0H8", ...line }));
    return image;
  }

  /** Why these accounts stand together, in one line: "14 accounts, 9 on the roster (1.2 expected), …". */
  function summary(cluster) {
    const { facts, pages } = cluster;
    const parts = [gw.t("count.accounts", { n: cluster.members.length })];
    if (facts.n_asn !== undefined) {
      parts.push(gw.t("count.roster", { n: facts.n_asn, expected: Math.round(10 * (facts.expected_asn ?? 0)) / 10 }));
    }
    if (pages.length) parts.push(gw.t("count.page", { n: pages[0].posts, name: nodes[pages[0].node].label }));
    else if (facts.objects !== undefined) parts.push(gw.t("count.posts", { n: facts.objects }));
    if (facts.q_median !== undefined) parts.push(`q = ${gw.power(facts.q_median)}`);
    return [parts.join(", ")];
  }

  function line(cluster) {
    const { facts, number } = cluster;
    const known = facts.first_ms !== undefined && facts.last_ms !== undefined;
    const span = known ? `${gw.day(facts.first_ms)} · ${gw.span(facts.last_ms - facts.first_ms)}` : "";
    const name = make("b", { text: gw.t("cluster.name", { number }) });
    const noted = gw.notes.has({ kind: "cluster", id: number }) ? make("span", { className: "noted", text: gw.t("note.mark") }) : null;
    const button = make(
      "button", { type: "button", "data-cluster": number, on: () => gw.choose("cluster", number, { go: true }) },
      gw.swatch(cluster.colour), make("span", {}, name, noted),
      make("span", { className: "why", text: summary(cluster)[0] }), make("span", { className: "span", text: span }),
    );
    return make("li", {}, button);
  }

  function markCluster() {
    for (const button of document.querySelectorAll("[data-cluster]")) {
      const current = gw.chosen?.kind === "cluster" && String(gw.chosen.id) === button.dataset.cluster;
      button.setAttribute("aria-current", String(current));
      if (current) button.scrollIntoView({ block: "nearest" });
    }
  }

  function kinds(place, list, prefix, name) {
    find(place).replaceChildren(...list.map((kind) => {
      const box = make("input", { type: "checkbox" });
      boxes.push(() => { box.checked = !gw.visible.state[name].has(kind.name); });
      box.addEventListener("change", () => gw.visible.change((state) => {
        if (box.checked) state[name].delete(kind.name);
        else state[name].add(kind.name);
      }));
      const words = make("span", { text: gw.t(`${prefix}.${kind.name}`) });
      return make("label", {}, box, symbol(kind.shape), words, make("span", { className: "count", text: gw.number(kind.count) }));
    }));
  }

  /** Accounts outside clusters, and their posts, are there but not in sight at first. */
  function behind() {
    const count = nodes.filter((node) => node.background && node.kind === "Account").length;
    const posts = nodes.filter((node) => node.background).length - count;
    find("behind-part").hidden = !count && !posts;
    find("behind").checked = gw.visible.state.behind;
    find("behind-text").textContent = gw.t("behind.label", { accounts: count, others: posts });
  }

  function weight() {
    const slider = find("weight");
    slider.min = 1;
    slider.max = largest;
    slider.value = gw.visible.state.least;
    find("weight-part").hidden = largest <= 1;
    find("weight-value").textContent = gw.t("weight.value", { n: gw.visible.state.least });
  }

  function listen() {
    find("weight").addEventListener("input", (event) => {
      const least = Number(event.target.value);
      gw.visible.change((state) => { state.least = least; }, "weight");
    });
    find("behind").addEventListener("change", (event) => {
      gw.visible.change((state) => { state.behind = event.target.checked; });
      gw.camera.fit();
    });
  }

  function build() {
    boxes.length = 0;
    find("clusters")?.replaceChildren(...clusters.map(line));
    kinds("node-kinds", gw.data.node_kinds, "node", "kinds");
    kinds("edge-kinds", gw.data.edge_kinds, "relation", "types");
    markCluster();
    sync();
  }

  /** Put the controls where the state is, after an undo too. */
  function sync() {
    for (const put of boxes) put();
    behind();
    weight();
  }

  return { build, listen, sync, markCluster, summary };
})();
