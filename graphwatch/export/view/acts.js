// @ts-check
// What a reader can do to the drawing, each of which can be taken back, and the way between two nodes.
import { fit } from "./camera.js";
import { clusters, edges, nodes, otherEnd, touching } from "./data.js";
import { announce, find } from "./elements.js";
import {
  canTakeBack, change, choose, chooseAgain, chosen, hiddenEdges, hiddenNodes, shownNodes, sight, takeBack,
} from "./state.js";
import { t } from "./wording.js";
/** @import { Cluster } from "./data.js" */
/** @import { Path } from "./state.js" */

/** @param {Set<number>} set @param {number} id */
function toggle(set, id) {
  if (!set.delete(id)) set.add(id);
}

/** @param {number} id */
export function hide(id) {
  change(({ hidden }) => toggle(hidden, id));
  chooseAgain();
}

/** @param {number} id */
export function pin(id) {
  change(({ pinned }) => toggle(pinned, id));
  chooseAgain();
}

/** @param {Set<number>} ids */
function showOnly(ids) {
  change((now) => { now.only = ids; });
  fit();
}

/**
 * The node and all that it is linked with; the rest goes out of sight.
 *
 * @param {number} id
 */
export function showAround(id) {
  showOnly(new Set([id, ...touching[id].map((i) => otherEnd(edges[i], id))]));
  choose({ kind: "node", id });
}

/** @param {Cluster} cluster */
export function showOnlyCluster(cluster) {
  const posts = cluster.bursts.flatMap(({ actions }) => actions.map((i) => edges[i].to));
  showOnly(new Set([...cluster.members, ...posts, ...cluster.pages.map(({ node }) => node)]));
  choose({ kind: "cluster", id: cluster.number });
}

const putAway = () => sight().only !== null || sight().hidden.size > 0;

/** Everything that was put away comes back. */
export function showAll() {
  if (putAway()) {
    change((now) => {
      now.only = null;
      now.hidden.clear();
    });
  }
  fit();
  chooseAgain();
}

/**
 * Put a node into sight that the page was not showing.
 *
 * @param {number} id
 */
export function bring(id) {
  change((now) => {
    now.hidden.delete(id);
    now.kinds.delete(nodes[id].kind);
    if (now.only) now.only.add(id);
    else if (nodes[id].background) now.behind = true;
  });
  if (hiddenNodes[id]) change(({ pinned }) => { pinned.add(id); });
}

export function undo() {
  const words = t(takeBack() ? "act.undone" : "act.nothing");
  chooseAgain();
  announce(words);
}

/**
 * To the next node of the same cluster; without a chosen node, to the next cluster.
 *
 * @param {1 | -1} by
 */
export function step(by) {
  const choice = chosen();
  if (choice?.kind === "node") {
    const shown = shownNodes().filter(({ cluster }) => cluster === nodes[choice.id].cluster);
    const at = shown.findIndex(({ id }) => id === choice.id);
    choose({ kind: "node", id: shown[(at + by + shown.length) % shown.length].id }, { go: true });
  } else if ((choice === null || choice.kind === "cluster") && clusters.length) {
    const known = choice ? clusters.findIndex(({ number }) => number === choice.id) : by > 0 ? -1 : 0;
    choose({ kind: "cluster", id: clusters[(known + by + clusters.length) % clusters.length].number }, { go: true });
  }
}

/** Put the buttons where the state is. */
export function syncButtons() {
  /** @type {HTMLButtonElement} */ (find("undo")).disabled = !canTakeBack();
  find("fit").textContent = t(putAway() ? "button.back" : "button.fit");
}

/**
 * The shortest way over what is in sight; a pair of accounts before an interaction of the same length.
 *
 * @param {number} start
 * @param {number} end
 * @returns {Path | null}
 */
function shortest(start, end) {
  // By which relation each node was reached.
  const cameBy = new Map([[start, -1]]);
  let front = [start];
  while (front.length && !cameBy.has(end)) {
    /** @type {number[]} */
    const next = [];
    for (const node of front) {
      const ways = touching[node].filter((i) => !hiddenEdges[i]);
      for (const i of ways.sort((a, b) => Number(edges[b].pair) - Number(edges[a].pair))) {
        const other = otherEnd(edges[i], node);
        if (hiddenNodes[other] || cameBy.has(other)) continue;
        cameBy.set(other, i);
        next.push(other);
      }
    }
    front = next;
  }
  if (!cameBy.has(end)) return null;
  /** @type {Path} */
  const found = { nodes: [end], edges: [] };
  for (let [node, i] = [end, cameBy.get(end) ?? -1]; i >= 0; i = cameBy.get(node) ?? -1) {
    node = otherEnd(edges[i], node);
    found.edges.unshift(i);
    found.nodes.unshift(node);
  }
  return found;
}

/** @type {number | null} */
let pathStart = null;

/**
 * Begin to ask for two nodes: the next that is chosen is the other end.
 *
 * @param {number | null} id  the first, where it is known
 */
export function askPath(id) {
  pathStart = id;
  const words = id === null ? t("path.first") : t("path.second", { name: nodes[id].label });
  find("asking").hidden = false;
  find("asking-text").textContent = words;
  announce(words);
}

export function stopAsking() {
  pathStart = null;
  find("asking").hidden = true;
}

export const isAsking = () => !find("asking").hidden;

/**
 * The answer to what was asked.
 *
 * @param {number} id
 */
export function answer(id) {
  if (pathStart === null) return askPath(id);
  const ends = [pathStart, id];
  stopAsking();
  return choose({ kind: "path", path: shortest(ends[0], ends[1]) ?? { nodes: ends, edges: [] } });
}
