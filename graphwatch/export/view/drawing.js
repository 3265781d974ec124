// @ts-check
// The network as paths on a canvas: discs of clusters, relations in few long paths, nodes, what is chosen, and names.
import { clusterOf, clusters, colourAt, edges, nodes, otherEnd, touching } from "./data.js";
import { tone } from "./elements.js";
import { chosen, hasMembersShown, hiddenEdges, hovered, isShown, shownNodes, sight } from "./state.js";
import { t } from "./wording.js";
/** @import { Cluster, Edge, Node, Point, Shape } from "./data.js" */

/**
 * What is used of a canvas, so that a recorder of SVG can stand in for it.
 *
 * @typedef {Pick<CanvasRenderingContext2D, "moveTo" | "lineTo" | "closePath" | "rect" | "arc">} PathPen
 * @typedef {PathPen & Pick<CanvasRenderingContext2D,
 *   "beginPath" | "fillStyle" | "strokeStyle" | "lineWidth" | "globalAlpha" | "font" | "textAlign" | "textBaseline" |
 *   "lineJoin" | "fillRect" | "fillText" | "strokeText" | "measureText" | "save" | "restore" | "translate" | "scale"
 * > & { fill: () => void, stroke: () => void }} Pen
 *
 * @typedef {{ left: number, top: number, right: number, bottom: number }} Box  a part of the network
 * @typedef {{ key: string, order: number, colour: number | null, width: number, alpha: number }} Look  -1 is grey
 * @typedef {{ edges: number[], nodes: Set<number>, middle: number | null, veil: boolean }} Strong
 * @typedef {{ x: number, y: number, w: number, h: number }} Room
 * @typedef {{ pen: Pen, scale: number, box: Box, taken: Room[] }} Labels
 */

const ROUND = 2 * Math.PI;
const TONES = /** @type {const} */ (["edge", "text", "halo", "accent", "ground", "landmark", "post", "postLine"]);
const FONT = 'system-ui, "Noto Sans", "DejaVu Sans", sans-serif';
const MOST_NAMES = 150;
const NAMES_FROM = 1.1;
// So few nodes are named at every zoom.
const FEW = 40;
const LONGEST_NAME = 26;
const LONGEST_CLUSTER_NAME = 34;

/** Colours of the style sheet, as they are since `readTones`. */
export const tones = /** @type {Record<typeof TONES[number], string>} */ ({});

export function readTones() {
  for (const name of TONES) tones[name] = tone(name);
}

/**
 * @param {PathPen} pen
 * @param {number} x
 * @param {number} y
 * @param {number} r
 * @param {number} count
 * @param {(i: number) => number} reach
 */
function corners(pen, x, y, r, count, reach) {
  for (let i = 0; i < count; i += 1) {
    const across = x + reach(i) * r * Math.sin((ROUND * i) / count);
    const down = y - reach(i) * r * Math.cos((ROUND * i) / count);
    if (i) pen.lineTo(across, down);
    else pen.moveTo(across, down);
  }
  pen.closePath();
}

/** @type {Record<Shape, (pen: PathPen, x: number, y: number, r: number) => void>} */
export const shapes = {
  dot: (pen, x, y, r) => { pen.moveTo(x + r, y); pen.arc(x, y, r, 0, ROUND); },
  square: (pen, x, y, r) => pen.rect(x - r, y - r, 2 * r, 2 * r),
  diamond: (pen, x, y, r) => corners(pen, x, y, r, 4, () => 1),
  triangle: (pen, x, y, r) => corners(pen, x, y + 0.2 * r, 1.1 * r, 3, () => 1),
  star: (pen, x, y, r) => corners(pen, x, y + 0.1 * r, 0.82 * r, 10, (i) => (i % 2 ? 0.5 : 1.3)),
};

/**
 * Colours of a node. Posts stay in the background; pages and paslon are landmarks.
 *
 * @param {Node} node
 */
function paint({ kind, colour }) {
  if (kind === "Post") return { fill: tones.post, line: tones.postLine };
  return { fill: kind === "Account" ? colourAt(colour) : tones.landmark, line: tones.halo };
}

/**
 * Nodes, in one pass for each look.
 *
 * @param {Pen} pen
 * @param {Node[]} drawn
 */
export function drawNodes(pen, drawn) {
  /** @type {Map<string, Node[]>} */
  const groups = new Map();
  for (const node of drawn) {
    const key = `${node.kind} ${node.shape} ${node.colour}`;
    const group = groups.get(key);
    if (group) group.push(node);
    else groups.set(key, [node]);
  }
  pen.globalAlpha = 1;
  pen.lineWidth = 0.8;
  for (const group of groups.values()) {
    const { fill, line } = paint(group[0]);
    pen.beginPath();
    for (const { x, y, size, shape } of group) shapes[shape](pen, x, y, size);
    pen.fillStyle = fill;
    pen.fill();
    pen.strokeStyle = line;
    pen.stroke();
  }
}

/**
 * @param {Edge} edge
 * @returns {Look}
 */
function lookOf(edge) {
  const one = nodes[edge.from].cluster;
  if (edge.pair) {
    const colour = one !== null && one === nodes[edge.to].cluster ? clusterOf(one)?.colour ?? -1 : -1;
    const width = 1 + Math.min(3, Math.floor(Math.log2(Math.max(1, edge.n))));
    return { key: `pair ${colour} ${width}`, order: 1, colour, width: 0.6 * width, alpha: 0.24 + 0.04 * width };
  }
  if (edge.type === "SUPPORTS") return { key: "supports", order: 2, colour: null, width: 1.6, alpha: 0.5 };
  if (edge.type === "PUBLISHED") return { key: "published", order: 0, colour: null, width: 0.7, alpha: 0.14 };
  return { key: "action", order: 0, colour: null, width: 0.6, alpha: 0.12 };
}

/** @type {(Look & { edges: number[] })[]} */
let buckets = [];

/** Sort the visible relations into paths; a dense drawing gets fainter lines, and one of few actions stronger ones. */
export function arrange() {
  /** @type {Map<string, Look & { edges: number[] }>} */
  const found = new Map();
  edges.forEach((edge, i) => {
    if (hiddenEdges[i]) return;
    const look = lookOf(edge);
    const bucket = found.get(look.key);
    if (bucket) bucket.edges.push(i);
    else found.set(look.key, { ...look, edges: [i] });
  });
  buckets = [...found.values()].sort((a, b) => a.order - b.order || a.width - b.width);
  for (const bucket of buckets) {
    const room = 30 / Math.sqrt(bucket.edges.length);
    bucket.alpha *= Math.max(0.25, Math.min(bucket.order === 0 ? 5 : 1, room));
  }
}

/** @param {Point} a @param {Point} b @param {Box} box */
const outside = (a, b, box) =>
  (a.x < box.left && b.x < box.left) || (a.x > box.right && b.x > box.right) ||
  (a.y < box.top && b.y < box.top) || (a.y > box.bottom && b.y > box.bottom);

/** @param {Pen} pen @param {Cluster} cluster @param {number} scale */
function disc(pen, cluster, scale) {
  pen.beginPath();
  pen.arc(cluster.x, cluster.y, cluster.radius, 0, ROUND);
  pen.fillStyle = pen.strokeStyle = colourAt(cluster.colour);
  pen.globalAlpha = 0.07;
  pen.fill();
  pen.globalAlpha = 0.45;
  pen.lineWidth = 1 / scale;
  pen.stroke();
}

/** @param {Pen} pen @param {number[]} indices @param {Box} box */
function lines(pen, indices, box) {
  pen.beginPath();
  for (const i of indices) {
    const a = nodes[edges[i].from];
    const b = nodes[edges[i].to];
    if (outside(a, b, box)) continue;
    pen.moveTo(a.x, a.y);
    pen.lineTo(b.x, b.y);
  }
  pen.stroke();
}

/**
 * Everything that is in sight, whatever is chosen.
 *
 * @param {Pen} pen
 * @param {number} scale
 * @param {Box} box  only what reaches into it
 */
export function drawNetwork(pen, scale, box) {
  pen.save();
  for (const cluster of clusters.filter(hasMembersShown)) disc(pen, cluster, scale);
  for (const bucket of buckets) {
    pen.strokeStyle = bucket.colour === null ? tones.edge : colourAt(bucket.colour);
    pen.globalAlpha = bucket.alpha;
    // Far out, lines keep a hair's width; close up they do not become beams.
    pen.lineWidth = Math.max(bucket.width, 0.5 / scale) / Math.max(1, scale);
    lines(pen, bucket.edges, box);
  }
  pen.restore();
  drawNodes(pen, shownNodes());
}

/**
 * What the choice brings out: relations, and the nodes at their ends.
 *
 * @returns {Strong}
 */
function strong() {
  const choice = chosen();
  if (choice?.kind === "edge") {
    const { from, to } = edges[choice.id];
    return { edges: [choice.id], nodes: new Set([from, to]), middle: null, veil: true };
  }
  if (choice?.kind === "path") {
    return { edges: choice.path.edges, nodes: new Set(choice.path.nodes), middle: null, veil: true };
  }
  const middle = choice?.kind === "node" ? choice.id : hovered();
  if (middle === null) return { edges: [], nodes: new Set(), middle, veil: false };
  const near = touching[middle].filter((i) => !hiddenEdges[i]);
  const ends = near.map((i) => otherEnd(edges[i], middle));
  return { edges: near, nodes: new Set([middle, ...ends]), middle, veil: choice?.kind === "node" };
}

/** @param {Pen} pen @param {Point} middle @param {number} radius @param {number} width */
function ring(pen, { x, y }, radius, width) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, ROUND);
  pen.strokeStyle = tones.text;
  pen.lineWidth = width;
  pen.stroke();
}

/** @param {Pen} pen @param {number} scale @param {Set<number>} ends */
function rings(pen, scale, ends) {
  const choice = chosen();
  const ringed = choice?.kind === "node" ? [choice.id] : choice?.kind === "edge" ? [...ends] : [];
  for (const id of ringed) ring(pen, nodes[id], nodes[id].size + 5 / scale, 2 / scale);
  for (const id of sight().pinned) {
    if (isShown(id)) ring(pen, nodes[id], nodes[id].size + 2.5 / scale, 1.2 / scale);
  }
  if (choice?.kind === "cluster") ring(pen, clusterOf(choice.id), clusterOf(choice.id).radius, 2.5 / scale);
}

/**
 * What the choice brings out, and the names.
 *
 * @param {Pen} pen
 * @param {number} scale
 * @param {Box} box
 * @param {boolean} moving  names of nodes wait until it rests
 */
export function drawChoice(pen, scale, box, moving) {
  const found = strong();
  const kind = chosen()?.kind;
  pen.save();
  if (found.veil) {
    pen.globalAlpha = 0.72;
    pen.fillStyle = tones.ground;
    pen.fillRect(box.left, box.top, box.right - box.left, box.bottom - box.top);
  }
  pen.strokeStyle = tones.text;
  pen.globalAlpha = found.edges.length > 60 ? 0.3 : 0.65;
  pen.lineWidth = (kind === "edge" || kind === "path" ? 3 : 1.1) / scale;
  if (found.edges.length) lines(pen, found.edges, box);
  if (found.veil) drawNodes(pen, [...found.nodes].map((i) => nodes[i]));
  pen.globalAlpha = 1;
  rings(pen, scale, found.nodes);
  names({ pen, scale, box, taken: [] }, found, moving);
  pen.restore();
}

const bySize = nodes.map((_, i) => i).sort((a, b) => nodes[b].size - nodes[a].size);
// Pages and paslon are few and are the landmarks: they are named at every zoom where there is room.
const landmarks = bySize.filter((i) => nodes[i].kind === "Page" || nodes[i].kind === "Paslon");

/** @param {string} text @param {number} longest */
function short(text, longest) {
  const characters = [...text];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join("")}…` : text;
}

/** @param {Room} a @param {Room} b */
const apart = (a, b) => a.x >= b.x + b.w || b.x >= a.x + a.w || a.y >= b.y + b.h || b.y >= a.y + a.h;

/**
 * Write lines of text centred at x, in the first place that is free.
 *
 * @param {Labels} labels
 * @param {string[]} words
 * @param {number} x
 * @param {number[]} tops
 * @param {number} height  of a line
 * @param {boolean} [must]  rather over another than not at all
 */
function write({ pen, scale, taken, box }, words, x, tops, height, must = false) {
  const width = Math.max(...words.map((line) => pen.measureText(line).width)) + 6 / scale;
  // Rather beside its node than cut off by the border.
  const middle = Math.max(box.left + width / 2, Math.min(box.right - width / 2, x));
  for (const top of tops) {
    const room = { x: middle - width / 2, y: top, w: width, h: height * words.length };
    if (!taken.every((other) => apart(room, other)) && !(must && top === tops.at(-1))) continue;
    taken.push(room);
    words.forEach((line, i) => {
      pen.strokeStyle = tones.halo;
      pen.strokeText(line, middle, top + height * (i + 0.5));
      pen.fillStyle = tones.text;
      pen.fillText(line, middle, top + height * (i + 0.5));
    });
    return true;
  }
  return false;
}

/** @param {Labels} labels @param {Strong} found */
function nodeNames(labels, found) {
  const { scale, box, taken } = labels;
  const height = 14 / scale;
  const onScreen = new Set(
    shownNodes()
      .filter(({ x, y }) => x > box.left && x < box.right && y > box.top && y < box.bottom)
      .map(({ id }) => id),
  );
  if (onScreen.size <= 1500) {
    // Nodes as boxes, so that no name hides one.
    for (const { x, y, size } of [...onScreen].map((i) => nodes[i])) {
      taken.push({ x: x - 0.75 * size, y: y - 0.75 * size, w: 1.5 * size, h: 1.5 * size });
    }
  }
  const first = found.middle === null ? [] : [found.middle];
  const near = [...found.nodes].filter((i) => scale >= 0.6 || nodes[i].kind !== "Post" || found.nodes.size < 12);
  const rest = scale >= NAMES_FROM || nodes.length <= FEW ? bySize : landmarks;
  let count = 0;
  for (const i of new Set([...first, ...sight().pinned, ...near, ...(found.veil ? [] : [...landmarks, ...rest])])) {
    if (count >= MOST_NAMES) return;
    if (!onScreen.has(i)) continue;
    const { x, y, size, label } = nodes[i];
    const gap = size + 1 / scale;
    const tops = [y + gap, y - gap - height];
    if (write(labels, [short(label, LONGEST_NAME)], x, tops, height, i === found.middle)) count += 1;
  }
}

/**
 * Names of a cluster, from full to short.
 *
 * @param {Cluster} cluster
 */
function clusterNames({ number, members, pages: [page] }) {
  const name = t("cluster.name", { number });
  const first = `${name} · ${t("count.accounts", { n: members.length })}`;
  const whose = page && `${t("count.posts", { n: page.posts })} ← ${nodes[page.node].label}`;
  return [whose ? [first, short(whose, LONGEST_CLUSTER_NAME)] : [first], [first], [name], [String(number)]];
}

/** @param {Labels} labels @param {Cluster} cluster */
function nameCluster(labels, cluster) {
  const { scale, box } = labels;
  const { x, y, radius } = cluster;
  if (!hasMembersShown(cluster) || x + radius < box.left || x - radius > box.right) return;
  const height = 16 / scale;
  const choices = clusterNames(cluster);
  // Above the disc, where the rings of posts are open; with fewer words, below, inside where that is taken.
  const above = choices.some((words) =>
    write(labels, words, x, [y - radius - height * words.length - 2 / scale], height));
  if (!above) write(labels, choices[1], x, [y + radius + 2 / scale, y - height / 2], height);
}

/**
 * Only as many names as fit, none over another, clusters before nodes.
 *
 * @param {Labels} labels
 * @param {Strong} found
 * @param {boolean} moving
 */
function names(labels, found, moving) {
  const { pen, scale } = labels;
  pen.globalAlpha = 1;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  pen.lineWidth = 4 / scale;
  pen.font = `600 ${12.5 / scale}px ${FONT}`;
  for (const cluster of clusters) nameCluster(labels, cluster);
  pen.font = `${11.5 / scale}px ${FONT}`;
  if (!moving) nodeNames(labels, found);
}
