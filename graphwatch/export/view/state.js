// @ts-check
// What of the network is in sight, what the reader chose, and taking back what was done to the former.
import { earliest, edges, kept, latest, nodes, touching } from "./data.js";
import { t } from "./wording.js";
/** @import { Edge, Node } from "./data.js" */

/**
 * @typedef {object} Sight  what the reader narrowed
 * @property {Set<string>} kinds  of nodes that are switched off
 * @property {Set<string>} types  of relations that are switched off
 * @property {number} least  weight of a pair
 * @property {number} from
 * @property {number} to
 * @property {boolean} behind  whether the background is in sight
 * @property {Set<number>} hidden
 * @property {Set<number>} pinned
 * @property {Set<number> | null} only
 *
 * @typedef {{ nodes: number[], edges: number[] }} Path  no edges where there is no way
 * @typedef {{ kind: "node" | "edge" | "cluster", id: number } | { kind: "path", path: Path }} Choice
 * @typedef {{ go?: boolean, quiet?: boolean }} Telling  go there; say nothing to those who listen
 */

const MOST_STEPS = 200;

/** 1 for each node that is not in sight. */
export const hiddenNodes = new Uint8Array(nodes.length);
/** 1 for each relation that is not in sight. */
export const hiddenEdges = new Uint8Array(edges.length);

/** @type {{ name: string | undefined, sight: Sight }[]} */
const past = [];
/** @type {Sight} */
let now = {
  kinds: new Set(), types: new Set(), least: 1, from: earliest, to: latest, behind: false,
  hidden: new Set(kept.hidden), pinned: new Set(kept.pinned), only: null,
};
/** @type {Choice | null} */
let choice = null;
/** @type {number | null} */
let pointed = null;
/** @type {(() => void)[]} */
const sightListeners = [];
/** @type {((telling: Telling) => void)[]} */
const choiceListeners = [];

export const sight = () => now;

/** @returns {Choice | null} */
export const chosen = () => choice;

/** The node under the pointer. */
export const hovered = () => pointed;

/** @param {() => void} listener */
export const onSight = (listener) => { sightListeners.push(listener); };

/** @param {(telling: Telling) => void} listener */
export const onChoice = (listener) => { choiceListeners.push(listener); };

/** @param {number} id */
export const isShown = (id) => !hiddenNodes[id];

export const shownNodes = () => nodes.filter(({ id }) => !hiddenNodes[id]);

/** @param {{ members: number[] }} cluster */
export const hasMembersShown = ({ members }) => members.some(isShown);

/** @param {Uint8Array} flags */
const inSight = (flags) => flags.reduce((sum, hidden) => sum + 1 - hidden, 0);

export const shown = () => ({ nodes: inSight(hiddenNodes), edges: inSight(hiddenEdges) });

export const narrowed = () => now.from > earliest || now.to < latest;

/**
 * Whether weight and time let a relation stay; kinds of relations are another matter.
 *
 * @param {Edge} edge
 */
function counts(edge) {
  if (edge.pair && edge.n < now.least) return false;
  if (!narrowed() || !(edge.pair || edge.action)) return true;
  return edge.first !== null && edge.last !== null && edge.first <= now.to && edge.last >= now.from;
}

/**
 * @param {Node} node
 * @param {boolean[]} alive  by relation
 */
function keepsNode({ id, kind, background }, alive) {
  if (now.hidden.has(id)) return false;
  if (now.pinned.has(id)) return true;
  if (now.only) return now.only.has(id);
  if (now.kinds.has(kind) || (background && !now.behind)) return false;
  const pairs = kind === "Account" ? touching[id].filter((e) => edges[e].pair) : [];
  if (pairs.length) return pairs.some((e) => alive[e]);
  const acts = kind === "Account" || kind === "Post" ? touching[id].filter((e) => edges[e].action) : [];
  return !acts.length || acts.some((e) => alive[e]);
}

/** Work out anew what is in sight. */
export function look() {
  const alive = edges.map(counts);
  for (const node of nodes) hiddenNodes[node.id] = keepsNode(node, alive) ? 0 : 1;
  if (now.least > 1 || narrowed()) {
    // A post goes with the last account that acted on it.
    for (const { id, kind } of nodes) {
      if (kind !== "Post" || hiddenNodes[id] || now.pinned.has(id)) continue;
      const acts = touching[id].filter((e) => edges[e].action && alive[e]);
      if (acts.every((e) => hiddenNodes[edges[e].from])) hiddenNodes[id] = 1;
    }
  }
  edges.forEach((edge, i) => {
    const out = !alive[i] || now.types.has(edge.type) || hiddenNodes[edge.from] || hiddenNodes[edge.to];
    hiddenEdges[i] = out ? 1 : 0;
  });
  for (const listener of sightListeners) listener();
}

/**
 * @param {Sight} old
 * @returns {Sight}
 */
const copied = (old) => ({
  ...old, kinds: new Set(old.kinds), types: new Set(old.types), hidden: new Set(old.hidden),
  pinned: new Set(old.pinned), only: old.only && new Set(old.only),
});

/**
 * Change something so that it can be taken back.
 *
 * @param {(sight: Sight) => void} act
 * @param {string} [name]  steps of one slider are one step
 */
export function change(act, name) {
  if (!name || past.at(-1)?.name !== name) past.push({ name, sight: copied(now) });
  if (past.length > MOST_STEPS) past.shift();
  act(now);
  look();
}

/** Whether there was something to take back. */
export function takeBack() {
  const last = past.pop();
  if (!last) return false;
  now = last.sight;
  look();
  return true;
}

export const canTakeBack = () => past.length > 0;

/** @param {number | null} id */
export function point(id) {
  pointed = id;
}

/**
 * @param {Choice | null} wanted
 * @param {Telling} [telling]
 */
export function choose(wanted, telling = {}) {
  choice = wanted;
  pointed = null;
  for (const listener of choiceListeners) listener(telling);
}

/** Tell about the choice again: something about it has changed. */
export const chooseAgain = () => choose(choice, { quiet: true });

/** @param {Choice} about */
export function nameOf(about) {
  if (about.kind === "path") return t("path.heading");
  if (about.kind === "cluster") return t("cluster.name", { number: about.id });
  if (about.kind === "node") return nodes[about.id].label;
  return `${nodes[edges[about.id].from].label} – ${nodes[edges[about.id].to].label}`;
}
