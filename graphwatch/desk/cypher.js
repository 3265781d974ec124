// What may stand next in the Cypher box, as a list below it. The only script of the desk: it asks the desk for words
// and puts one of them into the box, as text. Without it the box works all the same.
"use strict";

const box = document.getElementById("cypher");
const list = document.getElementById("cypher-words");
const told = document.getElementById("cypher-told");
const WAIT_MS = 120;
let word = "", chosen = -1, asked = 0, waiting = 0;

function close() {
  list.hidden = true;
  list.replaceChildren();
  chosen = -1;
  box.removeAttribute("aria-activedescendant");
  told.textContent = "";
}

function choose(at) {
  const options = list.children;
  if (chosen >= 0) options[chosen].setAttribute("aria-selected", "false");
  chosen = (at + options.length) % options.length;
  options[chosen].setAttribute("aria-selected", "true");
  options[chosen].scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-activedescendant", options[chosen].id);
}

function take(at) {
  const end = box.selectionEnd;
  box.setRangeText(list.children[at].textContent, end - word.length, end, "end");
  close();
  box.focus();
}

function show(found) {
  close();
  if (!found.words.length) return;
  word = found.word;
  list.append(...found.words.map((text, at) => {
    const option = document.createElement("li");
    option.id = `cypher-word-${at}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.textContent = text;
    option.addEventListener("mousedown", (event) => { event.preventDefault(); take(at); });
    return option;
  }));
  list.hidden = false;
  told.textContent = list.dataset.told.replace("{n}", found.words.length);
}

async function ask() {
  const now = ++asked;
  if (box.selectionStart !== box.selectionEnd) return close();
  const before = box.value.slice(0, box.selectionEnd).slice(-2000);
  try {
    const answer = await fetch(`/cypher/words?before=${encodeURIComponent(before)}`);
    if (answer.ok && now === asked) show(await answer.json());
  } catch {
    close();
  }
}

box.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, WAIT_MS);
});
box.addEventListener("blur", close);
box.addEventListener("keydown", (event) => {
  if (event.key === " " && event.ctrlKey) { event.preventDefault(); ask(); return; }
  if (list.hidden) return;
  if (event.key === "ArrowDown") choose(chosen + 1);
  else if (event.key === "ArrowUp") choose(chosen < 0 ? -1 : chosen - 1);
  else if (event.key === "Enter" && chosen >= 0) take(chosen);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
});
