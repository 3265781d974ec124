// What may stand next in the Cypher box, as a list below it. The only script of the desk: it asks the desk for words
// and puts one of them into the box, as text. Without it the box works all the same.
"use strict";

const box = /** @type {HTMLTextAreaElement} */ (document.getElementById("cypher"));
const list = /** @type {HTMLElement} */ (document.getElementById("cypher-words"));
const told = /** @type {HTMLElement} */ (document.getElementById("cypher-told"));
const WAIT_MS = 120;
const MOST = 2000;
let word = "", chosen = -1, asked = 0, waiting = 0;

function hide() {
  list.hidden = true;
  list.replaceChildren();
  chosen = -1;
  box.removeAttribute("aria-activedescendant");
  told.textContent = "";
}

/** @param {number} at */
function mark(at) {
  const options = list.children;
  options[chosen]?.setAttribute("aria-selected", "false");
  chosen = (at + options.length) % options.length;
  const option = options[chosen];
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-activedescendant", option.id);
}

/** @param {string} text */
function take(text) {
  const end = box.selectionEnd;
  box.setRangeText(text, end - word.length, end, "end");
  hide();
  box.focus();
}

/** @param {{word: string, words: string[]}} found */
function show(found) {
  hide();
  if (!found.words.length) return;
  word = found.word;
  list.append(...found.words.map((text, at) => {
    const option = document.createElement("li");
    option.id = `cypher-word-${at}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.textContent = text;
    option.addEventListener("mousedown", (event) => { event.preventDefault(); take(text); });
    return option;
  }));
  list.hidden = false;
  told.textContent = (list.dataset.told ?? "").replace("{n}", String(found.words.length));
}

async function suggest() {
  asked += 1;
  const now = asked;
  const before = box.value.slice(0, box.selectionEnd).slice(-MOST);
  try {
    const answer = await fetch(`/cypher/words?before=${encodeURIComponent(before)}`);
    if (answer.ok && now === asked) show(await answer.json());
  } catch {
    hide();
  }
}

/** @param {KeyboardEvent} event */
function isTaken(event) {
  if (event.key === " " && event.ctrlKey) suggest();
  else if (list.hidden) return false;
  else if (event.key === "ArrowDown") mark(chosen + 1);
  else if (event.key === "ArrowUp") mark(Math.max(chosen, 0) - 1);
  else if (event.key === "Enter" && chosen >= 0) take(list.children[chosen].textContent ?? "");
  else if (event.key === "Escape") hide();
  else return false;
  return true;
}

box.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(suggest, WAIT_MS);
});
box.addEventListener("blur", () => {
  asked += 1;
  hide();
});
box.addEventListener("keydown", (event) => {
  if (isTaken(event)) event.preventDefault();
});
