"use strict";
// Three ways to look at the same things: the network, accounts over time, and pairs as a matrix.
gw.views = (function () {
  const { find } = gw;
  const plots = Object.create(null);
  let name = "network";
  let spots = [];

  function open(wanted) {
    name = wanted;
    for (const tab of document.querySelectorAll("[data-view]")) {
      const on = tab.dataset.view === name;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
    }
    find("network").hidden = name !== "network";
    find("zoom").hidden = name !== "network";
    find("shown").hidden = name !== "network";
    find("plot").hidden = name === "network";
    find("plot").setAttribute("aria-labelledby", `tab-${name}`);
    gw.card.hide();
    refresh();
  }

  function refresh() {
    if (name === "network") return;
    const [width, height] = plots[name].size();
    const canvas = find("plot-canvas");
    const ratio = height * width > 2e7 ? 1 : devicePixelRatio;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    spots = plots[name].paint(context, width, height);
    canvas.setAttribute("aria-label", gw.t(`${name}.label`));
    find("plot-note").textContent = plots[name].note();
  }

  /** What lies under the pointer: a spot knows its place, its reach and what it stands for. */
  function spotAt(event) {
    const box = find("plot-canvas").getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let best = null;
    for (const spot of spots) {
      const away = Math.hypot(spot.x - x, spot.y - y);
      if (away <= spot.reach && (!best || away < best.away)) best = { ...spot, away };
    }
    return best;
  }

  function hover(event) {
    const spot = spotAt(event);
    if (!spot) return gw.card.hide();
    const stage = find("stage").getBoundingClientRect();
    return gw.card.show(spot.words(), { x: event.clientX - stage.left, y: event.clientY - stage.top });
  }

  function arrows(event) {
    const tabs = [...document.querySelectorAll("[data-view]")];
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const next = tabs[(tabs.indexOf(event.target) + by + tabs.length) % tabs.length];
    open(next.dataset.view);
    next.focus();
  }

  function listen() {
    for (const tab of document.querySelectorAll("[data-view]")) {
      tab.addEventListener("click", () => open(tab.dataset.view));
      tab.addEventListener("keydown", arrows);
    }
    const canvas = find("plot-canvas");
    canvas.addEventListener("mousemove", hover);
    canvas.addEventListener("mouseleave", () => gw.card.hide());
    canvas.addEventListener("click", (event) => {
      const spot = spotAt(event);
      if (spot) gw.choose(spot.kind, spot.id);
    });
    new ResizeObserver(refresh).observe(find("stage"));
  }

  return {
    open, refresh, listen, plots,
    current: () => name,
    size: () => plots[name].size(),
    paint: (context, width, height) => plots[name].paint(context, width, height),
  };
})();
