// @ts-check
// Which interactions stand behind a finding, worked out from what the page holds. Nothing else knows how.
import { data, edges, touching } from "./data.js";
/** @import { Cluster, Edge } from "./data.js" */

/**
 * @typedef {{ object: number, one: number, two: number, gap: number }} Meeting
 *   an object, an interaction of each account with it, and the milliseconds between them
 * @typedef {{ object: number, actions: number[], accounts: number, first: number, last: number }} Burst
 *   an object, the members' interactions with it by time, and by how many members
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

/** @param {number} object @param {number[]} ones @param {number[]} twos @param {number} window */
function closest(object, ones, twos, window) {
  /** @type {Meeting | null} */
  let best = null;
  for (const one of ones) {
    for (const two of twos) {
      const gap = Math.abs(timeOf(one) - timeOf(two));
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
 * The interactions that another member's lies within the window of, given in order of time.
 *
 * @param {number[]} actions
 * @param {number} window
 */
function close(actions, window) {
  return actions.filter((i, at) => {
    /** @param {number} j */
    const near = (j) => edges[j].from !== edges[i].from && Math.abs(timeOf(j) - timeOf(i)) <= window;
    for (let j = at - 1; j >= 0 && timeOf(i) - timeOf(actions[j]) <= window; j -= 1) {
      if (near(actions[j])) return true;
    }
    for (let j = at + 1; j < actions.length; j += 1) {
      if (timeOf(actions[j]) - timeOf(i) > window) return false;
      if (near(actions[j])) return true;
    }
    return false;
  });
}

/**
 * Of every object on which members co-interacted: their interactions; most members first.
 *
 * @param {Cluster} cluster
 */
export function ofCluster(cluster) {
  const window = data.run.window_ms ?? 0;
  /** @type {Map<number, number[]>} */
  const found = new Map();
  for (const member of cluster.members) {
    for (const [object, actions] of timedByObject(member)) {
      found.set(object, [...(found.get(object) ?? []), ...actions]);
    }
  }
  /** @type {Burst[]} */
  const rows = [];
  for (const [object, all] of found) {
    const actions = close(all.sort(byTime), window);
    if (!actions.length) continue;
    const accounts = new Set(actions.map((i) => edges[i].from)).size;
    rows.push({ object, actions, accounts, first: timeOf(actions[0]), last: timeOf(actions[actions.length - 1]) });
  }
  return { window, rows: rows.sort((a, b) => b.accounts - a.accounts || a.first - b.first) };
}

/**
 * Pairs of an account, heaviest first.
 *
 * @param {number} account
 */
export const partners = (account) =>
  touching[account].filter((i) => edges[i].pair).sort((a, b) => edges[b].n - edges[a].n || a - b);
