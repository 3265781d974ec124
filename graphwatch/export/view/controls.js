// @ts-check
// What narrows the network: the switches of the legend, the weight of pairs, and the time axis with the phases of the
// election, two handles and a button that plays.
import { fit } from "./camera.js";
import { data, earliest, edges, largest, latest, nodes } from "./data.js";
import { shapes } from "./drawing.js";
import { find, findInput, make, makeSvg, svgPath } from "./elements.js";
import { change, narrowed, sight } from "./state.js";
import { day, minute, number, t } from "./wording.js";
/** @import { Kind, Shape } from "./data.js" */

const BINS = 90;
const STEPS = 1000;
const PLAY_MS = 140;
// Of the window that plays: its share of the whole where none is set, and of itself that it moves by.
const WINDOWS = 10;
const MOVES = 12;

const length = latest - earliest;
const known = length > 0;

/**
 * Puts each switch where the state is.
 *
 * @type {(() => void)[]}
 */
let switches = [];
let playing = 0;

/** @param {Shape | ""} name */
function symbol(name) {
  const path = svgPath();
  if (name) shapes[name](path, 0, 0, 5.5);
  const fill = name === "dot" ? "currentColor" : "none";
  const d = name ? path.text() : "M-8 0H8";
  const line = makeSvg("path", { d, stroke: "currentColor", "stroke-width": 1.4, fill });
  return makeSvg("svg", { viewBox: "-9 -8 18 16", "aria-hidden": "true" }, line);
}

/**
 * @param {Kind} kind
 * @param {string} prefix  of its text
 * @param {"kinds" | "types"} place  where the state notes that it is off
 */
function kindSwitch({ name, shape, count }, prefix, place) {
  const box = make("input", { type: "checkbox" });
  switches.push(() => { box.checked = !sight()[place].has(name); });
  box.addEventListener("change", () => change((now) => {
    if (box.checked) now[place].delete(name);
    else now[place].add(name);
  }));
  const words = make("span", { text: t(`${prefix}.${name}`) });
  return make("label", {}, box, symbol(shape), words, make("span", { className: "count", text: number(count) }));
}

/** Make the legends in the chosen language. */
export function build() {
  switches = [];
  find("node-kinds").replaceChildren(...data.node_kinds.map((kind) => kindSwitch(kind, "node", "kinds")));
  find("edge-kinds").replaceChildren(...data.edge_kinds.map((kind) => kindSwitch(kind, "relation", "types")));
}

/** Accounts outside clusters, and their posts, are there but not in sight at first. */
function syncBehind() {
  const behind = nodes.filter(({ background }) => background);
  const accounts = behind.filter(({ kind }) => kind === "Account").length;
  find("behind-part").hidden = !behind.length;
  findInput("behind").checked = sight().behind;
  find("behind-text").textContent = t("behind.label", { accounts, others: behind.length - accounts });
}

function syncWeight() {
  const slider = findInput("weight");
  slider.min = "1";
  slider.max = String(largest);
  slider.value = String(sight().least);
  find("weight-part").hidden = largest <= 1;
  find("weight-value").textContent = t("weight.value", { n: sight().least });
}

/** @param {number} step */
const timeOf = (step) => (step >= STEPS ? latest : Math.round(earliest + (length * step) / STEPS));

/** @param {number} ms */
const shareOf = (ms) => Math.max(0, Math.min(1, (ms - earliest) / length));

function heights() {
  const counts = new Array(BINS).fill(0);
  for (const { action, first, from, to } of edges) {
    if (!action || first === null) continue;
    if (!sight().behind && (nodes[from].background || nodes[to].background)) continue;
    counts[Math.min(BINS - 1, Math.floor(shareOf(first) * BINS))] += 1;
  }
  const most = Math.max(1, ...counts);
  // Roots: a quiet day must not vanish beside a burst.
  return counts.map((count) => Math.sqrt(count / most));
}

function histogram() {
  const { from, to } = sight();
  const paths = { in: "", out: "" };
  heights().forEach((height, i) => {
    const middle = earliest + (length * (i + 0.5)) / BINS;
    const bar = height ? `M${i + 0.1} 1V${(1 - height).toFixed(3)}H${i + 0.9}V1Z` : "";
    paths[middle >= from && middle <= to ? "in" : "out"] += bar;
  });
  return makeSvg(
    "svg", { viewBox: `0 0 ${BINS} 1`, preserveAspectRatio: "none", "aria-hidden": "true" },
    makeSvg("path", { d: paths.out, class: "out" }), makeSvg("path", { d: paths.in, class: "in" }),
  );
}

/** Phases as bands with their names, as far as they reach into the data. */
function phases() {
  return data.phases
    .filter(({ first, last }) => last > earliest && first < latest)
    .map(({ name, first, last }, i) => {
      const title = `${name}: ${day(first)} – ${day(last - 1)}`;
      const band = make("span", { className: `phase ${i % 2 ? "odd" : "even"}`, title, text: name });
      band.style.left = `${100 * shareOf(first)}%`;
      band.style.width = `${100 * (shareOf(last) - shareOf(first))}%`;
      return band;
    });
}

function syncTime() {
  if (!known) return;
  const { from, to } = sight();
  for (const [id, ms] of /** @type {const} */ ([["time-from", from], ["time-to", to]])) {
    findInput(id).value = String(Math.round(shareOf(ms) * STEPS));
    find(id).setAttribute("aria-valuetext", `${minute(ms)} WIB`);
  }
  find("time-value").textContent = `${minute(from)} – ${minute(to)} WIB`;
  find("time-all").hidden = !narrowed();
  find("histogram").replaceChildren(histogram(), ...phases());
}

/** Put the controls where the state is, after an undo too. */
export function sync() {
  for (const put of switches) put();
  syncBehind();
  syncWeight();
  syncTime();
}

/** @param {number} from @param {number} to */
function setTime(from, to) {
  change((now) => {
    now.from = Math.min(from, to);
    now.to = Math.max(from, to);
  }, "time");
}

/** @param {string} sign @param {string} key */
function showPlay(sign, key) {
  find("play").textContent = sign;
  find("play").setAttribute("aria-label", t(key));
}

export function stopPlaying() {
  clearInterval(playing);
  playing = 0;
  showPlay("▶", "button.play");
}

function play() {
  if (playing) return stopPlaying();
  const { from, to } = sight();
  const width = narrowed() ? to - from : length / WINDOWS;
  let start = narrowed() && to < latest ? from : earliest;
  showPlay("❚❚", "button.pause");
  playing = setInterval(() => {
    setTime(start, Math.min(latest, start + width));
    if (start + width >= latest) stopPlaying();
    start += width / MOVES;
  }, PLAY_MS);
  return undefined;
}

function listenToTime() {
  find("time").hidden = !known;
  if (!known) return;
  const [from, to] = [findInput("time-from"), findInput("time-to")];
  from.addEventListener("input", () => setTime(Math.min(timeOf(Number(from.value)), sight().to), sight().to));
  to.addEventListener("input", () => setTime(sight().from, Math.max(timeOf(Number(to.value)), sight().from)));
  find("play").addEventListener("click", play);
  find("time-all").addEventListener("click", () => {
    stopPlaying();
    setTime(earliest, latest);
  });
}

export function listen() {
  const [weight, behind] = [findInput("weight"), findInput("behind")];
  weight.addEventListener("input", () => {
    const least = Number(weight.value);
    change((now) => { now.least = least; }, "weight");
  });
  behind.addEventListener("change", () => {
    change((now) => { now.behind = behind.checked; });
    fit();
  });
  listenToTime();
}
