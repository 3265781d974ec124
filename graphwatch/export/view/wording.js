"use strict";
// Texts in the chosen language; times in the time of Jakarta, whatever the clock of this machine.
gw.language = gw.data.language;

gw.t = function (key, values) {
  const texts = gw.data.texts[gw.language];
  // What the catalogue does not know, such as a label of a later model, is called by its own name.
  const [one, many] = (texts[key] ?? key.split(".").at(-1)).split("|");
  const chosen = many !== undefined && values.n !== 1 ? many : one;
  return chosen.replace(/\{(\w+)\}/g, (_, name) => gw.number(values[name]));
};

gw.numbers = {
  id: new Intl.NumberFormat("id-ID", { maximumFractionDigits: 3 }),
  en: new Intl.NumberFormat("en-GB", { maximumFractionDigits: 3 }),
};
gw.number = (value) => (typeof value === "number" ? gw.numbers[gw.language].format(value) : String(value));

gw.locale = () => (gw.language === "id" ? "id-ID" : "en-GB");

// Making a format takes a thousand times as long as using it.
gw.formats = new Map();
gw.format = function (name, options) {
  const key = `${gw.language} ${name}`;
  if (!gw.formats.has(key)) {
    gw.formats.set(key, new Intl.DateTimeFormat(gw.locale(), { timeZone: "Asia/Jakarta", ...options }));
  }
  return gw.formats.get(key);
};

gw.time = function (ms) {
  if (typeof ms !== "number") return gw.t("evidence.untimed");
  const format = gw.format("time", {
    day: "2-digit", month: "short", year: "numeric",
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
  const part = Object.create(null);
  for (const { type, value } of format.formatToParts(ms)) part[type] = value;
  return `${part.day} ${part.month} ${part.year} ${part.hour}:${part.minute}:${part.second}`;
};

gw.day = (ms) => gw.format("day", { day: "numeric", month: "short", year: "numeric" }).format(ms);

gw.minute = (ms) => gw.time(ms).slice(0, -3);

/** A very small number as 3·10⁻⁶. */
gw.power = function (value) {
  if (!(value > 0)) return "0";
  if (value >= 0.001) return gw.number(value);
  const exponent = Math.floor(Math.log10(value));
  const raised = [...String(-exponent)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");
  return `${gw.number(Math.round(value / 10 ** exponent))}·10⁻${raised}`;
};

/** Length of a stretch of time, in its largest unit. */
gw.span = function (ms) {
  const seconds = Math.round(ms / 1000);
  if (seconds >= 172800) return gw.t("span.days", { n: Math.round(seconds / 86400) });
  if (seconds >= 7200) return gw.t("span.hours", { n: Math.round(seconds / 3600) });
  if (seconds >= 120) return gw.t("span.minutes", { n: Math.round(seconds / 60) });
  return gw.t("span.seconds", { n: seconds });
};

/** A property of the model as a reader wants it. */
gw.value = function (name, value) {
  if (Array.isArray(value)) {
    return name === "kinds" ? value.map((kind) => gw.t(`relation.${kind}`)).join(", ") : value.join("\n");
  }
  if (typeof value === "boolean") return gw.t(value ? "value.yes" : "value.no");
  if (name === "window_ms" || name === "coarse_ms") return gw.t("value.seconds", { n: value / 1000 });
  if (name === "q" || name.endsWith("_q") || name.startsWith("q_")) return gw.power(value);
  if (name.startsWith("expected")) return gw.number(Math.round(value * 10) / 10);
  if (typeof value === "number" && name.endsWith("_ms")) return `${gw.time(value)} WIB`;
  if (name === "entered" && (value === "core" || value === "grown")) return gw.t(`value.${value}`);
  if (name === "unnamed") return gw.t(`unnamed.${value}`);
  return gw.number(value);
};

/** Put the fixed texts of the page into the chosen language. */
gw.wordPage = function () {
  document.documentElement.lang = gw.language;
  document.title = gw.t(gw.data.title);
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = gw.t(element.dataset.text);
  for (const element of document.querySelectorAll("[data-name]")) {
    element.setAttribute("aria-label", gw.t(element.dataset.name));
  }
  for (const element of document.querySelectorAll("[data-hint]")) element.placeholder = gw.t(element.dataset.hint);
  for (const element of document.querySelectorAll("[data-help]")) element.title = gw.t(element.dataset.help);
  for (const [id, told] of [["notice-lines", gw.data.notices], ["names-lines", gw.data.names]]) {
    gw.find(id)?.replaceChildren(...told.map((n) => gw.make("p", { text: gw.t(n.key, n.values) })));
  }
};
