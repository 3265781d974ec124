"use strict";
// One name for all parts of the page. Outside text never becomes a key of anything, nor markup.
const gw = Object.create(null);
window.gw = gw;

// The page as it came, from which a copy is saved.
gw.pristine = document.documentElement.cloneNode(true);

/** An element with its text set as text; children may be elements or strings. */
gw.make = function (tag, options, ...children) {
  const element = document.createElement(tag);
  const { className, text, on, ...attributes } = options || {};
  if (className) element.className = className;
  if (text !== undefined) element.textContent = String(text);
  if (on) element.addEventListener("click", on);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
};

/** The same for drawings. */
gw.makeSvg = function (tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
};

gw.find = (id) => document.getElementById(id);

gw.button = (text, on, attributes) => gw.make("button", { type: "button", text, on, ...attributes });

/** A button that looks like a link. */
gw.link = (text, on) => gw.button(text, on, { className: "link" });

/** A dot in the colour of a cluster. */
gw.swatch = function (colour) {
  const dot = gw.make("span", { className: "swatch", "aria-hidden": "true" });
  dot.style.backgroundColor = gw.colour(colour);
  return dot;
};

gw.colour = (index) => gw.data.palette.at(index);

/** The value of a colour variable of the style sheet. */
gw.tone = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** Tell those who listen instead of looking. */
gw.announce = function (text) {
  gw.find("said").textContent = text;
};

/** Give the reader a file. */
gw.offer = function (content, type, name) {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const anchor = gw.make("a", { href: address, download: name });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
};

gw.motion = () => !matchMedia("(prefers-reduced-motion: reduce)").matches;
