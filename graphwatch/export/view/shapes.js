"use strict";
// Nodes drawn by the page itself: over a veil, in pictures, and where the view moves faster than the library draws.
gw.shapes = (function () {
  const paths = {
    dot: (context, x, y, r) => { context.moveTo(x + r, y); context.arc(x, y, r, 0, 2 * Math.PI); },
    square: (context, x, y, r) => context.rect(x - r, y - r, 2 * r, 2 * r),
    diamond: (context, x, y, r) => corners(context, x, y, r, 4, () => 1),
    triangle: (context, x, y, r) => corners(context, x, y + 0.2 * r, 1.1 * r, 3, () => 1),
    star: (context, x, y, r) => corners(context, x, y + 0.1 * r, 0.82 * r, 10, (i) => (i % 2 ? 0.5 : 1.3)),
  };

  function corners(context, x, y, r, count, reach) {
    for (let i = 0; i < count; i += 1) {
      const [across, down] = [Math.sin((2 * Math.PI * i) / count), -Math.cos((2 * Math.PI * i) / count)];
      if (i) context.lineTo(x + reach(i) * r * across, y + reach(i) * r * down);
      else context.moveTo(x + reach(i) * r * across, y + reach(i) * r * down);
    }
    context.closePath();
  }

  /** Fill, line and width of line of a node. Posts stay in the background; pages and paslon are landmarks. */
  function look({ kind, colour }, tones) {
    if (kind === "Post") return { fill: tones.post, line: tones.postLine };
    if (kind === "Account") return { fill: gw.colour(colour), line: tones.halo };
    return { fill: tones.landmark, line: tones.halo };
  }

  /** The nodes in one pass for each look. */
  function draw(context, nodes, tones) {
    const groups = new Map();
    for (const node of nodes) {
      const key = `${node.kind} ${node.shape} ${node.colour}`;
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(node);
    }
    context.globalAlpha = 1;
    context.lineWidth = 0.8;
    for (const group of groups.values()) {
      const { fill, line } = look(group[0], tones);
      context.beginPath();
      for (const { x, y, size, shape } of group) paths[shape](context, x, y, size);
      context.fillStyle = fill;
      context.fill();
      context.strokeStyle = line;
      context.stroke();
    }
  }

  return { draw, look, paths };
})();
