"use strict";
// Names on the drawing: only as many as fit, none over another, clusters before nodes.
gw.drawLabels = (function () {
  const { nodes, edges, clusters, hiddenNodes, otherEnd } = gw.network;
  const MOST = 150;
  const NAMES_FROM = 1.1;
  const LONGEST = 26;

  const order = nodes
    .map((_, i) => i)
    .sort((a, b) => nodes[b].size - nodes[a].size);

  const short = function (text) {
    const characters = [...text];
    return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join("")}…` : text;
  };

  function fits(taken, box) {
    return !taken.some((t) => box.x < t.x + t.w && t.x < box.x + box.w && box.y < t.y + t.h && t.y < box.y + box.h);
  }

  function write(context, text, x, y, colours) {
    context.strokeStyle = colours.halo;
    context.strokeText(text, x, y);
    context.fillStyle = colours.text;
    context.fillText(text, x, y);
  }

  /** Try places for a text centred at x; takes the first that is free. */
  function place(context, taken, text, x, tops, height, scale, colours, must) {
    const width = context.measureText(text).width + 6 / scale;
    for (const top of tops) {
      const box = { x: x - width / 2, y: top, w: width, h: height };
      if (!fits(taken, box) && !(must && top === tops.at(-1))) continue;
      taken.push(box);
      write(context, text, x, top + height / 2, colours);
      return true;
    }
    return false;
  }

  /** Nodes on the screen as boxes, so that no name hides one. */
  function obstacles(box) {
    return nodes
      .filter((n, i) => !hiddenNodes[i] && n.x > box.left && n.x < box.right && n.y > box.top && n.y < box.bottom)
      .map(({ x, y, size }) => ({ x: x - 0.75 * size, y: y - 0.75 * size, w: 1.5 * size, h: 1.5 * size }));
  }

  function nodeNames(context, scale, box, colours, strong, taken) {
    const height = 14 / scale;
    const near = new Set();
    const middle = gw.chosen?.kind === "node" ? gw.chosen.id : gw.hovered;
    if (middle !== null) for (const i of strong) near.add(otherEnd(edges[i], middle));
    if (gw.chosen?.kind === "edge") near.add(edges[gw.chosen.id].from).add(edges[gw.chosen.id].to);
    const first = middle === null ? [] : [middle];
    // Pages and paslon are few and are the landmarks: they are named at every zoom.
    const landmarks = order.filter((i) => nodes[i].kind === "Page" || nodes[i].kind === "Paslon");
    const rest = scale >= NAMES_FROM ? order : [];
    const close = scale >= 0.6 ? [...near] : [...near].filter((i) => nodes[i].kind !== "Post");
    if (scale >= NAMES_FROM || strong.length) taken.push(...obstacles(box));
    let count = 0;
    for (const i of new Set([...first, ...landmarks, ...close, ...rest])) {
      const node = nodes[i];
      if (count >= MOST) return;
      if (hiddenNodes[i] || node.x < box.left || node.x > box.right || node.y < box.top || node.y > box.bottom) continue;
      const gap = node.size + 1 / scale;
      const tops = [node.y + gap, node.y - gap - height];
      if (place(context, taken, short(node.label), node.x, tops, height, scale, colours, i === middle)) count += 1;
    }
  }

  function clusterNames(context, scale, colours, taken) {
    const height = 18 / scale;
    for (const cluster of clusters) {
      const count = gw.t("count.accounts", { n: cluster.members.length });
      const name = gw.t("cluster.name", { number: cluster.number });
      const top = cluster.y - cluster.radius;
      // Above the disc, where the rings of posts are open; below where that is taken.
      const tops = [top - height - 2 / scale, cluster.y + cluster.radius + 2 / scale, cluster.y - height / 2];
      const long = `${name} · ${count}`;
      const wide = context.measureText(long).width < 2.6 * cluster.radius;
      const done = wide && place(context, taken, long, cluster.x, tops, height, scale, colours, false);
      if (!done && !place(context, taken, name, cluster.x, tops, height, scale, colours, false)) {
        place(context, taken, String(cluster.number), cluster.x, tops, height, scale, colours, false);
      }
    }
  }

  return function (context, scale, box, colours, strong) {
    const taken = [];
    context.globalAlpha = 1;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 4 / scale;
    context.font = `600 ${13 / scale}px system-ui, "Noto Sans", "DejaVu Sans", sans-serif`;
    clusterNames(context, scale, colours, taken);
    context.font = `${11.5 / scale}px system-ui, "Noto Sans", "DejaVu Sans", sans-serif`;
    nodeNames(context, scale, box, colours, strong, taken);
  };
})();
