// @ts-check
// Puts the parts together: what follows a choice, the buttons, the keyboard, the language; and begins.
import * as acts from "./acts.js";
import * as camera from "./camera.js";
import * as controls from "./controls.js";
import { clusterOf, clusters, data, nodes, readFacts } from "./data.js";
import { saveCopy } from "./details.js";
import { arrange, readTones } from "./drawing.js";
import { announce, find } from "./elements.js";
import * as panel from "./panel.js";
import * as plots from "./plots.js";
import * as pointer from "./pointer.js";
import * as saving from "./saving.js";
import * as search from "./search.js";
import { choose, chosen, look, nameOf, onChoice, onSight, shown } from "./state.js";
import { switchLanguage, t, wordPage } from "./wording.js";
/** @import { Choice, Telling } from "./state.js" */

const CLOSER = 1.3;
const PAN = 80;
// How much of the network is shown around a node.
const AROUND = 260;
// Nobody waits for the properties: they are read while the first picture is looked at.
const READ_AFTER_MS = 100;

const root = document.documentElement;

function sync() {
  find("shown").textContent = t("shown.line", shown());
  controls.sync();
  acts.syncButtons();
  plots.refresh();
}

function onNewSight() {
  arrange();
  camera.again();
  sync();
}

/** @param {Choice} choice */
function go(choice) {
  if (choice.kind === "cluster") camera.go(clusterOf(choice.id), 1.35 * clusterOf(choice.id).radius);
  if (choice.kind === "node") camera.go(nodes[choice.id], AROUND);
}

/** @param {Telling} telling */
function onNewChoice({ go: wanted, quiet }) {
  const choice = chosen();
  pointer.hideCard();
  if (wanted && choice) go(choice);
  panel.show();
  panel.markCluster();
  plots.refresh();
  camera.redraw();
  if (choice && !quiet) announce(t("chosen.line", { name: nameOf(choice) }));
}

/** @param {Choice | null} found */
function onClick(found) {
  if (found?.kind === "node" && acts.isAsking()) acts.answer(found.id);
  else choose(found);
}

/** Say everything in the chosen language. */
function say() {
  wordPage();
  announce("");
  document.getElementById("clusters")?.replaceChildren(...clusters.map(panel.clusterLine));
  panel.markCluster();
  controls.build();
  controls.stopPlaying();
  panel.show();
  sync();
}

/** @param {boolean} dark */
function theme(dark) {
  root.dataset.theme = dark ? "dark" : "light";
  readTones();
}

/** @type {Record<string, () => void>} */
const BUTTONS = {
  fit: acts.showAll,
  closer: () => camera.zoomBy(CLOSER),
  farther: () => camera.zoomBy(1 / CLOSER),
  undo: acts.undo,
  path: () => acts.askPath(null),
  "asking-stop": acts.stopAsking,
  save: saveCopy,
  png: saving.savePng,
  svg: saving.saveSvg,
  "csv-nodes": saving.saveNodes,
  "csv-edges": saving.saveEdges,
  print: () => window.print(),
  dark() {
    theme(root.dataset.theme !== "dark");
    camera.again();
    plots.refresh();
  },
  language() {
    switchLanguage();
    say();
    camera.redraw();
  },
};

/** @param {(id: number) => void} act */
const withNode = (act) => () => {
  const choice = chosen();
  if (choice?.kind === "node") act(choice.id);
};

/** @type {Record<string, () => void>} */
const KEYS = {
  "/": () => find("search").focus(),
  "+": BUTTONS.closer, "-": BUTTONS.farther, 0: acts.showAll, u: acts.undo,
  n: () => acts.step(1), b: () => acts.step(-1),
  h: withNode(acts.hide), p: withNode(acts.pin), e: withNode(acts.showAround),
  j() {
    const choice = chosen();
    acts.askPath(choice?.kind === "node" ? choice.id : null);
  },
  1: () => plots.open("network"), 2: () => plots.open("timeline"), 3: () => plots.open("matrix"),
};

/** @type {Record<string, () => void>} */
const STAGE_KEYS = {
  ArrowLeft: () => camera.panBy(-PAN, 0), ArrowRight: () => camera.panBy(PAN, 0),
  ArrowUp: () => camera.panBy(0, -PAN), ArrowDown: () => camera.panBy(0, PAN),
};

/** @param {boolean} typing */
function escape(typing) {
  pointer.hideCard();
  /** @type {HTMLDetailsElement} */ (find("exports")).open = false;
  search.close();
  if (acts.isAsking()) return acts.stopAsking();
  if (typing) /** @type {HTMLElement} */ (document.activeElement).blur();
  return choose(null);
}

/** @param {EventTarget | null} target */
const takesWords = (target) =>
  target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type === "search");

/** @param {KeyboardEvent} event */
function pressed(event) {
  const { target, key } = event;
  const typing = takesWords(target);
  if (key === "Escape") return escape(typing);
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  // Sliders and lists have a use of their own for arrows.
  if (target === find("network") && Object.hasOwn(STAGE_KEYS, key)) STAGE_KEYS[key]();
  else if (panel.shortcutsAreOn() && Object.hasOwn(KEYS, key)) KEYS[key]();
  else return undefined;
  return event.preventDefault();
}

theme(matchMedia("(prefers-color-scheme: dark)").matches);
look();
arrange();
camera.open();
onSight(onNewSight);
onChoice(onNewChoice);
pointer.listen(onClick, acts.showAround);
for (const [id, act] of Object.entries(BUTTONS)) find(id).addEventListener("click", act);
document.addEventListener("keydown", pressed);
for (const part of [controls, search, plots]) part.listen();
say();
plots.open(data.opening);
requestAnimationFrame(() => {
  root.dataset.ready = "yes";
  setTimeout(async () => {
    await readFacts();
    panel.show();
    plots.refresh();
    root.dataset.evidence = "yes";
  }, READ_AFTER_MS);
});
