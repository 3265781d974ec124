// @ts-check
// The stage: which part of the network is on it, and its drawing. While that moves, the last whole drawing is moved as
// a picture, and is drawn anew once it rests.
import { clusters, nodes } from "./data.js";
import { drawChoice, drawNetwork, drawNodes } from "./drawing.js";
import { find, make, penOf } from "./elements.js";
import { hasMembersShown, shownNodes } from "./state.js";
/** @import { Point } from "./data.js" */
/** @import { Box } from "./drawing.js" */

/**
 * @typedef {{ x: number, y: number, scale: number }} View
 *   the place of the network that is in the middle of the stage, and pixels for each of its units
 */

const CLOSEST = 6;
const FARTHEST = 0.01;
const FLIGHT_MS = 350;
// After a step of the wheel or of a key, another may follow within this time.
const REST_MS = 160;

const stage = find("network");
const canvas = make("canvas");
const pen = penOf(canvas);
// The picture; where it was taken is in `taken`.
const still = make("canvas");
const stillPen = penOf(still);

let width = 0;
let height = 0;
let ratio = 1;
/** @type {View} */
let view = { x: 0, y: 0, scale: 1 };
/** @type {View | null} */
let taken = null;
let moving = false;
// Until the reader moves the drawing, all of it stays in sight.
let untouched = true;
let asked = 0;
let resting = 0;
let flight = 0;

export const scale = () => view.scale;

/**
 * Where on the stage a place of the network is.
 *
 * @param {Point} point
 */
export const place = ({ x, y }) => ({
  x: width / 2 + (x - view.x) * view.scale, y: height / 2 + (y - view.y) * view.scale,
});

/**
 * Which place of the network a place of the stage shows.
 *
 * @param {Point} place
 */
export const pointAt = ({ x, y }) => ({
  x: view.x + (x - width / 2) / view.scale, y: view.y + (y - height / 2) / view.scale,
});

/** @returns {Box} */
function seen() {
  const [low, high] = [pointAt({ x: 0, y: 0 }), pointAt({ x: width, y: height })];
  return { left: low.x, top: low.y, right: high.x, bottom: high.y };
}

/** @param {CanvasRenderingContext2D} context */
function clear(context) {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
}

/**
 * From now on it draws in the network's own units.
 *
 * @param {CanvasRenderingContext2D} context
 */
function enter(context) {
  const unit = ratio * view.scale;
  context.setTransform(unit, 0, 0, unit, ratio * (width / 2) - unit * view.x, ratio * (height / 2) - unit * view.y);
}

function take() {
  clear(stillPen);
  enter(stillPen);
  drawNetwork(stillPen, view.scale, seen());
  taken = view;
}

/**
 * Put the picture to where its part of the network is now, and what it does not reach around it.
 *
 * @param {View} old  where it was taken
 */
function show(old) {
  const grown = view.scale / old.scale;
  const left = width / 2 + (old.x - view.x) * view.scale - (width / 2) * grown;
  const top = height / 2 + (old.y - view.y) * view.scale - (height / 2) * grown;
  const [right, bottom] = [left + width * grown, top + height * grown];
  clear(pen);
  pen.drawImage(still, ratio * left, ratio * top, still.width * grown, still.height * grown);
  enter(pen);
  if (left <= 0 && top <= 0 && right >= width && bottom >= height) return;
  drawNodes(pen, shownNodes().filter((node) => {
    const { x, y } = place(node);
    return x < left || x > right || y < top || y > bottom;
  }));
}

/** Draw now. */
function draw() {
  cancelAnimationFrame(asked);
  asked = 0;
  if (!width || !height) return;
  if (taken === null || (!moving && taken !== view)) take();
  if (taken) show(taken);
  drawChoice(pen, view.scale, seen(), moving);
}

/** Draw in the next frame. */
export function redraw() {
  asked ||= requestAnimationFrame(draw);
}

/** Draw anew: what is in sight, or its colours, have changed. */
export function again() {
  taken = null;
  redraw();
}

/** The movement is over. */
export function rest() {
  clearTimeout(resting);
  moving = false;
  redraw();
}

/**
 * @param {View} wanted
 * @param {number} [forMs]  how long it counts as moving; by default until `rest`
 */
function move(wanted, forMs) {
  view = wanted;
  moving = true;
  clearTimeout(resting);
  if (forMs) resting = setTimeout(rest, forMs);
  redraw();
}

/**
 * What was at one place of the stage gets to another, and everything grows around it.
 *
 * @param {Point} from
 * @param {Point} to
 * @param {number} factor
 * @param {number} [forMs]
 */
export function drag(from, to, factor, forMs) {
  cancelAnimationFrame(flight);
  untouched = false;
  const held = pointAt(from);
  const grown = Math.max(FARTHEST, Math.min(CLOSEST, view.scale * factor));
  move({ x: held.x - (to.x - width / 2) / grown, y: held.y - (to.y - height / 2) / grown, scale: grown }, forMs);
}

/**
 * @param {number} factor
 * @param {Point} [at]  what stays in its place; by default the middle
 */
export const zoomBy = (factor, at = { x: width / 2, y: height / 2 }) => drag(at, at, factor, REST_MS);

/** @param {number} across @param {number} down */
export const panBy = (across, down) => drag({ x: across, y: down }, { x: 0, y: 0 }, 1, REST_MS);

/** @param {View} end */
function fly(end) {
  const start = view;
  const began = performance.now();
  /** @param {number} at */
  function step(at) {
    const share = Math.max(0, Math.min(1, (at - began) / FLIGHT_MS));
    const eased = share < 0.5 ? 2 * share ** 2 : 1 - 2 * (1 - share) ** 2;
    /** @param {number} one @param {number} two */
    const between = (one, two) => one + (two - one) * eased;
    // What is seen shrinks evenly, so that the eye can follow.
    const reach = between(1 / start.scale, 1 / end.scale);
    move({ x: between(start.x, end.x), y: between(start.y, end.y), scale: 1 / reach });
    if (share < 1) flight = requestAnimationFrame(step);
    else rest();
  }
  flight = requestAnimationFrame(step);
}

/**
 * Bring a circle of the network into the middle.
 *
 * @param {Point} middle
 * @param {number} radius
 */
export function go({ x, y }, radius) {
  cancelAnimationFrame(flight);
  untouched = false;
  const end = { x, y, scale: Math.min(3, Math.min(width, height) / (2.4 * radius)) };
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches && width && height) return fly(end);
  view = end;
  return rest();
}

/**
 * All that is in sight, in the middle of a stage of that size.
 *
 * @param {number} across
 * @param {number} down
 * @returns {View}
 */
export function framing(across, down) {
  const shown = shownNodes();
  if (!shown.length) return { x: 0, y: 0, scale: 1 };
  const alive = shown.length === nodes.length ? clusters : clusters.filter(hasMembersShown);
  const discs = [
    ...shown.map(({ x, y, size }) => [x, y, size + 12]), ...alive.map(({ x, y, radius }) => [x, y, radius + 26]),
  ];
  const low = [0, 1].map((axis) => discs.reduce((least, disc) => Math.min(least, disc[axis] - disc[2]), Infinity));
  const high = [0, 1].map((axis) => discs.reduce((most, disc) => Math.max(most, disc[axis] + disc[2]), -Infinity));
  const room = Math.min(1.6, (across - 24) / (high[0] - low[0]), (down - 84) / (high[1] - low[1]));
  return { x: (low[0] + high[0]) / 2, y: (low[1] + high[1]) / 2 - 10 / room, scale: Math.max(FARTHEST, room) };
}

/** Bring all that is in sight onto the stage. */
export function fit() {
  cancelAnimationFrame(flight);
  untouched = true;
  if (width && height) view = framing(width, height);
  rest();
}

function measure() {
  const { clientWidth, clientHeight } = stage;
  // A stage that is not shown has no size; the drawing waits.
  if (!clientWidth || !clientHeight) return;
  if (clientWidth === width && clientHeight === height && devicePixelRatio === ratio) return;
  [width, height, ratio] = [clientWidth, clientHeight, devicePixelRatio];
  for (const one of [canvas, still]) {
    one.width = Math.round(width * ratio);
    one.height = Math.round(height * ratio);
  }
  taken = null;
  if (untouched) fit();
  // At once: a canvas of another size is empty.
  draw();
}

/** Begin to draw on the stage. */
export function open() {
  stage.append(canvas);
  measure();
  new ResizeObserver(measure).observe(stage);
  addEventListener("beforeprint", () => {
    fit();
    draw();
  });
}
