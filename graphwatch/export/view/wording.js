// @ts-check
// Texts in the chosen language; times in the time of Jakarta, whatever the clock of this machine.
import { data, kept } from "./data.js";
import { make } from "./elements.js";
/** @import { Language, Value } from "./data.js" */

const LOCALES = { id: "id-ID", en: "en-GB" };
const NUMBERS = {
  id: new Intl.NumberFormat(LOCALES.id, { maximumFractionDigits: 3 }),
  en: new Intl.NumberFormat(LOCALES.en, { maximumFractionDigits: 3 }),
};
const MONTH = { month: "long", year: "numeric" };
const DAY = { day: "numeric", month: "short", year: "numeric" };
const SECOND = {
  day: "2-digit", month: "short", year: "numeric",
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
};

/** @type {Language} */
let language = kept.language === "id" || kept.language === "en" ? kept.language : data.language;

export const spoken = () => language;

export function switchLanguage() {
  language = language === "id" ? "en" : "id";
}

/** @param {Value | null | undefined} value */
export const number = (value) => (typeof value === "number" ? NUMBERS[language].format(value) : String(value));

/**
 * A text of the catalogue with its braces filled; of its two forms, the one for that `n`.
 *
 * @param {string} key
 * @param {Record<string, Value | null | undefined>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  const texts = data.texts[language];
  // What the catalogue does not know, such as a label of a later model, is called by its own name.
  const [one, many] = (texts[key] ?? key.slice(key.lastIndexOf(".") + 1)).split("|");
  const chosen = many !== undefined && values.n !== 1 ? many : one;
  return chosen.replace(/\{(\w+)\}/g, (_, name) => number(values[name]));
}

/**
 * Making a format takes a thousand times as long as using it.
 *
 * @type {Map<string, Intl.DateTimeFormat>}
 */
const formats = new Map();

/**
 * @param {string} name
 * @param {object} options  of an Intl.DateTimeFormat
 */
function format(name, options) {
  const key = `${language} ${name}`;
  const known = formats.get(key)
    ?? new Intl.DateTimeFormat(LOCALES[language], { timeZone: "Asia/Jakarta", ...options });
  formats.set(key, known);
  return known;
}

/** @param {number | null | undefined} ms */
export function time(ms) {
  if (typeof ms !== "number") return t("evidence.untimed");
  if (data.coarse) return phaseAt(ms);
  const part = new Map(format("time", SECOND).formatToParts(ms).map(({ type, value }) => [type, value]));
  const [date, clock] = [["day", "month", "year"], ["hour", "minute", "second"]];
  /** @param {string[]} names */
  const listed = (names) => names.map((name) => part.get(/** @type {Intl.DateTimeFormatPartTypes} */ (name)));
  return `${listed(date).join(" ")} ${listed(clock).join(":")}`;
}

/**
 * The shortest phase at an instant, else its month: what is told where times are coarse.
 *
 * @param {number} ms
 */
function phaseAt(ms) {
  const covering = data.phases.filter(({ first, last }) => first <= ms && ms < last);
  const [shortest] = covering.sort((a, b) => a.last - a.first - (b.last - b.first) || a.first - b.first);
  return shortest?.name ?? format("month", MONTH).format(ms);
}

/** From the first act to the last; nothing where times are coarse. @param {number} first @param {number} last */
export const lasting = (first, last) => (data.coarse ? [] : [span(last - first)]);

/** @param {number} ms */
export const day = (ms) => format("day", DAY).format(ms);

/** @param {number} ms */
export const minute = (ms) => (data.coarse ? phaseAt(ms) : time(ms).slice(0, -3));

/**
 * A very small number as 3·10⁻⁶.
 *
 * @param {number} value
 */
export function power(value) {
  if (!(value > 0)) return "0";
  if (value >= 0.001) return number(value);
  const exponent = Math.floor(Math.log10(value));
  const raised = [...String(-exponent)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");
  return `${number(Math.round(value / 10 ** exponent))}·10⁻${raised}`;
}

/**
 * Length of a stretch of time, in its largest unit.
 *
 * @param {number} ms
 */
function span(ms) {
  const seconds = Math.round(ms / 1000);
  if (seconds >= 172800) return t("span.days", { n: Math.round(seconds / 86400) });
  if (seconds >= 7200) return t("span.hours", { n: Math.round(seconds / 3600) });
  if (seconds >= 120) return t("span.minutes", { n: Math.round(seconds / 60) });
  return t("span.seconds", { n: seconds });
}

/** @param {string} name @param {number} value */
function measured(name, value) {
  if (name === "window_ms" || name === "coarse_ms") return t("value.seconds", { n: value / 1000 });
  if (name === "q" || name.endsWith("_q") || name.startsWith("q_")) return power(value);
  if (name.startsWith("expected")) return number(Math.round(value * 10) / 10);
  return name.endsWith("_ms") ? `${time(value)} WIB` : number(value);
}

/**
 * A property of the model as a reader wants it.
 *
 * @param {string} name
 * @param {Value} value
 */
export function worded(name, value) {
  if (Array.isArray(value)) {
    return name === "kinds" ? value.map((kind) => t(`relation.${kind}`)).join(", ") : value.join("\n");
  }
  if (typeof value === "boolean") return t(value ? "value.yes" : "value.no");
  if (typeof value === "number") return measured(name, value);
  if (name === "entered" && (value === "core" || value === "grown")) return t(`value.${value}`);
  return name === "unnamed" ? t(`unnamed.${value}`) : value;
}

const MINUTE = 60_000;
// On whole minutes, hours, days, weeks and months.
const STEPS = [1, 5, 15, 60, 180, 360, 720, 1440, 2880, 10_080, 20_160, 43_200].map((n) => n * MINUTE);
const JAKARTA = 7 * 60 * MINUTE;

/**
 * Marks of a time axis in Jakarta: at most about `most`.
 *
 * @param {number} from
 * @param {number} to
 * @param {number} most
 */
export function timeMarks(from, to, most) {
  const step = STEPS.find((length) => (to - from) / length <= most) ?? (to - from) / most;
  const marks = [];
  for (let ms = Math.ceil((from + JAKARTA) / step) * step - JAKARTA; ms <= to; ms += step) marks.push(ms);
  return marks.map((ms) => ({
    ms, text: step >= 1440 * MINUTE ? day(ms).replace(/ \d{4}$/, "") : time(ms).slice(-8, -3),
  }));
}

/**
 * Elements of the page itself that carry the key of a text.
 *
 * @param {string} name
 * @param {(element: HTMLElement, text: string) => void} put
 */
function wordEach(name, put) {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`[data-${name}]`))) {
    put(element, t(element.dataset[name] ?? ""));
  }
}

/** Put the fixed texts of the page into the chosen language. */
export function wordPage() {
  document.documentElement.lang = language;
  document.title = t(data.title);
  wordEach("text", (element, text) => { element.textContent = text; });
  wordEach("name", (element, text) => element.setAttribute("aria-label", text));
  wordEach("hint", (element, text) => element.setAttribute("placeholder", text));
  for (const [id, told] of /** @type {const} */ ([["notice-lines", data.notices], ["names-lines", data.names]])) {
    document.getElementById(id)?.replaceChildren(...told.map(({ key, values }) => make("p", { text: t(key, values) })));
  }
}
