// @ts-check
// What the page holds: the data blocks, and the network as arrays. Ids are places in the arrays.
import { find } from "./elements.js";

/**
 * Properties of the model by name, cleaned, without absent ones; those that the page reads itself, with their types.
 *
 * @typedef {object} KnownFacts
 * @property {string} [id]
 * @property {string} [handle]
 * @property {string} [name]
 * @property {string} [text]
 * @property {string} [url]
 * @property {string[]} [sources]  rows that supplied it
 * @property {number} [at_ms]
 * @property {number} [first_ms]
 * @property {number} [last_ms]
 * @property {number} [window_ms]
 * @property {number} [n]
 * @property {number} [opportunities]
 * @property {number} [expected]
 * @property {number} [q]
 * @property {number} [n_sum]
 * @property {number} [opportunities_sum]
 * @property {number} [expected_sum]
 * @property {number} [q_median]
 * @property {number} [objects]
 * @property {number} [bursts]
 * @property {number} [n_asn]
 * @property {number} [expected_asn]
 * @property {string} [file]
 * @property {number} [rows_refused]
 * @property {string} [parameters]
 * @property {string} [fingerprint]
 * @property {string} [version]
 *
 * @typedef {string | number | boolean | string[]} Value
 * @typedef {KnownFacts & { [name: string]: Value | undefined }} Facts
 */

/**
 * @typedef {"dot" | "square" | "diamond" | "triangle" | "star"} Shape
 * @typedef {"id" | "en"} Language
 * @typedef {"network" | "timeline" | "matrix"} Opening
 * @typedef {{ key: string, values: Record<string, number> }} Notice
 * @typedef {{ name: string, count: number, shape: Shape | "" }} Kind
 * @typedef {{ name: string, first: number, last: number }} Phase
 * @typedef {{ x: number, y: number }} Point
 *
 * @typedef {object} Node
 * @property {number} id
 * @property {number} x
 * @property {number} y
 * @property {number} size
 * @property {Shape} shape
 * @property {string} kind  label of the model
 * @property {string} label  what the reader sees it called
 * @property {number | null} cluster
 * @property {number} colour  place in the palette; -1 is grey
 * @property {boolean} background  neither in a cluster nor tying one
 * @property {Facts} facts  empty until they are read
 *
 * @typedef {object} Edge
 * @property {number} from
 * @property {number} to
 * @property {string} type  relation type of the model
 * @property {number} n  weight of a pair of accounts; 0 for anything else
 * @property {number | null} first
 * @property {number | null} last
 * @property {boolean} pair
 * @property {boolean} action
 * @property {Facts} facts  empty until they are read
 *
 * @typedef {object} Burst  two or more members on one object, each within the run's window of the next
 * @property {number | null} object  as a node; null where the page does not hold it
 * @property {string | null} name  what else it is called; null where that is withheld
 * @property {"post" | "page" | "link" | "hashtag"} kind
 * @property {number} members  that took part
 * @property {number} first
 * @property {number} last
 * @property {number} size  interactions when it was found
 * @property {number[]} actions  its interactions that the page holds, by time
 *
 * @typedef {object} Family
 * @property {string} family  all (acts within the window), text, link or untimed
 * @property {number} pairs
 * @property {number} n  objects in common, added up over the pairs
 * @property {number} expected  how many of them chance explains
 * @property {number} coordinated  pairs beyond chance
 *
 * @typedef {object} Cluster
 * @property {number} number
 * @property {number} colour
 * @property {number} x
 * @property {number} y
 * @property {number} radius
 * @property {number[]} members
 * @property {{ node: number, posts: number }[]} pages  most posts first
 * @property {Burst[]} bursts  most members first
 * @property {Family[]} families  that the run tested; none where it tested acts alone
 * @property {boolean} kept  whether the graph has its bursts
 * @property {Facts} facts
 *
 * @typedef {object} ViewData
 * @property {Language} language
 * @property {Opening} opening
 * @property {string} scope
 * @property {string} title
 * @property {boolean} links
 * @property {boolean} masked
 * @property {boolean} coarse  times are the beginnings of phases or months
 * @property {Notice[]} names
 * @property {Notice[]} notices
 * @property {Columns<Omit<Node, "id" | "facts">>} nodes
 * @property {Columns<Omit<Edge, "pair" | "action" | "facts">>} edges
 * @property {Cluster[]} clusters
 * @property {Kind[]} node_kinds
 * @property {Kind[]} edge_kinds
 * @property {Facts} run
 * @property {Facts[]} sources
 * @property {Phase[]} phases
 * @property {string[]} palette
 * @property {Record<Language, Record<string, string>>} texts
 *
 * @typedef {{ notes?: Record<string, string>, hidden?: number[], pinned?: number[], language?: string }} Kept
 */

/**
 * Rows of one kind, as a list for each of their properties.
 *
 * @template Row
 * @typedef {{ [Name in keyof Row]: Row[Name][] }} Columns
 */

/** The page as it came, from which a copy is saved. */
export const pristine = /** @type {HTMLElement} */ (document.documentElement.cloneNode(true));

/** @param {string} id */
async function unpack(id) {
  const letters = atob(JSON.parse(find(id).textContent ?? ""));
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i += 1) bytes[i] = letters.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

/** @returns {Promise<ViewData>} */
async function opened() {
  try {
    return await unpack("data");
  } catch (problem) {
    // Its words are in the page, in both languages, since all others are in the data.
    find("failed").hidden = false;
    throw problem;
  }
}

export const data = await opened();

/** @type {Kept} */
export const kept = JSON.parse(find("kept").textContent ?? "{}");

const ACTIONS = new Set(["LIKED", "COMMENTED", "SHARED", "MENTIONED", "FOLLOWED"]);
/** @type {Facts} */
const unread = Object.freeze({});

/** @type {Node[]} */
export const nodes = data.nodes.x.map((x, id) => ({
  id, x, y: data.nodes.y[id], size: data.nodes.size[id], shape: data.nodes.shape[id], kind: data.nodes.kind[id],
  label: data.nodes.label[id], cluster: data.nodes.cluster[id], colour: data.nodes.colour[id],
  background: data.nodes.background[id], facts: unread,
}));

/** @type {Edge[]} */
export const edges = data.edges.from.map((from, i) => ({
  from, to: data.edges.to[i], type: data.edges.type[i], n: data.edges.n[i], first: data.edges.first[i],
  last: data.edges.last[i], facts: unread, pair: data.edges.type[i] === "CO_INTERACTED",
  action: ACTIONS.has(data.edges.type[i]),
}));

export const { clusters } = data;

const clustersByNumber = new Map(clusters.map((cluster) => [cluster.number, cluster]));

/** @param {number} number */
export const clusterOf = (number) => /** @type {Cluster} */ (clustersByNumber.get(number));

/**
 * The relations of each node, as places in `edges`.
 *
 * @type {number[][]}
 */
export const touching = nodes.map(() => []);
edges.forEach((edge, i) => {
  touching[edge.from].push(i);
  if (edge.to !== edge.from) touching[edge.to].push(i);
});

/** The weight of the heaviest pair. */
export const largest = edges.reduce((most, edge) => Math.max(most, edge.n), 1);

/** The first and the last time of an interaction. */
export const [earliest, latest] = edges.reduce(
  ([low, high], { action, first }) =>
    action && first !== null ? [Math.min(low, first), Math.max(high, first)] : [low, high],
  [Infinity, -Infinity],
);

/** @param {Edge} edge @param {number} node */
export const otherEnd = (edge, node) => (edge.from === node ? edge.to : edge.from);

/** @param {number} index */
export const colourAt = (index) => /** @type {string} */ (data.palette.at(index));

/** Properties come after the drawing, in a block of their own. */
export async function readFacts() {
  const facts = await unpack("evidence");
  nodes.forEach((node, i) => { node.facts = facts.nodes[i]; });
  edges.forEach((edge, i) => {
    edge.facts = facts.edges[i];
    if (edge.action && edge.first !== null) edge.facts.at_ms = edge.first;
  });
}
