"use strict";
// A stand-in for a canvas that writes down what is drawn as SVG, so that one drawing serves for both.
gw.svgPath = function () {
  const parts = [];
  const short = (value) => Math.round(value * 100) / 100;
  return {
    moveTo: (x, y) => parts.push(`M${short(x)} ${short(y)}`),
    lineTo: (x, y) => parts.push(`L${short(x)} ${short(y)}`),
    closePath: () => parts.push("Z"),
    rect: (x, y, w, h) => parts.push(`M${short(x)} ${short(y)}h${short(w)}v${short(h)}h${short(-w)}Z`),
    // Whole circles are all that this page draws; an arc of SVG cannot close on itself.
    arc: (x, y, r) => parts.push(`M${short(x + r)} ${short(y)}A${short(r)} ${short(r)} 0 1 1 ${short(x - r)} ${short(y)}A${short(r)} ${short(r)} 0 1 1 ${short(x + r)} ${short(y)}`),
    text: () => parts.join(""),
  };
};

gw.recorder = function (width, height) {
  const root = gw.makeSvg("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` });
  const measure = document.createElement("canvas").getContext("2d");
  const saved = [];
  let target = root;
  let path = gw.svgPath();
  const pen = {
    fillStyle: "#000", strokeStyle: "#000", lineWidth: 1, globalAlpha: 1, font: "10px sans-serif",
    textAlign: "start", textBaseline: "alphabetic", lineJoin: "miter",
  };
  const add = (tag, attributes, ...children) => target.append(gw.makeSvg(tag, attributes, ...children));
  const filled = () => ({ fill: pen.fillStyle, "fill-opacity": pen.globalAlpha });
  const stroked = () => ({
    fill: "none", stroke: pen.strokeStyle, "stroke-opacity": pen.globalAlpha, "stroke-width": pen.lineWidth,
    "stroke-linejoin": pen.lineJoin,
  });

  function words(text, x, y, look) {
    const anchors = { center: "middle", right: "end", end: "end" };
    const [, weight, size, family] = /^(?:(\d+) )?([\d.e-]+px) (.*)$/.exec(pen.font);
    add("text", {
      x, y, "font-family": family, "font-size": size, "font-weight": weight ?? "400",
      "text-anchor": anchors[pen.textAlign] ?? "start",
      "dominant-baseline": pen.textBaseline === "middle" ? "central" : "auto", ...look,
    }, String(text));
  }

  return Object.assign(pen, {
    beginPath: () => { path = gw.svgPath(); },
    moveTo: (x, y) => path.moveTo(x, y),
    lineTo: (x, y) => path.lineTo(x, y),
    closePath: () => path.closePath(),
    rect: (x, y, w, h) => path.rect(x, y, w, h),
    arc: (x, y, r) => path.arc(x, y, r),
    fill: () => { if (path.text()) add("path", { d: path.text(), ...filled() }); },
    stroke: () => { if (path.text()) add("path", { d: path.text(), ...stroked() }); },
    fillRect: (x, y, w, h) => add("rect", { x, y, width: w, height: h, ...filled() }),
    fillText: (text, x, y) => words(text, x, y, filled()),
    strokeText: (text, x, y) => words(text, x, y, stroked()),
    measureText: (text) => { measure.font = pen.font; return measure.measureText(text); },
    save() {
      saved.push([target, { ...pen }]);
    },
    restore() {
      const [place, old] = saved.pop();
      target = place;
      Object.assign(pen, old);
    },
    setView(x, y, scale) {
      const group = gw.makeSvg("g", { transform: `translate(${x} ${y}) scale(${scale})` });
      target.append(group);
      target = group;
    },
    written: () => new XMLSerializer().serializeToString(root),
  });
};
