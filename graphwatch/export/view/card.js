"use strict";
// The card that goes with the pointer.
gw.card = (function () {
  const { nodes, touching, edges } = gw.network;
  const { make, find } = gw;

  function lines(id) {
    const node = nodes[id];
    const parts = [make("b", { text: node.label })];
    const kind = [gw.t(`node.${node.kind}`)];
    if (node.cluster !== null) kind.push(gw.t("cluster.name", { number: node.cluster }));
    parts.push(make("div", { className: "small", text: kind.join(" · ") }));
    const pairs = touching[id].filter((i) => edges[i].pair).length;
    const acts = touching[id].filter((i) => edges[i].action).length;
    const counts = [pairs && gw.t("count.pairs", { n: pairs }), acts && gw.t("count.interactions", { n: acts })];
    parts.push(make("div", { text: counts.filter(Boolean).join(" · ") }));
    const when = node.facts.at_ms;
    if (when !== undefined) parts.push(make("div", { className: "small", text: `${gw.time(when)} WIB` }));
    return parts;
  }

  /** At a place of the stage, in pixels. */
  function show(content, { x, y }) {
    const card = find("card");
    card.replaceChildren(...content);
    card.hidden = false;
    const stage = find("stage");
    card.style.left = `${Math.max(4, Math.min(x + 14, stage.clientWidth - card.offsetWidth - 4))}px`;
    const below = y + 14 + card.offsetHeight < stage.clientHeight;
    card.style.top = `${below ? y + 14 : Math.max(4, y - 14 - card.offsetHeight)}px`;
  }

  const hide = () => { find("card").hidden = true; };
  const ofNode = (id) => show(lines(id), gw.camera.place(nodes[id]));
  return { show, hide, ofNode };
})();
