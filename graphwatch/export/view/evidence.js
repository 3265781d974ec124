// @ts-check
// Which interactions stand behind an account or a pair. Those of a cluster, its bursts, the run found and kept.
import { data, edges, touching } from "./data.js";
/** @import { Edge } from "./data.js" */

/**
 * @typedef {{ object: number, one: number, two: number, gap: number }} Meeting
 *   an object, an interaction of each account with it, and the milliseconds between them
 */

/** @param {number} i */
const timeOf = (i) => edges[i].first ?? Infinity;

/** @param {number} a @param {number} b */
const byTime = (a, b) => (timeOf(a) === timeOf(b) ? a - b : timeOf(a) - timeOf(b));

/**
 * Interactions of an account, or with a post or page, by time.
 *
 * @param {number} node
 */
export const actionsAt = (node) => touching[node].filter((i) => edges[i].action).sort(byTime);

/**
 * @param {number} account
 * @returns {Map<number, number[]>}
 */
function timedByObject(account) {
  const found = new Map();
  for (const i of actionsAt(account)) {
    if (edges[i].from !== account || edges[i].first === null) continue;
    if (!found.has(edges[i].to)) found.set(edges[i].to, []);
    found.get(edges[i].to).push(i);
  }
  return found;
}

/**
 * The bursts of every interaction that is in one; they say who acted together where times are coarse.
 *
 * @type {Map<number, Set<object>>}
 */
const burstsOf = new Map();
for (const burst of data.clusters.flatMap(({ bursts }) => bursts)) {
  for (const i of burst.actions) burstsOf.set(i, (burstsOf.get(i) ?? new Set()).add(burst));
}

/** @param {number} one @param {number} two */
const inOneBurst = (one, two) => [...(burstsOf.get(one) ?? [])].some((burst) => burstsOf.get(two)?.has(burst));

/** @param {number} object @param {number[]} ones @param {number[]} twos @param {number} window */
function closest(object, ones, twos, window) {
  /** @type {Meeting | null} */
  let best = null;
  for (const one of ones) {
    for (const two of twos) {
      const gap = Math.abs(timeOf(one) - timeOf(two));
      if (data.coarse && !inOneBurst(one, two)) continue;
      if (gap <= window && (best === null || gap < best.gap)) best = { object, one, two, gap };
    }
  }
  return best;
}

/**
 * Of every object on which both acted within the window: the two interactions that are closest in time.
 *
 * @param {Edge} edge
 */
export function ofPair(edge) {
  const window = edge.facts.window_ms ?? data.run.window_ms ?? 0;
  const theirs = timedByObject(edge.to);
  const rows = [...timedByObject(edge.from)]
    .map(([object, ones]) => closest(object, ones, theirs.get(object) ?? [], window))
    .filter((row) => row !== null);
  return { window, rows: rows.sort((a, b) => byTime(a.one, b.one)) };
}

/**
 * Pairs of an account, heaviest first.
 *
 * @param {number} account
 */
export const partners = (account) =>
  touching[account].filter((i) => edges[i].pair).sort((a, b) => edges[b].n - edges[a].n || a - b);
