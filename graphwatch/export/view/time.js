"use strict";
// The time axis: a histogram with the phases of the election, two handles, and a button that plays.
gw.axis = (function () {
  const { nodes, edges, span } = gw.network;
  const { makeSvg, make, find } = gw;
  const BINS = 90;
  const STEPS = 1000;
  const known = span[1] > span[0];
  let playing = 0;

  const at = (step) => (step >= STEPS ? span[1] : Math.round(span[0] + ((span[1] - span[0]) * step) / STEPS));
  const stepOf = (ms) => Math.round(((ms - span[0]) / (span[1] - span[0])) * STEPS);

  function heights() {
    const counts = new Array(BINS).fill(0);
    for (const { action, first, from, to } of edges) {
      if (!action || first === null) continue;
      if (!gw.visible.state.behind && (nodes[from].background || nodes[to].background)) continue;
      counts[Math.min(BINS - 1, Math.floor(((first - span[0]) / (span[1] - span[0])) * BINS))] += 1;
    }
    const most = Math.max(1, ...counts);
    // Roots: a quiet day must not vanish beside a burst.
    return counts.map((count) => Math.sqrt(count / most));
  }

  function bars() {
    const { from, to } = gw.visible.state;
    const paths = ["", ""];
    heights().forEach((height, i) => {
      const middle = span[0] + ((span[1] - span[0]) * (i + 0.5)) / BINS;
      const inside = middle >= from && middle <= to ? 1 : 0;
      if (height) paths[inside] += `M${i + 0.1} 1V${(1 - height).toFixed(3)}H${i + 0.9}V1Z`;
    });
    const drawing = makeSvg("svg", { viewBox: `0 0 ${BINS} 1`, preserveAspectRatio: "none", "aria-hidden": "true" });
    drawing.append(makeSvg("path", { d: paths[0], class: "out" }), makeSvg("path", { d: paths[1], class: "in" }));
    find("histogram").replaceChildren(drawing, ...phases());
  }

  /** Phases as bands with their names, as far as they reach into the data. */
  function phases() {
    const share = (ms) => Math.max(0, Math.min(1, (ms - span[0]) / (span[1] - span[0])));
    return gw.data.phases
      .filter(({ first, last }) => last > span[0] && first < span[1])
      .map(({ name, first, last }, i) => {
        const band = make("span", { className: `phase ${i % 2 ? "odd" : "even"}`, title: `${name}: ${gw.day(first)} – ${gw.day(last - 1)}`, text: name });
        band.style.left = `${100 * share(first)}%`;
        band.style.width = `${100 * (share(last) - share(first))}%`;
        return band;
      });
  }

  function sync() {
    if (!known) return;
    const { from, to } = gw.visible.state;
    const words = { from: gw.minute(from), to: gw.minute(to) };
    for (const [name, ms] of [["from", from], ["to", to]]) {
      const slider = find(`time-${name}`);
      slider.value = stepOf(ms);
      slider.setAttribute("aria-valuetext", `${words[name]} WIB`);
    }
    find("time-value").textContent = `${words.from} – ${words.to} WIB`;
    find("time-all").hidden = !gw.visible.narrowed();
    bars();
  }

  function set(from, to) {
    gw.visible.change((state) => {
      state.from = Math.min(from, to);
      state.to = Math.max(from, to);
    }, "time");
  }

  function stop() {
    clearInterval(playing);
    playing = 0;
    find("play").textContent = "▶";
    find("play").setAttribute("aria-label", gw.t("button.play"));
  }

  function play() {
    if (playing) return stop();
    const { from, to } = gw.visible.state;
    const whole = !gw.visible.narrowed() || to >= span[1];
    const width = gw.visible.narrowed() ? to - from : (span[1] - span[0]) / 10;
    let start = whole ? span[0] : from;
    find("play").textContent = "❚❚";
    find("play").setAttribute("aria-label", gw.t("button.pause"));
    playing = setInterval(() => {
      set(start, Math.min(span[1], start + width));
      if (start + width >= span[1]) stop();
      start += width / 12;
    }, 140);
    return undefined;
  }

  function listen() {
    find("time").hidden = !known;
    if (!known) return;
    for (const name of ["from", "to"]) {
      find(`time-${name}`).addEventListener("input", (event) => {
        const { from, to } = gw.visible.state;
        const moved = at(Number(event.target.value));
        if (name === "from") set(Math.min(moved, to), to);
        else set(from, Math.max(moved, from));
      });
    }
    find("play").addEventListener("click", play);
    find("time-all").addEventListener("click", () => { stop(); set(span[0], span[1]); });
  }

  return { listen, sync, set, stop };
})();

/** Marks of a time axis in Jakarta: at most about `most`, on whole hours and days. */
gw.timeMarks = function (from, to, most) {
  const minute = 60_000;
  const steps = [1, 5, 15, 60, 180, 360, 720, 1440, 2880, 10_080, 20_160, 43_200].map((n) => n * minute);
  const step = steps.find((length) => (to - from) / length <= most) ?? (to - from) / most;
  const offset = 7 * 60 * minute;
  const marks = [];
  for (let ms = Math.ceil((from + offset) / step) * step - offset; ms <= to; ms += step) marks.push(ms);
  return marks.map((ms) => ({ ms, text: step >= 1440 * minute ? gw.day(ms).replace(/ \d{4}$/, "") : gw.time(ms).slice(-8, -3) }));
};
