"use strict";
// What the reviewer writes beside a finding, kept in a copy of the page that is saved as a file.
gw.notes = (function () {
  const LONGEST = 4000;
  const notes = new Map(Object.entries(gw.kept.notes ?? {}).map(([key, text]) => [key, String(text)]));
  let unsaved = false;

  const keyOf = ({ kind, id }) => `${kind}:${id}`;

  function field(chosen) {
    const key = keyOf(chosen);
    const area = gw.make("textarea", { id: "note", rows: 3, maxlength: LONGEST });
    area.value = notes.get(key) ?? "";
    area.addEventListener("input", () => {
      if (area.value) notes.set(key, area.value);
      else notes.delete(key);
      unsaved = true;
      gw.find("save").classList.add("waiting");
    });
    const label = gw.make("label", { for: "note", text: gw.t("note.label") });
    const save = gw.button(gw.t("button.save"), saveCopy, { className: "small-button" });
    return gw.make(
      "div", { className: "note" }, label, area, gw.make("p", { className: "small", text: gw.t("note.kept") }), save,
    );
  }

  /** JSON without any character that HTML gives a meaning. */
  const escaped = (data) =>
    JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

  /** The page as it came, with what the reader has noted, hidden and pinned. */
  function copyOfPage() {
    const copy = gw.pristine.cloneNode(true);
    const { hidden, pinned } = gw.visible.state;
    const kept = { notes: Object.fromEntries(notes), hidden: [...hidden], pinned: [...pinned], language: gw.language };
    copy.querySelector("#kept").textContent = escaped(kept);
    return `<!DOCTYPE html>\n${copy.outerHTML}`;
  }

  function saveCopy() {
    gw.offer(copyOfPage(), "text/html", `graphwatch-${gw.data.run.id ?? gw.data.scope}.html`);
    unsaved = false;
    gw.find("save").classList.remove("waiting");
    gw.announce(gw.t("note.saved"));
  }

  addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });

  const all = () => [...notes];
  return { field, saveCopy, copyOfPage, all, has: (chosen) => notes.has(keyOf(chosen)) };
})();
