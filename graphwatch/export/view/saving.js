// @ts-check
// What can be taken out of the page: PNG and SVG of what is open, with the words without which a picture must not
// travel, and CSV that a spreadsheet can open without running anything in it.
import { framing } from "./camera.js";
import { data, edges, nodes } from "./data.js";
import { drawChoice, drawNetwork, tones } from "./drawing.js";
import { make, makeSvg, offer, penOf, svgPath } from "./elements.js";
import { current, plot as openPlot } from "./plots.js";
import { hiddenEdges, shown, shownNodes } from "./state.js";
import { t } from "./wording.js";
/** @import { Value } from "./data.js" */
/** @import { Pen } from "./drawing.js" */

const FOOT = 46;
const NETWORK_SIZE = [1600, 1000];
// Pixels that browsers can hold in one canvas.
const MOST_PIXELS = 5e7;
// What a spreadsheet would take for the beginning of a formula.
const FORMULA = /^\s*[=+\-@＝＋－＠|%]/u;
const ANCHORS = { center: "middle", right: "end", end: "end", left: "start", start: "start" };

/**
 * A stand-in for a canvas that writes down what is drawn as SVG, so that one drawing serves for both.
 *
 * @param {number} width
 * @param {number} height
 * @returns {Pen & { written: () => string }}
 */
function recorder(width, height) {
  const viewBox = `0 0 ${width} ${height}`;
  const root = makeSvg("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox });
  const measure = penOf(make("canvas"));
  let path = svgPath();
  let target = root;
  const look = {
    fillStyle: /** @type {string | CanvasGradient | CanvasPattern} */ ("#000"),
    strokeStyle: /** @type {string | CanvasGradient | CanvasPattern} */ ("#000"),
    lineWidth: 1, globalAlpha: 1, font: "10px sans-serif", textAlign: /** @type {CanvasTextAlign} */ ("start"),
    textBaseline: /** @type {CanvasTextBaseline} */ ("alphabetic"), lineJoin: /** @type {CanvasLineJoin} */ ("miter"),
  };
  /** @type {{ target: SVGElement, look: typeof look }[]} */
  const saved = [];

  const filled = () => ({ fill: pen.fillStyle, "fill-opacity": pen.globalAlpha });
  const stroked = () => ({
    fill: "none", stroke: pen.strokeStyle, "stroke-opacity": pen.globalAlpha, "stroke-width": pen.lineWidth,
    "stroke-linejoin": pen.lineJoin,
  });

  /** @param {Record<string, unknown>} how */
  function trace(how) {
    if (path.text()) target.append(makeSvg("path", { d: path.text(), ...how }));
  }

  /** @param {string} text @param {number} x @param {number} y @param {Record<string, unknown>} how */
  function words(text, x, y, how) {
    const [, weight = "400", high, family] = /^(?:(\d+) )?([\d.e-]+px) (.*)$/.exec(pen.font) ?? [];
    target.append(makeSvg("text", {
      x, y, "font-family": family, "font-size": high, "font-weight": weight, "text-anchor": ANCHORS[pen.textAlign],
      "dominant-baseline": pen.textBaseline === "middle" ? "central" : "auto", ...how,
    }, text));
  }

  /** @param {string} transform */
  function enter(transform) {
    const group = makeSvg("g", { transform });
    target.append(group);
    target = group;
  }

  /** @type {Pen & { written: () => string }} */
  const pen = {
    ...look,
    beginPath: () => { path = svgPath(); },
    moveTo: (x, y) => path.moveTo(x, y),
    lineTo: (x, y) => path.lineTo(x, y),
    closePath: () => path.closePath(),
    rect: (x, y, w, h) => path.rect(x, y, w, h),
    arc: (x, y, r) => path.arc(x, y, r),
    fill: () => trace(filled()),
    stroke: () => trace(stroked()),
    fillRect: (x, y, w, h) => target.append(makeSvg("rect", { x, y, width: w, height: h, ...filled() })),
    fillText: (text, x, y) => words(text, x, y, filled()),
    strokeText: (text, x, y) => words(text, x, y, stroked()),
    measureText(text) {
      measure.font = pen.font;
      return measure.measureText(text);
    },
    save() {
      const { fillStyle, strokeStyle, lineWidth, globalAlpha, font, textAlign, textBaseline, lineJoin } = pen;
      saved.push({
        target, look: { fillStyle, strokeStyle, lineWidth, globalAlpha, font, textAlign, textBaseline, lineJoin },
      });
    },
    restore() {
      const last = saved.pop();
      if (!last) return;
      target = last.target;
      Object.assign(pen, last.look);
    },
    translate: (x, y) => enter(`translate(${x} ${y})`),
    scale: (x) => enter(`scale(${x})`),
    written: () => new XMLSerializer().serializeToString(root),
  };
  return pen;
}

/** @param {Pen} pen @param {number} width @param {number} height */
function paintNetwork(pen, width, height) {
  const { x, y, scale } = framing(width, height);
  const [across, down] = [width / 2 / scale, height / 2 / scale];
  const box = { left: x - across, right: x + across, top: y - down, bottom: y + down };
  pen.save();
  pen.translate(width / 2 - x * scale, height / 2 - y * scale);
  pen.scale(scale, scale);
  drawNetwork(pen, scale, box);
  drawChoice(pen, scale, box, false);
  pen.restore();
}

/** @param {Pen} pen @param {number} height */
function foot(pen, height) {
  const { run, masked } = data;
  const whose = t(masked ? "page.masked" : data.names.length ? "page.named" : "page.unmasked");
  const prints = `${t("fingerprint")} ${run.fingerprint ?? "–"} · ${run.id ?? "–"} · graphwatch ${run.version ?? "–"}`;
  pen.globalAlpha = 1;
  pen.textAlign = "start";
  pen.textBaseline = "middle";
  pen.fillStyle = tones.text;
  pen.font = "600 13px system-ui, sans-serif";
  pen.fillText(`${t("lead")}. ${t("shown.line", shown())}`, 12, height - 30);
  pen.font = "400 11px system-ui, sans-serif";
  pen.fillText(`${prints} · ${whose}`, 12, height - 12);
}

/** @param {Pen} pen @param {number} width @param {number} height */
function paint(pen, width, height) {
  pen.globalAlpha = 1;
  pen.fillStyle = tones.ground;
  pen.fillRect(0, 0, width, height);
  const plot = openPlot();
  if (plot) plot.paint(pen, width, height - FOOT);
  else paintNetwork(pen, width, height - FOOT);
  foot(pen, height);
}

function size() {
  const [width, height] = openPlot()?.size() ?? NETWORK_SIZE;
  return [width, height + FOOT];
}

/** @param {string} end */
const nameOf = (end) => `graphwatch-${current()}-${data.run.id ?? data.scope}.${end}`;

export function savePng() {
  const [width, height] = size();
  // Twice as fine, where that can be held.
  const fine = width * height * 4 < MOST_PIXELS ? 2 : 1;
  const canvas = make("canvas", { width: width * fine, height: height * fine });
  const pen = penOf(canvas);
  pen.scale(fine, fine);
  paint(pen, width, height);
  const name = nameOf("png");
  canvas.toBlob((picture) => { if (picture) offer(picture, "image/png", name); }, "image/png");
}

export function saveSvg() {
  const [width, height] = size();
  const pen = recorder(width, height);
  paint(pen, width, height);
  offer(pen.written(), "image/svg+xml", nameOf("svg"));
}

/** @param {Value | null | undefined} value */
function cell(value) {
  if (value === undefined || value === null) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = Array.isArray(value) ? value.join(", ") : value;
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * @param {Record<string, Value | null | undefined>[]} rows
 * @param {string[]} first  names of the first columns
 */
function csv(rows, first) {
  const names = [...new Set([...first, ...rows.flatMap((row) => Object.keys(row))])];
  const lines = [names, ...rows.map((row) => names.map((name) => row[name]))];
  return `${lines.map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** @param {string} content @param {string} name */
const saveTable = (content, name) => offer(content, "text/csv;charset=utf-8", name);

export function saveNodes() {
  const rows = shownNodes().map(
    ({ label, kind, cluster, facts }) => ({ shown_as: label, label: kind, cluster, ...facts }),
  );
  saveTable(csv(rows, ["shown_as", "label", "cluster"]), "graphwatch-nodes.csv");
}

export function saveEdges() {
  const rows = edges
    .filter((_, i) => !hiddenEdges[i])
    .map(({ from, to, type, facts }) => ({ from: nodes[from].label, to: nodes[to].label, type, ...facts }));
  saveTable(csv(rows, ["from", "to", "type"]), "graphwatch-edges.csv");
}
