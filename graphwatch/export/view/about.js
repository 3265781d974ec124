"use strict";
// The panel of a node, a relation and a cluster.
(function () {
  const { nodes, edges, clusterOf, touching, otherEnd } = gw.network;
  const { make, link, button, details, evidence } = gw;
  const { part } = details;
  const NUMBERS = ["n", "opportunities", "expected", "q"];

  function clusterLink(number) {
    return link(gw.t("cluster.name", { number }), () => gw.choose("cluster", number, { go: true }));
  }

  const doing = (...entries) =>
    make("div", { className: "doing" }, ...entries.map(([key, act]) => button(gw.t(key), act, { className: "small-button" })));

  /** What was seen beside what chance explains, as one sentence and as numbers. */
  function numbers(values) {
    const parts = NUMBERS.filter((name) => values[name] !== undefined).map((name) =>
      make("div", {}, make("b", { text: gw.value(name, values[name]) }), make("span", { text: gw.t(`number.${name}`) })),
    );
    return parts.length ? make("div", { className: "numbers" }, ...parts) : null;
  }

  const sums = ({ n_sum: n, opportunities_sum: opportunities, expected_sum: expected, q_median: q }) =>
    ({ n, opportunities, expected, q });

  gw.panel.makers.node = function (id) {
    const node = nodes[id];
    const kind = [gw.t(`node.${node.kind}`)];
    if (node.cluster !== null && clusterOf.has(node.cluster)) kind.push(" · ", clusterLink(node.cluster));
    const { hidden, pinned } = gw.visible.state;
    const content = [
      details.head(node.label, kind),
      doing(
        ["act.ego", () => gw.acts.ego(id)], ["act.path", () => gw.paths.from(id)],
        [pinned.has(id) ? "act.unpin" : "act.pin", () => gw.acts.pin(id)],
        [hidden.has(id) ? "act.unhide" : "act.hide", () => gw.acts.hide(id)],
      ),
      ...part("facts.heading", details.facts(node.facts)),
    ];
    const pairs = evidence.partners(id);
    if (pairs.length) content.push(...part("partners.heading", partnerTable(id, pairs)), details.innocent());
    const actions = evidence.actionsAt(id);
    if (actions.length) {
      content.push(...part("evidence.heading", details.actions(actions, node.kind === "Account" ? "to" : "from")));
    }
    const others = touching[id].filter((i) => !edges[i].pair && !edges[i].action);
    if (others.length) content.push(...part("linked.heading", linkTable(id, others)));
    return [...content, gw.notes.field({ kind: "node", id })];
  };

  function partnerTable(id, pairs) {
    return details.table([["evidence.account"], ["partners.n", "number"], ["partners.q", "number"]], pairs, (i) => [
      details.cell(details.nodeLink(otherEnd(edges[i], id))),
      details.cell(link(gw.number(edges[i].n), () => gw.choose("edge", i)), "number"),
      details.cell(edges[i].facts.q === undefined ? "–" : gw.power(edges[i].facts.q), "number"),
    ]);
  }

  function linkTable(id, others) {
    return details.table([["evidence.kind"], ["linked.heading"]], others, (i) => [
      details.cell(gw.t(`relation.${edges[i].type}`)),
      details.cell(details.nodeLink(otherEnd(edges[i], id))),
    ]);
  }

  gw.panel.makers.edge = function (id) {
    const edge = edges[id];
    const ends = make("p", {}, details.nodeLink(edge.from), edge.pair ? " – " : " → ", details.nodeLink(edge.to));
    const content = [details.head(gw.nameOf("edge", id), [gw.t(`relation.${edge.type}`)]), ends];
    if (edge.pair) content.push(numbers(edge.facts), details.innocent(), ...pairEvidence(edge));
    if (Object.keys(edge.facts).length) content.push(...part("facts.heading", details.facts(edge.facts)));
    if (edge.action) content.push(...details.sourcesOf({ facts: { text: undefined } }, edge.to));
    return [...content, gw.notes.field({ kind: "edge", id })];
  };

  function pairEvidence(edge) {
    const { window, rows } = evidence.ofPair(edge);
    const titles = [["evidence.object"], ["evidence.time"], ["evidence.gap", "number"]];
    const action = (i) => {
      const text = `${gw.time(edges[i].first)} · ${gw.t(`relation.${edges[i].type}`)}`;
      return make("div", {}, text, make("div", { className: "rows", text: nodes[edges[i].from].label }));
    };
    const list = details.table(titles, rows, (row) => [
      details.cell(make("div", {}, details.nodeLink(row.object), ...details.sourcesOf({ facts: {} }, row.object))),
      details.cell(make("div", {}, action(row.one), action(row.two))),
      details.cell(gw.t("value.seconds", { n: row.gap / 1000 }), "number"),
    ]);
    return [
      make("h3", { text: gw.t("evidence.pair", { seconds: window / 1000 }) }),
      details.shownOf(rows.length, edge.n),
      rows.length ? list : null,
    ];
  }

  function pagesOf(cluster) {
    const rows = cluster.pages.map(({ node, posts }) =>
      make("li", {}, details.nodeLink(node), ` · ${gw.t("count.posts", { n: posts })}`),
    );
    return rows.length ? part("pages.heading", make("ul", { className: "plain" }, ...rows)) : [];
  }

  gw.panel.makers.cluster = function (number) {
    const cluster = clusterOf.get(number);
    const { window, rows } = evidence.ofCluster(cluster);
    const members = make("div", { className: "members" }, ...cluster.members.map(details.nodeLink));
    return [
      details.head(gw.t("cluster.name", { number }), gw.legend.summary(cluster), cluster.colour),
      make("p", {}, make("strong", { className: "lead", text: gw.t("lead") })),
      doing(["act.only", () => gw.acts.onlyCluster(cluster)], ["act.timeline", () => gw.views.open("timeline")],
        ["act.matrix", () => gw.views.open("matrix")]),
      numbers(sums(cluster.facts)),
      cluster.facts.n_sum === undefined ? null : make("p", { className: "small", text: gw.t("number.sums") }),
      details.innocent(),
      ...pagesOf(cluster),
      ...part("members.heading", members),
      make("h3", { text: gw.t("evidence.cluster", { seconds: window / 1000 }) }),
      details.shownOf(rows.length, cluster.facts.objects),
      ...rows.map(clusterRow),
      ...part("facts.heading", details.facts(cluster.facts)),
      gw.notes.field({ kind: "cluster", id: number }),
    ];
  };

  function clusterRow(row) {
    const about = `${gw.t("count.accounts", { n: row.accounts })} · ${gw.time(row.first)} · ${gw.span(row.last - row.first)}`;
    const summary = make("summary", {}, nodes[row.object].label, make("div", { className: "span", text: about }));
    const block = make("details", {}, summary);
    // Most readers open few of them; the rest costs nothing.
    block.addEventListener("toggle", () => {
      const where = details.sourcesOf({ facts: {} }, row.object);
      block.append(...where, details.actions(row.actions, "from"));
    }, { once: true });
    return block;
  }
})();
