// @ts-check
// Mouse, pen and fingers on the stage: drag, wheel and pinch; what lies under them, and the card that says it.
import * as camera from "./camera.js";
import { clusters, edges, nodes, touching } from "./data.js";
import { find, make } from "./elements.js";
import { hasMembersShown, hiddenEdges, hovered, isShown, point } from "./state.js";
import { t, time } from "./wording.js";
/** @import { Point } from "./data.js" */
/** @import { Child } from "./elements.js" */
/** @import { Choice } from "./state.js" */

// Pixels that a hand may shake without meaning a drag, and within which a line is meant.
const SLACK = 4;
// What a notch of the wheel does; browsers tell it in pixels, lines or pages.
const NOTCH = 0.0015;
const WHEEL_UNITS = [1, 33, 400];

const stage = find("network");

/**
 * Where each button or finger that is down is on the stage.
 *
 * @type {Map<number, Point>}
 */
const held = new Map();
let dragged = false;

/**
 * @param {MouseEvent} event
 * @returns {Point}
 */
function placeOf(event) {
  const box = stage.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

/**
 * The visible node at a place of the network; of two, the later, which lies on top.
 *
 * @param {Point} at
 */
const nodeAt = (at) =>
  nodes.findLast(({ id, x, y, size }) => isShown(id) && Math.hypot(at.x - x, at.y - y) <= size)?.id ?? null;

/** @param {Point} at @param {Point} a @param {Point} b */
function distance(at, a, b) {
  const length = (b.x - a.x) ** 2 + (b.y - a.y) ** 2 || 1;
  const along = Math.max(0, Math.min(1, ((at.x - a.x) * (b.x - a.x) + (at.y - a.y) * (b.y - a.y)) / length));
  return Math.hypot(at.x - a.x - along * (b.x - a.x), at.y - a.y - along * (b.y - a.y));
}

/**
 * The visible relation nearest to a place of the network, within a few pixels of the screen.
 *
 * @param {Point} at
 */
function edgeAt(at) {
  const pixel = 1 / camera.scale();
  /** @type {number | null} */
  let best = null;
  let least = SLACK * pixel;
  edges.forEach((edge, i) => {
    if (hiddenEdges[i]) return;
    // A pair of accounts is what the page is about: it wins over an interaction that is as near.
    const cost = distance(at, nodes[edge.from], nodes[edge.to]) + (edge.pair ? 0 : pixel);
    if (cost >= least) return;
    least = cost;
    best = i;
  });
  return best;
}

/**
 * What lies at a place of the network: a node before a relation before a cluster.
 *
 * @param {Point} at
 * @returns {Choice | null}
 */
function lyingAt(at) {
  const node = nodeAt(at);
  if (node !== null) return { kind: "node", id: node };
  const edge = edgeAt(at);
  if (edge !== null) return { kind: "edge", id: edge };
  const cluster = clusters.find((one) => Math.hypot(at.x - one.x, at.y - one.y) <= one.radius && hasMembersShown(one));
  return cluster ? { kind: "cluster", id: cluster.number } : null;
}

/**
 * A card at a place of the part of the page that holds the drawings.
 *
 * @param {Child[]} content
 * @param {Point} place
 */
export function showCard(content, { x, y }) {
  const card = find("card");
  card.replaceChildren(...content.filter((child) => child !== null && child !== undefined));
  card.hidden = false;
  const { clientWidth, clientHeight } = find("stage");
  card.style.left = `${Math.max(4, Math.min(x + 14, clientWidth - card.offsetWidth - 4))}px`;
  const below = y + 14 + card.offsetHeight < clientHeight;
  card.style.top = `${below ? y + 14 : Math.max(4, y - 14 - card.offsetHeight)}px`;
}

export function hideCard() {
  find("card").hidden = true;
}

/** @param {number} id */
function linesOf(id) {
  const { label, kind, cluster, facts } = nodes[id];
  const kinds = [t(`node.${kind}`), ...(cluster === null ? [] : [t("cluster.name", { number: cluster })])];
  const pairs = touching[id].filter((i) => edges[i].pair).length;
  const acts = touching[id].filter((i) => edges[i].action).length;
  const counts = [
    ...(pairs ? [t("count.pairs", { n: pairs })] : []), ...(acts ? [t("count.interactions", { n: acts })] : []),
  ];
  return [
    make("b", { text: label }),
    make("div", { className: "small", text: kinds.join(" · ") }),
    make("div", { text: counts.join(" · ") }),
    facts.at_ms === undefined ? null : make("div", { className: "small", text: `${time(facts.at_ms)} WIB` }),
  ];
}

/** @param {number | null} node */
function hover(node) {
  if (node === hovered()) return;
  point(node);
  if (node === null) hideCard();
  else showCard(linesOf(node), camera.place(nodes[node]));
  camera.redraw();
}

/** Middle of what is held, and how far apart two fingers are. */
function grip() {
  const [one, two = one] = held.values();
  return {
    middle: { x: (one.x + two.x) / 2, y: (one.y + two.y) / 2 }, spread: Math.hypot(one.x - two.x, one.y - two.y) || 1,
  };
}

/** @param {PointerEvent} event */
function pressed(event) {
  if (event.button !== 0 || held.size === 2) return;
  if (!held.size) dragged = false;
  held.set(event.pointerId, placeOf(event));
  // So that a drag goes on, and ends, over the rest of the page too.
  stage.setPointerCapture(event.pointerId);
}

/** @param {PointerEvent} event */
function moved(event) {
  const now = placeOf(event);
  const was = held.get(event.pointerId);
  if (!was) {
    if (event.pointerType !== "touch") hover(nodeAt(camera.pointAt(now)));
    return;
  }
  if (!dragged && held.size === 1 && Math.hypot(now.x - was.x, now.y - was.y) < SLACK) return;
  if (!dragged) {
    dragged = true;
    hideCard();
  }
  const before = grip();
  held.set(event.pointerId, now);
  const after = grip();
  camera.drag(before.middle, after.middle, after.spread / before.spread);
}

/** @param {PointerEvent} event */
function released(event) {
  if (held.delete(event.pointerId) && dragged && !held.size) camera.rest();
}

/** @param {WheelEvent} event */
function turned(event) {
  event.preventDefault();
  camera.zoomBy(Math.exp(-event.deltaY * WHEEL_UNITS[event.deltaMode] * NOTCH), placeOf(event));
}

/** @param {(found: Choice | null) => void} onClick @param {(node: number) => void} onDouble */
export function listen(onClick, onDouble) {
  stage.addEventListener("pointerdown", pressed);
  stage.addEventListener("pointermove", moved);
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) stage.addEventListener(end, released);
  stage.addEventListener("pointerleave", () => hover(null));
  stage.addEventListener("wheel", turned, { passive: false });
  stage.addEventListener("click", (event) => {
    if (!dragged) onClick(lyingAt(camera.pointAt(placeOf(event))));
  });
  stage.addEventListener("dblclick", (event) => {
    const node = nodeAt(camera.pointAt(placeOf(event)));
    if (node !== null) onDouble(node);
  });
}
