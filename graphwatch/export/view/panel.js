// @ts-check
// The panel on the right: how to read the page and what it rests on, or the evidence of what is chosen.
import * as acts from "./acts.js";
import { clusterOf, colourAt, data, edges, nodes, otherEnd, touching } from "./data.js";
import {
  actions, addressOf, allNotes, cell, facts, hasNote, head, innocent, nodeLink, noteField, part, shownOf, table,
} from "./details.js";
import { button, find, link, make } from "./elements.js";
import * as evidence from "./evidence.js";
import { open as openPlot } from "./plots.js";
import { choose, chosen, nameOf, sight } from "./state.js";
import { day, lasting, number, power, t, time, worded } from "./wording.js";
/** @import { Burst, Cluster, Edge, Facts } from "./data.js" */
/** @import { Child } from "./elements.js" */
/** @import { Path } from "./state.js" */

const COVERAGE = ["interactions", "untimed", "observed", "coarse", "accounts", "objects", "tests", "pairs"];
// Properties of a run that are too long for a list.
const LONG = ["parameters", "power", "sensitivity"];
const NUMBERS = /** @type {const} */ (["n", "opportunities", "expected", "q"]);

let shortcuts = true;

/** Whether single letters do something; some who speak to their computer need them off. */
export const shortcutsAreOn = () => shortcuts;

function shortcutsSwitch() {
  const box = make("input", { type: "checkbox", id: "shortcuts" });
  box.checked = shortcuts;
  box.addEventListener("change", () => { shortcuts = box.checked; });
  return make("label", { className: "check" }, box, make("span", { text: t("overview.shortcuts") }));
}

function coverage() {
  const { run, sources } = data;
  if (!Object.keys(run).length) return [];
  const refused = sources.reduce((sum, source) => sum + (source.rows_refused ?? 0), 0);
  // Most runs left none out for these reasons.
  const rare = { observed: run.observed || undefined, coarse: run.coarse || undefined };
  const counted = facts({ ...run, ...rare, rows_refused: refused || undefined }, [...COVERAGE, "rows_refused"]);
  return part("coverage.heading", counted, make("p", { className: "small", text: t("coverage.sentence") }));
}

function settings() {
  const names = Object.keys(data.run);
  if (!names.length) return part("run.heading", make("p", { text: t("run.none") }));
  const raw = make("code", { text: data.run.parameters ?? "–" });
  return part(
    "run.heading", facts(data.run, names.filter((name) => !COVERAGE.includes(name) && !LONG.includes(name))),
    make("details", {}, make("summary", { text: t("property.parameters") }), raw),
  );
}

function notesList() {
  const rows = allNotes().map(({ about, text }) => {
    const open = () => choose(about, { go: about.kind !== "edge" });
    return make("li", {}, link(nameOf(about), open), ": ", make("span", { text }));
  });
  return rows.length ? part("note.heading", make("ul", { className: "plain" }, ...rows)) : [];
}

function aboutPage() {
  const paths = data.scope === "path";
  const sources = data.sources.map((source) =>
    make("details", {}, make("summary", { text: source.file ?? source.id ?? "–" }), facts(source)),
  );
  return [
    make("h2", { text: t("overview.heading") }),
    make("p", { text: t(paths ? "overview.paths" : "overview.read") }),
    make("p", { className: "small", text: t("overview.keys") }),
    shortcutsSwitch(),
    ...notesList(),
    paths ? null : innocent(),
    ...coverage(),
    ...settings(),
    ...part("sources.heading", ...(sources.length ? sources : [make("p", { text: t("sources.none") })])),
  ];
}

/** @param {...[key: string, act: () => void]} entries */
function doing(...entries) {
  const buttons = entries.map(([key, act]) => button(t(key), act, { className: "small-button" }));
  return make("div", { className: "doing" }, ...buttons);
}

/**
 * What was seen beside what chance explains.
 *
 * @param {Pick<Facts, typeof NUMBERS[number]>} values
 */
function numbers(values) {
  const parts = NUMBERS.flatMap((name) => {
    const value = values[name];
    if (value === undefined) return [];
    return [make("div", {}, make("b", { text: worded(name, value) }), make("span", { text: t(`number.${name}`) }))];
  });
  return parts.length ? make("div", { className: "numbers" }, ...parts) : null;
}

/** @param {number} id @param {number[]} pairs */
const partnerTable = (id, pairs) =>
  table([["evidence.account"], ["partners.n", "number"], ["partners.q", "number"]], pairs, (i) => [
    cell(nodeLink(otherEnd(edges[i], id))),
    cell(link(number(edges[i].n), () => choose({ kind: "edge", id: i })), "number"),
    cell(edges[i].facts.q === undefined ? "–" : power(edges[i].facts.q), "number"),
  ]);

/** @param {number} id @param {number[]} others */
const linkTable = (id, others) =>
  table([["evidence.kind"], ["linked.heading"]], others, (i) => [
    cell(t(`relation.${edges[i].type}`)), cell(nodeLink(otherEnd(edges[i], id))),
  ]);

/** @param {number} id */
function aboutNode(id) {
  const node = nodes[id];
  const { hidden, pinned } = sight();
  const cluster = node.cluster === null ? undefined : clusterOf(node.cluster);
  const home = cluster && link(t("cluster.name", { number: cluster.number }), () =>
    choose({ kind: "cluster", id: cluster.number }, { go: true }));
  const pairs = evidence.partners(id);
  const interactions = evidence.actionsAt(id);
  const others = touching[id].filter((i) => !edges[i].pair && !edges[i].action);
  return [
    head(node.label, [t(`node.${node.kind}`), ...(home ? [" · ", home] : [])]),
    doing(
      ["act.ego", () => acts.showAround(id)], ["act.path", () => acts.askPath(id)],
      [pinned.has(id) ? "act.unpin" : "act.pin", () => acts.pin(id)],
      [hidden.has(id) ? "act.unhide" : "act.hide", () => acts.hide(id)],
    ),
    ...part("facts.heading", facts(node.facts)),
    ...(pairs.length ? [...part("partners.heading", partnerTable(id, pairs)), innocent()] : []),
    ...(interactions.length
      ? part("evidence.heading", actions(interactions, node.kind === "Account" ? "to" : "from"))
      : []),
    ...(others.length ? part("linked.heading", linkTable(id, others)) : []),
    noteField({ kind: "node", id }),
  ];
}

/** @param {Edge} edge */
function pairEvidence(edge) {
  const { window, rows } = evidence.ofPair(edge);
  /** @param {number} i */
  const action = (i) => make(
    "div", {}, `${time(edges[i].first)} · ${t(`relation.${edges[i].type}`)}`,
    make("div", { className: "rows", text: nodes[edges[i].from].label }),
  );
  const list = () =>
    table([["evidence.object"], ["evidence.time"], ["evidence.gap", "number"]], rows, ({ object, one, two, gap }) => [
      cell(make("div", {}, nodeLink(object), addressOf(object))),
      cell(make("div", {}, action(one), action(two))),
      cell(data.coarse ? "–" : t("value.seconds", { n: gap / 1000 }), "number"),
    ]);
  const heading = make("h3", { text: t("evidence.pair", { seconds: window / 1000 }) });
  return [heading, shownOf(rows.length, edge.n), rows.length ? list() : null];
}

/** @param {number} id */
function aboutEdge(id) {
  const edge = edges[id];
  return [
    head(nameOf({ kind: "edge", id }), [t(`relation.${edge.type}`)]),
    make("p", {}, nodeLink(edge.from), edge.pair ? " – " : " → ", nodeLink(edge.to)),
    ...(edge.pair ? [numbers(edge.facts), innocent(), ...pairEvidence(edge)] : []),
    ...(Object.keys(edge.facts).length ? part("facts.heading", facts(edge.facts)) : []),
    edge.action ? addressOf(edge.to) : null,
    noteField({ kind: "edge", id }),
  ];
}

/**
 * A dot in the colour of a cluster.
 *
 * @param {Cluster} cluster
 */
function swatch({ colour }) {
  const dot = make("span", { className: "swatch", "aria-hidden": "true" });
  dot.style.backgroundColor = colourAt(colour);
  return dot;
}

/**
 * Why these accounts stand together, in one line: "14 accounts, 9 on the roster (1.2 expected), …".
 *
 * @param {Cluster} cluster
 */
function why({ facts: { n_asn: n, expected_asn: expected = 0, objects, q_median: q }, members, pages: [page] }) {
  const parts = [t("count.accounts", { n: members.length })];
  if (n !== undefined) parts.push(t("count.roster", { n, expected: Math.round(10 * expected) / 10 }));
  if (page) parts.push(t("count.page", { n: page.posts, name: nodes[page.node].label }));
  else if (objects !== undefined) parts.push(t("count.posts", { n: objects }));
  if (q !== undefined) parts.push(`q = ${power(q)}`);
  return parts.join(", ");
}

/** @param {Burst} burst */
function burstBlock({ object, name, kind, actions: together, members, first, last, size }) {
  const about = `${t("count.accounts", { n: members })} · ${[time(first), ...lasting(first, last)].join(" · ")}`;
  const called = object === null ? name ?? t(`object.${kind}`) : nodes[object].label;
  const summary = make("summary", {}, called, make("div", { className: "span", text: about }));
  const block = make("details", {}, summary);
  // Most readers open few of them; the rest costs nothing.
  block.addEventListener("toggle", () => {
    const address = object === null ? null : addressOf(object);
    block.append(address ?? "", shownOf(together.length, size) ?? "", actions(together, "from"));
  }, { once: true });
  return block;
}

/** @param {Cluster} cluster */
function pagesOf({ pages }) {
  const rows = pages.map(({ node, posts }) => make("li", {}, nodeLink(node), ` · ${t("count.posts", { n: posts })}`));
  return rows.length ? part("pages.heading", make("ul", { className: "plain" }, ...rows)) : [];
}

/**
 * Each family of evidence beside the others; one that shows nothing speaks against.
 *
 * @param {Cluster} cluster
 */
function familiesOf({ families }) {
  if (!families.length) return [];
  const rows = table(
    [
      ["families.family"], ["families.pairs", "number"], ["families.n", "number"], ["families.expected", "number"],
      ["families.coordinated", "number"],
    ],
    families,
    ({ family, pairs, n, expected, coordinated }) => [
      cell(t(`families.${family}`)), ...[pairs, n, expected, coordinated].map((value) => cell(number(value), "number")),
    ],
  );
  return part("families.heading", rows, make("p", { className: "small", text: t("families.read") }));
}

/** @param {Cluster} cluster */
function aboutCluster(cluster) {
  const { bursts, kept } = cluster;
  const { n_sum: n, opportunities_sum: opportunities, expected_sum: expected, q_median: q } = cluster.facts;
  return [
    head(t("cluster.name", { number: cluster.number }), [why(cluster)], swatch(cluster)),
    make("p", {}, make("strong", { className: "lead", text: t("lead") })),
    doing(
      ["act.only", () => acts.showOnlyCluster(cluster)],
      ["act.timeline", () => openPlot("timeline")], ["act.matrix", () => openPlot("matrix")],
    ),
    numbers({ n, opportunities, expected, q }),
    n === undefined ? null : make("p", { className: "small", text: t("number.sums") }),
    ...familiesOf(cluster),
    innocent(),
    ...pagesOf(cluster),
    ...part("members.heading", make("div", { className: "members" }, ...cluster.members.map(nodeLink))),
    make("h3", { text: t("evidence.cluster", { seconds: (data.run.window_ms ?? 0) / 1000 }) }),
    kept
      ? shownOf(bursts.length, cluster.facts.bursts)
      : make("p", { className: "small", text: t("notice.bursts", { n: 1 }) }),
    ...bursts.map(burstBlock),
    ...part("facts.heading", facts(cluster.facts)),
    noteField({ kind: "cluster", id: cluster.number }),
  ];
}

/** @param {Path} path */
function aboutPath(path) {
  const [start, end] = [path.nodes[0], path.nodes[path.nodes.length - 1]];
  const heading = head(t("path.heading"), [nodeLink(start), " – ", nodeLink(end)]);
  if (!path.edges.length) return [heading, make("p", { text: t("path.none") })];
  const steps = path.edges.map((i) => {
    const { from, to, type, n } = edges[i];
    const words = t(`relation.${type}`);
    const kind = link(n ? `${words} (${number(n)})` : words, () => choose({ kind: "edge", id: i }));
    return make("li", {}, nodeLink(from), " → ", kind, " → ", nodeLink(to));
  });
  return [heading, make("p", { className: "small", text: t("path.caution") }), make("ol", {}, ...steps)];
}

/** @returns {Child[]} */
function content() {
  const choice = chosen();
  if (!choice) return aboutPage();
  if (choice.kind === "path") return aboutPath(choice.path);
  if (choice.kind === "node") return aboutNode(choice.id);
  return choice.kind === "edge" ? aboutEdge(choice.id) : aboutCluster(clusterOf(choice.id));
}

export function show() {
  const panel = find("details");
  panel.replaceChildren(...content().filter((child) => child !== null && child !== undefined));
  panel.scrollTop = 0;
}

/**
 * A line of the ranked list on the left: a cluster, why its accounts stand together, and when.
 *
 * @param {Cluster} cluster
 */
export function clusterLine(cluster) {
  const { facts: { first_ms: first, last_ms: last }, number: id } = cluster;
  const timed = first !== undefined && last !== undefined;
  const when = timed ? [data.coarse ? time(first) : day(first), ...lasting(first, last)].join(" · ") : "";
  const noted = hasNote({ kind: "cluster", id }) ? make("span", { className: "noted", text: t("note.mark") }) : null;
  const line = make(
    "button",
    { type: "button", "data-cluster": id, on: () => choose({ kind: "cluster", id }, { go: true }) },
    swatch(cluster), make("span", {}, make("b", { text: t("cluster.name", { number: id }) }), noted),
    make("span", { className: "why", text: why(cluster) }), make("span", { className: "span", text: when }),
  );
  return make("li", {}, line);
}

/** Mark the chosen cluster in the ranked list. */
export function markCluster() {
  const choice = chosen();
  for (const line of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-cluster]"))) {
    const current = choice?.kind === "cluster" && String(choice.id) === line.dataset.cluster;
    line.setAttribute("aria-current", String(current));
    if (current) line.scrollIntoView({ block: "nearest" });
  }
}
