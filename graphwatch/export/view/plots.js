// @ts-check
// Three ways to look at the same things: the network, accounts over time, and pairs as a matrix.
import { clusterOf, clusters, colourAt, data, edges, nodes, otherEnd, touching } from "./data.js";
import { tones } from "./drawing.js";
import { find, make, penOf } from "./elements.js";
import { actionsAt } from "./evidence.js";
import { hideCard, showCard } from "./pointer.js";
import { choose, chosen, hiddenEdges, isShown, sight } from "./state.js";
import { power, t, time, timeMarks } from "./wording.js";
/** @import { Cluster, Opening } from "./data.js" */
/** @import { Pen } from "./drawing.js" */

/**
 * @typedef {{ x: number, y: number, reach: number, edge: number, words: () => HTMLElement[] }} Spot
 *   a place of a plot, how near the pointer must come, the relation it stands for, and what the card says
 * @typedef {object} Plot
 * @property {() => number[]} size  width and height
 * @property {(pen: Pen, width: number, height: number) => Spot[]} paint
 * @property {() => string} note
 */

const TOP = 34;
// Of the timeline: height of a row, room for names, and how many rows of clusters and of others.
const ROW = 17;
const LEFT = 168;
const MOST_ROWS = 400;
const MOST_ALONE = 100;
// Of the matrix: room for names, and how many columns.
const NAME = 150;
const MOST_COLUMNS = 250;
// More pixels than this are drawn as coarse as they are.
const FINE_PIXELS = 2e7;

/** @param {string} text @param {number} most */
const beginning = (text, most) => [...text].slice(0, most).join("");

/** @param {string} key @param {{ list: unknown[], total: number }} rows */
const noteOf = (key, { list, total }) =>
  [t(key), list.length < total ? t("evidence.shown", { shown: list.length, total }) : ""].join(" ");

/** The chosen cluster, else all. */
function clustersAsked() {
  const choice = chosen();
  return choice?.kind === "cluster" ? [clusterOf(choice.id)] : clusters;
}

/**
 * Accounts of the clusters asked for that are in sight, a row each, else the busiest.
 *
 * @returns {{ list: { cluster: Cluster | null, account: number }[], total: number }}
 */
function timelineRows() {
  const list = clustersAsked().flatMap((cluster) =>
    cluster.members.filter(isShown).map((account) => ({ cluster, account })));
  if (list.length) return { list: list.slice(0, MOST_ROWS), total: list.length };
  const busy = nodes
    .filter(({ id, kind }) => kind === "Account" && isShown(id) && touching[id].some((e) => edges[e].action))
    .sort((a, b) => touching[b.id].length - touching[a.id].length)
    .slice(0, MOST_ALONE)
    .map(({ id }) => ({ cluster: null, account: id }));
  return { list: busy, total: busy.length };
}

/** @param {number | null} ms */
const inRange = (ms) => ms !== null && ms >= sight().from && ms <= sight().to;

/** @param {Pen} pen @param {string} fill @param {number} [alpha] */
function fillWith(pen, fill, alpha = 1) {
  pen.fillStyle = fill;
  pen.globalAlpha = alpha;
}

/** @param {Pen} pen @param {(ms: number) => number} across @param {number} width @param {number} height */
function paintAxis(pen, across, width, height) {
  data.phases.forEach((phase, i) => {
    const [left, right] = [Math.max(LEFT, across(phase.first)), Math.min(width, across(phase.last))];
    if (right <= left) return;
    fillWith(pen, tones.text, i % 2 ? 0.05 : 0.1);
    pen.fillRect(left, 0, right - left, height);
    fillWith(pen, tones.text, 0.9);
    pen.fillText(phase.name, left + 3, 9);
  });
  for (const { ms, text } of timeMarks(sight().from, sight().to, width / 90)) {
    fillWith(pen, tones.edge, 0.25);
    pen.fillRect(across(ms), TOP - 8, 1, height - TOP);
    fillWith(pen, tones.text);
    pen.fillText(text, across(ms) + 3, TOP - 13);
  }
}

/**
 * Upright lines through what members did together.
 *
 * @param {Pen} pen
 * @param {Cluster | null} cluster
 * @param {Map<number, number>} heightOf
 * @param {(ms: number) => number} across
 * @returns {Set<number>} the interactions on them
 */
function paintBursts(pen, cluster, heightOf, across) {
  /** @type {Set<number>} */
  const together = new Set();
  if (!cluster) return together;
  pen.strokeStyle = colourAt(cluster.colour);
  pen.globalAlpha = 0.55;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const { actions } of cluster.bursts) {
    const shown = actions.filter((i) => heightOf.has(edges[i].from) && inRange(edges[i].first));
    for (const i of shown) together.add(i);
    if (shown.length < 2) continue;
    const heights = shown.map((i) => heightOf.get(edges[i].from) ?? 0);
    const x = across(edges[shown[0]].first ?? 0);
    pen.moveTo(x, Math.min(...heights));
    pen.lineTo(x, Math.max(...heights));
  }
  pen.stroke();
  return together;
}

/** @param {number} i */
function actionWords(i) {
  const { from, to, type, first } = edges[i];
  return [
    make("b", { text: nodes[from].label }), make("div", { text: `${t(`relation.${type}`)} · ${nodes[to].label}` }),
    make("div", { className: "small", text: `${time(first)} WIB` }),
  ];
}

/**
 * A row an account: what one did alone is faint, what several did together stands out.
 *
 * @type {Plot}
 */
const timeline = {
  size: () => [Math.max(640, find("stage").clientWidth - 16), TOP + ROW * Math.max(1, timelineRows().list.length) + 14],
  note: () => noteOf("timeline.note", timelineRows()),
  paint(pen, width, height) {
    const { from, to } = sight();
    /** @param {number} ms */
    const across = (ms) => LEFT + ((ms - from) / Math.max(1, to - from)) * (width - LEFT - 14);
    const { list } = timelineRows();
    const heightOf = new Map(list.map(({ account }, i) => [account, TOP + ROW * (i + 0.5)]));
    pen.textBaseline = "middle";
    pen.textAlign = "start";
    pen.font = "400 11px system-ui, sans-serif";
    paintAxis(pen, across, width, height);
    const found = [...new Set(list.map(({ cluster }) => cluster))];
    const together = new Map(found.map((cluster) => [cluster, paintBursts(pen, cluster, heightOf, across)]));
    return list.flatMap(({ cluster, account }) => {
      const y = heightOf.get(account) ?? 0;
      const colour = cluster ? colourAt(cluster.colour) : tones.landmark;
      fillWith(pen, colour);
      pen.fillRect(2, y - 5, 4, 10);
      fillWith(pen, tones.text);
      pen.fillText(beginning(nodes[account].label, 22), 12, y);
      return actionsAt(account).filter((i) => inRange(edges[i].first)).map((i) => {
        const strong = together.get(cluster)?.has(i);
        const x = across(edges[i].first ?? 0);
        fillWith(pen, strong ? colour : tones.edge, strong ? 1 : 0.35);
        pen.beginPath();
        pen.arc(x, y, strong ? 4 : 2, 0, 2 * Math.PI);
        pen.fill();
        return { x, y, reach: 7, edge: i, words: () => actionWords(i) };
      });
    });
  },
};

/** @param {number} id */
const pairsOf = (id) => touching[id].filter((e) => edges[e].pair && !hiddenEdges[e]);

/** @param {number} a @param {number} b */
const busiest = (a, b) => pairsOf(b).length - pairsOf(a).length || a - b;

/** Accounts of the clusters asked for that are in sight, else all that have pairs. */
function matrixAccounts() {
  const members = clustersAsked().flatMap((cluster) => cluster.members.filter(isShown).sort(busiest));
  const paired = () =>
    nodes.map(({ id }) => id).filter((id) => nodes[id].kind === "Account" && isShown(id) && pairsOf(id).length);
  const found = new Set(members.length ? members : paired().sort(busiest));
  return { list: [...found].slice(0, MOST_COLUMNS), total: found.size };
}

/** @param {number} count */
function cellSize(count) {
  const { clientWidth, clientHeight } = find("stage");
  const room = Math.min(clientWidth - NAME, clientHeight - TOP - 80) - 20;
  return Math.max(9, Math.min(26, Math.floor(room / Math.max(1, count))));
}

/** @param {number} e */
function pairWords(e) {
  const { from, to, facts, n } = edges[e];
  const q = facts.q === undefined ? [] : [make("div", { className: "small", text: `q = ${power(facts.q)}` })];
  const pair = make("b", { text: `${nodes[from].label} – ${nodes[to].label}` });
  return [pair, make("div", { text: t("count.common", { n }) }), ...q];
}

/** @param {Pen} pen @param {number[]} list @param {number} cell */
function paintNames(pen, list, cell) {
  pen.textBaseline = "middle";
  pen.font = `400 ${Math.min(11, cell + 1)}px system-ui, sans-serif`;
  list.forEach((id, i) => {
    fillWith(pen, tones.text);
    pen.textAlign = "end";
    pen.fillText(beginning(nodes[id].label, 19), NAME - 14, TOP + cell * (i + 0.5));
    pen.textAlign = "center";
    pen.fillText(String(i + 1), NAME + cell * (i + 0.5), TOP - 8 - (cell < 16 && i % 2 ? 10 : 0));
    fillWith(pen, colourAt(nodes[id].colour));
    pen.fillRect(NAME - 9, TOP + cell * i + 1, 5, cell - 2);
  });
}

/**
 * Pairs as a table: for clusters so dense that lines would cover each other.
 *
 * @type {Plot}
 */
const matrix = {
  size() {
    const count = matrixAccounts().list.length;
    const side = cellSize(count) * Math.max(1, count) + 12;
    return [NAME + side, TOP + side];
  },
  note: () => noteOf("matrix.note", matrixAccounts()),
  paint(pen) {
    const { list } = matrixAccounts();
    const cell = cellSize(list.length);
    const order = new Map(list.map((id, i) => [id, i]));
    const shown = list.flatMap((id) =>
      pairsOf(id).filter((e) => edges[e].from === id && order.has(otherEnd(edges[e], id))));
    const most = shown.reduce((found, e) => Math.max(found, edges[e].n), 1);
    paintNames(pen, list, cell);
    fillWith(pen, tones.edge, 0.08);
    pen.fillRect(NAME, TOP, cell * list.length, cell * list.length);
    return shown.flatMap((e) => {
      const [i, j] = [order.get(edges[e].from) ?? 0, order.get(edges[e].to) ?? 0];
      fillWith(pen, tones.accent, 0.15 + 0.85 * (edges[e].n / most));
      return [[i, j], [j, i]].map(([column, row]) => {
        const [x, y] = [NAME + cell * column, TOP + cell * row];
        pen.fillRect(x, y, cell - 1, cell - 1);
        return { x: x + cell / 2, y: y + cell / 2, reach: cell / 1.8, edge: e, words: () => pairWords(e) };
      });
    });
  },
};

const PLOTS = { timeline, matrix };

/** @type {Opening} */
let name = "network";
/** @type {Spot[]} */
let spots = [];

const tabs = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-view]")]);

/** Which of the three is open. */
export const current = () => name;

/** The plot that is open; the network is none. */
export const plot = () => (name === "network" ? null : PLOTS[name]);

export function refresh() {
  const opened = plot();
  if (!opened) return;
  const [width, height] = opened.size();
  const canvas = /** @type {HTMLCanvasElement} */ (find("plot-canvas"));
  const ratio = height * width > FINE_PIXELS ? 1 : devicePixelRatio;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const pen = penOf(canvas);
  pen.scale(ratio, ratio);
  spots = opened.paint(pen, width, height);
  canvas.setAttribute("aria-label", t(`${name}.label`));
  find("plot-note").textContent = opened.note();
}

/** @param {Opening} wanted */
export function open(wanted) {
  name = wanted;
  for (const tab of tabs) {
    const on = tab.dataset.view === name;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
  }
  for (const id of ["network", "zoom", "shown"]) find(id).hidden = name !== "network";
  find("plot").hidden = name === "network";
  find("plot").setAttribute("aria-labelledby", `tab-${name}`);
  hideCard();
  refresh();
}

/**
 * What lies under the pointer.
 *
 * @param {MouseEvent} event
 */
function spotAt(event) {
  const box = find("plot-canvas").getBoundingClientRect();
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  /** @param {Spot} spot */
  const away = (spot) => Math.hypot(spot.x - x, spot.y - y);
  return spots.filter((spot) => away(spot) <= spot.reach).sort((a, b) => away(a) - away(b)).at(0);
}

/** @param {MouseEvent} event */
function hover(event) {
  const spot = spotAt(event);
  if (!spot) return hideCard();
  const box = find("stage").getBoundingClientRect();
  return showCard(spot.words(), { x: event.clientX - box.left, y: event.clientY - box.top });
}

/** @param {KeyboardEvent} event */
function arrows(event) {
  if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
  event.preventDefault();
  event.stopPropagation();
  const by = event.key === "ArrowRight" ? 1 : -1;
  const at = tabs.findIndex((tab) => tab === event.target);
  const next = tabs[(at + by + tabs.length) % tabs.length];
  openTab(next);
  next.focus();
}

/** @param {HTMLElement} tab */
const openTab = (tab) => open(/** @type {Opening} */ (tab.dataset.view));

export function listen() {
  for (const tab of tabs) {
    tab.addEventListener("click", () => openTab(tab));
    tab.addEventListener("keydown", arrows);
  }
  const canvas = find("plot-canvas");
  canvas.addEventListener("mousemove", hover);
  canvas.addEventListener("mouseleave", hideCard);
  canvas.addEventListener("click", (event) => {
    const spot = spotAt(event);
    if (spot) choose({ kind: "edge", id: spot.edge });
  });
  new ResizeObserver(refresh).observe(find("stage"));
}
