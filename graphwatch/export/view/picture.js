"use strict";
// PNG and SVG of what is open, with the words without which a picture must not travel.
gw.picture = (function () {
  const FOOT = 46;
  const WIDTH = 1600;

  /** The same calls for a canvas and for the recorder. */
  function setView(context, x, y, scale) {
    if (context.setView) return context.setView(x, y, scale);
    context.translate(x, y);
    return context.scale(scale, scale);
  }

  function paintNetwork(context, width, height) {
    const { hiddenNodes } = gw.visible;
    const { x, y, scale } = gw.camera.framing(width, height);
    const box = { left: x - width / 2 / scale, right: x + width / 2 / scale, top: y - height / 2 / scale, bottom: y + height / 2 / scale };
    context.save();
    setView(context, width / 2 - x * scale, height / 2 - y * scale, scale);
    gw.draw.below(context, scale, box);
    gw.shapes.draw(context, gw.network.nodes.filter((_, i) => !hiddenNodes[i]), gw.draw.tones());
    gw.draw.above(context, scale, box, false);
    context.restore();
  }

  function foot(context, width, height) {
    const { run, masked } = gw.data;
    const names = gw.t(masked ? "page.masked" : gw.data.names.length ? "page.named" : "page.unmasked");
    const prints = `${gw.t("fingerprint")} ${run.fingerprint ?? "–"} · ${run.id ?? "–"} · graphwatch ${run.version ?? "–"}`;
    context.globalAlpha = 1;
    context.textAlign = "start";
    context.textBaseline = "middle";
    context.fillStyle = gw.draw.tones().text;
    context.font = "600 13px system-ui, sans-serif";
    context.fillText(`${gw.t("lead")}. ${gw.t("shown.line", gw.shown())}`, 12, height - 30);
    context.font = "400 11px system-ui, sans-serif";
    context.fillText(`${prints} · ${names}`, 12, height - 12);
  }

  function paint(context, width, height) {
    context.globalAlpha = 1;
    context.fillStyle = gw.draw.tones().ground;
    context.fillRect(0, 0, width, height);
    if (gw.views.current() === "network") paintNetwork(context, width, height - FOOT);
    else gw.views.paint(context, width, height - FOOT);
    foot(context, width, height);
  }

  function size() {
    if (gw.views.current() === "network") return [WIDTH, 1000 + FOOT];
    const [width, height] = gw.views.size();
    return [width, height + FOOT];
  }

  function png() {
    const [width, height] = size();
    const canvas = document.createElement("canvas");
    // Twice as fine, as long as browsers can hold it.
    const fine = width * height * 4 < 5e7 ? 2 : 1;
    canvas.width = width * fine;
    canvas.height = height * fine;
    const context = canvas.getContext("2d");
    context.scale(fine, fine);
    paint(context, width, height);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  }

  function svg() {
    const [width, height] = size();
    const recorder = gw.recorder(width, height);
    paint(recorder, width, height);
    return recorder.written();
  }

  const name = (end) => `graphwatch-${gw.views.current()}-${gw.data.run.id ?? gw.data.scope}.${end}`;
  return {
    png, svg, name,
    savePng: async () => gw.offer(await png(), "image/png", name("png")),
    saveSvg: () => gw.offer(svg(), "image/svg+xml", name("svg")),
  };
})();
