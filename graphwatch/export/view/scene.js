"use strict";
// The last whole drawing, kept as a picture: it is moved while the view moves, and shown again under what is chosen.
gw.scene = (function () {
  const still = document.createElement("canvas");
  let taken = null;
  let stale = true;
  let moving = false;
  let fresh = false;
  let settling = false;
  let rest = 0;
  let calm = 0;

  function where(view) {
    const { x, y } = view.canvasToDOM({ x: 0, y: 0 });
    const { width, height } = view.canvas.frame.canvas;
    return { x, y, scale: view.getScale(), width, height, ratio: width / view.canvas.frame.canvas.clientWidth };
  }

  const same = (one, two) => Object.keys(one).every((name) => one[name] === two[name]);

  function keep(view) {
    const canvas = view.canvas.frame.canvas;
    if (still.width !== canvas.width) still.width = canvas.width;
    if (still.height !== canvas.height) still.height = canvas.height;
    const context = still.getContext("2d");
    context.globalCompositeOperation = "copy";
    context.drawImage(canvas, 0, 0);
    taken = where(view);
    stale = false;
  }

  /** Nodes that the picture does not reach. */
  function newcomers(view, now) {
    const scale = now.scale / taken.scale;
    const left = now.x - taken.x * scale;
    const top = now.y - taken.y * scale;
    const right = left + (taken.width / taken.ratio) * scale;
    const bottom = top + (taken.height / taken.ratio) * scale;
    if (left <= 0 && top <= 0 && right >= now.width / now.ratio && bottom >= now.height / now.ratio) return [];
    return gw.network.nodes.filter((node) => {
      if (gw.visible.hiddenNodes[node.id]) return false;
      const [x, y] = [node.x * now.scale + now.x, node.y * now.scale + now.y];
      return x < left || x > right || y < top || y > bottom;
    });
  }

  function show(view, context) {
    const now = where(view);
    const scale = now.scale / taken.scale;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(
      still, now.ratio * (now.x - taken.x * scale), now.ratio * (now.y - taken.y * scale),
      still.width * scale, still.height * scale,
    );
    context.restore();
    const nodes = newcomers(view, now);
    if (nodes.length) gw.shapes.draw(context, nodes, gw.draw.tones());
  }

  function before(view, context) {
    const whole = taken === null || (!moving && (stale || !same(taken, where(view))));
    // Together with hideNodesOnDrag: the library draws its nodes only into a new picture.
    // Together with hideNodesOnDrag: the library's own pass over the nodes is slow and waits until all is calm.
    view.renderer.dragging = !(whole && settling);
    fresh = whole;
    if (!whole) return show(view, context);
    gw.draw.below(context, view.getScale(), gw.draw.bounds(view));
    gw.shapes.draw(context, gw.network.nodes.filter((_, i) => !gw.visible.hiddenNodes[i]), gw.draw.tones());
    return undefined;
  }

  function after(view, context) {
    if (fresh) {
      keep(view);
      if (!settling) settle(view);
      settling = false;
    }
    gw.draw.above(context, view.getScale(), gw.draw.bounds(view), moving);
  }

  /** Let the library go over the nodes, by which it knows what the pointer is on. */
  function settle(view) {
    clearTimeout(calm);
    if (!gw.camera.complete()) return;
    calm = setTimeout(() => {
      if (moving) return settle(view);
      settling = stale = true;
      document.documentElement.dataset.settled = "yes";
      return view.redraw();
    }, 250);
  }

  /** From now until it rests, the picture is moved instead of drawn anew. */
  function move(view, milliseconds) {
    moving = true;
    clearTimeout(rest);
    if (milliseconds) rest = setTimeout(() => stop(view), milliseconds);
  }

  function stop(view) {
    clearTimeout(rest);
    moving = false;
    view.redraw();
  }

  return { before, after, move, stop, settle, forget: () => { stale = true; } };
})();
