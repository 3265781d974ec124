"use strict";
// One name for all parts of the page. Outside text never becomes a key of anything, nor markup.
const gw = Object.create(null);

gw.data = JSON.parse(document.getElementById("data").textContent);

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

gw.find = (id) => document.getElementById(id);

/** A button that looks like a link. */
gw.link = (text, on) => gw.make("button", { type: "button", className: "link", text, on });

/** A dot in the colour of a cluster. */
gw.swatch = function (colour) {
  const dot = gw.make("span", { className: "swatch", "aria-hidden": "true" });
  dot.style.backgroundColor = gw.colour(colour);
  return dot;
};

gw.colour = (index) => gw.data.palette.at(index);

/** The value of a colour variable of the style sheet. */
gw.tone = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
