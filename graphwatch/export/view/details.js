// @ts-check
// Pieces of which the panel on the right is built, and the notes that the reviewer writes there.
import { data, edges, kept, nodes, pristine } from "./data.js";
import { announce, button, find, link, make, offer } from "./elements.js";
import { choose, sight } from "./state.js";
import { spoken, t, time, worded } from "./wording.js";
/** @import { Edge, Facts } from "./data.js" */
/** @import { Child } from "./elements.js" */
/** @import { Choice } from "./state.js" */

const FIRST_ROWS = 60;
const LONGEST_NOTE = 4000;

/** @param {number} id */
export const nodeLink = (id) => link(nodes[id].label, () => choose({ kind: "node", id }, { go: true }));

/**
 * @param {string} title
 * @param {Child[]} kind
 * @param {Child} [mark]
 */
export function head(title, kind, mark) {
  const close = button("×", () => choose(null), { className: "close", "aria-label": t("button.close") });
  const words = make("div", {}, make("h2", { text: title }), make("div", { className: "kind" }, ...kind));
  return make("div", { className: "head" }, mark, words, close);
}

/** @param {string} text @param {HTMLElement} told */
async function copy(text, told) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without the right to write to the clipboard, a selected field still can.
    const field = make("textarea", { className: "unseen", "aria-hidden": "true" });
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  told.textContent = t("button.copied");
  announce(t("button.copied"));
}

/**
 * An address: text that can be copied, or a link where the maker of the page allowed it.
 *
 * @param {string} text
 */
function address(text) {
  const safe = data.links && /^https?:\/\//i.test(text);
  const shown = safe
    ? make("a", { href: text, target: "_blank", rel: "noopener noreferrer nofollow", text })
    : make("span", { className: "address", text });
  const copied = button(t("button.copy"), () => copy(text, copied), { className: "small-button" });
  return make("span", { className: "addressed" }, shown, " ", copied);
}

/**
 * Properties with their names.
 *
 * @param {Facts} values
 * @param {string[]} [names]  by default all
 */
export function facts(values, names = Object.keys(values)) {
  const list = make("dl");
  for (const name of names) {
    const value = values[name];
    if (value === undefined) continue;
    const shown = name === "url" ? make("dd", {}, address(String(value))) : make("dd", { text: worded(name, value) });
    list.append(make("dt", { text: t(`property.${name}`) }), shown);
  }
  return list;
}

/**
 * @param {string} key
 * @param {...Child} children
 * @returns {Child[]}
 */
export const part = (key, ...children) => [make("h3", { text: t(key) }), ...children];

/**
 * @param {Child} content
 * @param {string} [className]
 */
export const cell = (content, className) => make("td", { className }, content);

/**
 * A table that grows by a button, so that a busy account does not freeze the page.
 *
 * @template Row
 * @param {[key: string, className?: string][]} titles
 * @param {Row[]} rows
 * @param {(row: Row) => HTMLElement[]} toCells
 */
export function table(titles, rows, toCells) {
  const body = make("tbody");
  const heads = titles.map(([key, className]) => make("th", { className, scope: "col", text: t(key) }));
  const box = make("div", {}, make("table", {}, make("thead", {}, make("tr", {}, ...heads)), body));
  const more = button("", grow);
  let shown = 0;
  function grow() {
    const next = rows.slice(shown, shown + FIRST_ROWS);
    body.append(...next.map((row) => make("tr", {}, ...toCells(row))));
    shown += next.length;
    if (shown < rows.length) {
      more.textContent = t("button.more", { n: Math.min(FIRST_ROWS, rows.length - shown) });
      box.append(more);
    } else {
      more.remove();
    }
  }
  grow();
  return box;
}

/**
 * Where an object can be looked up.
 *
 * @param {number} object
 */
export function addressOf(object) {
  const { url } = nodes[object].facts;
  return url ? make("div", {}, address(url)) : null;
}

/**
 * The words of an interaction, where its object can be looked up, and the rows that supplied it.
 *
 * @param {Edge} edge
 * @param {boolean} withAddress
 */
function sourcesOf({ to, facts: { text, sources } }, withAddress) {
  return [
    text ? make("div", { className: "words", text }) : null,
    withAddress ? addressOf(to) : null,
    sources?.length ? make("div", { className: "rows", text: sources.join(", ") }) : null,
  ];
}

/**
 * Interactions as a table.
 *
 * @param {number[]} indices
 * @param {"from" | "to"} other  the end that the reader does not know yet
 */
export function actions(indices, other) {
  const title = other === "to" ? "evidence.object" : "evidence.account";
  return table([["evidence.time"], ["evidence.kind"], [title]], indices, (i) => {
    const edge = edges[i];
    return [
      cell(time(edge.first), "time"),
      cell(t(`relation.${edge.type}`)),
      cell(make("div", {}, nodeLink(edge[other]), ...sourcesOf(edge, other === "to"))),
    ];
  });
}

/** What else may explain a finding. */
export function innocent() {
  const reasons = ["notifications", "chat", "schedule", "device", "pressure"];
  const list = make("ul", {}, ...reasons.map((reason) => make("li", { text: t(`innocent.${reason}`) })));
  const lead = make("p", { text: t("innocent.lead") });
  const summary = make("summary", { text: t("innocent.heading") });
  return make("details", { className: "innocent", open: "" }, summary, lead, list);
}

/** @param {number} shown @param {number | undefined} total */
export function shownOf(shown, total) {
  if (!shown) return make("p", { className: "small", text: t("evidence.none") });
  if (total === undefined || shown >= total) return null;
  return make("p", { className: "small", text: t("evidence.shown", { shown, total }) });
}

/** @type {Map<string, string>} */
const notes = new Map(Object.entries(kept.notes ?? {}).map(([key, text]) => [key, String(text)]));
let unsaved = false;
addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});

/** @typedef {Exclude<Choice, { kind: "path" }>} Noted  what a note can be about */

/** @param {Noted} about */
const keyOf = ({ kind, id }) => `${kind}:${id}`;

/** @param {Noted} about */
export const hasNote = (about) => notes.has(keyOf(about));

/** @returns {{ about: Noted, text: string }[]} */
export const allNotes = () =>
  [...notes].map(([key, text]) => {
    const [kind, id] = key.split(":");
    return { about: { kind: /** @type {Noted["kind"]} */ (kind), id: Number(id) }, text };
  });

/**
 * The field for the reviewer's note.
 *
 * @param {Noted} about
 */
export function noteField(about) {
  const key = keyOf(about);
  const area = make("textarea", { id: "note", rows: 3, maxlength: LONGEST_NOTE });
  area.value = notes.get(key) ?? "";
  area.addEventListener("input", () => {
    if (area.value) notes.set(key, area.value);
    else notes.delete(key);
    unsaved = true;
    find("save").classList.add("waiting");
  });
  return make(
    "div", { className: "note" }, make("label", { for: "note", text: t("note.label") }), area,
    make("p", { className: "small", text: t("note.kept") }),
    button(t("button.save"), saveCopy, { className: "small-button" }),
  );
}

/**
 * JSON without any character that HTML gives a meaning.
 *
 * @param {unknown} content
 */
const escaped = (content) =>
  JSON.stringify(content).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** The page as it came, with what the reader has noted, hidden and pinned. */
function copyOfPage() {
  const copied = /** @type {HTMLElement} */ (pristine.cloneNode(true));
  const { hidden, pinned } = sight();
  const left = { notes: Object.fromEntries(notes), hidden: [...hidden], pinned: [...pinned], language: spoken() };
  /** @type {HTMLElement} */ (copied.querySelector("#kept")).textContent = escaped(left);
  return `<!DOCTYPE html>\n${copied.outerHTML}`;
}

export function saveCopy() {
  offer(copyOfPage(), "text/html", `graphwatch-${data.run.id ?? data.scope}.html`);
  unsaved = false;
  find("save").classList.remove("waiting");
  announce(t("note.saved"));
}
