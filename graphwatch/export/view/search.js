// @ts-check
// The search box and its suggestions, by the pattern of a combobox with a list.
import { bring } from "./acts.js";
import { clusters, nodes } from "./data.js";
import { find, findInput, make } from "./elements.js";
import { choose, isShown, nameOf } from "./state.js";
import { t } from "./wording.js";
/** @import { Node } from "./data.js" */

/** @typedef {{ kind: "node" | "cluster", id: number, rank: number }} Match  a smaller rank is nearer */

const MOST = 12;
// A click on a suggestion comes before the box has lost the focus for good.
const BLUR_MS = 200;

const box = findInput("search");
const list = find("matches");
/** @type {Match[]} */
let offered = [];
let active = -1;

/** @param {string} text */
const low = (text) => text.toLocaleLowerCase();

/** @param {Node} node @param {string} wanted */
function rankOf({ label, facts: { id, handle, name, text } }, wanted) {
  const texts = [label, id, handle, name, text]
    .filter((known) => known !== undefined)
    .map((known) => low(String(known)));
  if (texts.some((known) => known.startsWith(wanted))) return 0;
  return texts.some((known) => known.includes(wanted)) ? 1 : -1;
}

/**
 * @param {string} words
 * @returns {Match[]}
 */
function matches(words) {
  const wanted = low(words.trim());
  if (!wanted) return [];
  const named = clusters
    .map(({ number: id }) => /** @type {const} */ ({ kind: "cluster", id, rank: 0 }))
    .filter((match) => low(nameOf(match)).includes(wanted));
  const found = nodes
    .map((node) => /** @type {const} */ ({ kind: "node", id: node.id, rank: rankOf(node, wanted) }))
    .filter(({ rank }) => rank >= 0);
  return [...named, ...found].sort((a, b) => a.rank - b.rank);
}

/** @param {Match} match @param {number} i */
function option(match, i) {
  const kind = match.kind === "cluster" ? t("node.Cluster") : t(`node.${nodes[match.id].kind}`);
  return make(
    "div", { id: `match-${i}`, role: "option", "aria-selected": "false", on: () => take(match) },
    make("span", { text: nameOf(match) }), make("span", { className: "small", text: kind }),
  );
}

/** Put the suggestions away. */
export function close() {
  list.hidden = true;
  find("matches-count").textContent = "";
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
  active = -1;
}

/** @param {Match} match */
function take({ kind, id }) {
  close();
  if (kind === "node" && !isShown(id)) bring(id);
  choose({ kind, id }, { go: true });
  find("details").focus();
}

function suggest() {
  close();
  if (!box.value.trim()) return;
  const found = matches(box.value);
  offered = found.slice(0, MOST);
  list.replaceChildren(...offered.map(option));
  list.hidden = !found.length;
  box.setAttribute("aria-expanded", String(found.length > 0));
  find("matches-count").textContent = found.length ? t("search.found", { n: found.length }) : t("search.none");
}

/** @param {number} by */
function step(by) {
  const rows = [...list.children];
  if (!rows.length || list.hidden) return;
  active = (active + by + rows.length) % rows.length;
  rows.forEach((row, i) => row.setAttribute("aria-selected", String(i === active)));
  rows[active].scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-activedescendant", rows[active].id);
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && !list.hidden) {
    take(offered[Math.max(0, active)]);
  }
}

/** Whoever is back in the box within the wait has new suggestions, which stay. */
function closeIfLeft() {
  if (document.activeElement !== box) close();
}

export function listen() {
  box.addEventListener("input", suggest);
  box.addEventListener("keydown", pressed);
  box.addEventListener("blur", () => setTimeout(closeIfLeft, BLUR_MS));
}
