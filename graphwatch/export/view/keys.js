"use strict";
// The keyboard. Single letters can be switched off, as some who speak to their computer need.
gw.keys = (function () {
  const { find } = gw;
  const STEP = 80;
  let single = true;

  const chosenNode = () => (gw.chosen?.kind === "node" ? gw.chosen.id : null);
  const withNode = (act) => () => { if (chosenNode() !== null) act(chosenNode()); };
  const anywhere = {
    "/": () => find("search").focus(), "+": () => gw.camera.zoomBy(1.3), "-": () => gw.camera.zoomBy(1 / 1.3),
    0: () => gw.acts.all(), u: () => gw.acts.undo(), n: () => gw.acts.step(1), b: () => gw.acts.step(-1),
    h: withNode((id) => gw.acts.hide(id)), p: withNode((id) => gw.acts.pin(id)), e: withNode((id) => gw.acts.ego(id)),
    j: () => gw.paths.from(chosenNode()), 1: () => gw.views.open("network"), 2: () => gw.views.open("timeline"),
    3: () => gw.views.open("matrix"),
  };
  const onStage = {
    ArrowLeft: () => gw.camera.panBy(-STEP, 0), ArrowRight: () => gw.camera.panBy(STEP, 0),
    ArrowUp: () => gw.camera.panBy(0, -STEP), ArrowDown: () => gw.camera.panBy(0, STEP),
  };

  function escape(typing) {
    if (!find("card").hidden) gw.card.hide();
    find("exports").open = false;
    gw.search.close();
    find("matches-count").textContent = "";
    if (gw.paths.asking()) return gw.paths.stop();
    if (typing) document.activeElement.blur();
    return gw.choose(null);
  }

  function pressed(event) {
    const { target, key } = event;
    const typing = target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type === "search");
    if (key === "Escape") return escape(typing);
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return undefined;
    // Sliders and lists have a use of their own for arrows and figures.
    const acts = target === find("network") ? { ...anywhere, ...onStage } : anywhere;
    if (!Object.hasOwn(acts, key) || (!single && !Object.hasOwn(onStage, key))) return undefined;
    event.preventDefault();
    return acts[key]();
  }

  return { listen: () => document.addEventListener("keydown", pressed), on: () => single, turn: (on) => { single = on; } };
})();
