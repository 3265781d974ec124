// @ts-check
// Elements of the page. Outside text never becomes a key of anything, nor markup.

/**
 * @typedef {globalThis.Node | string | null | undefined} Child  null and undefined are left out
 * @typedef {{ className?: string, text?: unknown, on?: () => void, [attribute: string]: unknown }} Options
 */

/**
 * An element with its text set as text.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Options} [options]  `on` is called by a click; what is not named here becomes an attribute
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, options = {}, ...children) {
  const element = document.createElement(tag);
  const { className, text, on, ...attributes } = options;
  if (className) element.className = className;
  if (text !== undefined) element.textContent = String(text);
  if (on) element.addEventListener("click", on);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * The same for drawings.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} attributes
 * @param {...(globalThis.Node | string)} children
 * @returns {SVGElement}
 */
export function makeSvg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return /** @type {SVGElement} */ (element);
}

/** A path of SVG, made by the calls that make one on a canvas. */
export function svgPath() {
  /** @type {string[]} */
  const parts = [];
  /** @param {number} value */
  const short = (value) => Math.round(value * 100) / 100;
  return {
    /** @param {number} x @param {number} y */
    moveTo(x, y) { parts.push(`M${short(x)} ${short(y)}`); },
    /** @param {number} x @param {number} y */
    lineTo(x, y) { parts.push(`L${short(x)} ${short(y)}`); },
    closePath() { parts.push("Z"); },
    /** @param {number} x @param {number} y @param {number} w @param {number} h */
    rect(x, y, w, h) { parts.push(`M${short(x)} ${short(y)}h${short(w)}v${short(h)}h${short(-w)}Z`); },
    /**
     * Whole circles are all that this page draws; an arc of SVG cannot close on itself.
     *
     * @param {number} x @param {number} y @param {number} r
     */
    arc(x, y, r) {
      const half = `A${short(r)} ${short(r)} 0 1 1`;
      parts.push(`M${short(x + r)} ${short(y)}${half} ${short(x - r)} ${short(y)}${half} ${short(x + r)} ${short(y)}`);
    },
    text: () => parts.join(""),
  };
}

/**
 * An element of the page itself.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function find(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element ${id}`);
  return element;
}

/** @param {string} id */
export const findInput = (id) => /** @type {HTMLInputElement} */ (find(id));

/**
 * The pen of a canvas.
 *
 * @param {HTMLCanvasElement} canvas
 */
export const penOf = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));

/**
 * @param {string} text
 * @param {() => void} on
 * @param {Options} [options]
 */
export const button = (text, on, options) => make("button", { type: "button", text, on, ...options });

/**
 * A button that looks like a link.
 *
 * @param {string} text
 * @param {() => void} on
 */
export const link = (text, on) => button(text, on, { className: "link" });

/**
 * The value of a colour variable of the style sheet.
 *
 * @param {string} name
 */
export const tone = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/**
 * Tell those who listen instead of looking.
 *
 * @param {string} text
 */
export function announce(text) {
  find("said").textContent = text;
}

/**
 * Give the reader a file.
 *
 * @param {Blob | string} content
 * @param {string} type
 * @param {string} name
 */
export function offer(content, type, name) {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
