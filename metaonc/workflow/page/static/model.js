"use strict";
const page = {};
(() => {
  const boot = JSON.parse(document.getElementById("boot").textContent);
  const COLOURS = ["#c2008f", "#0069d9", "#00804a", "#a85100", "#6f42c1", "#007c8a"]; // of what is drawn over the figure
  const LEVEL = 0.75; // of a pixel: what differs less is one level of a staircase
  const KEPT = 200; // steps that can be undone

  Object.assign(page, {
    boot, hand: boot.hand, solved: null, chosen: 0, point: 0, tool: "move", cursor: null, past: [], future: [], listeners: [],
    colour: (k) => COLOURS[k % COLOURS.length],
    curve: () => page.hand.curves[page.chosen],
  });

  const told = (what) => page.listeners.forEach((listen) => listen(what));

  // every change goes through here: it can be undone, is drawn, and is sent to be solved
  page.change = (alter, { joined = false } = {}) => {
    const before = JSON.stringify(page.hand);
    alter(page.hand);
    if (JSON.stringify(page.hand) === before) return;
    if (!joined) {
      page.past.push(before);
      if (page.past.length > KEPT) page.past.shift();
    }
    page.future = [];
    page.chosen = Math.max(0, Math.min(page.chosen, page.hand.curves.length - 1));
    told("hand");
  };
  page.selected = (k) => { page.chosen = k; page.point = 0; told("chosen"); };
  page.told = told;

  const travel = (from, to) => {
    if (!from.length) return;
    to.push(JSON.stringify(page.hand));
    page.hand = JSON.parse(from.pop());
    page.chosen = Math.max(0, Math.min(page.chosen, page.hand.curves.length - 1));
    told("hand");
  };
  page.undo = () => travel(page.past, page.future);
  page.redo = () => travel(page.future, page.past);

  const numeric = (value) => {
    const text = typeof value === "string" ? value.trim() : value;
    return text === "" || text === null || text === undefined ? NaN : Number(text);
  };
  page.scale = (name) => {
    const points = page.hand[`${name}_axis`];
    if (!points) return null;
    const [[a, v], [b, w]] = points.map(([at, value]) => [at, numeric(value)]);
    if (![v, w].every(Number.isFinite) || a === b || v === w) return null;
    const slope = (w - v) / (b - a);
    return { at: (place) => v + slope * (place - a), place: (value) => a + (value - v) / slope, low: Math.min(v, w), high: Math.max(v, w) };
  };
  page.bottom = () => Math.max(...page.hand.y_axis.map(([at]) => at));
  page.side = () => Math.min(...page.hand.x_axis.map(([at]) => at));

  page.addCurve = (hand, label) => {
    const names = hand.curves.map((curve) => curve.label);
    let k = hand.curves.length + 1;
    while (names.includes(`Curve ${k}`)) k += 1;
    hand.curves.push({ label: label || `Curve ${k}`, colour: "#000000", read: "clicks", points: [], marks: [], n: null,
      events: null, n_risk: [], median: null, cautions: [] });
    page.chosen = hand.curves.length - 1;
    return hand.curves[page.chosen];
  };

  // a line that was followed becomes points to move: both ends of each of its levels
  page.toClicks = (curve) => {
    if (curve.read === "clicks") return;
    if (curve.read === "pixels") {
      const out = [];
      let run = [];
      const end = () => {
        if (!run.length) return;
        const level = run.reduce((sum, [, y]) => sum + y, 0) / run.length;
        out.push([run[0][0], level]);
        if (run.length > 1) out.push([run[run.length - 1][0], level]);
        run = [];
      };
      for (const point of curve.points) {
        if (run.length && Math.abs(point[1] - run[0][1]) > LEVEL) end();
        run.push(point);
      }
      end();
      curve.points = out;
    }
    curve.read = "clicks";
  };
  const rounded = (value) => Math.round(value * 100) / 100;
  page.rounded = rounded;
  page.insert = (curve, x, y) => {
    page.toClicks(curve);
    const after = curve.points.findIndex(([px]) => px > x);
    const place = after < 0 ? curve.points.length : after;
    curve.points.splice(place, 0, [rounded(x), rounded(y)]);
    page.point = place;
  };

  // the colour of the line at a place: of the pixels around it, the darkest or most coloured
  let pixels = null;
  page.pixels = () => {
    const { width, height } = boot.picture;
    if (!pixels) {
      const image = document.getElementById("picture");
      const wide = image.naturalWidth || Math.round(width), high = image.naturalHeight || Math.round(height);
      const canvas = Object.assign(document.createElement("canvas"), { width: wide, height: high });
      const context = canvas.getContext("2d", { willReadFrequently: true });
      context.fillStyle = "#fff";
      context.fillRect(0, 0, wide, high);
      context.drawImage(image, 0, 0, wide, high);
      pixels = { context, wide, high, zoom: wide / width };
    }
    return pixels;
  };
  page.colourAt = (x, y, reach) => {
    const { left, top } = boot.picture;
    const { context, zoom } = page.pixels();
    const half = Math.max(1, Math.round(reach * zoom));
    const column = Math.round((x - left) * zoom - 0.5), row = Math.round((y - top) * zoom - 0.5);
    const data = context.getImageData(column - half, row - half, 2 * half + 1, 2 * half + 1).data;
    let best = null, most = 24;
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] === 0) continue;
      const rgb = [data[i], data[i + 1], data[i + 2]];
      const ink = 255 - Math.min(...rgb) + 0.5 * (Math.max(...rgb) - Math.min(...rgb));
      const off = Math.hypot((i / 4) % (2 * half + 1) - half, Math.floor(i / 4 / (2 * half + 1)) - half);
      const worth = ink - 6 * off;
      if (worth > most) { most = worth; best = rgb; }
    }
    return best && `#${best.map((c) => c.toString(16).padStart(2, "0")).join("")}`;
  };
})();
