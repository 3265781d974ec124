"use strict";
// Names on the drawing: only as many as fit, none over another, clusters before nodes.
gw.drawLabels = (function () {
  const { nodes, clusters } = gw.network;
  const { hiddenNodes } = gw.visible;
  const FONT = 'system-ui, "Noto Sans", "DejaVu Sans", sans-serif';
  const MOST = 150;
  const NAMES_FROM = 1.1;
  // So few nodes are named at every zoom.
  const FEW = 40;
  const LONGEST = 26;

  const order = nodes.map((_, i) => i).sort((a, b) => nodes[b].size - nodes[a].size);
  // Pages and paslon are few and are the landmarks: they are named at every zoom where there is room.
  const landmarks = order.filter((i) => nodes[i].kind === "Page" || nodes[i].kind === "Paslon");

  const short = function (text, longest) {
    const characters = [...text];
    return characters.length > longest ? `${characters.slice(0, longest - 1).join("")}…` : text;
  };

  const apart = (a, b) => a.x >= b.x + b.w || b.x >= a.x + a.w || a.y >= b.y + b.h || b.y >= a.y + a.h;

  /** Try places for lines of text centred at x; takes the first that is free. */
  function place(pen, lines, x, tops, height, must) {
    const { context, scale, taken, tones, box } = pen;
    const width = Math.max(...lines.map((line) => context.measureText(line).width)) + 6 / scale;
    // Rather beside its node than cut off by the border.
    const middle = Math.max(box.left + width / 2, Math.min(box.right - width / 2, x));
    for (const top of tops) {
      const room = { x: middle - width / 2, y: top, w: width, h: height * lines.length };
      if (!taken.every((other) => apart(room, other)) && !(must && top === tops.at(-1))) continue;
      taken.push(room);
      lines.forEach((line, i) => {
        context.strokeStyle = tones.halo;
        context.strokeText(line, middle, top + height * (i + 0.5));
        context.fillStyle = tones.text;
        context.fillText(line, middle, top + height * (i + 0.5));
      });
      return true;
    }
    return false;
  }

  const within = ({ x, y }, box) => x > box.left && x < box.right && y > box.top && y < box.bottom;

  /** Nodes on the screen as boxes, so that no name hides one. */
  const obstacles = (shown) =>
    shown.map(({ x, y, size }) => ({ x: x - 0.75 * size, y: y - 0.75 * size, w: 1.5 * size, h: 1.5 * size }));

  function nodeNames(pen, chosen) {
    const { scale, box } = pen;
    const height = 14 / scale;
    const first = chosen.middle === undefined ? [] : [chosen.middle];
    const near = [...chosen.nodes].filter((i) => scale >= 0.6 || nodes[i].kind !== "Post" || chosen.nodes.size < 12);
    const shown = nodes.filter((node, i) => !hiddenNodes[i] && within(node, box));
    const rest = (scale >= NAMES_FROM || nodes.length <= FEW) && !chosen.veil ? order.filter((i) => !hiddenNodes[i] && within(nodes[i], box)) : [];
    if (shown.length <= 1500) pen.taken.push(...obstacles(shown));
    let count = 0;
    for (const i of new Set([...first, ...gw.visible.state.pinned, ...near, ...(chosen.veil ? [] : landmarks), ...rest])) {
      if (count >= MOST) return;
      const node = nodes[i];
      if (hiddenNodes[i] || !within(node, box)) continue;
      const gap = node.size + 1 / scale;
      const tops = [node.y + gap, node.y - gap - height];
      if (place(pen, [short(node.label, LONGEST)], node.x, tops, height, i === chosen.middle)) count += 1;
    }
  }

  function about(cluster) {
    const name = gw.t("cluster.name", { number: cluster.number });
    const count = gw.t("count.accounts", { n: cluster.members.length });
    const [page] = cluster.pages;
    const lines = [`${name} · ${count}`];
    if (page) lines.push(short(`${gw.t("count.posts", { n: page.posts })} ← ${nodes[page.node].label}`, 34));
    return [lines, lines.slice(0, 1), [name], [String(cluster.number)]];
  }

  function clusterNames(pen) {
    const height = 16 / pen.scale;
    for (const cluster of clusters) {
      if (cluster.members.every((member) => hiddenNodes[member])) continue;
      const top = cluster.y - cluster.radius;
      if (cluster.x + cluster.radius < pen.box.left || cluster.x - cluster.radius > pen.box.right) continue;
      // Above the disc, where the rings of posts are open; with fewer words, below, inside where that is taken.
      const done = about(cluster).some((lines) => place(pen, lines, cluster.x, [top - height * lines.length - 2 / pen.scale], height, false));
      const [, one] = about(cluster);
      if (!done) place(pen, one, cluster.x, [cluster.y + cluster.radius + 2 / pen.scale, cluster.y - height / 2], height, false);
    }
  }

  return function (context, scale, box, tones, chosen, moving) {
    const pen = { context, scale, box, tones, taken: [] };
    context.globalAlpha = 1;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 4 / scale;
    context.font = `600 ${12.5 / scale}px ${FONT}`;
    clusterNames(pen);
    context.font = `${11.5 / scale}px ${FONT}`;
    if (!moving) nodeNames(pen, chosen);
  };
})();
