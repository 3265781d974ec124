"use strict";
// The panel on the right: what was chosen, the interactions behind it, and what else could explain it.
gw.panel = (function () {
  const { nodes, edges, clusterOf, touching, isPair, isAction, otherEnd } = gw.network;
  const { make, link, details, evidence } = gw;
  const { part } = details;

  function overview() {
    const run = gw.data.run;
    const settings = Object.keys(run).length ? details.facts(run) : make("p", { text: gw.t("run.none") });
    const sources = gw.data.sources.map((source) =>
      make("details", {}, make("summary", { text: source.file ?? source.id ?? "–" }), details.facts(source)),
    );
    return [
      make("h2", { text: gw.t("overview.heading") }),
      make("p", { text: gw.t("overview.read") }),
      make("p", { className: "small", text: gw.t("overview.keys") }),
      details.innocent(),
      ...part("run.heading", settings),
      ...part("sources.heading", ...(sources.length ? sources : [make("p", { text: gw.t("sources.none") })])),
    ];
  }

  function clusterLink(number) {
    return link(gw.t("cluster.name", { number }), () => gw.choose("cluster", number, { go: true }));
  }

  function ofNode(id) {
    const node = nodes[id];
    const kind = [gw.t(`node.${node.kind}`)];
    if (node.cluster !== null && clusterOf.has(node.cluster)) kind.push(" · ", clusterLink(node.cluster));
    const content = [details.head(node.label, kind), ...part("facts.heading", details.facts(node.facts))];
    const pairs = evidence.partners(id);
    if (pairs.length) content.push(...part("partners.heading", partnerTable(id, pairs)), details.innocent());
    const actions = evidence.actionsAt(id);
    if (actions.length) {
      content.push(...part("evidence.heading", details.actions(actions, node.kind === "Account" ? "to" : "from")));
    }
    const others = touching[id].filter((i) => !isPair(edges[i]) && !isAction(edges[i]));
    if (others.length) content.push(...part("linked.heading", linkTable(id, others)));
    return content;
  }

  function partnerTable(id, pairs) {
    return details.table([["evidence.account"], ["partners.n", "number"]], pairs, (i) => [
      details.cell(details.nodeLink(otherEnd(edges[i], id))),
      details.cell(link(gw.number(edges[i].n), () => gw.choose("edge", i)), "number"),
    ]);
  }

  function linkTable(id, others) {
    return details.table([["evidence.kind"], ["linked.heading"]], others, (i) => [
      details.cell(gw.t(`relation.${edges[i].type}`)),
      details.cell(details.nodeLink(otherEnd(edges[i], id))),
    ]);
  }

  function ofEdge(id) {
    const edge = edges[id];
    const kind = [gw.t(`relation.${edge.type}`)];
    const title = `${nodes[edge.from].label} – ${nodes[edge.to].label}`;
    const ends = make("p", {}, details.nodeLink(edge.from), isPair(edge) ? " – " : " → ", details.nodeLink(edge.to));
    const content = [details.head(title, kind), ends];
    if (isPair(edge)) content.push(details.innocent());
    if (Object.keys(edge.facts).length) content.push(...part("facts.heading", details.facts(edge.facts)));
    if (isPair(edge)) content.push(...pairEvidence(edge));
    return content;
  }

  function pairEvidence(edge) {
    const { window, rows } = evidence.ofPair(edge);
    const titles = [["evidence.object"], ["evidence.time"], ["evidence.gap", "number"]];
    const action = (i) => {
      const text = `${gw.time(edges[i].facts.at_ms)} · ${gw.t(`relation.${edges[i].type}`)}`;
      return make("div", {}, text, make("div", { className: "rows", text: nodes[edges[i].from].label }));
    };
    const list = details.table(titles, rows, (row) => [
      details.cell(details.nodeLink(row.object)),
      details.cell(make("div", {}, action(row.one), action(row.two))),
      details.cell(gw.t("value.seconds", { n: row.gap / 1000 }), "number"),
    ]);
    return [
      make("h3", { text: gw.t("evidence.pair", { seconds: window / 1000 }) }),
      details.shownOf(rows.length, edge.n),
      rows.length ? list : null,
    ];
  }

  function ofCluster(number) {
    const cluster = clusterOf.get(number);
    const kind = [gw.t("count.accounts", { n: cluster.members.length })];
    if (cluster.facts.objects !== undefined) kind.push(" · ", gw.t("count.posts", { n: cluster.facts.objects }));
    const { window, rows } = evidence.ofCluster(cluster);
    const members = make("div", { className: "members" }, ...cluster.members.map(details.nodeLink));
    return [
      details.head(gw.t("cluster.name", { number }), kind, cluster.colour),
      make("p", {}, make("strong", { className: "lead", text: gw.t("lead") })),
      details.innocent(),
      ...part("facts.heading", details.facts(cluster.facts)),
      ...part("members.heading", members),
      make("h3", { text: gw.t("evidence.cluster", { seconds: window / 1000 }) }),
      details.shownOf(rows.length, cluster.facts.objects),
      ...rows.map(clusterRow),
    ];
  }

  function clusterRow(row) {
    const about = `${gw.t("count.accounts", { n: row.accounts })} · ${gw.time(row.first)} · ${gw.span(row.last - row.first)}`;
    const summary = make("summary", {}, nodes[row.object].label, make("div", { className: "span", text: about }));
    const block = make("details", {}, summary);
    // Most readers open few of them; the rest costs nothing.
    block.addEventListener("toggle", () => block.append(details.actions(row.actions, "from")), { once: true });
    return block;
  }

  const makers = { node: ofNode, edge: ofEdge, cluster: ofCluster };

  function show() {
    const content = gw.chosen ? makers[gw.chosen.kind](gw.chosen.id) : overview();
    const panel = gw.find("details");
    panel.replaceChildren(...content.filter((child) => child !== null));
    panel.scrollTop = 0;
  }

  return { show };
})();
